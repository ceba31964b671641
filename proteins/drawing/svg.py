"""The neighbourhood as a drawing: what the SVG template writes out, shape by shape.

Presentation attributes only, no styles: a strict Content-Security-Policy forbids these, in
a page as in a picture of its own. Heads and shapes say the same as the colours (`palette`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from proteins.domain.evidence import SmallScale
from proteins.drawing.layout import (
    FONT_SIZE,
    LABEL_GAP,
    NODE_RADIUS,
    Layout,
    Point,
    drawn_label,
    lay_out,
)
from proteins.drawing.palette import PALETTES, Palette
from proteins.models import Effect
from proteins.queries.neighbourhood import Edge, Network, Node, Role

#: How far an arrow's tip keeps from what it points at.
_GAP = 2.0
#: How far, of its length, a line between neighbours is drawn towards the middle; and how far
#: it is bent aside, so that the two lines of a pair lie apart.
_PULL = 0.3
_BEND = 0.07

EFFECT_CLASSES = {
    Effect.UNKNOWN: "unknown",
    Effect.ACTIVATION: "activation",
    Effect.REPRESSION: "repression",
    Effect.BOTH: "both-ways",
}
_DASHES = {SmallScale.YES: "", SmallScale.NO: "5 3", SmallScale.NOT_STATED: "1.5 3"}
_WIDTHS = {SmallScale.YES: "1.8", SmallScale.NO: "1.1", SmallScale.NOT_STATED: "1.3"}


@dataclass(frozen=True)
class Stroke:
    """How the lines of a group are drawn."""

    name: str
    colour: str
    width: str
    dashes: str
    opacity: str


def stroke(
    palette: Palette, effect: Effect, scale: SmallScale, *, of_centre: bool = True
) -> Stroke:
    """Return the stroke of an effect and a scale, paler where it is between neighbours."""
    name = EFFECT_CLASSES[effect]
    opacity = "" if of_centre else "0.5"
    return Stroke(name, palette.effects[name], _WIDTHS[scale], _DASHES[scale], opacity)


class Group(NamedTuple):
    stroke: Stroke
    #: The `d` of each path.
    paths: list[str]


class Head(NamedTuple):
    name: str
    colour: str


class Mark(NamedTuple):
    """A node: where its shape and its label stand."""

    node: Node
    x: str
    y: str
    label: str
    label_x: str
    label_y: str


class Cast(NamedTuple):
    """The nodes of one role, on one side."""

    role: str
    about: str
    anchor: str
    marks: list[Mark]


@dataclass(frozen=True)
class Picture:
    network: Network
    layout: Layout
    palette: Palette

    @classmethod
    def of(cls, network: Network, theme: str = "light") -> Picture:
        return cls(network, lay_out(network), PALETTES[theme])

    font_size = FONT_SIZE

    @property
    def width(self) -> str:
        return _number(math.ceil(self.layout.width))

    @property
    def height(self) -> str:
        return _number(math.ceil(self.layout.height))

    @property
    def box(self) -> str:
        left, top = math.floor(self.layout.left), math.floor(self.layout.top)
        return f"{left} {top} {self.width} {self.height}"

    @property
    def left(self) -> int:
        return math.floor(self.layout.left)

    @property
    def top(self) -> int:
        return math.floor(self.layout.top)

    @property
    def heads(self) -> list[Head]:
        return [Head(*effect) for effect in self.palette.effects.items()]

    @cached_property
    def groups(self) -> list[Group]:
        """The lines, drawn alike together; those between neighbours lie below the others."""
        paths: dict[tuple[bool, SmallScale, Effect], list[str]] = defaultdict(list)
        for edge in self.network.edges:
            path = self._path(edge)
            paths[edge.is_of_centre, edge.small_scale, edge.effect].append(path)
        return [
            Group(
                stroke(self.palette, effect, scale, of_centre=of_centre),
                paths[of_centre, scale, effect],
            )
            for of_centre, scale, effect in sorted(paths)
        ]

    @cached_property
    def casts(self) -> list[Cast]:
        """The nodes around the middle."""
        centre = self.network.centre.label
        casts = (
            (Role.REGULATOR, f"Regulate {centre}", "end"),
            (Role.TARGET, f"Regulated by {centre}", "start"),
            (Role.BOTH, f"Regulate {centre} and are regulated by it", "middle"),
        )
        return [
            Cast(role.value, about, anchor, [self._mark(node) for node in nodes])
            for role, about, anchor in casts
            if (nodes := self.network.with_role(role))
        ]

    def _mark(self, node: Node) -> Mark:
        x, y = self.layout.points[node]
        if node.role == Role.BOTH:
            label_x = x
            label_y = y - LABEL_GAP if y < 0 else y + LABEL_GAP + FONT_SIZE * 0.7
        else:
            label_x = x - LABEL_GAP if x < 0 else x + LABEL_GAP
            label_y = y + FONT_SIZE * 0.34
        return Mark(
            node,
            _number(x),
            _number(y),
            drawn_label(node),
            _number(label_x),
            _number(label_y),
        )

    @property
    def centre_label(self) -> str:
        return drawn_label(self.network.centre)

    @property
    def centre_box(self) -> dict[str, str]:
        half_width, half_height = self.layout.half_width, self.layout.half_height
        return {
            "x": _number(-half_width),
            "y": _number(-half_height),
            "width": _number(2 * half_width),
            "height": _number(2 * half_height),
        }

    def _path(self, edge: Edge) -> str:
        if edge.tf == edge.target:
            return self._loop(edge.tf)
        start, end = self.layout.points[edge.tf], self.layout.points[edge.target]
        if edge.tf.role == Role.CENTRE:
            start = at_centre(self.layout, edge.target, outgoing=True)
            return _line(start, _short_of(end, start, NODE_RADIUS + _GAP))
        if edge.target.role == Role.CENTRE:
            end = at_centre(self.layout, edge.tf, outgoing=False)
            return _line(_short_of(start, end, NODE_RADIUS), _short_of(end, start, _GAP))
        bend = Point(
            (start.x + end.x) / 2 * (1 - _PULL) + (end.y - start.y) * _BEND,
            (start.y + end.y) / 2 * (1 - _PULL) - (end.x - start.x) * _BEND,
        )
        start = _short_of(start, bend, NODE_RADIUS)
        end = _short_of(end, bend, NODE_RADIUS + _GAP)
        # Whole numbers: there are hundreds of them, and each digit counts.
        places = " ".join(str(round(value)) for value in (*bend, *end))
        return f"M{round(start.x)} {round(start.y)}Q{places}"

    def _loop(self, node: Node) -> str:
        if node.role == Role.CENTRE:
            # At a corner, where no other line ends.
            right, top = self.layout.half_width, -self.layout.half_height
            start, end = Point(right, top + 10), Point(right - 10, top - _GAP)
            bends = Point(right + 40, top + 4), Point(right - 4, top - 40)
            return f"M{_point(start)}C{_point(bends[0])} {_point(bends[1])} {_point(end)}"
        x, y = self.layout.points[node]
        # Beside the label, or away from the middle's lines.
        inwards = -1 if x > 0 else 1
        near, far = x + inwards * NODE_RADIUS, x + inwards * 27
        return (
            f"M{_number(near)} {_number(y - 3)}C{_number(far)} {_number(y - 13)} "
            f"{_number(far)} {_number(y + 13)} {_number(near + inwards * _GAP)} {_number(y + 3)}"
        )


def at_centre(layout: Layout, node: Node, *, outgoing: bool) -> Point:
    """Where on the middle node's outline the line to or from `node` stands."""
    x, y = layout.points[node]
    if node.role == Role.BOTH:
        # The two lines of a pair lie side by side.
        aside = 4 if outgoing else -4
        room = layout.half_width - 8
        across = max(-room, min(room, x * room / 200 + aside))
        return Point(across, layout.half_height if y > 0 else -layout.half_height)
    reach = max((abs(point.y) for point in layout.points.values()), default=0) or 1
    along = y / reach * (layout.half_height - 8)
    return Point(-layout.half_width if x < 0 else layout.half_width, along)


def _short_of(point: Point, other: Point, distance: float) -> Point:
    """The place that is `distance` from `point` on the way to `other`."""
    length = math.dist(point, other) or 1
    share = min(distance / length, 0.5)
    return Point(point.x + (other.x - point.x) * share, point.y + (other.y - point.y) * share)


def _line(start: Point, end: Point) -> str:
    return f"M{_point(start)}L{_point(end)}"


def _point(point: Point) -> str:
    return f"{_number(point.x)} {_number(point.y)}"


def _number(value: float) -> str:
    rounded = round(value, 1)
    return f"{rounded:g}" if rounded else "0"
