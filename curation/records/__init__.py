"""The records that curators work on, each as a mapping of fields to plain values.

One `RecordType` for each kind reads, checks and writes these values; actions, history,
proposals and forms have no other way to a record. Values are what JSON can hold: evidence
is `{"sources": [...], "methods": [...], "pmids": [...], "small_scale": "yes"}`, a
protein's orthologs are `[[species, identifier, in TFLink], ...]`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from curation.models import RecordKind, VocabularyKind
from curation.records.base import RecordGoneError, RecordType, Values
from curation.records.citation import CitationRecords
from curation.records.protein import ProteinRecords
from curation.records.statement import StatementRecords
from curation.records.supported import BindingSiteRecords, InteractionRecords
from curation.records.vocabulary import (
    DatasetRecords,
    MethodRecords,
    ReviewReasonRecords,
    SourceRecords,
    TaxonRecords,
)

__all__ = ["RECORDS", "RecordGoneError", "RecordType", "Values", "records_among", "records_of"]

RECORDS: Final[Mapping[str, RecordType[Any]]] = {
    RecordKind.PROTEIN: ProteinRecords(),
    RecordKind.INTERACTION: InteractionRecords(),
    RecordKind.CITATION: CitationRecords(),
    RecordKind.BINDING_SITE: BindingSiteRecords(),
    RecordKind.STATEMENT: StatementRecords(),
    VocabularyKind.TAXON: TaxonRecords(),
    VocabularyKind.SOURCE: SourceRecords(),
    VocabularyKind.DATASET: DatasetRecords(),
    VocabularyKind.METHOD: MethodRecords(),
    VocabularyKind.REVIEW_REASON: ReviewReasonRecords(),
}


#: Records that are read at once: as many as SQLite takes numbers in one query.
AT_ONCE: Final = 500


def records_of(kind: str) -> RecordType[Any]:
    """Return how records of a kind are read, checked and written."""
    return RECORDS[kind]


def records_among(kind: str, ids: Collection[int]) -> list[Any]:
    """Return those of at most `AT_ONCE` records that are there, ready for `values`.

    What several of them point at (an Evidence row, a TF) is read and held once.
    """
    records = records_of(kind)
    shared = [field.name for field in records.model._meta.fields if field.is_relation]
    rows = records.queryset().select_related(None).prefetch_related(*shared, *records.beside)
    return list(rows.filter(pk__in=ids))
