"""The three-way comparison by which a curator's value outlives imports: the source's value
when the curator changed a field, its value now, and the curator's."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.support import Role


class Verdict(enum.Enum):
    """What becomes of a pinned field when its source speaks again."""

    KEEP = enum.auto()
    RELEASE = enum.auto()
    PROPOSE = enum.auto()


def weigh(source_then: object, source_now: object, curated: object) -> Verdict:
    """Unchanged source: keep the curator's word. Source caught up with it: release the pin.
    Anything else is for a person to decide."""
    if source_now == source_then:
        return Verdict.KEEP
    return Verdict.RELEASE if source_now == curated else Verdict.PROPOSE


def united_orthologs(orthologs: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return `[species, identifier, in TFLink]` of each, in order and once; in TFLink where any
    says so."""
    listed: dict[tuple[str, str], bool] = {}
    for species, identifier, in_tflink in orthologs:
        key = (species, identifier)
        listed[key] = listed.get(key, False) or in_tflink
    return sorted([*key, in_tflink] for key, in_tflink in listed.items())


def evidence_as_json(content: EvidenceContent) -> dict[str, Any]:
    """Return evidence as it is in pins, proposals and journals."""
    return {
        "sources": list(content.sources),
        "methods": list(content.methods),
        "pmids": list(content.pmids),
        "small_scale": content.small_scale.label,
    }


def evidence_from_json(value: Mapping[str, Any]) -> EvidenceContent:
    """Return the evidence that `evidence_as_json` wrote."""
    return EvidenceContent.of(
        value["sources"],
        value["methods"],
        value["pmids"],
        SmallScale[value["small_scale"].upper().replace(" ", "_")],
    )


def roles_as_json(roles: Mapping[Role, EvidenceContent | None]) -> dict[str, Any]:
    """Return what roles say as it is in journals; None of one that says nothing."""
    return {
        str(role.value): None if content is None else evidence_as_json(content)
        for role, content in roles.items()
    }


def roles_from_json(value: Mapping[str, Any]) -> dict[Role, EvidenceContent | None]:
    """Return the roles that `roles_as_json` wrote."""
    return {
        Role(int(role)): None if content is None else evidence_from_json(content)
        for role, content in value.items()
    }
