"""Lists are ordered index scans: SQLite's plan of the query of each page.

PostgreSQL chooses by the size of a table, and rightly reads a small one whole.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from proteins.api.parameters import filters_digest
from proteins.domain.statements import CURATED_HERE
from proteins.filters import interactions, statements
from proteins.filters.interactions import InteractionFilterSet
from proteins.models import Interaction
from proteins.queries.keyset import Cursor
from tests.factories import make_interaction, make_protein

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the plans are SQLite's"),
]
PAIR = "sqlite_autoindex_proteins_interaction_1"
TARGET = "interaction_of_target"
STATEMENT = "sqlite_autoindex_proteins_statement_1"
#: The order and the key of a cursor, which `plan` makes with the filters beside it.
AFTER = "cursor=tf,1,1"
BEFORE = "cursor=tf,9,9,before"


def plan(client: Client, url: str) -> str:
    """The plan of the query that finds which rows a page has."""
    path, _, query = url.partition("?")
    if match := re.search(r"cursor=(-?\w+),(\d),(\d)(,before)?", query):
        filters = filters_digest(InteractionFilterSet(QueryDict(query), Interaction.objects.none()))
        key = int(match[2]), int(match[3])
        bound = Cursor(key, match[1], bool(match[4]), filters).encoded()
        url = f"{path}?{query.replace(match[0], f'cursor={bound}')}"
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/api/v1/{url}").status_code == 200
    keys = re.compile(r'SELECT "\w+"\."id" AS "pk".* LIMIT \d{2,}$')
    (steps,) = [query["sql"] for query in queries if keys.match(query["sql"])]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {steps}")
        steps = "; ".join(row[3] for row in cursor.fetchall())
        return steps.replace("COVERING INDEX", "INDEX")


@pytest.fixture
def rows() -> None:
    make_interaction(make_protein("P04637"), make_protein("Q07812"))


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ("", f"SCAN proteins_interaction USING INDEX {PAIR}"),
        (AFTER, f"SEARCH proteins_interaction USING INDEX {PAIR} ((tf_id,target_id)>(?,?))"),
        (BEFORE, f"SEARCH proteins_interaction USING INDEX {PAIR} ((tf_id,target_id)<(?,?))"),
        ("tf=P04637", f"SEARCH proteins_interaction USING INDEX {PAIR} (tf_id=?)"),
        (f"tf=P04637&{AFTER}", f"SEARCH proteins_interaction USING INDEX {PAIR} (tf_id=?)"),
        ("taxon=9606", f"SEARCH proteins_interaction USING INDEX {PAIR} (tf_id=?)"),
        (f"taxon=9606&{AFTER}", f"SEARCH proteins_interaction USING INDEX {PAIR} (tf_id=?)"),
        ("target=Q07812", "SEARCH proteins_interaction USING INDEX interaction_of_target ("),
        ("taxon=9606&source=GTRD", f"SEARCH proteins_interaction USING INDEX {PAIR} (tf_id=?)"),
        ("source=GTRD", f"SCAN proteins_interaction USING INDEX {PAIR}"),
        ("tier=single&exclude_source=TRRUST", f"SCAN proteins_interaction USING INDEX {PAIR}"),
        (
            "taxon=9606&method_class=expression,binding_in_vivo",
            f"SEARCH proteins_interaction USING INDEX {PAIR} (tf_id=?)",
        ),
        ("sort=-tf", f"SCAN proteins_interaction USING INDEX {PAIR}"),
        (
            "sort=-tf&cursor=-tf,9,9",
            f"SEARCH proteins_interaction USING INDEX {PAIR} ((tf_id,target_id)<(?,?))",
        ),
        ("sort=target", f"SCAN proteins_interaction USING INDEX {TARGET}"),
        ("sort=-target&source=GTRD", f"SCAN proteins_interaction USING INDEX {TARGET}"),
        (
            "sort=target&cursor=target,9,9",
            f"SEARCH proteins_interaction USING INDEX {TARGET} ((target_id,tf_id)>(?,?))",
        ),
        (
            "sort=-target&target=Q07812",
            f"SEARCH proteins_interaction USING INDEX {TARGET} (target_id=?)",
        ),
    ],
)
def test_an_ordered_index_scan(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: str, begins: str
) -> None:
    monkeypatch.setattr(interactions, "FEW", 0)
    steps = plan(client, f"interactions/?{query}")
    assert steps.startswith(begins)
    assert "TEMP B-TREE" not in steps


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("source=GTRD", "interaction_evidence_support"),
        ("pmid=27924024&taxon=9606", "interaction_evidence_support"),
        ("small_scale=no", "interaction_evidence_support"),
        ("tier=single", "interaction_evidence_support"),
        ("method_class=binding in vivo", "interaction_evidence_support"),
        ("single_source=true&exclude_source=TRRUST", "interaction_evidence_support"),
        ("status=confirmed", "interaction_reviewed"),
        ("effect=activation,both", "interaction_with_effect"),
    ],
)
def test_few_rows_are_found_and_sorted(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: str, index: str
) -> None:
    # As in a large table and species, of which they are a small part.
    monkeypatch.setattr(interactions, "_is_met_soon", lambda _: False)
    monkeypatch.setattr(InteractionFilterSet, "are_few_scanned", lambda _: False)
    steps = plan(client, f"interactions/?{query}")
    assert steps.startswith(f"SEARCH proteins_interaction USING INDEX {index}")


@pytest.mark.usefixtures("rows")
def test_the_two_sides_of_a_protein_are_found_and_sorted(client: Client) -> None:
    steps = plan(client, "interactions/?either=P04637,Q07812")
    assert steps.startswith("MULTI-INDEX OR")
    assert "SEARCH proteins_interaction USING INDEX interaction_of_tf (tf_id=?)" in steps
    assert f"SEARCH proteins_interaction USING INDEX {TARGET} (target_id=?)" in steps


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("url", "index"),
    [
        ("proteins/", "sqlite_autoindex_proteins_protein_1"),
        ("proteins/?taxon=9606", "protein_taxon_accession (taxon_id=?)"),
        ("proteins/?sort=name", "protein_by_name"),
        ("proteins/?sort=-target_count", "protein_by_targets"),
        ("proteins/?sort=tf_count&source=GTRD", "protein_by_regulators"),
        ("proteins/?sort=-interaction_count&is_tf=true", "protein_by_interactions"),
        ("orthologs/", "sqlite_autoindex_proteins_ortholog_1"),
        ("orthologs/?protein=P04637", "sqlite_autoindex_proteins_ortholog_1 (protein_id=?)"),
        ("orthologs/?protein_taxon=9606&taxon=10090", "sqlite_autoindex_proteins_ortholog_1"),
        ("orthologs/?sort=identifier", "proteins_ortholog_identifier"),
        ("taxa/?sort=-code", "sqlite_autoindex_proteins_taxon"),
        ("citations/", "sqlite_autoindex_proteins_citation_1"),
        ("binding-sites/", "site_tf_tflink_id"),
    ],
)
def test_other_lists(client: Client, url: str, index: str) -> None:
    steps = plan(client, url)
    assert f"INDEX {index}" in steps
    # What is sorted within a protein is a handful.
    assert "TEMP B-TREE FOR ORDER BY" not in steps


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "query",
    [
        "",
        f"dataset={CURATED_HERE}",
        "effect=activation",
        "pmid=27924024",
        "method=selex",
        "taxon=9606",
        "basis=stated",
        "state=active",
    ],
)
def test_statements_are_an_ordered_index_scan(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(statements, "FEW", 0)
    steps = plan(client, f"statements/?{query}").replace("COVERING ", "")
    assert steps.startswith(f"SCAN proteins_statement USING INDEX {STATEMENT}")
    # The few interactions that are rejected are looked up once.
    assert "LIST SUBQUERY 1; SEARCH U0 USING INDEX interaction_reviewed" in steps
    assert "TEMP B-TREE FOR ORDER BY" not in steps


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("query", "index"),
    [
        (f"dataset={CURATED_HERE}", "proteins_statement USING INDEX proteins_statement_dataset"),
        ("effect=activation", "proteins_statement USING INDEX statement_effect"),
        ("pmid=27924024", "proteins_statement USING INDEX proteins_statement_citation"),
        ("method=selex", "proteins_statement USING INDEX proteins_statement_method"),
        ("state=withdrawn", "proteins_statement USING INDEX statement_not_active"),
        ("tf=P04637", f"proteins_interaction USING INDEX {PAIR} (tf_id=?)"),
        ("target=Q07812", f"proteins_interaction USING INDEX {TARGET} (target_id=?)"),
        ("interaction=P04637-Q07812", f"proteins_statement USING INDEX {STATEMENT} ("),
    ],
)
def test_few_statements_are_found_and_sorted(client: Client, query: str, index: str) -> None:
    steps = plan(client, f"statements/?{query}").replace("COVERING ", "")
    assert steps.startswith(f"SEARCH {index}")
