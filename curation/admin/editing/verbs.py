"""Verbs as buttons of a record's form: one reason, one version and one answer to what changed
meanwhile serve both them and what the form changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from curation.admin.base.admin import CurationAdmin, curator
from curation.admin.editing import answers
from curation.admin.editing.answers import SaveMessage
from curation.admin.editing.form import RecordForm
from curation.permissions import Right, may

Record = TypeVar("Record", bound=models.Model)

#: The name of the buttons.
PRESSED: Final = "_verb"


@dataclass(frozen=True, kw_only=True)
class RecordVerb:
    """What may be done with a record in some states, and by whom."""

    name: str
    label: str
    #: The message afterwards, of one or of several.
    done: str
    of: frozenset[int]
    right: Right
    needs_reason: bool = False
    #: Whether it is proposed and not done; only where the person may not do it.
    proposes: bool = False
    explained: str = ""
    #: Fields of the form that it writes as well.
    takes: frozenset[str] = frozenset()

    def is_for(self, user: User | AnonymousUser, state: int | None = None) -> bool:
        """Whether a user may do it with records of a state, or with any."""
        if self.proposes and may(user, Right.CHANGE):
            return False
        return may(user, self.right) and (state is None or state in self.of)

    @abstractmethod
    def do(self, user: User, record: Any, reason: str, seen: int, public: Mapping[str, Any]) -> Any:
        """Do it by its action, and return the revision or the proposal that it makes; `public` are
        the values of the fields that it takes."""


class VerbForm(RecordForm[Record]):
    """The form of a record when one of the buttons was pressed."""

    #: The button that was pressed; empty for those that save.
    pressed: ClassVar[str] = ""
    #: The buttons that the person has for this record.
    offered: ClassVar[Mapping[str, RecordVerb]] = {}
    #: The state of the record, in words.
    state: ClassVar[str] = ""

    def check_changes(self) -> None:
        if not self.pressed:
            super().check_changes()
            return
        verb = self.offered.get(self.pressed)
        if verb is None:
            what = f"{'an' if self.kind[0] in 'aeio' else 'a'} {self.kind.label}"
            self.add_error(None, f"That is not for you to say of {what} that is {self.state}.")
        elif self.changes.keys() - verb.takes:
            self.add_error(
                None,
                f"You also changed something else here. Save that first, then press {verb.label}; "
                "nothing that you typed is lost.",
            )
        elif verb.needs_reason and not self.cleaned_data["reason"]:
            self.add_error("reason", f"Say why: a reason is needed to {verb.label.lower()} it.")


class VerbAdmin(CurationAdmin[Record]):
    """Gives the admin of a record its buttons."""

    verbs: ClassVar[Mapping[str, RecordVerb]]
    #: The column that distinguishes the states.
    state_field: ClassVar[str]

    def verbs_for(
        self, user: User | AnonymousUser, state: int | None = None
    ) -> dict[str, RecordVerb]:
        """Return what a user may do with records of a state, or with any."""
        return {name: verb for name, verb in self.verbs.items() if verb.is_for(user, state)}

    def get_form(
        self, request: HttpRequest, obj: Record | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Record]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if PRESSED not in request.POST:
            return form
        # Whatever is sent under this name is never taken for the button that saves.
        own: dict[str, Any] = {"pressed": request.POST[PRESSED] or "?"}
        if obj is not None:
            own["offered"] = self.verbs_for(curator(request), getattr(obj, self.state_field))
            own["state"] = getattr(obj, f"get_{self.state_field}_display")()
        return type(form.__name__, (form,), own)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Record | None = None,
    ) -> HttpResponse:
        if obj is not None:
            # Read after the version that the form shows: buttons of an older state would be
            # refused, and not as a save that came too late.
            rows = self.model._default_manager.filter(pk=obj.pk)
            for state in rows.values_list(self.state_field, flat=True):
                setattr(obj, self.state_field, state)
            state = getattr(obj, self.state_field)
            context["verbs"] = list(self.verbs_for(curator(request), state).values())
        return super().render_change_form(request, context, add, change, form_url, obj)

    def write(
        self, request: HttpRequest, obj: Record, form: RecordForm[Record], change: bool
    ) -> SaveMessage:
        pressed = request.POST.get(PRESSED)
        if pressed is None or not change:
            message: SaveMessage = super().write(request, obj, form, change)  # type: ignore[misc]
            return message
        verb = self.verbs[pressed]  # the form allows no other
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        # What stands from an earlier verdict, and nobody touched, is not said of this one.
        typed = form.changes.keys() & verb.takes
        public = {name: form.submitted_values()[name] for name in verb.takes} if typed else {}
        made = verb.do(curator(request), obj, reason, seen, public)
        return answers.proposed(made) if verb.proposes else answers.saved(obj, f"is {verb.done}")

    def response_change(self, request: HttpRequest, obj: Record) -> HttpResponse:
        answer = super().response_change(request, obj)
        # Who pressed one sees the record as it is now.
        stays = PRESSED in request.POST
        return HttpResponseRedirect(request.get_full_path()) if stays else answer
