"""What is proposed, written to the record as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from curation.actions.interactions import change_interaction, create_interaction
from curation.actions.statements import change_proposed, create_statement
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    StaleError,
    change_record,
    check_seen,
)
from curation.models import Origin, Proposal, RecordKind, Revision, Verb
from curation.records import RecordGoneError, records_of
from curation.records.pins import release_pins
from curation.shared.evidence import evidence_for
from curation.shared.field_changes import Change, applied, conflict, difference
from curation.shared.three_way import evidence_from_json
from proteins.models import Interaction, Protein


class UnfitError(ActionError):
    """A proposal that the record as it is now does not take; its text is for its author."""


def apply_proposal(
    proposal: Proposal,
    user: User | None,
    reason: str,
    seen: int | None,
    values: Mapping[str, Any] | None,
) -> dict[str, Change]:
    """Write what is proposed, or the reviewer's `values` instead, and return what changed.

    The caller is within `writing`. Raises `UnfitError` where the proposal has an author and can
    no longer be applied, else the error itself.
    """
    if not proposal.changes:
        return {}  # a report without a change only closes
    if proposal.record_id is None:
        return _add(proposal, user, reason, values)
    return _change(proposal, proposal.record_id, user, reason, seen, values)


@contextmanager
def _fitting(proposal: Proposal, values: Mapping[str, Any] | None) -> Iterator[None]:
    """Turn what a rule says against a proposal into a message to its author; what it says against
    a correction is for the reviewer, who typed it."""
    try:
        yield
    except (StaleError, RecordGoneError):
        raise
    except ValidationError as error:
        if values is not None or proposal.author_id is None:
            raise
        raise UnfitError(f"It cannot be applied: {' '.join(error.messages)}") from error


# Records that are not there yet


def _add(
    proposal: Proposal, user: User | None, reason: str, values: Mapping[str, Any] | None
) -> dict[str, Change]:
    """Add the interaction or statement that is proposed, or the reviewer's."""
    if not is_of_pair(proposal):
        raise ActionError(
            f"No {proposal.kind} is added by accepting a proposal. Add it, then close this one "
            "with a reason."
        )
    wanted = values
    if wanted is None:
        wanted = {name: applied(change, None) for name, change in proposal.changes.items()}
    context = ChangeContext(
        verb=Verb.ADDED, user=user, reason=reason or proposal.comment, proposal=proposal
    )
    with _fitting(proposal, values):
        record: Any = (
            create_statement(interaction_named(proposal.record_key), wanted, context)
            if proposal.kind == RecordKind.STATEMENT
            else create_interaction(*pair_named(proposal.record_key), wanted, context)
        )
    proposal.record_id = record.pk
    stored = records_of(proposal.kind).values(record)
    return {name: [None, stored[name]] for name in wanted}


def is_of_pair(proposal: Proposal) -> bool:
    """Whether it is about a pair of proteins, as what is added by accepting must be."""
    kinds = (RecordKind.INTERACTION, RecordKind.STATEMENT)
    return proposal.kind in kinds and proposal.record_key.count("-") == 1


def interaction_named(key: str) -> Interaction:
    """Return an interaction by its public identifier; raises `ActionError`."""
    rows = Interaction.objects.between(*key.split("-")).select_related("tf", "target")
    interaction = rows.first()
    if interaction is None:
        raise ActionError(f"The interaction {key} is not here any more.")
    return interaction


def pair_named(key: str) -> tuple[Protein, Protein]:
    """Return the TF and the target of `TF-TARGET`; raises `ActionError`."""
    pair = key.split("-")
    rows = Protein.objects.select_related("taxon").filter(accession__in=pair)
    proteins = {protein.accession: protein for protein in rows}
    try:
        tf, target = (proteins[accession] for accession in pair)
    except KeyError:
        raise ActionError(f"{key}: one of the two proteins is not here any more.") from None
    return tf, target


# Changes of records


def _change(
    proposal: Proposal,
    record_id: int,
    user: User | None,
    reason: str,
    seen: int | None,
    values: Mapping[str, Any] | None,
) -> dict[str, Change]:
    kind = RecordKind(proposal.kind)
    records = records_of(kind)
    now = records.values(records.get(record_id))
    if values is not None:
        check_seen(kind, record_id, seen)
        wanted = dict(values)
    else:
        _check_conflicts(proposal, record_id, now, seen)
        wanted = {name: applied(change, now.get(name)) for name, change in proposal.changes.items()}
    if proposal.origin == Origin.IMPORT and "evidence" in wanted:
        # What a document names is added when it is met, here as in an import.
        evidence_for(evidence_from_json(wanted["evidence"]))
    why = reason or proposal.comment or f"Accepted proposal {proposal.pk}."
    with _fitting(proposal, values):
        revision = _write(kind, record_id, wanted, user, why, proposal)
    if proposal.origin == Origin.IMPORT:
        # The present value is the source's: nothing is left to protect.
        release_pins(kind, record_id, list(wanted))
    if revision is None:
        if values is not None:
            raise ActionError("Nothing would change: the record has these values already.")
        return {}
    return {name: difference(*pair) for name, pair in revision.changes.items()}


def _check_conflicts(
    proposal: Proposal, record_id: int, now: Mapping[str, Any], seen: int | None
) -> None:
    """Raise `ActionError` for what was changed otherwise meanwhile, and was not seen: for the
    author of the proposal, where it has one (`UnfitError`), or for who decides."""
    labels = records_of(proposal.kind).labels
    changed = [
        labels.get(name, name)
        for name, change in proposal.changes.items()
        if conflict(change, now.get(name)) is not None
    ]
    if not changed:
        return
    if seen is not None:
        check_seen(proposal.kind, record_id, seen)
        return
    what = f"The {', '.join(changed)} of {proposal.record_key} changed since this was proposed"
    if proposal.author_id is not None:
        raise UnfitError(f"{what}: compare both versions.")
    raise ActionError(f"{what}; look at it by itself.")


def _write(
    kind: RecordKind,
    record_id: int,
    values: Mapping[str, Any],
    user: User | None,
    reason: str,
    proposal: Proposal,
) -> Revision | None:
    if kind == RecordKind.INTERACTION:
        return change_interaction(record_id, values, user, reason, None, proposal)
    context = ChangeContext(verb=Verb.AMENDED, user=user, reason=reason, proposal=proposal)
    if kind == RecordKind.STATEMENT:
        return change_proposed(record_id, values, context, None)
    return change_record(kind, record_id, values, context)
