"""The positions of the proteins of a neighbourhood in its picture.

Regulators to the left of the protein, targets to its right, what is both above and below::

                both  both
    regulator                  target
    regulator     protein      target
    regulator                  target
                  both

The best supported are on top. The columns are bent outwards and their labels are on
the outer side, so that the lines between neighbours run through the space inside. The
same neighbourhood is always drawn the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from proteins.queries.neighbourhood import Network, Node, Role

FONT_SIZE = 12
#: Characters of a label that are drawn; the whole name is in the node's title.
LABEL_LENGTH = 14
NODE_RADIUS = 5.5
#: From a node's middle to its label.
LABEL_GAP = 10
#: High enough to be hit by a finger (WCAG 2.2, 2.5.8: 24 pixels).
ROW = 24
MAX_ROWS = 36
_CHARACTER = 0.62 * FONT_SIZE
_MARGIN = 14
#: From the middle to the ends of the nearest columns.
_GAP = 150
_GAP_BESIDE_BOTH = 235
_MOST_BEND = 80
#: Rows of what is both regulator and target: the first one's distance from the centre's
#: edge, the distance between rows, and between nodes in a row.
_BOTH_FROM = 64
_BOTH_ROW = 46
_BOTH_STEP = 112
_BOTH_IN_ROW = 4
_SMALLEST = (330.0, 130.0)


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """Positions relative to the protein in the middle, and the box that holds all."""

    points: dict[Node, Point]
    #: Half the width and half the height of the node in the middle.
    half_width: float
    half_height: float
    left: float
    top: float
    width: float
    height: float


def drawn_label(node: Node) -> str:
    label = node.label
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"


def label_width(node: Node) -> float:
    return len(drawn_label(node)) * _CHARACTER


def lay_out(network: Network) -> Layout:
    both = network.with_role(Role.BOTH)
    sides = (network.with_role(Role.REGULATOR), network.with_role(Role.TARGET))
    rows = max(len(column) for side in sides for column in _columns(side) or [[]])
    # Its label is bold.
    half_width = label_width(network.centre) * 0.58 + 10
    # High enough that the lines which end at it can be distinguished.
    half_height = max(18.0, rows * 3.2)
    points = {network.centre: Point(0.0, 0.0)}
    points.update(_both(both, half_height))
    gap = _GAP_BESIDE_BOTH if both else _GAP
    for side, direction in zip(sides, (-1, 1), strict=True):
        points.update(_side(side, direction, gap + half_width / 2))
    return _boxed(points, half_width, half_height)


def _columns(nodes: Sequence[Node]) -> list[Sequence[Node]]:
    """The nodes in columns of about equal length, the best supported in the nearest."""
    if not nodes:
        return []
    count = -(-len(nodes) // MAX_ROWS)
    length = -(-len(nodes) // count)
    return [nodes[start : start + length] for start in range(0, len(nodes), length)]


def _side(nodes: Sequence[Node], direction: int, gap: float) -> dict[Node, Point]:
    points: dict[Node, Point] = {}
    distance = gap
    for column in _columns(nodes):
        middle = (len(column) - 1) / 2
        bend = min(_MOST_BEND, len(column) * 3)
        for place, node in enumerate(column):
            away = (place - middle) / (middle or 1)
            x = distance + bend * (1 - away * away)
            points[node] = Point(direction * x, (place - middle) * ROW)
        distance += max(map(label_width, column)) + LABEL_GAP + 26
    return points


def _both(nodes: Sequence[Node], half_height: float) -> dict[Node, Point]:
    """Rows above and below in turn, each shifted a little, so that lines pass between."""
    points: dict[Node, Point] = {}
    for direction, half in ((-1, nodes[::2]), (1, nodes[1::2])):
        start, row = 0, 0
        while start < len(half):
            nodes_in_row = half[start : start + _BOTH_IN_ROW]
            y = half_height + _BOTH_FROM + row * _BOTH_ROW
            # By the golden ratio, so that no two rows are shifted alike.
            shift = (row * 0.618 % 1) * _BOTH_STEP / 2
            for place, node in enumerate(nodes_in_row):
                x = (place - (len(nodes_in_row) - 1) / 2) * _BOTH_STEP + shift
                points[node] = Point(x, direction * y)
            start, row = start + len(nodes_in_row), row + 1
    return points


def _boxed(points: dict[Node, Point], half_width: float, half_height: float) -> Layout:
    lefts, rights = [-half_width], [half_width]
    # Above the middle there is room for a loop, if it regulates itself.
    tops, bottoms = [-half_height - 34], [half_height]
    for node, (x, y) in points.items():
        if node.role == Role.CENTRE:
            continue
        outside = LABEL_GAP + label_width(node)
        if node.role == Role.BOTH:
            lefts.append(x - outside / 2)
            rights.append(x + outside / 2)
        else:
            lefts.append(x - (outside if x < 0 else NODE_RADIUS))
            rights.append(x + (outside if x > 0 else NODE_RADIUS))
        tops.append(y - 26 if node.role == Role.BOTH else y - ROW / 2)
        bottoms.append(y + 26 if node.role == Role.BOTH else y + ROW / 2)
    left, top = min(lefts) - _MARGIN, min(tops) - _MARGIN
    width, height = max(rights) + _MARGIN - left, max(bottoms) + _MARGIN - top
    wider, higher = max(0.0, _SMALLEST[0] - width), max(0.0, _SMALLEST[1] - height)
    return Layout(
        points,
        half_width,
        half_height,
        left - wider / 2,
        top - higher / 2,
        width + wider,
        height + higher,
    )
