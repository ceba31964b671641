"""Graphs as files for network software: SIF, GraphML, CX2.

In every format a node is named by its UniProt accession, because two proteins may share a
name, and each edge goes from the TF to its target. Nodes go before edges, a batch at a time,
so that a graph of any length is written.

- SIF: manual.cytoscape.org, "Supported Network File Formats". Tab-separated.
- GraphML: graphml.graphdrawing.org, version 1.0.
- CX2: cytoscape.org/cx, "Cytoscape Exchange Format Specification (Version 2)" and "CX2
  Visual Styles".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape

from proteins.domain.evidence import SmallScale
from proteins.drawing.palette import LIGHT
from proteins.drawing.svg import EFFECT_CLASSES
from proteins.models import Effect

CX2: Final = "application/vnd.cx2+json"
SIF: Final = "text/x-sif"
GRAPHML: Final = "application/graphml+xml"
#: What an edge is called, in SIF and in the field `interaction` that Cytoscape reads.
RELATIONS: Final[dict[int, str]] = {
    Effect.UNKNOWN: "regulates",
    Effect.ACTIVATION: "activates",
    Effect.REPRESSION: "represses",
    Effect.BOTH: "activates-and-represses",
}
_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATION: Final = f"{_NAMESPACE} {_NAMESPACE}/1.0/graphml.xsd"
#: Of each type of a field its name in CX2 and in GraphML.
TEXT: Final = ("string", "string")
NUMBER: Final = ("integer", "int")
NUMBERS: Final = ("list_of_integer", "string")
Fields = dict[str, tuple[str, str]]
EDGE_FIELDS: Final[Fields] = {
    "interaction": TEXT,
    "effect": TEXT,
    "tier": TEXT,
    "small_scale": TEXT,
    "publications": NUMBER,
    "databases": NUMBER,
    "review_status": TEXT,
    "review_reason": TEXT,
    "reporting": TEXT,
}
_ARROWS: Final = {
    Effect.UNKNOWN: "vee",
    Effect.ACTIVATION: "triangle",
    Effect.REPRESSION: "tee",
    Effect.BOTH: "diamond",
}
_LINES: Final = {
    SmallScale.YES: "solid",
    SmallScale.NO: "dashed",
    SmallScale.NOT_STATED: "dotted",
}
_SHAPES: Final = {
    "centre": "round-rectangle",
    "regulator": "rectangle",
    "target": "ellipse",
    "both": "diamond",
    "further": "ellipse",
}
#: What no XML may hold, however it is written.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Values = dict[str, Any]
#: Makes a text of the fields of an edge.
WriteFields = Callable[[Values], str]


class GraphNode(NamedTuple):
    """`key` is what edges name it by, `place` where it is drawn: x and y, or nothing."""

    key: Hashable
    accession: str
    values: Values
    place: Values


#: The keys of its two nodes, and its fields as text.
GraphEdge = tuple[Hashable, Hashable, str]


class Layout(NamedTuple):
    """How a file is broken into lines."""

    #: Of an aspect of CX2: before its first row, between two, after the last.
    rows: tuple[str, str, str]
    #: Of GraphML: by a level of elements; each element of data has a line where there is any.
    indent: str


#: A file that people look into, and one of millions of rows, each on a line.
INDENTED: Final = Layout(("[", ", ", "]"), "  ")
ROW_A_LINE: Final = Layout(("[\n", ",\n", "\n]"), "")


@dataclass(frozen=True)
class Graph:
    """Nodes and edges in batches, each read once, the nodes first."""

    about: dict[str, str]
    node_fields: Fields
    node_count: int
    edge_count: int
    nodes: Iterable[list[GraphNode]]
    edges: Callable[[WriteFields], Iterable[list[GraphEdge]]]
    layout: Layout


def sif(edges: Iterable[tuple[str, int, str]]) -> list[str]:
    """One edge a line, by accession."""
    return [f"{tf}\t{RELATIONS[effect]}\t{target}\n" for tf, effect, target in edges]


def graphml(graph: Graph) -> Iterator[str]:
    indent = graph.layout.indent
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{_NAMESPACE}" '
        f'xmlns:xsi="{_SCHEMA}" xsi:schemaLocation="{_LOCATION}">\n'
    )
    about = dict.fromkeys(graph.about, TEXT)
    for what, fields in (("graph", about), ("node", graph.node_fields), ("edge", EDGE_FIELDS)):
        for name, (_, kind) in fields.items():
            key = f'<key id="{what}-{name}" for="{what}" attr.name="{name}" attr.type="{kind}" />'
            yield f"{indent}{key}\n"
    own = _data("graph", graph.about, _line_break(indent, 2))
    begin = "" if indent else "\n"
    yield f'{indent}<graph id="network" edgedefault="directed">{begin}{own}\n'
    close, line_break = _line_break(indent, 2), _line_break(indent, 3)
    names: dict[Hashable, str] = {}
    for nodes in graph.nodes:
        names.update((node.key, node.accession) for node in nodes)
        yield "".join(
            f'{2 * indent}<node id="{node.accession}">'
            f"{_data('node', node.values, line_break)}{close}</node>\n"
            for node in nodes
        )
    edges = graph.edges(lambda values: _data("edge", values, line_break))
    for number, some in _numbered(edges):
        yield "".join(
            f'{2 * indent}<edge id="e{at}" source="{names[tf]}" target="{names[target]}">'
            f"{data}{close}</edge>\n"
            for at, (tf, target, data) in enumerate(some, number)
        )
    yield f"{indent}</graph>\n</graphml>\n"


def _line_break(indent: str, level: int) -> str:
    return f"\n{level * indent}" if indent else ""


def _data(what: str, values: Values, line_break: str) -> str:
    return "".join(
        f'{line_break}<data key="{what}-{name}">{_xml(value)}</data>'
        for name, value in values.items()
    )


def _xml(value: object) -> str:
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return escape(_NOT_IN_XML.sub("\ufffd", text))


def cx2(graph: Graph) -> Iterator[str]:
    """Nodes are numbered in their order."""
    declarations = {
        "networkAttributes": {name: {"d": TEXT[0]} for name in graph.about},
        "nodes": {name: {"d": kind} for name, (kind, _) in graph.node_fields.items()},
        "edges": {name: {"d": kind} for name, (kind, _) in EDGE_FIELDS.items()},
    }
    before = {"attributeDeclarations": [declarations], "networkAttributes": [graph.about]}
    after = {
        "visualProperties": [_look()],
        "visualEditorProperties": [{"nodeSizeLocked": False, "arrowColorMatchesEdge": True}],
    }
    counts = dict.fromkeys(before, 1) | {"nodes": graph.node_count, "edges": graph.edge_count}
    metadata = [
        {"name": name, "elementCount": count}
        for name, count in (counts | dict.fromkeys(after, 1)).items()
    ]
    yield f'[\n{{"CXVersion": "2.0", "hasFragments": false}},\n{_json({"metaData": metadata})},\n'
    yield "".join(f"{_json({name: rows})},\n" for name, rows in before.items())
    numbers: dict[Hashable, int] = {}
    yield from _aspect("nodes", _cx2_nodes(graph, numbers), graph.layout)
    yield from _aspect("edges", _cx2_edges(graph, numbers), graph.layout)
    yield "".join(f"{_json({name: rows})},\n" for name, rows in after.items())
    yield '{"status": [{"error": "", "success": true}]}\n]\n'


def _cx2_nodes(graph: Graph, numbers: dict[Hashable, int]) -> Iterator[list[str]]:
    for number, nodes in _numbered(graph.nodes):
        numbers.update((node.key, at) for at, node in enumerate(nodes, number))
        yield [
            _json({"id": at, **node.place, "v": node.values})
            for at, node in enumerate(nodes, number)
        ]


def _cx2_edges(graph: Graph, numbers: dict[Hashable, int]) -> Iterator[list[str]]:
    for number, edges in _numbered(graph.edges(_json)):
        yield [
            f'{{"id": {at}, "s": {numbers[tf]}, "t": {numbers[target]}, "v": {data}}}'
            for at, (tf, target, data) in enumerate(edges, number)
        ]


def _aspect(name: str, rows: Iterable[list[str]], layout: Layout) -> Iterator[str]:
    begin, between, end = layout.rows
    separator = f'{{"{name}": {begin}'
    for some in rows:
        if some:
            yield separator + between.join(some)
            separator = between
    yield f"{end}}},\n" if separator == between else f"{separator}]}},\n"


def _numbered(batches: Iterable[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """Each batch with the number of its first row."""
    number = 0
    for batch in batches:
        yield number, batch
        number += len(batch)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _look() -> Values:
    """Shapes and colours of the site's drawing; the scale of the evidence is a line's style."""
    colours = [(effect.label, LIGHT.effects[EFFECT_CLASSES[effect]]) for effect in Effect]
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": LIGHT.ground},
            "node": {
                "NODE_WIDTH": 24,
                "NODE_HEIGHT": 24,
                "NODE_BORDER_WIDTH": 1,
                "NODE_BORDER_COLOR": LIGHT.outline,
                "NODE_LABEL_COLOR": LIGHT.text,
                "NODE_LABEL_FONT_SIZE": 10,
            },
            "edge": {"EDGE_WIDTH": 1.5},
        },
        "nodeMapping": {
            "NODE_LABEL": {"type": "PASSTHROUGH", "definition": {"attribute": "name"}},
            "NODE_SHAPE": _mapping("role", _SHAPES.items()),
            "NODE_BACKGROUND_COLOR": _mapping("role", LIGHT.roles.items()),
        },
        "edgeMapping": {
            "EDGE_TARGET_ARROW_SHAPE": _mapping(
                "effect", ((effect.label, shape) for effect, shape in _ARROWS.items())
            ),
            "EDGE_LINE_COLOR": _mapping("effect", colours),
            "EDGE_TARGET_ARROW_COLOR": _mapping("effect", colours),
            "EDGE_LINE_STYLE": _mapping(
                "small_scale", ((scale.label, line) for scale, line in _LINES.items())
            ),
        },
    }


def _mapping(attribute: str, pairs: Iterable[tuple[str, str]]) -> Values:
    return {
        "type": "DISCRETE",
        "definition": {
            "attribute": attribute,
            "map": [{"v": value, "vp": shown} for value, shown in pairs],
        },
    }
