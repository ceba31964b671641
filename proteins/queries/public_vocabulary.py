"""Publications, databases and methods that the public may see: those that support something
that is not rejected, and those that are known beside that.

The pages of records say the same (`is_public` of each); here it is asked for several at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from proteins.models import (
    Citation,
    DetectionMethod,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    SourceDatabase,
)
from proteins.models.querysets import CitationQuerySet
from proteins.queries.visibility import supports


def public_citations() -> CitationQuerySet:
    described = SourceDatabase.objects.order_by().filter(publication=OuterRef("pk"))
    return Citation.objects.filter(Exists(described) | supports(EvidenceCitation, "citation"))


def sources_called(text: str) -> list[SourceDatabase]:
    """Those whose name begins so, in capitals or not."""
    keys = _called(SourceDatabase.objects.values_list("pk", "key", "name"), text)
    if not keys:
        return []
    public = Q(publication__isnull=False) | ~Q(url="") | supports(EvidenceSource, "source")
    return list(SourceDatabase.objects.with_publication().filter(public, pk__in=keys))


def methods_called(text: str) -> list[DetectionMethod]:
    """Those whose name or PSI-MI ID begins so, in capitals or not."""
    keys = _called(DetectionMethod.objects.values_list("pk", "name", "psi_mi_id"), text)
    if not keys:
        return []
    public = Q(psi_mi_id__isnull=False) | supports(EvidenceMethod, "method")
    return list(DetectionMethod.objects.filter(public, pk__in=keys))


def _called(rows: Iterable[tuple[int, str, str | None]], text: str) -> list[int]:
    """There are a few dozen in all, and mostly none is called so: then nothing else is asked."""
    key = text.lower()
    return [
        pk for pk, *names in rows if any((name or "").lower().startswith(key) for name in names)
    ]
