"""The limits of names, one constant each, and the migration that makes rows of lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from proteins.domain.identifiers import MAX_TERM_LENGTH, IdentifierError, parse_text
from proteins.domain.names import KEY_LENGTH, MAX_NAME_LENGTH, parse_name
from proteins.models import (
    BindingSite,
    DetectionMethod,
    Ortholog,
    Protein,
    ProteinName,
    SourceDatabase,
    Taxon,
    TaxonName,
)


@pytest.mark.parametrize(
    ("model", "columns", "limit"),
    [
        (Protein, ["name"], MAX_NAME_LENGTH),
        (Protein, ["name_key"], KEY_LENGTH),
        (ProteinName, ["text"], MAX_NAME_LENGTH),
        (ProteinName, ["folded"], KEY_LENGTH),
        (SourceDatabase, ["key", "name", "version"], MAX_TERM_LENGTH),
        (DetectionMethod, ["name"], MAX_TERM_LENGTH),
        (Taxon, ["scientific_name"], MAX_TERM_LENGTH),
        (TaxonName, ["name"], MAX_TERM_LENGTH),
        (BindingSite, ["assembly", "chromosome"], MAX_TERM_LENGTH),
        (Ortholog, ["identifier"], MAX_TERM_LENGTH),
    ],
)
def test_columns_take_what_parsers_take(model: type[Model], columns: list[str], limit: int) -> None:
    for column in columns:
        field: Any = model._meta.get_field(column)
        if column == "name_key":
            field = field.output_field
        assert field.max_length == limit
        field.run_validators("x" * limit)
        with pytest.raises(ValidationError):
            field.run_validators("x" * (limit + 1))


@pytest.mark.parametrize(
    ("parse", "limit"),
    [(parse_name, MAX_NAME_LENGTH), (lambda text: parse_text(text, "name"), MAX_TERM_LENGTH)],
)
def test_a_longer_name_is_refused(parse: Any, limit: int) -> None:
    assert parse("x" * limit) == "x" * limit
    with pytest.raises(IdentifierError, match=f"at most {limit} are"):
        parse("x" * (limit + 1))


@pytest.mark.django_db(transaction=True)
def test_the_migration_makes_a_row_of_each_name() -> None:
    models = MigrationExecutor(connection).migrate([("proteins", "0007_site_bins")]).apps
    proteins = models.get_model("proteins", "Protein").objects
    yeast = models.get_model("proteins", "Taxon").objects.get(code="Sc")
    for accession, name in (("P02994", "TEF1;TEF2"), ("P07244", "ADE5,7"), ("P00001", "")):
        proteins.create(accession=accession, name=name, taxon=yeast)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    rows = ProteinName.objects.values_list("protein__accession", "position", "text", "folded")
    assert set(rows) == {
        ("P02994", 0, "TEF1", "tef1"),
        ("P02994", 1, "TEF2", "tef2"),
        ("P07244", 0, "ADE5,7", "ade5,7"),
    }
    assert Protein.objects.get(accession="P02994").name_key == "tef1;tef2"
