"""Several proposals decided at once: shown first, then each by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from curation import actions, inbox
from curation.actions import BusyError
from curation.admin.base.admin import ReadOnlyAdmin, curator
from curation.admin.base.autocomplete import is_id
from curation.admin.inbox import words
from curation.inbox import MOST_AT_ONCE, Standing
from curation.models import MAX_COMMENT, Proposal, ProposalState, RecordKind
from curation.permissions import Right, demand
from curation.shared.large_changes import LargeChange, is_typed, large_rejection, wanted
from proteins.models import ReviewStatus

VERDICTS: Final = {"accept": "Accept", "reject": "Reject"}


@dataclass(frozen=True)
class Line:
    """A proposal in a list of several, with why it is left out; empty where it is not."""

    proposal: Proposal
    text: str
    by: str
    why_not: str = ""
    #: Whether it goes back to its author for that reason.
    goes_back: bool = False


@dataclass
class Outcome:
    """What became of several proposals."""

    done: list[Line] = field(default_factory=list)
    sent_back: list[Line] = field(default_factory=list)
    failed: list[Line] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.done) + len(self.sent_back) + len(self.failed)


class BulkDecisions(ReadOnlyAdmin[Proposal]):
    """The page that confirms a decision of several, and the one with the outcome."""

    def get_urls(self) -> list[URLPattern]:
        several = self.route("several/<slug:verdict>/", "several", self.several_view)
        return [several, *super().get_urls()]

    def confirmation_page(
        self, request: HttpRequest, verdict: str, error: str = ""
    ) -> HttpResponse:
        """Show what would be decided; nothing is yet."""
        demand(curator(request), Right.DECIDE)
        ids = _ids(request)
        if not 0 < len(ids) <= MOST_AT_ONCE:
            refusal = f"{len(ids):,} were chosen; {MOST_AT_ONCE} are the most at once."
            messages.error(request, refusal if ids else "Choose at least one proposal.")
            return HttpResponseRedirect(self._list(request))
        lines = lines_of(verdict, inbox.chosen(ids), curator(request))
        possible = [line for line in lines if not line.why_not]
        return self._render(
            request,
            verdict,
            f"{VERDICTS[verdict]} {len(possible)} proposal{'' if len(possible) == 1 else 's'}",
            "ask",
            {
                "possible": possible,
                "going_back": [line for line in lines if line.goes_back],
                "left_out": [line for line in lines if line.why_not and not line.goes_back],
                "error": error,
                "reason": request.POST.get("reason", ""),
                "conflicts": any(words.is_conflict(line.proposal) for line in possible),
                "large": _large(verdict, [line.proposal for line in possible]),
            },
        )

    def several_view(self, request: HttpRequest, verdict: str) -> HttpResponse:
        """Decide each in a transaction of its own, and report those that could not be."""
        user = curator(request)
        demand(user, Right.DECIDE)
        if verdict not in VERDICTS:
            raise Http404
        if request.method != "POST":
            return HttpResponseRedirect(self.url_of("changelist"))
        reason = request.POST.get("reason", "")
        ids = _ids(request)
        if not 0 < len(ids) <= MOST_AT_ONCE:
            return self.confirmation_page(request, verdict)
        if verdict == "reject" and not reason.strip():
            return self.confirmation_page(
                request, verdict, "Say why: a reason is needed to reject proposals."
            )
        if len(reason) > MAX_COMMENT:
            return self.confirmation_page(
                request, verdict, f"{MAX_COMMENT:,} characters are the most."
            )
        chosen = inbox.chosen(ids)
        large = _large(verdict, chosen)
        if large is not None and not is_typed(large.number, request.POST.get("number", "")):
            return self.confirmation_page(request, verdict, wanted(large.number))
        outcome = _decide(verdict, chosen, user, reason)
        context = {**vars(outcome), "missing": len(ids) - len(outcome)}
        return self._render(request, verdict, "What was decided", "done", context)

    def _render(
        self,
        request: HttpRequest,
        verdict: str,
        title: str,
        page: str,
        context: dict[str, Any],
    ) -> HttpResponse:
        return self.show(
            request,
            f"proposal_several_{page}",
            title,
            {
                "verdict": verdict,
                "word": VERDICTS[verdict],
                "most": MOST_AT_ONCE,
                "max_comment": MAX_COMMENT,
                "checkbox": ACTION_CHECKBOX_NAME,
                "filters": self._filters(request),
                "queue_url": self._list(request),
                **context,
            },
        )

    def _filters(self, request: HttpRequest) -> str:
        """Return how the list was filtered from which the proposals were chosen."""
        return request.POST.get("filters", request.GET.urlencode())

    def _list(self, request: HttpRequest) -> str:
        url = self.url_of("changelist")
        filters = self._filters(request)
        return f"{url}?{filters}" if filters else url


def _large(verdict: str, proposals: list[Proposal]) -> LargeChange | None:
    """Return what is large about accepting these, if anything: those that reject interactions."""
    if verdict != "accept":
        return None
    rejecting = {
        proposal.record_id
        for proposal in proposals
        if proposal.kind == RecordKind.INTERACTION
        and proposal.record_id is not None
        and proposal.changes.get("status", [None])[-1] == ReviewStatus.REJECTED
    }
    return large_rejection(rejecting)


def _ids(request: HttpRequest) -> list[int]:
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return list(dict.fromkeys(int(text) for text in chosen if is_id(text)))


def lines_of(verdict: str, proposals: list[Proposal], user: User) -> list[Line]:
    """Return each with its change, and with what is against deciding it now."""
    return [_line(verdict, standing, user) for standing in inbox.standings(proposals)]


def _line(verdict: str, standing: Standing, user: User) -> Line:
    proposal = standing.proposal
    why_not = _why_not(verdict, standing, user)
    meets_another = verdict == "accept" and not why_not and bool(standing.meanwhile)
    # To an import or a reader nothing goes back.
    goes_back = meets_another and proposal.author_id is not None
    if meets_another:
        changed = "The record changed since it was opened"
        why_not = f"{changed}." if goes_back else f"{changed}: look at it by itself."
    change, by = words.requested_change(proposal), words.opened_by(proposal)
    return Line(proposal, change, by, why_not, goes_back)


def _why_not(verdict: str, standing: Standing, user: User) -> str:
    proposal = standing.proposal
    if proposal.state != ProposalState.OPEN:
        return f"It is {proposal.get_state_display()} already."
    if proposal.author_id == user.pk:
        return f"It is your own: a colleague has to {verdict} it."
    if verdict == "accept" and standing.is_gone:
        return "The record is not there any more."
    return ""


def _decide(verdict: str, proposals: list[Proposal], user: User, reason: str) -> Outcome:
    outcome = Outcome()
    busy = ""
    for proposal in proposals:
        why_not = busy
        if not busy:
            try:
                decided = _decide_one(verdict, proposal, user, reason)
            except ValidationError as error:
                why_not = " ".join(error.messages)
            except (BusyError, OperationalError):
                # Each would wait for as long again.
                why_not = busy = "Not tried: an import is being written. Try again in a moment."
        if why_not:
            outcome.failed.append(_outcome_line(proposal, why_not))
        elif decided.state == ProposalState.RETURNED:
            outcome.sent_back.append(_outcome_line(proposal, decided.decision_reason))
        else:
            proposal.applied = decided.applied
            outcome.done.append(_outcome_line(proposal))
    return outcome


def _outcome_line(proposal: Proposal, why_not: str = "") -> Line:
    change = words.applied_change(proposal)
    return Line(proposal, change, words.opened_by(proposal), why_not)


def _decide_one(verdict: str, proposal: Proposal, user: User, reason: str) -> Proposal:
    if verdict == "accept":
        # What was not looked at by itself is a conflict where the record is another by now.
        return actions.accept_proposal(user=user, proposal=proposal, reason=reason)
    return actions.reject_proposal(user=user, proposal=proposal, reason=reason)
