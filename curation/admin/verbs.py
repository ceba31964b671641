"""Verdicts on an interaction: confirm, dispute, reject, reopen.

On an interaction's own page these are buttons of its form; in the list they are actions on
what is selected (`curation.admin.verbs_in_lists`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation import actions
from curation.admin.editing.verbs import RecordVerb, VerbAdmin
from curation.models import RecordKind
from curation.permissions import Right
from curation.records.review import PUBLIC_FIELDS
from proteins.models import Interaction, ReviewStatus

_ACTIONS: Final[dict[ReviewStatus, Callable[..., Any]]] = {
    ReviewStatus.CONFIRMED: actions.confirm_interaction,
    ReviewStatus.DISPUTED: actions.dispute_interaction,
    ReviewStatus.REJECTED: actions.reject_interaction,
    ReviewStatus.UNREVIEWED: actions.reopen_interaction,
}


@dataclass(frozen=True, kw_only=True)
class ReviewVerb(RecordVerb):
    """A verdict, and who may give it on which interactions."""

    status: ReviewStatus

    def do(self, user: User, record: Any, reason: str, seen: int, public: Mapping[str, Any]) -> Any:
        """Do it by its action, and return the revision or the proposal that it makes."""
        if not self.proposes:
            action = _ACTIONS[self.status]
            more = {"public": public} if self.takes else {}
            return action(user=user, interaction=record, reason=reason, seen=seen, **more)
        return actions.propose(
            user=user,
            kind=RecordKind.INTERACTION,
            record_id=record.pk,
            values={"status": int(self.status), **public},
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
            takes=frozenset(PUBLIC_FIELDS),
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
            takes=frozenset(PUBLIC_FIELDS),
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
            takes=frozenset(PUBLIC_FIELDS),
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
            takes=frozenset(PUBLIC_FIELDS),
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


class ReviewAdmin(VerbAdmin[Interaction]):
    """Gives the admin of interactions the verdicts."""

    verbs = VERBS
    state_field = "status"

    @admin.display(description="review status")
    def verdict(self, interaction: Interaction) -> SafeString | str:
        """The curators' verdict; the buttons below change it."""
        if not interaction.pk:
            return "unreviewed, as every new interaction"
        words = ReviewStatus(interaction.status).label
        if interaction.status != ReviewStatus.REJECTED:
            return words
        return format_html("<strong>{}</strong>: not in public view", words)
