"""What a source calls proteins becomes rows of it: new ones are added, what it no longer states
goes, what it states again is of its present version.

Rows are written in whole lists, within the transaction that the caller holds. Names of pages, of
curators and of other sources stay as they are, and what a curator removed does not come back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from curation.importing.loading.journal import Journal
from curation.importing.loading.report import RunReport, Tally
from curation.importing.planning.planned import Change
from curation.models import ImportRun, RecordKind, RemovedName
from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from curation.shared.name_rows import NAMES, REFERENCES, SourcedRow, Table, name_lines
from proteins.models import NameSource, Protein

#: What names of a run, and identifiers in other databases, are counted as.
NAMES_COUNTED: Final = "names"
REFERENCES_COUNTED: Final = "cross-references"
_TALLIES: Final = {NAMES: NAMES_COUNTED, REFERENCES: REFERENCES_COUNTED}

#: Kind and text of each, in their order.
Items = Sequence[tuple[int, str]]


@dataclass
class StatedNames:
    """What a source states of one protein."""

    accession: str
    names: list[tuple[int, str]] = field(default_factory=list)
    references: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class _Difference:
    """What is to be done with the rows of a table."""

    #: Without their primary keys: these are reserved together.
    stated: list[tuple[int, int, str, int, int]] = field(default_factory=list)
    new: list[SourcedRow] = field(default_factory=list)
    gone: list[SourcedRow] = field(default_factory=list)
    #: Rows as they were and as they are to be.
    placed: list[tuple[SourcedRow, SourcedRow]] = field(default_factory=list)
    met: list[int] = field(default_factory=list)


class NameLoader:
    """Writes what one source, in one version, states of proteins."""

    def __init__(
        self, bulk: Bulk, report: RunReport, journal: Journal, run: ImportRun, source: NameSource
    ) -> None:
        self._bulk = bulk
        self._report = report
        self._journal = journal
        self._run = run
        self._source = source.pk
        versions = NameSource.objects.filter(name=source.name)
        self._versions = frozenset(versions.values_list("pk", flat=True))

    def write(
        self,
        stated: Mapping[int, StatedNames],
        kinds: Collection[int],
        *,
        with_references: bool = False,
    ) -> None:
        """Write what is stated of proteins, by primary key; `kinds` are those of names that the
        source speaks of at all."""
        stored = _by_protein(NAMES.read(self._bulk, "protein_id", stated))
        removed = self._removed(stated)
        names = _Difference()
        for key, one in stated.items():
            items = [item for item in one.names if (key, *item) not in removed]
            rows = [row for row in stored.get(key, ()) if row.kind in kinds]
            self._compare(key, items, rows, names)
        changed = self._write(NAMES, names, stated)
        self._revise(stated, stored, names)
        if with_references:
            references = _Difference()
            rows_of = _by_protein(REFERENCES.read(self._bulk, "protein_id", stated))
            for key, one in stated.items():
                self._compare(key, one.references, rows_of.get(key, ()), references)
            changed |= self._write(REFERENCES, references, stated)
        change = this_change()
        self._bulk.update(Protein, ("change_id",), [(change, key) for key in sorted(changed)])
        proteins = self._report.tallies["proteins"]
        proteins.changed(changed)
        proteins.met(stated)

    def _removed(self, proteins: Iterable[int]) -> set[tuple[int, int, str]]:
        """Return protein, kind and text of names that curators removed; there are few."""
        wanted = set(proteins)
        rows = RemovedName.objects.order_by().values_list("protein_id", "kind", "text")
        return {row for row in rows.iterator() if row[0] in wanted}

    def _compare(
        self, protein: int, items: Items, stored: Iterable[SourcedRow], difference: _Difference
    ) -> None:
        own = {(row.kind, row.text): row for row in stored if row.source in self._versions}
        positions: dict[int, int] = {}
        for kind, text in dict.fromkeys(items):
            position = positions.get(kind, 0)
            positions[kind] = position + 1
            row = own.pop((kind, text), None)
            if row is None:
                difference.stated.append((protein, kind, text, self._source, position))
                continue
            after = row._replace(source=self._source, position=position)
            difference.met.append(row.id)
            if after != row:
                difference.placed.append((row, after))
        difference.gone += own.values()

    def _write(
        self, table: Table, difference: _Difference, stated: Mapping[int, StatedNames]
    ) -> set[int]:
        """Write a difference; return the proteins that it changes."""
        tally = self._report.tallies.setdefault(_TALLIES[table], Tally())
        self._bulk.delete(table.model, "id", [row.id for row in difference.gone])
        self._place(table, difference.placed)
        ids = self._bulk.reserve_ids(table.model, len(difference.stated))
        numbered = zip(ids, difference.stated, strict=True)
        difference.new = [SourcedRow(key, *row) for key, row in numbered]
        table.insert(self._bulk, difference.new)
        self._journal_rows(table, difference, stated)
        self._journal.created(table.model, ids)
        self._journal.stated(table.model, difference.met)
        tally.met(difference.met)
        tally.changed(row.id for row in difference.gone)
        tally.changed(after.id for _, after in difference.placed)
        tally.created(ids)
        changed = (*difference.new, *difference.gone, *(after for _, after in difference.placed))
        return {row.protein for row in changed}

    def _place(self, table: Table, placed: Sequence[tuple[SourcedRow, SourcedRow]]) -> None:
        moved = [row.id for row, after in placed if after.position != row.position]
        table.place(self._bulk, [after for _, after in placed], moved)

    def _journal_rows(
        self, table: Table, difference: _Difference, stated: Mapping[int, StatedNames]
    ) -> None:
        label = table.model._meta.label
        for row in difference.gone:
            accession = stated[row.protein].accession
            self._journal.noted(Change(label, row.id, accession, "row", list(row), None))
        sources: defaultdict[int, list[int]] = defaultdict(list)
        for row, after in difference.placed:
            if after.source != row.source:
                sources[row.source].append(row.id)
            if after.position != row.position:
                accession = stated[row.protein].accession
                values = (row.position, after.position)
                self._journal.noted(Change(label, row.id, accession, "position", *values))
        for before, ids in sources.items():
            self._journal.sourced(label, ids, before, self._source)

    def _revise(
        self,
        stated: Mapping[int, StatedNames],
        stored: Mapping[int, Sequence[SourcedRow]],
        difference: _Difference,
    ) -> None:
        """Record in the history of proteins which names they gain and lose."""
        gone, new = {row.id for row in difference.gone}, _by_protein(difference.new)
        for key in {row.protein for row in (*difference.new, *difference.gone)}:
            rows = stored.get(key, ())
            after = [row for row in rows if row.id not in gone]
            values = name_lines(rows), name_lines([*after, *new.get(key, ())])
            if values[0] != values[1]:
                accession = stated[key].accession
                self._journal.revised(
                    Change(RecordKind.PROTEIN.value, key, accession, "names", *values)
                )


def _by_protein(rows: Iterable[SourcedRow]) -> dict[int, list[SourcedRow]]:
    grouped: dict[int, list[SourcedRow]] = {}
    for row in rows:
        grouped.setdefault(row.protein, []).append(row)
    return grouped
