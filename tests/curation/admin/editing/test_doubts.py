"""What is allowed and makes one doubt is shown once, and saved by the second saving."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from curation.checks import sense
from curation.models import Proposal
from proteins.domain import psi_mi
from proteins.models import Citation, Interaction, Ortholog, Protein, PubMedStatus
from tests.curation.admin.forms import form_in, open_form, page, problems
from tests.factories import make_interaction, make_protein, taxon


@pytest.fixture
def ing1(db: None) -> Protein:
    protein = make_protein("Q9UK53", "ING1; p33ING1", genes=[3621])
    make_interaction(protein, make_protein("Q07812", "BAX", genes=[581]))
    protein.refresh_from_db()
    return protein


def texts(doubts: list[sense.Doubt]) -> str:
    return " ".join(doubt.text for doubt in doubts)


def test_gene_ids_and_names_of_other_proteins_of_the_species(ing1: Protein) -> None:
    human, mouse = taxon().pk, taxon("Mm").pk
    genes = sense.doubts_about_gene_ids
    assert "Gene ID 3621 is that of ING1; p33ING1 (Q9UK53)" in texts(genes([3621, 5], human))
    assert genes([3621], mouse) == genes([3621], human, ing1.pk) == genes([], human) == []
    names = sense.doubts_about_name
    assert "'p33ing1' is a name of" in texts(names("New; p33ing1", human))
    assert names("p33ing1", mouse) == names("p33ING1", human, ing1.pk) == names("", human) == []


def test_accessions_that_nothing_names(ing1: Protein) -> None:
    Ortholog.objects.create(protein=ing1, taxon=taxon("Mm"), identifier="Q9QXV3")
    doubts = sense.doubts_about_accessions(["Q9UK53", "q9qxv3", "P04637", "ENSG00000141510"])
    assert [doubt.text.partition(" ")[0] for doubt in doubts] == ["P04637"]


def test_pmids_far_above_the_newest(db: None) -> None:
    newest = sense.newest_pmid()
    years = (date.today() - date(2025, 1, 1)).days / 365
    assert 39_000_000 + years * 1_500_000 < newest < 42_000_000 + years * 2_000_000
    assert sense.doubts_about_pmids([1, 27924024, newest]) == []
    assert "a digit too many" in texts(sense.doubts_about_pmids([279240240 % 10**8 + newest]))
    # What PubMed itself has is no mistake.
    Citation.objects.create(pmid=newest + 5, pubmed_status=PubMedStatus.FOUND)
    assert sense.doubts_about_pmids([newest + 5]) == []


@pytest.mark.parametrize(
    ("psi_mi_id", "identifies_only", "expected"),
    [
        ("MI:0402", False, ""),
        ("", False, ""),
        ("MI:0113", True, ""),
        ("MI:0929", False, "(northern blot) is a participant identification method"),
        ("MI:0402", True, "is an interaction detection method"),
        ("MI:0915", False, "is no interaction detection method"),
        ("MI:0021", False, "is obsolete"),
    ],
)
def test_methods(psi_mi_id: str, identifies_only: bool, expected: str) -> None:
    doubts = sense.doubts_about_method(psi_mi_id, identifies_only=identifies_only)
    assert expected in texts(doubts)
    assert bool(doubts) == bool(expected)


def test_the_methods_of_psi_mi_are_whole() -> None:
    terms = psi_mi.terms()
    assert sum(term.kind.detects for term in terms.values()) == 341
    assert sum(term.kind.identifies for term in terms.values()) == 69
    assert all(re.fullmatch(r"MI:\d{4}", key) and term.name for key, term in terms.items())


def test_a_form_shows_its_doubts_once(curator: Client, ing1: Protein) -> None:
    bax = Protein.objects.get(name="BAX")
    url = page("protein", "change", bax.pk)
    data = open_form(curator, url) | {"gene_ids": "581; 3621", "_save": "1"}
    answer = curator.post(url, data)
    assert "Check this before it is saved" in answer.text
    assert problems(answer) == ["Gene ID 3621 is that of ING1; p33ING1 (Q9UK53) already."]
    assert bax.gene_ids.count() == 1
    # Another doubt is shown as well.
    again = form_in(answer.text) | {"name": "p33ING1", "_save": "1"}
    answer = curator.post(url, again)
    assert len(problems(answer)) == 2
    saved = curator.post(url, form_in(answer.text) | {"_save": "1"})
    assert saved.status_code == 302
    assert sorted(bax.gene_ids.values_list("ncbi_gene_id", flat=True)) == [581, 3621]
    # What was there before makes no doubt.
    later = curator.post(url, open_form(curator, url) | {"declared_tf": "on", "_save": "1"})
    assert later.status_code == 302


def test_a_tf_that_regulates_nothing(proposer: Client, ing1: Protein) -> None:
    bax = Protein.objects.get(name="BAX")
    url = page("interaction", "add")
    data = open_form(proposer, url)
    data |= {"tf": bax.pk, "target": ing1.pk, "pmids": "99999999", "_propose": "1"}
    answer = proposer.post(url, data)
    text = " ".join(problems(answer))
    assert "BAX (Q07812) is not annotated as a transcription factor" in text
    assert "the other way round?" in text
    assert "PMID 99999999 is far above the newest" in text
    assert not Proposal.objects.exists()
    assert proposer.post(url, form_in(answer.text) | {"_propose": "1"}).status_code == 302
    assert Proposal.objects.get().record_key == "Q07812-Q9UK53"


def test_adding_a_pair_that_is_there_leads_to_it(curator: Client, ing1: Protein) -> None:
    interaction = Interaction.objects.get()
    url = page("interaction", "add")
    data: dict[str, Any] = open_form(curator, url)
    data |= {"tf": ing1.pk, "target": interaction.target_id, "sources": ["HTRI"], "effect": "1"}
    data |= {"pmids": "17244529", "reason": "Figure 2", "_save": "1"}
    answer = curator.post(url, data)
    assert "is there already. What you typed is added to it below" in answer.text
    change = page("interaction", "change", interaction.pk)
    assert f'action="{change}"' in answer.text
    saved = curator.post(change, form_in(answer.text) | {"_save": "1"})
    assert saved.status_code == 302
    interaction.refresh_from_db()
    content = interaction.evidence.content()
    assert set(content.sources) == {"GTRD", "HTRI"}
    assert {17244529, 27924024} <= set(content.pmids) | {27924024}
    assert interaction.effect == 1
