"""Figures of numbers: what each of them offers, and the SVG that it is written as.

A figure is a file of its own, which takes no style from a page: its classes have the colours of
`site.css` in a style of its own, for both themes or for one. The style is one of three texts, so
that a policy (Content-Security-Policy) can name each by its digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import count
from typing import Any, Final, NamedTuple, Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString

from proteins.domain.tiers import Tier
from proteins.drawing.palette import TOKENS

#: Tiers from left to right, the strongest first.
TIERS: Final = tuple(sorted(Tier, reverse=True))
#: Rules of both themes: `{name}` is the colour of a token.
_RULES: Final = (
    "text{{fill:{text}}}.sub{{fill:{muted}}}.ground{{fill:{ground}}}.chr{{fill:{none}}}"
    ".axis{{stroke:{line}}}.lead{{stroke:{text}}}.tf{{fill:{tf}}}.target{{fill:{target}}}"
    ".strong{{fill:{strong}}}.supported{{fill:{supported}}}.repeated{{fill:{repeated}}}"
    ".single{{fill:{single}}}.hollow,.ticks{{stroke:{repeated}}}.strong-line{{stroke:{strong}}}"
)
_SHAPES: Final = (
    "text{font:13px system-ui,sans-serif;font-variant-numeric:tabular-nums}.sub{font-size:12px}"
    "rect.chr{rx:4px}.axis,.lead,.hollow,.ticks,.strong-line{fill:none}.hollow,.strong-line{stroke-width:2}"
)


class Size(StrEnum):
    """How wide a figure is drawn: for the column of a page, or for a phone."""

    WIDE = "wide"
    NARROW = "narrow"


class Theme(StrEnum):
    """The colours of a figure: those of the reader's system, or those of one theme."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


#: Pixels across a phone's page, and from one line of words to the next.
NARROW_WIDTH: Final = 326
LINE: Final = 18


class Place(NamedTuple):
    """The room of a figure in a page, which is known before it is drawn."""

    width: int
    height: int


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: SafeString

    @classmethod
    def of(cls, place: Place, shapes: Iterable[SafeString]) -> Drawing:
        return cls(*place, SafeString("".join(shapes)))


class Figure(Protocol):
    """What can be drawn, and saved as a table."""

    @property
    def label(self) -> str:
        """The result in words, for whoever does not see the drawing."""

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns of its table, with what they mean."""

    @property
    def rows(self) -> Iterable[Sequence[Any]]: ...

    def drawn(self, size: Size) -> Drawing: ...


@cache
def style(theme: Theme) -> SafeString:
    light, dark = (
        _RULES.format(**{name: pair[place] for name, pair in TOKENS.items()}) for place in (0, 1)
    )
    if theme is Theme.SYSTEM:
        return SafeString(f"{_SHAPES}{light}@media(prefers-color-scheme:dark){{{dark}}}")
    return SafeString(_SHAPES + (dark if theme is Theme.DARK else light))


@cache
def style_digest(theme: Theme) -> str:
    """The style as a source of a Content-Security-Policy: no other style is let through."""
    digest = hashlib.sha256(style(theme).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{round(value, 1):.1f}".removesuffix(".0")


def box(css_class: str, x: float, y: float, width: float, height: float) -> SafeString:
    places = map(number, (x, y, width, height))
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', css_class, *places
    )


def path(css_class: str, d: str, width: float | None = None) -> SafeString:
    """A line, `width` pixels wide where the style does not say it."""
    stroke = "" if width is None else format_html(' stroke-width="{}"', number(width))
    return format_html('<path class="{}"{} d="{}"/>', css_class, stroke, d)


def text(x: float, y: float, words: object, *, sub: bool = False, anchor: str = "") -> SafeString:
    """`anchor` is where the place is in the text, unless at its start: `middle` or `end`."""
    return format_html(
        '<text{}{} x="{}" y="{}">{}</text>',
        SafeString(' class="sub"' if sub else ""),
        format_html(' text-anchor="{}"', anchor) if anchor else "",
        number(x),
        number(y),
        words,
    )


def legend(
    x: float, y: float, keys: Sequence[tuple[str, str]], step: float
) -> Iterator[SafeString]:
    """Squares with their meaning, `step` pixels from one to the next."""
    for place, (css_class, words) in enumerate(keys):
        left = x + place * step
        yield box(css_class, left, y - 10, 11, 11)
        yield text(left + 16, y, words)


#: The keys of a legend of tiers.
TIER_KEYS: Final = tuple((tier.label, tier.label.capitalize()) for tier in TIERS)


def tier_segments(
    counts: Mapping[Tier, int], x: float, y: float, width: float, height: float
) -> Iterator[SafeString]:
    """The shares of tiers in a bar, the strongest first."""
    total = sum(counts.values())
    for tier in TIERS:
        if part := counts.get(tier, 0) / total * width:
            yield box(tier.label, x, y, max(part, 1), height)
            x += part


def sentence(x: float, y: float, words: str, size: Size, anchor: str = "") -> Iterator[SafeString]:
    """Words with semicolons between them: on one line, or for a phone on a line each."""
    lines = [words] if size is Size.WIDE else words.split("; ")
    for place, line in enumerate(lines):
        yield text(x, y + place * LINE, line, anchor=anchor)


def axis_step(largest: float) -> int:
    """A round step (1, 2, 5, 10, ...) of an axis that five steps at most take to `largest`."""
    steps: Iterator[int] = (digit * 10**power for power in count() for digit in (1, 2, 5))
    return next(step for step in steps if step * 5 >= largest)


def shortened(label: str, length: int) -> str:
    return label if len(label) <= length else label[: length - 1] + "…"
