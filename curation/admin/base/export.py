"""The rows of a list as CSV: all that pass its search and filters, however many.

The file is for spreadsheets first, because that is where curators open it
(`proteins.exports.cells`).

Rows are read in the order of the list, in batches: what is held in memory does not grow with
the list. All of it is read in one snapshot.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeData

from curation.models import RecordKind
from curation.records import records_of
from proteins.exports.cells import BYTE_ORDER_MARK, csv_text, harmless
from proteins.queries.snapshot import consistent_read

if TYPE_CHECKING:
    from curation.admin.base.admin import CurationAdmin

#: Records that are read, and sent, at once.
BATCH: Final = 1000


def export_view(page: CurationAdmin[Any], request: HttpRequest) -> HttpResponseBase:
    """Answer with the rows of a list; raises `PermissionDenied` to who may not look at them."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not page.has_view_or_change_permission(request):
        raise PermissionDenied
    try:
        change_list = page.get_changelist_instance(request)
    except IncorrectLookupParameters:
        # As the list does with a URL that means nothing: the list reports it.
        return HttpResponseRedirect(f"{page.url_of('changelist')}?e=1")
    answer = StreamingHttpResponse(
        lines(page, columns(page, request), change_list), content_type="text/csv; charset=utf-8"
    )
    name = f"{_file_name(page)}-{timezone.now():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file_name(page: CurationAdmin[Any]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(page.opts.verbose_name_plural).lower()).strip("-")


def columns(page: CurationAdmin[Any], request: HttpRequest) -> list[str]:
    """Return the columns of the list that mean something outside a page."""
    shown = page.get_list_display(request)
    return [str(name) for name in shown if name not in (*page.not_exported, "action_checkbox")]


def lines(page: CurationAdmin[Any], names: Sequence[str], change_list: ChangeList) -> Iterator[str]:
    """Yield the text of the file, a batch of its lines at a time."""
    # A vocabulary's list has the column by which it is named.
    own = getattr(page, "kind", None)
    kind = own if isinstance(own, RecordKind) else None
    head = [_heading(page, name) for name in names]
    if kind is not None:
        head.insert(0, "identifier")
    yield BYTE_ORDER_MARK + csv_text([head])
    with consistent_read():
        for batch in _batches(change_list):
            yield csv_text(_cells(page, names, kind, record) for record in batch)


def _batches(change_list: ChangeList) -> Iterator[list[models.Model]]:
    """Yield the records in their order, each batch in a fixed number of queries.

    The ids alone are read, and where needed sorted, for the whole list; all that a line shows
    is read for one batch of them.
    """
    every = change_list.root_queryset.order_by()
    if not every.query.select_related:
        every = change_list.apply_select_related(every)
    rows = change_list.queryset.prefetch_related(None).select_related(None)
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(keys, BATCH)):
        records = {record.pk: record for record in every.filter(pk__in=batch)}
        yield [records[key] for key in batch if key in records]


def _cells(
    page: CurationAdmin[Any], names: Sequence[str], kind: RecordKind | None, record: models.Model
) -> list[str | int | float]:
    cells = [_cell(page, name, record) for name in names]
    if kind is not None:
        cells.insert(0, harmless(records_of(kind).key(record)))
    return cells


def _heading(page: CurationAdmin[Any], name: str) -> str:
    return harmless(str(label_for_field(name, page.model, page)))


def _cell(page: CurationAdmin[Any], name: str, record: models.Model) -> str | int | float:
    try:
        field, _, value = lookup_field(name, record, page)
    except ObjectDoesNotExist:
        return ""
    choices = dict(getattr(field, "flatchoices", None) or ())
    return plain(choices.get(value, value) if choices else value)


def plain(value: Any) -> str | int | float:
    """Return what a column shows as a number, or as text without any mark-up."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | timedelta):
        return str(value)
    text = str(value)
    if isinstance(value, SafeData) or hasattr(value, "__html__"):
        text = html.unescape(strip_tags(text)).strip()
    return harmless(text)
