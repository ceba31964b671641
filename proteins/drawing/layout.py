"""The positions of the proteins of a neighbourhood in its picture.

Regulators, those that are targets as well among them, to the left of the protein, targets to its
right, what expanded neighbours bring in further out::

                regulator               target
    further     regulator    protein    target    further
                regulator               target

The best supported are on top, and of these the ones with most interactions. A column of many is
divided; the rows of the columns of a side are shifted against each other, so that a line runs to
an outer column between the labels of the inner ones, and no line crosses a label. The same
neighbourhood is always drawn the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from proteins.queries.neighbourhood import Network, Node, Role

FONT_SIZE = 13
#: Characters of a label that are drawn; the whole name is in the node's title.
LABEL_LENGTH = 14
NODE_RADIUS = 6
#: From a node's middle to its label, from the label to the sign that expands, and its width.
LABEL_GAP = 12
SIGN = 24
#: High enough to be hit by a finger (WCAG 2.2, 2.5.8: 24 pixels).
ROW = 24
#: Nodes of a side up to which it has one column, and two; more have three.
_ALONE, _IN_TWO = 26, 64
#: Between a column's signs and the next column's nodes.
_BETWEEN = 14
#: From the protein to the nearest columns, and more by row, so that lines are not too steep.
_FAN, _FAN_BY_ROW = 110, 1.4
#: From the outermost column to what expansions bring in, and between what two bring in.
GUTTER, _GROUP_GAP = 90, 10
#: Above a side: its head, or the loop of a protein that regulates itself.
_HEAD = 40
_MARGIN = 14
#: Of wide typefaces, which a file may be shown in.
_CHARACTER = 0.68 * FONT_SIZE
_SMALLEST = (330.0, 130.0)
LEFT: Final = -1
RIGHT: Final = 1


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Side:
    """One side of the picture: -1 the left, 1 the right."""

    direction: int
    #: Where lines from the middle enter the columns, and where lines to what expansions bring
    #: in leave them.
    entry: float
    exit: float
    #: The height of a row, and the distance to the next one of any column: half-way between two
    #: a line passes all columns.
    row: float
    step: float

    def lane(self, y: float) -> float:
        """The height nearest to `y` at which a line passes between the labels of all columns."""
        return self.row + (round((y - self.row) / self.step - 0.5) + 0.5) * self.step


@dataclass(frozen=True)
class Layout:
    """Positions relative to the protein in the middle, and the box that holds all."""

    points: dict[Node, Point]
    sides: Mapping[int, Side]
    #: Half the width and half the height of the node in the middle.
    half_width: float
    half_height: float
    left: float
    top: float
    width: float
    height: float
    #: The width of the widest label.
    label_width: float

    def side_of(self, node: Node) -> Side:
        return self.sides[LEFT if self.points[node].x < 0 else RIGHT]


def drawn_label(node: Node) -> str:
    label = node.label
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"


def label_width(node: Node) -> float:
    return len(drawn_label(node)) * _CHARACTER


def lay_out(network: Network, half_height: float = 17.0) -> Layout:
    centre = network.centre
    # Its label is bold.
    half_width = max(46.0, label_width(centre) * 0.58 + 12)
    widest = max(map(label_width, network.nodes))
    has_signs = network.can_expand or bool(network.expanded)
    pitch = LABEL_GAP + widest + (SIGN if has_signs else 4) + _BETWEEN
    points = {centre: Point(0.0, 0.0)}
    rank = _ranks(network)
    sides = {}
    for direction in (LEFT, RIGHT):
        own = sorted(
            (node for node in network.neighbours if _direction(node) == direction),
            key=lambda node: rank[node],
        )
        side, placed = _side(own, direction, half_width, pitch)
        points.update(placed)
        sides[direction] = side
    _place_further(network, points, sides, pitch)
    return _boxed(points, sides, half_width, half_height, widest)


def _direction(node: Node) -> int:
    return RIGHT if node.role == Role.TARGET else LEFT


def _ranks(network: Network) -> dict[Node, tuple[int, int, int]]:
    """By what nodes are sorted: tier, then degree in the picture, then their place."""
    tiers: dict[Node, int] = {}
    degrees: Counter[Node] = Counter()
    for edge in network.edges:
        for node in (edge.tf, edge.target):
            degrees[node] += 1
            if edge.is_of_centre:
                tiers[node] = max(tiers.get(node, 0), edge.tier)
    return {
        node: (-tiers.get(node, 0), -degrees[node], place)
        for place, node in enumerate(network.nodes)
    }


def _columns(nodes: Sequence[Node]) -> list[Sequence[Node]]:
    """The nodes in columns of about equal length, the best supported in the nearest."""
    if not nodes:
        return []
    count = 1 if len(nodes) <= _ALONE else 2 if len(nodes) <= _IN_TWO else 3
    length = -(-len(nodes) // count)
    return [nodes[start : start + length] for start in range(0, len(nodes), length)]


def _side(
    nodes: Sequence[Node], direction: int, half_width: float, pitch: float
) -> tuple[Side, dict[Node, Point]]:
    columns = _columns(nodes)
    rows, count = max(map(len, columns), default=0), max(len(columns), 1)
    entry = half_width + _FAN + _FAN_BY_ROW * rows
    points = {}
    for number, column in enumerate(columns):
        x = entry + number * pitch
        top = -(rows - 1) / 2 * ROW + number * ROW / count - (count - 1) / 2 * ROW / count
        for place, node in enumerate(column):
            points[node] = Point(direction * x, round(top + place * ROW, 1))
    exit_at = entry + count * pitch - _BETWEEN
    row = next(iter(points.values())).y if points else 0.0
    return Side(direction, direction * entry, direction * exit_at, row, ROW / count), points


def _place_further(
    network: Network, points: dict[Node, Point], sides: Mapping[int, Side], pitch: float
) -> None:
    """Put what expansions bring in into columns outside, each group beside what brought it in."""
    levels: dict[tuple[int, int], list[Node]] = {}
    depth = dict.fromkeys((node.id for node in network.nodes), 0)
    direction = {node.id: LEFT if points[node].x < 0 else RIGHT for node in points}
    for node in network.nodes:
        if node.via is not None:
            depth[node.id] = depth[node.via] + 1
            direction[node.id] = direction[node.via]
            levels.setdefault((direction[node.id], depth[node.id]), []).append(node)
    by_id = {node.id: node for node in network.nodes}
    for (where, level), nodes in sorted(levels.items(), key=lambda item: item[0][1]):
        x = abs(sides[where].exit) + GUTTER * level + (level - 1) * pitch
        groups: dict[int, list[Node]] = {}
        for node in nodes:
            groups.setdefault(node.via or 0, []).append(node)
        wanted = {via: points[by_id[via]].y for via in groups}
        placed = _stacked(groups, wanted)
        points.update({node: Point(where * x, y) for node, y in placed.items()})


def _stacked(
    groups: Mapping[int, Sequence[Node]], wanted: Mapping[int, float]
) -> dict[Node, float]:
    """The heights of groups one below the other, together as near to what is wanted as can be."""
    places: dict[Node, float] = {}
    shifts, bottom = [], float("-inf")
    for via in sorted(groups, key=lambda via: wanted[via]):
        nodes = groups[via]
        top = wanted[via] - (len(nodes) - 1) / 2 * ROW
        start = max(top, bottom)
        shifts.append(start - top)
        places.update({node: start + place * ROW for place, node in enumerate(nodes)})
        bottom = start + len(nodes) * ROW + _GROUP_GAP
    shift = sum(shifts) / len(shifts)
    return {node: round(y - shift, 1) for node, y in places.items()}


def _boxed(
    points: dict[Node, Point],
    sides: Mapping[int, Side],
    half_width: float,
    half_height: float,
    widest: float,
) -> Layout:
    around = [point for node, point in points.items() if node.role != Role.CENTRE]
    outside = LABEL_GAP + widest + SIGN
    left = min([-half_width, *(x - outside for x, _ in around if x < 0)]) - _MARGIN
    right = max([half_width, *(x + outside for x, _ in around if x > 0)]) + _MARGIN
    top = min([-half_height - ROW / 2, *(y - ROW / 2 for _, y in around)]) - _HEAD
    bottom = max([half_height, *(y + ROW / 2 for _, y in around)]) + _MARGIN
    wider = max(0.0, _SMALLEST[0] - (right - left))
    higher = max(0.0, _SMALLEST[1] - (bottom - top))
    return Layout(
        points,
        sides,
        half_width,
        half_height,
        left - wider / 2,
        top - higher / 2,
        right - left + wider,
        bottom - top + higher,
        widest,
    )
