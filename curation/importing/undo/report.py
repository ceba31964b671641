"""What taking an import back did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from curation.importing.source.records import Withdrawal

#: How many of the records that stay are listed one by one.
LISTED = 1000
#: Why a record stays as it is.
REPORTED_LATER = "a later import reports it too"


@dataclass
class UndoReport:
    run_id: int
    deleted: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    proposals: int = 0
    staying: list[str] = field(default_factory=list)
    staying_count: int = 0
    #: What needs a confirmation: the large share of a species' interactions that goes.
    losses: list[Withdrawal] = field(default_factory=list)

    def stays(self, kind: str, key: str, why: str) -> None:
        self.staying_count += 1
        if len(self.staying) < LISTED:
            self.staying.append(f"stays: {kind} {key}: {why}")

    def lines(self) -> list[str]:
        lines = list(self.staying)
        if self.staying_count > len(self.staying):
            lines.append(f"and {self.staying_count - len(self.staying):,} more stay")
        lines += [f"{kind}: {number:,} removed" for kind, number in sorted(self.deleted.items())]
        lines += [
            f"{kind}: {number:,} values restored" for kind, number in sorted(self.restored.items())
        ]
        if self.proposals:
            lines.append(f"{self.proposals:,} proposals withdrawn")
        lines += [f"That removes {loss}." for loss in self.losses]
        if not (self.deleted or self.restored):
            lines.append("There was nothing to take back.")
        return lines
