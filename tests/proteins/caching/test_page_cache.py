"""A page is made once and sent again, to whom it is for, until anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from csp.decorators import csp_update
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from curation.actions import (
    amend_citation,
    amend_protein,
    confirm_interaction,
    propose,
    reject_interaction,
)
from curation.importing.session import ImportSession
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, RecordKind, RunState
from proteins.caching import conditional
from proteins.caching.conditional import cached_pages, content_state, unless_unchanged
from proteins.caching.page_cache import MAX_PAGE_BYTES, MAX_SEEN, OVERHEAD, CachedPage, PageCache
from proteins.models import Citation, Interaction, SourceDatabase
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein
from tests.places import ROOT

PAGE = "/protein/q9uk53/"
INTERACTION = "/interaction/Q9UK53-Q07812/"


@pytest.fixture(autouse=True)
def _pages_are_cached(no_cached_pages: None, settings: LazySettings) -> Iterator[None]:
    settings.PAGE_CACHE_BYTES = 1_000_000
    cached_pages.clear()
    yield
    cached_pages.clear()


@pytest.fixture
def interaction(db: None) -> Interaction:
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    return make_interaction(tf, make_protein("Q07812", "BAX"), pmids=[27924024, 5])


def test_a_page_that_is_kept_takes_one_query(
    client: Client, interaction: Interaction, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(PAGE)
    with django_assert_num_queries(1):
        again = client.get(PAGE)
    assert again.content == first.content
    assert list(again.items()) == list(first.items())
    with django_assert_num_queries(1):
        head = client.head(PAGE)
    assert (head.content, head["ETag"]) == (b"", first["ETag"])
    assert head["Content-Length"] == str(len(first.content))
    with django_assert_num_queries(1):
        assert client.get(PAGE, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert len(cached_pages) == 1


# What is written, and an address where it shows.
ACTIONS: dict[str, tuple[str, Callable[[Interaction, User], object]]] = {
    "partner renamed": (
        PAGE,
        lambda it, ann: amend_protein(user=ann, protein=it.target, values={"name": "BAX2"}),
    ),
    "publication retracted": (
        "/publication/5/",
        lambda _, ann: amend_citation(
            user=ann, citation=Citation.objects.get(pmid=5), values={"is_retracted": True}
        ),
    ),
    "confirmed": (INTERACTION, lambda it, ann: confirm_interaction(user=ann, interaction=it)),
    "rejected": (
        "/protein/q07812/",
        lambda it, ann: reject_interaction(user=ann, interaction=it, reason="wrong"),
    ),
    "proposed": (
        INTERACTION,
        lambda it, ann: propose(
            user=ann,
            kind=RecordKind.INTERACTION,
            record_id=it.pk,
            values={"effect": 1},
        ),
    ),
    "imported": (
        PAGE,
        lambda *_: call_command(
            "import_pages", str(ROOT / "fixtures" / "pages" / "q9uk53.md"), verbosity=0
        ),
    ),
    "database renamed in the admin": (
        INTERACTION,
        lambda it, ann: _rename(it.evidence.sources.all()[0], ann),
    ),
}


def _rename(source: SourceDatabase, ann: User) -> None:
    fields = {"key": source.key, "name": "Another", "publication": source.publication_id or ""}
    url = f"/admin/proteins/sourcedatabase/{source.pk}/change/"
    answer = browser_of(ann).post(url, {**fields, "url": source.url, "reason": "Its new name."})
    assert answer.status_code == 302


@pytest.mark.parametrize("action", ACTIONS)
def test_the_next_answer_after_anything_is_written_is_new(
    client: Client, interaction: Interaction, action: str
) -> None:
    url, act = ACTIONS[action]
    before = client.get(url)
    assert client.get(url).content == before.content
    act(interaction, make_person("ann"))
    after = client.get(url)
    assert after.content != before.content
    cached_pages.clear()
    assert client.get(url).content == after.content


def test_an_import_that_is_taken_back(client: Client, interaction: Interaction) -> None:
    before = client.get(PAGE)
    call_command("import_pages", str(ROOT / "fixtures" / "pages" / "q9uk53.md"), verbosity=0)
    assert client.get(PAGE).content != before.content
    undo_import(ImportRun.objects.get().pk, confirmed=True)
    after = client.get(PAGE).content
    cached_pages.clear()
    assert client.get(PAGE).content == after


def test_the_end_of_an_import_is_seen(
    client: Client, interaction: Interaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came of it is written after all that it took in."""
    finish = ImportSession.finish
    seen: list[str] = []

    def ask_and_finish(session: ImportSession, state: RunState) -> None:
        seen.append(client.get("/").text)
        finish(session, state)

    monkeypatch.setattr(ImportSession, "finish", ask_and_finish)
    call_command("import_pages", str(ROOT / "fixtures" / "pages" / "q9uk53.md"), verbosity=0)
    after = client.get("/").text
    cached_pages.clear()
    assert client.get("/").text == after != seen[0]


@pytest.mark.among_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_who_began_first_and_ends_last_is_seen() -> None:
    """What is written gets its number before it is there: the newest may not be the last."""
    entry = LogEntry(
        user=User.objects.create(username="ann"),
        content_type=ContentType.objects.get_for_model(SourceDatabase),
        action_flag=2,
    )
    slow = connections.create_connection("default")
    try:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_admin_log"
                " (action_time, object_repr, action_flag, change_message, user_id)"
                " VALUES (now(), '', 2, '', %s)",
                [entry.user_id],
            )
        entry.save()
        states = [content_state(), content_state()]
        slow.commit()
        states.append(content_state())
    finally:
        slow.close()
    assert states[0] == states[1] != states[2]


class TestWhoSeesWhat:
    def test_nothing_of_an_editor_reaches_the_public(
        self, client: Client, interaction: Interaction
    ) -> None:
        editor = browser_of(make_person("ann"))
        for _ in range(2):
            assert "Edit this record" in editor.get(PAGE).text
        assert len(cached_pages) == 0
        public = client.get(PAGE)
        assert "Edit" not in public.text
        assert client.get(PAGE).content == public.content
        assert len(cached_pages) == 1
        assert "Edit this record" in editor.get(PAGE).text
        assert client.get(PAGE).content == public.content
        editor.logout()
        assert editor.get(PAGE).content == public.content

    @pytest.mark.parametrize("cookie", ["sessionid", "messages"])
    def test_who_may_be_somebody_neither_brings_nor_gets_a_kept_page(
        self, client: Client, interaction: Interaction, cookie: str
    ) -> None:
        client.cookies[cookie] = "x"
        client.get(PAGE)
        assert len(cached_pages) == 0

    def test_tokens_of_forms_are_each_visitors_own(self, rf: RequestFactory, db: None) -> None:
        @unless_unchanged
        def form(request: HttpRequest) -> HttpResponse:
            return HttpResponse(get_token(request))

        tokens = set()
        for secret in ("", "a" * 32, "b" * 32):
            request = rf.get("/")
            if secret:
                request.META["CSRF_COOKIE"] = secret  # as the middleware puts it there
            tokens.add(form(request).content)
        assert len(tokens) == 3
        assert len(cached_pages) == 0

    def test_a_page_for_everybody_is_made_without_cookies(
        self, rf: RequestFactory, db: None
    ) -> None:
        @unless_unchanged
        def page(request: HttpRequest) -> HttpResponse:
            return HttpResponse(request.COOKIES.get("name", "nobody"))

        rf.cookies["name"] = "Ann"
        assert page(rf.get("/")).content == b"nobody"


VARIANTS: list[dict[str, Any]] = [
    {},
    {"HTTP_HOST": "one.example"},
    {"HTTP_HOST": "two.example:8000"},
    {"HTTP_HOST": "TWO.example:8000"},
    {"wsgi.url_scheme": "https"},
    {"QUERY_STRING": "targets-q=%C3%A9&tfs-q=a"},
    {"QUERY_STRING": "tfs-q=a&targets-q=%C3%A9"},
    # Two texts, of which the first came as bare bytes: written out both are the same address.
    {"QUERY_STRING": "targets-q=\xc3\xa9"},
    {"QUERY_STRING": "targets-q=%C3%83%C2%A9"},
    {"QUERY_STRING": "targets-q=a&targets-q=b"},
    {"HTTP_HX_REQUEST": "true"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "targets"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "tfs"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"},
    {"PATH_INFO": "/protein/Q9UK53/"},
    {"PATH_INFO": "/protein/q07812/"},
]


def test_what_is_kept_is_never_the_answer_to_another_request(
    client: Client, interaction: Interaction, settings: LazySettings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", ".example"]
    settings.PAGE_CACHE_BYTES = 0
    fresh = [client.get(PAGE, **variant) for variant in VARIANTS]
    settings.PAGE_CACHE_BYTES = 10_000_000
    for numbers in (range(len(VARIANTS)), reversed(range(len(VARIANTS)))):
        for number in numbers:
            answer = client.get(PAGE, **VARIANTS[number])
            assert answer.content == fresh[number].content, VARIANTS[number]
            assert answer.get("Location") == fresh[number].get("Location")
            assert answer.get("ETag") == fresh[number].get("ETag")
    # Which says something only where they differ.
    assert len({page.content for page in fresh}) > len(VARIANTS) // 2


def _varying(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"Vary": "User-Agent"})


def _own(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("own", "1")
    return response


REFUSED: dict[str, Callable[[HttpRequest], Any]] = {
    "not found": lambda _: HttpResponse("x", status=404),
    "broken": lambda _: HttpResponse("x", status=500),
    "elsewhere": lambda _: HttpResponse(status=301, headers={"Location": "/"}),
    "cookie": _own,
    "private": lambda _: HttpResponse("x", headers={"Cache-Control": "max-age=1, Private"}),
    "no store": lambda _: HttpResponse("x", headers={"Cache-Control": "no-store"}),
    "varying": _varying,
    "streaming": lambda _: StreamingHttpResponse([b"x"]),
    "with a policy of its own": csp_update({"img-src": ["data:"]})(lambda _: HttpResponse("x")),
    "large": lambda _: HttpResponse(b"x" * (MAX_PAGE_BYTES + 1)),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_never_kept(rf: RequestFactory, kind: str) -> None:
    view = unless_unchanged(REFUSED[kind])
    for _ in range(2):
        view(rf.get("/"))
    assert len(cached_pages) == 0


@pytest.mark.django_db
def test_only_what_is_asked_for_safely_is_kept(rf: RequestFactory) -> None:
    view = unless_unchanged(lambda request: HttpResponse(request.method or ""))
    assert view(rf.post("/")).content == b"POST"
    assert len(cached_pages) == 0
    assert view(rf.get("/")).content == b"GET"
    assert view(rf.post("/")).content == b"POST"


@pytest.mark.django_db
def test_what_is_written_while_a_page_is_made_is_not_missed(rf: RequestFactory) -> None:
    names = iter(["before", "after"])

    @unless_unchanged
    def page(_: HttpRequest) -> HttpResponse:
        make_protein(f"P0000{len(made)}")
        made.append(1)
        return HttpResponse(next(names))

    made: list[int] = []
    assert page(rf.get("/")).content == b"before"
    assert page(rf.get("/")).content == b"after"


def test_none_are_kept_without_room(
    client: Client, interaction: Interaction, settings: LazySettings
) -> None:
    settings.PAGE_CACHE_BYTES = 0
    client.get(PAGE)
    assert len(conditional.cached_pages) == 0


class TestRoom:
    ROOM = 10 * (100 + OVERHEAD)
    V1, V2 = ("1",), ("2",)

    def put(self, pages: PageCache, name: int, size: int = 100) -> None:
        page = CachedPage(b"x" * size, (), "")
        pages.put(self.V1, str(name).encode(), page, self.ROOM)

    def full(self) -> PageCache:
        pages = PageCache()
        for number in range(10):
            self.put(pages, number)
        return pages

    def has(self, pages: PageCache, *names: int) -> list[int]:
        return [name for name in names if pages.get(self.V1, str(name).encode())]

    def test_who_walks_through_all_drives_nothing_out(self) -> None:
        pages = self.full()
        for number in range(10, 100_000):
            self.put(pages, number)
        assert self.has(pages, *range(10)) == list(range(10))
        assert len(pages._seen) <= MAX_SEEN

    def test_what_is_asked_for_again_takes_the_place_of_what_is_not(self) -> None:
        pages = self.full()
        self.has(pages, 0)
        self.put(pages, 10)
        self.put(pages, 10)
        assert self.has(pages, 0, 1, 2, 10) == [0, 2, 10]
        assert len(pages) == 10
        assert pages.size == self.ROOM

    def test_what_has_no_room_at_all(self) -> None:
        pages = self.full()
        for _ in range(3):
            self.put(pages, 10, self.ROOM)
        assert self.has(pages, 10) == []
        assert len(pages) == 10

    def test_pages_are_compressed(self) -> None:
        pages, content = PageCache(), b"<td>GTRD</td>" * 5_000
        pages.put(self.V1, b"0", CachedPage.of(content, (), "digest", "q=1"), self.ROOM)
        page = pages.get(self.V1, b"0")
        assert page is not None
        assert (page.content, page.digest, page.query) == (content, "digest", "q=1")
        assert pages.size < len(content) / 10

    def test_a_page_is_of_its_version_until_one_of_a_later_is_stored(self) -> None:
        pages = PageCache()
        pages.confirm(self.V1, 1.0)
        pages.confirm(self.V2, 2.0)
        self.put(pages, 0)
        assert pages.get(self.V2, b"0") is None
        later = CachedPage(b"later", (), "")
        pages.put(self.V2, b"0", later, self.ROOM)
        self.put(pages, 0)  # one that was rendered for long
        page = pages.of_any_version(b"0")
        assert page is not None
        assert (page.packed, pages.age(page, 5.0)) == (b"later", 3.0)
        assert (len(pages), pages.size) == (1, 5 + OVERHEAD)
        never = CachedPage(b"", (), "", ("3",))
        assert pages.age(never, 5.0) == float("inf")

    def test_threads(self) -> None:
        pages = PageCache()
        failed: list[BaseException] = []

        def work(version: tuple[str]) -> None:
            try:
                for number in range(3_000):
                    key = str(number % 30).encode()
                    page = pages.get(version, key)
                    assert page is None or page.digest == version[0]
                    pages.put(version, key, CachedPage(b"x" * 100, (), version[0]), self.ROOM)
            except BaseException as error:
                failed.append(error)

        threads = [Thread(target=work, args=(v,)) for v in (self.V1, self.V2, self.V1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert pages.size == len(pages) * (100 + OVERHEAD) <= self.ROOM
