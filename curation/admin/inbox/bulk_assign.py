"""Several proposals assigned at once: to whom is chosen on a page of their own."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from curation import actions, inbox
from curation.actions import BusyError
from curation.admin.base.admin import ReadOnlyAdmin, curator, reasons_of
from curation.admin.base.autocomplete import is_id
from curation.admin.inbox import words
from curation.inbox import MOST_AT_ONCE, Proposals
from curation.models import Proposal
from curation.permissions import Right, demand


class BulkAssignment(ReadOnlyAdmin[Proposal]):
    """The action of the list that assigns, and its page."""

    def get_urls(self) -> list[URLPattern]:
        several = self.route("several-assign/", "several_assign", self.assign_several_view)
        return [several, *super().get_urls()]

    @admin.action(description="Assign the selected proposals …", permissions=["decide"])
    def assign_selected(self, request: HttpRequest, queryset: Proposals) -> HttpResponse:
        demand(curator(request), Right.DECIDE)
        chosen = inbox.chosen(_ids(request))
        if not 0 < len(chosen) <= MOST_AT_ONCE:
            text = f"{len(chosen):,} were chosen; {MOST_AT_ONCE} are the most at once."
            messages.error(request, text if chosen else "Choose at least one proposal.")
            return HttpResponseRedirect(request.get_full_path())
        context = {
            "chosen": [(item, words.requested_change(item)) for item in chosen],
            "people": [(user.pk, words.person(user)) for user in inbox.deciders()],
            "checkbox": ACTION_CHECKBOX_NAME,
            "filters": request.GET.urlencode(),
            "queue_url": request.get_full_path(),
        }
        number = len(chosen)
        title = f"Assign {number} proposal{'' if number == 1 else 's'}"
        return self.show(request, "proposal_several_assign", title, context)

    def assign_several_view(self, request: HttpRequest) -> HttpResponse:
        """Assign each in a transaction of its own, and report those that could not be."""
        demand(curator(request), Right.DECIDE)
        filters = request.POST.get("filters", "")
        back = f"{self.url_of('changelist')}{'?' if filters else ''}{filters}"
        if request.method == "POST":
            self._assign(request, inbox.chosen(_ids(request)[:MOST_AT_ONCE]))
        return HttpResponseRedirect(back)

    def _assign(self, request: HttpRequest, chosen: Iterable[Proposal]) -> None:
        to = _person(request.POST.get("to", ""))
        done = 0
        for proposal in chosen:
            try:
                actions.assign_proposal(user=curator(request), proposal=proposal, to=to)
            except (ValidationError, BusyError, OperationalError) as error:
                messages.error(request, f"Proposal {proposal.pk}: {' '.join(reasons_of(error))}")
            else:
                done += 1
        if done:
            what = f"assigned to {words.person(to)}" if to else "assigned to no one now"
            are = "proposal is" if done == 1 else "proposals are"
            messages.success(request, f"{done} {are} {what}.")


def _ids(request: HttpRequest) -> list[int]:
    return [int(text) for text in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_id(text)]


def _person(text: str) -> User | None:
    """Return the person that a form names; None unassigns."""
    return User.objects.filter(pk=int(text)).first() if is_id(text) else None
