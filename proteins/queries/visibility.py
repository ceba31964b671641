"""Publications, databases and methods that are public: those that support an interaction or a site
that is not rejected, and those that are described beside that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from proteins.domain.fold import fold
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
    """Of citations: whether `evidence` that supports something public cites them."""
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


def public_citations() -> CitationQuerySet:
    described = SourceDatabase.objects.order_by().filter(publication=OuterRef("pk"))
    return Citation.objects.filter(Exists(described) | supports(EvidenceCitation, "citation"))


def sources_called(text: str) -> list[SourceDatabase]:
    """Those whose name begins so, in whatever spelling."""
    keys = _called(SourceDatabase.objects.values_list("pk", "fold", "name"), text)
    if not keys:
        return []
    public = Q(publication__isnull=False) | ~Q(url="") | supports(EvidenceSource, "source")
    return list(SourceDatabase.objects.with_publication().filter(public, pk__in=keys))


def methods_called(text: str) -> list[DetectionMethod]:
    """Those whose name or PSI-MI ID begins so, in whatever spelling."""
    keys = _called(DetectionMethod.objects.values_list("pk", "fold", "psi_mi_id"), text)
    if not keys:
        return []
    public = Q(psi_mi_id__isnull=False) | supports(EvidenceMethod, "method")
    return list(DetectionMethod.objects.filter(public, pk__in=keys))


def _called(rows: Iterable[tuple[int, str, str | None]], text: str) -> list[int]:
    """There are a few dozen in all, and mostly none is called so: then no other query follows."""
    key = fold(text)
    return [pk for pk, *names in rows if any(fold(name or "").startswith(key) for name in names)]
