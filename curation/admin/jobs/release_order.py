from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from curation.actions import ActionError, BusyError
from curation.admin.base.admin import curator, reasons_of
from curation.admin.jobs.job import JobAdmin
from curation.models import ReleaseOrder
from curation.permissions import Right, demand, may
from curation.uploads import ordering
from proteins import release_store


@admin.register(ReleaseOrder)
class ReleaseOrderAdmin(JobAdmin[ReleaseOrder]):
    """Releases that were ordered here; those of the command line are on the public page."""

    list_display = ("name", "state", "started_by", "started_at", "state_since")
    search_fields = ("name",)
    search_help_text = "Part of a release's name."
    page_template = "release_page"
    right = Right.RELEASE
    nothing_yet = "No release was ordered here yet. Senior curators do so with the button above."

    class Media:
        css = {"all": ["curation/uploads.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(curator(request), Right.RELEASE)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take a name, and order the release."""
        user = curator(request)
        demand(user, Right.RELEASE)
        name, problem = ordering.suggested_name(), ""
        if request.method == "POST":
            name = request.POST.get("name", "").strip()
            try:
                order = ordering.order_release(user=user, name=name)
            except (ActionError, BusyError) as error:
                problem = " ".join(reasons_of(error))
            else:
                messages.success(request, f"Release {name} is being made.")
                return HttpResponseRedirect(self.url_of("change", order.pk))
        context = {
            "name": name,
            "longest": release_store.LONGEST_NAME,
            "problem": problem,
            "newest": release_store.latest_name(),
        }
        return self.show(request, "release_form", "Make a release", context)

    def context_of(self, request: HttpRequest, record: ReleaseOrder) -> dict[str, Any]:
        context = super().context_of(request, record)
        return context | {"is_there": record.name in release_store.names()}
