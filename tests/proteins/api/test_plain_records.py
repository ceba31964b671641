"""Records made from plain values: one and the same on a page, alone and in a file, as their
serializers describe them, and never of a state of the content that has passed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation.actions import amend_citation, amend_interaction, amend_protein, reject_interaction
from proteins.api import resource
from proteins.api.records import iso_moment
from proteins.api.serializers import BindingSiteSerializer, InteractionSerializer
from proteins.caching.conditional import cached_pages
from proteins.models import BindingSite, Citation, Interaction, Protein
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

LIST = "/api/v1/interactions/"


@pytest.fixture
def rows(db: None) -> list[Interaction]:
    """Names that are hard to write, and evidence of several kinds."""
    tf = make_protein("Q9UK53", 'IN"G\\1\u2028</script>é', genes=[3621, 5])
    others = [make_protein("Q07812", ""), make_protein("P04637", "\u2029\x7f", genes=[7157]), tf]
    made = [
        make_interaction(tf, target, pmids=pmids)
        for target, pmids in zip(others, ([27924024, 5], [], [7]), strict=True)
    ]
    Citation.objects.filter(pmid=5).update(is_retracted=True)
    Interaction.objects.filter(pk=made[1].pk).update(effect=1, status=1)
    return made


SITES = "/api/v1/binding-sites/"


@pytest.fixture
def sites(rows: list[Interaction]) -> None:
    placed: dict[str, Any] = {
        "assembly": "hg38", "chromosome": 'c"1', "start": 0, "end": 9, "strand": "-",
        "overlaps": 2, "sequence": "ACGTN",
    }  # fmt: skip
    for number, values in enumerate(({}, placed, {"sequence": "N"}, {**placed, "chromosome": ""})):
        BindingSite.objects.create(
            tflink_id=f"TFLinkLS{number}",
            tf=rows[0].tf,
            evidence=rows[number % 2].evidence,
            **values,
        )


@pytest.mark.parametrize(
    ("path", "serializer", "key"),
    [
        (LIST, InteractionSerializer, "id"),
        (SITES, BindingSiteSerializer, "tflink_id"),
    ],
)
def test_one_record_on_pages_alone_and_in_files(
    client: Client, sites: None, path: str, serializer: Any, key: str
) -> None:
    page = client.get(path)
    assert page["Content-Type"] == "application/json"
    records = page.json()["results"]
    assert len(records) == {LIST: 3, SITES: 4}[path]
    texts = page.content.partition(b'"results":[')[2].removesuffix(b"]}")
    # The bytes are those of the standard library, but for the line ends of JavaScript.
    by_the_library = ",".join(
        json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records
    )
    escaped = by_the_library.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    assert texts.decode() == escaped
    file: Any = client.get(f"{path}?format=jsonl")
    lines = b"".join(file.streaming_content)
    assert b",".join(lines.splitlines()) == texts
    for record in records:
        alone = client.get(f"{path}{record[key]}/").json()
        # Which documents state it is in one record only, not in lists.
        assert bool(alone.pop("documents", [])) is (path == LIST)
        assert alone == record
        # In the order of the fields as the schema describes them.
        assert list(record) == list(serializer().fields)
        for name in ("tf", "target", "taxon"):
            if name in record:
                assert list(record[name]) == list(serializer().fields[name].fields)
        for name in ("sources", "methods", "publications"):
            for item in record[name]:
                assert list(item) == list(serializer().fields[name].child.fields)
    some = client.get(f"{path}?fields={key},tf").json()["results"]
    assert some == [{key: record[key], "tf": record["tf"]} for record in records]
    following = client.get(f"{path}?page_size=1").json()["next"]
    assert client.get(following).json()["results"] == records[1:2]


@pytest.mark.parametrize(
    ("changed", "moment"),
    [
        ("2026-11-30 12:58:52.123456", "2026-11-30T12:58:52.123456Z"),
        ("2026-11-30 12:58:52", "2026-11-30T12:58:52Z"),
        ("2026-11-30 12:58:52.1234+00", "2026-11-30T12:58:52.123400Z"),
        ("2026-11-30 12:58:52+00", "2026-11-30T12:58:52Z"),
    ],
)
def test_moments_of_both_databases(changed: str, moment: str) -> None:
    assert iso_moment(changed) == moment


def test_moments_are_those_of_the_row(client: Client, rows: list[Interaction]) -> None:
    for record in client.get(LIST).json()["results"]:
        row = Interaction.objects.between(*record["id"].split("-")).get()
        assert datetime.fromisoformat(record["changed_at"]) == row.changed_at


def test_what_pages_share_is_never_of_a_state_that_has_passed(
    client: Client,
    rows: list[Interaction],
    settings: LazySettings,
    django_assert_num_queries: DjangoAssertNumQueries,
    shared: None,
) -> None:
    settings.PAGE_CACHE_BYTES = 1_000_000
    ann = make_person("ann")
    actions: list[Callable[[], object]] = [
        lambda: None,
        lambda: amend_protein(user=ann, protein=Protein.objects.get(pk=rows[0].target_id),
                              values={"name": "BAX2"}),
        lambda: amend_citation(user=ann, citation=Citation.objects.get(pmid=7),
                               values={"is_retracted": True}),
        lambda: amend_interaction(user=ann, interaction=Interaction.objects.get(pk=rows[1].pk),
                                  values={"effect": 2}),
        lambda: reject_interaction(user=ann, interaction=Interaction.objects.get(pk=rows[2].pk),
                                   reason="wrong"),
    ]  # fmt: skip
    seen = set()
    for number, action in enumerate(actions):
        action()
        page = client.get(f"{LIST}?page_size=50").content
        cached_pages.clear()
        settings.PAGE_CACHE_BYTES = 0
        assert page == client.get(f"{LIST}?page_size=50").content, number
        settings.PAGE_CACHE_BYTES = 1_000_000
        # A page of another address takes from the same texts: state, keys, and rows,
        # and the reviews of those that are reviewed.
        with django_assert_num_queries(4):
            assert client.get(f"{LIST}?page_size=51").content == page
        seen.add(page)
    assert len(seen) == len(actions)


@pytest.fixture
def shared() -> Iterator[None]:
    """No texts of other tests."""
    resource._makers.clear()
    cached_pages.clear()
    yield
    resource._makers.clear()
    cached_pages.clear()
