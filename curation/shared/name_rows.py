"""Rows of names and cross-references by source: reading and writing them in whole lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Model

from curation.models import RemovedName
from curation.shared.bulk import Bulk
from proteins.domain.names import NameKind, folded_name
from proteins.models import CrossReference, NameSource, ProteinName
from proteins.models.protein_names import CURATED

#: More than any position of a name, and within a small integer.
_ASIDE: Final = 16_000
_LABELS: Final = {kind.value: kind.label for kind in ProteinName.Kind}
_KINDS: Final = {label: NameKind(value) for value, label in _LABELS.items()}


class SourcedRow(NamedTuple):
    """One name, or one identifier in another database, that a source states of a protein."""

    id: int
    protein: int
    kind: int
    text: str
    source: int
    position: int = 0


@dataclass(frozen=True)
class Table:
    """Where such rows are: their model, and its columns for kind and text."""

    model: type[Model]
    kind: str
    text: str
    is_ordered: bool

    @property
    def columns(self) -> tuple[str, ...]:
        ordered = ("position",) if self.is_ordered else ()
        return ("id", "protein_id", self.kind, self.text, "source_id", *ordered)

    def identity(self, row: SourcedRow) -> tuple[int | str, ...]:
        """Return what a protein has one row of: names are of each source."""
        return (row.kind, row.text, row.source) if self.is_ordered else (row.kind, row.text)

    def read(self, bulk: Bulk, key: str, values: Iterable[Any]) -> list[SourcedRow]:
        """Return the rows whose `key` is among `values`, those of pages left out."""
        rows = bulk.select(self.model, self.columns, key, values)
        return [SourcedRow(*row) for row in rows if row[4] is not None]

    def insert(self, bulk: Bulk, rows: Collection[SourcedRow]) -> None:
        if not self.is_ordered:
            bulk.insert(self.model, self.columns, [row[:5] for row in rows])
            return
        columns = (*self.columns, "folded")
        bulk.insert(self.model, columns, [(*row, folded_name(row.text)) for row in rows])

    def place(self, bulk: Bulk, rows: Collection[SourcedRow], moved: Collection[int]) -> None:
        """Store source and position of rows; those of these ids change their position."""
        if not self.is_ordered:
            bulk.update(self.model, ("source_id",), [(row.source, row.id) for row in rows])
            return
        # No two names of a kind and source are at one position, at any moment.
        aside = [(_ASIDE + at, key) for at, key in enumerate(sorted(moved))]
        bulk.update(self.model, ("position",), aside)
        values = [(row.source, row.position, row.id) for row in rows]
        bulk.update(self.model, ("source_id", "position"), values)


NAMES: Final = Table(ProteinName, "kind", "text", is_ordered=True)
REFERENCES: Final = Table(CrossReference, "database", "identifier", is_ordered=False)
TABLES: Final = {table.model._meta.label: table for table in (NAMES, REFERENCES)}


def name_line(kind: int, text: str) -> str:
    """Return a name as histories and forms have it: `synonym: OCT4`."""
    return f"{_LABELS[kind]}: {text}"


def name_lines(rows: Iterable[SourcedRow]) -> list[str]:
    """Return the names of rows, each once and in order."""
    return sorted({name_line(row.kind, row.text) for row in rows})


def parse_line(line: str) -> tuple[NameKind, str]:
    """Return kind and text of a line that `name_line` wrote; raises `ValueError`."""
    label, colon, text = line.partition(":")
    kind = _KINDS.get(label.strip())
    if not colon or kind is None or not text.strip():
        kinds = ", ".join(_KINDS)
        raise ValueError(f"write “synonym: OCT4”, with one of {kinds} before the colon")
    return kind, text.strip()


def curated_source() -> NameSource:
    """Return the source of names that curators add."""
    return NameSource.objects.get_or_create(name=CURATED, version="")[0]


def write_names(bulk: Bulk, protein: int, wanted: Iterable[str]) -> None:
    """Let a protein have these names, as a curator states them, beside those of its page.

    What a source states and is not among them is noted as removed; what was removed before, and
    is among them, is again of its source.
    """
    stored = NAMES.read(bulk, "protein_id", [protein])
    lines = set(wanted)
    gone = [row for row in stored if name_line(row.kind, row.text) not in lines]
    curated = curated_source().pk
    RemovedName.objects.bulk_create(
        RemovedName(protein_id=protein, kind=row.kind, text=row.text, source_id=row.source)
        for row in gone
        if row.source != curated
    )
    bulk.delete(ProteinName, "id", [row.id for row in gone])
    missing = lines - {name_line(row.kind, row.text) for row in stored}
    _add(bulk, protein, [parse_line(line) for line in sorted(missing)], curated)


def _add(bulk: Bulk, protein: int, names: Collection[tuple[NameKind, str]], curated: int) -> None:
    removed = RemovedName.objects.filter(protein=protein)
    sources: dict[tuple[int, str], list[int]] = {}
    for key, kind, text, source in removed.values_list("pk", "kind", "text", "source_id"):
        if (kind, text) in names:
            sources.setdefault((kind, text), []).append(source)
            RemovedName.objects.filter(pk=key).delete()
    rows = [
        SourcedRow(0, protein, kind, text, source)
        for kind, text in names
        for source in sources.get((kind, text), [curated])
    ]
    append_names(bulk, rows)


def unite_names(bulk: Bulk, old: int, new: int) -> None:
    """Let a protein have the names and cross-references of another that is merged into it."""
    RemovedName.objects.filter(protein=old).update(protein=new)
    for table in TABLES.values():
        stored = table.read(bulk, "protein_id", [old, new])
        present = {table.identity(row) for row in stored if row.protein == new}
        moved = [
            row._replace(protein=new)
            for row in stored
            if row.protein == old and table.identity(row) not in present
        ]
        bulk.delete(table.model, "id", [row.id for row in stored if row.protein == old])
        if table is NAMES:
            append_names(bulk, moved)
        else:
            table.insert(bulk, moved)


def append_names(bulk: Bulk, rows: Iterable[SourcedRow]) -> list[int]:
    """Store names as the last of their protein, kind and source; return their primary keys."""
    listed = list(rows)
    proteins = {row.protein for row in listed}
    positions: dict[tuple[int, int, int], int] = {}
    for row in NAMES.read(bulk, "protein_id", proteins):
        place = (row.protein, row.kind, row.source)
        positions[place] = max(positions.get(place, 0), row.position + 1)
    ids = bulk.reserve_ids(ProteinName, sum(not row.id for row in listed))
    free, placed = iter(ids), []
    for row in listed:
        place = (row.protein, row.kind, row.source)
        position = positions.get(place, 0)
        placed.append(row._replace(id=row.id or next(free), position=position))
        positions[place] = position + 1
    NAMES.insert(bulk, placed)
    return [row.id for row in placed]
