"""What a file of statements says becomes rows; then its interactions are restated.

Rows are written in whole lists, within the transaction that the caller holds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from curation.importing.loading.journal import Journal
from curation.importing.loading.proposals import open_conflicts, release_pins
from curation.importing.loading.report import RunReport
from curation.importing.loading.statement_rows import (
    COLUMNS,
    FIELDS,
    StatementRows,
    StoredStatement,
    content_as_json,
    field_value,
)
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.stated import Pair, Reading, Stated
from curation.importing.source.records import Problem
from curation.models import ImportRun, Pin, RecordKind
from curation.records.restate import restate
from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from curation.shared.evidence_rows import EvidenceRows
from curation.shared.support import SupportRows
from proteins.domain.evidence import EvidenceContent
from proteins.domain.statements import StatementContent, StatementState, resources_among
from proteins.domain.support import Role, SupportContent
from proteins.models import (
    Dataset,
    Effect,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
    Statement,
    SupportPart,
)

#: What the statements of a run are counted as.
STATEMENTS = "statements"
_EFFECT = ("effect", "basis")
_KIND = "statement"
#: Whether sources report an interaction; what a curator added they never did.
_BY_SOURCES = (Reporting.REPORTED, Reporting.WITHDRAWN)


def short_key(pair: str, key: str) -> str:
    """Return how histories name a statement, by its interaction and its key."""
    return f"{pair}/{key[:8]}"


def interactions_of(bulk: Bulk, pairs: Collection[Pair]) -> dict[Pair, int]:
    """Return the interactions of pairs by accession that are there."""
    accessions = {accession for pair in pairs for accession in pair}
    ids: dict[str, int] = dict(bulk.select(Protein, ("accession", "id"), "accession", accessions))
    wanted = {
        (ids[tf], ids[target]): (tf, target) for tf, target in pairs if tf in ids and target in ids
    }
    rows = bulk.select_pairs(
        Interaction, ("id", "tf_id", "target_id"), ("tf_id", "target_id"), list(wanted)
    )
    return {wanted[tf, target]: key for key, tf, target in rows}


def insert_pairs(
    bulk: Bulk, support: SupportRows, pairs: Sequence[Pair], reporting: Reporting
) -> dict[Pair, int]:
    """Add interactions that nothing supports yet, by accession, and count them; their statements
    will support them."""
    if not pairs:
        return {}
    accessions = {accession for pair in pairs for accession in pair}
    proteins: dict[str, int] = dict(
        bulk.select(Protein, ("accession", "id"), "accession", accessions)
    )
    nothing = SupportContent.of({})
    support.write([nothing])
    ids = bulk.reserve_ids(Interaction, len(pairs))
    values = (
        support.ids[nothing], support.evidence_id(nothing), Effect.UNKNOWN.value,
        ReviewStatus.UNREVIEWED.value, reporting.value, this_change(),
    )  # fmt: skip
    columns = (
        "id", "tf_id", "target_id", "support_id", "evidence_id", "effect", "status",
        "reporting", "change_id",
    )  # fmt: skip
    bulk.insert(
        Interaction,
        columns,
        [
            (key, proteins[tf], proteins[target], *values)
            for key, (tf, target) in zip(ids, pairs, strict=True)
        ],
    )
    as_tf = Counter(proteins[tf] for tf, _ in pairs)
    as_target = Counter(proteins[target] for _, target in pairs)
    gained = [(as_tf[key], as_target[key], key) for key in {*as_tf, *as_target}]
    bulk.add(Protein, ("target_count", "tf_count"), gained)
    return dict(zip(pairs, ids, strict=True))


class StatementLoader:
    """Writes the statements of one dataset."""

    def __init__(
        self, bulk: Bulk, report: RunReport, journal: Journal, run: ImportRun, dataset: Dataset
    ) -> None:
        self._bulk = bulk
        self._report = report
        self._journal = journal
        self._run = run
        self._dataset = dataset.pk
        self._source = dataset.source.key if dataset.source else ""
        self.evidence = EvidenceRows(bulk, journal)
        self._rows = StatementRows(bulk, self.evidence)
        self._tally = report.tallies[STATEMENTS]
        #: Interactions of this chunk, as people name them.
        self._names: dict[int, str] = {}
        #: Those that it adds, which have no history yet.
        self._new: set[int] = set()

    def write(self, reading: Reading, file: str, *, new_interactions: bool) -> list[Problem]:
        """Write what a chunk states; return a problem for each line whose pair is not there."""
        interactions = interactions_of(self._bulk, {one.pair for one in reading.stated})
        absent = {one.pair for one in reading.stated} - interactions.keys()
        if new_interactions:
            interactions |= self._create(sorted(absent))
        self._names = {key: "-".join(pair) for pair, key in interactions.items()}
        stated: dict[tuple[int, str], Stated] = {}
        for one in reading.stated:
            if one.pair in interactions:
                stated.setdefault((interactions[one.pair], one.key), one)
        touched = self._write(stated, interactions.values())
        self.restate(touched)
        return [] if new_interactions else _absent(reading, absent, file)

    def _create(self, pairs: list[Pair]) -> dict[Pair, int]:
        """Add interactions that nothing supports yet; their statements will."""
        if not pairs:
            return {}
        support = SupportRows(self._bulk, self._journal)
        added = insert_pairs(self._bulk, support, pairs, Reporting.REPORTED)
        ids = list(added.values())
        names = ("-".join(pair) for pair in pairs)
        self._journal.records_created(Interaction, ids, "interaction", names)
        self._report.tallies["interactions"].created(ids)
        self._new.update(ids)
        return added

    def _write(
        self, stated: Mapping[tuple[int, str], Stated], interactions: Collection[int]
    ) -> set[int]:
        """Write statements by interaction and key; return the interactions that they concern."""
        stored = {
            (one.interaction, one.key): one
            for one in self._rows.read("interaction_id", interactions)
        }
        new = {place: one for place, one in stated.items() if place not in stored}
        met = [(stored[place], one) for place, one in stated.items() if place in stored]
        made = self._rows.prepare(one.evidence for one in stated.values())
        self._report.tallies["citations"].created(made)
        self._insert(new)
        changed = self._change(met)
        again = [
            before
            for before, one in met
            if before.state == StatementState.WITHDRAWN and one.entry.state == StatementState.ACTIVE
        ]
        self.set_state(again, StatementState.ACTIVE)
        self._tally.met(before.id for before, _ in met)
        self._journal.stated(Statement, (before.id for before, _ in met))
        return {
            *(interaction for interaction, _ in new),
            *(one.interaction for one in [*changed, *again]),
        }

    def _insert(self, new: Mapping[tuple[int, str], Stated]) -> None:
        ids = self._bulk.reserve_ids(Statement, len(new))
        change = this_change()
        columns = (
            "id", "interaction_id", "dataset_id", "key", *COLUMNS, "state", "state_reason",
            "curator", "orcid", "change_id",
        )  # fmt: skip
        rows = [
            (
                key, interaction, self._dataset, digest,
                *self._rows.values(one.content, one.evidence),
                one.entry.state.value, one.entry.state_reason, one.entry.curator,
                one.entry.orcid, change,
            )
            for key, ((interaction, digest), one) in zip(ids, new.items(), strict=True)
        ]  # fmt: skip
        self._bulk.insert(Statement, columns, rows)
        names = (short_key(self._names[interaction], key) for interaction, key in new)
        self._journal.records_created(Statement, ids, "statement", names)
        self._tally.created(ids)

    def _change(self, met: Iterable[tuple[StoredStatement, Stated]]) -> list[StoredStatement]:
        """Let stored statements say what their source says now, apart from pinned fields."""
        differ = [
            (before, one)
            for before, one in met
            if (before.content, before.evidence) != (one.content, one.evidence)
        ]
        pins, plan = _pins([before.id for before, _ in differ]), Plan()
        after = [
            (before, self._unpinned(plan, before, one, pins.get(before.id, {})))
            for before, one in differ
        ]
        changed = [
            (before, content)
            for before, content in after
            if content != (before.content, before.evidence)
        ]
        self._rows.prepare(evidence for _, (_, evidence) in changed)
        self._rows.update({before.id: content for before, content in changed})
        for before, content in changed:
            self._journal_change(before, *content)
        self._settle(plan)
        self._tally.changed(before.id for before, _ in changed)
        return [before for before, _ in changed]

    def _unpinned(
        self, plan: Plan, before: StoredStatement, one: Stated, pins: Mapping[str, Any]
    ) -> tuple[StatementContent, EvidenceContent]:
        """Return what a statement says now; what is pinned is settled instead."""
        if not pins:
            return one.content, one.evidence
        for name, then in pins.items():
            values = (field_value(before.content, name), field_value(one.content, name))
            plan.settle(Change(_KIND, before.id, self._name(before), name, *values), then)
        # An effect and its basis are one.
        fields = {*pins, *(() if pins.keys().isdisjoint(_EFFECT) else _EFFECT)}
        content = replace(one.content, **{name: getattr(before.content, name) for name in fields})
        resources = resources_among(one.evidence.sources, self._source)
        evidence = content.evidence(self._source, resources)
        return content, self.evidence.spellings.canonical(evidence)

    def _settle(self, plan: Plan) -> None:
        release_pins(plan.released, self._journal)
        self._report.proposed += open_conflicts(plan.conflicts, self._run, self._journal)

    def _journal_change(
        self, before: StoredStatement, content: StatementContent, evidence: EvidenceContent
    ) -> None:
        name = self._name(before)
        rows = content_as_json(before.content, before.evidence), content_as_json(content, evidence)
        self._journal.noted(Change(_KIND, before.id, name, "row", *rows))
        for field in FIELDS:
            values = (field_value(before.content, field), field_value(content, field))
            if values[0] != values[1]:
                self._journal.revised(Change(_KIND, before.id, name, field, *values))

    def set_state(self, statements: Iterable[StoredStatement], state: StatementState) -> None:
        """Let statements be active, or withdrawn; their interactions are not restated yet."""
        listed = list(statements)
        self._rows.set_state([one.id for one in listed], state.value)
        for one in listed:
            change = Change(_KIND, one.id, self._name(one), "state", one.state, state.value)
            self._journal.changed(change)
        self._tally.changed(one.id for one in listed)

    def withdraw(self, ids: Collection[int]) -> None:
        """Withdraw statements, by their ids, and restate their interactions."""
        statements = self._rows.read("id", ids)
        interactions = {one.interaction for one in statements}
        columns = ("id", "tf_id", "target_id")
        rows = self._bulk.select(Interaction, columns, "id", interactions)
        ends = {end for row in rows for end in row[1:]}
        names: dict[int, str] = dict(self._bulk.select(Protein, ("id", "accession"), "id", ends))
        self._names = {key: f"{names[tf]}-{names[target]}" for key, tf, target in rows}
        self.set_state(statements, StatementState.WITHDRAWN)
        self.restate(interactions)

    def restate(self, interactions: Collection[int]) -> None:
        """Write what statements come to for their interactions, with its history."""
        if not interactions:
            return
        restated = restate(interactions, self.evidence)
        for key, fields in restated.changes.items():
            if key in self._new:
                continue
            for field, (before, after) in fields.items():
                change = Change("interaction", key, self._names[key], field, before, after)
                self._journal.revised(change)
        plan = Plan()
        for key in restated.released:
            plan.released.append(Change("interaction", key, self._names[key], "effect", 0, 0))
        for key, (before, after) in restated.conflicts.items():
            change = Change("interaction", key, self._names[key], "effect", before, after)
            plan.conflicts.append(change)
        self._settle(plan)
        self._set_reporting(interactions)
        self._report.tallies["interactions"].changed({*restated.changes, *restated.supported})
        self._report.tallies["interactions"].met(interactions)

    def _set_reporting(self, interactions: Collection[int]) -> None:
        """Let interactions that statements alone report be reported as long as they do."""
        columns = ("id", "support_id", "reporting")
        rows = self._bulk.select(Interaction, columns, "id", interactions)
        roles_of: defaultdict[int, set[int]] = defaultdict(set)
        supports = {row[1] for row in rows}
        parts = self._bulk.select(SupportPart, ("support_id", "role"), "support_id", supports)
        for support, role in parts:
            roles_of[support].add(role)
        changed = []
        for key, support, before in rows:
            roles = roles_of[support]
            after = Reporting.REPORTED if roles else Reporting.WITHDRAWN
            if roles <= {Role.STATEMENTS} and before in _BY_SOURCES and before != after:
                changed.append((after.value, this_change(), key))
                values = (before, after.value)
                change = Change("interaction", key, self._names[key], "reporting", *values)
                self._journal.changed(change)
        self._bulk.update(Interaction, ("reporting", "change_id"), changed)

    def _name(self, statement: StoredStatement) -> str:
        return short_key(self._names[statement.interaction], statement.key)


def _pins(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what sources stated of fields of statements when curators changed these."""
    pins: dict[int, dict[str, Any]] = {}
    wanted = set(ids)
    rows = Pin.objects.filter(kind=RecordKind.STATEMENT)
    for record, name, value in rows.values_list("record_id", "field", "source_value"):
        if record in wanted:
            pins.setdefault(record, {})[name] = value
    return pins


def _absent(reading: Reading, absent: Collection[Pair], file: str) -> list[Problem]:
    """Return a problem for each line on a pair of which no interaction is here."""
    lines = {one.line: one.pair for one in reading.stated if one.pair in absent}
    return [
        Problem(file, "table", line, f"there is no interaction '{tf}-{target}'")
        for line, (tf, target) in lines.items()
    ]
