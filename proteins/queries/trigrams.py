"""Names and publications by pieces of them: near misses, and texts that hold a text.

Read from the indexes of `proteins.models.trigrams`. Where PostgreSQL has none, near misses are
sought among the names that begin alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from proteins.domain.names import NameKind, folded_name
from proteins.models import Citation, ProteinName
from proteins.models.querysets import CitationQuerySet
from proteins.models.trigrams import FULL_NAMES, NAMES, PUBLICATIONS, Trigrams, is_indexed

#: Letters of a piece, below which no trigram is.
MIN_LENGTH: Final = 3
#: Trigrams that a text is compared by: those of its beginning and end.
_MOST: Final = 12
#: Names that are compared letter by letter.
_CANDIDATES: Final = 150
#: Names longer than this have no near misses: people paste them.
_MAX_LENGTH: Final = 40
#: How much of the trigrams of two names must be alike for PostgreSQL to compare them.
_SIMILARITY: Final = 0.3


class Near(NamedTuple):
    """A name that is nearly a text: how many changes apart, and the protein that has it."""

    distance: int
    text: str
    protein: int


def near_names(text: str, limit: int) -> list[Near]:
    """Return the names that a text may be a slip for, the nearest first."""
    key = folded_name(text)
    if not MIN_LENGTH <= len(key) <= _MAX_LENGTH:
        return []
    allowed = max(1, len(key) // 4)
    nearest: dict[int, Near] = {}
    for folded, stored, protein in _candidates(key):
        distance = edits(key, folded, allowed)
        if distance is not None and (
            protein not in nearest or distance < nearest[protein].distance
        ):
            nearest[protein] = Near(distance, stored, protein)
    return sorted(nearest.values(), key=lambda near: (near.distance, near.text))[:limit]


def _candidates(key: str) -> list[tuple[str, str, int]]:
    """Names that have trigrams of it, and those with two letters the other way round, which in
    a short name leaves no trigram as it was."""
    swapped = ProteinName.objects.filter(folded__in=_swaps(key)).order_by()
    rows = swapped.values_list("folded", "text", "protein")
    return [*rows[:_CANDIDATES], *_alike(key)]


def _swaps(key: str) -> list[str]:
    return [
        key[:place] + key[place + 1] + key[place] + key[place + 2 :]
        for place in range(len(key) - 1)
        if key[place] != key[place + 1]
    ]


def _alike(key: str) -> list[tuple[str, str, int]]:
    names = ProteinName.objects.order_by()
    if connection.vendor == "sqlite":
        names = names.filter(pk__in=_ranked(NAMES, _trigrams(f" {key} ")))
    elif is_indexed(connection, NAMES):
        names = _similar(key)
    else:
        names = names.filter(folded__prefix=key[:2]).exclude(kind=NameKind.FULL_NAME)
    rows = names.values_list("folded", "text", "protein")
    return list(rows[: _CANDIDATES if connection.vendor == "sqlite" else _CANDIDATES * 20])


def _trigrams(text: str) -> list[str]:
    grams = list(dict.fromkeys(text[place : place + 3] for place in range(len(text) - 2)))
    half = _MOST // 2
    return grams if len(grams) <= _MOST else grams[:half] + grams[-half:]


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'


def _ranked(index: Trigrams, grams: Sequence[str]) -> RawSQL:
    """The rows of SQLite's index that have most, and the rarest, of some trigrams."""
    sql = f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s ORDER BY rank LIMIT %s"  # noqa: S608
    return RawSQL(sql, [" OR ".join(map(_quoted, grams)), _CANDIDATES])  # noqa: S611


def _similar(key: str) -> Any:
    """Those that PostgreSQL's index holds for similar."""
    padded = f" {key} "
    similar = RawSQL("(' ' || folded || ' ') %% %s", [padded], BooleanField())
    likeness = RawSQL("similarity(' ' || folded || ' ', %s)", [padded], FloatField())
    short = RawSQL(NAMES.has(), [], BooleanField())  # noqa: S611
    return ProteinName.objects.filter(short, similar).order_by(likeness.desc())


def names_holding(text: str) -> tuple[QuerySet[ProteinName], QuerySet[ProteinName]]:
    """The names, and the full names, that hold a text anywhere, compared as names are
    (`folded_name`): each from its index, which no condition on both would be."""
    rows = ProteinName.objects.order_by()
    key = folded_name(text)
    return _holding(rows, NAMES, [key]), _holding(rows, FULL_NAMES, [key])


def proteins_holding(text: str, limit: int) -> set[int]:
    """The primary keys of proteins with such a name, read up to a limit."""
    return {
        protein
        for names in names_holding(text)
        for protein in names.values_list("protein", flat=True)[:limit]
    }


def publications_holding(text: str) -> CitationQuerySet:
    """The publications that have all words of a text in their title or among their authors."""
    words = [word for word in text.lower().split() if len(word) >= MIN_LENGTH]
    return (
        _holding(Citation.objects.order_by(), PUBLICATIONS, words)
        if words
        else (Citation.objects.none())
    )


def _holding(rows: Any, index: Trigrams, pieces: Sequence[str]) -> Any:
    """Those of an index that hold all pieces: SQLite's says which may, and each is compared."""
    rows = rows.filter(RawSQL(index.has(), [], BooleanField()))  # noqa: S611
    if connection.vendor == "sqlite":
        grams = dict.fromkeys(gram for piece in pieces for gram in _trigrams(piece))
        if grams:
            sql = f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s"  # noqa: S608
            rows = rows.filter(pk__in=RawSQL(sql, [" AND ".join(map(_quoted, grams))]))  # noqa: S611
    for piece in pieces:
        pattern = f"%{piece.translate(_ESCAPED)}%"
        like = f"({index.of()}) LIKE %s ESCAPE '\\'"
        rows = rows.filter(RawSQL(like, [pattern], BooleanField()))  # noqa: S611
    return rows


#: What LIKE takes for a pattern.
_ESCAPED: Final = str.maketrans({one: "\\" + one for one in "%_\\"})


def edits(one: str, other: str, limit: int) -> int | None:
    """Return how many letters one must change, add, leave out or swap to make the other of it
    (the restricted distance of Damerau and Levenshtein); None where that is more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return None
    before, row = [], list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, last, row = row, before, [place, *([0] * len(other))]
        for column, counterpart in enumerate(other, 1):
            cost = letter != counterpart
            row[column] = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + cost)
            if (
                place > 1
                and column > 1
                and letter == other[column - 2]
                and one[place - 2] == counterpart
            ):
                row[column] = min(row[column], last[column - 2] + 1)
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None
