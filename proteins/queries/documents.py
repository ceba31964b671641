"""Which document says what of an interaction: the parts of its support, and their evidence."""

from __future__ import annotations

from collections.abc import Mapping
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
    stated = roles_of(support)
    return documents(stated, read_evidence(set(stated.values())))


def roles_of(support: int | QuerySet[Any]) -> dict[Role, int]:
    """Return the evidence of what each role says, by primary key, in the order of roles."""
    parts = SupportPart.objects.filter(Q(support=support)).order_by("role")
    return {Role(role): evidence for role, evidence in parts.values_list("role", "evidence_id")}


def documents(stated: Mapping[Role, int], evidence: Mapping[int, EvidenceFacts]) -> list[Document]:
    """Return the documents of some roles, whose evidence has been read."""
    others = superseded(stated)
    return [Document(role, evidence[key], role in others) for role, key in stated.items()]
