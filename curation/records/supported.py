"""Interactions and binding sites: records that evidence supports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from curation.models import RecordKind
from curation.records.base import Errors, RecordType, Values, cleaned_list, noting, save_columns
from curation.records.counts import count_interaction
from curation.records.facets import refacet
from curation.records.review import (
    NO_REASON,
    PUBLIC_FIELDS,
    cleaned_review,
    review_of,
    review_values,
    says_something,
    write_reviews,
)
from curation.shared.bulk import bulk_for
from curation.shared.changes import record_gone, this_change
from curation.shared.evidence import drop_unused, evidence_for
from curation.shared.support import support_ids, write_roles
from curation.shared.three_way import evidence_as_json, evidence_from_json
from proteins.domain import identifiers
from proteins.domain.binding_sites import SITE_FIELDS
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.fold import fold
from proteins.domain.support import Role
from proteins.models import (
    BindingSite,
    DetectionMethod,
    Effect,
    GoneReason,
    Interaction,
    ReviewStatus,
    SourceDatabase,
    Support,
)


class InteractionRecords(RecordType[Interaction]):
    kind = RecordKind.INTERACTION
    model = Interaction
    labels = {
        "tf": "TF",
        "target": "target",
        "evidence": "evidence",
        "effect": "effect",
        "status": "review status",
        "review_reason": "reason of the review",
        "public_reason": "public reason",
        "review_pmid": "publication of the review",
        "reviewed": "change of the review",
        "reporting": "whether it is reported",
    }
    writable = frozenset({"evidence", "effect", "status", *PUBLIC_FIELDS})
    pinnable = frozenset({"evidence", "effect"})
    follows = frozenset({"reviewed"})
    beside = ("review__reason",)

    def queryset(self) -> models.QuerySet[Interaction]:
        related = ("tf", "target", "evidence", "support", "review__reason")
        return Interaction.objects.select_related(*related).prefetch_related(
            "evidence__sources", "evidence__methods", "evidence__citations", "support__parts"
        )

    def key(self, record: Interaction) -> str:
        return record.key

    def taxon_id(self, record: Interaction) -> int:
        return record.tf.taxon_id

    def values(self, record: Interaction) -> Values:
        return {
            "tf": record.tf.accession,
            "target": record.target.accession,
            "evidence": evidence_as_json(_base(record)),
            "effect": int(record.effect),
            "status": int(record.status),
            **review_values(review_of(record)),
            "reporting": int(record.reporting),
        }

    def lists(self, record: Interaction, values: Mapping[str, Any], errors: Errors) -> Values:
        cleaned: Values = {}
        if "evidence" in values:
            cleaned["evidence"] = self._evidence(record, values["evidence"], errors)
        choices: tuple[tuple[str, type[models.IntegerChoices]], ...] = (
            ("effect", Effect),
            ("status", ReviewStatus),
        )
        for name, choice in choices:
            if name in values:
                with noting(errors, name):
                    cleaned[name] = _choice(values[name], choice)
        return cleaned | cleaned_review(values, errors)

    def clean(self, record: Interaction, values: Mapping[str, Any]) -> Values:
        """Return `values` as they are stored; a new status begins without the former reasons."""
        cleaned = super().clean(record, values)
        status = cleaned.get("status", record.status)
        if status != record.status:
            cleaned = {**NO_REASON, **cleaned}
        if status == ReviewStatus.UNREVIEWED and says_something(cleaned):
            raise ValidationError(
                {"public_reason": ["Without a review there is nothing to give a reason for."]}
            )
        return cleaned

    def following(self, before: Values, cleaned: Values) -> Values:
        """The change under which the review was given is the one in which it becomes another."""
        after = before | cleaned
        if all(after[name] == before[name] for name in ("status", *PUBLIC_FIELDS)):
            return {}
        is_reviewed = after["status"] != ReviewStatus.UNREVIEWED
        return {"reviewed": this_change() if is_reviewed else None}

    def _evidence(self, record: Interaction, value: Any, errors: Errors) -> Values:
        """Return evidence in its canonical form; only where documents say nothing, and that is
        left, statements are enough."""
        if record.pk is not None and value == self.values(record)["evidence"]:
            return dict(value)
        return cleaned_evidence(value, errors)

    def source_now(self, record_id: int, name: str, then: Any) -> Any:
        if name != "evidence":
            return then
        support = Support.objects.get(pk=support_ids(bulk_for(), [record_id])[record_id])
        return evidence_as_json(support.content().documents)

    def pin_released(self, record_id: int, name: str) -> None:
        if name == "evidence":
            write_roles({record_id: {Role.PINNED: None}})

    def write(self, record: Interaction, changes: Mapping[str, Any]) -> None:
        if "evidence" in changes:
            self._write_evidence(record, evidence_from_json(changes["evidence"]))
        counted_before = record.status != ReviewStatus.REJECTED
        record.effect = changes.get("effect", record.effect)
        record.status = changes.get("status", record.status)
        if changes.keys() & {"reviewed", *PUBLIC_FIELDS}:
            write_reviews({record.pk: review_values(review_of(record)) | dict(changes)})
        record.change_id = this_change()
        record.save(update_fields=["effect", "status", "change"])
        counts_now = record.status != ReviewStatus.REJECTED
        if counts_now != counted_before:
            count_interaction(record, +1 if counts_now else -1)
            if not counts_now:
                record_gone(self.kind, [self.key(record)], GoneReason.REJECTED)
        if changes.keys() & {"evidence", "status"}:
            refacet([record.tf_id, record.target_id])

    def _write_evidence(self, record: Interaction, content: EvidenceContent) -> None:
        """Let a curator's word be in place of the documents, unless they say the same."""
        is_of_documents = content == record.support.content().documents
        write_roles({record.pk: {Role.PINNED: None if is_of_documents else content}})
        record.refresh_from_db(fields=["support", "evidence"])


class BindingSiteRecords(RecordType[BindingSite]):
    kind = RecordKind.BINDING_SITE
    model = BindingSite
    labels = {
        "tflink_id": "TFLink ID",
        "tf": "TF",
        "assembly": "assembly",
        "chromosome": "chromosome",
        "start": "start",
        "end": "end",
        "strand": "strand",
        "overlaps": "overlapping sites",
        "sequence": "sequence",
        "evidence": "evidence",
    }
    columns = SITE_FIELDS
    writable = frozenset({*SITE_FIELDS, "evidence"})
    pinnable = writable

    def queryset(self) -> models.QuerySet[BindingSite]:
        return BindingSite.objects.select_related("tf", "evidence").prefetch_related(
            "evidence__sources", "evidence__methods", "evidence__citations"
        )

    def key(self, record: BindingSite) -> str:
        return record.tflink_id

    def taxon_id(self, record: BindingSite) -> int:
        return record.tf.taxon_id

    def values(self, record: BindingSite) -> Values:
        return {
            "tflink_id": record.tflink_id,
            "tf": record.tf.accession,
            **{name: getattr(record, name) for name in SITE_FIELDS},
            "evidence": evidence_as_json(record.evidence.content()),
        }

    def lists(self, record: BindingSite, values: Mapping[str, Any], errors: Errors) -> Values:
        if "evidence" not in values:
            return {}
        return {"evidence": cleaned_evidence(values["evidence"], errors)}

    def check(self, changed: BindingSite, cleaned: Values) -> None:
        changed.validate_constraints(exclude=["tflink_id"])

    def write(self, record: BindingSite, changes: Mapping[str, Any]) -> None:
        save_columns(record, changes, SITE_FIELDS)
        if "evidence" in changes:
            replaced = record.evidence_id
            record.evidence = evidence_for(evidence_from_json(changes["evidence"]))
            record.save(update_fields=["evidence"])
            drop_unused([replaced])


def _base(record: Interaction) -> EvidenceContent:
    """Return what the documents say, or a curator in their place: what a curator may change."""
    if any(part.role == Role.STATEMENTS for part in record.support.parts.all()):
        return record.support.content().base
    return record.evidence.content()


def _choice(value: Any, choices: type[models.IntegerChoices]) -> int:
    try:
        return int(choices(int(value)))
    except (TypeError, ValueError):
        raise ValidationError(
            f"{identifiers.shown(str(value))} is not one of the choices."
        ) from None


def cleaned_evidence(value: Any, errors: Errors) -> Values:
    """Return evidence in its canonical form; problems go to `errors` under `evidence`.

    Databases and methods must be here already; publications need not be, any PubMed ID is
    taken. Something must support a record: a database or a publication.
    """
    wrong: Errors = {}
    if not isinstance(value, Mapping):
        errors["evidence"] = ["Evidence is databases, methods, publications and scale."]
        return {}
    sources = cleaned_list(value.get("sources", []), str, wrong, "evidence")
    methods = cleaned_list(value.get("methods", []), str, wrong, "evidence")
    pmids = cleaned_list(value.get("pmids", []), identifiers.parse_pmid, wrong, "evidence")
    sources = _canonical(sources, SourceDatabase, "key", wrong)
    methods = _canonical(methods, DetectionMethod, "name", wrong)
    scale = value.get("small_scale", SmallScale.NOT_STATED.label)
    if scale not in {label_of.label for label_of in SmallScale}:
        wrong.setdefault("evidence", []).append(
            f"{identifiers.shown(str(scale))}: small-scale is yes, no or not stated."
        )
    if not sources and not pmids:
        wrong.setdefault("evidence", []).append(
            "Give at least one source database or one publication."
        )
    if wrong:
        errors.setdefault("evidence", []).extend(wrong["evidence"])
        return {}
    return {"sources": sources, "methods": methods, "pmids": pmids, "small_scale": scale}


def _canonical(
    names: list[str],
    model: type[SourceDatabase | DetectionMethod],
    column: str,
    errors: Errors,
) -> list[str]:
    """Return names in the spelling of this database; those without a row go to `errors`."""
    rows = model._default_manager.filter(fold__in=map(fold, names))
    spellings = dict(rows.values_list("fold", column))
    for name in names:
        if fold(name) not in spellings:
            errors.setdefault("evidence", []).append(
                f"{identifiers.shown(name)} is not a {model._meta.verbose_name} known here."
            )
    return sorted(spellings.values())
