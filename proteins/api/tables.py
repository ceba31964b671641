"""Records of any list as JSON Lines, or as a table, some at a time.

A record within a record becomes columns (`taxon.code`), without the URLs that it holds;
a list becomes one cell, joined by semicolons, its records named by their first field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from rest_framework.serializers import ListSerializer, Serializer

from proteins.api.fields import LinkField, UrlField
from proteins.api.records import Record
from proteins.api.rendering import json_texts
from proteins.exports import cells
from proteins.exports.lines import Lines
from proteins.exports.rows import Rows

_WORDS: Final = cells.Words("", "true", "false")


class Column(NamedTuple):
    name: str
    value: Callable[[Record], Any]


@dataclass(frozen=True)
class FileRows:
    """What a file is written from: rows, and as the list has them its records, whose columns a
    table has."""

    rows: Rows
    records: Callable[[], Iterator[Sequence[Record]]]
    columns: Callable[[], list[Column]] = list


#: A line for each record, as the list has it.
jsonl: Final = Lines[FileRows]("", lambda file: map(json_texts, file.records()))


def tsv(file: FileRows) -> Iterator[str]:
    """A header, then a line for each record; an empty cell for nothing, nothing quoted."""
    return _table(file, cells.tsv_values)


def csv(file: FileRows) -> Iterator[str]:
    """The same by RFC 4180; formulas of spreadsheets are marked with an apostrophe."""
    yield cells.BYTE_ORDER_MARK
    yield from _table(file, cells.csv_values)


def _table(file: FileRows, write: Callable[..., str]) -> Iterator[str]:
    columns = file.columns()
    yield write([[column.name for column in columns]], _WORDS)
    for records in file.records():
        yield write([[column.value(record) for column in columns] for record in records], _WORDS)


def columns_of(serializer: Serializer[Any]) -> list[Column]:
    """The columns of the records of a serializer."""
    columns: list[Column] = []
    for name, field in serializer.fields.items():
        if isinstance(field, ListSerializer):
            first = next(iter(field.child.fields))  # type: ignore[union-attr]
            columns.append(Column(name, _names(name, first)))
        elif isinstance(field, Serializer):
            columns += [
                Column(f"{name}.{inner}", _inner(name, inner))
                for inner, of_inner in field.fields.items()
                if not isinstance(of_inner, UrlField | LinkField)
            ]
        else:
            columns.append(Column(name, lambda record, name=name: record[name]))  # type: ignore[misc]
    return columns


def _names(name: str, first: str) -> Callable[[Record], list[Any]]:
    return lambda record: [item[first] for item in record[name]]


def _inner(name: str, inner: str) -> Callable[[Record], Any]:
    """The value within a record within; nothing where there is none."""
    return lambda record: record[name] and record[name][inner]
