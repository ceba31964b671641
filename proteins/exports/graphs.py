"""What is written as a graph (`proteins.exports.graph_files`): interactions, any number of them,
and the neighbourhood of one protein.

Interactions are read twice, as nodes go before edges, in one read snapshot
(`consistent_read`). Between the two only what distinguishes the nodes is in memory, some 25 MB
for all the 110,000 proteins that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from proteins.caching.bounded import BoundedCache
from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.drawing.layout import lay_out
from proteins.exports import graph_files
from proteins.exports.graph_files import (
    CX2,
    GRAPHML,
    INDENTED,
    NUMBER,
    NUMBERS,
    RELATIONS,
    ROW_A_LINE,
    SIF,
    TEXT,
    Fields,
    Graph,
    GraphEdge,
    GraphNode,
    Values,
    WriteFields,
)
from proteins.exports.lines import Lines
from proteins.exports.rows import CACHE_LIMIT, Rows, batched
from proteins.exports.values import ProteinFacts
from proteins.models import Effect, Evidence, Protein, Reporting, ReviewStatus
from proteins.queries.neighbourhood import Network, Role
from proteins.queries.reviews import ReviewFacts, read_reviews

#: Proteins that are read together.
_TOGETHER: Final = 2_000
_NETWORK_NODE_FIELDS: Final[Fields] = {
    "name": TEXT,
    "represents": TEXT,
    "accession": TEXT,
    "role": TEXT,
}
NODE_FIELDS: Final[Fields] = {
    **_NETWORK_NODE_FIELDS,
    "organism": TEXT,
    "ncbi_taxon_id": NUMBER,
    "gene_ids": NUMBERS,
}
_CREDIT: Final = {
    "reference": "Liska et al. (2022) Database, doi:10.1093/database/baac083",
    "rights": "Free for non-commercial use",
}
_ARROWS: Final = "Each edge goes from a transcription factor to its target gene."
#: What a protein is in the file, by whether it regulates (1) and is regulated (2).
_ROLES: Final = {1: Role.REGULATOR, 2: Role.TARGET, 3: Role.BOTH}


def _sif_texts(rows: Rows) -> Iterator[list[str]]:
    names: BoundedCache[int, str] = BoundedCache(rows.cache_limit)
    for batch in batched(rows.values("tf_id", "target_id", "effect")):
        ids = {tf for tf, _, _ in batch} | {target for _, target, _ in batch}
        accessions = names.of(ids, _accessions)
        yield graph_files.sif(
            (accessions[tf], effect, accessions[target]) for tf, target, effect in batch
        )


def _accessions(ids: set[int]) -> dict[int, str]:
    rows = Protein.objects.filter(pk__in=ids).order_by()
    return dict(rows.values_list("pk", "accession"))


sif_of_interactions: Final = Lines("", _sif_texts)


def of_interactions(rows: Rows) -> Graph:
    roles: dict[int, int] = {}
    count = 0
    for tf, target in rows.values("tf_id", "target_id"):
        roles[tf] = roles.get(tf, 0) | 1
        roles[target] = roles.get(target, 0) | 2
        count += 1
    about = {"name": "TFLink interactions", "description": f"Interactions in TFLink. {_ARROWS}"}
    return Graph(
        about | _CREDIT, NODE_FIELDS, len(roles), count, _nodes(rows, roles),
        lambda write: _edges(rows, write), ROW_A_LINE,
    )  # fmt: skip


def _nodes(rows: Rows, roles: dict[int, int]) -> Iterator[list[GraphNode]]:
    """The nodes of proteins by primary key; `roles` is emptied meanwhile."""
    keys = iter(list(roles))
    while some := list(islice(keys, _TOGETHER)):
        proteins = rows.read_proteins(some)
        yield [_node(key, proteins[key], _ROLES[roles.pop(key)]) for key in some]


def _node(key: int, protein: ProteinFacts, role: Role) -> GraphNode:
    values = _node_values(protein.name or protein.accession, protein.accession, role)
    values["organism"] = protein.taxon.scientific_name
    values["ncbi_taxon_id"] = protein.taxon.ncbi_taxon_id
    if protein.gene_ids:
        values["gene_ids"] = list(protein.gene_ids)
    return GraphNode(key, protein.accession, values, {})


def _node_values(label: str, accession: str, role: Role) -> Values:
    return {
        "name": label,
        "represents": f"uniprot:{accession}",
        "accession": accession,
        "role": role.value,
    }


#: Primary key of the evidence, effect, status, reporting, reason of the review: what an edge's
#: fields are made from.
_Kind = tuple[int, int, int, int, str]


def _edges(rows: Rows, write: WriteFields) -> Iterator[list[GraphEdge]]:
    """Some at a time; millions of edges share a few thousand texts."""
    texts: BoundedCache[_Kind, str] = BoundedCache(CACHE_LIMIT)
    columns = ("pk", "tf_id", "target_id", "evidence_id", "effect", "status", "reporting")
    for batch in batched(rows.values(*columns)):
        reviews = read_reviews([row[0] for row in batch if row[5] != ReviewStatus.UNREVIEWED])
        edges = [(row[1:3], (*row[3:], _why(reviews.get(row[0])))) for row in batch]
        written = texts.of({kind for _, kind in edges}, lambda kinds: _texts(kinds, write))
        yield [(*ends, written[kind]) for ends, kind in edges]


def _why(review: ReviewFacts | None) -> str:
    return review.why if review else ""


def _texts(kinds: set[_Kind], write: WriteFields) -> dict[_Kind, str]:
    numbers = ("tier", "small_scale", "citation_count", "source_count")
    rows = Evidence.objects.filter(pk__in={kind[0] for kind in kinds}).order_by()
    evidence = {key: values for key, *values in rows.values_list("pk", *numbers)}
    texts = {}
    for kind in kinds:
        key, effect, status, reporting, why = kind
        tier, scale, publications, databases = evidence[key]
        texts[kind] = write(
            _edge_values(effect, tier, scale, publications, databases, status, reporting, why)
        )
    return texts


def _edge_values(
    effect: int,
    tier: int,
    small_scale: int,
    publications: int,
    databases: int,
    status: int,
    reporting: int,
    why: str,
) -> Values:
    return {
        "interaction": RELATIONS[effect],
        "effect": Effect(effect).label,
        "tier": Tier(tier).label,
        "small_scale": SmallScale(small_scale).label,
        "publications": publications,
        "databases": databases,
        "review_status": ReviewStatus(status).label,
        **({"review_reason": why} if why else {}),
        "reporting": Reporting(reporting).label,
    }


def sif_of_network(network: Network) -> Iterator[str]:
    """A protein without any edge is alone on its line."""
    if not network.edges:
        yield f"{network.centre.accession}\n"
    yield from graph_files.sif(
        (edge.tf.accession, edge.effect, edge.target.accession) for edge in network.edges
    )


def of_network(network: Network) -> Graph:
    """With the positions of the drawing."""
    points = lay_out(network).points
    nodes = [
        GraphNode(
            node.id,
            node.accession,
            _node_values(node.label, node.accession, node.role),
            {"x": round(points[node].x, 1), "y": round(points[node].y, 1)},
        )
        for node in network.nodes
    ]

    def edges(write: WriteFields) -> list[list[GraphEdge]]:
        return [
            [
                (edge.tf.id, edge.target.id, write(_edge_values(
                    edge.effect, edge.tier, edge.small_scale, edge.publications, edge.databases,
                    edge.status, edge.reporting, edge.why,
                )))
                for edge in network.edges
            ]
        ]  # fmt: skip

    return Graph(
        _about(network),
        _NETWORK_NODE_FIELDS,
        len(nodes),
        len(network.edges),
        [nodes],
        edges,
        INDENTED,
    )


def _about(network: Network) -> dict[str, str]:
    shown = len(network.neighbours)
    which = f"The {shown} best-supported neighbours" if network.has_more else "All neighbours"
    among = "; of the interactions among them the best supported" if network.has_more_edges else ""
    name = network.centre.full_name
    return {
        "name": f"Neighbourhood of {name}",
        "description": f"{which} of {name} in TFLink{among}. {_ARROWS}",
        "organism": network.protein.taxon.scientific_name,
        **_CREDIT,
    }


class GraphFormat(NamedTuple):
    """A format of graphs: its media type, and how interactions and a neighbourhood are written."""

    media_type: str
    interactions: Callable[[Rows], Iterator[str]]
    network: Callable[[Network], Iterator[str]]


def _format(media_type: str, write: Callable[[Graph], Iterator[str]]) -> GraphFormat:
    return GraphFormat(
        media_type,
        lambda rows: write(of_interactions(rows)),
        lambda network: write(of_network(network)),
    )


FORMATS: Final = {
    "cx2": _format(CX2, graph_files.cx2),
    "sif": GraphFormat(SIF, sif_of_interactions, sif_of_network),
    "graphml": _format(GRAPHML, graph_files.graphml),
}
