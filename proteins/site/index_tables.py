"""Tables of a vocabulary: a few dozen rows, which are filtered and sorted in memory, and are a
file, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse

from proteins.domain.fold import fold
from proteins.exports.cells import BYTE_ORDER_MARK, Words, csv_values, tsv_values
from proteins.filters.fields import Choices
from proteins.site.forms import StateForm, choice_field
from proteins.site.paging import Head, sorted_by

_TYPES: Final = {"tsv": "text/tab-separated-values", "csv": "text/csv"}
_WRITERS: Final = {"tsv": tsv_values, "csv": csv_values}
_EMPTY: Final = (None, "")

#: A row by the keys of columns; what a page shows beside is under other keys.
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column by its key in rows, which the parameter `sort` and files have, too."""

    key: str
    label: str
    is_number: bool = False
    term: str = ""

    @property
    def first_order(self) -> str:
        """The order of the first click on its head."""
        return f"-{self.key}" if self.is_number else self.key


class IndexForm(StateForm):
    """The state of such a table: the rows that hold a text, the order, and the kind of file."""

    not_filters: ClassVar[frozenset[str]] = StateForm.not_filters | {"format"}
    q = forms.CharField(label="Contains", required=False, max_length=100)
    sort = choice_field("Order", "order", [])
    format = choice_field("File", "kind of file", [(kind, kind) for kind in _TYPES])

    def __init__(self, request: HttpRequest, columns: Sequence[Column]) -> None:
        super().__init__(request.GET)
        orders: Choices = [(f"{sign}{column.key}", "") for column in columns for sign in ("", "-")]
        self.columns = columns
        self.fields["sort"] = choice_field("Order", "order", orders)

    @property
    def first_order(self) -> str:
        """What the bare URL has, which is its only URL."""
        return self.columns[0].first_order

    @property
    def order(self) -> str:
        return self.state.get("sort") or self.first_order


@dataclass(frozen=True)
class IndexTable:
    """The rows of a table that its form chooses, in its order."""

    path: str
    form: IndexForm
    columns: Sequence[Column]
    rows: list[Row]

    @classmethod
    def of(cls, request: HttpRequest, columns: Sequence[Column], rows: Iterable[Row]) -> Self:
        form = IndexForm(request, columns)
        chosen = [row for row in rows if _holds(row, columns, form.state.get("q", ""))]
        key = form.order.removeprefix("-")
        empty = [row for row in chosen if row[key] in _EMPTY]
        others = [row for row in chosen if row[key] not in _EMPTY]
        others.sort(key=lambda row: _sort_key(row[key]), reverse=form.order.startswith("-"))
        return cls(request.path, form, columns, [*others, *empty])

    @property
    def records(self) -> list[Any]:
        return [row["record"] for row in self.rows]

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        aria_sort, following = sorted_by(column.first_order, self.form.order)
        sort = "" if following == self.form.first_order else following
        return Head(column.label, self._url(sort=sort), aria_sort, column.is_number, column.term)

    @property
    def files(self) -> list[tuple[str, str]]:
        return [(kind.upper(), self._url(format=kind)) for kind in _TYPES]

    def _url(self, **changes: str) -> str:
        state = {**self.form.state, **changes}
        query = urlencode({name: value for name, value in state.items() if value})
        return f"{self.path}?{query}" if query else self.path

    def file(self, name: str) -> HttpResponse | None:
        """The rows as a file, where one is requested."""
        kind = self.form.state.get("format")
        if not kind:
            return None
        cells = ([row[column.key] for column in self.columns] for row in self.rows)
        text = _WRITERS[kind]([[column.key for column in self.columns], *cells], Words())
        response = HttpResponse(
            BYTE_ORDER_MARK * (kind == "csv") + text, f"{_TYPES[kind]}; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="tflink-{name}.{kind}"'
        return response


def _holds(row: Row, columns: Sequence[Column], text: str) -> bool:
    return not text or any(fold(text) in fold(str(row[column.key])) for column in columns)


def _sort_key(value: Any) -> Any:
    return value if isinstance(value, int) else fold(str(value))
