"""How many queries a list takes that is filtered or searched, whatever it holds: the speed of
the desk over hundreds of thousands of records rests on it (`tests/benchmarks/desk_speed.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation.admin.base.search import MOST_WORDS
from tests.curation.admin.records import SHOWN, populate
from tests.curation.admin.test_every_page import LIST_QUERIES

pytestmark = pytest.mark.django_db
#: Beside those of the first page: a filter by species looks up TFs, one of a small table its
#: rows; a search looks for proteins (twice: whole and alike) and for publications, and where
#: the whole text is none, for each of a few words.
MORE_FOR_A_FILTER = 2
MORE_FOR_A_SEARCH = 3
#: The history is searched by the keys of the records that are meant, of each kind; statements by
#: their IDs at the source, and by the interactions that are meant.
MORE_FOR_A_SEARCH_OF = {"Pin": 7, "Revision": 7, "Statement": 4}
MORE_FOR_A_WORD = 2


#: Rows: enough that a query for each would show.
ROWS = 12


@pytest.fixture(scope="module", autouse=True)
def filled(module_db: None) -> None:
    populate(range(ROWS))


def filtered(model: type[Model]) -> Iterator[str]:
    """Yield the URL of each choice of each filter, and of two filters together."""
    page = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="curator")
    change_list = page.get_changelist_instance(request)
    choices = [
        [
            str(choice["query_string"])
            for choice in spec.choices(change_list)
            if not choice["selected"]
        ]
        for spec in change_list.filter_specs
    ]
    for first, queries in enumerate(choices):
        yield from queries
        for others in choices[first + 1 :]:
            if queries and others:
                yield f"{queries[0]}&{others[0].removeprefix('?')}"


def number_of_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
        return len(queries)


@pytest.mark.parametrize("model", SHOWN)
def test_a_filter_takes_few_queries_more(curator: Client, model: type[Model]) -> None:
    base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    most = LIST_QUERIES[model.__name__] + MORE_FOR_A_FILTER
    numbers = {query: number_of_queries(curator, base + query) for query in filtered(model)}
    assert {query: number for query, number in numbers.items() if number > most} == {}


@pytest.mark.parametrize("model", SHOWN)
def test_a_search_takes_few_queries_more(curator: Client, model: type[Model]) -> None:
    base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    more = MORE_FOR_A_SEARCH_OF.get(model.__name__, MORE_FOR_A_SEARCH)
    most = LIST_QUERIES[model.__name__] + more
    for text in ("ING1", "P0", "GENE", "27924024", "7", "Q9UK53-P00001", "nobody"):
        assert number_of_queries(curator, f"{base}?q={text}") <= most, text


def test_of_many_words_only_the_first_are_looked_for(curator: Client) -> None:
    base = reverse("admin:proteins_interaction_changelist")
    most = LIST_QUERIES["Interaction"] + MORE_FOR_A_SEARCH
    text = "+".join(["ING1", "GENE", "P0", "Q9UK53"] * 50)
    assert number_of_queries(curator, f"{base}?q=ING1+GENE1") <= most + 2 * MORE_FOR_A_WORD
    assert number_of_queries(curator, f"{base}?q={text}") <= most + MOST_WORDS * MORE_FOR_A_WORD
    assert f"Only the first {MOST_WORDS} words" in curator.get(f"{base}?q={text}").text
