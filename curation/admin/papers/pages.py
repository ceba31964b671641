"""Add from a publication: what one paper says of many interactions, entered as a table.

The page's one form holds the table as a block of text, one row a line, which is all that is sent;
a script shows it as a grid. It is previewed, and then saved or proposed as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_GET, require_POST

from curation import inbox
from curation.accounts import drafts
from curation.actions import BusyError, papers
from curation.actions.papers import PaperError, PaperPlan
from curation.admin.base.admin import curator, reasons_of
from curation.admin.base.autocomplete import is_id
from curation.admin.base.search import pmid_meant
from curation.admin.editing.admin import RecordAdmin
from curation.admin.papers.form import PaperForm, columns
from curation.admin.papers.lookups import (
    about,
    add_doubts,
    cells_of,
    checked,
    preview_line,
    species_of,
    suggestions,
)
from curation.importing.source.statements_pasted import (
    COLUMNS,
    MAX_ROWS,
    Block,
    BlockError,
    read_block,
    write_block,
)
from curation.models import MAX_COMMENT, RecordKind, Revision, Submission, Verb
from curation.permissions import Right, demand, may
from proteins.models import Citation, DetectionMethod, Statement, Taxon

#: Rows of what was added that are listed.
_LISTED: Final = 200


class PaperAdmin(RecordAdmin[Citation]):
    """The pages of "Add from a publication", and what its grid looks up."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("paper/", "paper", self.paper_view),
            self.route("paper/publication/", "paper_publication", require_GET(self.about_view)),
            self.route("paper/suggest/", "paper_suggest", require_GET(self.suggest_view)),
            self.route("paper/read/", "paper_read", require_POST(self.read_view)),
            self.route("paper/check/", "paper_check", require_POST(self.check_view)),
            self.route("paper/added/<int:change>/", "paper_added", require_GET(self.added_view)),
            *super().get_urls(),
        ]

    # The pages

    def paper_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form; preview what is sent, and save it when the preview is confirmed."""
        demand(curator(request), Right.PROPOSE)
        # What was typed when the log-in had ended comes back where it was: at the preview.
        typed: QueryDict | None = getattr(request, "typed", None)
        sent = request.POST if request.method == "POST" else typed
        if sent is None:
            return self._form(request, PaperForm(initial=self._initial(request)))
        if sent.get("go") == "edit":
            return self._form(request, PaperForm(initial=sent.dict()), has_typed=True)
        form = PaperForm(sent)
        if not form.is_valid():
            return self._form(request, form, has_typed=True)
        self._submission(request, form.cleaned_data["submission"])
        if sent.get("go") == "save" and request.method == "POST":
            return self._save(request, form)
        return self._preview(request, form, _plan(form))

    def _initial(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the form begins with: a publication, or rows that were sent back."""
        submission = self._submission(request, request.GET.get("submission", ""))
        if submission is not None:
            returned = inbox.returned_rows(submission)
            return {
                "pmid": submission.pmid,
                "species": submission.species.code,
                "submission": submission.pk,
                "reason": submission.reason,
                "block": write_block([cells_of(row) for row in returned]),
            }
        pmid = pmid_meant(request.GET.get("pmid", ""))
        species = request.GET.get("species", "") or (species_of(pmid) if pmid else "")
        return {"pmid": pmid or "", "species": species}

    def _submission(self, request: HttpRequest, number: Any) -> Submission | None:
        """Return the submission whose rows are corrected: one of the person's own."""
        if not number:
            return None
        rows = Submission.objects.select_related("species").filter(author=curator(request))
        submission = rows.filter(pk=number).first() if is_id(str(number)) else None
        if submission is None:
            raise Http404("You have no such submission.")
        return submission

    def _form(
        self, request: HttpRequest, form: PaperForm, *, has_typed: bool = False
    ) -> HttpResponse:
        data = form.data if form.is_bound else form.initial
        pmid = pmid_meant(str(data.get("pmid", "")))
        submission = self._submission(request, data.get("submission", ""))
        returned = inbox.returned_rows(submission) if submission else []
        return self.show(
            request,
            "paper_form",
            "Correct what was sent back" if submission else "Add from a publication",
            {
                "form": form,
                "text": data.get("block", ""),
                "has_typed": has_typed,
                "draft": pmid,
                "columns": columns(),
                "methods": DetectionMethod.objects.order_by("name").values_list("name", flat=True),
                "publication": about(pmid) if pmid else None,
                "submission": submission,
                "returned": returned,
                "most": MAX_ROWS,
                "urls": {
                    name: self.url_of(f"paper_{name}")
                    for name in ("publication", "suggest", "read", "check")
                },
            },
        )

    def _preview(
        self,
        request: HttpRequest,
        form: PaperForm,
        plan: PaperPlan,
        refusal: Sequence[str] = (),
    ) -> HttpResponse:
        block: Block = form.cleaned_data["block"]
        return self.show(
            request,
            "paper_preview",
            f"What would be added from PMID {plan.pmid}",
            {
                "form": form,
                "sent": form.data,
                "draft_name": form.data.get(drafts.FIELD, ""),
                "plan": plan,
                "lines": [preview_line(plan, row) for row in plan.rows],
                "unread": block.unread,
                "publication": about(plan.pmid),
                "saves": self._saves(request, form),
                "refusal": refusal,
                "max_comment": MAX_COMMENT,
            },
            status=409 if refusal else None,
        )

    def _saves(self, request: HttpRequest, form: PaperForm) -> bool:
        """Whether it is stored at once; else it goes to the inbox, as what was sent back does."""
        return may(curator(request), Right.CHANGE) and not form.cleaned_data["submission"]

    def _save(self, request: HttpRequest, form: PaperForm) -> HttpResponse:
        try:
            return HttpResponseRedirect(self._write(request, form))
        except PaperError as error:
            return self._preview(request, form, error.plan, error.messages)
        except (ValidationError, BusyError, OperationalError) as error:
            return self._preview(request, form, _plan(form), reasons_of(error))

    def _write(self, request: HttpRequest, form: PaperForm) -> str:
        """Add or propose it; return the URL of the page that shows what was."""
        user, given = curator(request), form.cleaned_data
        block, reason = given["block"], given["reason"]
        submission = self._submission(request, given["submission"])
        if submission is not None:
            papers.resubmit_publication(
                user=user, submission=submission, block=block, reason=reason
            )
            return f"{_submission_url(submission)}?sent"
        paper = {"pmid": given["pmid"], "species": given["species"], "block": block}
        if self._saves(request, form):
            added = papers.add_from_publication(user=user, reason=reason, **paper)
            return self.url_of("paper_added", added.change)
        submission = papers.submit_publication(user=user, reason=reason, **paper)
        return f"{_submission_url(submission)}?sent"

    def added_view(self, request: HttpRequest, change: int) -> HttpResponse:
        """Show what a change added from a publication."""
        demand(curator(request), Right.PROPOSE)
        added = Statement.objects.filter(change=change).select_related("citation")
        first = added.first()
        if first is None or first.citation is None:
            raise Http404("There is no such change.")
        revisions = Revision.objects.filter(change=change, verb=Verb.ADDED)
        rows = added.select_related("interaction__tf", "interaction__target", "method")
        return self.show(
            request,
            "paper_added",
            f"Added from PMID {first.citation.pmid}",
            {
                "publication": about(first.citation.pmid),
                "interactions": revisions.filter(kind=RecordKind.INTERACTION).count(),
                "statements": added.count(),
                "rows": rows.order_by("pk")[:_LISTED],
                "change": change,
            },
        )

    # What the grid looks up

    def about_view(self, request: HttpRequest) -> HttpResponse:
        """Return title and links of a publication by its PubMed ID."""
        demand(curator(request), Right.PROPOSE)
        pmid = pmid_meant(request.GET.get("pmid", ""))
        return JsonResponse({"publication": about(pmid) if pmid else None})

    def suggest_view(self, request: HttpRequest) -> HttpResponse:
        """Return the proteins of a species that a text means, exact matches first."""
        demand(curator(request), Right.PROPOSE)
        species = Taxon.objects.filter(code=request.GET.get("species", "")[:5]).first()
        text = request.GET.get("q", "").strip()[:100]
        proteins = suggestions(species, text) if species and text else []
        return JsonResponse({"suggestions": proteins})

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Return the cells of a pasted block; `first` is the column in which it was pasted."""
        demand(curator(request), Right.PROPOSE)
        first = request.POST.get("first", "")
        start = COLUMNS.index(first) if first in COLUMNS else 0
        names = Taxon.objects.species_names()
        try:
            block = read_block(request.POST.get("block", ""), names, first=start)
        except BlockError as error:
            return JsonResponse({"refusal": str(error), "rows": []})
        unreadable = [
            problem.reason for row in block.rows if not row.cells for problem in row.problems
        ]
        refusal = f"Not every row can be read: {unreadable[0]}." if unreadable else ""
        return JsonResponse(
            {
                "refusal": refusal,
                "unread": block.unread,
                "rows": [] if refusal else [dict(row.cells) for row in block.rows],
            }
        )

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Return what is against each row, and whether it is there already."""
        demand(curator(request), Right.PROPOSE)
        form = PaperForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"rows": [], "problems": json.loads(form.errors.as_json())})
        plan = _plan(form)
        return JsonResponse({"rows": [checked(row) for row in plan.rows]})


def _plan(form: PaperForm) -> PaperPlan:
    given = form.cleaned_data
    plan = papers.plan_paper(given["pmid"], given["species"], given["block"])
    add_doubts(plan)
    return plan


def _submission_url(submission: Submission) -> str:
    return reverse("admin:curation_submission_change", args=[submission.pk])
