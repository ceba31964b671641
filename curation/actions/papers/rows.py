"""Statements of many interactions, stored in whole lists with their histories.

What one statement is stored by, some thirty queries, is here for all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.contrib.auth.models import User

from curation.actions.statements import curated_here
from curation.actions.writing import (
    ChangeContext,
    RecordChanges,
    record_consequences,
    record_revisions,
)
from curation.importing.loading.load_statements import insert_pairs
from curation.importing.loading.statement_rows import COLUMNS, StatementRows
from curation.importing.planning.stated import Pair
from curation.models import Proposal, RecordKind, orcid_of
from curation.records import AT_ONCE, records_of
from curation.records.restate import restate
from curation.shared.bulk import Bulk, bulk_for
from curation.shared.changes import this_change
from curation.shared.evidence_rows import EvidenceRows
from curation.shared.support import SupportRows
from proteins.domain.statements import StatementContent, StatementState
from proteins.models import Reporting, Statement


class NewStatement(NamedTuple):
    """A statement to store; `interaction` is None where its pair is added with it."""

    pair: Pair
    interaction: int | None
    key: str
    content: StatementContent
    #: What is accepted by it, if anything: it is then the word of its author.
    proposal: Proposal | None = None


def store_stated(statements: Sequence[NewStatement], context: ChangeContext) -> list[int]:
    """Store statements that are not there yet, and the interactions of those that have none;
    return their ids. The caller is within `writing`."""
    bulk = bulk_for()
    interactions = {one.pair: one.interaction for one in statements if one.interaction is not None}
    new = dict.fromkeys(one.pair for one in statements if one.interaction is None)
    proposals = {one.pair: one.proposal for one in reversed(statements)}
    added = insert_pairs(bulk, SupportRows(bulk), list(new), Reporting.CURATED)
    _record_added(
        RecordKind.INTERACTION, {key: proposals[pair] for pair, key in added.items()}, context
    )
    ids = _insert(bulk, statements, interactions | added, context)
    stored = {key: one.proposal for key, one in zip(ids, statements, strict=True)}
    _record_added(RecordKind.STATEMENT, stored, context)
    record_consequences(restate([*interactions.values(), *added.values()]), context)
    return ids


def _insert(
    bulk: Bulk,
    statements: Sequence[NewStatement],
    interactions: Mapping[Pair, int],
    context: ChangeContext,
) -> list[int]:
    evidence = EvidenceRows(bulk)
    rows = StatementRows(bulk, evidence)
    says = [evidence.spellings.canonical(one.content.evidence("")) for one in statements]
    rows.prepare(says)
    ids = list(bulk.reserve_ids(Statement, len(statements)))
    columns = (
        "id", "interaction_id", "dataset_id", "key", *COLUMNS, "state", "state_reason",
        "curator", "orcid", "change_id",
    )  # fmt: skip
    dataset, speakers = curated_here().pk, _Speakers(context.user)
    values = [
        (
            key, interactions[one.pair], dataset, one.key, *rows.values(one.content, stated),
            StatementState.ACTIVE.value, "", *speakers.of(one.proposal), this_change(),
        )
        for key, one, stated in zip(ids, statements, says, strict=True)
    ]  # fmt: skip
    bulk.insert(Statement, columns, values)
    return ids


class _Speakers:
    """Names and ORCIDs as statements copy them: of who writes, or proposed."""

    def __init__(self, user: User | None) -> None:
        self._user = user
        self._read: dict[int, tuple[str, str]] = {}

    def of(self, proposal: Proposal | None) -> tuple[str, str]:
        author = proposal.author if proposal is not None else None
        user = author or self._user
        if user is None:
            return "", ""
        if user.pk not in self._read:
            name = user.get_full_name() or user.get_username()
            self._read[user.pk] = name, orcid_of(user)
        return self._read[user.pk]


def _record_added(
    kind: RecordKind, added: Mapping[int, Proposal | None], context: ChangeContext
) -> None:
    records, ids = records_of(kind), list(added)
    for start in range(0, len(ids), AT_ONCE):
        rows = records.queryset().in_bulk(ids[start : start + AT_ONCE])
        record_revisions(
            (
                RecordChanges(
                    kind,
                    key,
                    records.key(rows[key]),
                    {name: [None, value] for name, value in records.values(rows[key]).items()},
                    proposal.pk if proposal is not None else None,
                )
                for key in sorted(rows)
                for proposal in [added[key]]
            ),
            context,
        )
