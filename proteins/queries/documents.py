"""Which document says what of an interaction, in four queries."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from proteins.domain.support import Role, superseded
from proteins.models import SupportPart
from proteins.queries.evidence import EvidenceFacts, read_evidence


class Document(NamedTuple):
    """What one role says; `is_superseded` where a newer page, or a curator, counts in its
    place."""

    role: Role
    evidence: EvidenceFacts
    is_superseded: bool


def documents_of(support: int | QuerySet[Any]) -> list[Document]:
    """Return what documents, statements and curators state, by the primary key of the support
    or a query of it."""
    parts = SupportPart.objects.filter(Q(support=support)).order_by("role")
    stated = {Role(role): evidence for role, evidence in parts.values_list("role", "evidence_id")}
    evidence = read_evidence(set(stated.values()))
    others = superseded(stated)
    return [Document(role, evidence[key], role in others) for role, key in stated.items()]
