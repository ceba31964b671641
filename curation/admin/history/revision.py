"""All that happened to any record, the newest first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from curation.admin.base.admin import ReadOnlyAdmin
from curation.admin.base.difference_html import difference_table
from curation.admin.history.revision_filters import (
    KindFilter,
    PersonFilter,
    RunFilter,
    TimeFilter,
    VerbFilter,
    revisions_meant,
)
from curation.models import Revision
from curation.records import RECORDS
from curation.records.history import differences

Revisions = QuerySet[Revision]


def history_of(revision: Revision) -> str:
    """Return the URL of the history of the record of a revision."""
    model = RECORDS[revision.kind].model._meta.model_name
    return reverse(f"admin:proteins_{model}_history", args=[revision.record_id])


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin[Revision]):
    list_display = ("at", "record", "verb", "fields_changed", "by", "why")
    list_filter = (TimeFilter, VerbFilter, KindFilter, PersonFilter, RunFilter)
    list_select_related = ("user", "run")
    # By number, which is the order of time.
    ordering = ("-id",)
    search_fields = ("=record_key",)  # `matching` says how it is done
    search_help_text = (
        "An accession, a pair such as Q9UK53-Q07812, a PubMed ID or a TFLink ID; or a user name."
    )
    nothing_yet = "Every change of a record is recorded here, from the first one on."
    fields = ("at", "record", "verb", "by", "reason", "what_changed", "run", "proposal")

    def get_queryset(self, request: HttpRequest) -> Revisions:
        return super().get_queryset(request).defer("run__problems", "run__counts", "run__paths")

    def matching(self, request: HttpRequest, queryset: Revisions, text: str) -> Revisions:
        return revisions_meant(queryset, text)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A revision has no history: it is part of its record's."""
        revision = self.get_object(request, unquote(object_id))
        if revision is None:
            return super().history_view(request, object_id, extra_context)
        return HttpResponseRedirect(history_of(revision))

    @admin.display(description="record")
    def record(self, revision: Revision) -> SafeString:
        name = f"{revision.kind} {revision.record_key}"
        return format_html('<a href="{}">{}</a>', history_of(revision), name)

    @admin.display(description="fields")
    def fields_changed(self, revision: Revision) -> str:
        changed = differences(revision.kind, revision.changes)
        return ", ".join(field.label for field in changed)

    @admin.display(description="by")
    def by(self, revision: Revision) -> SafeString | str:
        if revision.user is not None:
            return revision.user.get_username()
        if revision.run is None:
            return "a command"
        url = reverse("admin:curation_importrun_change", args=[revision.run_id])
        return format_html('<a href="{}">import run {}</a>', url, revision.run_id)

    @admin.display(description="why")
    def why(self, revision: Revision) -> str:
        return Truncator(revision.reason).chars(80)

    @admin.display(description="what changed")
    def what_changed(self, revision: Revision) -> SafeString:
        return difference_table(
            revision.kind, revision.changes, caption=f"What changed in version {revision.pk}"
        )
