"""Long lists of numbers: one parameter, the same rows, the same index."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Q, QuerySet

from proteins.models import Interaction, Protein
from proteins.models.lookups import MOST_PARAMETERS
from tests.factories import accession, analyse, make_interaction, make_protein

pytestmark = pytest.mark.django_db
LONG = range(1_000_000, 1_000_000 + MOST_PARAMETERS + 1)
#: More than SQLite takes parameters.
HUGE = range(1_000_000, 1_300_000)


@pytest.fixture
def interactions() -> list[Interaction]:
    proteins = [make_protein(accession(number)) for number in range(4)]
    return [make_interaction(proteins[0], protein) for protein in proteins]


def parameters(rows: QuerySet[Any]) -> tuple[Any, ...]:
    return tuple(rows.order_by().query.get_compiler(connection=connection).as_sql()[1])


@pytest.mark.parametrize("others", [LONG, HUGE], ids=["long", "huge"])
def test_a_long_list_of_numbers_is_one_parameter(
    others: range, interactions: list[Interaction]
) -> None:
    first, second, *_ = interactions
    keys = [first.target_id, second.target_id, *others]
    wanted = {first.pk, second.pk}
    rows = Interaction.objects.order_by()
    for chosen in (
        rows.filter(target__in=keys),
        rows.filter(target_id__in=set(keys)),
        rows.filter(pk__in=[first.pk, second.pk, *others]),
        rows.filter(pk__in=dict.fromkeys([first.pk, second.pk, *others]).keys()),
        rows.filter(target__pk__in=keys),
        rows.alias(unindexed=F("target_id") + 0).filter(unindexed__in=keys),
        rows.filter(Q(target__in=keys) | Q(pk__in=[first.pk, second.pk, *others])),
    ):
        assert set(chosen.values_list("pk", flat=True)) == wanted
        assert len(parameters(chosen)) <= 3
    without = rows.exclude(target__in=keys)
    assert set(without.values_list("pk", flat=True)) == {row.pk for row in interactions} - wanted


def test_records_are_taken_as_their_numbers(interactions: list[Interaction]) -> None:
    others = [Protein(pk=number) for number in LONG]
    rows = Interaction.objects.filter(target__in=[interactions[0].target, *others])
    assert [row.pk for row in rows] == [interactions[0].pk]
    assert len(parameters(rows)) == 1


def test_a_short_list_has_a_parameter_for_each(interactions: list[Interaction]) -> None:
    """So a database knows its length: one value is compared by equality."""
    keys = [row.target_id for row in interactions]
    assert parameters(Interaction.objects.filter(target__in=keys)) == tuple(keys)


def test_numbers_that_no_row_can_have_match_none(interactions: list[Interaction]) -> None:
    first = interactions[0]
    for beyond in (2**31, -(2**40)):
        rows = Interaction.objects.filter(target__in=[first.target_id, beyond, *LONG])
        assert [row.pk for row in rows] == [first.pk]
    rows = Interaction.objects.filter(target__in=[None, first.target_id, *LONG])
    assert [row.pk for row in rows] == [first.pk]
    with pytest.raises(ValueError, match="expected a number"):
        Interaction.objects.filter(target__in=["many", *LONG])


@pytest.mark.parametrize("column", ["pk", "target", "evidence"])
def test_it_is_answered_from_the_index(column: str, interactions: list[Interaction]) -> None:
    analyse()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Of four rows it would read all, whatever is looked up.
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Interaction.objects.order_by().filter(**{f"{column}__in": LONG}).explain()
    assert "Index Cond" in plan if connection.vendor == "postgresql" else "SEARCH" in plan
