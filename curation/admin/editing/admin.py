"""The admin of a record that curators work on: saved by an action, or proposed."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.safestring import SafeString

from curation import actions
from curation.actions import BusyError
from curation.admin.base.admin import curator
from curation.admin.base.autocomplete import SafeAutocompleteSelect, is_id
from curation.admin.base.difference_html import values_table
from curation.admin.editing import answers
from curation.admin.editing.answers import SaveMessage
from curation.admin.editing.correcting import ProposalCorrection
from curation.admin.editing.delete import RecordRemoval
from curation.admin.editing.form import RecordForm
from curation.admin.history.pages import HistoryPages
from curation.models import Proposal, ProposalState, Revision
from curation.permissions import Right, may
from curation.records import records_of
from curation.shared.lock import is_locked

Record = TypeVar("Record", bound=models.Model)

#: Proposals that are shown with a record; the inbox has the others.
SHOWN_PROPOSALS = 5


class RecordAdmin(HistoryPages, RecordRemoval, ProposalCorrection[Record]):
    """Who may change records saves; who may only propose opens a proposal with the same form.

    Actions write; what they refuse (`ValidationError`) comes back with the form and all that
    was typed. The history is the record's revisions, so Django's own log is not written.
    """

    change_form_template = "admin/curation/record_change_form.html"
    #: Whether a record that is not there yet can be proposed.
    new_ones_are_proposed: ClassVar[bool] = False

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("curation/forms.css",)}
        js = ("curation/choices.js",)

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

    def get_fieldsets(self, request: HttpRequest, obj: Record | None = None) -> Any:
        """Show the record's values to who may only view it; there is no form to show it in."""
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ("record_values",)})]
        return super().get_fieldsets(request, obj)

    @admin.display(description="values")
    def record_values(self, record: Record) -> SafeString:
        records = records_of(self.kind)
        values = records.values(records.get(record.pk))
        return values_table(self.kind, values, caption=str(record))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SafeAutocompleteSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # Another record is changed on its own page, where all of it is seen.
            for may_do in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{may_do}_related", False)
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the proteins that a URL names; nothing else of a form is taken from it."""
        return {
            name: value
            for name in self.get_autocomplete_fields(request)
            if is_id(value := request.GET.get(name, ""))
        }

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if "_saveasnew" in request.POST:
            # A button of Django's that no page here has; it would take a change for an addition.
            data = request.POST.copy()
            del data["_saveasnew"]
            request.POST = data  # type: ignore[assignment]
        if (fields := getattr(request, "typed", None)) is not None:
            return self._shown_again(request, fields, object_id, form_url, extra_context)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            request.refusal = error  # type: ignore[attr-defined]
        except BusyError as error:
            request.refusal = ValidationError(str(error))  # type: ignore[attr-defined]
        except OperationalError as error:
            if not is_locked(error):
                raise
            request.refusal = ValidationError(str(BusyError()))  # type: ignore[attr-defined]
        except IntegrityError:
            request.refusal = ValidationError(  # type: ignore[attr-defined]
                "Another user saved the same at the same time. Nothing of yours was saved; "
                "try again."
            )
        # Everything was rolled back; the same form again, with what was typed and why not.
        return self._changeform_view(  # type: ignore[attr-defined,no-any-return]
            request, object_id, form_url, extra_context
        )

    def _shown_again(
        self,
        request: HttpRequest,
        fields: QueryDict,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        """Show the form with what was typed before the log-in had ended; nothing is saved."""
        request.method, request.POST = "POST", fields  # type: ignore[assignment]
        request.refusal = ValidationError(  # type: ignore[attr-defined]
            "Your log-in had ended: this is what you typed. Nothing is saved yet; save it now."
        )
        return self._changeform_view(  # type: ignore[attr-defined,no-any-return]
            request, object_id, form_url, extra_context
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
        may_save = may(curator(request), Right.CHANGE)
        proposable = change or self.new_ones_are_proposed
        may_propose = proposable and may(curator(request), Right.PROPOSE)
        if not may_save:
            context["title"] = f"Propose {'a change of' if change else 'a new'} {self.kind.label}"
            if not self.has_change_permission(request, obj):
                context["title"] = f"Look at {self.kind.label}"
        context |= {
            "kind": self.kind,
            "conflicts": getattr(form, "conflicts", []),
            "meanwhile": getattr(form, "meanwhile", []),
            "problems": answers.problems_of(form) if form.is_bound else [],
            "may_save": may_save,
            "may_propose": may_propose,
            "waiting": self.proposals_for(obj) if obj is not None else [],
            "correction": (correction := self.correction(request)),
        }
        if correction is not None:
            context["title"] = correction.title
            others = [one for one in context["waiting"] if one.pk != correction.proposal.pk]
            context["waiting"] = others
        return super().render_change_form(request, context, add, change, form_url, obj)

    def proposals_for(self, record: Record) -> list[Proposal]:
        """Return what waits for a decision on a record, the oldest first, not all of many."""
        waiting = Proposal.objects.filter(
            kind=self.kind, record_id=record.pk, state=ProposalState.OPEN
        )
        return list(waiting.select_related("author", "run")[: SHOWN_PROPOSALS + 1])

    # Saving

    def save_model(
        self, request: HttpRequest, obj: Record, form: ModelForm[Record], change: bool
    ) -> None:
        assert isinstance(form, RecordForm)  # noqa: S101  (each of these admins has one)
        request.save_message = self.write(request, obj, form, change)  # type: ignore[attr-defined]

    def write(
        self, request: HttpRequest, obj: Record, form: RecordForm[Record], change: bool
    ) -> SaveMessage:
        """Save by the action of this kind of record, and return the message."""
        reason = form.cleaned_data["reason"]
        if (correction := self.correction(request)) is not None:
            return self.save_correction(request, correction, form)
        if change and not form.changes:
            return answers.nothing_changed(obj)
        if self.only_proposes(request):
            return answers.proposed(self.propose(request, obj, form, change, reason))
        if not change:
            self.add(request, obj, form, reason)
            return answers.saved(obj, "was added")
        revision = self.amend(request, obj, form, reason)
        if revision is None:
            return answers.nothing_changed(obj)
        labels = records_of(self.kind).labels
        changed = ", ".join(labels[name] for name in labels if name in revision.changes)
        return answers.saved(obj, f"was changed: {changed}")

    def propose(
        self, request: HttpRequest, obj: Record, form: RecordForm[Record], change: bool, reason: str
    ) -> Proposal:
        return actions.propose(
            user=curator(request),
            kind=self.kind,
            record_id=obj.pk,
            values=form.changes,
            reason=reason,
            seen=form.cleaned_data["seen"],
        )

    def amend(
        self, request: HttpRequest, obj: Record, form: RecordForm[Record], reason: str
    ) -> Revision | None:
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
        """The record's history has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The record's history has it."""

    # Messages and redirects

    def response_change(self, request: HttpRequest, obj: Record) -> HttpResponse:
        return self._report_saved(request) or self.response_post_save_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Record, post_url_continue: str | None = None
    ) -> HttpResponse:
        if IS_POPUP_VAR in request.POST and obj.pk:
            # Who opened the window gets the record into their form.
            return super().response_add(request, obj, post_url_continue)
        redirect = self._report_saved(request)
        if redirect is None and "_continue" in request.POST and obj.pk:
            return HttpResponseRedirect(self.url_of("change", obj.pk))
        return redirect or self.response_post_save_add(request, obj)

    def _report_saved(self, request: HttpRequest) -> HttpResponse | None:
        """Show the message of a save; return a redirect where the list is not next."""
        save_message: SaveMessage = request.save_message  # type: ignore[attr-defined]
        messages.add_message(
            request, messages.INFO if save_message.stays else messages.SUCCESS, save_message.text
        )
        if (correction := self.correction(request)) is not None:
            return HttpResponseRedirect(correction.url)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(self.url_of("add"))
        if "_continue" in request.POST and not self._is_new(request):
            return HttpResponseRedirect(request.get_full_path())
        return None

    def _is_new(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is None or "object_id" not in match.kwargs

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Report what became of a record, and show what was typed for it meanwhile."""
        gone = answers.what_became(self.model, self.kind, object_id)
        if gone is None:
            return super()._get_obj_does_not_exist_redirect(  # type: ignore[misc,no-any-return]
                request, opts, object_id
            )
        match = request.resolver_match
        if request.method != "POST" or match is None or not str(match.url_name).endswith("_change"):
            messages.warning(request, gone.text)
            where = gone.now_at or self.url_of("changelist")
            return HttpResponseRedirect(where)
        form: forms.BaseForm = self.get_form(request)()
        title = f"This {self.kind.label} is not there any more"
        context = {"gone": gone, "typed": answers.typed_into(form, request)}
        return self.show(request, "record_gone", title, context, status=410)
