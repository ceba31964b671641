"""Statements: what one source says of one interaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models

from curation.models import RecordKind
from curation.records.base import Errors, RecordType, Restated, Values, noting
from curation.records.restate import restate
from curation.shared.changes import this_change
from curation.shared.evidence import drop_unused, evidence_for
from proteins.domain import identifiers
from proteins.domain.evidence import EvidenceContent
from proteins.domain.fold import fold
from proteins.domain.statements import (
    Sign,
    StatementState,
    resources_among,
)
from proteins.models import Citation, DetectionMethod, Statement

_TEXTS: Final = ("eco", "cell_line", "tissue", "condition", "quotation", "state_reason")
_CHOICES: Final = ("effect", "basis", "small_scale", "state")


class StatementRecords(RecordType[Statement]):
    kind = RecordKind.STATEMENT
    model = Statement
    labels = {
        "interaction": "interaction",
        "dataset": "dataset",
        "source_id": "ID at the source",
        "pmid": "publication",
        "method": "detection method",
        "eco": "evidence code",
        "effect": "effect",
        "basis": "basis of the effect",
        "small_scale": "small-scale",
        "cell_line": "cell line",
        "tissue": "tissue",
        "condition": "condition",
        "quotation": "quotation",
        "curator": "curator",
        "orcid": "ORCID",
        "state": "state",
        "state_reason": "why it is retracted",
    }
    columns = (*_TEXTS, *_CHOICES)
    #: What is said; its state is changed by actions of their own.
    pinnable = frozenset({"pmid", "method", *columns} - {"state", "state_reason"})
    writable = frozenset({"pmid", "method", *columns})

    def queryset(self) -> models.QuerySet[Statement]:
        return Statement.objects.select_related(
            "interaction__tf", "interaction__target", "dataset__source", "citation", "method"
        )

    def key(self, record: Statement) -> str:
        return f"{record.interaction.key}/{record.short_key}"

    def taxon_id(self, record: Statement) -> int:
        return record.interaction.tf.taxon_id

    def values(self, record: Statement) -> Values:
        plain = {name: getattr(record, name) for name in ("source_id", "curator", "orcid")}
        return {
            "interaction": record.interaction.key,
            "dataset": record.dataset.name,
            "pmid": record.citation.pmid if record.citation else None,
            "method": record.method.name if record.method else "",
            **plain,
            **{name: getattr(record, name) for name in _TEXTS},
            **{name: _number(getattr(record, name)) for name in _CHOICES},
        }

    def lists(self, record: Statement, values: Mapping[str, Any], errors: Errors) -> Values:
        cleaned: Values = {}
        if "pmid" in values:
            with noting(errors, "pmid"):
                cleaned["pmid"] = _pmid(values["pmid"])
        if "method" in values:
            with noting(errors, "method"):
                cleaned["method"] = _method(values["method"])
        return cleaned

    def check(self, changed: Statement, cleaned: Values) -> None:
        if (changed.effect == Sign.UNKNOWN) != (changed.basis is None):
            raise ValidationError(
                {"basis": ["Say whether the effect is stated or inferred, where there is one."]}
            )
        pmid = cleaned["pmid"] if "pmid" in cleaned else _pmid_of(changed)
        if changed.dataset.source_id is None and pmid is None:
            raise ValidationError({"pmid": ["Say which publication it is from."]})
        if (changed.state == StatementState.RETRACTED) != bool(changed.state_reason):
            raise ValidationError({"state_reason": ["Say why it is retracted, and only then."]})

    def write(self, record: Statement, changes: Mapping[str, Any]) -> None:
        """Store values, with the key and the evidence that follow from them."""
        replaced = record.evidence_id
        self.fill(record, changes)
        record.save(
            update_fields=[*self.columns, "citation", "method", "key", "evidence", "change"]
        )
        drop_unused([replaced])

    def consequences(self, record: Statement) -> Restated:
        return restate([record.interaction_id])

    def fill(self, record: Statement, changes: Mapping[str, Any]) -> None:
        """Set values on a statement, and what follows from them; nothing of it is stored."""
        if "pmid" in changes:
            pmid = changes["pmid"]
            record.citation = Citation.objects.get_or_create(pmid=pmid)[0] if pmid else None
        if "method" in changes:
            name = changes["method"]
            record.method = DetectionMethod.objects.by_fold(name).get() if name else None
        for name in self.columns:
            if name in changes:
                setattr(record, name, changes[name])
        self.settle(record)

    def settle(self, record: Statement) -> None:
        """Fill what follows from a statement's other fields.

        The key of what a source states stays: by it the source's next version knows it again.
        """
        record.evidence = evidence_for(evidence_of(record))
        record.change_id = this_change()
        if not record.key or record.dataset.source_id is None:
            record.key = record.content().key(fold(record.dataset.name))


def evidence_of(statement: Statement) -> EvidenceContent:
    """Return what a statement adds to the evidence of its interaction."""
    stored = (
        statement.evidence.sources.values_list("key", flat=True) if statement.evidence_id else ()
    )
    return evidence_beside(statement, stored)


def evidence_beside(statement: Statement, stored: Iterable[str]) -> EvidenceContent:
    """Return what a statement adds to the evidence of its interaction.

    From which databases its own has it, the databases that are `stored` with it say.
    """
    source = statement.dataset.source
    key = source.key if source else ""
    return statement.content().evidence(key, resources_among(stored, key))


def _pmid_of(statement: Statement) -> int | None:
    return statement.citation.pmid if statement.citation else None


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _pmid(value: Any) -> int | None:
    text = "" if value is None else str(value).strip()
    return identifiers.parse_pmid(text) if text else None


def _method(value: Any) -> str:
    """Return a detection method in the spelling of this database, or by its PSI-MI ID."""
    text = str(value or "").strip()
    if not text:
        return ""
    method = DetectionMethod.objects.by_fold(text).first()
    method = method or DetectionMethod.objects.filter(psi_mi_id=text.upper()).first()
    if method is None:
        raise ValidationError(f"{identifiers.shown(text)} is not a detection method known here.")
    return str(method.name)
