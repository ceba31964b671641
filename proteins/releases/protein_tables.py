"""Proteins and orthologs of a species as tables of a release."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from proteins.exports.cells import NONE, Words, tsv_text, tsv_values
from proteins.models import GeneID, JasparMatrix, Ortholog, Protein, SecondaryAccession, Taxon

#: Proteins that are read together.
_BATCH: Final = 2_000
#: The columns of proteins and what they mean; in JSON Lines they are the keys.
PROTEINS: Final = {
    "accession": "UniProt accession.",
    "name": "Gene or protein name.",
    "taxon": "NCBI taxon ID.",
    "gene_ids": "NCBI gene IDs.",
    "secondary_accessions": "Accessions under which it used to be known (UniProt).",
    "jaspar_matrices": "JASPAR matrix IDs with their versions.",
    "is_tf": "Whether it is known as a transcription factor.",
    "is_target": "Whether it is known as a target gene.",
    "has_page": "Whether a page of its own describes it.",
    "declared_interactions": "How many interactions its page declares.",
    "target_count": "How many targets it regulates here.",
    "tf_count": "How many TFs regulate it here.",
}
ORTHOLOGS: Final = {
    "accession": "UniProt accession of the protein.",
    "species": "The ortholog's species, in TFLink's two letters.",
    "identifier": "The ortholog's identifier, as the documents give it.",
    "in_tflink": "Whether TFLink has a page of the ortholog.",
}
Record = dict[str, Any]
_WORDS: Final = Words(NONE)


def proteins(taxon: Taxon) -> Iterator[Record]:
    """The proteins of a species by accession, each with its orthologs."""
    keys = sorted(Protein.objects.filter(taxon=taxon).values_list("accession", "pk"))
    for at in range(0, len(keys), _BATCH):
        yield from _records(taxon, [key for _, key in keys[at : at + _BATCH]])


def _records(taxon: Taxon, keys: list[int]) -> Iterator[Record]:
    genes = _lists(GeneID, keys, "ncbi_gene_id")
    former = _lists(SecondaryAccession, keys, "accession")
    matrices = _lists(JasparMatrix, keys, "matrix_id")
    orthologs = _lists(Ortholog, keys, "taxon__code", "identifier", "in_tflink")
    proteins_by_key = Protein.objects.in_bulk(keys)
    for key in keys:
        protein = proteins_by_key[key]
        yield {
            "accession": protein.accession,
            "name": protein.name or None,
            "taxon": taxon.ncbi_taxon_id,
            "gene_ids": genes[key],
            "secondary_accessions": former[key],
            "jaspar_matrices": matrices[key],
            **{name: getattr(protein, name) for name in list(PROTEINS)[6:]},
            "orthologs": [
                dict(zip(list(ORTHOLOGS)[1:], values, strict=True)) for values in orthologs[key]
            ],
        }


def _lists(model: Any, keys: list[int], *fields: str) -> defaultdict[int, list[Any]]:
    values_of: defaultdict[int, list[Any]] = defaultdict(list)
    rows = model.objects.filter(protein__in=keys).order_by()
    for key, *values in rows.values_list("protein_id", *fields):
        values_of[key].append(tuple(values) if len(values) > 1 else values[0])
    for listed in values_of.values():
        listed.sort()
    return values_of


class Table(NamedTuple):
    """A file of proteins: how it begins, and what it has of each."""

    resource: str
    format: str
    head: str
    text: Callable[[Record], str]
    about: str


def _json_line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def _protein_line(record: Record) -> str:
    return tsv_values([[record[name] for name in PROTEINS]], _WORDS)


def _ortholog_lines(record: Record) -> str:
    rows = ((record["accession"], *ortholog.values()) for ortholog in record["orthologs"])
    return tsv_values(rows, _WORDS)


TABLES: Final = (
    Table(
        "proteins", "tsv", tsv_text([list(PROTEINS)]), _protein_line,
        "A line for each protein; a hyphen for nothing.",
    ),
    Table(
        "proteins", "jsonl", "", _json_line,
        "JSON Lines: each line a protein with its orthologs.",
    ),
    Table(
        "orthologs", "tsv", tsv_text([list(ORTHOLOGS)]), _ortholog_lines,
        "A line for each ortholog of each protein.",
    ),
)  # fmt: skip
