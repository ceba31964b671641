"""The five documents that the project was made from, in the database."""

from __future__ import annotations

import pytest

from curation.importing.run import RunReport, import_pages
from curation.models import ImportRun, SourcePage
from proteins.domain.evidence import SmallScale
from proteins.models import (
    Citation,
    DetectionMethod,
    Evidence,
    Interaction,
    Protein,
    SourceDatabase,
)
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db


def interactions_of(accession: str) -> list[Interaction]:
    protein = Protein.objects.get(accession=accession)
    mine = Interaction.objects.of_tf(protein) | Interaction.objects.of_target(protein)
    return list(mine.with_support())


def gene_ids(accession: str) -> list[int]:
    protein = Protein.objects.get(accession=accession)
    return [gene.ncbi_gene_id for gene in protein.gene_ids.all()]


def test_everything_goes_in(five_pages: RunReport) -> None:
    assert five_pages.clean
    assert five_pages.pages_read == 5
    assert Protein.objects.count() == 393
    assert Interaction.objects.count() == 454
    assert Citation.objects.cited().count() == 108
    assert SourceDatabase.objects.supporting().count() == 13
    assert DetectionMethod.objects.used().count() == 4


def test_a_second_run_changes_nothing(five_pages: RunReport) -> None:
    before = list(Interaction.objects.order_by("id").values())
    report = import_pages([ROOT / "fixtures" / "pages"], force=True)
    assert not report.changed_anything
    assert report.counts()["interactions"] == {"created": 0, "changed": 0, "unchanged": 454}
    assert "Nothing changed." in report.summary()
    assert list(Interaction.objects.order_by("id").values()) == before


def test_the_oldest_generation_does_not_state_the_scale(five_pages: RunReport) -> None:
    rows = interactions_of("Q13950")
    assert len(rows) == 44
    assert {row.evidence.small_scale for row in rows} == {SmallScale.NOT_STATED}


def test_declared_and_listed_numbers_are_told_apart(five_pages: RunReport) -> None:
    sox4 = Protein.objects.get(accession="Q06945")
    assert (sox4.declared_interactions, sox4.listed_interactions) == (6827, 151)
    ing1 = Protein.objects.get(accession="Q9UK53")
    assert (ing1.declared_interactions, ing1.listed_interactions) == (636, 107)
    assert Protein.objects.get(accession="Q13950").declared_interactions is None


def test_one_interaction_on_two_pages_is_one(five_pages: RunReport) -> None:
    interaction = Interaction.objects.between("Q9UK53", "Q07812").get()
    assert interaction.evidence.content().pmids == (15662138, 16325212, 29087512)


def test_gene_ids_and_absent_names(five_pages: RunReport) -> None:
    read_through = Protein.objects.get(name="COMMD3-BMI1")
    assert gene_ids(read_through.accession) == [100532731]
    assert gene_ids("P35226") == [648, 100532731]
    assert Protein.objects.get(accession="A0A1B0GVJ0").name == ""
    assert gene_ids("Q8N907") == [199699]


def test_canonical_spelling_of_sources(five_pages: RunReport) -> None:
    tfacts = SourceDatabase.objects.get(name="TFactS")
    assert tfacts.key == "TFactS_via_DoRothEA"
    assert str(tfacts) == "TFactS via DoRothEA"
    keys = SourceDatabase.objects.values_list("key", flat=True)
    assert not any("Dorothea" in key for key in keys)


def test_function_is_declared_or_shown(five_pages: RunReport) -> None:
    assert Protein.objects.get(accession="P22557").function == "target gene"
    # TRPS1 has no page of its own; a row shows it as a TF.
    trps1 = Protein.objects.get(accession="Q9UHF7")
    assert (trps1.has_page, trps1.is_tf, trps1.is_target) == (False, True, False)


def test_kept_counts_are_right(five_pages: RunReport) -> None:
    for protein in Protein.objects.all():
        assert protein.target_count == protein.target_interactions.count()
        assert protein.tf_count == protein.tf_interactions.count()


def test_evidence_is_shared_and_says_what_its_digest_says(five_pages: RunReport) -> None:
    rows = list(Evidence.objects.with_content())
    assert len(rows) < 454
    for evidence in rows:
        content = evidence.content()
        assert content.digest == evidence.digest
        assert len(content.sources) == evidence.source_count
        assert len(content.methods) == evidence.method_count
        assert len(content.pmids) == evidence.citation_count


def test_the_run_and_its_pages_are_recorded(five_pages: RunReport) -> None:
    run = ImportRun.objects.get(pk=five_pages.run_id)
    assert (run.state, run.pages_read, run.rows_refused) == ("finished", 5, 0)
    pages = SourcePage.objects.filter(run=run)
    assert sorted(page.generation for page in pages) == [1, 2, 3, 3, 3]
    ing1 = pages.get(protein__accession="Q9UK53")
    assert ing1.downloads["tfs_download"] == "tfs_of_Q9UK53.tsv"
    assert len(ing1.sha256) == 64
