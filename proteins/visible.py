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
from proteins.querysets import (
    CitationQuerySet,
    DetectionMethodQuerySet,
    SourceDatabaseQuerySet,
)


def supports(link: type[models.Model], field: str) -> Exists:
    """Whether a row's evidence, by way of `link`, supports something public.

    Evidence stays when what it supported was rejected, or was given other evidence.
    """
    rows: Any = {"evidence": OuterRef("evidence")}
    in_use = Exists(Interaction.objects.public().filter(**rows)) | Exists(
        BindingSite.objects.filter(**rows)
    )
    return Exists(link._default_manager.filter(Q(**{field: OuterRef("pk")}) & Q(in_use)))


def citations() -> CitationQuerySet:
    return Citation.objects.filter(supports(EvidenceCitation, "citation"))


def sources() -> SourceDatabaseQuerySet:
    return SourceDatabase.objects.filter(supports(EvidenceSource, "source"))


def methods() -> DetectionMethodQuerySet:
    return DetectionMethod.objects.filter(supports(EvidenceMethod, "method"))
