"""Record pages that are not sent again while they say the same (ETag, If-None-Match).

A page of one protein shows names of others, publications and reports: no column of its own
says when it changed. So a tag has two parts. The first is a digest of the page. The second
stands for the state of all content, of the code and for the address: while it is the same,
the page is known to be the same, and one query answers. Once anything was written anywhere the
page is made again, and where its digest is what the client has, the answer is 304 all the same.

There is no Last-Modified: what a page shows can change with no moment to tell of it (a record
that is taken away, a new template), and half a truth would be believed.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec

from django.apps import apps
from django.conf import settings
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags

from proteins.models import Interaction, Protein, Taxon

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

#: By which a page asked for in parts differs from the whole.
_PARTS: Final = ("HX-Request", "HX-Target", "HX-Boosted")
_CODE_SUFFIXES: Final = {".py", ".html"}

_states: dict[str, Subquery] = {
    "proteins": Subquery(Protein.objects.order_by("-changed_at").values("changed_at")[:1]),
    "interactions": Subquery(Interaction.objects.order_by("-changed_at").values("changed_at")[:1]),
}


def register_state(name: str, expression: Subquery) -> None:
    """Add what changes whenever something is written; to be read from the end of an index."""
    _states[name] = expression


def unless_unchanged(view: View[Arguments]) -> View[Arguments]:
    """Answer 304 where the client has the page as it is.

    Who may be logged in gets pages of their own, which are never compared with the public's.
    The page must show the same to all others at any time: no "three days ago".
    """

    @functools.wraps(view)
    def answer(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.DEBUG:
            response = view(request, *args, **kwargs)
            patch_vary_headers(response, ["Cookie"])
            return response
        # Read before the page is, so that the tag is never newer than what it stands for.
        state = _state_of(request)
        had = dict(map(_parts_of, parse_etags(request.headers.get("If-None-Match", ""))))
        for digest, seen in had.items():
            if seen == state:
                return _not_modified(digest, seen)
        response = view(request, *args, **kwargs)
        if not _is_for_everybody(request, response):
            return response
        digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
        if digest in had:
            return _not_modified(digest, had[digest])
        return _tagged(response, digest, state)

    return answer


def _parts_of(tag: str) -> tuple[str, str]:
    # A proxy that compresses makes a tag weak, which says nothing about its content here.
    digest, _, state = tag.removeprefix("W/").strip('"').rpartition("-")
    return digest, state


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a whole page, without anything that is one visitor's (a form's token)."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
    )


def _not_modified(digest: str, state: str) -> HttpResponse:
    return _tagged(HttpResponseNotModified(), digest, state)


def _tagged(response: HttpResponse, digest: str, state: str) -> HttpResponse:
    response["ETag"] = f'"{digest}-{state}"'
    # Kept by whoever likes, and asked for again each time.
    patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def _state_of(request: HttpRequest) -> str:
    parts: list[Any] = [
        _code_version(),
        request.build_absolute_uri(),
        *(request.headers.get(name, "") for name in _PARTS),
        content_state(),
    ]
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def content_state() -> tuple[Any, ...]:
    """What differs after anything was written, in one query."""
    # Expressions need a table to be read beside; species there always are.
    row = Taxon.objects.order_by("pk").values_list(*_states.values()).first()
    return tuple(row or ())


@functools.cache
def _code_version() -> str:
    """A digest of what makes pages: our code and templates, and where libraries are."""
    digest = hashlib.blake2b(repr(settings.STATICFILES_DIRS).encode(), digest_size=12)
    root = Path(settings.BASE_DIR)
    own = [Path(config.path) for config in apps.get_app_configs()]
    folders = [path for path in own if path.parent == root] + [root / "templates"]
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _CODE_SUFFIXES:
                digest.update(path.read_bytes())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.is_file():
        digest.update(manifest.read_bytes())
    return digest.hexdigest()
