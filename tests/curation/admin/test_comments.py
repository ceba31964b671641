"""Comments, endorsements and merged accessions: lists to look at."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation import actions
from curation.models import Comment, Endorsement, Pin, RecordKind
from curation.permissions import CURATOR
from proteins.models import Protein, SecondaryAccession
from tests.curation.admin.queue import browser, proposal_page, propose_name, some_protein
from tests.curation.people import make_person
from tests.factories import accession, make_protein

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
#: Session, user, rights (2), count and rows.
QUERIES = 6


@pytest.fixture
def reader() -> Client:
    return browser("reader", CURATOR)


def admin_url(model: str, page: str = "changelist", *args: object) -> str:
    app = "proteins" if model == "secondaryaccession" else "curation"
    return reverse(f"admin:{app}_{model}_{page}", args=args)


def fill(numbers: range) -> None:
    ada, eve = make_person("ada", CURATOR), make_person("eve")
    for number in numbers:
        protein = make_protein(accession(number), f"GENE{number}")
        proposal = propose_name(ada, protein, f"NEW{number}")
        actions.comment(user=eve, text=f"{HOSTILE} {number}", proposal=proposal)
        actions.comment(user=ada, text="of a record", kind=RecordKind.PROTEIN, record_id=protein.pk)
        actions.endorse_proposal(user=eve, proposal=proposal)
        SecondaryAccession.objects.create(accession=f"Q{number:04d}0", protein=protein)


def test_a_list_takes_a_fixed_number_of_queries(reader: Client) -> None:
    for numbers in (range(1), range(1, 30)):
        fill(numbers)
        for model in ("comment", "endorsement", "secondaryaccession"):
            with CaptureQueriesContext(connection) as captured:
                assert reader.get(admin_url(model)).status_code == 200
            assert len(captured) == QUERIES, model


def test_comments_say_who_what_and_about_what(reader: Client) -> None:
    fill(range(2))
    text = reader.get(admin_url("comment")).text
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    comment = Comment.objects.filter(proposal__isnull=False).earliest("id")
    assert comment.proposal is not None
    assert f'<a href="{proposal_page(comment.proposal)}">Proposal {comment.proposal_id}</a>' in text
    history = reverse("admin:proteins_protein_history", args=[comment.record_id])
    assert f'<a href="{history}">protein P00000</a>' in text
    page = reader.get(admin_url("comment", "change", comment.pk)).text
    assert HOSTILE not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=p00001", 2),
        ("?q=EVE", 2),
        ("?q=nobody", 0),
        ("?kind=citation", 0),
        ("?kind=protein", 4),
    ],
)
def test_comments_are_found(reader: Client, query: str, expected: int) -> None:
    fill(range(2))
    assert reader.get(admin_url("comment") + query).context["cl"].result_count == expected


def test_merged_accessions_are_found_by_either(reader: Client) -> None:
    fill(range(2))
    for text in ("q00010", "P00001", "GENE1"):
        results = reader.get(admin_url("secondaryaccession"), {"q": text}).context["cl"].result_list
        assert [str(item) for item in results] == ["Q00010"], text


def test_a_pin_says_what_the_source_said(reader: Client) -> None:
    protein = some_protein()
    actions.amend_protein(user=make_person("eve"), protein=protein, values={"name": "p33"})
    text = reader.get(admin_url("pin", "change", Pin.objects.get().pk)).text
    assert "ING1" in text
    assert reverse("admin:proteins_protein_change", args=[protein.pk]) in text


@pytest.mark.parametrize("model", ["comment", "endorsement", "secondaryaccession", "pin"])
def test_nobody_writes_there(model: str) -> None:
    fill(range(1))
    protein = Protein.objects.earliest("id")
    Pin.objects.create(kind="protein", record_id=protein.pk, field="name", source_value="x")
    models = {
        "comment": Comment,
        "endorsement": Endorsement,
        "secondaryaccession": SecondaryAccession,
        "pin": Pin,
    }
    number = models[model]._default_manager.earliest("pk").pk
    senior = browser("senior", "Senior curator")
    assert senior.get(admin_url(model, "add")).status_code == 403
    assert senior.post(admin_url(model, "change", number), {}).status_code == 403
    assert senior.post(admin_url(model, "delete", number), {"post": "yes"}).status_code == 403
    assert models[model]._default_manager.filter(pk=number).exists()


@pytest.mark.parametrize("model", ["comment", "endorsement", "secondaryaccession"])
def test_an_empty_list_says_what_it_is_for(reader: Client, model: str) -> None:
    text = reader.get(admin_url(model)).text
    assert "yet" in text
    assert "empty-list" in text
