"""The newest changes on the home page: in plain words, without names, of public records only."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation import actions
from curation.importing.run import RunReport, import_pages
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, RecordKind, Revision, Verb
from curation.public.newest_changes import newest_changes
from curation.shared.species_counts import publication_counts
from proteins.models import Citation, Interaction, Protein, ReviewStatus
from proteins.queries.species_counts import publications_by_species
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein
from tests.places import ROOT

pytestmark = pytest.mark.django_db
FIRST_PAGE = ROOT / "fixtures" / "pages" / "q9uk53.md"


@pytest.fixture
def interaction() -> Interaction:
    cache.clear()
    return make_interaction(
        make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"), pmids=[12345]
    )


def shown(client: Client) -> list[str]:
    html = client.get("/").content.decode()
    lines = re.findall(r"<li><time[^>]*>[^<]+</time> <span>(.*)</span></li>", html)
    return [re.sub(r"<(?!a |/a)[^>]*>", "", line) for line in lines]


def test_what_curators_did(client: Client, interaction: Interaction) -> None:
    curator = make_person("somebody")
    actions.amend_protein(
        user=curator, protein=interaction.tf, values={"name": "<b>p53"}, reason="secret reason"
    )
    actions.dispute_interaction(user=curator, interaction=interaction, reason="secret reason")
    interaction.refresh_from_db()
    actions.confirm_interaction(user=curator, interaction=interaction)
    assert shown(client) == [
        '<a href="/interaction/P04637-Q07812/">&lt;b&gt;p53 (P04637) → BAX (Q07812)</a> '
        "was confirmed by a curator.",
        '<a href="/protein/p04637/">&lt;b&gt;p53 (P04637)</a> was amended by a curator.',
    ]
    html = client.get("/").content
    assert b"somebody" not in html
    assert b"secret" not in html


def test_nothing_of_what_is_rejected(client: Client, interaction: Interaction) -> None:
    curator = make_person("somebody")
    citation = Citation.objects.get(pmid=12345)
    actions.confirm_interaction(user=curator, interaction=interaction)
    actions.amend_citation(user=curator, citation=citation, values={"title": "Of it alone"})
    assert "PMID" in shown(client)[0]
    interaction.refresh_from_db()
    actions.reject_interaction(user=curator, interaction=interaction, reason="It is wrong")
    assert shown(client) == ["An interaction was withdrawn from view by a curator."]
    interaction.refresh_from_db()
    actions.reopen_interaction(user=curator, interaction=interaction)
    assert len(shown(client)) == 2
    assert "was reopened for review" in shown(client)[0]


def test_lookups_are_told_once(interaction: Interaction) -> None:
    Revision.objects.bulk_create(
        Revision(kind=RecordKind.CITATION, record_id=key, record_key=str(key), verb=Verb.LOOKED_UP)
        for key in range(1, 30)
    )
    assert [change.text for change in newest_changes(8)] == [
        "Publication details were retrieved from PubMed."
    ]


def test_imports(five_pages: RunReport) -> None:
    [change] = newest_changes(8)
    assert change.text == "Import of protein pages: 393 new proteins, 454 new interactions."
    assert change.url == ""
    # What did nothing is no news, and the numbers are those of before.
    import_pages([FIRST_PAGE], force=True)
    assert len(newest_changes(8)) == 1
    counted = publication_counts()
    assert counted is not None
    assert counted.numbers == publications_by_species() == {"Hs": 108}
    assert counted.total == 108
    assert counted.at == ImportRun.objects.get(pk=five_pages.run_id).finished_at
    Revision.objects.create(
        kind=RecordKind.PROTEIN,
        record_id=Protein.objects.all()[0].pk,
        record_key="any",
        verb=Verb.IMPORTED,
        run_id=five_pages.run_id,
    )
    assert len(newest_changes(8)) == 1


def test_publications_are_not_counted_for_a_small_import(
    five_pages: RunReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass over millions of interactions is not made for one page."""
    before = publication_counts()
    Interaction.objects.filter(target__accession="Q07812", tf__accession="Q9UK53").delete()
    monkeypatch.setattr("curation.importing.session.WORTH_COUNTING", 1)
    import_pages([FIRST_PAGE], force=True)
    assert publication_counts() == before
    Interaction.objects.filter(target__accession="Q07812", tf__accession="Q9UK53").delete()
    monkeypatch.setattr("curation.importing.session.WORTH_COUNTING", 1_000)
    import_pages([FIRST_PAGE], force=True)
    assert publication_counts() != before


def test_what_was_taken_back(five_pages: RunReport) -> None:
    assert five_pages.run_id is not None
    undo_import(five_pages.run_id, confirmed=True)
    [change] = newest_changes(8)
    assert change.text.endswith("It was taken back.")
    assert publication_counts() is None


def test_publications_of_species(interaction: Interaction) -> None:
    """Of what is not rejected; one that speaks of two species counts for both."""
    fish = make_protein("P79734", "tp53", code="Dr")
    make_interaction(fish, fish, pmids=[12345, 2])
    make_interaction(interaction.target, interaction.tf, pmids=[3], status=ReviewStatus.REJECTED)
    assert publications_by_species() == {"Hs": 1, "Dr": 2}


def test_bounded(
    interaction: Interaction, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Of many changes, a fixed number of queries reads the newest that the public may see."""
    person = make_person("somebody")
    hidden = make_interaction(
        interaction.tf, interaction.tf, pmids=[9], status=ReviewStatus.REJECTED
    )
    keys = [make_protein(f"Q{number:05d}").pk for number in range(12)]
    Revision.objects.bulk_create(
        Revision(kind=kind, record_id=key, record_key="any", verb=Verb.AMENDED, user=person)
        for kind, records in (
            (RecordKind.PROTEIN, keys),
            (RecordKind.INTERACTION, [interaction.pk, hidden.pk]),
            (
                RecordKind.CITATION,
                [citation.pk for citation in Citation.objects.filter(pmid__in=[9, 12345])],
            ),
        )
        for key in records
    )
    with django_assert_num_queries(5):
        changes = newest_changes(8)
    assert len(changes) == 8
    assert [change.record for change in changes[:2]] == ["PMID 12345", str(interaction)]
