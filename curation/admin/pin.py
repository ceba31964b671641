"""Fields on which a curator's value overrules the source's, with both values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.admin.base.admin import ReadOnlyAdmin
from curation.admin.base.change_list import BoundedChangeList, WholeChangeList, is_export
from curation.admin.history.revision_filters import records_called
from curation.admin.inbox.words import record_url
from curation.models import Pin
from curation.records import records_among, records_of
from curation.records.wording import in_words, lines_of


class PinList(BoundedChangeList):
    """Reads the records of the pins of a page together."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        read_subjects(self.result_list)


def read_subjects(pins: Iterable[Pin]) -> None:
    """Give each pin its record and that record's values, by some queries for each kind."""
    by_kind: dict[str, list[Pin]] = {}
    for pin in pins:
        by_kind.setdefault(pin.kind, []).append(pin)
    for kind, theirs in by_kind.items():
        there = {record.pk: record for record in records_among(kind, [p.record_id for p in theirs])}
        for pin in theirs:
            record = there.get(pin.record_id)
            values = {} if record is None else records_of(kind).values(record)
            pin.subject, pin.values = record, values  # type: ignore[attr-defined]


@admin.register(Pin)
class PinAdmin(ReadOnlyAdmin[Pin]):
    list_display = (
        "record",
        "its_field",
        "curated_value",
        "value_of_source",
        "pinned_by",
        "pinned_at",
    )
    exported = ("kind", "record_id", "its_field", "value_of_source", "pinned_by", "pinned_at")
    list_filter = ("kind",)
    list_select_related = ("pinned_by",)
    list_display_links = ("its_field",)
    search_fields = ("=record_id",)  # `matching` says how it is done
    search_help_text = "An accession, a pair such as Q9UK53-Q07812, a PubMed ID or a TFLink ID."
    nothing_yet = "A field is pinned when a curator changes it: no import overrules it then."
    fields = ("record", "its_field", "curated_value", "value_of_source", "pinned_by", "pinned_at")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self.exported if is_export(request) else self.list_display

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WholeChangeList if is_export(request) else PinList

    def get_object(self, *args: Any, **kwargs: Any) -> Pin | None:
        pin: Pin | None = super().get_object(*args, **kwargs)
        if pin is not None:
            read_subjects([pin])
        return pin

    def matching(self, request: HttpRequest, queryset: QuerySet[Pin], text: str) -> QuerySet[Pin]:
        of_records = Q(pk__in=[])
        for kind, number in records_called(text):
            of_records |= Q(kind=kind, record_id=number)
        return queryset.filter(of_records)

    @admin.display(description="record")
    def record(self, pin: Pin) -> SafeString | str:
        subject = getattr(pin, "subject", None)
        if subject is None:
            return f"{pin.kind} {pin.record_id}, not there any more"
        url = record_url(pin.kind, pin.record_id)
        return format_html('<a href="{}">{}</a> ({})', url, subject, pin.kind)

    @admin.display(description="field")
    def its_field(self, pin: Pin) -> str:
        return records_of(pin.kind).labels.get(pin.field, pin.field)

    @admin.display(description="curated value")
    def curated_value(self, pin: Pin) -> str:
        values = getattr(pin, "values", {})
        return in_words(pin.kind, pin.field, values[pin.field]) if pin.field in values else ""

    @admin.display(description="value of the source")
    def value_of_source(self, pin: Pin) -> str:
        return "\n".join(lines_of(pin.kind, pin.field, pin.source_value))
