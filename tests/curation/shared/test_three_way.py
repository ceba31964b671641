"""A curator's word outlives an import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from curation.actions import accept_proposal, amend_protein, reject_proposal
from curation.importing.run import RunReport, import_pages
from curation.models import Pin, Proposal
from curation.shared.changes import change_set
from curation.shared.support import write_roles
from curation.shared.three_way import Verdict, evidence_as_json, evidence_from_json, weigh
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.support import Role
from proteins.models import BindingSite, ChangeKind, GeneID, Interaction, Protein
from tests.curation.importing.pages_for_tests import page, query, row, write
from tests.curation.people import make_person


def take(folder: Path, text: str) -> RunReport:
    return import_pages([write(folder, a=text)], force=True)


def curate_name(accession: str, name: str) -> Protein:
    """Give a protein a name as a curator does: the source's is pinned."""
    protein = Protein.objects.get(accession=accession)
    Pin.objects.create(
        kind="protein", record_id=protein.pk, field="name", source_value=protein.name
    )
    Protein.objects.filter(pk=protein.pk).update(name=name)
    return protein


@pytest.mark.parametrize(
    ("then", "now", "curated", "verdict"),
    [
        ("A", "A", "C", Verdict.KEEP),
        ("A", "C", "C", Verdict.RELEASE),
        ("A", "B", "C", Verdict.PROPOSE),
        ("A", "A", "A", Verdict.KEEP),
    ],
)
def test_three_values_are_compared(then: str, now: str, curated: str, verdict: Verdict) -> None:
    assert weigh(then, now, curated) is verdict


def test_evidence_survives_its_json() -> None:
    content = EvidenceContent.of(["GTRD"], ["selex"], [3, 1], SmallScale.NOT_STATED)
    assert evidence_from_json(evidence_as_json(content)) == content


@pytest.mark.django_db
def test_unchanged_source_leaves_the_curated_name(tmp_path: Path) -> None:
    take(tmp_path, page("Q9UK53", "ING1"))
    curate_name("Q9UK53", "p33ING1")
    report = take(tmp_path, page("Q9UK53", "ING1"))
    assert Protein.objects.get().name == "p33ING1"
    assert (report.changed_anything, report.proposed) == (False, 0)
    assert not Proposal.objects.exists()
    assert Pin.objects.count() == 1


@pytest.mark.django_db
def test_a_source_that_caught_up_releases_the_pin(tmp_path: Path) -> None:
    take(tmp_path, page("Q9UK53", "ING1"))
    curate_name("Q9UK53", "p33ING1")
    take(tmp_path, page("Q9UK53", "p33ING1"))
    assert Protein.objects.get().name == "p33ING1"
    assert not Pin.objects.exists()
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_a_source_that_changed_raises_one_proposal(tmp_path: Path) -> None:
    take(tmp_path, page("Q9UK53", "ING1"))
    curate_name("Q9UK53", "p33ING1")
    reports = [take(tmp_path, page("Q9UK53", "ING1A")) for _ in range(4)]
    assert [report.proposed for report in reports] == [1, 0, 0, 0]
    assert "values differ: 1\nNo record changed." in reports[0].summary()
    assert reports[1].summary().endswith("Nothing changed.")
    assert Protein.objects.get().name == "p33ING1"
    proposal = Proposal.objects.get()
    assert proposal.changes == {"name": ["p33ING1", "ING1A"]}
    assert (proposal.record_key, proposal.origin, proposal.state) == ("Q9UK53", "import", "open")


@pytest.mark.django_db
def test_a_newer_proposal_supersedes_and_a_decided_one_is_not_reopened(tmp_path: Path) -> None:
    take(tmp_path, page("Q9UK53", "ING1"))
    curate_name("Q9UK53", "p33ING1")
    take(tmp_path, page("Q9UK53", "ING1A"))
    take(tmp_path, page("Q9UK53", "ING1B"))
    states = list(Proposal.objects.order_by("id").values_list("state", flat=True))
    assert states == ["superseded", "open"]
    senior = make_person("sven")
    reject_proposal(user=senior, proposal=Proposal.objects.get(state="open"), reason="ours")
    assert take(tmp_path, page("Q9UK53", "ING1B")).proposed == 0
    assert take(tmp_path, page("Q9UK53", "ING1C")).proposed == 1


@pytest.mark.django_db
def test_a_source_that_comes_back_to_what_was_accepted_once_is_proposed_again(
    tmp_path: Path,
) -> None:
    take(tmp_path, page("Q9UK53", "ING1"))
    senior, protein = make_person("sven"), Protein.objects.get()
    for name in ("p33ING1", "p24ING1"):
        amend_protein(user=senior, protein=protein, values={"name": name})
        assert take(tmp_path, page("Q9UK53", "ING1A")).proposed == 1
        accept_proposal(user=senior, proposal=Proposal.objects.get(state="open"))
        assert Protein.objects.get().name == "ING1A"
        take(tmp_path, page("Q9UK53", "ING1"))
        assert Protein.objects.get().name == "ING1"


@pytest.mark.django_db
def test_lists_are_pinned_as_a_whole(tmp_path: Path) -> None:
    take(tmp_path, page("Q9UK53", ncbi_gene_id="3621;99"))
    protein = Protein.objects.get()
    Pin.objects.create(
        kind="protein", record_id=protein.pk, field="gene_ids", source_value=[99, 3621]
    )
    GeneID.objects.filter(ncbi_gene_id=99).delete()
    assert not take(tmp_path, page("Q9UK53", ncbi_gene_id="3621;99")).changed_anything
    assert take(tmp_path, page("Q9UK53", ncbi_gene_id="3621;7")).proposed == 1
    assert Proposal.objects.get().changes == {"gene_ids": [[3621], [7, 99, 3621]]}
    assert GeneID.objects.count() == 1


@pytest.mark.django_db
def test_evidence_is_pinned(tmp_path: Path) -> None:
    def text(*pmids: int) -> str:
        return page("Q9UK53", targets=[row("BAX", "Q07812", publications=query(*pmids))])

    take(tmp_path, text(1, 2))
    interaction = Interaction.objects.select_related("evidence").get()
    source = interaction.evidence.content()
    curated = EvidenceContent.of(source.sources, source.methods, [1], source.small_scale)
    Pin.objects.create(
        kind="interaction",
        record_id=interaction.pk,
        field="evidence",
        source_value=evidence_as_json(source),
    )
    with transaction.atomic(), change_set(ChangeKind.DESK):
        write_roles({interaction.pk: {Role.PINNED: curated}})
    assert not take(tmp_path, text(1, 2)).changed_anything
    assert take(tmp_path, text(1, 2, 3)).proposed == 1
    interaction.refresh_from_db()
    assert interaction.evidence.content() == curated
    to: dict[str, Any] = Proposal.objects.get().changes["evidence"][1]
    assert to["pmids"] == [1, 2, 3]


@pytest.mark.django_db
def test_a_binding_site_is_pinned(tmp_path: Path) -> None:
    def text(end: int) -> str:
        site = (
            "TFLinkLS00000001,Q9UK53,ING1,Homo sapiens,hg38,chr14,100,{end},+,"
            "hg38&position=chr14:100-{end},selex,1%5Buid%5D,JASPAR,No,0"
        )
        return page("Q9UK53", binding_sites=site.format(end=end))

    take(tmp_path, text(120))
    site = BindingSite.objects.get()
    Pin.objects.create(kind="binding site", record_id=site.pk, field="end", source_value=120)
    BindingSite.objects.update(end=119)
    assert not take(tmp_path, text(120)).changed_anything
    assert take(tmp_path, text(125)).proposed == 1
    assert BindingSite.objects.get().end == 119
    take(tmp_path, text(119))
    assert not Pin.objects.exists()
