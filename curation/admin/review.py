"""What curators said and what waits for them, to be looked at; deciding is the desk's."""

from __future__ import annotations

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation.admin.base import ReadOnlyAdmin
from curation.models import Pin, Proposal


@admin.register(Pin)
class PinAdmin(ReadOnlyAdmin[Pin]):
    list_display = ("kind", "record_id", "field", "pinned_by", "pinned_at")
    list_filter = ("kind",)
    list_select_related = ("pinned_by",)
    search_fields = ("=record_id",)
    search_help_text = "The number of a record."
    nothing_yet = "A pin is made when somebody changes a record: imports leave its field alone."
    fields = ("kind", "record_id", "field", "source_said", "pinned_by", "pinned_at")

    @admin.display(description="what the source said")
    def source_said(self, pin: Pin) -> SafeString:
        return format_html("<pre>{}</pre>", _as_json(pin.source_value))


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin[Proposal]):
    list_display = ("record_key", "kind", "fields_changed", "origin", "state", "opened_at")
    list_filter = ("state", "origin", "kind")
    list_select_related = ("author", "run")
    search_fields = ("=record_key",)
    search_help_text = "An accession, a pair such as Q9UK53-Q07812, or a TFLink ID."
    nothing_yet = "A proposal is opened by a curator, or by an import that meets a pinned field."
    fields = (
        "record_key",
        "kind",
        "from_and_to",
        "origin",
        "author",
        "run",
        "comment",
        "state",
        "opened_at",
        "decided_by",
        "decided_at",
        "decision_reason",
    )

    @admin.display(description="changes")
    def fields_changed(self, proposal: Proposal) -> str:
        return ", ".join(proposal.changes)

    @admin.display(description="from and to")
    def from_and_to(self, proposal: Proposal) -> SafeString:
        return format_html("<pre>{}</pre>", _as_json(proposal.changes))


def _as_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
