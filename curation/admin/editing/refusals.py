"""Forms that come back with what was typed: refused by an action, or sent without a log-in."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict

from curation.accounts import typed
from curation.actions import BusyError
from curation.admin.base.admin import CurationAdmin
from curation.shared.lock import is_locked

Record = TypeVar("Record", bound=models.Model)


class RefusingAdmin(CurationAdmin[Record]):
    """Shows the form again that an action refused; its form class has a `refusal`."""

    def get_form(
        self, request: HttpRequest, obj: Record | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Record]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (form,), {"refusal": refusal}) if refusal else form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if "_saveasnew" in request.POST:
            # A button of Django's that no page here has; it would take a change for an addition.
            data = request.POST.copy()
            del data["_saveasnew"]
            request.POST = data  # type: ignore[assignment]
        if (fields := getattr(request, "typed", None)) is not None:
            return self._shown_again(request, fields, object_id, form_url, extra_context)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            request.refusal = error  # type: ignore[attr-defined]
        except BusyError as error:
            request.refusal = ValidationError(str(error))  # type: ignore[attr-defined]
        except OperationalError as error:
            if not is_locked(error):
                raise
            request.refusal = ValidationError(str(BusyError()))  # type: ignore[attr-defined]
        except IntegrityError:
            request.refusal = ValidationError(  # type: ignore[attr-defined]
                "Another user saved the same at the same time. Nothing of yours was saved; "
                "try again."
            )
        # Everything was rolled back; the same form again, with what was typed and why not.
        return self._changeform_view(  # type: ignore[attr-defined,no-any-return]
            request, object_id, form_url, extra_context
        )

    def _shown_again(
        self,
        request: HttpRequest,
        fields: QueryDict,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        """Show the form with what was typed before the log-in had ended; nothing is saved."""
        typed.put_into(request, fields)
        request.refusal = ValidationError(  # type: ignore[attr-defined]
            "Your log-in had ended: this is what you typed. Nothing is saved yet; save it now."
        )
        return self._changeform_view(  # type: ignore[attr-defined,no-any-return]
            request, object_id, form_url, extra_context
        )
