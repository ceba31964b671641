"""Which document says what of an interaction, in four queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from proteins.domain.support import Role, superseded
from proteins.models import SupportPart
from proteins.queries.evidence import EvidenceFacts, read_evidence


class Document(NamedTuple):
    """What one role says; `is_superseded` where a newer page, or a curator, counts in its
    place."""

    role: Role
    evidence: EvidenceFacts
    is_superseded: bool


def documents_of(support: Sequence[int] | QuerySet[Any, Any]) -> list[Document]:
    """Return what documents, statements and curators state in one support, given by its primary
    key or by a query of that."""
    parts = SupportPart.objects.filter(support__in=support).order_by("role")
    stated = {Role(role): evidence for role, evidence in parts.values_list("role", "evidence_id")}
    evidence = read_evidence(set(stated.values()))
    others = superseded(stated)
    return [Document(role, evidence[key], role in others) for role, key in stated.items()]
