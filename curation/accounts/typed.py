"""What was typed into a form of the desk whose log-in had ended: it is carried through the log-in
page, and saved once its author is logged in; what anybody else typed is shown again, not saved.

It is carried in the log-in page itself, signed, so that nobody who is not logged in has anything
stored here; once its author is logged in it waits in the session for the form to be shown. The
forgery check (CSRF) precedes all of this, for the form as for the log-in page. A form is sent
again by itself only where its hidden field `_draft` names the account that logged in: on a
computer that two people share, the one saves nothing of the other's. Passwords are never carried,
and files cannot be: a browser fills in no file, so that they are named.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest, QueryDict

from curation.accounts import drafts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

#: The hidden field of the log-in page, and the key in the session.
FIELD: Final = "typed"
#: Characters of a form as a browser sends it; the longest pasted list of publications has 20,000.
MAX_LENGTH: Final = 200_000
_SALT: Final = "curation.accounts.typed"
_MAX_AGE: Final = timedelta(hours=12)
_NEVER: Final = ("passw", "csrfmiddlewaretoken")


def carried(request: HttpRequest) -> str:
    """Return the fields of a POST, signed; empty where there are none, or too many to carry."""
    text = _fields(request)
    files = [str(file.name)[:250] for _, some in request.FILES.lists() for file in some[:20]]
    if not (text or files) or is_too_long(request):
        return ""
    content = {"url": request.get_full_path(), "fields": text, "files": files}
    return signing.dumps(content, salt=_SALT, compress=True)


def is_too_long(request: HttpRequest) -> bool:
    return len(_fields(request)) > MAX_LENGTH


def _fields(request: HttpRequest) -> str:
    fields = request.POST.copy()
    for name in list(fields):
        if any(word in name.lower() for word in _NEVER):
            del fields[name]
    return fields.urlencode()


def keep(session: SessionBase, token: str, url: str) -> None:
    """Store what the log-in page carried until the form at `url` is shown."""
    try:
        content: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=_MAX_AGE)
    except signing.BadSignature:
        return
    if content["url"] == url:
        session[FIELD] = content


def restored(request: HttpRequest) -> tuple[QueryDict, list[str]] | None:
    """Take what was typed into the form that is requested, and the names of its files."""
    content = request.session.get(FIELD)
    if request.method != "GET" or not content or content["url"] != request.get_full_path():
        return None
    del request.session[FIELD]
    return QueryDict(content["fields"]), content["files"]


def put_into(request: HttpRequest, fields: QueryDict) -> None:
    """Let a request be the one that was sent before the log-in had ended."""
    # Read first: Django would read the body of a POST when its files are read, find none
    # and take the fields away.
    _ = request.FILES
    request.method, request.POST = "POST", fields  # type: ignore[assignment]


def is_saved_at_once(fields: QueryDict, user: User | AnonymousUser) -> bool:
    """Whether the person who logged in is the one who sent a long form before."""
    return user.pk is not None and drafts.author_in(fields) == str(user.pk)
