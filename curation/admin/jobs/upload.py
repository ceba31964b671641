from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, TooManyFilesSent
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET

from curation.actions import ActionError, BusyError
from curation.admin.base.admin import curator, reasons_of
from curation.admin.base.received import FORM_BYTES, declared_size, read_and_drop
from curation.admin.jobs.job import JobAdmin
from curation.admin.jobs.outcome_html import refused_url, shown_outcome
from curation.models import RunUndo, Upload
from curation.permissions import Right, demand, may
from curation.uploads import jobs, store
from curation.uploads.limits import Limits, UploadError, size_in_words
from curation.uploads.receive import receive


@admin.register(Upload)
class UploadAdmin(JobAdmin[Upload]):
    list_display = ("name", "kind", "state", "started_by", "started_at", "run")
    list_filter = ("state", "kind")
    list_select_related = ("started_by", "run")
    sortable_by = ()
    search_fields = ("name", "=id")
    search_help_text = "Part of a file's name, or the number of an upload."
    page_template = "upload_page"
    confirmed = "The import has begun."
    nothing_yet = (
        "Nothing has been uploaded yet. Senior curators upload files here, look at "
        "what would change, and confirm."
    )

    class Media:
        css = {"all": ["curation/uploads.css"]}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("run__problems", "run__counts", "run__paths")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(curator(request), Right.IMPORT)

    def get_urls(self) -> list[URLPattern]:
        # The token against forgery is checked as well, but not before the size is (`add_view`).
        return [
            self.route("add/", "add", csrf_exempt(self.add_view)),
            self.route("<path:object_id>/refused.tsv", "refused", require_GET(self.refused_view)),
            *super().get_urls(),
        ]

    def refused_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Answer with all that an upload was refused, as a table."""
        upload = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, upload):
            raise PermissionDenied
        if upload is None:
            return self.gone(request, object_id)
        file = store.refusals_of(store.folder_of(upload))
        if not file.is_file():
            raise Http404
        return FileResponse(
            file.open("rb"),
            as_attachment=True,
            filename=f"refused_of_upload_{upload.pk}.tsv",
            content_type="text/tab-separated-values; charset=utf-8",
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the form; take what it brings, on disk from the first byte."""
        demand(curator(request), Right.IMPORT)
        if request.method != "POST":
            return self._form(request)
        limits = Limits.now()
        if (size := declared_size(request)) > limits.received + FORM_BYTES:
            read_and_drop(request, limits.received)
            return self._form(
                request,
                f"That is {size_in_words(size)}; {size_in_words(limits.received)} are the most at "
                "once. Divide it.",
                status=413,
            )
        request.upload_handlers = [TemporaryFileUploadHandler(request)]
        try:
            return self._take(request)
        except TooManyFilesSent:
            return self._form(request, "Those are too many files at once: make a .zip of them.")

    @method_decorator(csrf_protect)
    def _take(self, request: HttpRequest) -> HttpResponse:
        try:
            upload = receive(user=curator(request), files=request.FILES.getlist("files"))
        except UploadError as error:
            return self._form(request, str(error))
        except (ActionError, BusyError) as error:
            return self._form(request, " ".join(reasons_of(error)))
        messages.success(request, "Received. Nothing is changed until you confirm.")
        return HttpResponseRedirect(self.url_of("change", upload.pk))

    def _form(self, request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
        limits = Limits.now()
        context = {
            "error": error,
            "under_way": jobs.under_way(),
            "most_bytes": size_in_words(limits.received),
            "most_unpacked": size_in_words(limits.unpacked),
            "most_page": size_in_words(limits.page),
            "most_files": limits.files,
        }
        return self.show(request, "upload_form", "Upload pages or a table", context, status)

    def context_of(self, request: HttpRequest, record: Upload) -> dict[str, Any]:
        context, job = super().context_of(request, record), record
        return context | {
            "outcome": shown_outcome(job.result if context["done"] else job.preview),
            "size": size_in_words(job.size),
            "large": job.preview.get("large"),
            "refused_url": refused_url(job),
        }


@admin.register(RunUndo)
class RunUndoAdmin(JobAdmin[RunUndo]):
    list_display = ("__str__", "state", "started_by", "started_at", "decided_by", "decided_at")
    list_select_related = ("started_by", "decided_by")
    sortable_by = ()
    search_fields = ("=run__id",)
    search_help_text = "The number of a run."
    page_template = "upload_undo_page"
    confirmed = "The import is being undone."
    nothing_yet = "No import was undone here. The page of an import has a button for it."

    def title_of(self, record: RunUndo) -> str:
        return f"Undo run {record.run_id}"

    def context_of(self, request: HttpRequest, record: RunUndo) -> dict[str, Any]:
        context, job = super().context_of(request, record), record
        outcome = job.result if context["done"] else job.preview
        more = outcome.get("kept_count", 0) - len(outcome.get("kept", ()))
        return context | {
            "outcome": outcome,
            "kept_more": more,
            "large": record.preview.get("large"),
        }
