"""The admin of a record that curators work on: saved by an action, or proposed."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import OperationalError, models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from curation import actions
from curation.actions import BusyError
from curation.admin.base import CurationAdmin, curator
from curation.admin.history import HistoryPages
from curation.admin.record_form import RecordForm
from curation.models import Proposal, ProposalState, RecordKind
from curation.permissions import Right, may
from curation.records import records_of

Record = TypeVar("Record", bound=models.Model)


class RecordAdmin(HistoryPages, CurationAdmin[Record]):
    """Who may change records saves; who may only propose opens a proposal with the same form.

    Actions write; what they refuse (`ValidationError`) comes back with the form and all that
    was typed. The history is the record's revisions, so Django's own log is not kept.
    """

    kind: ClassVar[RecordKind]
    change_form_template = "admin/curation/record_change_form.html"
    delete_confirmation_template = "admin/curation/record_delete_confirmation.html"
    #: Whether a record that is not there yet can be proposed.
    new_ones_are_proposed: ClassVar[bool] = False

    # Who may do what

    def has_add_permission(self, request: HttpRequest) -> bool:
        user = curator(request)
        return may(user, Right.CHANGE) or (self.new_ones_are_proposed and may(user, Right.PROPOSE))

    def has_change_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        return may(curator(request), Right.CHANGE) or may(curator(request), Right.PROPOSE)

    def has_delete_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        return may(curator(request), Right.CHANGE)

    def only_proposes(self, request: HttpRequest) -> bool:
        """Whether what this person saves becomes a proposal: their role, or their wish."""
        return not may(curator(request), Right.CHANGE) or "_propose" in request.POST

    # The form

    def get_form(
        self, request: HttpRequest, obj: Record | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Record]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (form,), {"refusal": refusal}) if refusal else form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"only_proposes": self.only_proposes(request), **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except ValidationError as error:
            request.refusal = error  # type: ignore[attr-defined]
        except (BusyError, OperationalError):
            request.refusal = ValidationError(str(BusyError()))  # type: ignore[attr-defined]
        # Everything was rolled back; the same form again, with what was typed and why not.
        return self._changeform_view(  # type: ignore[attr-defined,no-any-return]
            request, object_id, form_url, context
        )

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Record | None = None,
    ) -> HttpResponse:
        form = context["adminform"].form
        context |= {"conflicts": getattr(form, "conflicts", []), "kind": self.kind}
        if obj is not None:
            context["waiting"] = self.proposals_for(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def proposals_for(self, record: Record) -> models.QuerySet[Proposal]:
        """Return what waits for a decision on a record, the oldest first."""
        return Proposal.objects.filter(
            kind=self.kind, record_id=record.pk, state=ProposalState.OPEN
        ).select_related("author")

    # Saving

    def save_model(
        self, request: HttpRequest, obj: Record, form: ModelForm[Record], change: bool
    ) -> None:
        assert isinstance(form, RecordForm)  # noqa: S101  (each of these admins has one)
        reason = form.cleaned_data.get("reason", "")
        if self.only_proposes(request):
            request.proposal = self.propose(request, obj, form, change, reason)  # type: ignore[attr-defined]
        elif change:
            self.amend(request, obj, form, reason)
        else:
            self.add(request, obj, form, reason)

    def propose(
        self, request: HttpRequest, obj: Record, form: RecordForm[Record], change: bool, reason: str
    ) -> Proposal:
        return actions.propose(
            user=curator(request),
            kind=self.kind,
            record_id=obj.pk,
            values=form.changes,
            reason=reason,
            seen=form.cleaned_data.get("seen") or 0,
        )

    def amend(
        self, request: HttpRequest, obj: Record, form: RecordForm[Record], reason: str
    ) -> None:
        """Change what the form changes; `change_record` checks what was seen."""
        raise NotImplementedError

    def add(self, request: HttpRequest, obj: Record, form: RecordForm[Record], reason: str) -> None:
        actions.add_record(
            user=curator(request),
            record=obj,  # type: ignore[arg-type]
            values=form.changes,
            reason=reason,
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing is left: actions write all of a record."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The history keeps it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The history keeps it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The history keeps it."""

    def response_change(self, request: HttpRequest, obj: Record) -> HttpResponse:
        return self._proposed(request) or super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Record, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._proposed(request) or super().response_add(request, obj, post_url_continue)

    def _proposed(self, request: HttpRequest) -> HttpResponse | None:
        proposal = getattr(request, "proposal", None)
        if proposal is None:
            return None
        address = reverse("admin:curation_proposal_change", args=[proposal.pk])
        messages.success(
            request,
            format_html(
                'Your <a href="{}">proposal {}</a> for {} waits for a senior curator.',
                address,
                proposal.pk,
                proposal.record_key,
            ),
        )
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))

    # Deleting

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        actions.remove_record(
            user=curator(request),
            record=obj,  # type: ignore[arg-type]
            reason=request.POST.get("reason", ""),
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ValidationError, BusyError) as error:
            reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            messages.error(request, reason)
            return HttpResponseRedirect(request.path.replace("/delete/", "/change/"))

    def key_of(self, record: Record) -> str:
        return records_of(self.kind).key(record)
