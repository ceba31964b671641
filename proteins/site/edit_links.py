"""From a public page to the same record in the admin, for those who may look at it there.

A page is the same for anonymous readers, without a query for them, and the
answer does not vary by cookie, so that it may be cached. Templates name the admin only by the
names of its URLs; where there is none, there are no links.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control


def may_edit(request: HttpRequest) -> bool:
    """Whether an authenticated user works in the admin and may look at proteins there."""
    # Without a cookie the reader is anonymous; `request.user` would make the response vary by it.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.is_staff and request.user.has_perm("proteins.view_protein")


def for_editors(response: HttpResponse) -> HttpResponse:
    """Mark a page that shows links for editors: no cache may give it to others."""
    patch_cache_control(response, private=True)
    return response
