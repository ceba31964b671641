"""Conditional GET and the page cache: a public page is rendered again only when it has changed.

A page of one protein shows names of others, publications and reports: no column of its own
says when it changed. It follows the state of all content, which one query reads: while that is
the same, so is the page.

So a page for visitors without a session is cached in memory, by URL, with its state; every
process sees what any other wrote. A page has a tag (ETag) of two parts: a digest of the page, and
one of the state. A client that has a page of the present state is answered 304. Where the page is
rendered again after a write, and its digest is the one that the client has, the answer is 304 all
the same.

One write does not empty the cache for everybody. A reader without any cookie, but that of a theme,
gets a page as it was for PAGE_STALE_SECONDS after a write; in the second half of that time one
request at a time in each worker renders such a page again, so that they do not all fall due
together. Whoever may have written has a cookie, of a session or of a form, and gets the page as it
is; so does the API.

There is no Last-Modified: what a page shows can change without any moment of it (a record that
is deleted, a new template), and half a truth would be believed.
"""

from __future__ import annotations

import functools
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec, TypeVar

from django.apps import apps
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DEFAULT_DB_ALIAS, Error
from django.db.models import Expression, Func, Subquery, TextField
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags

from proteins import release_store as releases
from proteins.caching import themes
from proteins.caching.page_cache import MAX_PAGE_BYTES, CachedPage, PageCache
from proteins.caching.shared import sharing
from proteins.models import ChangeSet, Taxon, read_connection
from proteins.outages import outage_of

Arguments = ParamSpec("Arguments")
Response = TypeVar("Response", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

#: Headers by which a part of a page differs from the whole.
_PARTS: Final = ("HX-Request", "HX-Target", "HX-Boosted", "HX-History-Restore-Request")
_VARIES_BY: Final = {"cookie", *(name.lower() for name in _PARTS)}
#: Where the notice of an outage goes in a page (templates/base.html).
_MAIN: Final = b'<main id="main" tabindex="-1">\n'
_NOTICE: Final = (
    b'<p class="notice" role="status">The database cannot be reached just now. This is the page '
    b"as it was before; search, files and the rest will be back soon.</p>\n"
)
_CODE_SUFFIXES: Final = {".py", ".html"}
#: Attributes of a plain response; one to which a view or a decorator adds others is not cached.
_PLAIN: Final = frozenset(vars(HttpResponse()))

#: The name of the state that is the end of the newest import.
IMPORT: Final = "import"
_states: dict[str, Subquery] = {
    # Whoever writes a record takes a number first.
    "changes": Subquery(ChangeSet.objects.order_by("-pk").values("pk")[:1]),
}


class Share(NamedTuple):
    """A page cache of its own, which has one part in `parts` of the room that the pages have."""

    name: str
    parts: int


PAGES: Final = Share("pages", 1)
#: What is typed has no end: it drives out nothing else.
SEARCHES: Final = Share("searches", 16)
#: By the database that they were read from, too: a replica and its primary follow each other, and
#: neither drops the other's pages.
_caches: defaultdict[tuple[str, Share], PageCache] = defaultdict(PageCache)
cached_pages = _caches[DEFAULT_DB_ALIAS, PAGES]
#: Held by the request that renders a page again while others get it as it was.
_renewal: Final = Lock()


def forget_pages() -> None:
    """Empty the page caches."""
    for pages in _caches.values():
        pages.clear()


def register_state(name: str, expression: Subquery) -> None:
    """Add what changes whenever something is written; to be read from the end of an index."""
    _states[name] = expression
    _state_query.cache_clear()


class CachedResponse(HttpResponse):
    """A response from the page cache; the access log counts them."""


class ConditionalRequest:
    """One request, compared with the page cache and with what the client has.

    `key` represents all of the request that its response depends on, but for `query`: of the
    queries of one key one is cached, in the cache of `share`. A page of an earlier state will do
    that was current within `stale_seconds`. `theme` distinguishes tags, not pages: it is written
    into them later.
    """

    def __init__(
        self,
        key: bytes,
        headers: Mapping[str, str],
        vary: str,
        stale_seconds: int = 0,
        theme: str = "",
        *,
        share: Share = PAGES,
        query: str = "",
    ) -> None:
        self._began = time.monotonic()
        # The database that is read now; should another answer in its place, this one's pages stay
        # with this one's state.
        self._pages = _caches[read_connection().alias, share]
        self._room, self._query = settings.PAGE_CACHE_BYTES // share.parts, query
        # Read before the page is, so that neither tag nor page is newer than its state.
        self.version, self._key, self._vary = (_code_version(), *content_state()), key, vary
        self._theme = theme
        self._state = self._state_of(self.version)
        self._had = dict(map(_parts_of, parse_etags(headers.get("If-None-Match", ""))))
        self._stale_seconds = stale_seconds
        self._renews = False
        if settings.PAGE_CACHE_BYTES:
            self._pages.confirm(self.version, self._began)

    def ready(self) -> HttpResponse | None:
        """Return the response that needs no rendering: 304, or a cached page."""
        for digest, seen in self._had.items():
            if seen == self._state:
                return self._not_modified(digest, seen)
        page = self._cached_page() if settings.PAGE_CACHE_BYTES else None
        if page is None:
            return None
        response = CachedResponse(page.content, headers=dict(page.headers))
        return self._answered(response, page.digest, self._state_of(page.version))

    def close(self) -> None:
        """Let another request render a page again."""
        if self._renews:
            self._renews = False
            _renewal.release()

    def _cached_page(self) -> CachedPage | None:
        page = self._pages.of_any_version(self._key)
        if page is None or page.query != self._query:
            return None
        if page.version == self.version:
            return page
        age = self._pages.age(page, self._began)
        if not self._stale_seconds or age > self._stale_seconds:
            return None
        self._renews = age > self._stale_seconds / 2 and _renewal.acquire(blocking=False)
        return None if self._renews else page

    def store(self, response: HttpResponse, largest: int) -> HttpResponse:
        """Cache a response of no more bytes than `largest`, and return it with its tag."""
        digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
        if settings.PAGE_CACHE_BYTES and len(response.content) <= largest:
            page = CachedPage.of(response.content, tuple(response.items()), digest, self._query)
            self._pages.put(self.version, self._key, page, self._room)
        return self._answered(response, digest, self._state)

    def tagged(self, response: Response, digest: str, state: str = "") -> Response:
        """Give the tag to a response whose content is not read, such as a stream."""
        response["ETag"] = f'"{digest}-{state or self._state}"'
        # Any cache may store it, and must revalidate it each time.
        patch_cache_control(response, no_cache=True)
        patch_vary_headers(response, [self._vary])
        return response

    def _state_of(self, version: tuple[Any, ...]) -> str:
        return _digest_of(version, self._key + f"{self._theme}{self._query}".encode())

    def _answered(self, response: HttpResponse, digest: str, state: str) -> HttpResponse:
        digest = f"{digest}{self._theme}"
        if digest in self._had:
            # With the tag that the client has it by.
            return self._not_modified(digest, self._had[digest])
        return self.tagged(response, digest, state)

    def _not_modified(self, digest: str, state: str) -> HttpResponse:
        return self.tagged(HttpResponseNotModified(), digest, state)


def _digest_of(version: tuple[Any, ...], key: bytes) -> str:
    return hashlib.blake2b(repr(version).encode() + key, digest_size=12).hexdigest()


def _parts_of(tag: str) -> tuple[str, str]:
    # A proxy that compresses makes a tag weak, which says nothing about its content here.
    digest, _, state = tag.removeprefix("W/").strip('"').rpartition("-")
    return digest, state


def unless_unchanged(view: View[Arguments]) -> View[Arguments]:
    """Answer with the cached page, or 304, where nothing was written since.

    A visitor who may be authenticated gets pages of their own, which are never compared with the
    public's. The page must show the same to all others at any time: no "three days ago".
    """
    return _conditional(view, PAGES, _query_of)


def unless_unchanged_apart(
    share: Share, slot_of: Callable[[HttpRequest], str]
) -> Callable[[View[Arguments]], View[Arguments]]:
    """As `unless_unchanged`, in a cache apart, which has one query of each slot."""
    return lambda view: _conditional(view, share, slot_of)


def _query_of(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))


def _conditional(
    view: View[Arguments], share: Share, slot_of: Callable[[HttpRequest], str]
) -> View[Arguments]:
    @functools.wraps(view)
    def answer(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if (
            request.method not in ("GET", "HEAD")
            or settings.DEBUG
            or _may_be_authenticated(request)
        ):
            response = view(request, *args, **kwargs)
            patch_vary_headers(response, ["Cookie"])
            return response
        key = _key_of(request, slot_of(request))
        query = "" if share is PAGES else _query_of(request)
        try:
            may_have_written = request.COOKIES.keys() - {themes.COOKIE}
            stale_seconds = 0 if may_have_written else settings.PAGE_STALE_SECONDS
            theme = themes.theme_of(request)
            conditional = ConditionalRequest(
                key, request.headers, "Cookie", stale_seconds, theme, share=share, query=query
            )
        except Error as error:
            if (stale := _page_in_outage(share, key, query, error)) is None:
                raise
            return stale
        if (ready := conditional.ready()) is not None:
            return ready
        request.content_version = conditional.version  # type: ignore[attr-defined]
        # A public page is rendered from nothing that is one visitor's.
        request.COOKIES = {}
        try:
            with sharing(conditional.version):
                response = view(request, *args, **kwargs)
            if not _is_public(request, response):
                return response
            return conditional.store(response, MAX_PAGE_BYTES)
        finally:
            conditional.close()

    return answer


def _page_in_outage(share: Share, key: bytes, query: str, error: Error) -> HttpResponse | None:
    """Return a page as it was cached last, with a notice, while the database is away."""
    pages = _caches[read_connection().alias, share]
    page = pages.of_any_version(key) if settings.PAGE_CACHE_BYTES else None
    if page is None or page.query != query or outage_of(error) is None:
        return None
    content = page.content.replace(_MAIN, _MAIN + _NOTICE, 1)
    response = CachedResponse(content, headers=dict(page.headers))
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Cookie"])
    return response


def _may_be_authenticated(request: HttpRequest) -> bool:
    """Whether a visitor may be logged in, or has a message waiting."""
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or CookieStorage.cookie_name in request.COOKIES
    )


def _is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a whole page, without anything that is one visitor's (a form's token)."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
        and not _words(response, "Cache-Control") & {"private", "no-store"}
        and _words(response, "Vary") <= _VARIES_BY
        and vars(response).keys() <= _PLAIN
    )


def _words(response: HttpResponse, header: str) -> set[str]:
    return {word.strip() for word in response.get(header, "").lower().split(",")} - {""}


def canonical_query(query: str) -> str:
    """Return a query with its parameters in the order of their names, and those of one name in
    the order in which they came; its bytes are those that came."""
    return "&".join(sorted(query.split("&"), key=lambda part: part.partition("=")[0]))


def _key_of(request: HttpRequest, slot: str) -> bytes:
    """All of a request that a page depends on, as it came, and the slot of its query. Not the URL
    as Django writes it out: there bare bytes and the same bytes quoted twice become one, and are
    two texts."""
    parts = [
        request.scheme,
        request.get_host(),
        request.path,
        slot,
        *(request.headers.get(name, "") for name in _PARTS),
    ]
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


def content_state() -> tuple[Any, ...]:
    """A value that differs after any write, from one query and one look at a folder.

    It is that of the database that is read: what a replica shows has the replica's state, which
    is never taken for the same of the primary.
    """
    connection = read_connection()
    sql, parameters = _state_query(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        # Releases are files: their folder shows a new one.
        return (connection.alias, *(cursor.fetchone() or ()), releases.state())


def last_import(request: HttpRequest) -> datetime | None:
    """The end of the newest import, of the state that was read for the request; read now where
    none was. None where nothing was imported, or no import is registered."""
    version = getattr(request, "content_version", None)
    states = content_state() if version is None else version[1:]
    moment = dict(zip(_states, states[1:], strict=False)).get(IMPORT)
    # SQLite's own text of it, or a moment of PostgreSQL's.
    return datetime.fromisoformat(str(moment)) if moment else None


@functools.cache
def _state_query(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The query, built once: to build it takes longer than to run it."""
    parts: dict[str, Expression | Subquery] = dict(_states)
    if vendor == "postgresql":
        # A transaction may commit after others that began later, and leave the newest moment
        # as it is; then this differs. (SQLite has one writer at a time.)
        parts["writers"] = Func(
            template="split_part(pg_current_snapshot()::text, ':', 3)", output_field=TextField()
        )
    # Expressions need a table to be read beside; species there always are.
    rows = Taxon.objects.order_by("pk").values_list(*parts.values())[:1]
    return rows.query.sql_with_params()


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
