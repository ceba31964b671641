"""Statements at the desk: added, amended, retracted and reinstated, or proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from curation import actions
from curation.admin.base.admin import curator
from curation.admin.base.search import interactions_meant
from curation.admin.editing.admin import RecordAdmin
from curation.admin.editing.form import RecordForm
from curation.admin.editing.pasted import PastedError, parse_pmids
from curation.admin.editing.verbs import RecordVerb, VerbAdmin, VerbForm
from curation.checks.sense import Doubt, doubts_about_pmids
from curation.models import Proposal, RecordKind, Revision
from curation.permissions import Right
from curation.records import Values
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.models import DetectionMethod, Interaction, Statement

_WRITTEN: Final = (
    "effect", "basis", "small_scale", "eco", "cell_line", "tissue", "condition", "quotation",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StatementVerb(RecordVerb):
    """Retracting and reinstating."""

    state: StatementState

    def do(self, user: User, record: Any, reason: str, seen: int, public: Mapping[str, Any]) -> Any:
        if self.proposes:
            why = reason if self.state == StatementState.RETRACTED else ""
            return actions.propose(
                user=user,
                kind=RecordKind.STATEMENT,
                record_id=record.pk,
                values={"state": int(self.state), "state_reason": why},
                reason=reason,
                seen=seen,
            )
        retracts = self.state == StatementState.RETRACTED
        action = actions.retract_statement if retracts else actions.reinstate_statement
        return action(user=user, statement=record, reason=reason, seen=seen)


_COUNTS: Final = frozenset({StatementState.ACTIVE, StatementState.WITHDRAWN})
_RETRACTED: Final = frozenset({StatementState.RETRACTED})
VERBS: Final = {
    verb.name: verb
    for verb in (
        StatementVerb(
            name="retract",
            label="Retract",
            done="retracted",
            state=StatementState.RETRACTED,
            of=_COUNTS,
            right=Right.CHANGE,
            needs_reason=True,
            explained="It is wrong. It stays in public view with your reason, and counts no more.",
        ),
        StatementVerb(
            name="propose-retraction",
            label="Propose retraction",
            done="proposed for retraction",
            state=StatementState.RETRACTED,
            of=_COUNTS,
            right=Right.PROPOSE,
            needs_reason=True,
            proposes=True,
            explained="A senior curator decides; nothing changes until then.",
        ),
        StatementVerb(
            name="reinstate",
            label="Reinstate",
            done="reinstated",
            state=StatementState.ACTIVE,
            of=_RETRACTED,
            right=Right.CHANGE,
            explained="The retraction is taken back: it counts again.",
        ),
        StatementVerb(
            name="propose-reinstating",
            label="Propose reinstating",
            done="proposed for reinstating",
            state=StatementState.ACTIVE,
            of=_RETRACTED,
            right=Right.PROPOSE,
            needs_reason=True,
            proposes=True,
            explained="A senior curator decides; nothing changes until then.",
        ),
    )
}


class StatementForm(VerbForm[Statement]):
    kind = RecordKind.STATEMENT

    pmid = forms.CharField(
        label="Publication",
        required=False,
        max_length=100,
        help_text="Its PubMed ID. What is curated here needs one.",
    )
    method = forms.ModelChoiceField(
        DetectionMethod.objects.all(),
        to_field_name="name",
        required=False,
        label="Detection method",
        empty_label="not stated",
    )

    class Meta:
        model = Statement
        fields = ("interaction", *_WRITTEN)
        widgets: ClassVar[dict[str, Any]] = {"quotation": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            # Who reads it in a paper says what the paper states.
            self.initial.setdefault("basis", Basis.STATED.value)

    def clean_pmid(self) -> int | None:
        try:
            pmids = parse_pmids(self.cleaned_data["pmid"])
        except PastedError as error:
            raise ValidationError([ValidationError(text) for text in error.problems]) from error
        if len(pmids) > 1:
            raise ValidationError("A statement is from one publication: add one for each.")
        return pmids[0] if pmids else None

    def doubts(self) -> list[Doubt]:
        pmid = self.changes.get("pmid")
        return doubts_about_pmids([pmid], "pmid") if pmid else []

    def clean_basis(self) -> int | None:
        """Drop the basis of an effect that is not known: there is none."""
        basis: int | None = self.cleaned_data["basis"]
        return None if self.cleaned_data.get("effect") == Sign.UNKNOWN else basis

    def submitted_values(self) -> Values:
        submitted = super().submitted_values()
        method = submitted["method"]
        return {**submitted, "method": method.name if method else ""}


@admin.register(Statement)
class StatementAdmin(VerbAdmin[Statement], RecordAdmin[Statement]):
    kind = RecordKind.STATEMENT
    form = StatementForm
    new_ones_are_proposed = True
    verbs = VERBS
    state_field = "state"
    list_display = (
        "__str__", "publication", "method", "effect", "basis", "cell_line", "tissue", "curator",
        "state",
    )  # fmt: skip
    list_filter = ("state", "effect", "basis", "dataset")
    list_select_related = (
        "interaction__tf", "interaction__target", "dataset", "citation", "method",
    )  # fmt: skip
    ordering = ("-id",)
    large_table = True
    search_fields = ("source_id",)  # `matching` says how it is done
    search_help_text = (
        "An ID at the source, or what finds its interaction: the start of an accession or a "
        "name, a gene ID, a PubMed ID, or a pair: Q9UK53-Q07812."
    )
    nothing_yet = "Statements are added on the page of an interaction, or imported."
    autocomplete_fields = ("interaction",)
    fixed_once_made = ("interaction",)
    readonly_fields = ("dataset", "source_id", "curator", "orcid", "state", "state_reason")
    _ABOUT: ClassVar[Any] = (None, {"fields": ("interaction",)})
    _STATED: ClassVar[Any] = (
        "What it says",
        {
            "fields": (
                "pmid",
                "method",
                "eco",
                ("effect", "basis"),
                "small_scale",
                "cell_line",
                "tissue",
                "condition",
                "quotation",
            )
        },
    )
    fieldsets = (
        _ABOUT,
        _STATED,
        ("Who says it", {"fields": ("dataset", "source_id", "curator", "orcid")}),
        ("Current state", {"fields": ("state", "state_reason")}),
    )
    add_fieldsets = (_ABOUT, _STATED)

    def get_fieldsets(self, request: HttpRequest, obj: Statement | None = None) -> Any:
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        """What was stated stays; a statement that is wrong is retracted."""
        return False

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Statement], text: str
    ) -> QuerySet[Statement]:
        by_id = queryset.filter(source_id=text)
        meant = Interaction.objects.filter(interactions_meant(request, text))
        return by_id if by_id.exists() else queryset.filter(interaction__in=meant)

    def amend(
        self, request: HttpRequest, obj: Statement, form: RecordForm[Statement], reason: str
    ) -> Revision | None:
        return actions.amend_statement(
            user=curator(request),
            statement=obj,
            values=form.changes,
            reason=reason,
            seen=form.cleaned_data["seen"],
        )

    def add(
        self, request: HttpRequest, obj: Statement, form: RecordForm[Statement], reason: str
    ) -> None:
        added = actions.add_statement(
            user=curator(request),
            interaction=obj.interaction,
            values=form.changes,
            reason=reason,
        )
        obj.pk, obj.dataset = added.pk, added.dataset

    def propose(
        self,
        request: HttpRequest,
        obj: Statement,
        form: RecordForm[Statement],
        change: bool,
        reason: str,
    ) -> Proposal:
        if change:
            return super().propose(request, obj, form, change, reason)
        return actions.propose_statement(
            user=curator(request),
            interaction=obj.interaction,
            values=form.changes,
            reason=reason,
        )

    @admin.display(description="publication")
    def publication(self, statement: Statement) -> str:
        return str(statement.citation.pmid) if statement.citation else ""
