"""One verdict on several interactions: selected in the list, looked at, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from curation.actions import BusyError
from curation.admin.base.admin import CurationAdmin, curator
from curation.admin.base.autocomplete import is_id
from curation.admin.editing.form import SeenField
from curation.admin.verbs import VERBS, ReviewVerb
from curation.models import MAX_COMMENT, RecordKind, Revision
from curation.shared.large_changes import LargeChange, is_typed, large_rejection, wanted
from proteins.models import Interaction, ReviewStatus

#: Interactions at once: two pages of the list, and a few seconds of work.
MOST: Final = 100
#: Refusals that are reported one by one.
_REPORTED: Final = 10
_CONFIRMED: Final = "confirmed"
_SHOWN: Final = ("tf__taxon", "target", "evidence")


@dataclass
class Outcome:
    """What became of each interaction."""

    done: int = 0
    refused: list[str] = field(default_factory=list)
    stopped: str = ""


class ReviewActions(CurationAdmin[Interaction]):
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


def review_selected(
    verb: ReviewVerb, page: CurationAdmin[Interaction], request: HttpRequest
) -> HttpResponse | None:
    """Show the selection for confirmation; then run the action on each."""
    if not verb.is_for(curator(request)):
        raise PermissionDenied
    # What the user saw and selected, not what passes the filters of the list by now.
    ids = list(dict.fromkeys(int(text) for text in _selected(request)))
    if len(ids) > MOST:
        messages.error(request, f"{len(ids):,} are selected; {MOST} at once are the most.")
        return None
    chosen = list(page.get_queryset(request).filter(pk__in=ids).select_related(*_SHOWN))
    reason = request.POST.get("reason", "")
    if _CONFIRMED not in request.POST:
        return _confirmation(verb, page, request, chosen)
    if verb.needs_reason and not reason.strip():
        problem = f"Say why: a reason is needed to {verb.label.lower()} them."
        return _confirmation(verb, page, request, chosen, problem)
    if len(reason) > MAX_COMMENT:
        problem = f"That has {len(reason):,} characters; {MAX_COMMENT:,} are the most."
        return _confirmation(verb, page, request, chosen, problem)
    large = _large(verb, chosen)
    if large is not None and not is_typed(large.number, request.POST.get("number", "")):
        return _confirmation(verb, page, request, chosen, wanted(large.number))
    _report(verb, request, _do(verb, request, chosen, reason), len(ids) - len(chosen))
    return None


def _large(verb: ReviewVerb, chosen: Sequence[Interaction]) -> LargeChange | None:
    """Return what is large about a verdict on these, if anything; a proposal changes nothing."""
    if verb.proposes or verb.status != ReviewStatus.REJECTED:
        return None
    return large_rejection([item.pk for item in chosen if item.status in verb.of])


def _selected(request: HttpRequest) -> list[str]:
    return [text for text in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_id(text)]


def _do(
    verb: ReviewVerb, request: HttpRequest, chosen: Sequence[Interaction], reason: str
) -> Outcome:
    outcome = Outcome()
    for interaction in chosen:
        seen = SeenField().clean(request.POST.get(f"seen_{interaction.pk}"))
        try:
            verb.do(curator(request), interaction, reason, seen)
        except ValidationError as error:
            outcome.refused.append(f"{interaction}: {' '.join(error.messages)}")
        except BusyError as error:
            left = len(chosen) - outcome.done - len(outcome.refused)
            outcome.stopped = f"{left} were not looked at any more. {error}"
            break
        else:
            outcome.done += 1
    return outcome


def _report(verb: ReviewVerb, request: HttpRequest, outcome: Outcome, gone: int) -> None:
    what = "interaction" if outcome.done == 1 else "interactions"
    if outcome.done:
        messages.success(request, f"{outcome.done} {what} {verb.done}.")
    for text in outcome.refused[:_REPORTED]:
        messages.warning(request, f"Not {verb.done}: {text}")
    if len(outcome.refused) > _REPORTED:
        more = len(outcome.refused) - _REPORTED
        messages.warning(request, f"{more} more were not {verb.done}, for like reasons.")
    if gone:
        messages.warning(request, f"{gone} of those selected are not there any more.")
    if outcome.stopped:
        messages.error(request, outcome.stopped)


def _confirmation(
    verb: ReviewVerb,
    page: CurationAdmin[Interaction],
    request: HttpRequest,
    chosen: Sequence[Interaction],
    problem: str = "",
) -> HttpResponse:
    versions = dict(
        Revision.objects.filter(
            kind=RecordKind.INTERACTION, record_id__in=[item.pk for item in chosen]
        )
        .order_by()
        .values_list("record_id")
        .annotate(newest=Max("id"))
    )
    # The version that the first page showed goes on being the one that was seen.
    rows = [
        {
            "interaction": item,
            "fits": item.status in verb.of,
            "seen": request.POST.get(f"seen_{item.pk}") or versions.get(item.pk, 0),
        }
        for item in chosen
    ]
    title = f"{verb.label}: {len(rows)} interaction{'' if len(rows) == 1 else 's'}"
    context = {
        "media": page.media,
        "verb": verb,
        "rows": rows,
        "fitting": sum(row["fits"] is True for row in rows),
        "done": capfirst(verb.done),
        "action": f"review_{verb.name}",
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": _CONFIRMED,
        "problem": problem,
        "large": _large(verb, chosen),
        "reason": request.POST.get("reason", ""),
        "max_comment": MAX_COMMENT,
        "back": request.get_full_path(),
    }
    return page.show(request, "verb_confirmation", title, context)
