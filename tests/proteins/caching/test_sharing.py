"""What all pages ask is read once for a state of the content, and by nobody else."""

from __future__ import annotations

from itertools import count

import pytest
from django.conf import LazySettings
from django.test import Client

from curation.actions import keep_vocabulary
from proteins.caching.shared import shared, sharing
from proteins.models import DetectionMethod
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein


@pytest.fixture
def pages_are_rendered(settings: LazySettings) -> None:
    settings.PAGE_CACHE_BYTES = 1  # what requests share is there, and no page fits


def test_it_is_read_once_for_each_state(pages_are_rendered: None) -> None:
    numbers = count()
    read = shared(lambda: next(numbers))
    assert [read(), read()] == [0, 1]
    for state, expected in (("one", 2), ("one", 2), ("two", 3), ("one", 4)):
        with sharing(state):
            assert [read(), read()] == [expected, expected]
    assert read() == 5


def test_without_a_cache_of_pages_nothing_is_shared() -> None:
    numbers = count()
    read = shared(lambda: next(numbers))
    with sharing("one"):
        assert [read(), read()] == [0, 1]


@pytest.mark.django_db
def test_the_next_page_has_what_was_written(client: Client, pages_are_rendered: None) -> None:
    tf = make_protein("Q9UK53", "ING1")
    for accession in ("Q07812", "P04637"):
        make_interaction(tf, make_protein(accession), methods=["selex"])
    assert "selex</option>" in client.get("/protein/q9uk53/").content.decode()
    method = DetectionMethod.objects.get(name="selex")
    method.name = "selex of 1990"
    senior = make_person("senior of methods")
    keep_vocabulary(user=senior, record=method, reason="A better name.", changed=["name"])
    page = client.get("/protein/q9uk53/").content.decode()
    assert "selex of 1990</option>" in page
    assert "selex</option>" not in page
