"""The shared Evidence row of a content, looked up or made."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from curation.shared.evidence_columns import EvidenceColumns
from proteins.domain.evidence import EvidenceContent
from proteins.domain.fold import tidy
from proteins.domain.tiers import split_source_key
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
from proteins.queries.support_rules import read_support_rules


@transaction.atomic
def evidence_for(content: EvidenceContent) -> Evidence:
    """Return the one row with this content, made first where there is none.

    Databases and methods may be in any spelling. Those, and publications, that are new are
    added.
    """
    existing = Evidence.objects.filter(digest=content.digest).first()
    if existing is not None:
        return existing
    sources = [source_for(key) for key in content.sources]
    methods = [_method_for(name) for name in content.methods]
    canonical = EvidenceContent.of(
        (source.key for source in sources),
        (method.name for method in methods),
        content.pmids,
        content.small_scale,
    )
    evidence, made = Evidence.objects.get_or_create(
        digest=canonical.digest,
        defaults=EvidenceColumns.of(canonical, read_support_rules())._asdict(),
    )
    if made:
        EvidenceSource.objects.bulk_create(
            EvidenceSource(evidence=evidence, source=source) for source in dict.fromkeys(sources)
        )
        EvidenceMethod.objects.bulk_create(
            EvidenceMethod(evidence=evidence, method=method) for method in dict.fromkeys(methods)
        )
        EvidenceCitation.objects.bulk_create(
            EvidenceCitation(
                evidence=evidence, citation=Citation.objects.get_or_create(pmid=pmid)[0]
            )
            for pmid in canonical.pmids
        )
    return evidence


def source_for(key: str) -> SourceDatabase:
    """Return the source database of a key, added (with the one it came by way of) if new."""
    existing = SourceDatabase.objects.by_fold(key).first()
    if existing is not None:
        return existing
    name, via = split_source_key(tidy(key))
    parent = source_for(via) if via else None
    return SourceDatabase.objects.create(key=key, name=name, via=parent)


def _method_for(name: str) -> DetectionMethod:
    existing = DetectionMethod.objects.by_fold(name).first()
    return existing if existing is not None else DetectionMethod.objects.create(name=name)


def drop_unused(evidence_ids: Iterable[int]) -> None:
    """Delete those of these rows that nothing points at any more.

    The caller holds the write lock (`curation.shared.lock.take_write_lock`): no other
    writer can be about to point at them.
    """
    Evidence.objects.filter(
        ~Exists(Interaction.objects.filter(evidence=OuterRef("pk"))),
        ~Exists(BindingSite.objects.filter(evidence=OuterRef("pk"))),
        pk__in=list(evidence_ids),
    ).delete()
