from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from curation.admin.base.admin import curator
from curation.admin.jobs.job import JobAdmin
from curation.models import BatchJob
from curation.permissions import Right, may
from curation.uploads import jobs


@admin.register(BatchJob)
class BatchJobAdmin(JobAdmin[BatchJob]):
    """Batches of more records than a person waits for."""

    list_display = ("__str__", "state", "started_by", "started_at", "decided_by", "decided_at")
    list_filter = ("state", "kind")
    list_select_related = ("started_by", "decided_by")
    sortable_by = ()
    search_fields = ("=id",)
    search_help_text = "The number of a job."
    page_template = "batch_job_page"
    right = Right.REVIEW
    confirmed = "The batch is being undone."
    nothing_yet = "No batch was so large that a process of its own carried it out."

    class Media:
        css = {"all": ["curation/uploads.css"]}

    def context_of(self, request: HttpRequest, record: BatchJob) -> dict[str, Any]:
        context = super().context_of(request, record)
        outcome = record.result if context["done"] else record.preview
        allowed = may(curator(request), jobs.right_to(record))
        more = outcome.get("left_count", 0) - len(outcome.get("left", ()))
        return context | {"outcome": outcome, "left_more": more, "may_decide": allowed}
