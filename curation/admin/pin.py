from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.admin.base.admin import ReadOnlyAdmin
from curation.admin.inbox.words import record_url
from curation.models import Pin
from curation.records import records_of
from curation.records.wording import lines_of


@admin.register(Pin)
class PinAdmin(ReadOnlyAdmin[Pin]):
    """Fields on which a curator's word stands against the source's."""

    list_display = ("kind", "record_id", "field", "pinned_by", "pinned_at")
    list_filter = ("kind",)
    list_select_related = ("pinned_by",)
    search_fields = ("=record_id",)
    search_help_text = "The number of a record."
    nothing_yet = "A field is pinned when a curator changes it: no import overrules it then."
    fields = ("kind", "record", "its_field", "source_said", "pinned_by", "pinned_at")

    @admin.display(description="record")
    def record(self, pin: Pin) -> SafeString:
        address = record_url(pin.kind, pin.record_id)
        return format_html('<a href="{}">{} {}</a>', address, pin.kind, pin.record_id)

    @admin.display(description="field")
    def its_field(self, pin: Pin) -> str:
        return records_of(pin.kind).labels.get(pin.field, pin.field)

    @admin.display(description="what the source said")
    def source_said(self, pin: Pin) -> str:
        return "\n".join(lines_of(pin.kind, pin.field, pin.source_value))
