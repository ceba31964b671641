"""Verdicts on an interaction: confirm, dispute, reject, reopen.

On an interaction's own page these are buttons of its form, so that one reason, one version
and one answer to what changed meanwhile serve both; in the list they are actions on what is
selected (`curation.admin.verbs_in_lists`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation import actions
from curation.admin.base.admin import CurationAdmin, curator
from curation.admin.editing import answers
from curation.admin.editing.answers import SaveMessage
from curation.admin.editing.form import RecordForm
from curation.models import RecordKind
from curation.permissions import Right, may
from proteins.models import Interaction, ReviewStatus

#: The name of the buttons.
PRESSED: Final = "_verb"
_ACTIONS: Final[dict[ReviewStatus, Callable[..., Any]]] = {
    ReviewStatus.CONFIRMED: actions.confirm_interaction,
    ReviewStatus.DISPUTED: actions.dispute_interaction,
    ReviewStatus.REJECTED: actions.reject_interaction,
    ReviewStatus.UNREVIEWED: actions.reopen_interaction,
}


@dataclass(frozen=True, kw_only=True)
class ReviewVerb:
    """A verdict, and who may give it on which interactions."""

    name: str
    label: str
    #: The message afterwards, of one or of several.
    done: str
    status: ReviewStatus
    of: frozenset[ReviewStatus]
    right: Right
    needs_reason: bool = False
    #: Whether it is proposed and not done; only where the person may not do it.
    proposes: bool = False
    explained: str = ""

    def is_for(self, user: User | AnonymousUser, status: int | None = None) -> bool:
        """Whether a user may give it on an interaction of a status, or on any."""
        if self.proposes and may(user, Right.CHANGE):
            return False
        return may(user, self.right) and (status is None or status in self.of)

    def do(self, user: User, interaction: Interaction, reason: str, seen: int) -> Any:
        """Do it by its action, and return the revision or the proposal that it makes."""
        if not self.proposes:
            action = _ACTIONS[self.status]
            return action(user=user, interaction=interaction, reason=reason, seen=seen)
        return actions.propose(
            user=user,
            kind=RecordKind.INTERACTION,
            record_id=interaction.pk,
            values={"status": int(self.status)},
            reason=reason,
            seen=seen,
        )


_NEW, _CONFIRMED, _DISPUTED, _REJECTED = (
    ReviewStatus.UNREVIEWED,
    ReviewStatus.CONFIRMED,
    ReviewStatus.DISPUTED,
    ReviewStatus.REJECTED,
)
VERBS: Final = {
    verb.name: verb
    for verb in (
        ReviewVerb(
            name="confirm",
            label="Confirm",
            done="confirmed",
            status=_CONFIRMED,
            of=frozenset({_NEW, _DISPUTED}),
            right=Right.REVIEW,
            explained="You have looked at what supports it, and it is right.",
        ),
        ReviewVerb(
            name="dispute",
            label="Dispute",
            done="disputed",
            status=_DISPUTED,
            of=frozenset({_NEW, _CONFIRMED}),
            right=Right.REVIEW,
            needs_reason=True,
            explained="It is doubtful. It stays in public view, marked as disputed.",
        ),
        ReviewVerb(
            name="reject",
            label="Reject",
            done="rejected",
            status=_REJECTED,
            of=frozenset({_NEW, _CONFIRMED, _DISPUTED}),
            right=Right.CHANGE,
            needs_reason=True,
            explained=(
                "It is wrong. It leaves the public pages, the API and the counts, and no import "
                "brings it back."
            ),
        ),
        ReviewVerb(
            name="propose-rejection",
            label="Propose rejection",
            done="proposed for rejection",
            status=_REJECTED,
            of=frozenset({_NEW, _CONFIRMED, _DISPUTED}),
            right=Right.PROPOSE,
            needs_reason=True,
            proposes=True,
            explained="A senior curator decides; nothing changes until then.",
        ),
        ReviewVerb(
            name="reopen",
            label="Reopen",
            done="reopened",
            status=_NEW,
            of=frozenset({_CONFIRMED, _DISPUTED}),
            right=Right.REVIEW,
            explained="The verdict is taken back.",
        ),
        ReviewVerb(
            name="reopen-rejected",
            label="Reopen",
            done="reopened",
            status=_NEW,
            of=frozenset({_REJECTED}),
            right=Right.CHANGE,
            explained="The rejection is taken back: it is in public view again.",
        ),
        ReviewVerb(
            name="propose-reopening",
            label="Propose reopening",
            done="proposed for reopening",
            status=_NEW,
            of=frozenset({_REJECTED}),
            right=Right.PROPOSE,
            needs_reason=True,
            proposes=True,
            explained="A senior curator decides; nothing changes until then.",
        ),
    )
}


def verbs_for(user: User | AnonymousUser, status: int | None = None) -> list[ReviewVerb]:
    """Return the verdicts that a user may give on an interaction of a status, or on any."""
    return [verb for verb in VERBS.values() if verb.is_for(user, status)]


class ReviewForm(RecordForm[Interaction]):
    """The form of an interaction when one of the buttons was pressed."""

    #: The button that was pressed; empty for those that save.
    pressed: ClassVar[str] = ""
    #: The buttons that the person has for this interaction.
    offered: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        model = Interaction
        fields: ClassVar[tuple[str, ...]] = ()

    def check_changes(self) -> None:
        if not self.pressed:
            super().check_changes()
            return
        verb = VERBS.get(self.pressed)
        if verb is None or verb.name not in self.offered:
            status = ReviewStatus(self.instance.status).label
            self.add_error(None, f"That is not for you to say of an interaction that is {status}.")
        elif self.changes:
            self.add_error(
                None,
                f"You also changed something else here. Save that first, then press {verb.label}; "
                "nothing that you typed is lost.",
            )
        elif verb.needs_reason and not self.cleaned_data["reason"]:
            self.add_error("reason", f"Say why: a reason is needed to {verb.label.lower()} it.")


class ReviewAdmin(CurationAdmin[Interaction]):
    """Gives the admin of interactions the buttons, and their actions in the list."""

    def get_form(
        self,
        request: HttpRequest,
        obj: Interaction | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[ModelForm[Interaction]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        pressed = request.POST.get(PRESSED, "") if PRESSED in request.POST else None
        if pressed is None:
            return form
        theirs = verbs_for(curator(request), obj.status) if obj is not None else []
        # Whatever is sent under this name is never taken for the button that saves.
        own = {"pressed": pressed or "?", "offered": frozenset(verb.name for verb in theirs)}
        return type(form.__name__, (form,), own)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Interaction | None = None,
    ) -> HttpResponse:
        if obj is not None:
            # Read after the version that the form shows: buttons of an older status would be
            # refused, and not as a save that came too late.
            statuses = Interaction.objects.filter(pk=obj.pk).values_list("status", flat=True)
            obj.status = next(iter(statuses), obj.status)
            context["verbs"] = verbs_for(curator(request), obj.status)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def write(
        self, request: HttpRequest, obj: Interaction, form: RecordForm[Interaction], change: bool
    ) -> SaveMessage:
        pressed = request.POST.get(PRESSED)
        if pressed is None or not change:
            message: SaveMessage = super().write(request, obj, form, change)  # type: ignore[misc]
            return message
        verb = VERBS[pressed]  # the form allows no other
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        made = verb.do(curator(request), obj, reason, seen)
        return answers.proposed(made) if verb.proposes else answers.saved(obj, f"is {verb.done}")

    def response_change(self, request: HttpRequest, obj: Interaction) -> HttpResponse:
        answer = super().response_change(request, obj)
        # Who gave a verdict sees the interaction as it is now.
        stays = PRESSED in request.POST
        return HttpResponseRedirect(request.get_full_path()) if stays else answer

    @admin.display(description="review status")
    def verdict(self, interaction: Interaction) -> SafeString | str:
        """The curators' verdict; the buttons below change it."""
        if not interaction.pk:
            return "unreviewed, as every new interaction"
        words = ReviewStatus(interaction.status).label
        if interaction.status != ReviewStatus.REJECTED:
            return words
        return format_html("<strong>{}</strong>: not in public view", words)
