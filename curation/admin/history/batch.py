"""Batches: what was done to many records at once, and its undo."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from curation.actions import BusyError
from curation.actions.batches import undo_batch
from curation.admin.base.admin import ShownAdmin, curator, reasons_of
from curation.admin.base.filters import ColumnFilter
from curation.admin.history.revision import history_of
from curation.models import MAX_COMMENT, Batch, BatchKind, Revision
from curation.permissions import Right, demand, may
from curation.records import records_of
from curation.records.wording import in_words
from curation.uploads.batches import INLINE, order_undo, undo_as_json

#: Records on one page of a batch.
PAGE: Final = 100


class BatchKindFilter(ColumnFilter):
    title = "what was done"
    parameter_name = "kind"
    offered = BatchKind.choices


@admin.register(Batch)
class BatchAdmin(ShownAdmin[Batch]):
    """A list of batches; a batch's page has its records, and the button that takes it back."""

    list_display = ("number", "kind", "how_many", "at", "by", "why", "undone")
    list_filter = (BatchKindFilter,)
    list_select_related = ("change__user", "run")
    ordering = ("-change",)
    search_fields = ("=change__user__username", "=change__id")
    search_help_text = "A user name, or the number of a batch."
    page_template = "batch_page"
    nothing_yet = "Nothing was done to many records at once yet."

    class Media:
        css = {"all": ["curation/uploads.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        deferred = ("run__problems", "run__counts", "run__paths")
        rows = super().get_queryset(request).select_related("change__user", "run")
        return rows.prefetch_related("undone_by__change__user").defer(*deferred)

    def get_urls(self) -> list[URLPattern]:
        undo = self.route("<path:object_id>/undo/", "undo", require_POST(self.undo_view))
        return [undo, *super().get_urls()]

    def title_of(self, record: Batch) -> str:
        return f"Batch {record.pk}: {record.get_kind_display()}"

    def context_of(self, request: HttpRequest, record: Batch) -> dict[str, Any]:
        page = Paginator(revisions_of(record), PAGE).get_page(request.GET.get("p"))
        return {
            "batch": record,
            "by": self.by(record),
            "undone_by": list(record.undone_by.all()),
            "page": page,
            "rows": [_row(revision) for revision in page.object_list],
            "may_undo": record.run_id is None and may(curator(request), Right.REVIEW),
        }

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what an undo would give back and leave; confirmed, do it.

        A large batch is tried and taken back by a process of its own.
        """
        user = curator(request)
        demand(user, Right.REVIEW)
        batch = self.get_object(request, unquote(object_id))
        if batch is None:
            return self.gone(request, object_id)
        try:
            if batch.records > INLINE:
                job = order_undo(user=user, batch=batch)
                return _to("batchjob", job.pk)
            return self._undo(request, batch)
        except (ValidationError, BusyError) as error:
            messages.error(request, " ".join(reasons_of(error)))
        return HttpResponseRedirect(self.url_of("change", batch.pk))

    def _undo(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        confirmed = "confirmed" in request.POST
        outcome = undo_batch(
            user=curator(request),
            batch_number=batch.pk,
            reason=request.POST.get("reason", ""),
            dry_run=not confirmed,
        )
        if outcome.change is None:
            context = {
                "batch": batch,
                "outcome": undo_as_json(outcome),
                "max_comment": MAX_COMMENT,
            }
            return self.show(request, "batch_undo", f"Undo batch {batch.pk}", context)
        number = len(outcome.given_back)
        text = f"{number:,} record{' is' if number == 1 else 's are'} what they were."
        messages.success(request, text.replace("they were", "it was") if number == 1 else text)
        for refusal in outcome.left[:INLINE]:
            messages.warning(request, f"{refusal.name} stays: {refusal.why}")
        return _to("batch", outcome.change)

    @admin.display(description="batch")
    def number(self, batch: Batch) -> str:
        return str(batch.pk)

    @admin.display(description="records")
    def how_many(self, batch: Batch) -> str:
        return "" if batch.run_id is not None else f"{batch.records:,}"

    @admin.display(description="when (UTC)")
    def at(self, batch: Batch) -> str:
        return f"{batch.change.at:%Y-%m-%d %H:%M}"

    @admin.display(description="by")
    def by(self, batch: Batch) -> SafeString | str:
        if batch.run is not None:
            url = reverse("admin:curation_importrun_change", args=[batch.run_id])
            return format_html('<a href="{}">import run {}</a>', url, batch.run_id)
        return batch.change.user.get_username() if batch.change.user else "a command"

    @admin.display(description="why")
    def why(self, batch: Batch) -> str:
        return Truncator(batch.change.reason).chars(80)

    @admin.display(description="undone")
    def undone(self, batch: Batch) -> str:
        return ", ".join(f"by batch {undo.pk}" for undo in batch.undone_by.all())


def _to(model: str, number: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"admin:curation_{model}_change", args=[number]))


def revisions_of(batch: Batch) -> QuerySet[Revision]:
    """Return the revisions of a batch, in the order in which they were made."""
    rows = Revision.objects.filter(change=batch.pk, run__isnull=True)
    return rows.order_by("id")


def _row(revision: Revision) -> dict[str, Any]:
    records = records_of(revision.kind)
    return {
        "name": f"{revision.kind} {revision.record_key}",
        "url": history_of(revision),
        "verb": revision.get_verb_display(),
        "changes": [
            {
                "label": records.labels.get(name, name),
                "before": in_words(revision.kind, name, before),
                "after": in_words(revision.kind, name, after),
            }
            for name, (before, after) in revision.changes.items()
            if name not in records.follows
        ],
    }
