"""The page of a proposal: the change, the comments, and the actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from curation import actions, inbox
from curation.actions import ActionError, BusyError, StaleError
from curation.admin.base.admin import ReadOnlyAdmin, curator, reasons_of
from curation.admin.base.autocomplete import is_id
from curation.admin.inbox import words
from curation.admin.inbox.view import view_of
from curation.inbox import Proposals
from curation.models import MAX_COMMENT, Proposal, ProposalState
from curation.permissions import Right, demand

#: What a button does: it returns the message to the person.
ProposalAction = Callable[[HttpRequest, Proposal], str | SafeString]


class ProposalPages(ReadOnlyAdmin[Proposal]):
    """Every button is an action of `curation.actions`, which demands its right by itself."""

    def queue_of(self, request: HttpRequest) -> Proposals:
        """Return the queue in which the next proposal is looked for."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        return [
            *(self._button(name, action) for name, action in self.buttons().items()),
            self.route("<int:number>/next/", "next", require_GET(self.next_view)),
            *super().get_urls(),
        ]

    def buttons(self) -> dict[str, ProposalAction]:
        return {
            "accept": _accept,
            "reject": _reject,
            "return": _return,
            "resubmit": _resubmit,
            "withdraw": _withdraw,
            "assign": _assign,
            "endorse": _endorse,
            "comment": _comment,
        }

    def _button(self, name: str, action: ProposalAction) -> URLPattern:
        def view(request: HttpRequest, number: int) -> HttpResponse:
            if request.method != "POST":
                # Whoever had to log in again comes back here by this URL.
                proposal = self._proposal(request, number)
                return HttpResponseRedirect(self.page_url(request, "change", proposal.pk))
            return self.press(request, number, name, action)

        return self.route(f"<int:number>/{name}/", name, view)

    def press(
        self, request: HttpRequest, number: int, name: str, action: ProposalAction
    ) -> HttpResponse:
        """Run a button's action; where it is refused, show the page again with the reason."""
        proposal = self._proposal(request, number)
        try:
            message = action(request, proposal)
        except (ValidationError, BusyError, OperationalError) as error:
            typed = {
                "reason": request.POST.get("reason", ""),
                "text": request.POST.get("text", ""),
                "answer": request.POST.get("answer", ""),
            }
            return self._page(request, self._proposal(request, number), typed | refusal(error))
        messages.success(request, message)
        if name in ("accept", "reject", "return"):
            return self._go_on(request, proposal)
        return HttpResponseRedirect(self.page_url(request, "change", proposal.pk))

    def next_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Go to the next open proposal of the queue that the person came from."""
        return self._go_on(request, self._proposal(request, number))

    def _go_on(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        following = inbox.next_after(self.queue_of(request), proposal)
        if following is not None:
            return HttpResponseRedirect(self.page_url(request, "change", following.pk))
        messages.info(request, "That was the last one of this queue.")
        list_query = request.GET.get("_changelist_filters", "")
        url = self.url_of("changelist")
        return HttpResponseRedirect(f"{url}?{list_query}" if list_query else url)

    def page_url(self, request: HttpRequest, page: str, number: int) -> str:
        """Return the URL of a page, with the filters of the list that the person came from."""
        filters = self.get_preserved_filters(request)
        url = self.url_of(page, number)
        return f"{url}?{filters}" if filters else url

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        proposal = self._proposal(request, object_id)
        return self._page(request, proposal, extra_context or {})

    def _proposal(self, request: HttpRequest, number: str | int) -> Proposal:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Proposal.objects.select_related("author", "assigned_to", "decided_by", "taxon")
        rows = rows.select_related("run", "report").defer(
            "run__problems", "run__counts", "run__paths"
        )
        proposal = rows.filter(pk=number).first() if is_id(str(number)) else None
        if proposal is None:
            raise Http404("There is no such proposal.")
        return proposal

    def _page(
        self, request: HttpRequest, proposal: Proposal, context: dict[str, Any]
    ) -> HttpResponse:
        filters = self.get_preserved_filters(request)
        list_query = request.GET.get("_changelist_filters", "")
        queue = self.url_of("changelist")
        return self.show(
            request,
            "proposal_page",
            f"Proposal {proposal.pk} for {proposal.record_key}",
            {
                "proposal": proposal,
                "page_query": f"?{filters}" if filters else "",
                "queue_url": f"{queue}?{list_query}" if list_query else queue,
                "max_comment": MAX_COMMENT,
                **view_of(proposal, curator(request)),
                **context,
            },
        )


def refusal(error: ValidationError | BusyError | OperationalError) -> dict[str, Any]:
    """Return the context of a page where an action was refused."""
    return {"refusal": reasons_of(error), "is_stale": isinstance(error, StaleError)}


# What the buttons do


def _accept(request: HttpRequest, proposal: Proposal) -> SafeString:
    decided = actions.accept_proposal(
        user=curator(request),
        proposal=proposal,
        reason=request.POST.get("reason", ""),
        answer=request.POST.get("answer", ""),
        # Without a version seen, the record must be as it was when this was proposed.
        seen=_number(request.POST.get("seen", "")),
    )
    if decided.state == ProposalState.RETURNED:
        return _sent_back(decided)
    proposal.applied = decided.applied
    return _result(proposal, "accepted")


def _return(request: HttpRequest, proposal: Proposal) -> SafeString:
    decided = actions.return_proposal(
        user=curator(request), proposal=proposal, comment=request.POST.get("reason", "")
    )
    return _sent_back(decided)


def _resubmit(request: HttpRequest, proposal: Proposal) -> str:
    changes = inbox.standing_of(proposal).changes
    actions.resubmit_proposal(
        user=curator(request),
        proposal=proposal,
        values={name: pair[1] for name, pair in changes.items()},
        reason=request.POST.get("reason", ""),
        seen=_number(request.POST.get("seen", "")),
    )
    return "It is open again, and waits for a senior curator."


def _sent_back(proposal: Proposal) -> SafeString:
    return format_html(
        '<a href="{}">Proposal {}</a> for {} went back to {}: {}',
        reverse("admin:curation_proposal_change", args=[proposal.pk]),
        proposal.pk,
        proposal.record_key,
        words.person(proposal.author),
        proposal.decision_reason,
    )


def _reject(request: HttpRequest, proposal: Proposal) -> SafeString:
    actions.reject_proposal(
        user=curator(request),
        proposal=proposal,
        reason=request.POST.get("reason", ""),
        answer=request.POST.get("answer", ""),
    )
    return _result(proposal, "rejected")


def _withdraw(request: HttpRequest, proposal: Proposal) -> SafeString:
    actions.withdraw_proposal(
        user=curator(request), proposal=proposal, reason=request.POST.get("reason", "")
    )
    return _result(proposal, "withdrawn")


def _assign(request: HttpRequest, proposal: Proposal) -> str:
    user = curator(request)
    chosen, to = request.POST.get("to", ""), None
    if chosen:
        to = User.objects.filter(pk=chosen).first() if is_id(chosen) else None
        if to is None:
            # The right first: who may not assign does not learn who there is.
            demand(user, Right.DECIDE)
            raise ActionError("Choose a user who may decide proposals.")
    actions.assign_proposal(user=user, proposal=proposal, to=to)
    if to is None:
        return "It is unassigned now."
    return "It is yours now." if to == user else f"Assigned to {words.person(to)}."


def _endorse(request: HttpRequest, proposal: Proposal) -> str:
    actions.endorse_proposal(user=curator(request), proposal=proposal)
    return "You endorsed it."


def _comment(request: HttpRequest, proposal: Proposal) -> str:
    actions.comment(user=curator(request), proposal=proposal, text=request.POST.get("text", ""))
    return "Your comment is here, and in the history of the record."


def _result(proposal: Proposal, what: str) -> SafeString:
    return format_html(
        '<a href="{}">Proposal {}</a> for {} is {}: {}',
        reverse("admin:curation_proposal_change", args=[proposal.pk]),
        proposal.pk,
        proposal.record_key,
        _outcome(proposal, what),
        words.applied_change(proposal, most=100),
    )


def _outcome(proposal: Proposal, what: str) -> str:
    if words.is_conflict(proposal):
        outcomes = {"accepted": "the source’s value is taken", "rejected": "ours is kept"}
        return f"{what}, {outcomes.get(what, '')}"
    if not proposal.changes:
        return {"accepted": "dealt with", "rejected": "closed as no error"}.get(what, what)
    return what


def _number(text: str) -> int | None:
    return int(text) if is_id(text) else None
