"""What one Evidence row says, as a value (standard library only).

Evidence is equal where its content is equal: the same databases, methods, publications
and scale. The digest of the canonical content is what the database holds unique.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


class SmallScale(enum.IntEnum):
    """Whether a small-scale experiment supports an interaction.

    The order is the rule by which two statements are united: yes over no over not stated
    (the oldest pages have no such column, which is not a "no").
    """

    NOT_STATED = 0
    NO = 1
    YES = 2

    @property
    def label(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class EvidenceContent:
    """The content of one Evidence row; build it with `of`, which puts it in order.

    `sources` and `methods` hold the names as the documents spell them
    (`TFactS_via_DoRothEA`), `pmids` PubMed IDs; each ascending and without repeats.
    """

    sources: tuple[str, ...]
    methods: tuple[str, ...]
    pmids: tuple[int, ...]
    small_scale: SmallScale

    @classmethod
    def of(
        cls,
        sources: Iterable[str] = (),
        methods: Iterable[str] = (),
        pmids: Iterable[int] = (),
        small_scale: SmallScale = SmallScale.NOT_STATED,
    ) -> EvidenceContent:
        return cls(
            tuple(sorted(set(sources))),
            tuple(sorted(set(methods))),
            tuple(sorted(set(pmids))),
            small_scale,
        )

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # The importer looks the same few thousand values up millions of times.
        return hash((self.sources, self.methods, self.pmids, self.small_scale))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (64 hexadecimal digits) of the canonical content."""
        canonical = json.dumps(
            [self.sources, self.methods, self.pmids, self.small_scale.name],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def united(self, other: EvidenceContent) -> EvidenceContent:
        """Return what both say together: sets united, yes over no over not stated."""
        if self == other:
            return self
        return EvidenceContent.of(
            (*self.sources, *other.sources),
            (*self.methods, *other.methods),
            (*self.pmids, *other.pmids),
            max(self.small_scale, other.small_scale),
        )
