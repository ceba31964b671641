"""The indexes of source databases, detection methods and species."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins import hooks
from proteins.caching.conditional import unless_unchanged
from proteins.models import DetectionMethod, SourceDatabase
from proteins.queries import visibility
from proteins.queries.home import Home
from proteins.site import metadata, page_figures
from proteins.site.index_tables import Column, IndexForm, IndexTable, Row
from proteins.site.parameters import reads

_SUPPORTS: Final = (
    Column("interactions", "Interactions", is_number=True),
    Column("tfs", "TFs", is_number=True),
)
SOURCES: Final = (
    Column("database", "Database"),
    Column("imported_through", "Imported through"),
    Column("version", "Version"),
    *_SUPPORTS,
    Column("pmid", "Database paper"),
    Column("licence", "Licence"),
)
METHODS: Final = (
    Column("method", "Method"),
    Column("psi_mi", "PSI-MI term"),
    Column("method_class", "Class", term="methods"),
    *_SUPPORTS,
)
SPECIES: Final = (
    Column("species", "Species"),
    Column("proteins", "Proteins", is_number=True),
    Column("tfs", "TFs", is_number=True),
    Column("targets", "Targets", is_number=True),
    Column("interactions", "Interactions", is_number=True),
    Column("publications", "Publications", is_number=True),
)


@require_safe
@reads(*IndexForm.names())
@unless_unchanged
def sources(request: HttpRequest) -> HttpResponse:
    counted = hooks.publication_counts()
    records = visibility.sources().with_publication().order_by("name", "key")
    return _index(
        request,
        "sources",
        SOURCES,
        _source_rows(records, counted),
        counted=counted,
        figures=page_figures.sources_figures(),
    )


def _source_rows(
    records: Iterable[SourceDatabase], counted: hooks.PublicationCounts | None
) -> Iterable[Row]:
    supports = counted.sources if counted else None
    for record in records:
        date = f" ({record.version_date})" if record.version_date else ""
        yield {
            "record": record,
            "database": str(record),
            "imported_through": record.via.name if record.via else "",
            "version": f"{record.version}{date}".strip(),
            "pmid": record.publication.pmid if record.publication else None,
            "licence": record.licence,
            **_supported(supports, record.key),
        }


@require_safe
@reads(*IndexForm.names())
@unless_unchanged
def methods(request: HttpRequest) -> HttpResponse:
    counted = hooks.publication_counts()
    records = visibility.methods().order_by("method_class", "name")
    return _index(request, "methods", METHODS, _method_rows(records, counted), counted=counted)


def _method_rows(
    records: Iterable[DetectionMethod], counted: hooks.PublicationCounts | None
) -> Iterable[Row]:
    supports = counted.methods if counted else None
    for record in records:
        yield {
            "record": record,
            "method": record.name,
            "psi_mi": record.psi_mi_id or "",
            "method_class": record.get_method_class_display(),
            **_supported(supports, record.name),
        }


def _supported(supports: Mapping[str, Mapping[str, int]] | None, name: str) -> dict[str, Any]:
    """What the last import counted; None where it did not."""
    if supports is None:
        return {"interactions": None, "tfs": None}
    numbers = supports.get(name, {})
    return {key: numbers.get(key, 0) for key in ("interactions", "tfs")}


@require_safe
@reads(*IndexForm.names())
@unless_unchanged
def species(request: HttpRequest) -> HttpResponse:
    page = Home.read()
    rows = [
        {
            "record": (taxon, numbers),
            "species": taxon.scientific_name,
            **{column.key: getattr(numbers, column.key) for column in SPECIES[1:]},
        }
        for taxon, numbers in page.species
    ]
    return _index(request, "species-list", SPECIES, rows, page=page)


def _index(
    request: HttpRequest, name: str, columns: Sequence[Column], rows: Iterable[Row], **more: Any
) -> HttpResponse:
    """The page of an index, or its file; `name` is that of its URL."""
    stored = list(rows)
    table = IndexTable.of(request, columns, stored)
    if (file := table.file(name)) is not None:
        return file
    head = metadata.index_head(request, name, is_whole=not table.form.state)
    context = {"head": head, "table": table, "is_any": bool(stored), **more}
    return render(request, f"proteins/{name.replace('-', '_')}.html", context)
