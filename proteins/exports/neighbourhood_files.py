"""A neighbourhood as a file for network software: SIF, GraphML, CX2.

In every format a node is known by its UniProt accession, because two proteins may share a
name, and each edge goes from the TF to its target.

- SIF: manual.cytoscape.org, "Supported Network File Formats". Tab-separated.
- GraphML: graphml.graphdrawing.org, version 1.0.
- CX2: cytoscape.org/cx, "Cytoscape Exchange Format Specification (Version 2)" and "CX2
  Visual Styles".
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Any

from proteins.domain.evidence import SmallScale
from proteins.drawing.layout import lay_out
from proteins.drawing.palette import LIGHT
from proteins.drawing.svg import EFFECT_CLASSES
from proteins.models import Effect
from proteins.queries.neighbourhood import Edge, Network, Node

#: What an edge is called, in SIF and in the field `interaction` that Cytoscape reads.
RELATIONS = {
    Effect.UNKNOWN: "regulates",
    Effect.ACTIVATION: "activates",
    Effect.REPRESSION: "represses",
    Effect.BOTH: "activates-and-represses",
}
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
LOCATION = f"{GRAPHML} {GRAPHML}/1.0/graphml.xsd"
#: Of each field its name, its type in CX2 and its type in GraphML.
_NODE_FIELDS = (
    ("name", "string", "string"),
    ("represents", "string", "string"),
    ("accession", "string", "string"),
    ("role", "string", "string"),
)
EDGE_FIELDS = (
    ("interaction", "string", "string"),
    ("effect", "string", "string"),
    ("small_scale", "string", "string"),
    ("publications", "integer", "int"),
    ("databases", "integer", "int"),
    ("review_status", "string", "string"),
    ("reporting", "string", "string"),
)
REFERENCE = "Liska et al. (2022) Database, doi:10.1093/database/baac083"
RIGHTS = "Free for non-commercial use"
_ARROWS = {
    Effect.UNKNOWN: "vee",
    Effect.ACTIVATION: "triangle",
    Effect.REPRESSION: "tee",
    Effect.BOTH: "diamond",
}
_LINES = {SmallScale.YES: "solid", SmallScale.NO: "dashed", SmallScale.NOT_STATED: "dotted"}
_SHAPES = {
    "centre": "round-rectangle",
    "regulator": "rectangle",
    "target": "ellipse",
    "both": "diamond",
}


def sif(network: Network) -> str:
    """One edge a line; a protein without any stands alone on its line."""
    if not network.edges:
        return f"{network.centre.accession}\n"
    return "".join(
        f"{edge.tf.accession}\t{RELATIONS[edge.effect]}\t{edge.target.accession}\n"
        for edge in network.edges
    )


def graphml(network: Network) -> str:
    root = ET.Element(
        "graphml",
        {"xmlns": GRAPHML, "xmlns:xsi": SCHEMA, "xsi:schemaLocation": LOCATION},
    )
    about = _about(network)
    for what, fields in (
        ("graph", [(name, "", "string") for name in about]),
        ("node", _NODE_FIELDS),
        ("edge", EDGE_FIELDS),
    ):
        for name, _, kind in fields:
            ET.SubElement(
                root,
                "key",
                {"id": f"{what}-{name}", "for": what, "attr.name": name, "attr.type": kind},
            )
    graph = ET.SubElement(root, "graph", {"id": "network", "edgedefault": "directed"})
    _data(graph, "graph", about)
    for node in network.nodes:
        _data(ET.SubElement(graph, "node", {"id": node.accession}), "node", _node_values(node))
    for number, edge in enumerate(network.edges):
        ends = {"source": edge.tf.accession, "target": edge.target.accession}
        _data(
            ET.SubElement(graph, "edge", {"id": f"e{number}", **ends}), "edge", _edge_values(edge)
        )
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def cx2(network: Network) -> str:
    """With the positions and the look of the drawing."""
    about = _about(network)
    points = lay_out(network).points
    numbers = {node: number for number, node in enumerate(network.nodes)}
    nodes = [
        {
            "id": number,
            "x": round(points[node].x, 1),
            "y": round(points[node].y, 1),
            "v": _node_values(node),
        }
        for node, number in numbers.items()
    ]
    edges = [
        {"id": number, "s": numbers[edge.tf], "t": numbers[edge.target], "v": _edge_values(edge)}
        for number, edge in enumerate(network.edges)
    ]
    declarations = {
        "networkAttributes": {name: {"d": "string"} for name in about},
        "nodes": {name: {"d": kind} for name, kind, _ in _NODE_FIELDS},
        "edges": {name: {"d": kind} for name, kind, _ in EDGE_FIELDS},
    }
    aspects: dict[str, list[Any]] = {
        "attributeDeclarations": [declarations],
        "networkAttributes": [about],
        "nodes": nodes,
        "edges": edges,
        "visualProperties": [look()],
        "visualEditorProperties": [{"nodeSizeLocked": False, "arrowColorMatchesEdge": True}],
    }
    counts = [{"name": name, "elementCount": len(rows)} for name, rows in aspects.items()]
    return _lines(
        [
            {"CXVersion": "2.0", "hasFragments": False},
            {"metaData": counts},
            *({name: rows} for name, rows in aspects.items()),
            {"status": [{"error": "", "success": True}]},
        ]
    )


def _about(network: Network) -> dict[str, str]:
    protein = network.protein
    shown = len(network.neighbours)
    which = f"the {shown} best-supported neighbours" if network.has_more else "all neighbours"
    among = "; of the interactions among them the best supported" if network.has_more_edges else ""
    return {
        "name": f"Neighbourhood of {network.centre.full_name}",
        "description": (
            f"{which[0].upper()}{which[1:]} of {network.centre.full_name} in TFLink{among}. "
            "Each edge goes from a transcription factor to its target gene."
        ),
        "organism": protein.taxon.scientific_name,
        "reference": REFERENCE,
        "rights": RIGHTS,
    }


def _node_values(node: Node) -> dict[str, Any]:
    return {
        "name": node.label,
        "represents": f"uniprot:{node.accession}",
        "accession": node.accession,
        "role": node.role.value,
    }


def _edge_values(edge: Edge) -> dict[str, Any]:
    return {
        "interaction": RELATIONS[edge.effect],
        "effect": edge.effect.label,
        "small_scale": edge.small_scale.label,
        "publications": edge.publications,
        "databases": edge.databases,
        "review_status": edge.status.label,
        "reporting": edge.reporting.label,
    }


def _data(element: ET.Element, what: str, values: dict[str, Any]) -> None:
    for name, value in values.items():
        ET.SubElement(element, "data", {"key": f"{what}-{name}"}).text = str(value)


def look() -> dict[str, Any]:
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


def _mapping(attribute: str, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {
        "type": "DISCRETE",
        "definition": {
            "attribute": attribute,
            "map": [{"v": value, "vp": shown} for value, shown in pairs],
        },
    }


def _lines(aspects: list[dict[str, Any]]) -> str:
    """JSON, one aspect a line."""
    rows = ",\n".join(json.dumps(aspect, ensure_ascii=False) for aspect in aspects)
    return f"[\n{rows}\n]\n"
