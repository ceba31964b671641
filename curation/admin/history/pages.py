"""The history of a record: its changes, its values on a day, and the way back."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import OperationalError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.text import capfirst

from curation import actions
from curation.actions import BusyError, StaleError
from curation.admin.base.admin import CurationAdmin, curator, reasons_of
from curation.admin.base.difference_html import difference_table, values_table
from curation.admin.history.entries import Entry, entries_of, entry_of
from curation.admin.history.time_form import TimeForm
from curation.models import MAX_COMMENT, RecordKind, Revision, VocabularyKind
from curation.permissions import Right, may
from curation.records import RecordGoneError, Values, records_of
from curation.records.history import (
    last_values,
    rewound_to,
    run_that_created,
    timeline,
    values_at,
    version_of,
    was_added,
)

#: Entries on one page of a history.
PAGE: Final = 50


class HistoryPages(CurationAdmin[Any]):
    """Gives the admin of a record its history, also of one that has been removed."""

    kind: ClassVar[RecordKind | VocabularyKind]

    def get_urls(self) -> list[URLPattern]:
        version = "<path:object_id>/history/<int:version>/"
        return [self.route(version, "version", self.version_view), *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        subject = self._subject(request, object_id)
        if isinstance(subject, HttpResponse):
            return subject
        if request.method == "POST":
            return self._comment(request, subject)
        return self._page(request, subject, "history", extra_context or {})

    def version_view(self, request: HttpRequest, object_id: str, version: int) -> HttpResponse:
        """Show the record as a version left it; who may change it can go back to that."""
        subject = self._subject(request, object_id)
        if isinstance(subject, HttpResponse):
            return subject
        of_record = Revision.objects.filter(kind=self.kind, record_id=subject.id)
        revision = of_record.filter(pk=version).select_related("user", "run").first()
        if version and revision is None:
            return self.gone(request, f"{object_id}, version {version}")
        refusal: dict[str, Any] = {}
        if request.method == "POST":
            try:
                return self._revert(request, subject, version)
            except (ValidationError, BusyError, OperationalError) as error:
                refusal = _refusal(request, error)
        context = self._version_context(request, subject, version, revision)
        return self._page(request, subject, "history_version", context | refusal)

    # What a page shows

    def _subject(self, request: HttpRequest, object_id: str) -> Subject | HttpResponse:
        """Return whose history is requested, or the answer that there is no such record."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        number = record.pk if record is not None else _number(unquote(object_id))
        subject = Subject(self.kind, number, record)
        if record is None and not subject.name:
            return self.gone(request, object_id)
        return subject

    def _page(
        self, request: HttpRequest, subject: Subject, name: str, context: dict[str, Any]
    ) -> HttpResponse:
        if name == "history":
            context = {**_history_context(request, subject), **context}
        url_prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        return self.show(
            request,
            name,
            f"History of {self.kind.label} {subject.name}",
            {
                "module_name": capfirst(str(self.opts.verbose_name_plural)),
                "subject": subject,
                "kind": self.kind,
                "history_url": self.url_of("history", subject.id),
                "change_url": f"admin:{url_prefix}_change",
                "version_url": f"admin:{url_prefix}_version",
                "max_comment": MAX_COMMENT,
                "may_comment": self._may_comment(request),
                **context,
            },
        )

    def _may_comment(self, request: HttpRequest) -> bool:
        return isinstance(self.kind, RecordKind) and may(curator(request), Right.COMMENT)

    def _version_context(
        self, request: HttpRequest, subject: Subject, version: int, revision: Revision | None
    ) -> dict[str, Any]:
        now, _ = last_values(self.kind, subject.id)
        then = rewound_to(self.kind, subject.id, version, now)
        writable = records_of(self.kind).writable
        comes_back = writable | records_of(self.kind).follows
        changed = {
            name: [then.get(name), now.get(name)]
            for name in {**now, **then}
            if then.get(name) != now.get(name)
        }
        # As it first was, a record that a curator added was not there.
        was_there = bool(version) or not was_added(self.kind, subject.id)
        would_change = subject.is_there and was_there and bool(changed.keys() & writable)
        labels = records_of(self.kind).labels
        return {
            "title": f"{capfirst(self.kind.label)} {subject.name}, version {version}",
            "version": version,
            "revision": revision and entry_of(revision),
            "was_there": was_there and any(value is not None for value in then.values()),
            "values": values_table(self.kind, then, caption=f"Values of version {version}"),
            "differences": self._differences(subject, version, changed),
            "may_revert": would_change and may(curator(request), Right.CHANGE),
            "stays": [labels[name] for name in labels if name in changed.keys() - comes_back],
            "seen": version_of(self.kind, subject.id),
        }

    def _differences(self, subject: Subject, version: int, changed: dict[str, list[Any]]) -> str:
        if not (changed and subject.is_there):
            return ""
        return difference_table(
            self.kind,
            changed,
            caption="What is different now",
            before=f"Version {version}",
            after="Now",
        )

    # What a page does

    def _revert(self, request: HttpRequest, subject: Subject, version: int) -> HttpResponse:
        if not isinstance(self.kind, RecordKind):
            raise PermissionDenied
        actions.revert(
            user=curator(request),
            kind=self.kind,
            record_id=subject.id,
            version=version,
            reason=request.POST.get("reason", ""),
            # Without a version that was seen, any change since the first is a change unseen.
            seen=_number(request.POST.get("seen", "")),
        )
        messages.success(request, f"{subject.name} was reverted to version {version}.")
        return self._back(subject)

    def _comment(self, request: HttpRequest, subject: Subject) -> HttpResponse:
        if not isinstance(self.kind, RecordKind):
            raise PermissionDenied
        text = request.POST.get("text", "")
        try:
            actions.comment(user=curator(request), kind=self.kind, record_id=subject.id, text=text)
        except (ValidationError, BusyError, OperationalError) as error:
            refusal = _refusal(request, error)
            return self._page(request, subject, "history", {**refusal, "text": text})
        messages.success(request, "Your comment is part of the history.")
        return self._back(subject)

    def _back(self, subject: Subject) -> HttpResponse:
        return HttpResponseRedirect(self.url_of("history", subject.id))


class Subject:
    """A record, there or removed, by what people call it (empty where no history has it)."""

    def __init__(
        self, kind: RecordKind | VocabularyKind, number: int, record: models.Model | None
    ) -> None:
        self.kind = kind
        self.id = number
        self.is_there = record is not None
        self.name = records_of(kind).key(record) if record is not None else self._last_name()

    def _last_name(self) -> str:
        of_record = Revision.objects.filter(kind=self.kind, record_id=self.id).order_by("-id")
        return of_record.values_list("record_key", flat=True).first() or ""


def _history_context(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    page = Paginator(timeline(subject.kind, subject.id), PAGE).get_page(request.GET.get("p"))
    entries = entries_of(page.object_list)
    time_form = TimeForm(request.GET) if "day" in request.GET else TimeForm()
    return {
        "entries": entries,
        "page": page,
        "newest": version_of(subject.kind, subject.id),
        "origin": None if page.has_next() else _origin(subject),
        "time_form": time_form,
        **_as_it_was(subject, time_form),
    }


def _origin(subject: Subject) -> dict[str, Any]:
    """Return how a record came to be here."""
    if was_added(subject.kind, subject.id):
        return {"added": True}
    return {"run": run_that_created(subject.kind, subject.id)}


def _as_it_was(subject: Subject, time_form: TimeForm) -> dict[str, Any]:
    if not (time_form.is_bound and time_form.is_valid()):
        return {}
    at = time_form.cleaned_data["at"]
    try:
        then = values_at(subject.kind, subject.id, at)
    except RecordGoneError:
        return {}
    caption = f"{subject.name} on {at.date().isoformat()} at {at:%H:%M:%S} UTC"
    values: Values | None = then.values
    shown = "" if values is None else values_table(subject.kind, values, caption=caption)
    return {"then": then, "values": shown}


def _refusal(
    request: HttpRequest, error: ValidationError | BusyError | OperationalError
) -> dict[str, Any]:
    """Return why nothing was saved, what happened meanwhile, and what was typed."""
    meanwhile: list[Entry] = []
    if isinstance(error, StaleError):
        meanwhile = [entry_of(revision) for revision in error.revisions]
    reason = request.POST.get("reason", "")
    return {"refusal": reasons_of(error), "meanwhile": meanwhile, "reason": reason}


def _number(text: str) -> int:
    """Return a number that a form or a URL gave, 0 where it is none."""
    try:
        return max(int(text), 0)
    except ValueError:
        return 0
