"""Where a TF binds along the chromosomes: a bar for each, to scale, with its sites as ticks.

Where sites are counted by bins, a tick is the taller the more of them there are; a bin with a
site of small-scale evidence has a tick of the full height over it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from proteins.domain.assemblies import chromosomes_of
from proteins.drawing.figure import (
    LINE,
    NARROW_WIDTH,
    Drawing,
    Place,
    Size,
    box,
    legend,
    number,
    path,
    sentence,
    shortened,
    text,
)
from proteins.queries.site_places import SitePlaces, SitesAt

#: Chromosomes of an assembly whose lengths are not listed: those of most sites.
MOST: Final = 24
#: From so many on there are two columns of them.
_TWO_COLUMNS_FROM: Final = 9
#: Pixels: a chromosome, its bar, the tallest tick, and the label before it.
_ROW, _BAR, _TICK, _LABEL = 20, 9, 15, 48
_WIDTH: Final = {Size.WIDE: 760, Size.NARROW: NARROW_WIDTH}
_FOOT: Final = 36
_PARTS: Final = 4
_KEYS: Final = (("strong", "Small-scale"), ("repeated", "Large-scale or not stated"))


def place_of(assembly: str, size: Size) -> Place:
    """The room of the figure of an assembly."""
    return _place(len(chromosomes_of(assembly)) or MOST, size)


def _place(chromosomes: int, size: Size) -> Place:
    return Place(_WIDTH[size], _ROW * _rows(chromosomes, size) + _FOOT + _lines(size) * LINE)


def _lines(size: Size) -> int:
    """Lines of words below: as many as a result may have parts."""
    return 1 if size is Size.WIDE else _PARTS


def _rows(chromosomes: int, size: Size) -> int:
    two = size is Size.WIDE and chromosomes >= _TWO_COLUMNS_FROM
    return -(-chromosomes // 2) if two else chromosomes


class _Bar(NamedTuple):
    """Where a chromosome is drawn."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Ideogram:
    name: str
    sites: SitePlaces

    columns: ClassVar[Mapping[str, str]] = {
        "assembly": "Genome assembly; empty where it is not stated.",
        "chromosome": "Chromosome without “chr”; empty for sites without a place.",
        "from": "Start of the site, or of the bin where sites are counted by bins.",
        "to": "End of the site, or of the bin.",
        "sites": "Number of binding sites.",
        "small_scale": "Those with small-scale evidence.",
    }

    @property
    def rows(self) -> list[tuple[object, ...]]:
        unplaced = [("", "", None, None, self.sites.unplaced, None)] * bool(self.sites.unplaced)
        return [*self.sites.places, *unplaced]

    @cached_property
    def chromosomes(self) -> Mapping[str, int]:
        """Lengths by chromosome; to the last site where the assembly is another than it states."""
        listed = chromosomes_of(self.sites.assembly)
        numbers = self.sites.by_chromosome
        if not numbers.keys().isdisjoint(listed):
            return listed
        last: dict[str, int] = {}
        for each in self.sites.drawn:
            last[each.chromosome] = max(last.get(each.chromosome, 1), each.last)
        most = sorted(last, key=lambda name: (-numbers[name], name))[:MOST]
        return {name: last[name] for name in sorted(most, key=_in_order)}

    @property
    def result(self) -> str:
        drawn = [each for each in self.sites.drawn if each.chromosome in self.chromosomes]
        total = sum(each.number for each in drawn)
        small = sum(each.small_scale for each in drawn)
        outside = sum(self.sites.by_chromosome.values()) - total
        parts = [f"{total:,} site{'' if total == 1 else 's'}, {small:,} of them small-scale"]
        parts += [f"{outside:,} on other sequences"] if outside else []
        parts += [f"{self.sites.elsewhere:,} on other assemblies"] if self.sites.elsewhere else []
        parts += [f"{self.sites.unplaced:,} not placed"] if self.sites.unplaced else []
        return "; ".join(parts)

    @property
    def label(self) -> str:
        chromosome, most = self.sites.by_chromosome.most_common(1)[0]
        assembly = self.sites.assembly or "an assembly that is not stated"
        return (
            f"Binding sites of {self.name} along the chromosomes of {assembly}. {self.result}. "
            f"Most are on chromosome {chromosome} ({most:,})."
        )

    def drawn(self, size: Size) -> Drawing:
        place = place_of(self.sites.assembly, size)
        return Drawing.of(place, self._shapes(size, place.height))

    def _shapes(self, size: Size, height: int) -> Iterator[SafeString]:
        bars = self._bars(size)
        for name, bar in bars.items():
            yield text(bar.x - 8, bar.y + 8, shortened(name, 7), sub=True, anchor="end")
            yield box("chr", *bar, _BAR)
        scale = next(iter(bars.values())).width / next(iter(self.chromosomes.values()))
        yield from (self._binned if self.sites.is_binned else self._single)(bars, scale)
        yield from legend(8, height - _lines(size) * LINE - 12, _KEYS, 100)
        yield from sentence(8, height - _lines(size) * LINE + 10, self.result, size)

    def _bars(self, size: Size) -> dict[str, _Bar]:
        rows = _rows(len(self.chromosomes), size)
        columns = 1 if rows == len(self.chromosomes) else 2
        column = _WIDTH[size] / columns
        scale = (column - _LABEL - 16) / max(self.chromosomes.values())
        return {
            name: _Bar(place // rows * column + _LABEL, 6 + place % rows * _ROW, length * scale)
            for place, (name, length) in enumerate(self.chromosomes.items())
        }

    def _single(self, bars: Mapping[str, _Bar], scale: float) -> Iterator[SafeString]:
        for each in sorted(self.sites.drawn, key=lambda one: one.small_scale):
            if bar := bars.get(each.chromosome):
                yield format_html(
                    '<rect class="{}" x="{}" y="{}" width="2" height="{}"><title>{}</title></rect>',
                    "strong" if each.small_scale else "repeated",
                    number(bar.x + each.first * scale), number(bar.y - 3), _TICK,
                    f"{each.chromosome}:{each.first:,}-{each.last:,}",
                )  # fmt: skip

    def _binned(self, bars: Mapping[str, _Bar], scale: float) -> Iterator[SafeString]:
        shown = [each for each in self.sites.drawn if each.chromosome in bars]
        largest = math.log1p(max((each.number for each in shown), default=1))
        width = max((shown[0].last - shown[0].first + 1) * scale, 1) if shown else 1
        for css_class, shares in (
            ("ticks", [(each, math.log1p(each.number) / largest) for each in shown]),
            ("strong-line", [(each, 1.0) for each in shown if each.small_scale]),
        ):
            lines = [_line(bars[each.chromosome], each, scale, share) for each, share in shares]
            if lines:
                yield path(css_class, "".join(lines), width)


def _line(bar: _Bar, each: SitesAt, scale: float, share: float) -> str:
    height = max(_TICK * share, 2)
    x = min(bar.x + (each.first + each.last) / 2 * scale, bar.x + bar.width)
    return f"M{number(x)} {number(bar.y + (_BAR - height) / 2)}v{number(height)}"


def _in_order(name: str) -> list[tuple[int, int, str]]:
    """The key by which 2 is before 10, and both before X."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in re.findall(r"\d+|\D+", name)
    ]
