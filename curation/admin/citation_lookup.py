"""Looking publications up in PubMed from the desk: those chosen in the list, or one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from curation.actions import ActionError, BusyError
from curation.admin.base.admin import curator
from curation.admin.base.received import FORM_BYTES, declared_size, read_and_drop
from curation.admin.editing.admin import RecordAdmin
from curation.literature.lookup import (
    DESK_FILE_LIMIT,
    DESK_LIMIT,
    LookupReport,
    look_up_at_desk,
    take_in_files_at_desk,
)
from curation.literature.publication import PublicationError
from curation.permissions import Right, may
from curation.uploads.limits import Limits, size_in_words
from proteins.domain.identifiers import shown
from proteins.models import Citation


class LookupAdmin(RecordAdmin[Citation]):
    """The list's action and the record's button; the writing is `curation.literature`'s."""

    change_form_template = "admin/curation/citation_change_form.html"
    change_list_template = "admin/curation/citation_list.html"
    actions = ("look_up",)

    def has_look_up_permission(self, request: HttpRequest) -> bool:
        return may(curator(request), Right.CHANGE)

    @admin.action(description="Look up in PubMed", permissions=["look_up"])
    def look_up(self, request: HttpRequest, queryset: QuerySet[Citation]) -> None:
        # One more than the limit: enough to be refused.
        pmids = queryset.order_by("pmid").values_list("pmid", flat=True)[: DESK_LIMIT + 1]
        self._look_up(request, pmids)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("<int:record_id>/look-up/", "look_up", self.look_up_view),
            # The token against forgery is checked as well, but not before the size is.
            self.route("pubmed-files/", "pubmed_files", csrf_exempt(self.files_view)),
            *super().get_urls(),
        ]

    def files_view(self, request: HttpRequest) -> HttpResponse:
        """Show the form for files that PubMed saved; store what they say of publications here."""
        if not self.has_look_up_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._files_form(request)
        most = Limits.now().received
        if declared_size(request) > most + FORM_BYTES:
            read_and_drop(request, most)
            text = f"{size_in_words(most)} are the most at once: divide it, or compress it."
            return self._files_form(request, text, status=413)
        request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return self._take_files(request)

    @method_decorator(csrf_protect)
    def _take_files(self, request: HttpRequest) -> HttpResponse:
        files = request.FILES.getlist("files")
        names = {
            file.temporary_file_path(): str(file.name)
            for file in files
            if isinstance(file, TemporaryUploadedFile)
        }
        if not names:
            return self._files_form(request, "Choose at least one file.")
        try:
            report = take_in_files_at_desk(user=curator(request), paths=map(Path, names))
        except PublicationError as error:
            text = str(error)
            for path, name in names.items():
                text = text.replace(path, shown(name))
            return self._files_form(request, f"Nothing was stored. {text}.")
        except BusyError as error:
            return self._files_form(request, str(error))
        _report(request, report)
        return HttpResponseRedirect(self.url_of("changelist"))

    def _files_form(self, request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
        context = {
            "error": error,
            "most_bytes": size_in_words(Limits.now().received),
            "most": DESK_FILE_LIMIT,
        }
        return self.show(request, "pubmed_files", "Upload files of PubMed", context, status)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_look_up": self.has_look_up_permission(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def look_up_view(self, request: HttpRequest, record_id: int) -> HttpResponse:
        """Look one publication up and go back to it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_look_up_permission(request):
            raise PermissionDenied
        pmids = Citation.objects.filter(pk=record_id).values_list("pmid", flat=True)
        if not pmids:
            return self.gone(request, str(record_id))
        self._look_up(request, pmids)
        return HttpResponseRedirect(self.url_of("change", record_id))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {
            "may_look_up": self.has_look_up_permission(request),
            "may_add_from": may(curator(request), Right.PROPOSE),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def _look_up(self, request: HttpRequest, pmids: Iterable[int]) -> None:
        try:
            report = look_up_at_desk(user=curator(request), pmids=pmids)
        except ActionError as error:
            messages.error(request, " ".join(error.messages))
        except ImproperlyConfigured as error:
            messages.error(request, f"Nothing was looked up. For who runs this site: {error}")
        else:
            _report(request, report)


def _report(request: HttpRequest, report: LookupReport) -> None:
    for failure in report.failures:
        messages.error(request, f"Not looked up: {failure}. Try again in a moment.")
    if report.left and not report.matched and not report.stored.unknown:
        return
    worrying = bool(report.left or report.stored.problems or report.stored.overruled)
    level = messages.WARNING if worrying else messages.SUCCESS
    for line in report.lines():
        messages.add_message(request, level, line)
