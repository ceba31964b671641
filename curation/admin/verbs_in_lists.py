"""One verdict on several interactions: selected in the list, looked at, confirmed.

Up to `INLINE` are done while the person waits, more by a process of its own
(`curation.uploads.batches`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from curation.actions import BusyError
from curation.actions.batches import LIMIT, BatchOutcome, Refusal, review_interactions
from curation.admin.base.admin import CurationAdmin, curator
from curation.admin.base.autocomplete import is_id
from curation.admin.editing.form import SeenField
from curation.admin.review_form import PublicReasonForm
from curation.admin.verbs import VERBS, ReviewVerb
from curation.models import MAX_COMMENT, Revision
from curation.shared.large_changes import (
    LargeChange,
    is_typed,
    large_batch,
    large_rejection,
    wanted,
)
from curation.uploads.batches import INLINE, order_reviews
from proteins.models import Interaction, ReviewStatus

#: Proposals at once: each is decided by a person.
MOST_PROPOSED: Final = 200
#: Rows that the page of confirmation lists.
SHOWN_ROWS: Final = 200
#: Refusals that are reported one by one.
_REPORTED: Final = 10
_CONFIRMED: Final = "confirmed"
#: The ids of what is selected, in one field: a form holds no more than a thousand of them.
_SELECTION: Final = "selection"
_SHOWN: Final = ("tf__taxon", "target", "evidence")


class ReviewActions(CurationAdmin[Interaction]):
    #: Whether the list offers to select all that match its filter.
    selects_all_matching = True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered: dict[str, Any] = super().get_actions(request)
        for verb in VERBS.values():
            if not verb.is_for(curator(request)):
                continue
            name = f"review_{verb.name}"
            offered[name] = (_list_action(verb), name, _title(verb))
        return offered


def _title(verb: ReviewVerb) -> str:
    of_rejected = " (rejected ones)" if verb.name == "reopen-rejected" else ""
    return f"{verb.label} the selected interactions{of_rejected}"


def _list_action(verb: ReviewVerb) -> Any:
    def act(
        page: CurationAdmin[Interaction], request: HttpRequest, _: QuerySet[Interaction]
    ) -> HttpResponse | None:
        return review_selected(verb, page, request)

    return act


@dataclass
class Selection:
    """What a person selected, and what they say about it."""

    verb: ReviewVerb
    ids: list[int]
    #: The newest revision of all when the page was shown.
    seen: int
    reason: str
    form: PublicReasonForm

    @property
    def public(self) -> dict[str, Any]:
        return dict(self.form.cleaned_data) if self.verb.takes else {}


def review_selected(
    verb: ReviewVerb, page: CurationAdmin[Interaction], request: HttpRequest
) -> HttpResponse | None:
    """Show the selection for confirmation; then do it to each."""
    if not verb.is_for(curator(request)):
        raise PermissionDenied
    most = MOST_PROPOSED if verb.proposes else LIMIT
    ids = _selected(page, request, most)
    if len(ids) > most:
        number = f"More than {most:,}" if _is_whole(request) else f"{len(ids):,}"
        messages.error(request, f"{number} are selected; {most:,} at once are the most.")
        return None
    selection = Selection(
        verb,
        ids,
        SeenField().clean(request.POST.get("seen")),
        request.POST.get("reason", ""),
        PublicReasonForm(request.POST if _CONFIRMED in request.POST else None),
    )
    if _CONFIRMED not in request.POST:
        return _confirmation(selection, page, request)
    if problem := _problem(selection, request):
        return _confirmation(selection, page, request, problem)
    return _carry_out(selection, page, request)


def _is_whole(request: HttpRequest) -> bool:
    """Whether all that match the filter are selected, and not what a page shows of them."""
    return request.POST.get("select_across") == "1" and _SELECTION not in request.POST


def _selected(page: CurationAdmin[Interaction], request: HttpRequest, most: int) -> list[int]:
    """Return the ids of what is selected, one more than `most` where there are more.

    All that match the filter are looked up once: what is confirmed is what the page showed, and
    not what matches by then.
    """
    if _is_whole(request):
        listing = page.get_changelist_instance(request)
        matching = ChangeList.get_queryset(listing, request).order_by("pk")
        return list(matching.values_list("pk", flat=True)[: most + 1])
    texts = request.POST.get(_SELECTION, "").split(",")
    if _SELECTION not in request.POST:
        texts = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return list(dict.fromkeys(int(text) for text in texts if is_id(text)))


def _problem(selection: Selection, request: HttpRequest) -> str:
    """Return why what was sent cannot be done as it is; empty where it can."""
    verb, reason = selection.verb, selection.reason
    if verb.needs_reason and not reason.strip():
        return f"Say why: a reason is needed to {verb.label.lower()} them."
    if len(reason) > MAX_COMMENT:
        return f"That has {len(reason):,} characters; {MAX_COMMENT:,} are the most."
    if not selection.form.is_valid():
        return "Look at what readers are to see: it cannot be stored so."
    large = _large(verb, selection.ids)
    if large is not None and not is_typed(large.number, request.POST.get("number", "")):
        return wanted(large.number)
    return ""


def _large(verb: ReviewVerb, ids: Sequence[int]) -> LargeChange | None:
    """Return what is large about a verdict on these, if anything; a proposal changes nothing."""
    if verb.proposes:
        return None
    if verb.status == ReviewStatus.REJECTED:
        fitting = Interaction.objects.filter(pk__in=ids, status__in=verb.of)
        large = large_rejection(list(fitting.values_list("pk", flat=True)))
        if large is not None:
            return large
    return large_batch(len(ids), INLINE)


def _carry_out(
    selection: Selection, page: CurationAdmin[Interaction], request: HttpRequest
) -> HttpResponse | None:
    if selection.verb.proposes:
        _report(selection.verb, request, _propose(selection, request))
        return None
    given: dict[str, Any] = {
        "user": curator(request),
        "interactions": selection.ids,
        "status": selection.verb.status,
        "reason": selection.reason,
        "public": selection.public,
        "seen": selection.seen,
    }
    try:
        if len(selection.ids) > INLINE:
            job = order_reviews(**given)
            return HttpResponseRedirect(reverse("admin:curation_batchjob_change", args=[job.pk]))
        outcome = review_interactions(**given)
    except BusyError as error:
        messages.error(request, f"Nothing was done. {error}")
        return None
    except ValidationError as error:
        return _confirmation(selection, page, request, " ".join(error.messages))
    _report(selection.verb, request, outcome)
    return None


def _propose(selection: Selection, request: HttpRequest) -> BatchOutcome:
    """Open a proposal for each by itself: each is decided by itself."""
    outcome = BatchOutcome()
    rows = list(Interaction.objects.filter(pk__in=selection.ids).select_related(*_SHOWN))
    outcome.gone = len(selection.ids) - len(rows)
    for interaction in rows:
        given = (selection.reason, selection.seen, selection.public)
        try:
            selection.verb.do(curator(request), interaction, *given)
        except ValidationError as error:
            outcome.refused.append(Refusal(interaction.key, " ".join(error.messages)))
        except BusyError as error:
            left = len(rows) - outcome.done - len(outcome.refused)
            messages.error(request, f"{left} were not looked at any more. {error}")
            break
        else:
            outcome.done += 1
    return outcome


def _report(verb: ReviewVerb, request: HttpRequest, outcome: BatchOutcome) -> None:
    what = "interaction" if outcome.done == 1 else "interactions"
    if outcome.done:
        text = f"{outcome.done:,} {what} {verb.done}."
        messages.success(request, format_html("{} {}", text, _link(outcome)))
    for refusal in outcome.refused[:_REPORTED]:
        messages.warning(request, f"Not {verb.done}: {refusal.name}: {refusal.why}")
    if len(outcome.refused) > _REPORTED:
        more = len(outcome.refused) - _REPORTED
        messages.warning(request, f"{more} more were not {verb.done}, for like reasons.")
    if outcome.gone:
        messages.warning(request, f"{outcome.gone} of those selected are not there any more.")


def _link(outcome: BatchOutcome) -> str:
    if outcome.change is None:
        return ""
    url = reverse("admin:curation_batch_change", args=[outcome.change])
    return format_html('<a href="{}">The batch, and its undo</a>', url)


def _confirmation(
    selection: Selection, page: CurationAdmin[Interaction], request: HttpRequest, problem: str = ""
) -> HttpResponse:
    verb = selection.verb
    chosen = page.get_queryset(request).filter(pk__in=selection.ids)
    rows = [
        {"interaction": item, "fits": item.status in verb.of}
        for item in chosen.select_related(*_SHOWN).order_by("pk")[:SHOWN_ROWS]
    ]
    numbers = _by_status(selection.ids)
    number, fitting = sum(numbers.values()), sum(numbers.get(status, 0) for status in verb.of)
    # The newest revision that the first page knew goes on being the last that was seen.
    seen = selection.seen if "seen" in request.POST else _newest_revision()
    context = {
        "media": page.media,
        "verb": verb,
        "rows": rows,
        "number": number,
        "more": number - len(rows),
        "fitting": fitting,
        "done": capfirst(verb.done),
        "action": f"review_{verb.name}",
        "checkbox": ACTION_CHECKBOX_NAME,
        "first": selection.ids[:1],
        "selection": ",".join(map(str, selection.ids)),
        "seen": seen,
        "confirmed": _CONFIRMED,
        "problem": problem,
        "large": _large(verb, selection.ids),
        "reason": selection.reason,
        "form": selection.form if verb.takes else None,
        "inline": INLINE,
        "back": request.get_full_path(),
    }
    title = f"{verb.label}: {number:,} interaction{'' if number == 1 else 's'}"
    return page.show(request, "verb_confirmation", title, context)


def _by_status(ids: Sequence[int]) -> Mapping[int, int]:
    rows = Interaction.objects.filter(pk__in=ids).order_by().values_list("status")
    return dict(rows.annotate(number=Count("pk")))


def _newest_revision() -> int:
    return Revision.objects.aggregate(newest=Max("id"))["newest"] or 0
