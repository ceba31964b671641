"""Files of statements of one import: their dataset, what they withdraw, then their rows.

Statements need interactions: where a pair has none, its lines are refused, or with
`new_interactions` it is added as reported by that source. A file that is complete withdraws the
statements of its dataset that it lacks, of the species that it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db.models import QuerySet

from curation.importing.loading.load_statements import (
    STATEMENTS,
    StatementLoader,
    interactions_of,
)
from curation.importing.loading.names import StoredNames
from curation.importing.loading.report import Tally
from curation.importing.named import NamedFile, OnProgress
from curation.importing.planning.name_map import NameMap
from curation.importing.planning.planned import Change
from curation.importing.planning.stated import DatasetTerms, Methods, Reading, StatementMapper
from curation.importing.rows import ROWS_IN_CHUNK, FileOfRows, RowFile, changed_files
from curation.importing.session import ImportSession
from curation.importing.source.kinds import Kind
from curation.importing.source.problems import Notes, TableError
from curation.importing.source.records import Problem, StatementRecord, Withdrawal
from curation.importing.source.statement_tables import species_of_trrust
from curation.importing.source.statements import read_statements
from curation.importing.withdraw import record
from curation.shared.evidence_rows import EvidenceRows
from curation.shared.large_changes import LargeChangeError, is_large
from proteins.domain.evidence import SmallScale
from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE, StatementState
from proteins.models import Dataset, DetectionMethod, Statement

#: The datasets of files that are known by their form.
DATASETS: Final = {
    Kind.TRRUST: "TRRUST",
    Kind.COLLECTRI: "CollecTRI",
    Kind.DOROTHEA: "DoRothEA",
    Kind.SIGNOR: "SIGNOR",
    Kind.STATEMENTS: CURATED_HERE,
}
_SHARE_ALIKE: Final = re.compile(r"\b(BY|NC)-SA\b")
#: Fields of a dataset that may be stated anew with a file.
_TERMS: Final = ("version", "version_date", "licence", "licence_url")
#: Statements that are withdrawn in one transaction.
_AT_ONCE: Final = 10_000


@dataclass(frozen=True)
class StatementOptions:
    """How files of statements are imported.

    `dataset` is by its name (that of the file's form where it is empty), `source` the database
    that states it (of the same name, where it is empty). A new dataset needs a version and a
    licence; they are stored, and stated again only where they differ. `species` is that of
    names whose line, and file, state none. `complete` is whether files hold all of their
    dataset; None: those of the published forms do, a person's table does not.
    """

    dataset: str = ""
    source: str = ""
    species: str = ""
    version: str = ""
    version_date: str = ""
    licence: str = ""
    licence_url: str = ""
    new_interactions: bool = False
    complete: bool | None = None

    def name_for(self, kind: Kind) -> str:
        return self.dataset or DATASETS[kind]

    def is_complete(self, kind: Kind) -> bool:
        return kind is not Kind.STATEMENTS if self.complete is None else self.complete


@dataclass
class _Reported:
    """What the complete files of a dataset report: statements by interaction and key, and
    interactions with a damaged line, whose statements stay."""

    statements: set[tuple[int, str]] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)
    species: set[str] = field(default_factory=set)
    paths: list[str] = field(default_factory=list)
    #: Statements that go, by primary key.
    missing: list[int] = field(default_factory=list)


class Statements:
    """The files of statements of one import. What those that are complete withdraw is determined
    before anything is written (`check`)."""

    def __init__(
        self,
        files: Sequence[NamedFile],
        session: ImportSession,
        options: StatementOptions,
        *,
        force: bool,
    ) -> None:
        self._session = session
        self._options = options
        files = [file for file in files if self._has_terms(file)]
        changed = list(changed_files(files, session, force=force, dataset_of=self._dataset_of))
        # A file that is read for what is not in it is read with the others of its dataset.
        again = {
            options.name_for(file.named.kind.kind) for file in changed if self._is_complete(file)
        }
        listed = {file.named.path for file in changed}
        beside = [
            file
            for file in files
            if file.path not in listed and options.name_for(file.kind.kind) in again
        ]
        session.report.pages_skipped -= len(beside)
        self._files = [*changed, *changed_files(beside, session, force=True)]
        self._reported: dict[str, _Reported] = {}
        if self._files:
            session.report.tallies.setdefault(STATEMENTS, Tally())

    def _dataset_of(self, file: NamedFile) -> str:
        """Return the name of a file's dataset, as it is stored where it is."""
        name = self._options.name_for(file.kind.kind)
        dataset = _dataset(name)
        return dataset.name if dataset else name

    def _is_complete(self, file: RowFile) -> bool:
        return self._options.is_complete(file.named.kind.kind)

    def _has_terms(self, file: NamedFile) -> bool:
        """Whether a file's dataset is there, or can be added; else the file is refused."""
        name = self._options.name_for(file.kind.kind)
        if _dataset(name) is None and not (self._options.version and self._options.licence):
            reason = (
                f"the dataset '{name}' is new: import_statements needs its version and its "
                "licence (--of-version, --licence) this once"
            )
            self._session.refuse(TableError(file.path, None, reason).problem)
            return False
        return True

    def check(self, *, confirmed: bool) -> None:
        """Raise `LargeChangeError` where a complete file lacks a large share of its dataset's
        statements."""
        for file in self._files:
            dataset = _dataset(self._options.name_for(file.named.kind.kind))
            if dataset is not None and self._is_complete(file) and _active(dataset).exists():
                self._scan(file, dataset)
        for name, reported in self._reported.items():
            self._find_missing(name, reported)
        doubts = self._session.report.doubts
        if doubts and not confirmed:
            raise LargeChangeError(" ".join(doubts))

    def _scan(self, file: RowFile, dataset: Dataset) -> None:
        reported = self._reported.setdefault(dataset.name, _Reported())
        reported.paths.append(file.named.path)
        reading = _Scan(file, self._session, self._options, dataset)
        if not reading.add_to(reported):
            del self._reported[dataset.name]

    def _find_missing(self, name: str, reported: _Reported) -> None:
        dataset = _dataset(name)
        assert dataset is not None  # noqa: S101  (it was scanned)
        for species in sorted(reported.species):
            rows = _active(dataset).filter(interaction__tf__taxon__scientific_name=species)
            stored = 0
            missing = []
            for pk, interaction, key in rows.values_list("pk", "interaction_id", "key").iterator():
                stored += 1
                if (interaction, key) not in reported.statements and (
                    interaction not in reported.damaged
                ):
                    missing.append(pk)
            reported.missing += missing
            if is_large(len(missing), stored):
                what = f"statements of {name} on interactions"
                withdrawal = Withdrawal(species, len(missing), stored, what)
                self._session.report.withdrawals.append(withdrawal)
                doubt = f"{', '.join(reported.paths)} would withdraw {withdrawal}."
                self._session.report.doubts.append(doubt)

    def load(self, on_row: OnProgress) -> None:
        last = {
            self._options.name_for(file.named.kind.kind): file.named.path for file in self._files
        }
        for file in self._files:
            name = self._options.name_for(file.named.kind.kind)
            reported = self._reported.get(name) if last[name] == file.named.path else None
            dataset = self._stored_dataset(name)
            missing = reported.missing if reported else []
            _StatementFile(file, self._session, self._options, dataset, missing).load(on_row)

    def _stored_dataset(self, name: str) -> Dataset:
        """Return the dataset of a file, with what is stated of it now."""
        return self._session.attempt(lambda: self._write_dataset(name))

    def _write_dataset(self, name: str) -> Dataset:
        options, journal = self._options, self._session.journal
        terms = {term: getattr(options, term) for term in _TERMS if getattr(options, term)}
        dataset = _dataset(name)
        if dataset is None:
            dataset = Dataset.objects.create(
                name=name,
                source_id=EvidenceRows(self._session.bulk, journal).source(options.source or name),
                is_share_alike=bool(_SHARE_ALIKE.search(options.licence)),
                **terms,
            )
            journal.created(Dataset, [dataset.pk])
            return dataset
        before = {term: getattr(dataset, term) for term in terms}
        if before != terms:
            for term, value in terms.items():
                setattr(dataset, term, value)
            dataset.save(update_fields=list(terms))
            journal.noted(Change("dataset", dataset.pk, name, "terms", before, terms))
        return dataset


def _dataset(name: str) -> Dataset | None:
    return Dataset.objects.select_related("source").filter(fold=fold(name)).first()


def _active(dataset: Dataset) -> QuerySet[Statement]:
    return Statement.objects.filter(dataset=dataset, state=StatementState.ACTIVE)


class _Mapped:
    """A file's records, mapped to proteins as the session's database has them."""

    def __init__(
        self, file: RowFile, session: ImportSession, options: StatementOptions, dataset: Dataset
    ) -> None:
        path = file.named.path
        species = options.species or species_of_trrust(path, session.species)
        evidence = EvidenceRows(session.bulk)
        methods = DetectionMethod.objects.values_list("psi_mi_id", "name")
        self.mapper = StatementMapper(
            path,
            DatasetTerms(
                dataset.name,
                dataset.source.key if dataset.source else "",
                SmallScale(dataset.default_scale),
            ),
            NameMap(StoredNames(), species),
            Methods(evidence.spellings, {key: name for key, name in methods if key}),
        )


class _Scan(_Mapped):
    """A first reading of a complete file, for what it does not say."""

    def __init__(
        self, file: RowFile, session: ImportSession, options: StatementOptions, dataset: Dataset
    ) -> None:
        super().__init__(file, session, options, dataset)
        self._items = read_statements(file.named.file, file.named.path, session.species)
        self._bulk = session.bulk

    def add_to(self, reported: _Reported) -> bool:
        """Add what the file reports; return whether it could be read to its end."""
        try:
            while chunk := list(islice(self._items, ROWS_IN_CHUNK)):
                self._add(self.mapper.read(chunk), reported)
        except TableError:
            return False
        return True

    def _add(self, reading: Reading, reported: _Reported) -> None:
        pairs = {one.pair for one in reading.stated} | reading.damaged
        ids = interactions_of(self._bulk, pairs)
        reported.statements.update(
            (ids[one.pair], one.key) for one in reading.stated if one.pair in ids
        )
        reported.damaged.update(ids[pair] for pair in reading.damaged if pair in ids)
        reported.species |= reading.species


class _StatementFile(FileOfRows[StatementRecord]):
    """A file of statements on its way into the database."""

    def __init__(
        self,
        file: RowFile,
        session: ImportSession,
        options: StatementOptions,
        dataset: Dataset,
        missing: Sequence[int],
    ) -> None:
        super().__init__(file, session)
        self._mapped = _Mapped(file, session, options, dataset)
        self._dataset = dataset
        self._new_interactions = options.new_interactions
        self._missing = missing
        self._unmapped = 0

    def read(self, notes: Notes) -> Iterator[StatementRecord | Problem]:
        return read_statements(self.file.named.file, self.path, self.session.species, notes)

    def load_chunk(self, rows: list[StatementRecord]) -> None:
        reading = self._mapped.mapper.read(rows)
        absent = self.session.attempt(
            lambda: self._loader().write(
                reading, self.path, new_interactions=self._new_interactions
            )
        )
        for problem in (*reading.problems, *absent):
            self.session.refuse(problem)
            self._unmapped += not problem.cell

    def _loader(self) -> StatementLoader:
        session = self.session
        return StatementLoader(
            session.bulk, session.report, session.journal, session.run, self._dataset
        )

    def record(self, refused: int) -> None:
        """Withdraw what the file does not state any more, then record it.

        What was refused for a name or a pair that is not here may go in later: such a file is
        read again, though it has not changed.
        """
        for ids in _pieces(self._missing):
            self.session.attempt(lambda ids=ids: self._loader().withdraw(ids))  # type: ignore[misc]
            self.session.report.withdrawn_statements += len(ids)
        self.session.attempt(
            lambda: record(
                self.path, self.file.sha256, self.rows, refused, [], self.session,
                dataset=self._dataset.name, to_be_read_again=self._unmapped > 0,
            )
        )  # fmt: skip


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
