"""Find or make the shared Evidence row that says a given content."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from curation.vocabulary import split_source_key
from proteins.domain.evidence import EvidenceContent
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    Interaction,
    SourceDatabase,
)


@transaction.atomic
def evidence_for(content: EvidenceContent) -> Evidence:
    """Return the one row with this content, made first where there is none.

    Databases, methods and publications that are not known yet are added.
    """
    evidence, made = Evidence.objects.get_or_create(
        digest=content.digest,
        defaults={
            "small_scale": content.small_scale,
            "source_count": len(content.sources),
            "method_count": len(content.methods),
            "citation_count": len(content.pmids),
        },
    )
    if made:
        EvidenceSource.objects.bulk_create(
            EvidenceSource(evidence=evidence, source=source_for(key)) for key in content.sources
        )
        EvidenceMethod.objects.bulk_create(
            EvidenceMethod(
                evidence=evidence, method=DetectionMethod.objects.get_or_create(name=name)[0]
            )
            for name in content.methods
        )
        EvidenceCitation.objects.bulk_create(
            EvidenceCitation(
                evidence=evidence, citation=Citation.objects.get_or_create(pmid=pmid)[0]
            )
            for pmid in content.pmids
        )
    return evidence


def source_for(key: str) -> SourceDatabase:
    """Return the source database of a key, added (with the one it came by way of) if new."""
    name, via = split_source_key(key)
    known = SourceDatabase.objects.filter(key=key).first()
    if known is not None:
        return known
    parent = source_for(via) if via else None
    return SourceDatabase.objects.create(key=key, name=name, via=parent)


def drop_unused(evidence_ids: Iterable[int]) -> None:
    """Delete those of these rows that nothing points at any more.

    The caller holds its turn (`curation.shared.lock.take_turn`): nobody else can be about
    to point at them.
    """
    Evidence.objects.filter(
        ~Exists(Interaction.objects.filter(evidence=OuterRef("pk"))),
        ~Exists(BindingSite.objects.filter(evidence=OuterRef("pk"))),
        pk__in=list(evidence_ids),
    ).delete()
