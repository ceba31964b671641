"""The neighbourhood as a drawing: what the SVG template writes out, shape by shape.

Presentation attributes only, no styles: a strict Content-Security-Policy forbids these, in
a page as in a picture of its own. Heads and shapes say the same as the colours (`palette`).
Lines of one effect end at one place of the protein in the middle: bundled, their heads are one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from proteins.domain.tiers import Tier
from proteins.drawing.layout import (
    FONT_SIZE,
    GUTTER,
    LABEL_GAP,
    LEFT,
    NODE_RADIUS,
    RIGHT,
    SIGN,
    Layout,
    Point,
    drawn_label,
    label_width,
    lay_out,
)
from proteins.drawing.palette import PALETTES, Palette
from proteins.models import Effect
from proteins.queries.neighbourhood import Edge, Network, Node, Role

#: How far an arrow's tip keeps from what it points at.
_GAP = 2
#: How far the two lines of a pair lie apart, from the middle of the row.
_APART = 3
#: Between the places of the middle at which bundles end.
_PORT = 11
#: How far a line between two neighbours of one side bends towards the middle, and more by distance.
_BEND, _BEND_BY_DISTANCE, _MOST_BEND = 30, 0.25, 110

EFFECT_CLASSES = {
    Effect.UNKNOWN: "unknown",
    Effect.ACTIVATION: "activation",
    Effect.REPRESSION: "repression",
    Effect.BOTH: "both-ways",
}
#: Widths of lines by tier, and nodes from which they are thinner: a bundle of a hundred would be
#: one dark area.
WIDTHS: Final = {Tier.SINGLE: 1.0, Tier.REPEATED: 1.5, Tier.SUPPORTED: 2.0, Tier.STRONG: 2.5}
_DENSE, _THINNER = 100, 0.6
_ANCHORS = {LEFT: "end", RIGHT: "start"}


@dataclass(frozen=True)
class Stroke:
    """How the lines of a group are drawn."""

    name: str
    colour: str
    width: str
    opacity: str


def stroke(
    palette: Palette, effect: Effect, tier: Tier, *, is_pale: bool = False, thinner: float = 1.0
) -> Stroke:
    """Return the stroke of an effect and a tier, pale where it is between neighbours: in the
    colour of its effect, or else the shade of its tier."""
    name = EFFECT_CLASSES[effect] if effect else tier.label
    width = _number(WIDTHS[tier] * thinner)
    return Stroke(name, palette.lines[name], width, "0.35" if is_pale else "")


class Group(NamedTuple):
    stroke: Stroke
    tier: str
    #: The `d` of each path.
    paths: list[str]
    #: Of each path the numbers of TF and target among the nodes: what a script highlights by.
    pairs: str


class Head(NamedTuple):
    name: str
    #: The shape: an effect's, the plain arrow for unknown ones.
    shape: str
    colour: str


def heads_of(palette: Palette) -> list[Head]:
    return [
        Head(name, name if name in palette.effects else "unknown", colour)
        for name, colour in palette.lines.items()
    ]


class Mark(NamedTuple):
    """A node: where its shape, its label and the sign that expands it stand."""

    node: Node
    number: int
    x: str
    y: str
    label: str
    label_x: str
    label_y: str
    sign_x: str
    #: The query of the page on which it is expanded, or no longer; empty where it cannot be.
    toggle: str
    is_expanded: bool


class Cast(NamedTuple):
    """Nodes that have something in common, on one side."""

    about: str
    side: str
    anchor: str
    marks: list[Mark]


class Heading(NamedTuple):
    text: str
    x: str
    y: str
    anchor: str


@dataclass(frozen=True)
class Picture:
    network: Network
    layout: Layout
    palette: Palette
    #: By node, the query that expands it, or takes what it brought in away.
    toggles: Mapping[Node, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, network: Network, theme: str = "light", toggles: Mapping[Node, str] | None = None
    ) -> Picture:
        half_height = max(17.0, _PORT / 2 * len(_ports(network)) + 6)
        layout = lay_out(network, half_height)
        return cls(network, layout, PALETTES[theme], toggles or {})

    font_size = FONT_SIZE

    @property
    def width(self) -> str:
        return _number(math.ceil(self.layout.width))

    @property
    def height(self) -> str:
        return _number(math.ceil(self.layout.height))

    @property
    def box(self) -> str:
        return f"{self.left} {self.top} {self.width} {self.height}"

    @property
    def left(self) -> int:
        return math.floor(self.layout.left)

    @property
    def top(self) -> int:
        return math.floor(self.layout.top)

    @property
    def heads(self) -> list[Head]:
        return heads_of(self.palette)

    @property
    def areas(self) -> list[tuple[str, str, str]]:
        """By side the name, and left end and width of the area of a row that is a link."""
        width = LABEL_GAP + self.layout.label_width + NODE_RADIUS
        return [
            ("l", _number(NODE_RADIUS - width), _number(width)),
            ("r", _number(-NODE_RADIUS), _number(width)),
        ]

    @cached_property
    def _numbers(self) -> dict[Node, int]:
        return {node: number for number, node in enumerate(self.network.nodes)}

    @cached_property
    def groups(self) -> list[Group]:
        """The lines, drawn alike together; those between neighbours lie below the others."""
        edges: dict[tuple[bool, Tier, Effect], list[Edge]] = defaultdict(list)
        for edge in self.network.edges:
            edges[edge.is_of_centre or edge.is_of_expansion, edge.tier, edge.effect].append(edge)
        thinner = _THINNER if len(self.network.nodes) > _DENSE else 1.0
        return [
            Group(
                stroke(self.palette, effect, tier, is_pale=not is_main, thinner=thinner),
                tier.label,
                [self._path(edge) for edge in own],
                " ".join(f"{self._numbers[e.tf]}-{self._numbers[e.target]}" for e in own),
            )
            for (is_main, tier, effect), own in sorted(edges.items(), key=lambda item: item[0])
        ]

    @cached_property
    def casts(self) -> list[Cast]:
        """The nodes around the middle, and those that expanded ones brought in."""
        centre = self.network.centre.label
        own = self.network.neighbours
        casts = [
            (LEFT, f"Regulate {centre}", [n for n in own if n.role == Role.REGULATOR]),
            (
                LEFT,
                f"Regulate {centre} and are regulated by it",
                [n for n in own if n.role == Role.BOTH],
            ),
            (RIGHT, f"Regulated by {centre}", [n for n in own if n.role == Role.TARGET]),
            *(
                (
                    self.layout.side_of(node).direction,
                    f"Neighbours of {node.label}",
                    [n for n in self.network.nodes if n.via == node.id],
                )
                for node in self.network.expanded
            ),
        ]
        return [
            Cast(
                about,
                "l" if side == LEFT else "r",
                _ANCHORS[side],
                [self._mark(node, side) for node in self._in_order(nodes)],
            )
            for side, about, nodes in casts
            if nodes
        ]

    @property
    def expanded_marks(self) -> list[Mark]:
        marks = [mark for cast in self.casts for mark in cast.marks if mark.is_expanded]
        places = {node: place for place, node in enumerate(self.network.expanded)}
        return sorted(marks, key=lambda mark: places[mark.node])

    def _in_order(self, nodes: Sequence[Node]) -> list[Node]:
        """From the nearest column outwards, from top to bottom: as one reads, and tabs."""
        points = self.layout.points
        return sorted(nodes, key=lambda node: (abs(points[node].x), points[node].y))

    def _mark(self, node: Node, side: int) -> Mark:
        x, y = self.layout.points[node]
        sign = LABEL_GAP + label_width(node) + SIGN / 2
        return Mark(
            node,
            self._numbers[node],
            _number(x),
            _number(y),
            drawn_label(node),
            _number(x + side * LABEL_GAP),
            _number(y + FONT_SIZE * 0.34),
            _number(x + side * sign),
            self.toggles.get(node, ""),
            node in self.network.expanded,
        )

    @property
    def headings(self) -> list[Heading]:
        """How many there are on each side, above it."""
        protein = self.network.protein
        roles = Counter(node.role for node in self.network.neighbours)
        regulators, targets = (
            roles[role] + roles[Role.BOTH] for role in (Role.REGULATOR, Role.TARGET)
        )
        at_left = f" ({roles[Role.BOTH]} at left)" if roles[Role.BOTH] else ""
        texts = (
            (LEFT, regulators, f"Regulators: {regulators}{_of(regulators, protein.tf_count)}"),
            (RIGHT, targets, f"Targets: {targets}{_of(targets, protein.target_count)}{at_left}"),
        )
        y, end = self.layout.top + 20, self.layout.left + self.layout.width
        places = {LEFT: (self.layout.left + LABEL_GAP, "start"), RIGHT: (end - LABEL_GAP, "end")}
        return [
            Heading(text, _number(places[side][0]), _number(y), places[side][1])
            for side, number, text in texts
            if number
        ]

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
            "radius": "17",
        }

    @cached_property
    def _ports(self) -> dict[Effect | None, float]:
        """The height at which each bundle ends at the middle's left; with None, where those begin
        that go to the left."""
        ports = _ports(self.network)
        return {port: (place - (len(ports) - 1) / 2) * _PORT for place, port in enumerate(ports)}

    @cached_property
    def _pairs(self) -> set[tuple[int, int]]:
        return {(edge.tf.id, edge.target.id) for edge in self.network.edges}

    def _aside(self, edge: Edge) -> int:
        """How far below the middle of its rows a line is: one of a pair is above, one below."""
        if (edge.target.id, edge.tf.id) not in self._pairs:
            return 0
        is_outwards = edge.tf.role == Role.CENTRE or edge.target.via == edge.tf.id
        return _APART if is_outwards else -_APART

    def _path(self, edge: Edge) -> str:
        if edge.tf == edge.target:
            return self._loop(edge.tf)
        if Role.CENTRE in (edge.tf.role, edge.target.role):
            return self._of_centre(edge)
        if edge.is_of_expansion:
            return self._of_expansion(edge)
        start, end = self._way(edge.tf, 0, is_end=False), self._way(edge.target, 0, is_end=True)
        here, there = self.layout.side_of(edge.tf), self.layout.side_of(edge.target)
        (x, y), (to_x, to_y) = start[-1], end[-1]
        bend = 0.0, 0.0
        if here.direction == there.direction:
            by = min(_MOST_BEND, _BEND + abs(to_y - y) * _BEND_BY_DISTANCE)
            bend = x - here.direction * by, to_x - there.direction * by
        return _drawn(start) + _curve(bend[0], y, bend[1], to_y, to_x, to_y) + _back(end)

    def _of_centre(self, edge: Edge) -> str:
        is_out = edge.tf.role == Role.CENTRE
        node = edge.target if is_out else edge.tf
        side = self.layout.side_of(node)
        way = self._way(node, self._aside(edge), is_end=is_out)
        x, y = way[-1]
        port = self._ports.get(None if is_out else edge.effect, 0.0)
        port = port if side.direction == LEFT or not is_out else 0.0
        at_x = side.direction * (self.layout.half_width + (0 if is_out else _GAP))
        middle = (x + at_x) / 2
        if is_out:
            return f"M{_whole(at_x, port)}" + _curve(middle, port, middle, y, x, y) + _back(way)
        return _drawn(way) + _curve(middle, y, middle, port, at_x, port)

    def _way(self, node: Node, aside: int, *, is_end: bool) -> list[Point]:
        """From a node to where lines enter the columns of its side."""
        x, y = self.layout.points[node]
        side = self.layout.side_of(node)
        here = Point(x - side.direction * (NODE_RADIUS + _GAP * is_end), y + aside)
        entry = side.entry - side.direction * (NODE_RADIUS + _GAP)
        if node.via is None:
            return [here, Point(entry, y + aside)]
        lane = side.lane(y)
        return [here, Point(side.exit, lane), Point(entry, lane)]

    def _of_expansion(self, edge: Edge) -> str:
        """From the end of the expanded one's label, outwards, to what it brought in."""
        is_out = edge.target.via == edge.tf.id
        parent, child = (edge.tf, edge.target) if is_out else (edge.target, edge.tf)
        side, aside = self.layout.side_of(parent), self._aside(edge)
        (x, y), (to_x, to_y) = self.layout.points[parent], self.layout.points[child]
        begin = x + side.direction * (LABEL_GAP + label_width(parent) + SIGN + _GAP)
        leave = to_x - side.direction * GUTTER
        arrive = to_x - side.direction * (NODE_RADIUS + _GAP)
        y, to_y, middle = y + aside, to_y + aside, (leave + arrive) / 2
        if is_out:
            curve = _curve(middle, y, middle, to_y, arrive, to_y)
            return f"M{_whole(begin, y)}H{round(leave)}{curve}"
        curve = _curve(middle, to_y, middle, y, leave, y)
        return f"M{_whole(arrive, to_y)}{curve}H{round(begin)}"

    def _loop(self, node: Node) -> str:
        if node.role == Role.CENTRE:
            top = -self.layout.half_height
            return f"M{_whole(-16, top)}" + _curve(-34, top - 34, 34, top - 34, 16, top - _GAP)
        x, y = self.layout.points[node]
        inwards = -self.layout.side_of(node).direction
        near, far = x + inwards * NODE_RADIUS, x + inwards * 24
        end = near + inwards * _GAP
        return f"M{_whole(near, y - 3)}" + _curve(far, y - 12, far, y + 12, end, y + 3)


def _ports(network: Network) -> list[Effect | None]:
    """The bundles at the left of the middle: those that end there by effect, and, as None, those
    that begin there."""
    around = [edge for edge in network.edges if edge.is_of_centre and edge.tf != edge.target]
    ends = {edge.effect for edge in around if edge.target.role == Role.CENTRE}
    begins = any(edge.tf.role == Role.CENTRE and edge.target.role == Role.BOTH for edge in around)
    order = (Effect.ACTIVATION, Effect.UNKNOWN, Effect.BOTH, Effect.REPRESSION)
    return [*(effect for effect in order if effect in ends), *([None] if begins else [])]


def _of(number: int, total: int) -> str:
    return f" of {total:,}" if total > number else ""


def _drawn(points: Sequence[Point]) -> str:
    """A line from the first of some points to the last."""
    first, *rest = points
    return f"M{_whole(*first)}{_segments(first, rest)}"


def _back(points: Sequence[Point]) -> str:
    """The rest of a line that has come to the last of some points, to the first."""
    last, *rest = points[::-1]
    return _segments(last, rest)


def _segments(start: Point, points: Sequence[Point]) -> str:
    parts = []
    for point in points:
        if round(start.y) == round(point.y):
            parts.append("" if round(start.x) == round(point.x) else f"H{round(point.x)}")
        else:
            middle = (start.x + point.x) / 2
            parts.append(_curve(middle, start.y, middle, point.y, point.x, point.y))
        start = point
    return "".join(parts)


def _curve(*places: float) -> str:
    """Whole numbers: there are hundreds of lines, and each digit counts."""
    return "C" + _whole(*places)


def _whole(*places: float) -> str:
    return " ".join(str(round(place)) for place in places).replace(" -", "-")


def _number(value: float) -> str:
    rounded = round(value, 1)
    return f"{rounded:g}" if rounded else "0"
