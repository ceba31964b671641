"""A list's own network: TFs at the left, targets at the right, what is both in between.

Its proteins have no middle one, unlike a neighbourhood. The same list is always drawn the same.
Presentation attributes only, as files are; on a page the style sheet's colours take their place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from proteins.drawing.figure import TIERS, shortened
from proteins.drawing.svg import WIDTHS

Row = Mapping[str, Any]

#: Proteins that are drawn, those of most interactions.
MOST: Final = 60
_ROW, _MARGIN, _LABEL, _LONGEST = 26, 24, 110, 14
_WIDTH: Final = 760
#: Where columns are, by how many there are, and how far a line within one is bent.
_COLUMNS: Final = {
    1: (_WIDTH // 2,),
    2: (_LABEL, _WIDTH - _LABEL),
    3: (_LABEL, _WIDTH // 2, _WIDTH - _LABEL),
}
_BEND: Final = 70
_RADIUS: Final = 6
#: Lines that are drawn, the best supported first.
MOST_LINES: Final = 300
#: By tier as the API names it; those of a neighbourhood.
_WIDTHS: Final = {tier.label: f"{WIDTHS[tier]:g}" for tier in TIERS}
_TIERS: Final = tuple(_WIDTHS)


class Node(NamedTuple):
    accession: str
    label: str
    role: str
    x: float
    y: float

    @property
    def text_x(self) -> float:
        return self.x - 12 if self.role == "regulator" else self.x + 12

    @property
    def text_y(self) -> float:
        return self.y + 4

    @property
    def anchor(self) -> str:
        return "end" if self.role == "regulator" else "start"


class Lines(NamedTuple):
    """Lines that are drawn alike."""

    effect: str
    width: str
    #: The `d` of each path.
    paths: list[str]


@dataclass(frozen=True)
class Subnetwork:
    nodes: list[Node]
    lines: list[Lines]
    #: Interactions that are drawn, and those that are not.
    drawn: int
    more: int
    height: int
    width: int = _WIDTH

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Subnetwork:
        """`rows` are interactions by the columns of the API's answer."""
        drawn = _drawn(rows)
        edges = [row for row in rows if row["tf"] in drawn and row["target"] in drawn]
        edges = sorted(edges, key=lambda row: _TIERS.index(row["tier"]))[:MOST_LINES]
        nodes = _placed(edges)
        lowest = max((node.y for node in nodes.values()), default=0.0)
        number = len(edges)
        height = int(lowest) + _MARGIN
        return cls(list(nodes.values()), _lines(edges, nodes), number, len(rows) - number, height)

    @property
    def label(self) -> str:
        roles = Counter(node.role for node in self.nodes)
        return (
            f"{self.drawn} interactions: {roles['regulator']} proteins at the left only "
            f"regulate, {roles['both']} in the middle regulate and are regulated, "
            f"{roles['target']} at the right are only regulated"
        )


def _drawn(rows: Sequence[Row]) -> set[str]:
    degrees: Counter[str] = Counter()
    for row in rows:
        degrees.update({row["tf"], row["target"]})
    ranked = sorted(degrees, key=lambda accession: (-degrees[accession], accession))
    return set(ranked[:MOST])


def _placed(edges: Sequence[Row]) -> dict[str, Node]:
    names: dict[str, str] = {}
    degrees: Counter[str] = Counter()
    tfs, targets = set(), set()
    for row in edges:
        names[row["tf"]], names[row["target"]] = row["tf_name"], row["target_name"]
        degrees.update({row["tf"], row["target"]})
        tfs.add(row["tf"])
        targets.add(row["target"])
    ranked = sorted(names, key=lambda one: (-degrees[one], names[one].casefold(), one))
    columns: dict[str, list[str]] = {"regulator": [], "both": [], "target": []}
    for one in ranked:
        role = "both" if one in tfs and one in targets else "regulator" if one in tfs else "target"
        columns[role].append(one)
    filled = {role: column for role, column in columns.items() if column}
    tallest = max((len(column) for column in filled.values()), default=0)
    places = zip(filled, _COLUMNS.get(len(filled), ()), strict=True)
    return {
        one: Node(one, shortened(names[one] or one, _LONGEST), role, x, y)
        for role, x in places
        for one, y in zip(filled[role], _heights(len(filled[role]), tallest), strict=True)
    }


def _heights(number: int, tallest: int) -> list[float]:
    """A column's rows, spread over the height of the tallest."""
    step = _ROW * tallest / number if number else 0.0
    return [round(_MARGIN + step * (place + 0.5), 1) for place in range(number)]


def _lines(edges: Sequence[Row], nodes: Mapping[str, Node]) -> list[Lines]:
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in edges:
        key = row["effect"] or "unknown", _WIDTHS[row["tier"]]
        groups[key].append(_path(nodes[row["tf"]], nodes[row["target"]]))
    return [Lines(effect, width, paths) for (effect, width), paths in sorted(groups.items())]


def _path(tf: Node, target: Node) -> str:
    gap = _RADIUS + 3
    if tf == target:
        x, y = tf.x - _RADIUS, tf.y
        return f"M{x:g} {y - 3:g}C{x - 26:g} {y - 16:g} {x - 26:g} {y + 16:g} {x - 3:g} {y + 3:g}"
    if tf.x == target.x:
        down = 1 if target.y > tf.y else -1
        x = tf.x - _RADIUS * down
        bend = x - _BEND * down
        return (
            f"M{x:g} {tf.y:g}C{bend:g} {tf.y:g} {bend:g} {target.y:g} {x - 3 * down:g} {target.y:g}"
        )
    right = 1 if target.x > tf.x else -1
    start, end = tf.x + _RADIUS * right, target.x - gap * right
    middle = (start + end) / 2
    return f"M{start:g} {tf.y:g}C{middle:g} {tf.y:g} {middle:g} {target.y:g} {end:g} {target.y:g}"
