"""Stores what PubMed says: the one writer of what is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from curation.actions.writing import ChangeContext, change_record, write_lock
from curation.literature.publication import Publication
from curation.models import Pin, RecordKind, Verb
from curation.records import records_of
from curation.records.pins import release_pins
from curation.shared.three_way import Verdict, weigh
from proteins.models import Citation, PubMedStatus

#: What a curator pinned, by the row of the citation and the field: what its source said then.
_Pins = Mapping[int, Mapping[str, Any]]


@dataclass
class Kept:
    """What became of what was looked up, by PubMed ID."""

    changed: list[int] = field(default_factory=list)
    retracted: list[int] = field(default_factory=list)
    not_known: list[int] = field(default_factory=list)
    #: Where a curator's word stayed against PubMed's.
    overruled: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def keep_looked_up(
    publications: Iterable[Publication],
    *,
    not_known: Iterable[int] = (),
    user: User | None = None,
    at: datetime | None = None,
    dry_run: bool = False,
) -> Kept:
    """Store what PubMed says of publications, and which ones it does not know, all or nothing.

    What PubMed does not say (a DOI that it lacks) takes nothing away. A field that a curator
    changed keeps the curator's word; where PubMed says the same now, its pin is released.
    What is not cited here is passed over. A dry run does the same and takes it all back.
    Raises `BusyError` while an import is being written.
    """
    when = at or timezone.now()
    by_pmid = {publication.pmid: publication for publication in publications}
    unknown = set(not_known) - by_pmid.keys()
    kept = Kept()
    context = ChangeContext(
        verb=Verb.LOOKED_UP, user=user, reason=f"PubMed, {when:%Y-%m-%d}", pins=False
    )
    with write_lock():
        citations = list(Citation.objects.with_pmids([*by_pmid, *unknown]).order_by("pmid"))
        pins = _pins(citations)
        for citation in citations:
            publication = by_pmid.get(citation.pmid)
            values = _news(citation, publication, pins.get(citation.pk, {}), kept)
            _keep(citation, values, publication is not None, context, kept)
        Citation.objects.filter(pk__in=[citation.pk for citation in citations]).update(
            looked_up_at=when
        )
        if dry_run:
            transaction.set_rollback(True)
    return kept


def _pins(citations: Iterable[Citation]) -> _Pins:
    found: dict[int, dict[str, Any]] = {}
    rows = Pin.objects.filter(
        kind=RecordKind.CITATION, record_id__in=[citation.pk for citation in citations]
    )
    for pin in rows:
        found.setdefault(pin.record_id, {})[pin.field] = pin.source_value
    return found


def _news(
    citation: Citation, publication: Publication | None, pinned: Mapping[str, Any], kept: Kept
) -> dict[str, Any]:
    """Return what PubMed says of a citation and may be written."""
    if publication is None:
        return {}
    said = asdict(publication)
    del said["pmid"]
    values = {}
    for name, value in _storable(citation, said, kept).items():
        if value in ("", None):
            continue
        if name in pinned:
            _weigh(citation, name, pinned[name], value, kept)
        else:
            values[name] = value
    return values


def _storable(citation: Citation, said: dict[str, Any], kept: Kept) -> dict[str, Any]:
    """Return what keeps the rules of the record; what does not is a problem, and left out."""
    records = records_of(RecordKind.CITATION)
    try:
        return records.clean(citation, said)
    except ValidationError as error:
        broken = error.message_dict
        for name, messages in broken.items():
            kept.problems.append(f"PMID {citation.pmid}: {name}: {' '.join(messages)}")
        return records.clean(
            citation, {name: value for name, value in said.items() if name not in broken}
        )


def _weigh(citation: Citation, name: str, then: Any, now: Any, kept: Kept) -> None:
    """Compare what PubMed says of a field that a curator changed with the curator's word."""
    verdict = weigh(then, now, getattr(citation, name))
    if verdict == Verdict.RELEASE:
        release_pins(RecordKind.CITATION, citation.pk, [name])
    elif verdict == Verdict.PROPOSE:
        label = records_of(RecordKind.CITATION).labels[name]
        kept.overruled.append(f"PMID {citation.pmid}: {label}")


def _keep(
    citation: Citation,
    values: Mapping[str, Any],
    is_known: bool,
    context: ChangeContext,
    kept: Kept,
) -> None:
    status = PubMedStatus.FOUND if is_known else PubMedStatus.NOT_FOUND
    revision = change_record(
        RecordKind.CITATION, citation.pk, values, context, beside={"pubmed_status": status.value}
    )
    if not is_known:
        kept.not_known.append(citation.pmid)
    if revision is None:
        return
    kept.changed.append(citation.pmid)
    if revision.changes.get("is_retracted", [False, False])[1]:
        kept.retracted.append(citation.pmid)
