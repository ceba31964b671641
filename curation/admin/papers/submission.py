"""What a Curator proposed of one publication, reviewed as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from curation import inbox
from curation.actions import BusyError, papers
from curation.actions.papers import PaperPlan, RowsError
from curation.admin.base.admin import ShownAdmin, curator, reasons_of
from curation.admin.base.autocomplete import is_id
from curation.admin.base.search import pmid_meant
from curation.admin.inbox import words
from curation.admin.papers.form import LABELS
from curation.admin.papers.lookups import about, cells_of, outcome, protein_names
from curation.importing.source.statements_pasted import (
    COLUMNS,
    MAX_ROWS,
    read_block,
    write_block,
)
from curation.models import MAX_COMMENT, Proposal, ProposalState, Submission
from curation.permissions import Right, may
from proteins.models import Taxon

#: What a button does with the rows that are ticked, or with all that wait.
_VERDICTS: Final = frozenset({"accept", "accept-all", "reject", "return"})
_DONE: Final[Mapping[str, str]] = {
    ProposalState.ACCEPTED: "accepted",
    ProposalState.REJECTED: "rejected",
    ProposalState.RETURNED: "sent back to the author",
}


@admin.register(Submission)
class SubmissionAdmin(ShownAdmin[Submission]):
    page_template = "submission_page"
    list_display = ("__str__", "species", "author", "opened_at", "standing")
    list_select_related = ("species", "author")
    ordering = ("-id",)
    search_fields = ("=pmid",)  # `matching` says how it is done
    search_help_text = "A PubMed ID, or who opened it."
    nothing_yet = "A Curator proposes what a publication says under “Add from a publication”."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return super().get_queryset(request).prefetch_related("rows")

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Submission], text: str
    ) -> QuerySet[Submission]:
        pmid = pmid_meant(text)
        if pmid is not None:
            return queryset.filter(pmid=pmid)
        return queryset.filter(author__username__iexact=text)

    @admin.display(description="rows")
    def standing(self, submission: Submission) -> str:
        return words.rows_in_words(Counter(row.state for row in submission.rows.all()))

    def get_urls(self) -> list[URLPattern]:
        decide = self.route("<int:number>/decide/", "decide", self.decide_view)
        return [decide, *super().get_urls()]

    def context_of(self, request: HttpRequest, record: Submission) -> dict[str, Any]:
        user = curator(request)
        rows = list(inbox.rows_of(record).select_related("decided_by"))
        waiting = [row for row in rows if row.state == ProposalState.OPEN]
        returned = [row for row in rows if row.state == ProposalState.RETURNED]
        own = record.author_id == user.pk
        return {
            "submission": record,
            "publication": about(record.pmid),
            "rows": _lines(record, rows),
            "waiting": len(waiting),
            "returned": len(returned),
            "standing": words.rows_in_words(Counter(row.state for row in rows)),
            "opened_by": words.person(record.author),
            "is_own": own,
            "may_decide": bool(waiting) and not own and may(user, Right.DECIDE),
            "may_correct": bool(returned) and own and may(user, Right.PROPOSE),
            "max_comment": MAX_COMMENT,
            "is_sent": "sent" in request.GET,
            "chosen": set(),
        }

    def decide_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Decide the rows that are ticked; where one cannot be, none is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        submission = Submission.objects.filter(pk=number).first()
        if submission is None:
            raise Http404("There is no such submission.")
        if request.method != "POST":
            # Whoever had to log in again comes back here by this URL.
            return HttpResponseRedirect(self.url_of("change", number))
        try:
            decided = _decide(request, submission)
        except (ValidationError, BusyError, OperationalError) as error:
            return self._refused(request, submission, error)
        counted = Counter(row.state for row in decided)
        for state, count in counted.items():
            rows = "1 row is" if count == 1 else f"{count:,} rows are"
            messages.success(request, f"{rows} {_DONE.get(state, state)}.")
        return HttpResponseRedirect(self.url_of("change", number))

    def _refused(
        self,
        request: HttpRequest,
        submission: Submission,
        error: ValidationError | BusyError | OperationalError,
    ) -> HttpResponse:
        context = self.context_of(request, submission)
        chosen = set(_chosen(request))
        errors = error.errors if isinstance(error, RowsError) else {}
        for line in context["rows"]:
            line["problems"] = errors.get(line["proposal"].pk, [])
            line["typed"] = request.POST.get(f"comment-{line['proposal'].pk}", "")
        context |= {
            "refusal": reasons_of(error),
            "chosen": chosen,
            "reason": request.POST.get("reason", ""),
        }
        title = self.title_of(submission)
        return self.show(request, self.page_template, title, context, status=409)


def _decide(request: HttpRequest, submission: Submission) -> list[Proposal]:
    verdict = request.POST.get("verdict", "")
    if verdict not in _VERDICTS:
        raise Http404
    user, reason = curator(request), request.POST.get("reason", "")
    chosen = _chosen(request)
    if verdict == "accept-all":
        waiting = inbox.waiting(inbox.rows_of(submission))
        chosen = list(waiting.values_list("pk", flat=True))
    if verdict in ("accept", "accept-all"):
        return papers.accept_rows(user=user, submission=submission, chosen=chosen, reason=reason)
    if verdict == "reject":
        return papers.reject_rows(user=user, submission=submission, chosen=chosen, reason=reason)
    comments = {pk: request.POST.get(f"comment-{pk}", "") for pk in chosen}
    return papers.return_rows(
        user=user, submission=submission, chosen=chosen, comment=reason, comments=comments
    )


def _chosen(request: HttpRequest) -> list[int]:
    return [int(text) for text in dict.fromkeys(request.POST.getlist("row")) if is_id(text)]


def _lines(submission: Submission, rows: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return the rows as they are shown, those that wait with what accepting would do."""
    cells = {row.pk: cells_of(row) for row in rows}
    plan = _plan(submission, [row for row in rows if row.state == ProposalState.OPEN], cells)
    planned = {row.cells["proposal"]: row for row in plan.rows}
    names = protein_names(cells.values())
    lines = []
    for row in rows:
        texts, would = cells[row.pk], planned.get(str(row.pk))
        line: dict[str, Any] = {
            "proposal": row,
            "is_open": row.state == ProposalState.OPEN,
            "tf": names[texts["tf"]],
            "target": names[texts["target"]],
            "says": [(LABELS[name], texts[name]) for name in COLUMNS[2:] if texts[name]],
        }
        if would is not None:
            line["outcome"] = outcome(would)
            line["remarks"] = [remark.text for remark in (*would.errors, *would.warnings)]
            line["remarks"] += [one.skipped for one in would.skipped]
        lines.append(line)
    return lines


def _plan(
    submission: Submission, rows: Sequence[Proposal], cells: Mapping[int, Mapping[str, str]]
) -> PaperPlan:
    text = write_block([cells[row.pk] for row in rows[:MAX_ROWS]])
    block = read_block(text, Taxon.objects.species_names())
    return papers.plan_paper(submission.pmid, submission.species, block)
