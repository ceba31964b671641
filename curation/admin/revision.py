"""All that happened to any record, the newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from curation.admin.base import ReadOnlyAdmin
from curation.admin.difference_html import difference_table
from curation.history import differences
from curation.models import ImportRun, Revision
from curation.records import RECORDS

#: Import runs that the filter offers; older ones are found by their number in the address.
RUNS = 20
#: Digits of a number that every database can compare.
MAX_DIGITS = 18

Revisions = QuerySet[Revision]
Lookups = list[tuple[str, str]]


class PersonFilter(SimpleListFilter):
    title = "person"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        theirs = Revision.objects.filter(user=OuterRef("pk"))
        people = User.objects.filter(Exists(theirs)).order_by("username")
        names = [(str(person.pk), person.get_username()) for person in people]
        return [("none", "nobody: imports and commands"), *names]

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        value = self.value()
        if value == "none":
            return queryset.filter(user=None)
        return _of(queryset, "user_id", value)


class RunFilter(SimpleListFilter):
    title = "import run"
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        told = Revision.objects.filter(run=OuterRef("pk"))
        runs = ImportRun.objects.only("command", "started_at").filter(Exists(told))
        return [(str(run.pk), str(run)) for run in runs.order_by("-pk")[:RUNS]]

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        return _of(queryset, "run_id", self.value())


def _of(queryset: Revisions, column: str, number: str | None) -> Revisions:
    """Return the rows with a number that an address gives; none where it can be none."""
    if number is None:
        return queryset
    is_number = number.isdecimal() and len(number) <= MAX_DIGITS
    return queryset.filter(**{column: int(number)}) if is_number else queryset.none()


class TimeFilter(SimpleListFilter):
    title = "time"
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        return [("day", "last 24 hours"), ("week", "last 7 days"), ("month", "last 30 days")]

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        days = {"day": 1, "week": 7, "month": 30}.get(self.value() or "")
        if days is None:
            return queryset
        return queryset.filter(at__gte=timezone.now() - timedelta(days=days))


def history_of(revision: Revision) -> str:
    """Return the address of the history of the record that a revision tells of."""
    model = RECORDS[revision.kind].model._meta.model_name
    return reverse(f"admin:proteins_{model}_history", args=[revision.record_id])


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin[Revision]):
    list_display = ("at", "record", "verb", "fields_changed", "by", "why")
    list_filter = (TimeFilter, "verb", "kind", PersonFilter, RunFilter)
    list_select_related = ("user", "run")
    # By number, which is the order of time, and has an index with every filter's.
    ordering = ("-id",)
    search_fields = ("=record_key",)  # `get_search_results` says how it is done
    search_help_text = (
        "An accession, a pair such as Q9UK53-Q07812, a PubMed ID or a TFLink ID; or a user name."
    )
    nothing_yet = "Every change of a record is kept here, from the first one on."
    fields = ("at", "record", "verb", "by", "reason", "what_changed", "run", "proposal")

    def get_queryset(self, request: HttpRequest) -> Revisions:
        return super().get_queryset(request).defer("run__problems", "run__counts", "run__paths")

    def get_search_results(
        self, request: HttpRequest, queryset: Revisions, search_term: str
    ) -> tuple[Revisions, bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        people = list(User.objects.filter(username__iexact=text).values_list("pk", flat=True))
        found = Q(record_key__in={text, text.upper()})
        return queryset.filter(found | Q(user__in=people) if people else found), False

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
        address = reverse("admin:curation_importrun_change", args=[revision.run_id])
        return format_html('<a href="{}">import run {}</a>', address, revision.run_id)

    @admin.display(description="why")
    def why(self, revision: Revision) -> str:
        return Truncator(revision.reason).chars(80)

    @admin.display(description="what changed")
    def what_changed(self, revision: Revision) -> SafeString:
        return difference_table(
            revision.kind, revision.changes, caption=f"What changed in version {revision.pk}"
        )
