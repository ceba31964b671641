from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from curation.admin.base import ReadOnlyAdmin
from curation.admin.search import proteins_meant
from curation.models import ImportRun, SourcePage, SourceTable


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin[ImportRun]):
    list_display = (
        "__str__",
        "state",
        "pages_read",
        "pages_refused",
        "rows_refused",
        "finished_at",
    )
    list_filter = ("state",)
    search_fields = ("command", "=id")
    fields = (
        "command",
        "given",
        "state",
        "started_at",
        "finished_at",
        "pages_read",
        "pages_refused",
        "rows_refused",
        "records",
        "refusals",
        "its_pages",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        # A run may keep a thousand problems; only its own page shows them.
        return super().get_queryset(request).defer("problems")

    @admin.display(description="given")
    def given(self, run: ImportRun) -> SafeString:
        return format_html_join("", "<p>{}</p>", ((path,) for path in run.paths))

    @admin.display(description="records")
    def records(self, run: ImportRun) -> SafeString:
        rows = ((kind, _in_words(counts)) for kind, counts in run.counts.items())
        return format_html_join("", "<p><strong>{}:</strong> {}</p>", rows)

    @admin.display(description="what was refused")
    def refusals(self, run: ImportRun) -> SafeString | str:
        rows = ((_in_words(problem),) for problem in run.problems)
        return format_html_join("", "<p>{}</p>", rows) or "nothing"

    @admin.display(description="pages")
    def its_pages(self, run: ImportRun) -> SafeString:
        return format_html(
            '<a href="{}?run={}">those last taken in by this run</a>',
            reverse("admin:curation_sourcepage_changelist"),
            run.pk,
        )


class GenerationFilter(SimpleListFilter):
    title = "generation"
    parameter_name = "generation"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("1", "1 (oldest)"), ("2", "2"), ("3", "3 (newest)")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[SourcePage]
    ) -> QuerySet[SourcePage]:
        wanted = [number for number in (1, 2, 3) if str(number) == self.value()]
        return queryset.filter(generation__in=wanted) if wanted else queryset


@admin.register(SourcePage)
class SourcePageAdmin(ReadOnlyAdmin[SourcePage]):
    list_display = ("path", "protein", "generation", "run", "imported_at")
    list_filter = (GenerationFilter,)
    list_select_related = ("protein", "run")
    sortable_by = ("path",)
    search_fields = ("path",)
    search_help_text = "The start of a path, or of a protein's accession or name."
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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SourcePage], search_term: str
    ) -> tuple[QuerySet[SourcePage], bool]:
        text = search_term.strip()
        if text:
            queryset = queryset.filter(
                Q(path__prefix=text) | Q(protein__in=proteins_meant(request, text))
            )
        return queryset, False

    @admin.display(description="downloads named")
    def its_downloads(self, page: SourcePage) -> SafeString | str:
        return _as_json(page.downloads)

    @admin.display(description="keys not known to the importer")
    def its_unknown_keys(self, page: SourcePage) -> SafeString | str:
        return _as_json(page.unknown_keys)


@admin.register(SourceTable)
class SourceTableAdmin(ReadOnlyAdmin[SourceTable]):
    list_display = ("path", "rows", "run", "imported_at")
    list_select_related = ("run",)
    sortable_by = ("path",)
    search_fields = ("path",)
    fields = ("path", "taxa", "rows", "run", "imported_at", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceTable]:
        return super().get_queryset(request).defer("run__problems", "run__counts", "run__paths")


def _in_words(value: object) -> str:
    """Return what a run kept about a kind of record or a problem, on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)


def _as_json(value: object) -> SafeString | str:
    if not value:
        return "none"
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))
