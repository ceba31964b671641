"""What documents say of one interaction, by the role in which each speaks of it.

Which documents can speak of a pair follows from the pair: the table of its species, the page of
its TF, the page of its target, the downloads of either. So a role is enough to say which document
it was. Support is equal where its content is equal, as evidence is (`proteins.domain.evidence`).
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final

from proteins.domain.evidence import EvidenceContent


class Role(enum.IntEnum):
    """In which role a document speaks of an interaction.

    A page has its generation as the last digit, so that the order in which pages come in does
    not matter: of those of one protein the newest counts. What is stated under a former accession
    (0) counts beside them: it may be of the same age.
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
        """Whether it is the page of a protein under its present accession."""
        return Role.TF_PAGE_1 <= self <= Role.TARGET_PAGE_3 and self is not Role.TARGET_PAGE_FORMER

    def formerly(self, *, tf: bool, target: bool) -> Role:
        """Return the role of the document where the accession of the TF or of the target, by
        which it names the pair, is a former one."""
        if tf and self.is_page and self < Role.TARGET_PAGE_FORMER:
            return Role.TF_PAGE_FORMER
        if target and self.is_page and self > Role.TARGET_PAGE_FORMER:
            return Role.TARGET_PAGE_FORMER
        is_file = self in (Role.TABLE, Role.TF_FILE, Role.TARGET_FILE)
        return Role.TABLE_PART if is_file and (tf or target) else self

    @property
    def is_document(self) -> bool:
        return self < Role.STATEMENTS

    @property
    def is_united(self) -> bool:
        """Whether several documents share the role, so that none replaces what another says."""
        return self in _UNITED

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
_UNITED: Final = frozenset(
    {Role.EARLIER, Role.TABLE_PART, Role.TF_PAGE_FORMER, Role.TARGET_PAGE_FORMER}
)
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

    def with_roles(self, roles: Mapping[Role, EvidenceContent | None]) -> SupportContent:
        """Return what it is where each of `roles` says this, or (None) nothing any more."""
        parts: dict[Role, EvidenceContent | None] = {**self.by_role(), **roles}
        return self.of({role: content for role, content in parts.items() if content is not None})

    def stated(self, documents: SupportContent) -> SupportContent:
        """Return what it becomes where `documents` say this: each replaces the value of its role,
        unless several share the role."""
        parts = self.by_role()
        for role, content in documents.parts:
            if role.is_united and role in parts:
                parts[role] = parts[role].united(content)
            else:
                parts[role] = content
        return self.of(parts)

    def without_earlier(self) -> SupportContent:
        """Return what it is without what was stored before documents were distinguished, once
        the documents that it can have come from have spoken: the table of the species, which
        holds what pages show of it, or the pages of both proteins."""
        roles = {role for role, _ in self.parts}
        by_page = {role // 10 for role in roles if role.is_page}
        if Role.TABLE in roles or len(by_page) > 1:
            return self.with_roles({Role.EARLIER: None})
        return self

    def formerly(self, *, tf: bool, target: bool) -> SupportContent:
        """Return what it is where the accession of the TF or of the target is a former one."""
        parts = (
            SupportContent.of({role.formerly(tf=tf, target=target): content})
            for role, content in self.parts
        )
        return reduce(SupportContent.united, parts, SupportContent.of({}))

    def united(self, other: SupportContent) -> SupportContent:
        """Return what both say together, role by role."""
        parts = self.by_role()
        for role, content in other.parts:
            parts[role] = parts[role].united(content) if role in parts else content
        return self.of(parts)

    @property
    def is_pinned(self) -> bool:
        return any(role is Role.PINNED for role, _ in self.parts)

    @cached_property
    def documents(self) -> EvidenceContent:
        """What the documents say: of the pages of one protein, the newest."""
        newest = {_source_of(role): content for role, content in self.parts if role.is_document}
        return _united(newest.values())

    @cached_property
    def evidence(self) -> EvidenceContent:
        """What supports the interaction: `base`, and what its statements say."""
        return self.base.united(self.by_role().get(Role.STATEMENTS, _NONE))

    @cached_property
    def base(self) -> EvidenceContent:
        """What the documents say, or a curator in their place."""
        return self.by_role().get(Role.PINNED, self.documents)


def superseded(roles: Iterable[Role]) -> frozenset[Role]:
    """Return those of `roles` in whose place another one counts: a newer page of the protein,
    or a curator's word."""
    present = sorted(roles)
    if Role.PINNED in present:
        return frozenset(role for role in present if role.is_document)
    newest = {_source_of(role): role for role in present}
    return frozenset(role for role in present if newest[_source_of(role)] is not role)


def _source_of(role: Role) -> int:
    """Return what distinguishes roles of which only the newest counts from all others."""
    return role // 10 if role.is_page else -role


def merged(supports: Sequence[SupportContent]) -> SupportContent:
    """Return the support of interactions that become one: parts are united by role. Where a
    curator's word is in place of any of the documents, it is united with what the others say."""
    united = reduce(SupportContent.united, supports)
    if not united.is_pinned:
        return united
    base = _united(support.base for support in supports)
    return united.with_roles({Role.PINNED: None if base == united.documents else base})


def _role(part: tuple[Role, EvidenceContent]) -> Role:
    return part[0]
