"""What curators add to records: comments and endorsements."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from curation.admin.base.admin import ReadOnlyAdmin
from curation.admin.inbox import words
from curation.admin.inbox.filters import KindFilter
from curation.models import Comment, Endorsement, Proposal


def link_to(proposal: Proposal) -> SafeString:
    url = reverse("admin:curation_proposal_change", args=[proposal.pk])
    return format_html('<a href="{}">Proposal {}</a>', url, proposal.pk)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin[Comment]):
    list_display = ("written_at", "author", "comment_text", "record", "its_proposal")
    list_filter = (KindFilter,)
    list_select_related = ("author", "proposal")
    ordering = ("-id",)
    search_fields = ("=record_key",)  # `matching` says how it is done
    search_help_text = (
        "An accession, a pair such as Q9UK53-Q07812, a PubMed ID or a TFLink ID; or who wrote it."
    )
    nothing_yet = "No comment yet. Comment on a proposal, or in a record's history."
    fields = ("written_at", "author", "text", "record", "its_proposal")

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Comment], text: str
    ) -> QuerySet[Comment]:
        of_record = Q(record_key__in={text, text.upper()})
        return queryset.filter(of_record | Q(author__username__iexact=text))

    @admin.display(description="comment")
    def comment_text(self, comment: Comment) -> str:
        return Truncator(comment.text).chars(120)

    @admin.display(description="about")
    def record(self, comment: Comment) -> SafeString | str:
        name = f"{comment.kind} {comment.record_key}"
        # Its history is there also where the record is not, any more.
        url = words.record_url(comment.kind, comment.record_id, "history")
        return format_html('<a href="{}">{}</a>', url, name) if url else name

    @admin.display(description="proposal")
    def its_proposal(self, comment: Comment) -> SafeString | str:
        return link_to(comment.proposal) if comment.proposal else ""


@admin.register(Endorsement)
class EndorsementAdmin(ReadOnlyAdmin[Endorsement]):
    list_display = ("at", "user", "its_proposal", "record", "state")
    list_select_related = ("user", "proposal")
    ordering = ("-id",)
    search_fields = ("=user__username", "=proposal__record_key")
    search_help_text = "Who endorsed, or the identifier of a record."
    nothing_yet = "No proposal is endorsed yet. The page of a proposal has a button for it."
    fields = ("at", "user", "its_proposal", "record", "state")

    @admin.display(description="proposal")
    def its_proposal(self, endorsement: Endorsement) -> SafeString:
        return link_to(endorsement.proposal)

    @admin.display(description="about")
    def record(self, endorsement: Endorsement) -> str:
        proposal = endorsement.proposal
        return f"{proposal.kind} {proposal.record_key}"

    @admin.display(description="state")
    def state(self, endorsement: Endorsement) -> str:
        return endorsement.proposal.get_state_display()
