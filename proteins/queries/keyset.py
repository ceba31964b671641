"""Keyset cursors: a page begins after the row where another ended, so that the last page costs
what the first does, and rows that come or go meanwhile shift nothing.

Each list has its own text for the key of a row in a URL: the API one for all of its orders
(`Cursor.encoded`), a page of the site one that people can read.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from proteins.domain import identifiers
from proteins.domain.identifiers import shown

_MAX_LENGTH: Final = 1_000
_FOREIGN: Final = "not a cursor of this list; take it from the links next and previous"
_OTHER_FILTERS: Final = (
    "a cursor of a list with other filters; take it from the links next and previous, or leave "
    "it out"
)
#: Bytes of the digest of filters that a cursor has.
_DIGEST: Final = 6

Key = tuple[Any, ...]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Cursor:
    """The key of a row in an order (`-name` where it is descending), and the direction of the
    page from there."""

    key: Key
    order: str = ""
    backward: bool = False
    #: A digest of the filters of the list.
    query: bytes = b""

    @classmethod
    def of(cls, after: Key | None, before: Key | None) -> Cursor | None:
        """The cursor of the keys that a page begins after, or else ends before."""
        if after is not None:
            return cls(after)
        return None if before is None else cls(before, backward=True)

    def encoded(self) -> str:
        head = [int(self.backward), self.order, self.query[:_DIGEST].hex()]
        content = json.dumps([*head, *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, text: str, order: str, types: Sequence[type], query: bytes = b"") -> Cursor:
        """Read one of ours, of this order and these filters; ValueError, meant for people, for
        anything else."""
        content = _content(text)
        if [type(part) for part in content[:3]] != [int, str, str]:
            raise ValueError(_FOREIGN)
        direction, its_order, its_query, *key = content
        if its_order != order:
            raise ValueError(
                f"a cursor of the order {shown(its_order)}, and this list is in the order "
                f"{shown(order)}; take it from the links next and previous"
            )
        if [type(part) for part in key] != [*types]:
            raise ValueError(_FOREIGN)
        if direction not in (0, 1) or not all(map(_storable, key)):
            raise ValueError(_FOREIGN)
        if its_query != query[:_DIGEST].hex():
            raise ValueError(_OTHER_FILTERS)
        return cls(tuple(key), order, bool(direction), query)


def _content(text: str) -> list[Any]:
    try:
        if len(text) <= _MAX_LENGTH:
            padded = text + "=" * (-len(text) % 4)
            content = json.loads(base64.b64decode(padded.encode(), b"-_", validate=True))
            if isinstance(content, list):
                return content
    except (binascii.Error, ValueError, RecursionError):
        pass
    return []


def _storable(value: str | int) -> bool:
    """Whether a database can compare a column with it."""
    if isinstance(value, int):
        return 0 <= value <= identifiers.MAX_INTEGER
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """The rows of one page, in the order of the list."""

    rows: list[Row]
    cursor: Cursor | None
    #: Whether there are more rows in the direction in which it was read.
    goes_on: bool

    @classmethod
    def of(cls, rows: Sequence[Row], size: int, cursor: Cursor | None) -> KeysetPage[Row]:
        """Take rows as they were read from the cursor on, one more than a page has."""
        chosen = list(rows[:size])
        if cursor and cursor.backward:
            chosen.reverse()
        return cls(chosen, cursor, len(rows) > size)

    # On the side that a reader came from there is a page: that of the cursor's own row.
    @property
    def has_next(self) -> bool:
        return self.goes_on or bool(self.cursor and self.cursor.backward)

    @property
    def has_previous(self) -> bool:
        return self.goes_on if self.cursor and self.cursor.backward else self.cursor is not None


#: A word for each page that can be reached, with the part of the URL that it needs.
Steps = list[tuple[str, dict[str, str]]]


def steps(
    rows: Sequence[Row], place: Callable[[Row], str], *, previous: bool, following: bool
) -> Steps:
    """The steps to the first page, the previous and the next; none from a page without rows."""
    ways: Steps = []
    if rows and previous:
        ways += [("First", {}), ("Previous", {"before": place(rows[0])})]
    if rows and following:
        ways += [("Next", {"after": place(rows[-1])})]
    return ways
