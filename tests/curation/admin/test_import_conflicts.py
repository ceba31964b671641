"""Where a source says something else than a curator did: decided each way, end to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from curation import actions
from curation.importing.run import RunReport, import_pages
from curation.models import Pin, Proposal, Revision
from proteins.models import Protein, Taxon
from tests.curation.admin.queue import press, proposal_page, the_list
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.people import browser_of, make_person

pytestmark = pytest.mark.django_db


def take(folder: Path, name: str) -> RunReport:
    text = page("Q9UK53", name, targets=[row("BAX", "Q07812")])
    return import_pages([write(folder, a=text)], force=True)


@pytest.fixture
def senior() -> Client:
    return browser_of(make_person("senior"))


@pytest.fixture
def clash(senior: Client, tmp_path: Path) -> Proposal:
    """A curator gave p33, and then the source ING1A."""
    take(tmp_path, "ING1")
    protein = Protein.objects.get(accession="Q9UK53")
    actions.amend_protein(user=make_person("ada"), protein=protein, values={"name": "p33"})
    assert take(tmp_path, "ING1A").proposed == 1
    return Proposal.objects.get()


def test_its_page_says_who_says_what(senior: Client, clash: Proposal) -> None:
    assert clash.taxon == Taxon.objects.get(code="Hs")
    text = senior.get(proposal_page(clash)).text
    for part in (
        "Curated value",
        "The source’s value now",
        "<del>p33</del>",
        "<ins>ING1A</ins>",
        "The source said “ING1” as",
        "when ada gave it another value",
        "Take the source’s value",
        "Keep ours",
    ):
        assert part in text, part
    assert str(clash) not in senior.get(the_list("?species=Mm")).text
    assert "name: p33 → ING1A" in senior.get(the_list("?species=Hs")).text


def test_ours_is_kept(senior: Client, clash: Proposal, tmp_path: Path) -> None:
    assert press(senior, clash, "reject", reason="p33 is what people call it").status_code == 302
    assert Protein.objects.get(accession="Q9UK53").name == "p33"
    assert Pin.objects.get().source_value == "ING1A"
    again = take(tmp_path, "ING1A")
    assert (again.proposed, again.changed_anything) == (0, False)
    assert Proposal.objects.count() == 1
    # The source has another value again: that is proposed.
    assert take(tmp_path, "ING1B").proposed == 1


def test_the_sources_value_is_taken(senior: Client, clash: Proposal, tmp_path: Path) -> None:
    seen = senior.get(proposal_page(clash)).context["seen"]
    assert press(senior, clash, "accept", seen=seen).status_code == 302
    assert Protein.objects.get(accession="Q9UK53").name == "ING1A"
    assert not Pin.objects.exists()
    revision = Revision.objects.latest("id")
    assert (revision.user, revision.proposal) == (make_person("senior"), clash)
    again = take(tmp_path, "ING1A")
    assert (again.proposed, again.changed_anything) == (0, False)
    # Imports speak for the field again.
    take(tmp_path, "ING1B")
    assert Protein.objects.get(accession="Q9UK53").name == "ING1B"


def test_a_newer_word_of_the_source_meanwhile(
    senior: Client, clash: Proposal, tmp_path: Path
) -> None:
    seen = senior.get(proposal_page(clash)).context["seen"]
    take(tmp_path, "ING1B")
    answer = press(senior, clash, "accept", seen=seen)
    assert answer.status_code == 200
    assert f"Proposal {clash.pk} is superseded already" in answer.text
    assert Protein.objects.get(accession="Q9UK53").name == "p33"


def test_a_list_as_the_source_has_it(senior: Client, tmp_path: Path) -> None:
    import_pages([write(tmp_path, a=page("Q9UK53", "ING1", ncbi_gene_id="3621"))], force=True)
    protein = Protein.objects.get(accession="Q9UK53")
    actions.amend_protein(user=make_person("ada"), protein=protein, values={"gene_ids": [99]})
    changed = [write(tmp_path, a=page("Q9UK53", "ING1", ncbi_gene_id="3621;7"))]
    assert import_pages(changed, force=True).proposed == 1
    clash = Proposal.objects.get()
    assert "adds 7" in senior.get(the_list()).text
    assert press(senior, clash, "accept").status_code == 302
    assert sorted(protein.gene_ids.values_list("ncbi_gene_id", flat=True)) == [7, 3621]
    assert not import_pages(changed, force=True).changed_anything
