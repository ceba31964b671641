"""The statements of interactions that become one.

They follow to the interaction that stays. Where two say the same, the older stays; it is
retracted where either is. What a curator pinned of an effect stays pinned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from curation.actions.merge_plan import Union
from curation.models import UNDECIDED, Comment, Pin, Proposal, ProposalState, RecordKind
from curation.records import AT_ONCE, Values, records_among, records_of
from curation.records.restate import effect_of
from curation.shared.changes import this_change
from curation.shared.evidence import drop_unused
from proteins.domain.statements import Basis, StatementState
from proteins.models import Statement

_KIND: Final = RecordKind.STATEMENT
_RECORDS: Final = records_of(_KIND)
#: A record's primary key, its public identifier and its changes.
Changed = tuple[int, str, dict[str, list[Any]]]


class StatementMerger:
    """Moves statements to the interactions that stay; `key_of` is what those are called then."""

    def __init__(self, unions: Sequence[Union], key_of: Mapping[int, str], closing: str) -> None:
        self._stays = {row.id: union.stays.id for union in unions for row in union.rows}
        self._unions = unions
        self._key_of = key_of
        self._closing = closing
        #: Interactions that have statements.
        self.restated: set[int] = set()

    def carry_out(self) -> list[Changed]:
        """Move the statements, and return what their histories record; interactions that are
        absorbed are still there."""
        groups: defaultdict[tuple[int, str], list[Statement]] = defaultdict(list)
        for statement in self._statements():
            stays = self._stays[statement.interaction_id]
            groups[stays, statement.key].append(statement)
            self.restated.add(stays)
        return [change for group in groups.values() for change in self._unite(group)]

    def _statements(self) -> Iterator[Statement]:
        interactions = sorted(self._stays)
        for start in range(0, len(interactions), AT_ONCE):
            some = interactions[start : start + AT_ONCE]
            rows = Statement.objects.filter(interaction__in=some).order_by("pk")
            ids = list(rows.values_list("pk", flat=True))
            for at in range(0, len(ids), AT_ONCE):
                yield from records_among(_KIND, ids[at : at + AT_ONCE])

    def _unite(self, same: list[Statement]) -> Iterator[Changed]:
        same.sort(key=lambda statement: statement.pk)
        before = {statement.pk: _RECORDS.values(statement) for statement in same}
        names = {statement.pk: _RECORDS.key(statement) for statement in same}
        first, *others = same
        interaction = self._stays[first.interaction_id]
        for other in others:
            gone = {name: [value, None] for name, value in before[other.pk].items()}
            yield other.pk, names[other.pk], gone
            other.delete()
        drop_unused(other.evidence_id for other in others)
        state, reason = _state_of(same)
        after = {
            **before[first.pk],
            "interaction": self._key_of[interaction],
            "state": int(state),
            "state_reason": reason,
        }
        name = f"{self._key_of[interaction]}/{first.short_key}"
        changes = _differences(before[first.pk], after)
        self._follow(first.pk, name, [other.pk for other in others])
        if changes:
            Statement.objects.filter(pk=first.pk).update(
                interaction=interaction, state=state, state_reason=reason, change=this_change()
            )
            yield first.pk, name, changes

    def _follow(self, stays: int, name: str, gone: list[int]) -> None:
        """Let proposals and comments follow; close proposals for what goes."""
        Proposal.objects.filter(kind=_KIND, record_id__in=gone, state__in=UNDECIDED).update(
            state=ProposalState.SUPERSEDED, decision_reason=self._closing
        )
        Pin.objects.filter(kind=_KIND, record_id__in=gone).delete()
        own = {"kind": _KIND, "record_id": stays}
        Proposal.objects.filter(**own, state__in=UNDECIDED).update(record_key=name)
        Comment.objects.filter(kind=_KIND, record_id__in=[stays, *gone]).update(
            record_id=stays, record_key=name
        )

    def move_pinned_effects(self) -> None:
        """Leave one pin where a curator set the effect of any that become one; what the
        statements of all come to is then the source's value."""
        pins = {
            pin.record_id: pin
            for start in range(0, len(self._stays), AT_ONCE)
            for pin in Pin.objects.filter(
                kind=RecordKind.INTERACTION,
                field="effect",
                record_id__in=list(self._stays)[start : start + AT_ONCE],
            )
        }
        for union in self._unions if pins else ():
            of_union = [pins[row.id] for row in union.rows if row.id in pins]
            if not of_union:
                continue
            source = _stated(union.stays.id)
            Pin.objects.filter(pk__in=[pin.pk for pin in of_union[1:]]).delete()
            if source == union.effect:
                of_union[0].delete()
            else:
                of_union[0].record_id, of_union[0].source_value = union.stays.id, source
                of_union[0].save(update_fields=["record_id", "source_value"])


def _stated(interaction: int) -> int:
    """Return the effect that the statements of an interaction come to."""
    active = Statement.objects.filter(interaction=interaction, state=StatementState.ACTIVE)
    signs = active.filter(basis=Basis.STATED).values_list("effect", flat=True)
    return int(effect_of(signs))


def _state_of(same: Iterable[Statement]) -> tuple[StatementState, str]:
    """Return the state of several that become one, and the reason of a retraction."""
    reasons = {StatementState(one.state): one.state_reason for one in same}
    for state in (StatementState.RETRACTED, StatementState.ACTIVE):
        if state in reasons:
            return state, reasons[state]
    return StatementState.WITHDRAWN, ""


def _differences(before: Values, after: Values) -> dict[str, list[Any]]:
    return {name: [before[name], value] for name, value in after.items() if value != before[name]}
