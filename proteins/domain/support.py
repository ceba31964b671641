"""What documents say of one interaction, by the role in which each speaks of it.

Which documents can speak of a pair follows from the pair: the table of its species, the page of
its TF, the page of its target, the downloads of either. So a role is enough to say which document
it was. Support is equal where its content is equal, as evidence is (`proteins.domain.evidence`).
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final

from proteins.domain.evidence import EvidenceContent


class Role(enum.IntEnum):
    """In which role a document speaks of an interaction.

    A page has its generation as the last digit (0: a page under a former accession), so that
    the order in which pages come in does not matter: of those of one protein the newest counts.
    """

    EARLIER = 1
    TABLE = 2
    TABLE_PART = 3
    TF_FILE = 4
    TARGET_FILE = 5
    TF_PAGE_FORMER = 10
    TF_PAGE_1 = 11
    TF_PAGE_2 = 12
    TF_PAGE_3 = 13
    TARGET_PAGE_FORMER = 20
    TARGET_PAGE_1 = 21
    TARGET_PAGE_2 = 22
    TARGET_PAGE_3 = 23
    #: What a curator gave who added the interaction.
    DESK = 30
    #: What its active statements say together.
    STATEMENTS = 40
    #: What a curator put in place of what the documents say.
    PINNED = 50

    @classmethod
    def of_page(cls, generation: int, *, of_tf: bool) -> Role:
        """Return the role of a row of a page of this generation, 0 under a former accession."""
        return cls((10 if of_tf else 20) + generation)

    @property
    def is_page(self) -> bool:
        return Role.TF_PAGE_FORMER <= self <= Role.TARGET_PAGE_3

    @property
    def is_document(self) -> bool:
        return self < Role.STATEMENTS

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final[Mapping[Role, str]] = {
    Role.EARLIER: "before documents were told apart",
    Role.TABLE: "the table of the species",
    Role.TABLE_PART: "a part of a table of the species",
    Role.TF_FILE: "a download of the TF",
    Role.TARGET_FILE: "a download of the target",
    Role.TF_PAGE_FORMER: "the TF's page, under a former accession",
    Role.TF_PAGE_1: "the TF's page, oldest form",
    Role.TF_PAGE_2: "the TF's page, middle form",
    Role.TF_PAGE_3: "the TF's page",
    Role.TARGET_PAGE_FORMER: "the target's page, under a former accession",
    Role.TARGET_PAGE_1: "the target's page, oldest form",
    Role.TARGET_PAGE_2: "the target's page, middle form",
    Role.TARGET_PAGE_3: "the target's page",
    Role.DESK: "a curator",
    Role.STATEMENTS: "statements",
    Role.PINNED: "a curator, in place of the documents",
}
_NONE: Final = EvidenceContent.of()


def _united(contents: Iterable[EvidenceContent]) -> EvidenceContent:
    return reduce(EvidenceContent.united, contents, _NONE)


@dataclass(frozen=True)
class SupportContent:
    """What each role says, in the order of roles; build it with `of`."""

    parts: tuple[tuple[Role, EvidenceContent], ...]

    @classmethod
    def of(cls, parts: Mapping[Role, EvidenceContent]) -> SupportContent:
        return cls(tuple(sorted(parts.items(), key=_role)))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.parts)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (64 hexadecimal digits) of roles and the digests of their evidence."""
        canonical = ",".join(f"{role.value}:{content.digest}" for role, content in self.parts)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def by_role(self) -> dict[Role, EvidenceContent]:
        return dict(self.parts)

    def with_role(self, role: Role, content: EvidenceContent | None) -> SupportContent:
        """Return what it is where `role` says `content`, or nothing any more."""
        parts = self.by_role()
        if content is None:
            parts.pop(role, None)
        else:
            parts[role] = content
        return self.of(parts)

    def united(self, other: SupportContent) -> SupportContent:
        """Return what both say together, role by role: what a merge leaves."""
        parts = self.by_role()
        for role, content in other.parts:
            parts[role] = parts[role].united(content) if role in parts else content
        return self.of(parts)

    @cached_property
    def documents(self) -> EvidenceContent:
        """What the documents say: of the pages of one protein, the newest."""
        newest = {
            role // 10 if role.is_page else -role: content
            for role, content in self.parts
            if role.is_document
        }
        return _united(newest.values())

    @cached_property
    def evidence(self) -> EvidenceContent:
        """What supports the interaction: a curator's word, or else the documents'; and what
        its statements say."""
        parts = self.by_role()
        base = parts.get(Role.PINNED, self.documents)
        return base.united(parts.get(Role.STATEMENTS, _NONE))


def _role(part: tuple[Role, EvidenceContent]) -> Role:
    return part[0]
