"""Where proteins stand in the picture."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pytest

from proteins.drawing.layout import FONT_SIZE, Layout, drawn_label, label_width, lay_out
from proteins.drawing.svg import Picture
from proteins.models import Protein
from proteins.queries.neighbourhood import Network, Node, Role

Counts = Mapping[Role, int]


def network_of(counts: Counts) -> Network:
    roles = [role for role, count in counts.items() for _ in range(count)]
    nodes = [Node(0, "Q9UK53", "ING1", Role.CENTRE)]
    nodes += [Node(n, f"P{n:05d}", f"NAME{n}", role) for n, role in enumerate(roles, 1)]
    return Network(Protein(), nodes, [], 200, has_more=False, has_more_edges=False)


R, T, B = Role.REGULATOR, Role.TARGET, Role.BOTH


def test_regulators_left_targets_right_both_above_and_below() -> None:
    network = network_of({R: 9, T: 7, B: 4})
    points = lay_out(network).points
    assert points[network.centre] == (0, 0)
    assert all(points[node].x < -100 for node in network.with_role(R))
    assert all(points[node].x > 100 for node in network.with_role(T))
    heights = [points[node].y for node in network.with_role(B)]
    assert min(heights) < -50
    assert max(heights) > 50


@pytest.mark.parametrize(
    "counts",
    [{T: 1}, {R: 50}, {T: 200}, {R: 25, T: 25}, {R: 20, T: 20, B: 10}, {B: 50}, {R: 90, B: 110}],
    ids=str,
)
def test_labels_do_not_overlap_and_all_is_in_the_box(counts: Counts) -> None:
    network = network_of(counts)
    layout = lay_out(network)
    boxes = [_label_box(layout, mark) for mark in network.neighbours]
    for one, other in combinations(boxes, 2):
        assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
    for left, top, right, bottom in boxes:
        assert left >= layout.left
        assert top >= layout.top
        assert right <= layout.left + layout.width
        assert bottom <= layout.top + layout.height


def _label_box(layout: Layout, node: Node) -> tuple[float, float, float, float]:
    picture = Picture.of(
        Network(Protein(), list(layout.points), [], 200, has_more=False, has_more_edges=False)
    )
    cast = next(cast for cast in picture.casts if cast.role == node.role)
    mark = next(mark for mark in cast.marks if mark.node == node)
    width, x, bottom = label_width(node), float(mark.label_x), float(mark.label_y)
    left = {"start": x, "end": x - width, "middle": x - width / 2}[cast.anchor]
    return left, bottom - FONT_SIZE, left + width, bottom


def test_always_the_same() -> None:
    network = network_of({R: 30, T: 60, B: 12})
    assert lay_out(network) == lay_out(network)


def test_a_long_name_is_cut_in_the_drawing() -> None:
    assert drawn_label(Node(1, "P00001", "W" * 100, T)) == "W" * 13 + "…"
    assert drawn_label(Node(1, "P00001", "", T)) == "P00001"
