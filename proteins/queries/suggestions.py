"""Search as it is typed: the few things that are most likely meant, each with its URL."""

from __future__ import annotations

from typing import Final, TypedDict
from urllib.parse import urlencode

from django.urls import reverse

from proteins.models import (
    Citation,
    DetectionMethod,
    Interaction,
    Protein,
    SourceDatabase,
    Taxon,
)
from proteins.queries.search import Record, SearchResult, find

LIMIT: Final = 10


class Suggestion(TypedDict):
    """A line: its label, what distinguishes it from others, and its kind."""

    label: str
    detail: str
    kind: str
    url: str


def suggestions(text: str) -> list[Suggestion]:
    """At most `LIMIT` of them; the last leads to all where there are more."""
    # What a line does not show is not read; species apart (see `find`).
    proteins = Protein.objects.prefetch_related("taxon").only(
        "accession", "name", "name_key", "taxon"
    )
    result = find(text, LIMIT, proteins)
    records = _in_order(result)
    if len(records) <= LIMIT and not result.is_cut:
        return [_line(record) for record in records]
    everything: Suggestion = {
        "label": f"All results for “{text.strip()}”",
        "detail": "",
        "kind": "",
        "url": f"{reverse('search')}?{urlencode({'q': text.strip()})}",
    }
    return [*(_line(record) for record in records[: LIMIT - 1]), everything]


def _in_order(result: SearchResult) -> list[Record]:
    """What is certainly meant, then what there are few of, then proteins."""
    records: list[Record] = [*result.exact]
    for group in (*result.others, result.proteins):
        records += [record for record in group if record not in records]
    return records


def _line(record: Record) -> Suggestion:
    label, detail, kind = _words(record)
    return {"label": label, "detail": detail, "kind": kind, "url": record.get_absolute_url()}


def _words(record: Record) -> tuple[str, str, str]:
    match record:
        case Protein():
            species = record.taxon.scientific_name
            if record.name:
                return record.short_name, f"{record.accession}, {species}", "protein"
            return record.accession, species, "protein"
        case Citation():
            return str(record), record.title, "publication"
        case Interaction():
            return str(record), "", "interaction"
        case Taxon():
            return str(record), record.code, "species"
        case SourceDatabase():
            return str(record), "", "source database"
        case DetectionMethod():
            return str(record), record.psi_mi_id or "", "detection method"
