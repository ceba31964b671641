"""A proposal corrected in the form of its record: by its author, or by who accepts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from curation import actions, inbox
from curation.actions import ActionError
from curation.actions.applying import interaction_named, pair_named
from curation.admin.base.admin import CurationAdmin, curator
from curation.admin.base.autocomplete import is_id
from curation.admin.editing.answers import SaveMessage
from curation.admin.editing.form import RecordForm
from curation.models import Proposal, ProposalState, RecordKind
from curation.permissions import Right, may
from curation.records import Values

Record = TypeVar("Record", bound=models.Model)

#: The parameter of a form's URL that names the proposal which it corrects.
PARAMETER: Final = "proposal"


@dataclass(frozen=True)
class Correction:
    """A proposal, and what it would make of its record as that is now."""

    proposal: Proposal
    #: Whether its author corrects it; otherwise who decides does, and accepts it.
    is_own: bool
    proposed: Values
    #: What identifies a record that is not there yet, by the fields of its form.
    fixed: Mapping[str, int]

    @property
    def url(self) -> str:
        return reverse("admin:curation_proposal_change", args=[self.proposal.pk])

    @property
    def title(self) -> str:
        what = "and open it again" if self.is_own else "and accept it"
        return f"Correct proposal {self.proposal.pk} {what}"

    @property
    def waits_for_it(self) -> bool:
        """Whether the proposal is in the state in which it is corrected."""
        state = ProposalState.RETURNED if self.is_own else ProposalState.OPEN
        return self.proposal.state == state


def correction_of(request: HttpRequest, kind: str, object_id: str | None) -> Correction | None:
    """Return the proposal that a form corrects, if its URL names one.

    Raises `Http404` for one of another record, and `PermissionDenied` for who may not.
    """
    if PARAMETER not in request.GET:
        return None
    number, user = request.GET[PARAMETER], curator(request)
    record_id = int(object_id) if object_id and is_id(object_id) else None
    rows = Proposal.objects.filter(kind=kind, record_id=record_id).exclude(changes={})
    proposal = rows.filter(pk=number).first() if is_id(number) else None
    if proposal is None:
        raise Http404("There is no such proposal for this record.")
    is_own = proposal.author_id == user.pk
    if not may(user, Right.PROPOSE if is_own else Right.DECIDE):
        raise PermissionDenied
    changes = inbox.standing_of(proposal).changes
    proposed = {name: pair[1] for name, pair in changes.items()}
    return Correction(proposal, is_own, proposed, {} if record_id else _fixed(proposal))


def _fixed(proposal: Proposal) -> dict[str, int]:
    try:
        if proposal.kind == RecordKind.STATEMENT:
            return {"interaction": interaction_named(proposal.record_key).pk}
        tf, target = pair_named(proposal.record_key)
    except ActionError as error:
        raise Http404(error.message) from error
    return {"tf": tf.pk, "target": target.pk}


class ProposalCorrection(CurationAdmin[Record]):
    """Lets the form of a record begin with what a proposal says, and save to the proposal."""

    kind: ClassVar[RecordKind]

    def correction(self, request: HttpRequest) -> Correction | None:
        """Return the proposal that the form of this request corrects, read once."""
        if not hasattr(request, "correction"):
            match = request.resolver_match
            object_id = match.kwargs.get("object_id") if match else None
            request.correction = correction_of(request, self.kind, object_id)  # type: ignore[attr-defined]
        stored: Correction | None = request.correction  # type: ignore[attr-defined]
        return stored

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        correction = self.correction(request)
        if correction is not None and request.method == "GET" and not correction.waits_for_it:
            state = correction.proposal.get_state_display()
            messages.warning(request, f"Proposal {correction.proposal.pk} is {state}.")
            return HttpResponseRedirect(correction.url)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Record | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Record]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        correction = self.correction(request)
        if correction is None:
            return form
        own = {"proposed": correction.proposed, "fixed": correction.fixed}
        return type(form.__name__, (form,), own)

    def save_correction(
        self, request: HttpRequest, correction: Correction, form: RecordForm[Record]
    ) -> SaveMessage:
        """Write a correction by its action; what the form has no field for is as proposed."""
        values = {**form.proposed_beside(), **form.changes}
        seen = form.cleaned_data["seen"] if form.instance.pk else None
        own: dict[str, Any] = {
            "user": curator(request),
            "proposal": correction.proposal,
            "values": values,
            "reason": form.cleaned_data["reason"],
            "seen": seen,
        }
        if correction.is_own:
            actions.resubmit_proposal(**own)
            what = "is open again, and waits for a senior curator"
        else:
            actions.accept_proposal(**own)
            what = "was corrected and accepted"
        return SaveMessage(
            format_html(
                '<a href="{}">Proposal {}</a> for {} {}.',
                correction.url,
                correction.proposal.pk,
                correction.proposal.record_key,
                what,
            ),
            proposal=correction.proposal,
        )
