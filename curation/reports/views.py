"""The pages by which readers report errors, and follow what becomes of it."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.csrf import csrf_failure as plain_csrf_failure
from django.views.decorators.http import require_http_methods, require_safe

from curation import actions
from curation.actions import BusyError
from curation.actions.report_limits import TooManyReportsError
from curation.actions.reports import StampUsedError
from curation.models import MAX_MESSAGE, RecordKind
from curation.reports import stamp
from curation.reports.forms import ReportForm
from curation.reports.reads import Followed, Subject, subject_of
from curation.reports.sender import sender_of

#: Seconds after which a visitor should try again while an import is being written.
BUSY_SECONDS: Final = 60
_BUSY: Final = "An import is running. Please send the form again in a minute."
_SENT_ALREADY: Final = (
    "This form has already been sent with a different text. Please send it again."
)
_NO_COOKIE: Final = (
    "Your browser did not return the cookie that protects this form. Allow cookies for this "
    "site and send it again."
)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, identifier: str) -> HttpResponse:
    subject = subject_of(kind, identifier)
    if subject is None:
        raise Http404("There is no such record.")
    if request.method == "POST":
        return _take(request, subject)
    if request.path != subject.report_url:
        return HttpResponsePermanentRedirect(subject.report_url)
    return _page(request, subject, ReportForm(subject.kind))


def _take(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Keep what was sent; where it cannot be, show the form again with all that was typed."""
    form = ReportForm(subject.kind, request.POST)
    if form.is_trapped:
        context = {"subject": subject, "message": request.POST.get("message", "")[:MAX_MESSAGE]}
        return _own(render(request, "reports/trapped.html", context))
    if not form.is_valid():
        return _page(request, subject, form)
    try:
        unique = stamp.check(request.POST.get("opened", ""), subject.about)
        sent = actions.report_error(
            kind=subject.kind,
            record_id=subject.record.pk,
            category=form.cleaned_data["category"],
            message=form.cleaned_data["message"],
            pmids=form.cleaned_data["pmids"],
            sender=sender_of(request),
            stamp=unique,
        )
    except stamp.StampError as error:
        form.add_error(None, str(error))
        return _page(request, subject, form)
    except StampUsedError:
        form.add_error(None, _SENT_ALREADY)
        return _page(request, subject, form, opened=stamp.stamp(subject.about))
    except TooManyReportsError as error:
        return _later(request, subject, form, str(error), 429, error.seconds)
    except (BusyError, OperationalError):
        return _later(request, subject, form, _BUSY, 503, BUSY_SECONDS)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, subject, form)
    return HttpResponseRedirect(f"{reverse('report-followed', args=[sent.token])}?sent")


def _later(
    request: HttpRequest,
    subject: Subject,
    form: ReportForm,
    message: str,
    status: int,
    seconds: int,
) -> HttpResponse:
    form.add_error(None, message)
    response = _page(request, subject, form, status=status)
    response["Retry-After"] = str(seconds)
    return response


def _page(
    request: HttpRequest, subject: Subject, form: ReportForm, *, status: int = 200, opened: str = ""
) -> HttpResponse:
    opened = opened or request.POST.get("opened", "")
    try:
        stamp.check(opened, subject.about)
    except stamp.StampError:
        opened = stamp.stamp(subject.about)
    context = {
        "subject": subject,
        "form": form,
        "opened": opened,
        "most": MAX_MESSAGE,
        "is_interaction": subject.kind == RecordKind.INTERACTION,
    }
    return _own(render(request, "reports/report.html", context, status=status))


@require_safe
def followed(request: HttpRequest, token: str) -> HttpResponse:
    page = Followed.by_token(token)
    if page is None:
        raise Http404("There is no such report.")
    context = {
        "page": page,
        "is_new": "sent" in request.GET,
        "address": request.build_absolute_uri(request.path),
    }
    response = _own(render(request, "reports/followed.html", context))
    patch_cache_control(response, no_store=True)
    return response


def _own(response: HttpResponse) -> HttpResponse:
    """Mark a response as private to one reader: in no shared cache, and in no index.

    Their browser may keep a form, so that what was typed is there after going back.
    """
    patch_cache_control(response, private=True, no_cache=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Where a form is refused because its cookie is missing: nothing that was typed is lost."""
    match = request.resolver_match
    if match is not None and match.url_name == "report":
        subject = subject_of(**match.kwargs)
        if subject is not None:
            form = ReportForm(subject.kind, request.POST)
            form.add_error(None, _NO_COOKIE)
            return _page(request, subject, form, status=403)
    return plain_csrf_failure(request, reason=reason)
