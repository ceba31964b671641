"""Which vocabulary the public may see: what supports something that is not rejected."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    Interaction,
    SourceDatabase,
)
from proteins.models.querysets import (
    CitationQuerySet,
    DetectionMethodQuerySet,
    EvidenceQuerySet,
    SourceDatabaseQuerySet,
)


def supports(link: type[models.Model], field: str) -> Exists:
    """Whether a row's evidence, by way of `link`, supports something public.

    Evidence stays when what it supported was rejected, or was given other evidence.
    """
    return Exists(_used(link).filter(Q(**{field: OuterRef("pk")})))


def cited_by(evidence: EvidenceQuerySet) -> Q:
    """Of citations: whether they stand in some of `evidence` that supports something public."""
    links = _used(EvidenceCitation).filter(evidence__in=evidence.values("pk"))
    return Q(pk__in=links.values("citation"))


def _used(link: type[models.Model]) -> models.QuerySet[Any]:
    rows: Any = {"evidence": OuterRef("evidence")}
    in_use = Exists(Interaction.objects.public().filter(**rows)) | Exists(
        BindingSite.objects.filter(**rows)
    )
    return link._default_manager.filter(Q(in_use))


def citations() -> CitationQuerySet:
    return Citation.objects.filter(supports(EvidenceCitation, "citation"))


def sources() -> SourceDatabaseQuerySet:
    return SourceDatabase.objects.filter(supports(EvidenceSource, "source"))


def methods() -> DetectionMethodQuerySet:
    return DetectionMethod.objects.filter(supports(EvidenceMethod, "method"))
