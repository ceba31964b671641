"""How pages come together in the database, whatever their order and generation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.importing.run import RunReport, import_pages
from curation.models import ImportRun, SourcePage
from proteins.domain.evidence import SmallScale
from proteins.models import (
    BindingSite,
    Evidence,
    GeneID,
    Interaction,
    Ortholog,
    Protein,
    SourceDatabase,
    Support,
)
from tests.curation.importing.pages_for_tests import link, page, query, row, write
from tests.places import EXCERPT

pytestmark = pytest.mark.django_db


def take(folder: Path, **pages: str) -> RunReport:
    return import_pages([write(folder, **pages)])


def content(tf: str, target: str) -> tuple[object, ...]:
    evidence = Interaction.objects.between(tf, target).get().evidence.content()
    return evidence.sources, evidence.methods, evidence.pmids, evidence.small_scale


def test_evidence_of_one_interaction_is_united(tmp_path: Path) -> None:
    oldest = row("BAX", "Q07812", sources="TRRUST; GTRD", publications=link(1, 2), scale=None)
    newest = row("ING1", "Q9UK53", sources="HTRI", publications=query(2, 3), scale="Yes")
    take(tmp_path, a=page("Q9UK53", targets=[oldest]))
    report = take(tmp_path, b=page("Q07812", tfs=[newest]))
    assert content("Q9UK53", "Q07812") == (
        ("GTRD", "HTRI", "TRRUST"),
        ("chromatin immunoprecipitation assay",),
        (1, 2, 3),
        SmallScale.YES,
    )
    assert report.counts()["interactions"] == {"created": 0, "changed": 1, "unchanged": 0}
    # What each of the two pages says, and both together; the support that said less is gone.
    assert Evidence.objects.count() == 3
    assert Support.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second", "united"),
    [
        (None, "No", SmallScale.NO),
        ("No", "Yes", SmallScale.YES),
        ("Yes", None, SmallScale.YES),
        (None, None, SmallScale.NOT_STATED),
    ],
)
def test_scale_is_yes_over_no_over_not_stated(
    tmp_path: Path, first: str | None, second: str | None, united: SmallScale
) -> None:
    take(tmp_path, a=page("Q9UK53", targets=[row("BAX", "Q07812", scale=first)]))
    take(tmp_path, b=page("Q07812", tfs=[row("ING1", "Q9UK53", scale=second)]))
    assert content("Q9UK53", "Q07812")[3] == united


def test_a_page_of_an_older_generation_changes_nothing(tmp_path: Path) -> None:
    new = page("Q9UK53", "ING1", targets=[row("BAX", "Q07812")])
    old = page(
        "Q9UK53",
        "OLDNAME",
        targets=[row("BAX", "Q07812", publications=link(9), scale=None)],
        number_of_interactions=None,
        jaspar_matrices=None,
    )
    take(tmp_path / "new", a=new)
    take(tmp_path / "old", a=old)
    ing1 = Protein.objects.get(accession="Q9UK53")
    assert (ing1.name, ing1.declared_interactions) == ("ING1", 12)
    assert content("Q9UK53", "Q07812")[2] == (27924024,)


def test_a_changed_page_changes_what_it_says(tmp_path: Path) -> None:
    take(tmp_path, a=page("Q9UK53", "OLD", number_of_interactions="5"))
    report = take(tmp_path, a=page("Q9UK53", "NEW", number_of_interactions="7"))
    protein = Protein.objects.get(accession="Q9UK53")
    assert (protein.name, protein.declared_interactions) == ("NEW", 7)
    assert report.counts()["proteins"] == {"created": 0, "changed": 1, "unchanged": 0}
    assert SourcePage.objects.count() == 1


def test_a_name_in_a_row_fills_in_but_never_overrules_a_page(tmp_path: Path) -> None:
    take(tmp_path, a=page("Q9UK53", targets=[row("-", "Q07812")]))
    assert Protein.objects.get(accession="Q07812").name == ""
    take(tmp_path, b=page("P04637", targets=[row("BAX", "Q07812")]))
    assert Protein.objects.get(accession="Q07812").name == "BAX"
    take(tmp_path, c=page("Q07812", "BAX1"))
    take(tmp_path, d=page("P01106", targets=[row("BAX", "Q07812")]))
    assert Protein.objects.get(accession="Q07812").name == "BAX1"


def test_names_with_commas_come_through(tmp_path: Path) -> None:
    yeast = {"organism": "Saccharomyces cerevisiae"}
    take(
        tmp_path,
        a=page("P38704", targets=[row("ADE5_7", "P07244", "852617.0")], **yeast),
        b=page("Q05958", targets=[row("ARG5,6", "Q01217", "856800")], **yeast),
    )
    assert Protein.objects.get(accession="P07244").name == "ADE5,7"
    assert Protein.objects.get(accession="Q01217").name == "ARG5,6"
    assert GeneID.objects.get(protein__accession="P07244").ncbi_gene_id == 852617


def test_a_protein_may_regulate_itself(tmp_path: Path) -> None:
    self_row = row("TP53", "P04637")
    take(tmp_path, a=page("P04637", "TP53", tfs=[self_row], targets=[self_row]))
    protein = Protein.objects.get()
    assert Interaction.objects.count() == 1
    # Counted once as TF and once as target, as pages count.
    assert protein.listed_interactions == 2


def test_an_ortholog_alone_makes_no_protein(tmp_path: Path) -> None:
    linked = '<a href="/protein/q9qxv3">Q9QXV3</a>'
    orthologs = json.dumps([{"species": "Mus musculus", "id": ["MOUSE18100", linked]}])
    take(tmp_path, a=page("Q9UK53", orthologs=orthologs))
    assert Protein.objects.count() == 1
    listed = {item.identifier: item.in_tflink for item in Ortholog.objects.all()}
    assert listed == {"MOUSE18100": False, "Q9QXV3": True}
    take(tmp_path, b=page("Q9QXV3", organism="Mus musculus"))
    ours = {item.identifier: item.is_ours for item in Ortholog.objects.with_protein()}
    assert ours == {"MOUSE18100": False, "Q9QXV3": True}


def test_unknown_databases_methods_and_keys_are_kept(tmp_path: Path) -> None:
    take(
        tmp_path,
        a=page(
            "Q9UK53",
            targets=[row("BAX", "Q07812", sources="NewDB_via_Elsewhere", methods="new method")],
            future_key="kept as it is",
        ),
    )
    source = SourceDatabase.objects.get(key="NewDB_via_Elsewhere")
    assert (source.name, source.via and source.via.key) == ("NewDB", "Elsewhere")
    assert SourcePage.objects.get().unknown_keys == {"future_key": "kept as it is"}


def test_a_protein_of_another_species_is_refused_and_nothing_else_is(tmp_path: Path) -> None:
    take(tmp_path, a=page("Q9UK53", targets=[row("BAX", "Q07812")]))
    mouse = {"organism": "Mus musculus"}
    report = take(
        tmp_path,
        b=page("P01106", targets=[row("Bax", "Q07812"), row("Myc", "P12345")], **mouse),
        c=page("Q9UK53", targets=[row("Xyz", "P99999")], **mouse),
    )
    reasons = [(problem.file, problem.line, problem.reason) for problem in report.problems]
    assert (report.rows_refused, report.pages_refused) == (1, 1)
    assert any("Q07812 is a protein of Homo sapiens elsewhere" in reason for *_, reason in reasons)
    assert all(file.endswith(".md") for file, *_ in reasons)
    assert Interaction.objects.between("P01106", "P12345").exists()
    assert not Protein.objects.filter(accession="P99999").exists()


def test_binding_sites_and_sequences(tmp_path: Path) -> None:
    excerpt = EXCERPT
    report = import_pages([excerpt])
    assert report.clean, report.problems
    site = BindingSite.objects.get(tflink_id="TFLinkLS08541019")
    assert (site.position, site.strand, site.overlaps) == ("chr14:23670688-23670702", "-", 0)
    assert BindingSite.objects.get(tflink_id="TFLinkLS08540983").position == ""
    # Sequences whose sites are not among the rows are sites of their own.
    alone = BindingSite.objects.get(tflink_id="TFLinkSS09902114")
    assert alone.sequence == "TGCAGTCTATCTTTCCACAC"
    assert alone.evidence.small_scale == SmallScale.YES
    matrices = Protein.objects.get(accession="P04637").jaspar_matrices
    assert [matrix.matrix_id for matrix in matrices.all()] == ["MA0106.1", "MA0106.2", "MA0106.3"]
    assert not import_pages([excerpt]).changed_anything


def test_pages_are_found_once_and_missing_paths_named(tmp_path: Path) -> None:
    folder = write(tmp_path, a=page("Q9UK53"))
    report = import_pages([folder, folder / "a.md", folder / "." / "a.md"])
    assert report.pages_read == 1
    with pytest.raises(FileNotFoundError, match="nowhere"):
        import_pages([folder / "nowhere"])
    assert ImportRun.objects.count() == 1


def test_a_chunk_is_in_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, a=page("Q9UK53", targets=[row("BAX", "Q07812")]))
    from curation.importing import pages

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(pages, "_record_pages", fail)
    with pytest.raises(RuntimeError):
        import_pages([folder])
    assert not Protein.objects.exists()
    assert not Interaction.objects.exists()
    assert ImportRun.objects.get().state == "failed"


def test_a_binding_site_of_another_tf_is_refused_with_its_line(tmp_path: Path) -> None:
    def text(accession: str) -> str:
        site = (
            f"TFLinkLS00000001,{accession},X,Homo sapiens,hg38,chr14,100,120,+,x,selex,"
            "1%5Buid%5D,JASPAR,No,0"
        )
        return page(accession, binding_sites=site)

    take(tmp_path, a=text("Q9UK53"))
    report = take(tmp_path, b=text("P04637"))
    (problem,) = report.problems
    line = (tmp_path / "b.md").read_text().splitlines()[(problem.line or 0) - 1]
    assert "TFLinkLS00000001" in line
    assert "is a binding site of Q9UK53 elsewhere, of P04637 here" in problem.reason
    assert BindingSite.objects.get().tf.accession == "Q9UK53"
