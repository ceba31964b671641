"""Results about lists of genes that readers keep: whoever has the URL may read and delete one.

The URL is a secret: it is in no log, no referrer and no index, and nothing on the way stores the
page. Where the rows are, a provider knows (`proteins.hooks`).
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import OperationalError
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proteins import hooks
from proteins.limits import rates
from proteins.models import ChangeSet
from proteins.site import enrichment, sets
from proteins.site.gene_lists import ListForm, RefusedError, posted, refused
from proteins.site.sets import SetForm

#: Of the rates of the settings.
SCOPE: Final = "results"
_ENRICHMENT: Final = "enrichment"
_BUSY: Final = "New data is being imported. Please keep the result in a minute."


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a response out of caches, indexes, and the logs of other sites."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@csrf_protect
def keep(request: HttpRequest) -> HttpResponse:
    """Answer a form once more, and store question and answer."""
    request.is_private = True  # type: ignore[attr-defined]
    data, files = posted(request)
    form = SetForm(data, files) if "question" in data else ListForm(data, files)
    try:
        token = _store(request, form)
    except RefusedError as refusal:
        return refused(_page(request, form, refusal.status), refusal)
    return _private(HttpResponseRedirect(reverse("result", args=[token])))


def _page(request: HttpRequest, form: ListForm, status: int) -> HttpResponse:
    if isinstance(form, SetForm):
        return sets.page(request, form, {}, status)
    return enrichment.page(request, form, {}, status)


def _store(request: HttpRequest, form: ListForm) -> str:
    results = hooks.results()
    if results is None:
        raise Http404("Results are not stored.")
    client, rate = rates.client_of(request), settings.READER_RATES[SCOPE]
    left = rates.count(SCOPE, client, rate)
    if left is not None and left.is_exceeded:
        form.add_error(None, f"You have kept many results. Try again in {_wait(left.seconds)}.")
        raise RefusedError(429, left.seconds)
    answer: sets.Answered | enrichment.Answered
    if isinstance(form, SetForm):
        answer = sets.compute(request, form)
        question = answer.question
    else:
        answer, question = enrichment.compute(request, form), _ENRICHMENT
    try:
        species = dict(form.fields["taxon"].choices)[form.cleaned_data["taxon"]]  # type: ignore[attr-defined]
        genes = answer.document["query"]["given"]
        return results.store(question, answer.content, species=species, genes=genes)
    except hooks.ResultError as error:
        form.add_error(None, str(error))
        raise RefusedError(400) from error
    except OperationalError as error:
        form.add_error(None, _BUSY)
        raise RefusedError(503, 60) from error


def _wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'s' * (minutes != 1)}"


@require_safe
def result(request: HttpRequest, secret: str) -> HttpResponse:
    stored = _stored(secret)
    answer = _answer(stored)
    newest = ChangeSet.objects.aggregate(last=Max("pk"))["last"] or 0
    number = answer.document["change_number"]
    context = _context(request, answer) | {
        "is_enrichment": stored.question == _ENRICHMENT,
        "stored": stored,
        "token": secret,
        "created_at": stored.created_at,
        "expires_at": stored.expires_at,
        "change_number": number,
        "newer": newest if newest > number else 0,
    }
    return _private(render(request, "proteins/result.html", context))


@require_safe
def result_file(request: HttpRequest, secret: str, name: str) -> HttpResponse:
    request.is_private = True  # type: ignore[attr-defined]
    answer = _answer(_stored(secret))
    if isinstance(answer, sets.Answered):
        if name not in sets.files_of(answer):
            raise Http404("There is no such file.")
        return _private(sets.file_of(answer, name))
    if name not in enrichment.FILES:
        raise Http404("There is no such file.")
    return _private(enrichment.file_of(answer, name))


@csrf_exempt  # whoever has the URL may; without a referrer no browser could show its origin
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for a confirmation, then delete."""
    _stored(secret)
    results = hooks.results()
    is_deleted = request.method == "POST" and results is not None and results.delete(secret)
    context = {"token": secret, "is_deleted": is_deleted}
    return _private(render(request, "proteins/result_delete.html", context))


def _stored(token: str) -> hooks.StoredResult:
    results = hooks.results()
    stored = results.read(token) if results is not None else None
    if stored is None:
        raise Http404("There is no such result.")
    return stored


def _answer(stored: hooks.StoredResult) -> sets.Answered | enrichment.Answered:
    content = stored.content
    parts = content["values"], content["chosen"], content["document"]
    if stored.question == _ENRICHMENT:
        return enrichment.Answered(*parts, content["small_scale"])
    return sets.Answered(stored.question, *parts)


def _context(request: HttpRequest, answer: sets.Answered | enrichment.Answered) -> dict[str, Any]:
    if isinstance(answer, sets.Answered):
        return sets.context_of(answer)
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 5 else 1
    return enrichment.context_of(answer, page)
