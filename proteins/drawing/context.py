"""The context of an interaction as a drawing: its two proteins side by side, the strongest shared
regulators above, the strongest intermediate ones below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from proteins.drawing.palette import LIGHT, Palette
from proteins.drawing.svg import Head, Stroke, heads_of, stroke
from proteins.models import Effect, Protein
from proteins.queries.interaction_context import Context, Leg, Route

HEIGHT: Final = 330
_MIDDLE, _ABOVE, _BELOW = 165, 44, 286
#: Between the ends of lines at a protein in the middle, and half of its height.
_APART, _HALF = 12, 17
#: From a row of names to where its lines begin.
_ROW = 14


class Shape(NamedTuple):
    """What differs between a wide screen and a phone."""

    name: str
    width: int
    #: Proteins of each group; the first one's middle and the distance to the next.
    most: int
    first: int
    step: int
    #: The width of the two proteins, and their distance from the edge.
    pill: int
    margin: int
    #: Characters of a label.
    label: int


WIDE: Final = Shape("wide", 760, 5, 180, 100, 92, 44, 10)
PHONE: Final = Shape("phone", 326, 3, 63, 100, 68, 2, 8)


class Line(NamedTuple):
    path: str
    stroke: Stroke


class Name(NamedTuple):
    protein: Protein
    label: str
    role: str
    x: int
    y: int

    @property
    def text_x(self) -> int:
        return self.x - 14

    @property
    def text_y(self) -> float:
        return self.y + 4.5


class Pill(NamedTuple):
    label: str
    x: int
    width: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class ContextPicture:
    context: Context
    shape: Shape = WIDE
    palette: Palette = LIGHT

    height = HEIGHT
    middle = _MIDDLE

    @property
    def width(self) -> int:
        return self.shape.width

    @property
    def heads(self) -> list[Head]:
        return heads_of(self.palette)

    @property
    def shared(self) -> Sequence[Route]:
        return self.context.shared[: self.shape.most]

    @property
    def intermediate(self) -> Sequence[Route]:
        return self.context.intermediate[: self.shape.most]

    @property
    def label(self) -> str:
        tf, target = self.context.tf.label, self.context.target.label
        return (
            f"{tf} regulates {target} directly; {_share(self.shared, self.context.shared)} shared "
            f"regulators above and {_share(self.intermediate, self.context.intermediate)} "
            "intermediate regulators below"
        )

    @property
    def captions(self) -> list[tuple[int, str]]:
        """What is above and below, by its height."""
        return [
            (14, _caption("Shared regulators", self.shared, self.context.shared)),
            (
                324,
                _caption("Intermediate regulators", self.intermediate, self.context.intermediate),
            ),
        ]

    @cached_property
    def pills(self) -> tuple[Pill, Pill]:
        shape, length = self.shape, self.shape.label
        right = shape.width - shape.margin - shape.pill
        return (
            Pill(_cut(self.context.tf.label, length), shape.margin, shape.pill),
            Pill(_cut(self.context.target.label, length), right, shape.pill),
        )

    @property
    def effect(self) -> str:
        effect = self.context.direct.effect
        return f"effect {effect.label}" if effect is Effect.UNKNOWN else effect.label

    @property
    def lines(self) -> list[Line]:
        return [*self._direct(), *self._above(), *self._below()]

    @property
    def names(self) -> list[Name]:
        return [
            Name(
                route.protein, _cut(route.protein.label, self.shape.label), role, self._x(place), y
            )
            for routes, role, y in (
                (self.shared, "regulator", _ABOVE),
                (self.intermediate, "both", _BELOW),
            )
            for place, route in enumerate(routes)
        ]

    def _x(self, place: int) -> int:
        return self.shape.first + place * self.shape.step

    def _end(self, pill: Pill, place: int) -> int:
        """Where on the upper or lower edge of a protein a line ends."""
        return pill.middle + round((place - (self.shape.most - 1) / 2) * _APART)

    def _direct(self) -> list[Line]:
        tf, target = self.pills
        left, right = tf.x + tf.width, target.x
        reverse = self.context.reverse
        y = _MIDDLE - 4 if reverse else _MIDDLE
        lines = [self._line(f"M{left} {y}H{right - 2}", self.context.direct)]
        if reverse:
            lines.append(self._line(f"M{right} {_MIDDLE + 6}H{left + 2}", reverse))
        return lines

    def _above(self) -> list[Line]:
        tf, target = self.pills
        top, bottom = _ABOVE + _ROW, _MIDDLE - _HALF - 2
        return [
            self._line(f"M{self._x(place)} {top}L{self._end(pill, place)} {bottom}", leg)
            for place, route in enumerate(self.shared)
            for pill, leg in ((tf, route.first), (target, route.second))
        ]

    def _below(self) -> list[Line]:
        tf, target = self.pills
        top, bottom = _MIDDLE + _HALF, _BELOW - _ROW
        lines = []
        for place, route in enumerate(self.intermediate):
            x = self._x(place)
            start, end = self._end(tf, place), self._end(target, place)
            lines.append(self._line(f"M{start} {top}L{x - 3} {bottom - 2}", route.first))
            lines.append(self._line(f"M{x + 3} {bottom}L{end} {top + 2}", route.second))
        return lines

    def _line(self, path: str, leg: Leg) -> Line:
        return Line(path, stroke(self.palette, leg.effect, leg.tier))


def _share(shown: Sequence[Route], every: Sequence[Route]) -> str:
    return f"{len(shown)} of {len(every)}" if len(every) > len(shown) else f"{len(every)}"


def _caption(what: str, shown: Sequence[Route], every: Sequence[Route]) -> str:
    return f"{what}: {_share(shown, every)}" if every else f"{what}: none"


def _cut(label: str, length: int) -> str:
    return label if len(label) <= length else f"{label[: length - 1]}…"
