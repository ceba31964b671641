"""Looking publications up in PubMed from the desk: those chosen in the list, or one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern

from curation.actions import ActionError
from curation.admin.base.admin import curator
from curation.admin.editing.admin import RecordAdmin
from curation.literature.lookup import DESK_LIMIT, LookupReport, look_up_at_desk
from curation.permissions import Right, may
from proteins.models import Citation


class LookupAdmin(RecordAdmin[Citation]):
    """The list's action and the record's button; the writing is `curation.literature`'s."""

    change_form_template = "admin/curation/citation_change_form.html"
    actions = ("look_up",)

    def has_look_up_permission(self, request: HttpRequest) -> bool:
        return may(curator(request), Right.CHANGE)

    @admin.action(description="Look up in PubMed", permissions=["look_up"])
    def look_up(self, request: HttpRequest, queryset: QuerySet[Citation]) -> None:
        # One more than the limit: enough to be refused.
        pmids = queryset.order_by("pmid").values_list("pmid", flat=True)[: DESK_LIMIT + 1]
        self._look_up(request, pmids)

    def get_urls(self) -> list[URLPattern]:
        look_up = self.route("<int:record_id>/look-up/", "look_up", self.look_up_view)
        return [look_up, *super().get_urls()]

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
