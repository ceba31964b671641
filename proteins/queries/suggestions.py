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
from proteins.queries.search import Hit, Record, SearchResult, find

LIMIT: Final = 10


class Suggestion(TypedDict):
    """A line: its label, what distinguishes it from others, and its kind."""

    label: str
    detail: str
    kind: str
    url: str


def suggestions(text: str, scope: Taxon | None = None) -> list[Suggestion]:
    """At most `LIMIT` of them; the last leads to all where there are more."""
    # What a line does not show is not read; species apart (see `find`).
    proteins = Protein.objects.prefetch_related("taxon").only(
        "accession", "name", "name_key", "interaction_count", "taxon"
    )
    result = find(text, LIMIT, proteins, scope, typing=True)
    lines = _lines(result)
    if len(lines) <= LIMIT and not result.is_cut:
        return lines
    everything: Suggestion = {
        "label": f"All results for “{text.strip()}”",
        "detail": "",
        "kind": "",
        "url": f"{reverse('search')}?{urlencode({'q': text.strip()})}",
    }
    return [*lines[: LIMIT - 1], everything]


def _lines(result: SearchResult) -> list[Suggestion]:
    """What is certainly meant, then what there are few of, then proteins."""
    how: dict[Record, str] = {
        hit.protein: hit.how for hit in (*result.hits, *result.elsewhere, *result.matrices)
    }
    groups = (*result.others, result.proteins, [hit.protein for hit in result.elsewhere])
    lines: dict[Record | str, Suggestion] = {}
    for one in (*result.exact, *(one for group in groups for one in group)):
        record = one.protein if isinstance(one, Hit) else one
        if isinstance(record, str):
            lines[record] = _site(record)
        elif record not in lines:
            lines[record] = _line(record, how.get(record, ""))
    return list(lines.values())


def _site(tflink_id: str) -> Suggestion:
    url = f"{reverse('sites')}?{urlencode({'tflink_id': tflink_id})}"
    return {"label": tflink_id, "detail": "", "kind": "binding site", "url": url}


def _line(record: Record, how: str) -> Suggestion:
    label, detail, kind = _words(record)
    detail = "; ".join(filter(None, (detail, how)))
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
