"""The interactions of two proteins that become one: in whole lists, as imports write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from django.utils import timezone

from curation.actions.merge_plan import MergePlan, Row, Union, count_changes, touched
from curation.actions.merge_statements import StatementMerger
from curation.actions.writing import ChangeContext, record_consequences
from curation.models import UNDECIDED, Comment, Pin, Proposal, ProposalState, RecordKind, Revision
from curation.records import Values
from curation.records.restate import restate
from curation.shared.bulk import Bulk, bulk_for
from curation.shared.changes import record_gone, this_change
from curation.shared.support import SupportRows
from curation.shared.three_way import evidence_as_json, evidence_from_json
from proteins.domain.evidence import EvidenceContent
from proteins.domain.support import SupportContent, merged
from proteins.models import GoneReason, Interaction, Protein, ReviewStatus

_KIND: Final = RecordKind.INTERACTION


class RecordChanges(NamedTuple):
    """A revision to record of one record: its kind, id, key and changes."""

    kind: RecordKind
    id: int
    key: str
    changes: dict[str, list[Any]]


def record_revisions(records: Iterable[RecordChanges], context: ChangeContext) -> None:
    """Record revisions of thousands of records in bulk, as `record_revision` does of one."""
    user, bulk = context.user, bulk_for()
    now = bulk.moment(timezone.now())
    columns = (
        "kind", "record_id", "record_key", "verb", "changes", "reason", "user_id", "at",
        "change_id",
    )  # fmt: skip
    rest = (context.reason, user.pk if user else None, now, this_change())
    rows = [
        (kind.value, key, name, context.verb.value, json.dumps(changes), *rest)
        for kind, key, name, changes in records
    ]
    bulk.insert(Revision, columns, rows)


@dataclass
class InteractionMerger:
    """Carries out the plan of a merge as far as interactions go; `closing` is what those
    who proposed something for an interaction that goes are told."""

    plan: MergePlan
    context: ChangeContext
    closing: str

    def carry_out(self) -> None:
        unions = self.plan.unions
        bulk = bulk_for()
        rows = SupportRows(bulk)
        replaced = {row.support for union in unions for row in union.rows}
        rows.read(replaced)
        united = {union.stays.id: self._united(union, rows.contents) for union in unions}
        names = self._names(bulk)
        pins = self._pins()
        keys = {union.stays.id: _key(union, names) for union in unions}
        statements = StatementMerger(unions, keys, self.closing)
        # While the rows are still there: proposals and comments point at them.
        self._move_proposals_and_comments(names)
        record_revisions(self._revisions(united, rows.contents, names), self.context)
        changed = statements.carry_out()
        record_revisions(
            (RecordChanges(RecordKind.STATEMENT, *one) for one in changed), self.context
        )
        record_gone(_KIND, self._keys_that_go(names), GoneReason.MERGED)
        self._write(bulk)
        rows.give(united)
        self._move_pins(pins, united, rows.contents)
        statements.move_pinned_effects()
        rows.drop_unused(replaced)
        record_consequences(restate(statements.restated), self.context)

    def _united(self, union: Union, contents: Mapping[int, SupportContent]) -> SupportContent:
        """Return the support of interactions that become one; what documents say under the
        secondary accession has the role that the next import will give it."""
        old = self.plan.secondary.pk
        return merged(
            [
                contents[row.support].formerly(tf=row.tf == old, target=row.target == old)
                for row in union.rows
            ]
        )

    def _write(self, bulk: Bulk) -> None:
        unions = self.plan.unions
        counts = list(count_changes(unions))
        bulk.delete(Interaction, "id", [row.id for union in unions for row in union.absorbed])
        columns = ("tf_id", "target_id", "effect", "status", "reporting", "change_id")
        rows = [
            (
                union.tf,
                union.target,
                union.effect,
                union.status,
                union.reporting,
                this_change(),
                union.stays.id,
            )
            for union in unions
        ]
        bulk.update(Interaction, columns, rows)
        bulk.add(Protein, ("target_count", "tf_count"), counts)

    # History

    def _names(self, bulk: Bulk) -> dict[int, str]:
        """Return the accessions of all proteins of the plan by their ids."""
        ids = {key for union in self.plan.unions for row in union.rows for key in row[1:3]}
        ids |= {self.plan.primary.pk}
        return dict(bulk.select(Protein, ("id", "accession"), "id", ids))

    def _keys_that_go(self, names: dict[int, str]) -> list[str]:
        """Return the public identifiers under which nothing public is left."""
        public = [
            f"{names[row.tf]}-{names[row.target]}"
            for union in self.plan.unions
            for row in union.rows
            if row.status != ReviewStatus.REJECTED
        ]
        stay = {
            _key(union, names)
            for union in self.plan.unions
            if union.status != ReviewStatus.REJECTED
        }
        return sorted({*public} - stay)

    def _revisions(
        self,
        united: Mapping[int, SupportContent],
        contents: Mapping[int, SupportContent],
        names: dict[int, str],
    ) -> Iterator[RecordChanges]:
        for union in self.plan.unions:
            for row in union.absorbed:
                before = _values(row, contents[row.support], names)
                gone = {name: [value, None] for name, value in before.items()}
                key = f"{names[row.tf]}-{names[row.target]}"
                yield RecordChanges(_KIND, row.id, key, gone)
            row = union.stays
            before = _values(row, contents[row.support], names)
            after = _values(_as_united(union), united[row.id], names)
            changes = {
                name: [before[name], value]
                for name, value in after.items()
                if value != before[name]
            }
            # Also where nothing changes: the other accession's interaction is in it now.
            key = f"{names[union.tf]}-{names[union.target]}"
            yield RecordChanges(_KIND, row.id, key, changes)

    # Pins, proposals, comments

    def _pins(self) -> dict[int, Pin]:
        """Return the pins of the evidence of what is merged, by interaction."""
        theirs = touched(self.plan.secondary.pk, self.plan.primary.pk)
        pins = Pin.objects.filter(kind=_KIND, field="evidence", record_id__in=theirs.values("pk"))
        return {pin.record_id: pin for pin in pins}

    def _move_pins(
        self,
        pins: dict[int, Pin],
        united: Mapping[int, SupportContent],
        contents: Mapping[int, SupportContent],
    ) -> None:
        """Leave one pin where a curator's word stays, with the united values of all sources."""
        for union in self.plan.unions if pins else ():
            pins_of_union = [pins[row.id] for row in union.rows if row.id in pins]
            if not pins_of_union:
                continue
            source: EvidenceContent | None = None
            for row in union.rows:
                content = contents[row.support].documents
                if row.id in pins and pins[row.id].source_value is not None:
                    content = evidence_from_json(cast(Values, pins[row.id].source_value))
                source = source.united(content) if source else content
            Pin.objects.filter(pk__in=[pin.pk for pin in pins_of_union[1:]]).delete()
            if source is None or not united[union.stays.id].is_pinned:
                pins_of_union[0].delete()
            else:
                pins_of_union[0].record_id = union.stays.id
                pins_of_union[0].source_value = evidence_as_json(source)
                pins_of_union[0].save(update_fields=["record_id", "source_value"])

    def _move_proposals_and_comments(self, names: dict[int, str]) -> None:
        """Close proposals for what is absorbed; let the others, and comments, follow."""
        theirs = touched(self.plan.secondary.pk, self.plan.primary.pk).values("pk")
        stays = {row.id: union for union in self.plan.unions for row in union.rows}
        of_these = {"kind": _KIND, "record_id__in": theirs}
        for proposal in Proposal.objects.filter(**of_these, state__in=UNDECIDED):
            union = stays.get(proposal.record_id or 0)
            if union is None:
                continue
            if proposal.record_id != union.stays.id:
                self._close(proposal)
            else:
                proposal.record_key = _key(union, names)
                proposal.save(update_fields=["record_key"])
        for comment in Comment.objects.filter(**of_these):
            if (union := stays.get(comment.record_id or 0)) is not None:
                comment.record_id, comment.record_key = union.stays.id, _key(union, names)
                comment.save(update_fields=["record_id", "record_key"])
        self._rename_proposed()

    def _rename_proposed(self) -> None:
        """Let proposals of interactions that are not there yet mean the primary."""
        old, new = self.plan.secondary.accession, self.plan.primary.accession
        of_pairs = Proposal.objects.filter(
            record_id=None, state__in=UNDECIDED, record_key__contains=old
        )
        waiting = of_pairs.filter(kind=_KIND)
        there = {(union.tf, union.target) for union in self.plan.unions}
        for proposal in of_pairs.filter(kind__in=[_KIND, RecordKind.STATEMENT]):
            ends = [new if part == old else part for part in proposal.record_key.split("-")]
            key = "-".join(ends)
            if key == proposal.record_key:
                continue
            ids = dict(Protein.objects.filter(accession__in=ends).values_list("accession", "pk"))
            pair = tuple(ids.get(accession, 0) for accession in ends)
            # A statement waits for an interaction that is there.
            if proposal.kind == _KIND and (
                pair in there
                or Interaction.objects.between(*ends).exists()
                or waiting.filter(record_key=key).exists()
            ):
                self._close(proposal)
                continue
            proposal.record_key = key
            proposal.save(update_fields=["record_key"])

    def _close(self, proposal: Proposal) -> None:
        proposal.state = ProposalState.SUPERSEDED
        proposal.decision_reason = self.closing
        proposal.decided_by = self.context.user
        proposal.decided_at = timezone.now()
        proposal.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])


def _as_united(union: Union) -> Row:
    return union.stays._replace(
        tf=union.tf,
        target=union.target,
        effect=union.effect,
        status=union.status,
        reporting=union.reporting,
    )


def _values(row: Row, support: SupportContent, names: dict[int, str]) -> Values:
    """Return a row as `curation.records` reads an interaction."""
    return {
        "tf": names[row.tf],
        "target": names[row.target],
        "evidence": evidence_as_json(support.base),
        "effect": row.effect,
        "status": row.status,
        "reporting": row.reporting,
    }


def _key(union: Union, names: dict[int, str]) -> str:
    return f"{names[union.tf]}-{names[union.target]}"
