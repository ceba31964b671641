"""How many queries each public page takes, whatever the number of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from curation.records.facets import refacet
from proteins.models import BindingSite, GeneID, JasparMatrix, Ortholog, Protein
from tests.factories import accession, make_interaction, make_protein, taxon

pytestmark = pytest.mark.django_db

PROTEIN = 25  # one of them for the tag of the page, one for its names and all identifiers
PROTEIN_SHARED = 16  # without what the requests of one state share: vocabulary, evidence, runs
#: PostgreSQL is told evidence by its numbers, which are read first.
LISTED = int(connection.vendor == "postgresql")
# The rows of both tables are counted, and each vocabulary is read for its spellings.
PROTEIN_FILTERED = 29 + 2 * LISTED
PROTEIN_TABLE = 12  # one table alone, for htmx, with what its filters choose among
BROWSE = 7  # one of them for the tag of the page, three for the choices
BROWSE_SPECIES = 8  # the species by their taxon IDs
BROWSE_ON = 7  # whether there is an earlier page
SEARCH = 9  # species, names, beginnings of names and accessions; their order, and details
#: The state, by which they are cached; species, names, beginnings; their order, and species;
#: databases, methods.
SUGGESTIONS = 9
HOME = 10  # one of them for the tag of the page, three for examples of searches
SOURCES = ["GTRD", "ReMap", "TRED", "TRRUST", "HTRI", "TFactS_via_DoRothEA"]


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


def fill(tf: Protein, numbers: Iterable[int]) -> None:
    """Give `tf` a target and a regulator for each number, with ever different support."""
    for number in numbers:
        partner = make_protein(accession(number), f"T{number}", genes=range(1, 3 + number % 5))
        for pair in ((tf, partner), (partner, tf)):
            make_interaction(
                *pair,
                sources=SOURCES[: 1 + number % 6],
                methods=["selex", "one hybrid"][: 1 + number % 2],
                pmids=range(1, 2 + number % 30),
            )
        Ortholog.objects.create(protein=tf, taxon=taxon("Mm"), identifier=partner.accession)
        JasparMatrix.objects.create(protein=tf, matrix_id=f"MA{number:04d}.1")
        GeneID.objects.create(protein=tf, ncbi_gene_id=100_000 + number)
        BindingSite.objects.create(
            tflink_id=f"TFLinkLS{number:08d}",
            tf=tf,
            evidence=tf.target_interactions.all()[0].evidence,
        )


@pytest.fixture(scope="module", params=[1, 200], ids=["one row", "400 rows"])
def tf(request: pytest.FixtureRequest, module_db: None) -> Iterator[Protein]:
    with transaction.atomic():
        tf = make_protein("Q9UK53", "ING1", has_page=True)
        fill(tf, range(1, 1 + request.param))
        refacet([tf.pk])
        yield tf
        transaction.set_rollback(True)


def test_protein_page(
    client: Client, tf: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(PROTEIN):
        client.get("/protein/q9uk53/")
    with django_assert_num_queries(PROTEIN):
        client.get("/protein/q9uk53/?targets-sort=name&tfs-sort=-publications&tfs-page=1")
    with django_assert_num_queries(PROTEIN_FILTERED):
        client.get("/protein/q9uk53/?targets-q=T&targets-source=GTRD&tfs-method=selex")
    with django_assert_num_queries(PROTEIN_TABLE):
        client.get(
            "/protein/q9uk53/?tfs-sort=name",
            headers={"HX-Request": "true", "HX-Target": "tfs"},
        )


def test_protein_page_where_requests_share(
    client: Client,
    tf: Protein,
    settings: LazySettings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.PAGE_CACHE_BYTES = 1  # no page fits
    client.get("/protein/q9uk53/")
    with django_assert_num_queries(PROTEIN_SHARED):
        client.get("/protein/q9uk53/")


def test_browse(
    client: Client, tf: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(BROWSE):
        client.get("/browse/?function=tf")
    for species in ("species=Hs", "taxon=9606"):
        with django_assert_num_queries(BROWSE_SPECIES):
            client.get(f"/browse/?{species}&function=tf")
    for place in ("after=A0A1B0GVJ0", "before=Q9UK54"):
        with django_assert_num_queries(BROWSE_ON):
            client.get(f"/browse/?{place}")


def test_search(
    client: Client, tf: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(SEARCH):
        client.get("/search/?q=P0")
    with django_assert_num_queries(SUGGESTIONS):
        client.get("/search/suggestions/?q=ing")


def test_home(
    client: Client, tf: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(HOME):
        client.get("/")


def test_no_page_counts_the_interactions(client: Client, tf: Protein) -> None:
    """The stored counts serve: sites of one TF are counted, and proteins in groups."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for url in ("/protein/q9uk53/", "/browse/", "/search/?q=P0"):
            client.get(url)
    counted = [query["sql"] for query in queries if query["sql"].startswith("SELECT COUNT(")]
    assert not [sql for sql in counted if '"proteins_interaction"' in sql]
    assert len(counted) == 1
