"""A prepared query returns what its queryset does, each time for other values."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import CharField, Exists, OuterRef, QuerySet
from pytest_django import DjangoAssertNumQueries

from proteins.models import GeneID, Protein
from proteins.queries.prepared import Parameter, Prepared
from tests.factories import make_protein

pytestmark = pytest.mark.django_db


def _rows(accession: Any, gene: Any) -> QuerySet[Any, Any]:
    genes = GeneID.objects.filter(protein=OuterRef("pk"), ncbi_gene_id=gene)
    rows = Protein.objects.annotate(has_gene=Exists(genes)).filter(accession__gte=accession)
    columns = ("accession", "has_gene", "has_page", "taxon__scientific_name")
    return rows.order_by("-accession").values_list(*columns)


def test_it_returns_what_the_queryset_does(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_protein("P04637", "TP53", genes=[7157])
    make_protein("Q9UK53", "ING1", genes=[3621], has_page=True)
    prepared = Prepared(lambda: _rows(Parameter(0, CharField()), Parameter(1)))
    for values in (("P04637", 7157), ("Q00000", 3621), ("P04637", 1), ("Z", 7157)):
        with django_assert_num_queries(1):
            rows = prepared.rows(*values)
        assert rows == list(_rows(*values))
        # Booleans are numbers in SQLite.
        assert all(type(row[1]) is type(row[2]) is bool for row in rows)
    assert prepared.rows("P04637", 7157)[1] == ("P04637", True, False, "Homo sapiens")


def test_values_are_never_part_of_the_query() -> None:
    make_protein("P04637", "TP53")
    prepared = Prepared(lambda: _rows(Parameter(0, CharField()), Parameter(1)))
    assert prepared.rows("' OR '1'='1", 0) != []  # a text before P, compared as such
    assert prepared.rows("z' OR '1'='1", 0) == []
