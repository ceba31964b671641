"""What a publication's page shows: what it says of itself, and everything that it supports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from proteins.models import BindingSite, Citation, Evidence, SourceDatabase
from proteins.models.querysets import EvidenceQuerySet
from proteins.queries.supported_interactions import (
    Bounded,
    Place,
    SupportedPage,
    interactions_counted,
    sites_counted,
    supported_page,
)

#: Binding sites that are named; the API lists all of them.
SITES: Final = 20


@dataclass(frozen=True)
class Supported:
    """What some evidence supports: a page of interactions, and the first binding sites by
    TFLink ID (where there are very many, some)."""

    page: SupportedPage
    interactions: Bounded
    sites: Bounded
    first_sites: list[BindingSite]

    @classmethod
    def read(
        cls, evidence: EvidenceQuerySet, after: Place | None, before: Place | None
    ) -> Supported:
        sites = sites_counted(evidence)
        return cls(
            supported_page(evidence, after, before),
            interactions_counted(evidence),
            sites,
            _first_sites(evidence, sites),
        )

    @property
    def is_anything(self) -> bool:
        return bool(self.interactions.number or self.sites.number)


@dataclass(frozen=True)
class PublicationPage:
    citation: Citation
    #: The databases whose own paper it is.
    describes: list[SourceDatabase]
    supported: Supported

    @classmethod
    def read(cls, citation: Citation, after: Place | None, before: Place | None) -> PublicationPage:
        described = SourceDatabase.objects.with_publication().filter(publication=citation)
        evidence = Evidence.objects.citing(citation.pmid)
        return cls(citation, list(described), Supported.read(evidence, after, before))

    @property
    def is_public(self) -> bool:
        """Whether there is anything that the public may see: what it supported may have been
        rejected; and which databases there are is no secret."""
        return self.supported.is_anything or bool(self.describes)


def _first_sites(evidence: EvidenceQuerySet, sites: Bounded) -> list[BindingSite]:
    if not sites.number:
        return []
    rows = BindingSite.objects.filter(evidence__in=evidence.values("pk")).order_by()
    # No index has the sites of some evidence in order: few are sorted, and of many some will do.
    if not sites.is_more:
        rows = rows.order_by("tflink_id")
    listed = list(rows.select_related("tf__taxon")[:SITES])
    return sorted(listed, key=lambda site: site.tflink_id)
