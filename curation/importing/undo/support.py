"""What documents of an import say of interactions leaves their support."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from curation.importing.loading.journal import SUPPORT
from curation.importing.undo.history import UndoHistory
from curation.importing.undo.later import LaterRuns, ids_of
from curation.importing.undo.report import UndoReport
from curation.models import RecordKind
from curation.shared.bulk import Bulk
from curation.shared.support import Roles, SupportRows
from curation.shared.three_way import evidence_as_json, roles_as_json, roles_from_json
from proteins.domain.support import Role, SupportContent
from proteins.models import Interaction, Protein

_BATCH: Final = 5000
_CHANGED_SINCE: Final = "its evidence has been changed since"


class SupportUndoer:
    """Restores what roles state, where it still is what the import wrote."""

    def __init__(
        self, bulk: Bulk, report: UndoReport, history: UndoHistory, later: LaterRuns
    ) -> None:
        self.rows = SupportRows(bulk)
        self.bulk = bulk
        self.report = report
        self.history = history
        self.later = later
        #: Support that interactions had until now.
        self.replaced: set[int] = set()
        #: Proteins of whose interactions the evidence has been restored.
        self.touched: set[int] = set()
        self._waiting: list[tuple[int, Roles, Roles]] = []
        self._given: dict[int, SupportContent] = {}

    def read(self, supports: Iterable[int]) -> None:
        self.rows.read(set(supports))

    # What the import changed

    def restore(self, entry: list[Any]) -> None:
        """Take back an entry of the journal, at the latest with the next `flush`."""
        _, listed, _, _, before, after = entry
        roles = (roles_from_json(before), roles_from_json(after))
        for key in ids_of(listed):
            self._waiting.append((key, *roles))
            if len(self._waiting) == _BATCH:
                self.flush()

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        columns = ("id", "support_id", "tf_id", "target_id")
        ids = {key for key, *_ in waiting}
        stored = {key: row for key, *row in self.bulk.select(Interaction, columns, "id", ids)}
        self.read(support for support, *_ in stored.values())
        ends = {end for _, *pair in stored.values() for end in pair}
        proteins = {
            key: (name, taxon)
            for key, name, taxon in self.bulk.select(
                Protein, ("id", "accession", "taxon_id"), "id", ends
            )
        }
        for key, before, after in waiting:
            if key not in stored:
                continue
            support, tf, target = stored[key]
            name = f"{proteins[tf][0]}-{proteins[target][0]}"
            pair = (tf, target, proteins[tf][1])
            restored_roles = self._restored_roles(key, support, pair, before, after)
            content = self.rows.contents[support]
            if len(restored_roles) < len(after) or content.is_pinned:
                self.report.stays("interaction", name, _CHANGED_SINCE)
            restored = content.with_roles(restored_roles)
            # Where nothing is left, the interaction goes as a whole, or stays as it is.
            if restored != content and restored.parts:
                self._give(key, name, support, restored)
                self.touched.update((tf, target))
                self.report.restored["interaction"] += 1
        self.write()

    def _restored_roles(
        self, key: int, support: int, pair: tuple[int, int, int], before: Roles, after: Roles
    ) -> dict[Role, Any]:
        """Return the former values of those roles that still have what the import wrote."""
        now = self.rows.contents[support].by_role()
        restored: dict[Role, Any] = {}
        if (RecordKind.INTERACTION, key) in self.history.merged:
            return restored
        for role, value in after.items():
            if self.later.changed_role(key, role):
                was = roles_as_json({role: before.get(role)})
                self.later.correct_role(key, role, was[str(role.value)])
            elif (heir := self.later.states(role, *pair)) is not None:
                stated = (roles_as_json({role: before.get(role)}), roles_as_json({role: value}))
                self.later.inherit_change(heir, [SUPPORT, [[key, key]], "", "", *stated])
            elif now.get(role) == value:
                restored[role] = before.get(role)
        return restored

    def _give(self, key: int, name: str, support: int, content: SupportContent) -> None:
        self._given[key] = content
        self.replaced.add(support)
        bases = (self.rows.contents[support].base, content.base)
        if bases[0] != bases[1]:
            values = map(evidence_as_json, bases)
            self.history.restored(RecordKind.INTERACTION, key, name, "evidence", *values)

    # What the import created

    def others(self, key: int, support: int, pair: tuple[int, int, int]) -> dict[Role, int | None]:
        """Return the roles of an interaction that are not only the import's, each with the later
        import that states it too; None where one changed it, or it is no document's."""
        states: dict[Role, int | None] = {}
        for role, _ in self.rows.contents[support].parts:
            if self.later.changed_role(key, role) or role >= Role.DESK:
                states[role] = None
            elif (heir := self.later.states(role, *pair)) is not None:
                states[role] = heir
        # A curator's word alone is about what the documents say.
        return {} if states.keys() == {Role.PINNED} else states

    def leave_to_others(
        self, key: int, name: str, support: int, states: dict[Role, int | None]
    ) -> None:
        """Let an interaction that the import created be only what others state."""
        content = self.rows.contents[support]
        only = {role: stated for role, stated in content.parts if role in states}
        if len(only) < len(content.parts):
            self._give(key, name, support, SupportContent.of(only))
        for role in only:
            if self.later.changed_role(key, role):
                self.later.correct_role(key, role, None)
        heirs = [heir for heir in states.values() if heir is not None]
        if Role.STATEMENTS in states:  # of whichever runs
            self.later.inherit(Interaction, [key])
        else:
            self.later.inherit_interaction(key, min(heirs, default=None))

    # Writing

    def write(self) -> None:
        given, self._given = self._given, {}
        self.rows.give(given)

    def drop_unused(self, evidence: Collection[int]) -> None:
        """Delete Support rows that no interaction has, and Evidence rows, those `evidence`
        among them, that nothing points at any more."""
        self.rows.drop_unused(self.replaced)
        self.rows.evidence.drop_unused(evidence)
