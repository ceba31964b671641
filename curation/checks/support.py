"""Support, the evidence that follows from it, and pins of evidence: whether they agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Exists, OuterRef

from curation.models import Pin, RecordKind
from proteins.domain.evidence import EvidenceContent
from proteins.domain.support import Role, SupportContent
from proteins.models import Interaction, Statement, Support, SupportPart
from proteins.queries.evidence import read_evidence
from proteins.queries.snapshot import FETCH

#: What represents evidence that a part points at in vain, which is a breach of its own.
_NOWHERE: Final = EvidenceContent.of(["?"])


def wrong_support() -> Iterator[tuple[str, str]]:
    """Yield what is wrong, as a record and the reason."""
    evidence = {key: facts.content for key, facts in read_evidence().items()}
    yield from _wrong_rows(evidence)
    yield from _unused()
    yield from _wrong_interactions()
    yield from _wrong_pins()


def _wrong_rows(evidence: dict[int, EvidenceContent]) -> Iterator[tuple[str, str]]:
    """Yield rows whose digest or evidence is not what follows from their parts."""
    parts: dict[int, dict[Role, EvidenceContent]] = {}
    stored = SupportPart.objects.order_by().values_list("support_id", "role", "evidence_id")
    for key, role, stated in stored.iterator(chunk_size=FETCH):
        parts.setdefault(key, {})[Role(role)] = evidence.get(stated, _NOWHERE)
    rows = Support.objects.order_by("pk").values_list("pk", "digest", "evidence_id")
    for key, digest, concluded in rows.iterator(chunk_size=FETCH):
        content = SupportContent.of(parts.get(key, {}))
        if not content.parts and _has_unstated(key):
            yield f"support {key}", "no document, statement or curator says anything in it"
        if digest != content.digest:
            yield f"support {key}", "its digest is not that of its parts, which never change"
        if evidence.get(concluded) != content.evidence:
            yield f"support {key}", f"evidence {concluded} is not what follows from its parts"


def _has_unstated(support: int) -> bool:
    """Whether an interaction has this support that no statement, withdrawn or not, is of."""
    statements = Statement.objects.filter(interaction=OuterRef("pk"))
    return Interaction.objects.filter(~Exists(statements), support=support).exists()


def _unused() -> Iterator[tuple[str, str]]:
    users = Interaction.objects.filter(evidence=OuterRef("evidence"), support=OuterRef("pk"))
    unused = Support.objects.filter(~Exists(users))
    for key in unused.order_by("pk").values_list("pk", flat=True):
        yield f"support {key}", "no interaction has it"


def _wrong_interactions() -> Iterator[tuple[str, str]]:
    """Yield interactions whose evidence is not that of their support; from the index on both."""
    evidence_of = dict(Support.objects.order_by().values_list("pk", "evidence_id"))
    pairs = Interaction.objects.order_by().values_list("evidence_id", "support_id").distinct()
    for evidence, support in pairs.iterator(chunk_size=FETCH):
        if evidence_of.get(support) == evidence:
            continue
        rows = Interaction.objects.filter(evidence=evidence, support=support).order_by("pk")
        why = f"its evidence is not that of support {support}"
        if support not in evidence_of:
            why = f"its support {support} is not there"
        for tf, target in rows.values_list("tf__accession", "target__accession"):
            yield f"{tf}-{target}", why


def _wrong_pins() -> Iterator[tuple[str, str]]:
    """Yield interactions with a curator's word in place of documents and no pin, or the other
    way round."""
    pins = Pin.objects.filter(kind=RecordKind.INTERACTION, field="evidence")
    pinned = set(pins.order_by().values_list("record_id", flat=True))
    rows = Support.objects.filter(parts__role=Role.PINNED).values_list("pk", "evidence_id")
    curated: dict[int, str] = {}
    for support, evidence in rows.order_by():
        users = Interaction.objects.filter(evidence=evidence, support=support)
        for key, *ends in users.values_list("pk", "tf__accession", "target__accession"):
            curated[key] = "-".join(ends)
    for key in sorted(curated.keys() - pinned):
        yield curated[key], "a curator's word is in place of its documents, without a pin"
    for key in sorted(pinned - curated.keys()):
        # A pin of what is not there is a breach of its own.
        for interaction in Interaction.objects.select_related("tf", "target").filter(pk=key):
            yield interaction.key, "its evidence is pinned, but no curator's word is in its support"
