"""The records that curators work on, each as a mapping of fields to plain values.

One `RecordType` for each kind reads, checks and writes these values; actions, history,
proposals and forms have no other way to a record. Values are what JSON can hold: evidence
is `{"sources": [...], "methods": [...], "pmids": [...], "small_scale": "yes"}`, a
protein's orthologs are `[[species, identifier, in TFLink], ...]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from curation.models import RecordKind
from curation.records.base import RecordGoneError, RecordType, Values
from curation.records.citation import CitationRecords
from curation.records.protein import ProteinRecords
from curation.records.supported import BindingSiteRecords, InteractionRecords

__all__ = ["RECORDS", "RecordGoneError", "RecordType", "Values", "records_of"]

RECORDS: Final[Mapping[str, RecordType[Any]]] = {
    RecordKind.PROTEIN: ProteinRecords(),
    RecordKind.INTERACTION: InteractionRecords(),
    RecordKind.CITATION: CitationRecords(),
    RecordKind.BINDING_SITE: BindingSiteRecords(),
}


def records_of(kind: str) -> RecordType[Any]:
    """Return how records of a kind are read, checked and written."""
    return RECORDS[kind]
