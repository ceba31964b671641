"""Interactions, any number of them, as a file for network software: SIF, GraphML, CX2.

The fields of an edge are those of a neighbourhood's file
(`proteins.exports.neighbourhood_files`). Nodes go before edges, so that the interactions are
read twice, in one read snapshot (`consistent_read`). Between the two only what distinguishes
the nodes is kept, some 25 MB for all the 110,000 proteins that there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final
from xml.sax.saxutils import escape

from django.db.models import QuerySet

from proteins.domain.evidence import SmallScale
from proteins.exports.neighbourhood_files import (
    EDGE_FIELDS,
    GRAPHML,
    LOCATION,
    REFERENCE,
    RELATIONS,
    RIGHTS,
    SCHEMA,
    look,
)
from proteins.exports.rows import BATCH, KEPT
from proteins.exports.values import ProteinFacts, read_proteins
from proteins.models import Effect, Evidence, Interaction, Protein, Reporting, ReviewStatus
from proteins.queries.neighbourhood import Role

Rows = QuerySet[Interaction]
Values = dict[str, Any]
#: The row numbers of its two proteins, and its fields as text.
_Edge = tuple[int, int, str]
#: Row of the evidence, effect, status, reporting: what the fields of an edge are made from.
_Kind = tuple[int, int, int, int]

#: Of each field its name, its type in CX2 and its type in GraphML.
_NODE_FIELDS: Final = (
    ("name", "string", "string"),
    ("represents", "string", "string"),
    ("accession", "string", "string"),
    ("role", "string", "string"),
    ("organism", "string", "string"),
    ("ncbi_taxon_id", "integer", "int"),
    ("gene_ids", "list_of_integer", "string"),
)
_ABOUT: Final = {
    "name": "TFLink interactions",
    "description": (
        "Interactions in TFLink. Each edge goes from a transcription factor to its target gene."
    ),
    "reference": REFERENCE,
    "rights": RIGHTS,
}
#: What a protein is in the file, by whether it regulates (1) and is regulated (2).
_ROLES: Final = {1: Role.REGULATOR, 2: Role.TARGET, 3: Role.BOTH}
#: What no XML may hold, however it is written.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sif(interactions: Rows) -> Iterator[str]:
    """One edge a line, tab-separated."""
    accessions: dict[int, str] = {}
    rows = interactions.values_list("tf_id", "target_id", "effect").iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        ids = {tf for tf, _, _ in batch} | {target for _, target, _ in batch}
        named = Protein.objects.filter(pk__in=ids.difference(accessions)).order_by()
        accessions.update(named.values_list("pk", "accession"))
        yield "".join(
            f"{accessions[tf]}\t{RELATIONS[Effect(effect)]}\t{accessions[target]}\n"
            for tf, target, effect in batch
        )


def graphml(interactions: Rows) -> Iterator[str]:
    """Nodes are known by accession."""
    nodes, _ = _nodes(interactions)
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{GRAPHML}" '
        f'xmlns:xsi="{SCHEMA}" xsi:schemaLocation="{LOCATION}">\n'
    )
    declared = (("graph", [(name, "", "string") for name in _ABOUT]), ("node", _NODE_FIELDS))
    for what, fields in (*declared, ("edge", EDGE_FIELDS)):
        for name, _, kind in fields:
            yield (
                f'<key id="{what}-{name}" for="{what}" attr.name="{name}" attr.type="{kind}" />\n'
            )
    yield f'<graph id="network" edgedefault="directed">\n{_data("graph", _ABOUT)}\n'
    known: dict[int, str] = {}
    for proteins in _proteins(nodes):
        known.update((key, protein.accession) for key, protein, _ in proteins)
        yield "".join(
            f'<node id="{protein.accession}">{_data("node", values)}</node>\n'
            for _, protein, values in proteins
        )
    nodes.clear()
    for number, edges in _numbered(_edges(interactions, lambda values: _data("edge", values))):
        yield "".join(
            f'<edge id="e{at}" source="{known[tf]}" target="{known[target]}">{data}</edge>\n'
            for at, (tf, target, data) in enumerate(edges, number)
        )
    yield "</graph>\n</graphml>\n"


def cx2(interactions: Rows) -> Iterator[str]:
    """Nodes are numbered in the order in which they are met; where they stand is not said."""
    nodes, edge_count = _nodes(interactions)
    declarations = {
        "networkAttributes": {name: {"d": "string"} for name in _ABOUT},
        "nodes": {name: {"d": kind} for name, kind, _ in _NODE_FIELDS},
        "edges": {name: {"d": kind} for name, kind, _ in EDGE_FIELDS},
    }
    before = {"attributeDeclarations": [declarations], "networkAttributes": [_ABOUT]}
    after = {
        "visualProperties": [look()],
        "visualEditorProperties": [{"nodeSizeLocked": False, "arrowColorMatchesEdge": True}],
    }
    counts = dict.fromkeys(before, 1) | {"nodes": len(nodes), "edges": edge_count}
    metadata = [
        {"name": name, "elementCount": count}
        for name, count in (counts | dict.fromkeys(after, 1)).items()
    ]
    yield f'[\n{{"CXVersion": "2.0", "hasFragments": false}},\n{_json({"metaData": metadata})},\n'
    yield "".join(f"{_json({name: rows})},\n" for name, rows in before.items())
    yield from _aspect("nodes", _cx2_nodes(nodes))
    yield from _aspect("edges", _cx2_edges(interactions, nodes))
    yield "".join(f"{_json({name: rows})},\n" for name, rows in after.items())
    yield '{"status": [{"error": "", "success": true}]}\n]\n'


def _cx2_nodes(nodes: dict[int, int]) -> Iterator[list[str]]:
    """From here on `nodes` holds the number of each node, where its role was."""
    for number, proteins in _numbered(_proteins(nodes)):
        nodes.update((key, at) for at, (key, _, _) in enumerate(proteins, number))
        yield [
            f'{{"id": {at}, "v": {_json(values)}}}'
            for at, (_, _, values) in enumerate(proteins, number)
        ]


def _cx2_edges(interactions: Rows, nodes: dict[int, int]) -> Iterator[list[str]]:
    for number, edges in _numbered(_edges(interactions, _json)):
        yield [
            f'{{"id": {at}, "s": {nodes[tf]}, "t": {nodes[target]}, "v": {data}}}'
            for at, (tf, target, data) in enumerate(edges, number)
        ]


def _aspect(name: str, rows: Iterable[list[str]]) -> Iterator[str]:
    separator = f'{{"{name}": [\n'
    for some in rows:
        yield separator + ",\n".join(some)
        separator = ",\n"
    yield "\n]},\n" if separator == ",\n" else f"{separator}]}},\n"


def _nodes(interactions: Rows) -> tuple[dict[int, int], int]:
    """Whether each protein (by row number) regulates or is regulated, and how many edges."""
    roles: dict[int, int] = {}
    count = 0
    pairs = interactions.values_list("tf_id", "target_id")
    for tf, target in pairs.iterator(chunk_size=BATCH):
        roles[tf] = roles.get(tf, 0) | 1
        roles[target] = roles.get(target, 0) | 2
        count += 1
    return roles, count


def _proteins(roles: dict[int, int]) -> Iterator[list[tuple[int, ProteinFacts, Values]]]:
    keys = list(roles)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        found = read_proteins(some, with_orthologs=False)
        yield [(key, found[key], _node_values(found[key], _ROLES[roles[key]])) for key in some]


def _node_values(protein: ProteinFacts, role: Role) -> Values:
    values: Values = {
        "name": protein.name or protein.accession,
        "represents": f"uniprot:{protein.accession}",
        "accession": protein.accession,
        "role": role.value,
        "organism": protein.taxon.scientific_name,
        "ncbi_taxon_id": protein.taxon.ncbi_taxon_id,
    }
    return values | ({"gene_ids": list(protein.gene_ids)} if protein.gene_ids else {})


def _edges(interactions: Rows, write: Callable[[Values], str]) -> Iterator[list[_Edge]]:
    """Some at a time; the same few thousand texts stand after millions of edges."""
    texts: dict[_Kind, str] = {}
    fields = ("tf_id", "target_id", "evidence_id", "effect", "status", "reporting")
    rows = interactions.values_list(*fields).iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        missing = {row[2:] for row in batch}.difference(texts)
        if len(texts) + len(missing) > KEPT:
            texts.clear()
            missing = {row[2:] for row in batch}
        texts.update((kind, write(values)) for kind, values in _edge_values(missing))
        yield [(row[0], row[1], texts[row[2:]]) for row in batch]


def _edge_values(kinds: set[_Kind]) -> Iterator[tuple[_Kind, Values]]:
    if not kinds:
        return
    numbers = ("small_scale", "citation_count", "source_count")
    stored = Evidence.objects.filter(pk__in={kind[0] for kind in kinds}).order_by()
    evidence = {key: values for key, *values in stored.values_list("pk", *numbers)}
    for kind in kinds:
        key, effect, status, reporting = kind
        small_scale, publications, databases = evidence[key]
        yield (
            kind,
            {
                "interaction": RELATIONS[Effect(effect)],
                "effect": Effect(effect).label,
                "small_scale": SmallScale(small_scale).label,
                "publications": publications,
                "databases": databases,
                "review_status": ReviewStatus(status).label,
                "reporting": Reporting(reporting).label,
            },
        )


def _numbered(batches: Iterable[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """Each batch with the number of its first row."""
    number = 0
    for batch in batches:
        yield number, batch
        number += len(batch)


def _data(what: str, values: Values) -> str:
    return "".join(
        f'<data key="{what}-{name}">{_xml(_text(value))}</data>' for name, value in values.items()
    )


def _text(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


def _xml(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
