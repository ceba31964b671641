"""Evidence whose databases or methods get another name: content, digest, and who points at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from curation.shared.renamed_values import Merge, Renamed
from curation.shared.three_way import evidence_as_json
from curation.vocabulary import ModelRegistry
from proteins.domain.evidence import EvidenceContent, SmallScale

#: Records read at once.
_FETCH: Final = 2_000


def rewrite_evidence(
    models: ModelRegistry, sources: Merge, methods: Merge, renamed: Renamed
) -> Iterator[tuple[str, int, str, str, Any, Any]]:
    """Rewrite evidence that names what is merged; rows that become equal become one.

    Yields each interaction and binding site that says something else for it: kind, primary
    key, public key, field, value before, value after.
    """
    evidence = models.get_model("proteins", "Evidence").objects
    of_sources = _links(models, "EvidenceSource").filter(source__in=sources.touched)
    of_methods = _links(models, "EvidenceMethod").filter(method__in=methods.touched)
    named = Q(pk__in=of_sources.values("evidence")) | Q(pk__in=of_methods.values("evidence"))
    for key in list(evidence.filter(named).order_by("pk").values_list("pk", flat=True)):
        before = _content(models, key)
        after = renamed.content(before)
        yield from _pointing(models, key, before, after)
        equal = evidence.filter(digest=after.digest).exclude(pk=key).first()
        if equal is not None:
            _repoint(models, key, equal.pk)
            _delete(models, key)
            continue
        _merge_links(models, "EvidenceSource", "source_id", key, sources.moved)
        _merge_links(models, "EvidenceMethod", "method_id", key, methods.moved)
        evidence.filter(pk=key).update(
            digest=after.digest,
            source_count=len(after.sources),
            method_count=len(after.methods),
        )
        _repoint(models, key, key)


def _links(models: ModelRegistry, name: str) -> Any:
    return models.get_model("proteins", name).objects.order_by()


def _content(models: ModelRegistry, key: int) -> EvidenceContent:
    def named(link: str, column: str) -> list[Any]:
        return list(_links(models, link).filter(evidence=key).values_list(column, flat=True))

    row = models.get_model("proteins", "Evidence").objects.get(pk=key)
    return EvidenceContent.of(
        named("EvidenceSource", "source__key"),
        named("EvidenceMethod", "method__name"),
        named("EvidenceCitation", "citation__pmid"),
        SmallScale(row.small_scale),
    )


def _pointing(
    models: ModelRegistry, key: int, before: EvidenceContent, after: EvidenceContent
) -> Iterator[tuple[str, int, str, str, Any, Any]]:
    values = ("evidence", evidence_as_json(before), evidence_as_json(after))
    interactions = models.get_model("proteins", "Interaction").objects.filter(evidence=key)
    rows = interactions.order_by().values_list("pk", "tf__accession", "target__accession")
    # Read to the end first: what is yielded is written, to the same database.
    for pk, tf, target in list(rows.iterator(chunk_size=_FETCH)):
        yield "interaction", pk, f"{tf}-{target}", *values
    sites = models.get_model("proteins", "BindingSite").objects.filter(evidence=key)
    for pk, tflink_id in list(sites.order_by().values_list("pk", "tflink_id")):
        yield "binding site", pk, tflink_id, *values


def _repoint(models: ModelRegistry, old: int, new: int) -> None:
    """Point records of `old` at `new`; in either case they say something else now."""
    interactions = models.get_model("proteins", "Interaction").objects.filter(evidence=old)
    interactions.update(evidence=new, changed_at=timezone.now())
    models.get_model("proteins", "BindingSite").objects.filter(evidence=old).update(evidence=new)


def _delete(models: ModelRegistry, key: int) -> None:
    for link in ("EvidenceSource", "EvidenceMethod", "EvidenceCitation"):
        _links(models, link).filter(evidence=key).delete()
    models.get_model("proteins", "Evidence").objects.filter(pk=key).delete()


def _merge_links(
    models: ModelRegistry, link: str, column: str, evidence: int, moved: dict[int, int]
) -> None:
    model = models.get_model("proteins", link)
    rows = model.objects.filter(evidence=evidence)
    for old in set(rows.values_list(column, flat=True)) & moved.keys():
        rows.filter(**{column: old}).delete()
        model.objects.get_or_create(evidence_id=evidence, **{column: moved[old]})
