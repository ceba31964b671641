"""The tier of support: a pure function of what an Evidence row says, shown with its rule.

    strong     small-scale, and two independent databases or two primary publications
    supported  small-scale
    repeated   the same number of databases or publications without a small-scale experiment
    single     the rest

Independent: `X_via_DoRothEA` counts as X, and an aggregator (DoRothEA, CollecTRI) counts only
where nothing that was reached through it is named. Primary: no database's own paper. A scale
that is not stated neither raises nor lowers a tier.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, Self

from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.fold import fold
from proteins.domain.methods import MethodClass, initial_class, mask_of


class Tier(enum.IntEnum):
    """How well a row is supported; a higher one is the better."""

    SINGLE = 0
    REPEATED = 1
    SUPPORTED = 2
    STRONG = 3

    @property
    def label(self) -> str:
        return self.name.lower()

    @property
    def rule(self) -> str:
        """What the tier means, as a sentence."""
        return _RULES[self]


_RULES: Final = {
    Tier.STRONG: (
        "A small-scale experiment supports it, and so do two or more independent databases "
        "or two or more primary publications."
    ),
    Tier.SUPPORTED: (
        "A small-scale experiment supports it; only one independent database and no more than "
        "one primary publication are named."
    ),
    Tier.REPEATED: (
        "Two or more independent databases or two or more primary publications support it; no "
        "small-scale experiment is stated."
    ),
    Tier.SINGLE: (
        "No more than one independent database and one primary publication support it; no "
        "small-scale experiment is stated."
    ),
}

#: Databases that gather what others publish, by the fold of their key.
_AGGREGATORS: Final = frozenset({"dorothea", "collectri"})
#: Independent databases, or primary publications, from which support is repeated.
_REPEATED_FROM: Final = 2


def split_source_key(key: str) -> tuple[str, str]:
    """Return a source's own name and the one it came by way of, which may be empty.

    `TFactS_via_DoRothEA` is TFactS by way of DoRothEA.
    """
    name, _, via = key.partition("_via_")
    return (name, via) if name and via else (key, "")


def is_initial_aggregator(key: str) -> bool:
    """Whether a source database is an aggregator at first, by its key in whatever spelling."""
    return fold(split_source_key(key)[0]) in _AGGREGATORS


class SourceTraits(NamedTuple):
    """What a source database counts as, by folds of keys: an `X_via_Y` as X, reached through Y."""

    counts_as: str
    via: str
    is_aggregator: bool

    @classmethod
    def of(cls, key: str, name: str, via: str, *, is_aggregator: bool) -> Self:
        own, suffix = split_source_key(key)
        # A curator may state the way of a database whose key does not.
        counted = name if via and not suffix else own
        return cls(fold(counted), fold(via), is_aggregator)

    @classmethod
    def initial(cls, key: str) -> Self:
        """The traits of a database that is met for the first time."""
        _, via = split_source_key(key)
        return cls.of(key, "", via, is_aggregator=is_initial_aggregator(key))


class SupportColumns(NamedTuple):
    """The columns of an Evidence row that follow from its content and the vocabulary."""

    tier: int
    method_classes: int
    independent_sources: int


@dataclass(frozen=True)
class SupportRules:
    """What the vocabulary says that tiers and method classes follow from."""

    #: By the key of each source database.
    sources: Mapping[str, SourceTraits] = field(default_factory=dict)
    #: PubMed IDs of the databases' own papers.
    own_papers: frozenset[int] = frozenset()
    #: By the name of each detection method.
    methods: Mapping[str, MethodClass] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        sources: Iterable[tuple[str, str, str | None, bool, int | None]],
        methods: Iterable[tuple[str, int]],
    ) -> Self:
        """The rules of a stored vocabulary: of each database key, name, key of the one through
        which it was taken, whether it is an aggregator, own paper; of each method name, class."""
        traits, papers = {}, set()
        for key, name, via, is_aggregator, paper in sources:
            traits[key] = SourceTraits.of(key, name, via or "", is_aggregator=is_aggregator)
            papers |= {paper} if paper else set()
        classes = {name: MethodClass(number) for name, number in methods}
        return cls(traits, frozenset(papers), classes)

    def columns(self, content: EvidenceContent) -> SupportColumns:
        """The derived columns of an Evidence row with this content."""
        independent, classes = self._of_names(content.sources, content.methods)
        primary = len(self.primary(content.pmids))
        is_repeated = max(independent, primary) >= _REPEATED_FROM
        tier = _tier(content.small_scale, is_repeated=is_repeated)
        return SupportColumns(tier.value, classes, independent)

    def _of_names(self, sources: tuple[str, ...], methods: tuple[str, ...]) -> tuple[int, int]:
        """The number of independent databases and the mask of classes, cached: contents that
        differ in their publications share them."""
        columns = self._by_names.get((sources, methods))
        if columns is None:
            classes = {self.method_class(name) for name in methods}
            columns = len(self.independent(sources)), mask_of(classes)
            self._by_names[sources, methods] = columns
        return columns

    @cached_property
    def _by_names(self) -> dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[int, int]]:
        return {}

    def tier(self, content: EvidenceContent) -> Tier:
        return Tier(self.columns(content).tier)

    def independent(self, keys: Iterable[str]) -> frozenset[str]:
        """The independent databases among some, by the fold of their key."""
        named = [self.traits(key) for key in keys]
        aggregators = self._aggregators | _aggregators(named)
        redundant = aggregators & {traits.via for traits in named}
        return frozenset(traits.counts_as for traits in named) - redundant

    @cached_property
    def _aggregators(self) -> frozenset[str]:
        return _aggregators(self.sources.values())

    def primary(self, pmids: Iterable[int]) -> frozenset[int]:
        """The primary publications among some."""
        return frozenset(pmids) - self.own_papers

    def traits(self, key: str) -> SourceTraits:
        return self.sources.get(key) or SourceTraits.initial(key)

    def method_class(self, name: str) -> MethodClass:
        stored = self.methods.get(name)
        return initial_class(name) if stored is None else stored


def _aggregators(sources: Iterable[SourceTraits]) -> frozenset[str]:
    return frozenset(traits.counts_as for traits in sources if traits.is_aggregator)


def _tier(scale: SmallScale, *, is_repeated: bool) -> Tier:
    if scale is SmallScale.YES:
        return Tier.STRONG if is_repeated else Tier.SUPPORTED
    return Tier.REPEATED if is_repeated else Tier.SINGLE
