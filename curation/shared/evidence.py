"""The shared Evidence row of one content, looked up or made."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from curation.shared.bulk import bulk_for
from curation.shared.evidence_rows import EvidenceRows
from proteins.domain.evidence import EvidenceContent
from proteins.models import Evidence


@transaction.atomic
def evidence_for(content: EvidenceContent) -> Evidence:
    """Return the one row with this content, made first where there is none.

    Databases and methods may be in any spelling. Those, and publications, that are new are
    added.
    """
    existing = Evidence.objects.filter(digest=content.digest).first()
    if existing is not None:
        return existing
    rows = EvidenceRows(bulk_for())
    canonical = rows.spellings.canonical(content)
    rows.write([canonical])
    return Evidence.objects.get(pk=rows.ids[canonical])


def drop_unused(evidence_ids: Iterable[int]) -> None:
    """Delete those of these rows that nothing points at any more.

    The caller holds the write lock (`curation.shared.lock.take_write_lock`): no other
    writer can be about to point at them.
    """
    EvidenceRows(bulk_for()).drop_unused(evidence_ids)
