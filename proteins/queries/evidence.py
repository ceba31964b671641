"""What Evidence rows say, as values with all that readers show of them.

Evidence is shared: each distinct row is read once, however many rows and tables it supports,
in three queries for a page or for a batch of a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from django.db.models import Exists, OuterRef, QuerySet

from proteins.caching.bounded import BoundedCache
from proteins.caching.shared import shared
from proteins.domain.citations import short_citation
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.methods import MethodClass, classes_in
from proteins.domain.tiers import Tier
from proteins.models import (
    Citation,
    DetectionMethod,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    PubMedStatus,
    SourceDatabase,
)
from proteins.queries.snapshot import FETCH


class SourceFacts(NamedTuple):
    """A source database; `via` is the key of the one through which TFLink took it."""

    key: str
    name: str
    via: str
    via_name: str
    pmid: int | None

    @classmethod
    def of(cls, row: SourceDatabase) -> Self:
        via, paper = row.via, row.publication
        names = (via.key, via.name) if via else ("", "")
        return cls(row.key, row.name, *names, paper.pmid if paper else None)

    @property
    def label(self) -> str:
        return f"{self.name} via {self.via_name}" if self.via else self.name


class MethodFacts(NamedTuple):
    id: int
    name: str
    psi_mi_id: str
    identifies_participant_only: bool

    @classmethod
    def of(cls, row: DetectionMethod) -> Self:
        return cls(row.pk, row.name, row.psi_mi_id or "", row.identifies_participant_only)


class CitationFacts(NamedTuple):
    """A publication that supports something; `authors` is empty until it is looked up."""

    pmid: int
    is_database_paper: bool
    is_retracted: bool
    pubmed_status: int
    authors: str
    year: int | None

    @classmethod
    def of(cls, row: Citation) -> Self:
        """Of a row that was read with its kind."""
        return cls(
            row.pmid,
            row.is_database_paper,  # type: ignore[attr-defined]
            row.is_retracted,
            row.pubmed_status,
            row.authors,
            row.year,
        )

    @property
    def short(self) -> str:
        """First author and year, or its PubMed ID."""
        return short_citation(self.pmid, self.authors, self.year)

    @property
    def first_author(self) -> str:
        return self.authors.partition(",")[0].strip()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know before trusting it; mostly nothing."""
        if not self.is_retracted and self.pubmed_status != PubMedStatus.NOT_FOUND:
            return ()
        row = Citation(is_retracted=self.is_retracted, pubmed_status=self.pubmed_status)
        return tuple(row.warnings)


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What one Evidence row says; databases by key, methods by name, primary papers first."""

    small_scale: SmallScale
    sources: tuple[SourceFacts, ...]
    methods: tuple[MethodFacts, ...]
    citations: tuple[CitationFacts, ...]
    tier: Tier
    method_classes: tuple[MethodClass, ...]

    @classmethod
    def of(cls, row: Evidence) -> Self:
        """What a row says that was read with its content."""
        papers = [CitationFacts.of(paper) for paper in row.citations.all()]
        return cls(
            SmallScale(row.small_scale),
            tuple(sorted(SourceFacts.of(source) for source in row.sources.all())),
            tuple(sorted(map(MethodFacts.of, row.methods.all()), key=lambda method: method.name)),
            tuple(sorted(papers, key=lambda paper: (paper.is_database_paper, paper.pmid))),
            Tier(row.tier),
            classes_in(row.method_classes),
        )

    @property
    def primary(self) -> tuple[CitationFacts, ...]:
        return tuple(paper for paper in self.citations if not paper.is_database_paper)

    @property
    def database_papers(self) -> tuple[CitationFacts, ...]:
        """The databases' own papers, which say which database supports a row."""
        return tuple(paper for paper in self.citations if paper.is_database_paper)

    @property
    def content(self) -> EvidenceContent:
        """What makes it equal to other evidence."""
        return EvidenceContent.of(
            (source.key for source in self.sources),
            (method.name for method in self.methods),
            (citation.pmid for citation in self.citations),
            self.small_scale,
        )


#: Rows of evidence that the public requests of one state share, in each worker.
CACHED: Final = 5_000


def read_evidence(ids: Collection[int] | None = None) -> dict[int, EvidenceFacts]:
    """Return evidence by primary key, in three queries; all of it where no keys are given.

    All of it fits in memory: over a million interactions share a few thousand.
    """
    return _read(None) if ids is None else _cached().of(ids, _read)


@shared
def _cached() -> BoundedCache[int, EvidenceFacts]:
    return BoundedCache(CACHED)


def _read(ids: Collection[int] | None) -> dict[int, EvidenceFacts]:
    rows, sources = _rows_and_sources(ids)
    methods, citations = _methods(ids), _citations(ids)
    return {
        key: EvidenceFacts(
            SmallScale(scale),
            tuple(sorted(sources[key])),
            tuple(sorted(methods[key], key=lambda method: method.name)),
            tuple(sorted(citations[key], key=lambda paper: (paper.is_database_paper, paper.pmid))),
            Tier(tier),
            classes_in(classes),
        )
        for key, (scale, tier, classes) in rows.items()
    }


def _rows_and_sources(
    ids: Collection[int] | None,
) -> tuple[dict[int, tuple[int, int, int]], defaultdict[int, list[SourceFacts]]]:
    """The scale, tier and method classes of each row, and its source databases."""
    stored: dict[int, tuple[int, int, int]] = {}
    sources: defaultdict[int, list[SourceFacts]] = defaultdict(list)
    rows = _among(Evidence.objects.all(), "pk", ids).values_list(
        "pk", "small_scale", "tier", "method_classes", "sources__key", "sources__name",
        "sources__via__key", "sources__via__name", "sources__publication__pmid",
    )  # fmt: skip
    for pk, scale, tier, classes, key, name, via, via_name, pmid in rows.iterator(chunk_size=FETCH):
        stored[pk] = (scale, tier, classes)
        if key is not None:
            sources[pk].append(SourceFacts(key, name, via or "", via_name or "", pmid))
    return stored, sources


def _methods(ids: Collection[int] | None) -> defaultdict[int, list[MethodFacts]]:
    methods: defaultdict[int, list[MethodFacts]] = defaultdict(list)
    rows = _among(EvidenceMethod.objects.all(), "evidence", ids).values_list(
        "evidence_id", "method_id", "method__name", "method__psi_mi_id",
        "method__identifies_participant_only",
    )  # fmt: skip
    for pk, key, name, term, only in rows.iterator(chunk_size=FETCH):
        methods[pk].append(MethodFacts(key, name, term or "", only))
    return methods


def _citations(ids: Collection[int] | None) -> defaultdict[int, list[CitationFacts]]:
    described = SourceDatabase.objects.filter(publication=OuterRef("citation"))
    links = EvidenceCitation.objects.annotate(is_database_paper=Exists(described.order_by()))
    rows = _among(links, "evidence", ids).values_list(
        "evidence_id", "citation__pmid", "is_database_paper", "citation__is_retracted",
        "citation__pubmed_status", "citation__authors", "citation__year",
    )  # fmt: skip
    shared: dict[int, CitationFacts] = {}
    citations: defaultdict[int, list[CitationFacts]] = defaultdict(list)
    for pk, pmid, *values in rows.iterator(chunk_size=FETCH):
        if pmid not in shared:
            shared[pmid] = CitationFacts(pmid, *values)
        citations[pk].append(shared[pmid])
    return citations


def _among(rows: QuerySet[Any], column: str, ids: Collection[int] | None) -> QuerySet[Any]:
    chosen = rows if ids is None else rows.filter(**{f"{column}__in": set(ids)})
    return chosen.order_by()


@dataclass(frozen=True)
class Vocabulary:
    """The databases and methods that support something here, by primary key."""

    sources: dict[int, SourceDatabase]
    methods: dict[int, DetectionMethod]

    @classmethod
    def read(cls) -> Vocabulary:
        return _vocabulary()

    @property
    def database_papers(self) -> set[int]:
        """The PubMed IDs of the databases' own papers."""
        return {source.publication.pmid for source in self.sources.values() if source.publication}


@shared
def _vocabulary() -> Vocabulary:
    sources = SourceDatabase.objects.supporting().with_publication()
    return Vocabulary(
        {source.pk: source for source in sources},
        {method.pk: method for method in DetectionMethod.objects.used()},
    )
