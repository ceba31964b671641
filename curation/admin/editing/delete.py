"""Deleting a record at the desk: looked at first, with a reason, and refused with one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.db.models import Model, ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from curation import actions
from curation.actions import BusyError
from curation.admin.base.admin import CurationAdmin, curator
from curation.admin.editing import answers
from curation.admin.editing.form import SeenField
from curation.models import MAX_COMMENT, RecordKind, VocabularyKind
from curation.records import records_of
from curation.records.history import version_of
from curation.records.wording import lines_of
from curation.shared.lock import is_locked


class RecordRemoval(CurationAdmin[Any]):
    """Gives the admin of a record the page that deletes it: `RecordAdmin` is made of it."""

    kind: ClassVar[RecordKind | VocabularyKind]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if not self.has_delete_permission(request, record):
            raise PermissionDenied
        if record is None:
            return self.gone(request, object_id)
        if why := self.why_not_deleted(record):
            messages.error(request, f"{record} cannot be deleted: {why}")
            return HttpResponseRedirect(self.url_of("change", record.pk))
        if request.method != "POST":
            return self._confirmation(request, record)
        try:
            seen = SeenField().clean(request.POST.get("seen"))
            self.remove(request, record, request.POST.get("reason", ""), seen)
        except ProtectedError:
            problem = "Something has come to refer to it meanwhile. Nothing was deleted."
        except ValidationError as error:
            problem = " ".join(error.messages)
        except BusyError as error:
            problem = str(error)
        except OperationalError as error:
            if not is_locked(error):
                raise
            problem = str(BusyError())
        else:
            return self._removed(request, str(record), object_id)
        return self._confirmation(request, record, problem)

    def remove(self, request: HttpRequest, record: Model, reason: str, seen: int) -> None:
        """Delete the record by its action."""
        actions.remove_record(
            user=curator(request),
            record=record,  # type: ignore[arg-type]
            reason=reason,
            seen=seen,
        )

    def _confirmation(self, request: HttpRequest, record: Model, problem: str = "") -> HttpResponse:
        records = records_of(self.kind)
        now = records.values(records.get(record.pk))
        context = {
            "object": record,
            "contents": [
                (label, lines_of(self.kind, name, now[name]))
                for name, label in records.labels.items()
                if now[name] not in (None, "", [])
            ],
            "problem": problem,
            "reason": request.POST.get("reason", ""),
            "max_comment": MAX_COMMENT,
            "seen": version_of(self.kind, record.pk),
            "change_url": self.url_of("change", record.pk),
            "is_popup": IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET,
            "media": self.media,
        }
        title = f"Delete {self.kind.label} {record}?"
        return self.show(request, "record_delete_confirmation", title, context)

    def _removed(self, request: HttpRequest, name: str, object_id: str) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return self.response_delete(request, name, int(object_id))
        history = answers.admin_url(self.model, "history", unquote(object_id))
        messages.success(request, answers.deleted(str(self.kind.label), name, history))
        return HttpResponseRedirect(self.url_of("changelist"))
