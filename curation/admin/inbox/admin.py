"""The inbox: one queue of what curators, the public and imports want to change."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import SuspiciousOperation
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from curation import inbox
from curation.admin.base import links
from curation.admin.base.admin import curator
from curation.admin.base.change_list import BoundedChangeList, WholeChangeList, is_export
from curation.admin.inbox import words
from curation.admin.inbox.bulk import BulkDecisions
from curation.admin.inbox.bulk_assign import BulkAssignment
from curation.admin.inbox.filters import (
    AgeFilter,
    AssignedFilter,
    AuthorFilter,
    KindFilter,
    OriginFilter,
    SpeciesFilter,
    StateFilter,
)
from curation.admin.inbox.pages import ProposalPages
from curation.inbox import Proposals
from curation.models import Proposal, ProposalState
from curation.permissions import Right, may

#: Characters of a change in a line of the list.
_IN_A_LINE = 160


class QueueList(BoundedChangeList):
    """Reads the records that the proposals of a page are about, together; a submission is one
    line, unless a search means one of its rows."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Proposals:
        rows: Proposals = super().get_queryset(request, *args, **kwargs)
        return rows if self.query else inbox.one_line_each(rows)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        records = inbox.records_meant(rows)
        tables = {} if self.query else inbox.tables_of(rows)
        for proposal in rows:
            proposal.subject = records.get((proposal.kind, proposal.record_id or 0))
            proposal.table = tables.get(proposal.submission_id or 0)
        self.result_list = rows

    def url_for_result(self, result: Model) -> str:
        if isinstance(result, Proposal) and getattr(result, "table", None):
            return words.submission_url(result.submission_id)
        return super().url_for_result(result)

    @property
    def is_queue(self) -> bool:
        """Whether open ones are shown, and nothing else cuts the list."""
        return not (self.query or self.has_active_filters or self.other_lookups)


@admin.register(Proposal)
class ProposalAdmin(BulkDecisions, BulkAssignment, ProposalPages):
    list_display = ("number", "record", "requested_change", "opened", "handled")
    exported = (
        "number",
        "record_key",
        "kind",
        "taxon",
        "requested_change",
        "comes_from",
        "comment",
        "opened_at",
        "assignee",
        "support",
        "state",
        "decided_by",
        "decided_at",
        "decision_reason",
    )
    list_display_links = ("number",)
    list_filter = (
        StateFilter,
        OriginFilter,
        KindFilter,
        SpeciesFilter,
        AgeFilter,
        AssignedFilter,
        AuthorFilter,
    )
    list_select_related = (
        "author", "assigned_to", "taxon", "decided_by", "report", "submission",
    )  # fmt: skip
    search_fields = ("=record_key",)  # `inbox.matching` says how it is done
    search_help_text = (
        "An accession, a pair such as Q9UK53-Q07812, a PubMed ID or a TFLink ID; "
        "who opened it; or the number of a proposal."
    )
    change_list_template = "admin/curation/proposal_list.html"
    nothing_yet = "No open proposals."
    actions = ("accept_selected", "reject_selected", "assign_selected")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Called by Django before it offers an action of the list."""
        return may(curator(request), Right.DECIDE)

    def get_queryset(self, request: HttpRequest) -> Proposals:
        return inbox.with_support(super().get_queryset(request))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Open ones are a queue, the oldest first; of others the newest matter."""
        state = request.GET.get(str(StateFilter.parameter_name), ProposalState.OPEN)
        return ("opened_at", "id") if state == ProposalState.OPEN else ("-id",)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if is_export(request):
            return self.exported
        decided = StateFilter.parameter_name in request.GET
        return (*self.list_display, "outcome") if decided else self.list_display

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        unread = is_export(request) or getattr(request, "is_for_next", False)
        return WholeChangeList if unread else QueueList

    def matching(self, request: HttpRequest, queryset: Proposals, text: str) -> Proposals:
        return inbox.matching(queryset, text)

    def queue_of(self, request: HttpRequest) -> Proposals:
        """Return the proposals that the list showed from which a person came to a page."""
        list_query = QueryDict(request.GET.get("_changelist_filters", ""), mutable=True)
        # What is decided is not decided again: the next one is always an open one.
        list_query.pop(str(StateFilter.parameter_name), None)
        like_the_list = copy.copy(request)
        like_the_list.GET = list_query  # type: ignore[assignment]
        like_the_list.is_for_next = True  # type: ignore[attr-defined]
        try:
            listed = self.get_changelist_instance(like_the_list)
            queue: Proposals = listed.queryset
        except (IncorrectLookupParameters, SuspiciousOperation):
            return inbox.waiting()
        return queue if listed.query else inbox.one_line_each(queue)

    # The columns

    @admin.display(description="proposal")
    def number(self, proposal: Proposal) -> str:
        if getattr(proposal, "table", None):
            return f"Submission {proposal.submission_id}"
        return f"Proposal {proposal.pk}"

    @admin.display(description="record")
    def record(self, proposal: Proposal) -> SafeString:
        if proposal.submission and (table := getattr(proposal, "table", None)):
            return format_html(
                'PMID {}<div class="quiet">{}, {}</div>',
                proposal.submission.pmid,
                f"A publication, {words.rows_in_words(table)}",
                proposal.taxon,
            )
        subject: Model | None = getattr(proposal, "subject", None)
        kind = capfirst(proposal.kind)
        about = f"{kind}, {proposal.taxon}" if proposal.taxon else kind
        if subject is None:
            missing = "not there yet" if words.is_addition(proposal) else "not there"
            return format_html(
                '{}<div class="quiet">{}, {}</div>', proposal.record_key, about, missing
            )
        public = links.public_url(subject)
        return format_html(
            '<a href="{}">{}</a><div class="quiet">{}{}</div>',
            words.record_url(proposal.kind, proposal.record_id),
            subject,
            about,
            format_html(' · <a href="{}">public page</a>', public) if public else "",
        )

    @admin.display(description="what it would change")
    def requested_change(self, proposal: Proposal) -> str:
        if table := getattr(proposal, "table", None):
            return words.table_in_words(proposal, table, most=_IN_A_LINE)
        return words.requested_change(proposal, most=_IN_A_LINE)

    @admin.display(description="from")
    def comes_from(self, proposal: Proposal) -> str:
        return words.opened_by(proposal)

    @admin.display(description="from, age")
    def opened(self, proposal: Proposal) -> SafeString:
        return format_html(
            '{}<div class="quiet"><time datetime="{}" title="{} UTC">{}</time></div>',
            words.opened_by(proposal),
            proposal.opened_at.isoformat(timespec="seconds"),
            f"{proposal.opened_at:%Y-%m-%d %H:%M}",
            words.age(proposal.opened_at),
        )

    @admin.display(description="assigned to")
    def handled(self, proposal: Proposal) -> SafeString:
        count = getattr(proposal, "support", 0)
        return format_html(
            '{}<div class="quiet">{}</div>',
            self.assignee(proposal),
            f"endorsed by {count}" if count else "",
        )

    @admin.display(description="assigned to")
    def assignee(self, proposal: Proposal) -> str:
        return words.person(proposal.assigned_to) or "unassigned"

    @admin.display(description="endorsed by")
    def support(self, proposal: Proposal) -> int:
        return getattr(proposal, "support", 0)

    @admin.display(description="state")
    def outcome(self, proposal: Proposal) -> str:
        by = words.person(proposal.decided_by)
        return f"{proposal.get_state_display()} by {by}" if by else proposal.get_state_display()

    # What is done with several

    @admin.action(description="Accept the selected proposals …", permissions=["decide"])
    def accept_selected(self, request: HttpRequest, queryset: Proposals) -> HttpResponse:
        return self.confirmation_page(request, "accept")

    @admin.action(description="Reject the selected proposals …", permissions=["decide"])
    def reject_selected(self, request: HttpRequest, queryset: Proposals) -> HttpResponse:
        return self.confirmation_page(request, "reject")
