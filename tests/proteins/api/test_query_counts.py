"""No query a row: a page of 200 takes as many as a page of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE, StatementContent
from proteins.models import BindingSite, JasparMatrix, Ortholog
from tests.factories import accession, make_interaction, make_protein, make_statement, taxon
from tests.thoroughness import ONCE_MORE

pytestmark = pytest.mark.django_db

#: PostgreSQL gets evidence as primary keys, which are read first.
LISTED = int(connection.vendor == "postgresql")

#: Of the statement on the first row.
KEY = StatementContent(pmid=1001, method="selex").key(fold(CURATED_HERE))
#: How many queries each URL takes beside the one for the state of the content.
#: Changing one is a deliberate act.
QUERIES = {
    "": 0,
    "proteins/": 4,
    "proteins/?taxon=9606": 5,
    "proteins/P00000/": 5,  # one of them: names, identifiers elsewhere, former identifiers
    "interactions/": 6,
    "interactions/?tf=P00000": 7,
    "interactions/?taxon=9606": 8,
    "interactions/?source=GTRD": 11 + LISTED,
    "interactions/?source=GTRD&taxon=9606&small_scale=no": 11 + LISTED,
    "interactions/?either=P00000": 8,
    "interactions/P00000-P00001/": 9,  # four of them: which document states it
    "binding-sites/?tf=P00000": 7,
    "binding-sites/TFLinkLS1/": 5,
    "interactions/?fields=id,tf": 3,
    "orthologs/": 3,
    "orthologs/?protein_taxon=9606&taxon=10090": 5,
    "orthologs/P00000-10090-M1/": 2,
    "citations/": 2,
    "citations/?source=GTRD": 3,
    "citations/1001/": 1,
    "sources/": 2,
    "sources/GTRD/": 1,
    "methods/": 2,
    "methods/MI:0402/": 1,
    "taxa/": 2,
    "taxa/9606/": 1,
    "statements/": 4,
    "statements/?dataset=Curated here&taxon=9606": 8,
    f"statements/P00000-P00001-{KEY}/": 3,
    "datasets/": 2,
    "datasets/1/": 1,
}


def make_rows(first: int, last: int) -> None:
    """Interactions from P00000 to each of some targets, each with evidence of its own."""
    tf = make_protein(accession(0), genes=[1]) if first == 1 else None
    for number in range(first, last + 1):
        target = make_protein(accession(number), "name", genes=[number, number + 1])
        tf = tf or target.__class__.objects.get(accession=accession(0))
        JasparMatrix.objects.create(protein=tf, matrix_id=f"MA{number:04}.1")
        Ortholog.objects.create(protein=tf, taxon=taxon("Mm"), identifier=f"M{number}")
        interaction = make_interaction(
            tf, target, sources=["GTRD", f"S{number}_via_GTRD"], pmids=[1000 + number, 27924024]
        )
        make_statement(interaction, pmid=1000 + number, method="selex")
        content = EvidenceContent.of(["JASPAR"], ["selex"], [5000 + number], SmallScale.NO)
        BindingSite.objects.create(
            tflink_id=f"TFLinkLS{number}", tf=tf, evidence=evidence_for(content)
        )


def counts(client: Client) -> dict[str, int]:
    by_url = {}
    for url in QUERIES:
        lists = (url.endswith("/") and url.count("/") == 1) or "?" in url
        size = f"{'&' if '?' in url else '?'}page_size=1000" if lists else ""
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(f"/api/v1/{url}{size}")
        assert response.status_code == 200, (url, response.content)
        by_url[url] = len(queries) - 1
    return by_url


@pytest.fixture(autouse=True)
def _folder_of_arrays(settings: LazySettings, tmp_path: Path) -> None:
    """Without a folder the arrays of species are not looked for, which takes a query less."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "analysis").mkdir()


def test_one_row_and_two_hundred(client: Client) -> None:
    make_rows(1, 1)
    assert counts(client) == QUERIES
    # Fewer on the second database: a query a row would show there, too.
    make_rows(2, 50 if ONCE_MORE else 200)
    assert counts(client) == QUERIES


#: What the total of a page that is not the whole takes beside the page, whose TFs serve for both.
TOTALS = {
    "proteins/?": 1,
    "interactions/?": 1,
    "interactions/?tf=P00000": 1,
    "interactions/?taxon=9606": 1,
    "interactions/?target=P00001,P00002": 1,
    "interactions/?either=P00000": 2,
    "interactions/?source=GTRD": 2,
    "interactions/?tf=P00000&source=GTRD&effect=unknown": 2,
    "binding-sites/?tf=P00000": 1,
    "orthologs/?": 1,
    "citations/?": 1,
}


def test_totals_take_few_queries(client: Client) -> None:
    make_rows(1, 3)
    by_url = {}
    for url in TOTALS:
        taken = []
        client.get(f"/api/v1/{url}")
        for size in (1, 1000):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"/api/v1/{url}&page_size={size}").json()
            assert answer["total_is_exact"]
            taken.append((len(queries), answer["total"]))
        (first, total), (whole, length) = taken
        assert total == length
        by_url[url] = first - whole
    assert by_url == TOTALS
