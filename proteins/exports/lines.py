"""Formats in which each row has a text of its own, whatever rows are beside it.

A release writes such texts once and puts each into every file that has the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Source = TypeVar("Source")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Lines(Generic[Source]):
    """Writes a file: how it begins, then the texts of its rows, a batch at a time."""

    head: str
    #: The text of each row in order, its line ends included; empty for a row that has no line.
    texts: Callable[[Source], Iterator[list[str]]]

    def __call__(self, source: Source) -> Iterator[str]:
        if self.head:
            yield self.head
        for texts in self.texts(source):
            if text := "".join(texts):
                yield text

    def of(self, source: Callable[[Other], Source]) -> Lines[Other]:
        """The same format, of what `source` makes the rows of."""
        return Lines(self.head, lambda other: self.texts(source(other)))
