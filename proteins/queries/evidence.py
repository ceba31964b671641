"""What supports the rows of a table, read together for many rows.

Evidence is shared, so each distinct one is read once, however many rows and tables it
supports: a fixed number of queries for a page, or for a batch of a download.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from proteins.models import (
    Citation,
    DetectionMethod,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    PubMedStatus,
    SourceDatabase,
)


class Paper(NamedTuple):
    pmid: int
    #: What a reader should know before trusting it; mostly nothing.
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Support:
    """What an Evidence row says. Databases' own papers stand apart from primary ones; among
    either, what calls for a look comes first."""

    sources: tuple[SourceDatabase, ...] = ()
    methods: tuple[DetectionMethod, ...] = ()
    primary: tuple[Paper, ...] = ()
    database_papers: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The databases and methods that support something here, by their keys."""

    sources: dict[int, SourceDatabase]
    methods: dict[int, DetectionMethod]

    @classmethod
    def read(cls) -> Vocabulary:
        sources = SourceDatabase.objects.supporting().with_publication()
        return cls(
            {source.pk: source for source in sources},
            {method.pk: method for method in DetectionMethod.objects.used()},
        )

    @property
    def database_papers(self) -> set[int]:
        """The PubMed IDs of the databases' own papers."""
        return {source.publication.pmid for source in self.sources.values() if source.publication}

    def support_of(self, evidence: Collection[int]) -> dict[int, Support]:
        """What each of some Evidence rows says, in three queries."""
        if not evidence:
            return {}
        chosen = {"evidence__in": set(evidence)}
        sources = _together(
            EvidenceSource.objects.filter(**chosen).values_list("evidence_id", "source_id")
        )
        methods = _together(
            EvidenceMethod.objects.filter(**chosen).values_list("evidence_id", "method_id")
        )
        papers = self._papers(evidence)
        return {
            key: Support(
                tuple(source for pk, source in self.sources.items() if pk in sources[key]),
                tuple(method for pk, method in self.methods.items() if pk in methods[key]),
                *papers[key],
            )
            for key in chosen["evidence__in"]
        }

    def _papers(
        self, evidence: Collection[int]
    ) -> dict[int, tuple[tuple[Paper, ...], tuple[Paper, ...]]]:
        own = self.database_papers
        found: dict[int, tuple[list[Paper], list[Paper]]] = {key: ([], []) for key in evidence}
        links = EvidenceCitation.objects.filter(evidence__in=found).values_list(
            "evidence_id",
            "citation__pmid",
            "citation__is_retracted",
            "citation__pubmed_status",
        )
        for key, pmid, is_retracted, status in links:
            found[key][pmid in own].append(Paper(pmid, _warnings(is_retracted, status)))
        return {key: (_in_order(primary), _in_order(own)) for key, (primary, own) in found.items()}


def _together(links: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, linked in links:
        found[key].add(linked)
    return found


def _warnings(is_retracted: bool, pubmed_status: int) -> tuple[str, ...]:
    if not is_retracted and pubmed_status != PubMedStatus.NOT_FOUND:
        return ()
    return tuple(Citation(is_retracted=is_retracted, pubmed_status=pubmed_status).warnings)


def _in_order(papers: list[Paper]) -> tuple[Paper, ...]:
    return tuple(sorted(papers, key=lambda paper: (not paper.warnings, paper.pmid)))
