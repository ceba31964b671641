"""The pages of datasets."""

from __future__ import annotations

import pytest
from django.test import Client

from proteins.domain.statements import Basis, Sign
from proteins.models import Dataset, SourceDatabase
from tests.factories import make_interaction, make_protein, make_statement
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signor() -> Dataset:
    dataset = Dataset.objects.create(
        name="SIGNOR",
        source=SourceDatabase.objects.get(key="TRRUST"),
        version="3.1",
        version_date="2026-11",
        licence="CC BY-SA 4.0",
        licence_url="https://creativecommons.org/licenses/by-sa/4.0/",
        is_share_alike=True,
    )
    pair = make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))
    sign = {"effect": int(Sign.REPRESSION), "basis": int(Basis.STATED)}
    make_statement(pair, dataset, source_id="SIGNOR-1", pmid=7, **sign)
    return dataset


def test_all_with_version_licence_and_number(client: Client, signor: Dataset) -> None:
    text = text_of(client, "/datasets/")
    assert "Curated here none (stated by curators) not stated not stated 0" in text
    assert "SIGNOR TRRUST 3.1 (2026-11) CC BY-SA 4.0, share-alike 1" in text


def test_one_with_its_newest_statements(client: Client, signor: Dataset) -> None:
    url = signor.get_absolute_url()
    text = text_of(client, url)
    assert "share-alike: redistribute under the same licence only" in text
    assert "1 active" in text
    assert "TP53 regulates BAX BAX repression PMID 7" in text
    html = client.get(url).text
    assert 'href="https://creativecommons.org/licenses/by-sa/4.0/"' in html
    assert 'href="/interaction/P04637-Q07812/#statement-' in html
    assert 'href="/api/v1/statements/?dataset=SIGNOR"' in html


def test_its_statements_are_filtered_sorted_and_saved(client: Client, signor: Dataset) -> None:
    pair = make_interaction(make_protein("Q9UK53", "ING1"), make_protein("P38936", "CDKN1A"))
    make_statement(pair, signor, source_id="SIGNOR-2", pmid=5)
    url = signor.get_absolute_url()
    assert client.get(f"{url}?sort=-target&format=tsv").text.splitlines() == [
        "tf\ttarget\teffect\tmethod\tpmid",
        "ING1\tCDKN1A\t\t\t5",
        "TP53\tBAX\trepression\t\t7",
    ]
    assert "ING1" not in client.get(f"{url}?q=bax&format=tsv").text
    assert "No statement contains this text. Clear filters" in text_of(client, f"{url}?q=nothing")


def test_a_licence_that_is_no_web_page_is_no_link(client: Client, signor: Dataset) -> None:
    Dataset.objects.filter(pk=signor.pk).update(licence_url="javascript:alert(1)", licence="")
    html = client.get(signor.get_absolute_url()).text
    assert "javascript:alert(1)" in html
    assert 'href="javascript:' not in html


@pytest.mark.parametrize("url", ["/dataset/999/", "/dataset/0/"])
def test_there_is_no_such_dataset(client: Client, url: str) -> None:
    assert client.get(url).status_code == 404
