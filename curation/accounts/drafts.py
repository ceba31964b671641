"""Drafts of long forms, which a browser stores by itself (`curation/static/curation/draft.js`).

The server has no part in them but one: it names the draft of a form that was saved, in a cookie,
and the browser deletes it. What was refused comes back as a page (200) and keeps its draft; what
was saved is a redirect.
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse

#: The hidden field that names the draft of a form, and the cookie that names a saved one.
FIELD: Final = "_draft"
COOKIE: Final = "draft_saved"
_NAME: Final = re.compile(r"[\w:.-]{1,80}~[a-z0-9]{1,24}", re.ASCII)
_MAX_AGE: Final = 3_600


def author_in(fields: QueryDict) -> str:
    """Return the key of the account for which a form was shown; empty where none is named."""
    name = fields.get(FIELD, "")
    return name.partition(":")[0] if _NAME.fullmatch(name) else ""


def mark_saved(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the browser delete the draft of a form that was saved, or whose content went on to
    another form (`draft_moves` of the request)."""
    name = request.POST.get(FIELD, "")
    is_done = response.status_code == 302 or getattr(request, "draft_moves", False)
    if is_done and _NAME.fullmatch(name):
        response.set_cookie(
            COOKIE,
            name,
            max_age=_MAX_AGE,
            path=reverse("admin:index"),
            secure=bool(settings.SESSION_COOKIE_SECURE),
            samesite="Lax",
        )
