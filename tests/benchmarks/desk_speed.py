"""How fast the curators' desk answers: every list, each choice of each filter, pairs of them,
searches, and the forms of records.

    DATABASE_URL=... python -m tests.benchmarks.desk_speed [--pairs all|some|none]

asks an existing database, such as one with the three whole-species tables, in process and by
way of Django's test client: what is measured is the server's time, from the request to the
whole answer. Each page is asked once to warm up and once more; what takes longer than half
of the limit is asked five times more, and the median counts. Exit status 1 where something
takes longer than the limit (`--limit`, 300 ms).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.contrib.admin import ModelAdmin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from proteins.models import Interaction, Protein  # noqa: E402

NAME: Final = "desk_speed"
AGAIN: Final = 5
SLOWEST: Final = 15
#: Of a filter with more choices than these, `--pairs some` takes so many, evenly spread.
SOME: Final = 5


class Answer(NamedTuple):
    seconds: float
    queries: int
    page: str
    url: str


class Desk:
    """A person who may see all, and the lists as they see them."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.user, _ = User.objects.get_or_create(
            username=NAME, defaults={"is_staff": True, "is_superuser": True}
        )
        self.client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
        self.client.force_login(self.user)

    def close(self) -> None:
        Session.objects.filter(pk=self.client.session.session_key).delete()
        self.user.delete()

    def answer_of(self, page: str, url: str) -> Answer:
        self._get(url)
        with CaptureQueriesContext(connection) as queries:
            self._get(url)
        number = len(queries)  # the next request forgets them
        seconds = self._get(url)
        if seconds > self.limit / 2:
            seconds = statistics.median(self._get(url) for _ in range(AGAIN))
        return Answer(seconds, number, page, url)

    def _get(self, url: str) -> float:
        start = time.perf_counter()
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        len(answer.content)
        return time.perf_counter() - start

    def choices(self, page: ModelAdmin[Any], query: str = "") -> list[list[str]]:
        """The addresses of the choices of each filter that are not taken now."""
        request = RequestFactory().get("/" + query)
        request.user = self.user
        change_list = page.get_changelist_instance(request)
        return [
            [
                str(choice["query_string"])
                for choice in spec.choices(change_list)
                if not choice["selected"]
            ]
            for spec in change_list.filter_specs
        ]


def urls(desk: Desk, page: ModelAdmin[Any], pairs: str) -> Iterator[str]:
    """Yield the query of the first page, of each choice of each filter and of pairs."""
    yield ""
    yield "?p=2" if page.model._base_manager.count() > 2 * page.list_per_page else ""
    filters = desk.choices(page)
    yield from chain.from_iterable(filters)
    if pairs == "none":
        return
    for number, first in enumerate(filters):
        for query in _spread(first, pairs):
            for second in desk.choices(page, query)[number + 1 :]:
                yield from _spread(second, pairs)


def _spread(choices: list[str], pairs: str) -> list[str]:
    if pairs == "all" or len(choices) <= SOME:
        return choices
    return [choices[round(n * (len(choices) - 1) / (SOME - 1))] for n in range(SOME)]


def searches() -> list[str]:
    """What people type, of what this database holds: names that many or few have, accessions
    of proteins with most interactions, publications that support most."""
    hub = Protein.objects.order_by("-target_count").first()
    target = Protein.objects.order_by("-tf_count").first()
    assert hub is not None, "the database is empty"
    assert target is not None
    evidence = (
        Interaction.objects.values_list("evidence")
        .annotate(number=models.Count("pk"))
        .order_by("-number")
        .first()
    )
    pmids = Interaction.objects.filter(evidence=evidence[0] if evidence else 0).values_list(
        "evidence__citations__pmid", flat=True
    )
    words = [hub.accession, hub.accession[:3], hub.name, hub.name[:2], "a", "Q", "zzzz"]
    words += [target.accession, f"{hub.accession}-{target.accession}", f"{hub.name} {target.name}"]
    words += [str(pmid) for pmid in pmids[:1] if pmid] + ["7157", "PMID 17244529", "99999999"]
    return [word for word in words if word]


def forms(page: ModelAdmin[Any]) -> Iterator[str]:
    """Yield the addresses of records: the first, one in the middle, the last."""
    keys = page.model._base_manager.order_by("pk").values_list("pk", flat=True)
    ends = [keys.first(), keys.last()]
    if None in ends:
        return
    middle = keys.filter(pk__gte=(int(ends[0]) + int(ends[1])) // 2).first()
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}_change"
    for key in dict.fromkeys([ends[0], middle, ends[1]]):
        yield reverse(name, args=[key])


def measure(desk: Desk, page: ModelAdmin[Any], pairs: str) -> Iterator[Answer]:
    label = page.model.__name__
    base = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    for query in dict.fromkeys(urls(desk, page, pairs)):
        yield desk.answer_of(f"{label} list", base + query)
    if page.search_fields:
        for text in searches():
            yield desk.answer_of(f"{label} search", f"{base}?q={text.replace(' ', '+')}")
    for url in forms(page):
        yield desk.answer_of(f"{label} form", url)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", choices=["all", "some", "none"], default="some")
    parser.add_argument("--limit", type=float, default=0.3, help="seconds (0.3)")
    parser.add_argument("--only", action="append", help="the name of a model; several may be given")
    given = parser.parse_args()
    settings.LOGGING_CONFIG = None
    desk = Desk(given.limit)
    answers: list[Answer] = []
    try:
        desk.answer_of("index", reverse("admin:index"))
        answers.append(desk.answer_of("index", reverse("admin:index")))
        for page in admin.site._registry.values():
            if not given.only or page.model.__name__ in given.only:
                answers += measure(desk, page, given.pairs)
    finally:
        desk.close()
    report(answers, given.limit)
    return int(any(answer.seconds > given.limit for answer in answers))


def report(answers: list[Answer], limit: float) -> None:
    print(f"{connection.vendor}: {len(answers)} pages asked")
    print(f"{'page':32} {'asked':>6} {'median ms':>10} {'max ms':>8} {'queries':>8}")
    pages = dict.fromkeys(answer.page for answer in answers)
    for page in pages:
        ours = [answer for answer in answers if answer.page == page]
        times = [answer.seconds * 1000 for answer in ours]
        most = max(answer.queries for answer in ours)
        print(
            f"{page:32} {len(ours):6} {statistics.median(times):10.0f} {max(times):8.0f} {most:8}"
        )
    print(f"\nthe slowest {SLOWEST}")
    for answer in sorted(answers, reverse=True)[:SLOWEST]:
        print(f"{answer.seconds * 1000:6.0f} ms {answer.queries:3} queries  {answer.url}")
    slow = sum(answer.seconds > limit for answer in answers)
    print(f"\nover {limit * 1000:.0f} ms: {slow}")


if __name__ == "__main__":
    sys.exit(main())
