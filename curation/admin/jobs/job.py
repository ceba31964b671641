"""Pages of what is tried first, decided upon and then carried out by a process of its own.

They only show and hand on: every right is demanded in `curation.uploads`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.views.decorators.http import require_POST

from curation.actions import ActionError, BusyError
from curation.admin.base.admin import ShownAdmin, curator, reasons_of
from curation.models import Job, JobState
from curation.permissions import Right, demand, may
from curation.uploads import jobs, process, store
from curation.uploads.outcome import brings_something
from curation.uploads.progress import read_progress

AnyJob = TypeVar("AnyJob", bound=Job)

#: Seconds after which a page that shows progress reloads.
REFRESH = 3


class JobAdmin(ShownAdmin[AnyJob]):
    """A list of jobs; a job's page shows its progress, its preview or its outcome, with what
    can be done about it."""

    #: The message where a person has confirmed.
    confirmed: ClassVar[str] = ""
    #: What those must have who decide.
    right: ClassVar[Right] = Right.IMPORT
    list_filter: ClassVar[tuple[str, ...]] = ("state",)
    list_select_related: ClassVar[tuple[str, ...]] = ("started_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnyJob]:
        queryset = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and (match.url_name or "").endswith("_changelist"):
            return queryset.defer("preview", "result", "failure")
        return queryset

    def get_urls(self) -> list[URLPattern]:
        return [
            *(self._button(name) for name in ("confirm", "discard", "again")),
            *super().get_urls(),
        ]

    def _button(self, name: str) -> URLPattern:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            return self.decide(request, object_id, name)

        return self.route(f"<path:object_id>/{name}/", name, require_POST(view))

    def decide(self, request: HttpRequest, object_id: str, button: str) -> HttpResponse:
        """Run the action of a button, and show the page again."""
        user = curator(request)
        demand(user, self.right)
        job = self.get_object(request, unquote(object_id))
        if job is None:
            return self.gone(request, object_id)
        buttons: dict[str, Callable[[], None]] = {
            "confirm": lambda: jobs.confirm(
                user=user,
                job=job,
                seen=request.POST.get("seen", ""),
                reason=request.POST.get("reason", ""),
            ),
            "discard": lambda: jobs.discard(user=user, job=job),
            "again": lambda: jobs.try_again(user=user, job=job),
        }
        confirmations = {"confirm": self.confirmed, "discard": "Discarded: nothing was changed."}
        try:
            buttons[button]()
        except (ActionError, BusyError) as error:
            messages.error(request, " ".join(reasons_of(error)))
        else:
            if button in confirmations:
                messages.success(request, confirmations[button])
        return HttpResponseRedirect(self.url_of("change", job.pk))

    def context_of(self, request: HttpRequest, record: AnyJob) -> dict[str, Any]:
        job = record
        died = process.has_died(job)
        working = job.state in jobs.UNDER_WAY and not died
        failed = died or job.state == JobState.FAILED
        allowed = may(curator(request), self.right)
        return {
            "job": job,
            "working": working,
            "refresh": REFRESH if working else 0,
            "progress": read_progress(store.folder_of(job)) if working else None,
            "seconds": int((timezone.now() - job.state_since).total_seconds()),
            "died": died,
            "failed": failed,
            # They may name folders of this computer: not for all who may view the page.
            "log": process.last_lines(job) if failed and allowed else [],
            "ready": job.state == JobState.READY,
            "brings_something": brings_something(job.preview),
            "done": job.state == JobState.DONE,
            "version": jobs.version_of(job),
            "may_decide": allowed,
            "confirm_url": self.url_of("confirm", job.pk),
            "discard_url": self.url_of("discard", job.pk),
            "again_url": self.url_of("again", job.pk),
        }
