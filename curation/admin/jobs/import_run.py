from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from curation.actions import ActionError, BusyError
from curation.admin.base.admin import ReadOnlyAdmin, ShownAdmin, curator, reasons_of
from curation.admin.base.difference_html import difference_table
from curation.admin.base.filters import ColumnFilter
from curation.admin.base.search import proteins_meant
from curation.admin.jobs.outcome_html import refused_url, shown_counts
from curation.models import (
    ImportRun,
    JobState,
    Revision,
    RunState,
    RunUndo,
    SourcePage,
    SourceTable,
    Upload,
    Verb,
)
from curation.permissions import Right, demand, may
from curation.uploads import jobs

#: Records whose changes a run's page shows, and names of what it was given.
FIRST_RECORDS = 20
FIRST_PATHS = 50


@admin.register(ImportRun)
class ImportRunAdmin(ShownAdmin[ImportRun]):
    """The runs of imports; a run's page is its report, and has the button that undoes it."""

    list_display = (
        "__str__",
        "state",
        "by",
        "pages_read",
        "pages_refused",
        "rows_refused",
    )
    list_filter = ("state",)
    search_fields = ("command", "=id")
    page_template = "import_run_page"
    search_help_text = "The name of a command, or the number of a run."
    nothing_yet = "Nothing has been imported yet. Uploads, or the import commands, begin a run."

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        # A run may store a thousand problems; only its own page shows them.
        uploaded = Upload.objects.filter(run=OuterRef("pk")).order_by("-id")
        return (
            super()
            .get_queryset(request)
            .defer("problems")
            .annotate(uploaded_by=Subquery(uploaded.values("decided_by__username")[:1]))
        )

    @admin.display(description="imported by")
    def by(self, run: ImportRun) -> str:
        return getattr(run, "uploaded_by", None) or "a command"

    def get_urls(self) -> list[URLPattern]:
        undo = self.route("<path:object_id>/undo/", "undo", require_POST(self.undo_view))
        return [undo, *super().get_urls()]

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin to take a run back: with the preview of what would go."""
        demand(curator(request), Right.IMPORT)
        run = self.get_object(request, unquote(object_id))
        if run is None:
            return self.gone(request, object_id)
        try:
            undo = jobs.ask_undo(user=curator(request), run=run)
        except (ActionError, BusyError) as error:
            messages.error(request, " ".join(reasons_of(error)))
            return HttpResponseRedirect(self.url_of("change", run.pk))
        return HttpResponseRedirect(reverse("admin:curation_runundo_change", args=[undo.pk]))

    def context_of(self, request: HttpRequest, record: ImportRun) -> dict[str, Any]:
        run = record
        undos = RunUndo.objects.filter(run=run).exclude(state=JobState.DISCARDED)
        changed = Revision.objects.filter(run=run, verb=Verb.IMPORTED).order_by("id")
        uploads = Upload.objects.filter(run=run).select_related("decided_by")
        return {
            "run": run,
            "given": run.paths[:FIRST_PATHS],
            "given_more": len(run.paths) - FIRST_PATHS,
            "upload": (upload := uploads.order_by("-id").first()),
            "refused_url": refused_url(upload) if upload else "",
            "undo": undos.select_related("decided_by").order_by("-id").first(),
            "may_undo": run.state != RunState.UNDONE and may(curator(request), Right.IMPORT),
            "counts": shown_counts(run.counts),
            "tables": [
                difference_table(
                    revision.kind,
                    revision.changes,
                    caption=f"{revision.kind} {revision.record_key}",
                )
                for revision in changed[:FIRST_RECORDS]
            ],
        }


class GenerationFilter(ColumnFilter):
    title = "generation"
    parameter_name = "generation"
    offered = ((1, "1 (oldest)"), (2, "2"), (3, "3 (newest)"))


@admin.register(SourcePage)
class SourcePageAdmin(ReadOnlyAdmin[SourcePage]):
    list_display = ("path", "protein", "generation", "run", "imported_at")
    list_filter = (GenerationFilter,)
    list_select_related = ("protein", "run")
    sortable_by = ("path",)
    search_fields = ("path",)
    search_help_text = "The start of a path, or of a protein's accession or name."
    nothing_yet = "A page is listed once an import has taken it in."
    fields = (
        "path",
        "protein",
        "generation",
        "run",
        "imported_at",
        "sha256",
        "its_downloads",
        "its_unknown_keys",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourcePage]:
        return super().get_queryset(request).defer("run__problems", "run__counts", "run__paths")

    def matching(
        self, request: HttpRequest, queryset: QuerySet[SourcePage], text: str
    ) -> QuerySet[SourcePage]:
        of_protein = Q(protein__in=proteins_meant(request, text))
        return queryset.filter(Q(path__prefix=text) | of_protein)

    @admin.display(description="downloads named")
    def its_downloads(self, page: SourcePage) -> SafeString | str:
        return _as_json(page.downloads)

    @admin.display(description="keys that the importer does not read")
    def its_unknown_keys(self, page: SourcePage) -> SafeString | str:
        return _as_json(page.unknown_keys)


@admin.register(SourceTable)
class SourceTableAdmin(ReadOnlyAdmin[SourceTable]):
    list_display = ("path", "rows", "run", "imported_at")
    list_select_related = ("run",)
    sortable_by = ("path",)
    search_fields = ("path",)
    search_help_text = "Part of a path."
    nothing_yet = "A table is listed once an import has taken it in."
    fields = ("path", "taxa", "dataset", "rows", "run", "imported_at", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceTable]:
        return super().get_queryset(request).defer("run__problems", "run__counts", "run__paths")


def _as_json(value: object) -> SafeString | str:
    if not value:
        return "none"
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))
