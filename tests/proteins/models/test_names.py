"""The limit of a name is one constant."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from proteins.domain.identifiers import MAX_NAME_LENGTH, IdentifierError, parse_text
from proteins.models import (
    BindingSite,
    DetectionMethod,
    Protein,
    SourceDatabase,
    Taxon,
    TaxonName,
)

LONGEST = "x" * MAX_NAME_LENGTH


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Protein, ["name", "name_key"]),
        (SourceDatabase, ["key", "name", "version"]),
        (DetectionMethod, ["name"]),
        (Taxon, ["scientific_name"]),
        (TaxonName, ["name"]),
        (BindingSite, ["assembly", "chromosome"]),
    ],
)
def test_columns_take_what_parsers_take(model: type[Model], columns: list[str]) -> None:
    for column in columns:
        field: Any = model._meta.get_field(column)
        if column == "name_key":
            field = field.output_field
        assert field.max_length == MAX_NAME_LENGTH
        field.run_validators(LONGEST)
        with pytest.raises(ValidationError):
            field.run_validators(LONGEST + "x")


def test_a_longer_name_is_refused() -> None:
    assert parse_text(LONGEST, "name") == LONGEST
    with pytest.raises(IdentifierError, match=f"at most {MAX_NAME_LENGTH} are"):
        parse_text(LONGEST + "x", "name")
