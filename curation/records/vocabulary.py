"""Species, source databases, datasets and detection methods, as their histories show them.

They are written by `curation.actions.keep_vocabulary` alone, with migrations and imports, which
add rows: nothing of them is proposed, pinned or reverted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from curation.models import VocabularyKind
from curation.models.revision import MAX_KEY
from curation.records.base import RecordType, Values
from proteins.models import (
    Citation,
    Dataset,
    DetectionMethod,
    ReviewReason,
    SourceDatabase,
    Taxon,
)

Vocabulary = TypeVar("Vocabulary", bound=models.Model)


class VocabularyRecords(RecordType[Vocabulary]):
    writable = pinnable = frozenset()
    #: The column that people know a row by.
    named_by: str

    def key(self, record: Vocabulary) -> str:
        return str(getattr(record, self.named_by))[:MAX_KEY]

    def taxon_id(self, record: Vocabulary) -> None:
        return None

    def values(self, record: Vocabulary) -> Values:
        return {name: _plain(getattr(record, name)) for name in self.labels}

    def write(self, record: Vocabulary, changes: Mapping[str, Any]) -> None:
        raise TypeError(f"A {self.kind.label} is written by keep_vocabulary.")


class TaxonRecords(VocabularyRecords[Taxon]):
    kind = VocabularyKind.TAXON
    model = Taxon
    named_by = "scientific_name"
    labels = {
        "scientific_name": "scientific name",
        "code": "code",
        "ncbi_taxon_id": "NCBI taxon ID",
        "names": "other names",
    }

    def values(self, record: Taxon) -> Values:
        # Read now: a form may hold names that were prefetched before it wrote them.
        names = record.names.order_by("name").values_list("name", flat=True)
        columns = (name for name in self.labels if name != "names")
        return {name: _plain(getattr(record, name)) for name in columns} | {"names": list(names)}


class SourceRecords(VocabularyRecords[SourceDatabase]):
    kind = VocabularyKind.SOURCE
    model = SourceDatabase
    named_by = "key"
    labels = {
        "key": "key",
        "name": "name",
        "via": "via",
        "publication": "publication",
        "url": "URL",
        "version": "version",
        "version_date": "date of the version",
        "is_aggregator": "aggregator",
        "licence": "licence",
        "licence_url": "URL of the licence",
    }


class DatasetRecords(VocabularyRecords[Dataset]):
    kind = VocabularyKind.DATASET
    model = Dataset
    named_by = "name"
    labels = {
        field.name: str(field.verbose_name)
        for field in Dataset._meta.concrete_fields
        if field.editable and not field.primary_key
    }


class MethodRecords(VocabularyRecords[DetectionMethod]):
    kind = VocabularyKind.METHOD
    model = DetectionMethod
    named_by = "name"
    labels = {
        "name": "name",
        "psi_mi_id": "PSI-MI ID",
        "method_class": "class",
        "identifies_participant_only": "identifies participants only",
    }


class ReviewReasonRecords(VocabularyRecords[ReviewReason]):
    kind = VocabularyKind.REVIEW_REASON
    model = ReviewReason
    named_by = "name"
    labels = {"name": "name", "meaning": "meaning"}


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold: of another row, what people know it by."""
    if isinstance(value, SourceDatabase):
        return value.key
    if isinstance(value, Citation):
        return value.pmid
    return value
