"""The rules of `proteins.domain.identifiers`, as validators of model fields.

A validator demands the canonical spelling (an accession in capitals), because it checks
what is about to be stored.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError

from proteins.domain import identifiers
from proteins.domain.names import parse_name


def _check(parse: Callable[[str], object], value: object) -> None:
    text = str(value)
    try:
        canonical = parse(text)
    except identifiers.IdentifierError as error:
        raise ValidationError(str(error)) from error
    if str(canonical) != text:
        raise ValidationError(f"{identifiers.shown(text)} must be written {canonical}")


def validate_accession(value: str) -> None:
    _check(identifiers.parse_accession, value)


def validate_gene_id(value: int) -> None:
    _check(identifiers.parse_gene_id, value)


def validate_pmid(value: int) -> None:
    _check(identifiers.parse_pmid, value)


def validate_jaspar_matrix(value: str) -> None:
    _check(identifiers.parse_jaspar_matrix, value)


def validate_tflink_site(value: str) -> None:
    _check(identifiers.parse_tflink_site, value)


def validate_doi(value: str) -> None:
    _check(identifiers.parse_doi, value)


def validate_partial_date(value: str) -> None:
    _check(identifiers.parse_partial_date, value)


def validate_sequence(value: str) -> None:
    _check(identifiers.parse_sequence, value)


def validate_name(value: str) -> None:
    """A gene or protein name: printable, trimmed; `-` means none and is not stored."""
    _check(parse_name, value)
