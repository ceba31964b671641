"""Actions on statements: what one source says of one interaction."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from curation.actions.writing import (
    ActionError,
    ChangeContext,
    change_record,
    clean_reason,
    record_consequences,
    record_revision,
    writing,
)
from curation.models import RecordKind, Revision, Verb, orcid_of
from curation.permissions import Right
from curation.records import records_of
from curation.records.statement import StatementRecords
from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE, StatementState
from proteins.models import Citation, Dataset, DetectionMethod, Interaction, Statement

_STATE_FIELDS = frozenset({"state", "state_reason"})


def curated_here() -> Dataset:
    """Return the dataset of what curators state here, made first where it is not there."""
    stored = Dataset.objects.filter(fold=fold(CURATED_HERE)).first()
    return stored or Dataset.objects.create(name=CURATED_HERE)


def add_statement(
    *,
    user: User | None,
    interaction: Interaction,
    values: Mapping[str, Any],
    reason: str = "",
) -> Statement:
    """Store what a curator read in a publication of an interaction, and restate that.

    `values` holds `pmid`, and what else it says (`curation.records.statement`); the name and
    the ORCID of the user are copied. Raises `ActionError` where the same is stated of the
    interaction already.
    """
    with writing(user, Right.CHANGE, reason):
        context = ChangeContext(verb=Verb.ADDED, user=user, reason=clean_reason(reason))
        return create_statement(interaction, values, context)


def create_statement(
    interaction: Interaction,
    values: Mapping[str, Any],
    context: ChangeContext,
) -> Statement:
    """Add a statement for any user; the caller is within `writing`."""
    records = StatementRecords()
    statement = blank_statement(interaction, values)
    cleaned = records.clean(statement, values)
    speaker = context.speaker
    statement.curator = (speaker.get_full_name() or speaker.get_username()) if speaker else ""
    statement.orcid = orcid_of(speaker)
    records.fill(statement, cleaned)
    with _once(statement):
        statement.clean_fields(exclude=["change"])
        statement.save(force_insert=True)
    changes = {name: [None, value] for name, value in records.values(statement).items()}
    record_revision(RecordKind.STATEMENT, statement.pk, records.key(statement), changes, context)
    record_consequences(records.consequences(statement), context)
    return statement


def check_new_statement(statement: Statement, values: Mapping[str, Any]) -> None:
    """Raise `ActionError` where another statement of the interaction says all that one would
    with `values` (cleaned); nothing is stored."""
    would_be = copy.copy(statement)
    for name, value in values.items():
        if name == "pmid":
            would_be.citation = Citation(pmid=value) if value else None
        elif name == "method":
            would_be.method = DetectionMethod(name=value) if value else None
        else:
            setattr(would_be, name, value)
    if would_be.key and would_be.dataset.source_id is not None:
        return  # What a source states has its ID there.
    key = would_be.content().key(fold(would_be.dataset.name))
    same = Statement.objects.filter(interaction=would_be.interaction_id, key=key)
    if same.exclude(pk=statement.pk).exists():
        raise _stated_already(statement)


def _stated_already(statement: Statement) -> ActionError:
    return ActionError(f"{statement.dataset.name} states just that of it already.")


@contextmanager
def _once(statement: Statement) -> Iterator[None]:
    """Turn the refusal of a statement that is there already into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        same = Statement.objects.filter(interaction=statement.interaction, key=statement.key)
        if not same.exists():
            raise
        raise _stated_already(statement) from None


def blank_statement(interaction: Interaction, values: Mapping[str, Any]) -> Statement:
    """Return a new statement of a curator that says nothing yet."""
    if _STATE_FIELDS & values.keys():
        raise ActionError("A new statement is active; retract it by the action of that name.")
    return Statement(interaction=interaction, dataset=curated_here())


def amend_statement(
    *,
    user: User | None,
    statement: Statement,
    values: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
) -> Revision | None:
    """Change what a statement says; None where nothing changes."""
    with writing(user, Right.CHANGE, reason):
        if _STATE_FIELDS & values.keys():
            raise ActionError("The state is changed by retracting and reinstating.")
        context = ChangeContext(verb=Verb.AMENDED, user=user, reason=clean_reason(reason))
        return change_statement(statement.pk, values, context, seen)


def change_statement(
    statement_id: int, values: Mapping[str, Any], context: ChangeContext, seen: int | None
) -> Revision | None:
    """Change a statement for any user; the caller is within `writing`."""
    stored = records_of(RecordKind.STATEMENT).get(statement_id)
    with _once(stored):
        return change_record(RecordKind.STATEMENT, statement_id, values, context, seen=seen)


def change_proposed(
    statement_id: int, values: Mapping[str, Any], context: ChangeContext, seen: int | None
) -> Revision | None:
    """Change a statement as a proposal has it: what it says, or whether it is retracted."""
    if not _STATE_FIELDS & values.keys():
        return change_statement(statement_id, values, context, seen)
    retracts = values.get("state", StatementState.RETRACTED) == StatementState.RETRACTED
    verb = Verb.RETRACTED if retracts else Verb.REINSTATED
    return change_statement(statement_id, values, replace(context, verb=verb, pins=False), seen)


def retract_statement(
    *, user: User | None, statement: Statement, reason: str, seen: int | None = None
) -> Revision:
    """Say, with a reason that readers see, that a statement is wrong: it supports nothing more."""
    with writing(user, Right.CHANGE, reason):
        stored = records_of(RecordKind.STATEMENT).get(statement.pk)
        if stored.state == StatementState.RETRACTED:
            raise ActionError("It is retracted already.")
        text = clean_reason(reason, demanded_for="retract a statement")
        context = ChangeContext(verb=Verb.RETRACTED, user=user, reason=text, pins=False)
        return _set_state(stored, StatementState.RETRACTED, text, context, seen)


def reinstate_statement(
    *, user: User | None, statement: Statement, reason: str = "", seen: int | None = None
) -> Revision:
    """Take a retraction back: the statement counts again where its dataset still has it."""
    with writing(user, Right.CHANGE, reason):
        stored = records_of(RecordKind.STATEMENT).get(statement.pk)
        if stored.state != StatementState.RETRACTED:
            raise ActionError("It is not retracted.")
        context = ChangeContext(
            verb=Verb.REINSTATED, user=user, reason=clean_reason(reason), pins=False
        )
        return _set_state(stored, StatementState.ACTIVE, "", context, seen)


def _set_state(
    stored: Statement, state: StatementState, why: str, context: ChangeContext, seen: int | None
) -> Revision:
    values = {"state": int(state), "state_reason": why}
    revision = change_record(RecordKind.STATEMENT, stored.pk, values, context, seen=seen)
    assert revision is not None  # noqa: S101  (the state was another)
    return revision
