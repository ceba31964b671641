"""Where proteins stand in the picture, and where lines run between them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations, pairwise

import pytest

from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.drawing.layout import FONT_SIZE, Layout, drawn_label, label_width, lay_out
from proteins.drawing.svg import Mark, Picture
from proteins.models import Effect, Protein, Reporting, ReviewStatus
from proteins.queries.neighbourhood import Edge, Network, Node, Role

Counts = Mapping[Role, int]
Box = tuple[float, float, float, float]


def network_of(counts: Counts, *, expanded: int = 0) -> Network:
    """A protein with neighbours of each role, each with its interactions; the first ones are
    expanded, each to ten more."""
    roles = [role for role, count in counts.items() for _ in range(count)]
    centre = Node(0, "Q9UK53", "ING1", Role.CENTRE)
    own = [Node(n, f"P{n:05d}", f"NAME{n}", role) for n, role in enumerate(roles, 1)]
    further = [
        Node(1000 * one.id + n, f"Q{one.id:02d}{n:03d}", f"FAR{n}", Role.FURTHER, one.id)
        for one in own[:expanded]
        for n in range(10)
    ]
    edges = [edge(centre, node) for node in own if node.role != Role.REGULATOR]
    edges += [edge(node, centre) for node in own if node.role != Role.TARGET]
    edges += [edge(own[(node.via or 1) - 1], node) for node in further]
    return Network(
        Protein(), [centre, *own, *further], edges, 200, has_more=False, edge_count=len(edges),
        expanded=dict.fromkeys(own[:expanded], True),
    )  # fmt: skip


def edge(tf: Node, target: Node, tier: Tier = Tier.SINGLE) -> Edge:
    return Edge(
        tf, target, Effect.UNKNOWN, SmallScale.NO, tier, 1, 1, ReviewStatus.UNREVIEWED,
        Reporting.REPORTED,
    )  # fmt: skip


R, T, B = Role.REGULATOR, Role.TARGET, Role.BOTH
SHAPES: list[Counts] = [
    {T: 1}, {R: 50}, {T: 200}, {R: 25, T: 25}, {R: 20, T: 20, B: 10}, {B: 50}, {R: 90, B: 110},
]  # fmt: skip


def test_regulators_left_targets_right() -> None:
    network = network_of({R: 9, T: 7, B: 4})
    points = lay_out(network).points
    assert points[network.centre] == (0, 0)
    for role, side in ((R, -1), (B, -1), (T, 1)):
        assert all(points[node].x * side > 100 for node in network.with_role(role))


def test_the_best_supported_are_on_top_then_those_with_most_interactions() -> None:
    network = network_of({T: 4})
    plain, strong, busy, other = network.neighbours
    network.edges.append(edge(strong, network.centre, Tier.STRONG))
    network.edges.append(edge(busy, other))
    network.edges.append(edge(busy, busy))
    points = lay_out(network).points
    assert sorted(network.neighbours, key=lambda node: points[node].y) == [
        strong, busy, other, plain,
    ]  # fmt: skip


@pytest.mark.parametrize("expanded", [0, 5])
@pytest.mark.parametrize("counts", SHAPES, ids=str)
def test_labels_do_not_overlap_and_all_is_in_the_box(counts: Counts, expanded: int) -> None:
    network = network_of(counts, expanded=min(expanded, sum(counts.values())))
    picture = Picture.of(network)
    layout = picture.layout
    boxes = label_boxes(picture)
    assert len(boxes) == len(network.nodes) - 1
    for one, other in combinations(boxes.values(), 2):
        assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
    for left, top, right, bottom in boxes.values():
        assert left >= layout.left
        assert top >= layout.top
        assert right <= layout.left + layout.width
        assert bottom <= layout.top + layout.height


@pytest.mark.parametrize("counts", SHAPES, ids=str)
def test_no_line_to_the_middle_crosses_a_label(counts: Counts) -> None:
    """Lines of outer columns run level between the labels of the inner ones."""
    picture = Picture.of(network_of(counts))
    boxes = label_boxes(picture)
    for group in picture.groups:
        for path in group.paths:
            for x1, x2, y in levels(path):
                assert not [
                    node.label
                    for node, (left, top, right, bottom) in boxes.items()
                    if x1 < right and left < x2 and top + 2 < y < bottom - 2
                ], path


def levels(path: str) -> list[tuple[float, float, float]]:
    """The level parts of a path: from, to, height."""
    parts, x, y = [], 0.0, 0.0
    for letter, numbers in re.findall(r"([MCH])([-\d. ]+)", path):
        places = [float(place) for place in re.findall(r"-?[\d.]+", numbers)]
        if letter == "H":
            parts.append((min(x, places[0]), max(x, places[0]), y))
            x = places[0]
        else:
            x, y = places[-2:]
    return parts


def label_boxes(picture: Picture) -> dict[Node, Box]:
    return {
        mark.node: _label_box(mark, cast.anchor) for cast in picture.casts for mark in cast.marks
    }


def _label_box(mark: Mark, anchor: str) -> Box:
    width, x, bottom = label_width(mark.node), float(mark.label_x), float(mark.label_y)
    left = {"start": x, "end": x - width}[anchor]
    # Of the letters: what is above and below them is empty.
    return left, bottom - FONT_SIZE * 0.8, left + width, bottom + 1


def test_lines_of_one_effect_end_at_one_place() -> None:
    """Bundled: the heads of thirty are one."""
    picture = Picture.of(network_of({R: 30}))
    ends = {
        tuple(re.findall(r"-?\d+", path)[-2:]) for group in picture.groups for path in group.paths
    }
    assert len(ends) == 1


def test_rows_can_be_hit_by_a_finger() -> None:
    layout: Layout = lay_out(network_of({R: 60, T: 140}))
    columns: dict[float, list[float]] = {}
    for node, point in layout.points.items():
        if node.role != Role.CENTRE:
            columns.setdefault(point.x, []).append(point.y)
    assert len(columns) == 5
    for heights in columns.values():
        heights.sort()
        steps = [lower - upper for upper, lower in pairwise(heights)]
        assert min(steps) >= 24


def test_always_the_same() -> None:
    network = network_of({R: 30, T: 60, B: 12})
    assert lay_out(network) == lay_out(network)


def test_a_long_name_is_cut_in_the_drawing() -> None:
    assert drawn_label(Node(1, "P00001", "W" * 100, T)) == "W" * 13 + "…"
    assert drawn_label(Node(1, "P00001", "", T)) == "P00001"
