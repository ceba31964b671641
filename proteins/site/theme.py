"""The choice of a theme, in the foot of every page."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from proteins.caching.themes import COOKIE, MAX_AGE, SYSTEM, THEMES

_REFUSAL: Final = "The theme is “light”, “dark” or “system”."


@csrf_exempt  # the form is in cached pages, which have no token; no more than a colour changes
@never_cache
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember a theme, or forget it for that of the system; go back to the page."""
    theme = request.POST.get("theme", "")
    if theme not in (*THEMES, SYSTEM):
        return HttpResponseBadRequest(_REFUSAL, content_type="text/plain; charset=utf-8")
    response = redirect(_page_before(request))
    path = get_script_prefix()
    if theme == SYSTEM:
        response.delete_cookie(COOKIE, path=path, samesite="Lax")
        return response
    response.set_cookie(
        COOKIE,
        theme,
        max_age=MAX_AGE,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _page_before(request: HttpRequest) -> str:
    """The page of this site from which the form was sent; home where it is not stated."""
    referrer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        referrer, {request.get_host()}, require_https=request.is_secure()
    )
    return referrer if is_ours else reverse("home")
