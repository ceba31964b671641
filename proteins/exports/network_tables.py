"""The neighbourhood of a protein as a table of its interactions (TSV), and with its proteins as
JSON, from which the site's interactive view is drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from proteins.drawing.layout import lay_out
from proteins.exports.cells import Words, tsv_values
from proteins.queries.neighbourhood import Edge, Network

COLUMNS: Final = (
    "tf", "tf_name", "target", "target_name", "effect", "tier", "small_scale", "publications",
    "databases", "review_status", "reporting",
)  # fmt: skip


def _values(edge: Edge) -> tuple[object, ...]:
    return (
        edge.tf.accession, edge.tf.name, edge.target.accession, edge.target.name,
        edge.effect.label, edge.tier.label, edge.small_scale.label, edge.publications,
        edge.databases, edge.status.label, edge.reporting.label,
    )  # fmt: skip


def tsv(network: Network) -> Iterator[str]:
    """Yield a line an interaction, in the order in which they are drawn."""
    yield tsv_values([COLUMNS, *map(_values, network.edges)], Words())


def as_json(network: Network) -> Iterator[str]:
    yield json.dumps(_document(network), ensure_ascii=False, separators=(",", ":")) + "\n"


def _document(network: Network) -> dict[str, Any]:
    points = lay_out(network).points
    accessions = {node.id: node.accession for node in network.nodes}
    return {
        "protein": network.centre.accession,
        "limit": network.limit,
        "expanded": [node.accession for node in network.expanded],
        "interactions_among_nodes": network.edge_count,
        "nodes": [
            {
                "accession": node.accession,
                "name": node.name or None,
                "role": node.role.value,
                "via": accessions.get(node.via or 0),
                "x": round(points[node].x, 1),
                "y": round(points[node].y, 1),
            }
            for node in network.nodes
        ],
        "edges": [dict(zip(COLUMNS, _values(edge), strict=True)) for edge in network.edges],
    }


#: By suffix the media type, and how it is written.
FORMATS: Final[dict[str, tuple[str, Callable[[Network], Iterable[str]]]]] = {
    "tsv": ("text/tab-separated-values", tsv),
    "json": ("application/json", as_json),
}
