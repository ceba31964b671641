"""Named reads of evidence, and of the databases, methods and publications that it names.

`proteins.models.querysets` has the others, and is where all of them are taken from.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from proteins.domain.evidence import SmallScale
from proteins.domain.fold import fold
from proteins.domain.methods import MethodClass, mask_of
from proteins.domain.tiers import Tier

if TYPE_CHECKING:
    from proteins.models import Citation, DetectionMethod, Evidence, SourceDatabase

#: Those of `PubMedStatus`, which lives in a module that imports this one.
NOT_LOOKED_UP, IN_PUBMED, NOT_IN_PUBMED = 0, 1, 2


def model(name: str) -> type[models.Model]:
    return apps.get_model("proteins", name)


class CitationQuerySet(models.QuerySet["Citation"]):
    def with_kind(self) -> Self:
        """Each with `is_database_paper`: the paper of a source database, which says which
        database supports a row and not which experiment."""
        described = model("SourceDatabase")._default_manager.filter(publication=OuterRef("pk"))
        return self.annotate(is_database_paper=Exists(described))

    def primary_first(self) -> Self:
        return self.with_kind().order_by("is_database_paper", "pmid")

    def cited(self) -> Self:
        """Those that support something here (vocabularies bring some that do not)."""
        links = model("EvidenceCitation")._default_manager.filter(citation=OuterRef("pk"))
        return self.filter(Exists(links))

    def with_pmids(self, pmids: Iterable[int]) -> Self:
        return self.filter(pmid__in=list(pmids))

    def not_looked_up(self) -> Self:
        return self.filter(pubmed_status=NOT_LOOKED_UP)

    def not_found_yet(self) -> Self:
        """Those that were not looked up, and those that are not in PubMed."""
        return self.exclude(pubmed_status=IN_PUBMED)

    def looked_up_before(self, moment: datetime) -> Self:
        """Those that were looked up longest ago, or not at all."""
        return self.filter(Q(looked_up_at=None) | Q(looked_up_at__lt=moment))

    def longest_ago_first(self) -> Self:
        """In the order in which to look them up again: those never looked up, then by age."""
        return self.order_by(F("looked_up_at").asc(nulls_first=True), "pmid")

    def retracted(self) -> Self:
        return self.filter(is_retracted=True)

    def unknown_to_pubmed(self) -> Self:
        return self.filter(pubmed_status=NOT_IN_PUBMED)


class SourceDatabaseQuerySet(models.QuerySet["SourceDatabase"]):
    def by_fold(self, *keys: str) -> Self:
        """Those of these keys, in whatever spelling."""
        return self.filter(fold__in=map(fold, keys))

    def with_publication(self) -> Self:
        return self.select_related("via", "publication")

    def supporting(self) -> Self:
        """Those that support something here."""
        links = model("EvidenceSource")._default_manager.filter(source=OuterRef("pk"))
        return self.filter(Exists(links))


class DetectionMethodQuerySet(models.QuerySet["DetectionMethod"]):
    def by_fold(self, *names: str) -> Self:
        """Those of these names, in whatever spelling."""
        return self.filter(fold__in=map(fold, names))

    def used(self) -> Self:
        """Those that support something here."""
        links = model("EvidenceMethod")._default_manager.filter(method=OuterRef("pk"))
        return self.filter(Exists(links))


#: Links of evidence to what it names.
Links = models.QuerySet[Any]


def links_to_sources(*keys: str) -> Links:
    return model("EvidenceSource")._default_manager.filter(source__fold__in=map(fold, keys))


def links_to_other_sources(*keys: str) -> Links:
    return model("EvidenceSource")._default_manager.exclude(source__fold__in=map(fold, keys))


def links_to_methods(*names: str) -> Links:
    return model("EvidenceMethod")._default_manager.filter(method__fold__in=map(fold, names))


def links_to_publications(*pmids: int) -> Links:
    return model("EvidenceCitation")._default_manager.filter(citation__pmid__in=pmids)


def links_to_other_primaries(*pmids: int) -> Links:
    """Links to publications that are neither among these nor the own paper of a database."""
    links = model("EvidenceCitation")._default_manager.exclude(citation__pmid__in=pmids)
    return links.exclude(Exists(_described_by_citation()))


def links_to_own_papers() -> Links:
    """Links to the own papers of databases."""
    return model("EvidenceCitation")._default_manager.filter(Exists(_described_by_citation()))


def _described_by_citation() -> models.QuerySet[Any]:
    """The databases whose own paper is the publication of a link."""
    sources = model("SourceDatabase")._default_manager.order_by()
    return sources.filter(publication=OuterRef("citation"))


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def linked_by(self, links: Links) -> Self:
        return self.filter(pk__in=links.order_by().values("evidence"))

    def not_linked_by(self, links: Links) -> Self:
        # Looked up for each: the others may have most of the links.
        return self.exclude(Exists(links.filter(evidence=OuterRef("pk"))))

    def from_source(self, *keys: str) -> Self:
        return self.linked_by(links_to_sources(*keys))

    def by_method(self, *names: str) -> Self:
        return self.linked_by(links_to_methods(*names))

    def citing(self, *pmids: int) -> Self:
        return self.linked_by(links_to_publications(*pmids))

    def citing_any_of(self, citations: CitationQuerySet) -> Self:
        links = model("EvidenceCitation")._default_manager.filter(
            citation__in=citations.order_by().values("pk")
        )
        return self.filter(pk__in=links.values("evidence"))

    def at_scale(self, *scales: SmallScale) -> Self:
        return self.filter(small_scale__in=scales)

    def at_tier(self, *tiers: Tier) -> Self:
        return self.filter(tier__in=tiers)

    def of_class(self, *classes: MethodClass) -> Self:
        """Those that some method of one of these classes supports."""
        common = F("method_classes").bitand(mask_of(classes))
        return self.alias(common_classes=common).filter(common_classes__gt=0)

    def of_other_classes(self, *classes: MethodClass) -> Self:
        """Those that no method of one of these classes supports."""
        common = F("method_classes").bitand(mask_of(classes))
        return self.alias(common_classes=common).filter(common_classes=0)

    def from_single_source(self) -> Self:
        """Those that one independent database supports, alone."""
        return self.filter(independent_sources=1)

    def from_several_sources(self) -> Self:
        return self.filter(independent_sources__gt=1)

    def from_at_least(self, number: int) -> Self:
        """Those that so many independent databases support, or more."""
        return self.filter(independent_sources__gte=number)

    def with_content(self) -> Self:
        """With its databases, methods and publications (primary ones first)."""
        source, citation = model("SourceDatabase"), model("Citation")
        return self.prefetch_related(
            Prefetch("sources", source._default_manager.with_publication()),  # type: ignore[attr-defined]
            "methods",
            Prefetch("citations", citation._default_manager.primary_first()),  # type: ignore[attr-defined]
        )
