"""What a table of one publication would add: read and compared, nothing is written.

Names and accessions mean what they do in an import of statements; each row has what is against
it, and each of its statements whether it is there already. It takes a fixed number of queries,
whatever the number of rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from curation.importing.loading.load_statements import interactions_of
from curation.importing.loading.names import StoredNames
from curation.importing.planning.name_map import Named, NameMap, UnmappedError
from curation.importing.planning.stated import DatasetTerms, Methods, Pair, Stated, StatementMapper
from curation.importing.source.records import StatementRecord
from curation.importing.source.statements_pasted import Block, PastedRow
from curation.models import Proposal, ProposalState, RecordKind
from curation.shared.bulk import bulk_for
from curation.shared.spellings import Spellings
from proteins.domain.evidence import SmallScale
from proteins.domain.fold import fold
from proteins.domain.identifiers import shown
from proteins.domain.statements import (
    CURATED_HERE,
    MAX_QUOTATION,
    Basis,
    Sign,
    StatementContent,
    StatementState,
)
from proteins.models import (
    DetectionMethod,
    Interaction,
    Protein,
    ReviewStatus,
    Statement,
    Taxon,
)

#: Proteins that a row may mean, and methods, that are offered.
_OFFERED: Final = 5


class Candidate(NamedTuple):
    """What may be meant by the text of a cell: what to write instead, and what that is."""

    text: str
    meaning: str
    #: Whether it is of the species of the publication.
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row, or one cell of it."""

    text: str
    cell: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedStatement:
    """One statement of a row; `interaction` is None where its pair is not there yet."""

    pair: Pair
    key: str
    content: StatementContent
    interaction: int | None
    #: Why it is not added: the same is there, or waits, or is stated in a row before.
    skipped: str = ""
    #: The statement that is there.
    same: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What it says, as `add_statement` takes it."""
        return values_of(self.content)


@dataclass(slots=True)
class PlannedRow:
    """A row, what is against it, what is odd about it, and what it states."""

    row: PastedRow
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    statements: list[PlannedStatement] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def cells(self) -> Mapping[str, str]:
        return self.row.cells

    @property
    def added(self) -> list[PlannedStatement]:
        return [] if self.errors else [one for one in self.statements if not one.skipped]

    @property
    def skipped(self) -> list[PlannedStatement]:
        return [one for one in self.statements if one.skipped]


@dataclass(slots=True)
class PaperPlan:
    """What the rows of a publication would add."""

    pmid: int
    species: Taxon
    rows: list[PlannedRow]
    #: Names of the proteins by accession, as they are written in lists.
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def wrong(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.errors]

    @property
    def added(self) -> list[PlannedStatement]:
        return [one for row in self.rows for one in row.added]

    @property
    def skipped(self) -> list[PlannedStatement]:
        return [one for row in self.rows for one in row.skipped]

    @property
    def new_pairs(self) -> list[Pair]:
        """Pairs that are not there yet, in the order of the rows."""
        return list(dict.fromkeys(one.pair for one in self.added if one.interaction is None))

    def protein(self, accession: str) -> str:
        """Return how a protein is shown: `TP53 (P04637)`."""
        name = self.names.get(accession, "")
        return f"{name} ({accession})" if name else accession


def values_of(content: StatementContent) -> dict[str, Any]:
    """Return what a content says, as the values of a statement."""
    return {
        "pmid": content.pmid,
        "method": content.method,
        "eco": content.eco,
        "effect": int(content.effect),
        "basis": None if content.basis is None else int(content.basis),
        "small_scale": int(content.small_scale),
        "cell_line": content.cell_line,
        "tissue": content.tissue,
        "condition": content.condition,
        "quotation": content.quotation,
    }


def content_of(values: Mapping[str, Any]) -> StatementContent:
    """Return what the values of a statement say, those that are missing as not stated."""
    texts = ("method", "eco", "cell_line", "tissue", "condition", "quotation")
    return StatementContent(
        pmid=values.get("pmid"),
        effect=Sign(values.get("effect") or 0),
        basis=Basis(values["basis"]) if values.get("basis") else None,
        small_scale=SmallScale(values.get("small_scale") or 0),
        **{name: str(values.get(name) or "") for name in texts},
    )


def plan_paper(pmid: int, species: Taxon, block: Block) -> PaperPlan:
    """Return what a block would add as read in one publication of one species."""
    return _Planning(pmid, species, block).plan()


class _Planning:
    def __init__(self, pmid: int, species: Taxon, block: Block) -> None:
        self._bulk = bulk_for()
        self._pmid = pmid
        self._species = species
        self._rows = {row.number: PlannedRow(row) for row in block.rows}
        self._names = NameMap(StoredNames(), species.scientific_name)
        stored = list(DetectionMethod.objects.values_list("name", "psi_mi_id"))
        self._methods = {fold(name): name for name, _ in stored}
        self._mapper = StatementMapper(
            "",
            DatasetTerms(CURATED_HERE),
            self._names,
            Methods(
                Spellings(methods=self._methods.values()),
                {psi_mi: name for name, psi_mi in stored if psi_mi},
            ),
        )

    def plan(self) -> PaperPlan:
        self._names.read({text for row in self._rows.values() for text in _texts(row.row)})
        for planned in self._rows.values():
            self._judge(planned)
        reading = self._mapper.read([one for row in self._rows.values() for one in self._good(row)])
        for problem in reading.problems:
            remark = Remark(_sentence(problem.reason), problem.cell)
            self._rows[problem.line or 0].errors.append(remark)
        names = self._compare(reading.stated)
        return PaperPlan(self._pmid, self._species, list(self._rows.values()), names)

    # Rows by themselves

    def _judge(self, planned: PlannedRow) -> None:
        row = planned.row
        planned.errors += [Remark(_sentence(one.reason), one.cell) for one in row.problems]
        for cell in ("tf", "target"):
            self._judge_protein(planned, cell)
        for species in sorted({one.species for one in row.records if one.species}):
            if species != self._species.scientific_name:
                text = f"The row is of {species}, this page of {self._species}."
                planned.errors.append(Remark(text, "species"))
        for pmid in sorted({one.content.pmid for one in row.records if one.content.pmid}):
            if pmid != self._pmid:
                text = f"The row is of PMID {pmid}, this page of PMID {self._pmid}."
                planned.errors.append(Remark(text, "pmid"))
        self._judge_method(planned)
        if len(row.cells.get("quotation", "")) > MAX_QUOTATION:
            text = f"The quotation is cut to {MAX_QUOTATION} characters."
            planned.warnings.append(Remark(text, "quotation"))

    def _judge_protein(self, planned: PlannedRow, cell: str) -> None:
        records = planned.row.records
        if not records:
            return
        try:
            self._names.protein(getattr(records[0], cell))
        except UnmappedError as error:
            candidates = tuple(self._candidate(one) for one in error.candidates[:_OFFERED])
            planned.errors.append(Remark(_sentence(str(error)), cell, candidates))

    def _candidate(self, named: Named) -> Candidate:
        fits = named.species == self._species.scientific_name
        meaning = f"{named.name}, {named.species}" if named.name else named.species
        return Candidate(named.accession, meaning, fits)

    def _judge_method(self, planned: PlannedRow) -> None:
        for method in {one.content.method for one in planned.row.records}:
            if method and not method.startswith("MI:") and fold(method) not in self._methods:
                text = fold(method)
                alike = [name for name in self._methods if text in name]
                alike = alike or get_close_matches(text, self._methods, _OFFERED, 0.5)
                candidates = tuple(Candidate(self._methods[one], "") for one in alike[:_OFFERED])
                why = f"{shown(method)} is not a detection method of this database."
                planned.errors.append(Remark(why, "method", candidates))

    def _good(self, planned: PlannedRow) -> Iterator[StatementRecord]:
        if planned.errors:
            return
        for record in planned.row.records:
            content = replace(record.content, pmid=self._pmid, source_id="")
            yield record._replace(content=content)

    # Rows against what is there

    def _compare(self, stated: Iterable[Stated]) -> dict[str, str]:
        """Let rows have their statements; return the names of the proteins that they name."""
        listed = list(stated)
        pairs = {one.pair for one in listed}
        interactions = interactions_of(self._bulk, pairs)
        stored = self._stored(interactions.values())
        waiting = self._waiting(pairs)
        proteins = self._proteins({accession for pair in pairs for accession in pair})
        rejected = self._rejected(interactions.values())
        first: dict[tuple[Pair, str], int] = {}
        for one in listed:
            planned = self._rows[one.line]
            interaction = interactions.get(one.pair)
            same, why = stored.get((interaction or 0, one.key), (None, ""))
            before = first.setdefault((one.pair, one.key), one.line)
            if not why and before != one.line:
                why = f"Row {before} states the same."
            number = waiting.get((one.pair, one.key))
            if not why and number and str(number) != planned.cells.get("proposal", ""):
                why = f"Proposal {number} proposes the same already."
            statement = PlannedStatement(one.pair, one.key, one.content, interaction, why, same)
            planned.statements.append(statement)
            if interaction in rejected and not why:
                planned.warnings.append(Remark("The interaction is rejected; its page says why."))
        self._warn_of_tfs(proteins)
        return {accession: name for accession, (name, _) in proteins.items()}

    def _stored(self, ids: Iterable[int]) -> dict[tuple[int, str], tuple[int, str]]:
        columns = ("id", "interaction_id", "key", "state")
        return {
            (interaction, key): (pk, _SAME[StatementState(state)])
            for pk, interaction, key, state in self._bulk.select(
                Statement, columns, "interaction_id", ids
            )
        }

    def _waiting(self, pairs: Iterable[Pair]) -> dict[tuple[Pair, str], int]:
        """Return the proposals of statements on these pairs that wait, by pair and key."""
        names = {"-".join(pair): pair for pair in pairs}
        rows = self._bulk.select(
            Proposal,
            ("id", "record_key", "changes"),
            "record_key",
            names,
            kind=RecordKind.STATEMENT.value,
            state=ProposalState.OPEN.value,
        )
        folded = fold(CURATED_HERE)
        return {
            (names[key], proposed_content(changes).key(folded)): pk for pk, key, changes in rows
        }

    def _rejected(self, ids: Iterable[int]) -> set[int | None]:
        rows = self._bulk.select(
            Interaction, ("id",), "id", ids, status=ReviewStatus.REJECTED.value
        )
        return {row[0] for row in rows}

    def _proteins(self, accessions: Iterable[str]) -> dict[str, tuple[str, bool]]:
        columns = ("accession", "name", "is_tf")
        rows = self._bulk.select(Protein, columns, "accession", accessions)
        return {accession: (name, bool(is_tf)) for accession, name, is_tf in rows}

    def _warn_of_tfs(self, proteins: Mapping[str, tuple[str, bool]]) -> None:
        for planned in self._rows.values():
            tfs = {one.pair[0] for one in planned.added}
            planned.warnings += [
                Remark(f"{proteins[tf][0] or tf} is not listed as a TF here yet.", "tf")
                for tf in sorted(tfs)
                if tf in proteins and not proteins[tf][1]
            ]


_SAME: Final = {
    StatementState.ACTIVE: "The same is stated already.",
    StatementState.WITHDRAWN: "The same was stated, and is stated no longer.",
    StatementState.RETRACTED: "The same was stated and is retracted: reinstate it instead.",
}


def proposed_content(changes: str | Mapping[str, Any]) -> StatementContent:
    """Return what a proposed statement says; SQLite gives JSON as text."""
    given = json.loads(changes) if isinstance(changes, str) else changes
    return content_of({name: change[1] for name, change in given.items()})


def _texts(row: PastedRow) -> Iterator[str]:
    for record in row.records[:1]:
        yield record.tf
        yield record.target


def _sentence(reason: str) -> str:
    text = reason[:1].upper() + reason[1:]
    return text if text.endswith(".") else f"{text}."
