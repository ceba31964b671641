from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curation.models import RecordKind
from curation.records.base import RecordType, Values, save_columns
from proteins.models import Citation


class CitationRecords(RecordType[Citation]):
    kind = RecordKind.CITATION
    model = Citation
    labels = {
        "title": "title",
        "authors": "authors",
        "journal": "journal",
        "year": "year",
        "doi": "DOI",
        "is_retracted": "retracted",
        "pubmed_status": "in PubMed",
    }
    columns = ("title", "authors", "journal", "year", "doi", "is_retracted")
    writable = frozenset(columns)
    pinnable = writable

    def key(self, record: Citation) -> str:
        return str(record.pmid)

    def taxon_id(self, record: Citation) -> None:
        return None

    def values(self, record: Citation) -> Values:
        return {name: getattr(record, name) for name in self.labels}

    def write(self, record: Citation, changes: Mapping[str, Any]) -> None:
        save_columns(record, changes, self.labels)
