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
from proteins.models import ChangeKind, Citation, PubMedStatus

#: Fields that a curator pinned, by the citation's pk, with the source's value at that time.
_Pins = Mapping[int, Mapping[str, Any]]


@dataclass
class StoreReport:
    """The outcome of a look-up, by PubMed ID."""

    changed: list[int] = field(default_factory=list)
    retracted: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    #: Where a curator's word stayed against PubMed's.
    overruled: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def store_publications(
    publications: Iterable[Publication],
    *,
    unknown: Iterable[int] = (),
    user: User | None = None,
    at: datetime | None = None,
    dry_run: bool = False,
) -> StoreReport:
    """Store publications from PubMed, and which ones it does not list, all or nothing.

    What PubMed does not say (a DOI that it lacks) takes nothing away. A field that a curator
    changed keeps the curator's word; where PubMed says the same now, its pin is released.
    What is not cited here is passed over. A dry run does the same and takes it all back.
    Raises `BusyError` while an import is being written.
    """
    when = at or timezone.now()
    by_pmid = {publication.pmid: publication for publication in publications}
    missing = set(unknown) - by_pmid.keys()
    report = StoreReport()
    context = ChangeContext(
        verb=Verb.LOOKED_UP, user=user, reason=f"PubMed, {when:%Y-%m-%d}", pins=False
    )
    with write_lock(kind=ChangeKind.LITERATURE, user=user, reason=context.reason):
        citations = list(Citation.objects.with_pmids([*by_pmid, *missing]).order_by("pmid"))
        pins = _pins(citations)
        for citation in citations:
            publication = by_pmid.get(citation.pmid)
            values = _news(citation, publication, pins.get(citation.pk, {}), report)
            _store(citation, values, publication is not None, context, report)
        Citation.objects.filter(pk__in=[citation.pk for citation in citations]).update(
            looked_up_at=when
        )
        if dry_run:
            transaction.set_rollback(True)
    return report


def _pins(citations: Iterable[Citation]) -> _Pins:
    pins: dict[int, dict[str, Any]] = {}
    rows = Pin.objects.filter(
        kind=RecordKind.CITATION, record_id__in=[citation.pk for citation in citations]
    )
    for pin in rows:
        pins.setdefault(pin.record_id, {})[pin.field] = pin.source_value
    return pins


def _news(
    citation: Citation,
    publication: Publication | None,
    pinned: Mapping[str, Any],
    report: StoreReport,
) -> dict[str, Any]:
    """Return what PubMed says of a citation and may be written."""
    if publication is None:
        return {}
    values_now = asdict(publication)
    del values_now["pmid"]
    values = {}
    for name, value in _storable(citation, values_now, report).items():
        if value in ("", None):
            continue
        if name in pinned:
            _weigh(citation, name, pinned[name], value, report)
        else:
            values[name] = value
    return values


def _storable(citation: Citation, values: dict[str, Any], report: StoreReport) -> dict[str, Any]:
    """Return what keeps the rules of the record; what does not is a problem, and left out."""
    records = records_of(RecordKind.CITATION)
    try:
        return records.clean(citation, values)
    except ValidationError as error:
        broken = error.message_dict
        for name, messages in broken.items():
            report.problems.append(f"PMID {citation.pmid}: {name}: {' '.join(messages)}")
        return records.clean(
            citation, {name: value for name, value in values.items() if name not in broken}
        )


def _weigh(citation: Citation, name: str, then: Any, now: Any, report: StoreReport) -> None:
    """Compare what PubMed says of a field that a curator changed with the curator's word."""
    verdict = weigh(then, now, getattr(citation, name))
    if verdict == Verdict.RELEASE:
        release_pins(RecordKind.CITATION, citation.pk, [name])
    elif verdict == Verdict.PROPOSE:
        label = records_of(RecordKind.CITATION).labels[name]
        report.overruled.append(f"PMID {citation.pmid}: {label}")


def _store(
    citation: Citation,
    values: Mapping[str, Any],
    is_listed: bool,
    context: ChangeContext,
    report: StoreReport,
) -> None:
    status = PubMedStatus.FOUND if is_listed else PubMedStatus.NOT_FOUND
    revision = change_record(
        RecordKind.CITATION, citation.pk, values, context, beside={"pubmed_status": status.value}
    )
    if not is_listed:
        report.unknown.append(citation.pmid)
    if revision is None:
        return
    report.changed.append(citation.pmid)
    if revision.changes.get("is_retracted", [False, False])[1]:
        report.retracted.append(citation.pmid)
