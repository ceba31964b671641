"""Names at the desk: curators add and remove them, and decide what former identifiers mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.actions import ActionError
from curation.checks import find_breaches
from curation.models import Comment, Proposal, ProposalState, RecordKind, RemovedName, Revision
from proteins.models import (
    AccessionFate,
    GeneIDFate,
    NameSource,
    Protein,
    ProteinName,
    SecondaryAccession,
)
from proteins.queries.content_digest import content_digest
from tests.curation.admin.forms import open_form, page
from tests.curation.importing.test_import_names import (
    POU5F1,
    SEC_AC,
    TP53,
    UNIPROT,
    load,
    sound,
)
from tests.curation.people import browser_of, make_person
from tests.factories import make_protein

pytestmark = pytest.mark.django_db


@pytest.fixture
def protein(tmp_path: Path) -> Protein:
    protein = make_protein("Q01860", "POU5F1", genes=[5460], in_table=True)
    load(tmp_path / "uniprot.tsv", UNIPROT, POU5F1)
    return protein


def synonyms(protein: Protein) -> set[tuple[str, str]]:
    rows = ProteinName.objects.filter(protein=protein, kind=ProteinName.Kind.SYNONYM)
    return {(row.text, str(row.source)) for row in rows.select_related("source")}


def test_what_a_curator_adds_and_removes_outlives_imports(protein: Protein, tmp_path: Path) -> None:
    senior = make_person("ada", "Senior curator")
    browser = browser_of(senior)
    url = page("protein", "change", protein.pk)
    form = open_form(browser, url)
    [names] = form["names"]
    assert "synonym: OCT4" in names
    form["names"] = names.replace("synonym: OTF3", "synonym: Oct-3/4")
    assert browser.post(url, form | {"reason": "OTF3 is another gene."}).status_code == 302
    version = "UniProt 2026_04"
    curated = {("OCT3", version), ("OCT4", version), ("Oct-3/4", "curators")}
    assert synonyms(protein) == curated
    revision = Revision.objects.latest("id")
    assert revision.reason == "OTF3 is another gene."
    assert set(revision.changes) == {"names"}
    load(tmp_path / "uniprot.tsv", UNIPROT, POU5F1, force=True)
    assert synonyms(protein) == curated
    assert sound()
    actions.revert(
        user=senior, kind=RecordKind.PROTEIN, record_id=protein.pk, version=revision.pk - 1,
        reason="It is not.",
    )  # fmt: skip
    assert synonyms(protein) == {(text, version) for text in ("OCT3", "OCT4", "OTF3")}
    assert not RemovedName.objects.exists()
    assert sound()


@pytest.mark.parametrize("line", ["OCT4", "nickname: OCT4", "synonym: ", "synonym: a\x00b"])
def test_a_line_that_is_no_name_is_refused(protein: Protein, line: str) -> None:
    browser = browser_of(make_person("ada", "Senior curator"))
    url = page("protein", "change", protein.pk)
    answer = browser.post(url, open_form(browser, url) | {"names": line})
    assert answer.status_code == 200
    assert len(synonyms(protein)) == 3


def test_a_curator_proposes_names(protein: Protein) -> None:
    proposal = actions.propose(
        user=make_person("bob", "Curator"),
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        values={"names": ["synonym: OCT4", "ORF: X1"]},
    )
    assert len(synonyms(protein)) == 3
    actions.accept_proposal(user=make_person("ada", "Senior curator"), proposal=proposal)
    assert {text for text, _ in synonyms(protein)} == {"OCT4"}
    assert ProteinName.objects.get(text="X1").source.name == "curators"
    assert sound()


def test_the_names_of_merged_proteins_are_united(protein: Protein, tmp_path: Path) -> None:
    other = make_protein("P04637", "TP53", in_table=True)
    load(tmp_path / "uniprot.tsv", UNIPROT, TP53, POU5F1)
    actions.merge_protein(
        user=make_person("ada", "Senior curator"), secondary=other, primary=protein, reason="One."
    )
    assert {text for text, _ in synonyms(protein)} == {"OCT3", "OCT4", "OTF3", "P53"}
    assert "synonym: P53" in Revision.objects.latest("id").changes["names"][1]
    assert sound()


def divide(accession: str = "P99998") -> AccessionFate:
    source = NameSource.objects.get(name="UniProt")
    fates = [
        AccessionFate.objects.create(accession=accession, successor=one, fate=1, source=source)
        for one in ("Q01860", "P04637")
    ]
    return fates[0]


def fate_url(fate: AccessionFate | GeneIDFate, view: str = "change") -> str:
    return reverse(f"admin:proteins_{fate._meta.model_name}_{view}", args=[fate.pk])


def test_a_person_decides_what_a_divided_accession_means(protein: Protein) -> None:
    fate = divide()
    browser = browser_of(make_person("ada", "Senior curator"))
    shown = browser.get(fate_url(fate)).content.decode()
    assert "POU5F1 (Q01860)" in shown
    assert "P04637</a> (not here)" in shown
    refused = browser.post(fate_url(fate, "decide"), {"successor": "Q01860", "reason": ""})
    assert "a reason is needed" in refused.content.decode()
    assert not SecondaryAccession.objects.exists()
    answer = browser.post(
        fate_url(fate, "decide"), {"successor": "Q01860", "reason": "Their paper."}
    )
    assert answer.status_code == 302
    assert SecondaryAccession.objects.get().protein == protein
    assert AccessionFate.objects.filter(settled=True).count() == 2
    revision = Revision.objects.latest("id")
    assert revision.changes == {"secondary_accessions": [[], ["P99998"]]}
    assert Client().get("/protein/p99998/").headers["Location"] == "/protein/q01860/"
    assert sound()


def test_a_decision_outlives_imports(protein: Protein, tmp_path: Path) -> None:
    divide()
    actions.settle_accession(
        user=make_person("ada", "Senior curator"), accession="P99998", successor="Q01860",
        reason="Their paper.",
    )  # fmt: skip
    before = content_digest()
    load(tmp_path / "sec_ac.txt", SEC_AC, "P99998 Q01860", "P99998 P04637")
    assert content_digest() == before
    assert SecondaryAccession.objects.get().protein == protein


def test_a_protein_with_a_divided_accession_is_merged_or_stays(
    protein: Protein, tmp_path: Path
) -> None:
    senior = make_person("ada", "Senior curator")
    old = make_protein("P99998", "OLD", in_table=True)
    path = tmp_path / "sec_ac.txt"
    load(path, SEC_AC, "P99998 Q01860", "P99998 P04637")
    shown = browser_of(senior).get(page("protein", "change", old.pk)).content.decode()
    assert "P99998 was divided into several entries" in shown
    actions.settle_accession(user=senior, accession="P99998", reason="The old paper means both.")
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.decision_reason) == (
        ProposalState.REJECTED, "The old paper means both.",
    )  # fmt: skip
    assert "The old paper means both." in Comment.objects.get().text
    load(path, SEC_AC, "P99998 Q01860", "P99998 P04637", version="2026_05")
    assert Proposal.objects.count() == 1
    assert AccessionFate.objects.filter(settled=True).count() == 2
    actions.settle_accession(
        user=senior, accession="P99998", successor="Q01860", reason="They say it is this one."
    )
    assert not Protein.objects.filter(accession="P99998").exists()
    assert SecondaryAccession.objects.get().protein == protein
    assert list(find_breaches()) == []


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"accession": "P00001"}, "Nothing is known"),
        ({"accession": "P99998", "successor": "P00001"}, "is not among the entries"),
        ({"accession": "P99998", "successor": "P04637"}, "No protein P04637 is here"),
    ],
)
def test_what_cannot_be_decided(protein: Protein, values: dict[str, str], why: str) -> None:
    divide()
    with pytest.raises(ActionError, match=why):
        actions.settle_accession(
            user=make_person("ada", "Senior curator"), reason="Because.", **values
        )


def test_a_curator_decides_nothing(protein: Protein) -> None:
    fate, bob = divide(), make_person("bob", "Curator")
    with pytest.raises(PermissionDenied):
        actions.settle_accession(user=bob, accession="P99998", reason="Because.")
    with pytest.raises(PermissionDenied):
        actions.settle_gene_id(user=bob, gene_id=1, reason="Because.")
    browser = browser_of(bob)
    assert "Decide</button>" not in browser.get(fate_url(fate)).content.decode()
    assert browser.post(fate_url(fate, "decide"), {"reason": "Because."}).status_code == 403
    assert not AccessionFate.objects.filter(settled=True).exists()


def test_a_discontinued_gene_id_may_stay(protein: Protein) -> None:
    fate = GeneIDFate.objects.create(ncbi_gene_id=5460)
    browser = browser_of(make_person("ada", "Senior curator"))
    assert "POU5F1 (Q01860)" in browser.get(fate_url(fate)).content.decode()
    assert browser.post(fate_url(fate, "decide"), {"reason": "It is used."}).status_code == 302
    fate.refresh_from_db()
    assert fate.settled
    assert "It is used." in Comment.objects.get().text
