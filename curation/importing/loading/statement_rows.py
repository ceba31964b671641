"""Rows of statements: read, written and compared in whole lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from curation.shared.evidence_rows import EvidenceRows
from curation.shared.three_way import evidence_as_json, evidence_from_json
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.statements import Basis, Sign, StatementContent
from proteins.models import Citation, Statement

#: Columns of what is stated, in the order of `StatementRows.values`.
COLUMNS: Final = (
    "source_id", "citation_id", "method_id", "eco", "effect", "basis", "small_scale",
    "cell_line", "tissue", "condition", "quotation", "evidence_id",
)  # fmt: skip
#: Fields of what is stated, as histories call them.
FIELDS: Final = (
    "pmid", "method", "eco", "effect", "basis", "small_scale", "cell_line", "tissue",
    "condition", "quotation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A stored statement; `evidence` is what it adds."""

    id: int
    interaction: int
    key: str
    state: int
    content: StatementContent
    evidence: EvidenceContent


class StatementRows:
    """Reads and writes statements; callers hold the write lock."""

    def __init__(self, bulk: Bulk, evidence: EvidenceRows) -> None:
        self._bulk = bulk
        self._evidence = evidence

    def read(self, column: str, values: Collection[int]) -> list[StoredStatement]:
        """Return the statements whose `column` is among `values`."""
        columns = ("id", "interaction_id", "key", "state", *COLUMNS)
        rows = self._bulk.select(Statement, columns, column, values)
        self._evidence.read({row[-1] for row in rows})
        cited = {row[5] for row in rows} - {None}
        pmids: dict[int | None, int] = dict(
            self._bulk.select(Citation, ("id", "pmid"), "id", cited)
        )
        methods = {key: name for name, key in self._evidence.methods.items()}
        return [
            StoredStatement(
                row[0],
                row[1],
                row[2],
                row[3],
                StatementContent(
                    row[4],
                    pmids.get(row[5]),
                    methods.get(row[6], ""),
                    row[7],
                    Sign(row[8]),
                    None if row[9] is None else Basis(row[9]),
                    SmallScale(row[10]),
                    *row[11:15],
                ),
                self._evidence.contents[row[15]],
            )
            for row in rows
        ]

    def prepare(self, contents: Iterable[EvidenceContent]) -> list[int]:
        """Make what statements with this evidence point at; return the publications made."""
        wanted = set(contents)
        made = self._evidence.write_citations({pmid for one in wanted for pmid in one.pmids})
        self._evidence.write(wanted)
        return made

    def values(self, content: StatementContent, evidence: EvidenceContent) -> tuple[Any, ...]:
        """Return the values of `COLUMNS`; what they point at is there (`prepare`)."""
        rows = self._evidence
        return (
            content.source_id,
            None if content.pmid is None else rows.citations[content.pmid],
            rows.methods[content.method] if content.method else None,
            content.eco,
            content.effect.value,
            None if content.basis is None else content.basis.value,
            content.small_scale.value,
            content.cell_line,
            content.tissue,
            content.condition,
            content.quotation,
            rows.ids[evidence],
        )

    def update(self, changed: Mapping[int, tuple[StatementContent, EvidenceContent]]) -> None:
        """Let statements, by their ids, say this."""
        change = this_change()
        rows = [(*self.values(*content), change, key) for key, content in changed.items()]
        self._bulk.update(Statement, (*COLUMNS, "change_id"), rows)

    def set_state(self, ids: Sequence[int], state: int) -> None:
        change = this_change()
        self._bulk.update(Statement, ("state", "change_id"), [(state, change, key) for key in ids])


def field_value(content: StatementContent, name: str) -> Any:
    """Return a field of what is stated as histories hold it."""
    value = getattr(content, name)
    return int(value) if isinstance(value, IntEnum) else value


def content_as_json(content: StatementContent, evidence: EvidenceContent) -> dict[str, Any]:
    """Return what a statement says as it is in journals."""
    fields = {name: field_value(content, name) for name in ("source_id", *FIELDS)}
    return {**fields, "evidence": evidence_as_json(evidence)}


def content_from_json(value: Mapping[str, Any]) -> tuple[StatementContent, EvidenceContent]:
    """Return what `content_as_json` wrote."""
    fields = {name: value[name] for name in ("source_id", *FIELDS)}
    fields["effect"] = Sign(fields["effect"])
    fields["basis"] = None if fields["basis"] is None else Basis(fields["basis"])
    fields["small_scale"] = SmallScale(fields["small_scale"])
    return StatementContent(**fields), evidence_from_json(value["evidence"])
