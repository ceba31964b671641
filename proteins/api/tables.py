"""Any list as a table or as JSON Lines, by its own serializer, some records at a time.

A record within a record becomes columns (`taxon.code`), without the addresses that it holds;
a list becomes one cell, joined by semicolons, its records named by their first field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.serializers import ListSerializer, Serializer

from proteins.api.fields import LinkField, UrlField
from proteins.api.written import as_json
from proteins.exports.csv_text import BYTE_ORDER_MARK, Value, csv_text, harmless

#: Records that are read and written together.
BATCH: Final = 500
#: What would end a cell or a line of a tab-separated table.
_BREAKS: Final = re.compile(r"[\t\r\n]+")

Record = Mapping[str, Any]


class Column(NamedTuple):
    name: str
    value: Callable[[Record], Any]


def json_lines(request: Request, queryset: QuerySet[Any]) -> Iterator[str]:
    """A line for each record, as the list has it."""
    for records in _batches(request, queryset):
        yield "".join([f"{as_json(record)}\n" for record in records])


def tsv(request: Request, queryset: QuerySet[Any]) -> Iterator[str]:
    """A header, then a line for each record; an empty cell for nothing, nothing quoted."""
    columns = _columns(_serializer(request, many=False))
    yield "\t".join([column.name for column in columns]) + "\n"
    for records in _batches(request, queryset):
        yield "".join(
            [
                "\t".join(
                    [_BREAKS.sub(" ", str(_cell(column.value(record)))) for column in columns]
                )
                + "\n"
                for record in records
            ]
        )


def csv(request: Request, queryset: QuerySet[Any]) -> Iterator[str]:
    """The same by RFC 4180; formulas of spreadsheets are marked with an apostrophe."""
    columns = _columns(_serializer(request, many=False))
    yield BYTE_ORDER_MARK + csv_text([[column.name for column in columns]])
    for records in _batches(request, queryset):
        yield csv_text(
            [_safe(_cell(column.value(record))) for column in columns] for record in records
        )


def csv_of(lines: Iterable[str]) -> Iterator[str]:
    """A tab-separated table as CSV, with the same columns."""
    mark = BYTE_ORDER_MARK
    for text in lines:
        rows = (line.split("\t") for line in text.removesuffix("\n").split("\n"))
        yield mark + csv_text([[harmless(cell) for cell in row] for row in rows])
        mark = ""


def _batches(request: Request, queryset: QuerySet[Any]) -> Iterator[list[Record]]:
    keys = iter(queryset.values_list("pk", flat=True).iterator(chunk_size=BATCH))
    while batch := list(islice(keys, BATCH)):
        rows = {row.pk: row for row in _view(request).with_details(batch)}
        # A serializer for each batch: it keeps what it has written of records that recur.
        yield _serializer(request, [rows[key] for key in batch if key in rows], many=True).data


def _view(request: Request) -> Any:
    return (request.parser_context or {})["view"]


def _serializer(request: Request, *args: Any, many: bool) -> Any:
    return _view(request).get_serializer(*args, many=many)


def _columns(serializer: Serializer[Any]) -> list[Column]:
    found: list[Column] = []
    for name, field in serializer.fields.items():
        if isinstance(field, ListSerializer):
            first = next(iter(field.child.fields))  # type: ignore[union-attr]
            found.append(Column(name, _names(name, first)))
        elif isinstance(field, Serializer):
            found += [
                Column(f"{name}.{inner}", _inner(name, inner))
                for inner, of_inner in field.fields.items()
                if not isinstance(of_inner, UrlField | LinkField)
            ]
        else:
            found.append(Column(name, lambda record, name=name: record[name]))  # type: ignore[misc]
    return found


def _names(name: str, first: str) -> Callable[[Record], list[Any]]:
    return lambda record: [item[first] for item in record[name]]


def _inner(name: str, inner: str) -> Callable[[Record], Any]:
    return lambda record: record[name][inner]


def _cell(value: Any) -> Value:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return value if isinstance(value, int | float) else str(value)


def _safe(value: Value) -> Value:
    return harmless(value) if isinstance(value, str) else value
