"""The pages of datasets: where statements come from, and under which licence."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proteins.caching.conditional import unless_unchanged
from proteins.models import Statement
from proteins.queries.datasets import SHOWN, CountedDataset, counted_datasets, newest_statements
from proteins.site import metadata
from proteins.site.cite import CiteBox
from proteins.site.index_tables import Column, IndexForm, IndexTable, Row
from proteins.site.parameters import reads

DATASETS: Final = (
    Column("dataset", "Dataset"),
    Column("source", "Source database"),
    Column("version", "Version"),
    Column("licence", "Licence"),
    Column("statements", "Statements", is_number=True),
)
STATEMENTS: Final = (
    Column("tf", "TF", term="tf"),
    Column("target", "Target", term="target"),
    Column("effect", "Effect", term="effect"),
    Column("method", "Method", term="method"),
    Column("pmid", "Publication"),
)


@require_safe
@reads(*IndexForm.names())
@unless_unchanged
def datasets(request: HttpRequest) -> HttpResponse:
    table = IndexTable.of(request, DATASETS, map(_row, counted_datasets()))
    if (file := table.file("datasets")) is not None:
        return file
    head = metadata.index_head(request, "datasets", is_whole=not table.form.state)
    return render(request, "proteins/datasets.html", {"head": head, "table": table})


def _row(counted: CountedDataset) -> Row:
    dataset = counted.dataset
    date = f" ({dataset.version_date})" if dataset.version_date else ""
    return {
        "record": dataset,
        "dataset": str(dataset),
        "source": str(dataset.source or ""),
        "version": f"{dataset.version}{date}".strip(),
        "licence": dataset.licence,
        "statements": counted.active,
    }


@require_safe
@reads(*IndexForm.names())
@unless_unchanged
def dataset(request: HttpRequest, number: int) -> HttpResponse:
    record = next(iter(counted_datasets(number)), None)
    if record is None:
        raise Http404("There is no such dataset.")
    table = IndexTable.of(
        request, STATEMENTS, map(_statement_row, newest_statements(record.dataset))
    )
    if (file := table.file(f"dataset-{number}-statements")) is not None:
        return file
    context = {
        "head": (head := metadata.dataset_head(request, record.dataset)),
        "citation": CiteBox.of(request, head.name, record.dataset.get_absolute_url()),
        "record": record.dataset,
        "counts": record.counts,
        "table": table,
        "active": record.active,
        "most": SHOWN,
    }
    return render(request, "proteins/dataset.html", context)


def _statement_row(statement: Statement) -> Row:
    interaction, citation = statement.interaction, statement.citation
    return {
        "record": statement,
        "tf": interaction.tf.label,
        "target": interaction.target.label,
        "effect": statement.get_effect_display() if statement.effect else "",
        "method": str(statement.method or ""),
        "pmid": citation.pmid if citation else "",
    }
