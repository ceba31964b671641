"""One write does not empty the page cache for readers; who may have written sees it at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from curation.actions import amend_protein
from proteins.caching import conditional
from proteins.caching.conditional import cached_pages, unless_unchanged
from proteins.models import Interaction, Protein
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
PAGE = "/protein/q9uk53/"
STALE = 60


class Clock:
    now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(
    no_cached_pages: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Clock]:
    settings.PAGE_CACHE_BYTES = 1_000_000
    settings.PAGE_STALE_SECONDS = STALE
    clock = Clock()
    monkeypatch.setattr(conditional, "time", clock)
    cached_pages.clear()
    yield clock
    cached_pages.clear()


@pytest.fixture
def interaction(db: None) -> Interaction:
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    return make_interaction(tf, make_protein("Q07812", "BAX"))


@pytest.fixture
def editor() -> User:
    return make_person("ann")


def rename(editor: User, interaction: Interaction, name: str) -> None:
    protein = Protein.objects.get(pk=interaction.target_id)
    amend_protein(user=editor, protein=protein, values={"name": name})


def test_a_reader_gets_the_page_as_it_was_for_a_while(
    client: Client, interaction: Interaction, editor: User, clock: Clock,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    before = client.get(PAGE)
    rename(editor, interaction, "BAX2")
    clock.now += STALE / 2
    with django_assert_num_queries(1):
        stale = client.get(PAGE)
    assert (stale.content, stale["ETag"]) == (before.content, before["ETag"])
    clock.now += STALE / 2 + 1
    after = client.get(PAGE)
    assert b"BAX2" in after.content
    assert after["ETag"] != before["ETag"]


def test_a_tag_of_a_page_as_it_was_is_not_good_for_the_new_one(
    client: Client, interaction: Interaction, editor: User, clock: Clock
) -> None:
    client.get(PAGE)
    rename(editor, interaction, "BAX2")
    stale = client.get(PAGE)["ETag"]
    had = {"If-None-Match": stale}
    assert client.get(PAGE, headers=had).status_code == 304
    clock.now += STALE + 1
    again = client.get(PAGE, headers=had)
    assert again.status_code == 200
    assert "BAX2" in again.text


def test_the_time_counts_from_when_the_page_was_known_to_be_right(
    client: Client, interaction: Interaction, editor: User, clock: Clock
) -> None:
    """A worker without requests does not see when something was written."""
    client.get(PAGE)
    clock.now += STALE + 1
    rename(editor, interaction, "BAX2")
    assert "BAX2" in client.get(PAGE).text


def test_who_may_have_written_sees_it_at_once(
    client: Client, interaction: Interaction, editor: User, clock: Clock
) -> None:
    client.get(PAGE)
    clock.now += 1
    rename(editor, interaction, "BAX2")
    assert "BAX2" not in client.get(PAGE).text
    assert "BAX2" in browser_of(editor).get(PAGE).text
    # One who sends a report has the cookie of its form.
    reader = Client()
    reader.get("/report/protein/Q9UK53/")
    assert "csrftoken" in reader.cookies
    assert "BAX2" in reader.get(PAGE).text
    # What they got is the page now, for others too.
    assert "BAX2" in client.get(PAGE).text


def test_the_api_is_exact(client: Client, interaction: Interaction, editor: User) -> None:
    url = "/api/v1/interactions/Q9UK53-Q07812/"
    client.get(url)
    rename(editor, interaction, "BAX2")
    assert "BAX2" in client.get(url).text


def test_one_request_at_a_time_renders_what_will_soon_be_too_old(
    rf: RequestFactory, interaction: Interaction, editor: User, clock: Clock
) -> None:
    rendered: list[str] = []

    @unless_unchanged
    def page(request: HttpRequest) -> HttpResponse:
        rendered.append(request.path)
        if len(rendered) == 3:  # while it is rendered, others come
            assert page(rf.get("/b/")).content == b"/b/ 2"
            assert page(rf.get("/a/")).content == b"/a/ 1"
        return HttpResponse(f"{request.path} {len(rendered)}")

    page(rf.get("/a/"))
    page(rf.get("/b/"))
    rename(editor, interaction, "BAX2")
    clock.now += STALE / 2 + 1
    assert page(rf.get("/a/")).content == b"/a/ 3"
    assert page(rf.get("/b/")).content == b"/b/ 4"
    assert rendered == ["/a/", "/b/", "/a/", "/b/"]


def test_a_page_that_breaks_lets_the_next_be_rendered(
    rf: RequestFactory, interaction: Interaction, editor: User, clock: Clock
) -> None:
    breaks = [False, True, False]

    @unless_unchanged
    def page(_: HttpRequest) -> HttpResponse:
        if breaks.pop(0):
            raise ValueError
        return HttpResponse(str(len(breaks)))

    page(rf.get("/"))
    rename(editor, interaction, "BAX2")
    clock.now += STALE / 2 + 1
    with pytest.raises(ValueError, match=r"^$"):
        page(rf.get("/"))
    assert page(rf.get("/")).content == b"0"


def test_none_where_it_is_turned_off(
    client: Client, interaction: Interaction, editor: User, settings: LazySettings
) -> None:
    settings.PAGE_STALE_SECONDS = 0
    client.get(PAGE)
    rename(editor, interaction, "BAX2")
    assert "BAX2" in client.get(PAGE).text
