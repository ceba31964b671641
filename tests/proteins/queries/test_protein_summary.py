"""What the interactions of a protein add up to."""

from __future__ import annotations

from collections import Counter

import pytest

from proteins.models import Citation, Effect, Interaction, Protein, Reporting, ReviewStatus
from proteins.queries import side_facets
from proteins.queries.protein_publications import TopPublications
from proteins.queries.protein_summary import Cited, Tally
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
OWN = {27924024}


@pytest.fixture
def p53() -> Protein:
    tf, target = make_protein("P04637", declared_tf=True), make_protein("Q07812")
    make_interaction(tf, tf, pmids=[11, 12], status=ReviewStatus.CONFIRMED)
    make_interaction(tf, target, pmids=[11, 27924024], effect=Effect.BOTH)
    back = make_interaction(target, tf, pmids=[12, 27924024])
    Interaction.objects.filter(pk=back.pk).update(reporting=Reporting.WITHDRAWN)
    make_interaction(tf, make_protein("P38936"), pmids=[13], status=ReviewStatus.DISPUTED)
    make_interaction(tf, make_protein("P20134"), pmids=[14], status=ReviewStatus.REJECTED)
    Citation.objects.filter(pmid=12).update(is_retracted=True)
    return Protein.objects.get(accession="P04637")


@pytest.mark.parametrize("listed", [0, 500])
def test_both_sides_by_either_way_of_reading(
    p53: Protein, monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    monkeypatch.setattr(side_facets, "LISTED", listed)
    tally = Tally.read(p53)
    assert tally.cited == Counter({11: 2, 12: 2, 13: 1, 27924024: 2})
    assert (tally.retracted, tally.on_retracted, tally.regulates_itself) == (
        frozenset({12}),
        2,
        True,
    )
    targets, tfs = tally.targets, tally.tfs
    assert (targets.confirmed, targets.disputed, targets.both_effects) == (1, 1, 1)
    assert (targets.not_reported, tfs.not_reported, tfs.confirmed) == (0, 1, 1)
    assert tally.top(OWN, 2) == [Cited(11, 2), Cited(12, 2)]
    assert tally.ranked(OWN, primary=True) == [Cited(11, 2), Cited(12, 2), Cited(13, 1)]
    papers = TopPublications.of(tally, OWN)
    assert (papers.primary_total, papers.total) == (3, 4)
    assert [(one.citation.pmid, one.number) for one in papers.database_papers] == [(27924024, 2)]
