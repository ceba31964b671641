"""The orders of a list, and the place in one where a page begins.

A cursor holds the order that it is of, the key of a row, and on which side of it the page is.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proteins.domain import identifiers
from proteins.domain.identifiers import shown

_MAX_CURSOR_LENGTH = 1_000

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Order:
    """An order that an index answers: the columns of a unique key, with their types."""

    name: str
    key: Mapping[str, type]
    #: By what, in words.
    about: str
    #: Parameters that its index knows nothing of: rows that match might be anywhere in it.
    not_with: tuple[str, ...] = ()
    #: Parameters with which few rows match: those are sorted.
    sorted_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cursor:
    """The key of a row in an order (`-name` where it is turned round)."""

    key: Key
    order: str
    backward: bool = False

    def encoded(self) -> str:
        content = json.dumps([int(self.backward), self.order, *self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, text: str, order: str, types: Sequence[type]) -> Cursor:
        """Read one of ours, of this order; ValueError, meant for people, for anything else."""
        content = _content(text)
        foreign = "not a cursor of this list; take it from the links next and previous"
        if [type(part) for part in content[:2]] != [int, str]:
            raise ValueError(foreign)
        direction, its_order, *key = content
        if its_order != order:
            raise ValueError(
                f"a cursor of the order {shown(its_order)}, and this list is in the order "
                f"{shown(order)}; take it from the links next and previous"
            )
        if [type(part) for part in key] != [*types]:
            raise ValueError(foreign)
        if direction not in (0, 1) or not all(map(_storable, key)):
            raise ValueError(foreign)
        return cls(tuple(key), order, bool(direction))


def _content(text: str) -> list[Any]:
    try:
        if len(text) <= _MAX_CURSOR_LENGTH:
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
