"""The outcome of a trial or an import, as the desk stores and shows it: numbers, and the first
of the changes, proposals, refusals and the rest (a run's own report has no end)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, Final

from curation.importing.loading.report import RunReport, shown_path
from curation.importing.planning.planned import Change
from curation.importing.source.records import Problem
from curation.importing.source.refusals import LikeRefusals, Refusals
from curation.importing.undo.report import UndoReport
from curation.models import RecordKind
from proteins.models import Reporting

#: Records of which the changes are shown, and names of records shown of each kind.
FIRST_RECORDS: Final = 20
FIRST_NAMES: Final = 20
#: Groups of like refusals, and records that stay.
FIRST_PROBLEMS: Final = 200


@dataclass
class FirstRecords:
    """The first records that something happens to, with their fields; and how many in all."""

    records: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    fields: int = 0

    def add(self, change: Change) -> None:
        self.fields += 1
        key = change.kind, change.id
        if key not in self.records and len(self.records) < FIRST_RECORDS:
            self.records[key] = {"kind": change.kind, "key": change.key, "changes": {}}
        if key in self.records:
            self.records[key]["changes"][change.field] = [change.before, change.after]

    def as_json(self) -> list[dict[str, Any]]:
        return list(self.records.values())

    @property
    def shown_fields(self) -> int:
        return sum(len(record["changes"]) for record in self.records.values())


class Outcome:
    """Hears of every record while an import runs, and keeps the first of each kind."""

    def __init__(self) -> None:
        self._created: dict[str, list[str]] = {}
        self._changed, self._proposed = FirstRecords(), FirstRecords()
        self._withdrawn: list[str] = []
        self._refusals = Refusals()

    def created(self, kind: str, keys: Iterable[str]) -> None:
        names = self._created.setdefault(kind, [])
        names.extend(islice(keys, FIRST_NAMES - len(names)))

    def changed(self, change: Change) -> None:
        if change.field == "reporting" and change.after == Reporting.WITHDRAWN.value:
            if len(self._withdrawn) < FIRST_NAMES:
                self._withdrawn.append(change.key)
        elif change.kind in RecordKind.values:
            self._changed.add(change)

    def proposed(self, change: Change) -> None:
        self._proposed.add(change)

    def refused(self, problem: Problem) -> None:
        self._refusals.add(problem)

    def as_json(self, report: RunReport) -> dict[str, Any]:
        return {
            "documents": report.documents,
            "read": report.pages_read,
            "read_in_part": report.pages_read_in_part,
            "skipped": report.pages_skipped,
            "refused_whole": report.pages_refused,
            "rows_refused": report.rows_refused,
            "counts": report.counts(),
            "notes": report.notes,
            "created": self._created,
            "changes": self._changed.as_json(),
            "more_changes": self._changed.fields - self._changed.shown_fields,
            "proposed": report.proposed,
            "proposals": self._proposed.as_json(),
            "withdrawn": report.withdrawn,
            "withdrawn_first": self._withdrawn,
            "problems": [_refusal(group) for group in islice(self._refusals, FIRST_PROBLEMS)],
            "large": _large(report.withdrawn + report.withdrawn_statements, report.doubts),
        }


def _refusal(group: LikeRefusals) -> dict[str, Any]:
    stored = asdict(group.first)
    # What a page says may hold what no database keeps.
    stored |= {
        name: shown_path(stored[name]).replace("\x00", "\\x00")
        for name in ("file", "section", "reason")
    }
    return stored | {"count": group.count, "lines": group.where}


def _large(number: int, reasons: Iterable[str]) -> dict[str, Any]:
    """Return what needs a second confirmation: why, and the number that gives it."""
    texts = list(reasons)
    return {"number": number, "reasons": texts} if texts else {}


def number_to_type(preview: Mapping[str, Any]) -> int | None:
    """Return the number that a person types to confirm a large change; None where it is none."""
    large = preview.get("large")
    return large["number"] if large else None


def undo_as_json(report: UndoReport) -> dict[str, Any]:
    return {
        "deleted": _in_words(report.deleted),
        "restored": _in_words(report.restored),
        "proposals": report.proposals,
        "kept": [line.removeprefix("stays: ") for line in report.staying[:FIRST_PROBLEMS]],
        "kept_count": report.staying_count,
        "large": _large(
            sum(loss.number for loss in report.losses),
            (f"It removes {loss}." for loss in report.losses),
        ),
    }


def _in_words(numbers: Mapping[str, int]) -> dict[str, int]:
    return {_NOTES.get(kind, kind): number for kind, number in sorted(numbers.items())}


#: What an undo takes back beside records, as people say it.
_NOTES: Final = {"page": "pages noted as taken in", "pin": "pins that were released"}


def brings_something(preview: Mapping[str, Any]) -> bool:
    """Whether there is something to carry out after such a trial: not where nothing could be
    read. An import that changes no record still notes that its files were taken in."""
    if "read" not in preview:  # of an import that is taken back
        return True
    return bool(preview["read"])
