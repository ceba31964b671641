"""Taking an import back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import RunReport, import_pages, import_tables
from curation.importing.undo.run import UndoError, undo_import
from curation.literature.store import store_publications
from curation.models import (
    ImportRun,
    Pin,
    Proposal,
    RecordKind,
    Revision,
    SourcePage,
    Verb,
)
from proteins.models import (
    Citation,
    DetectionMethod,
    Evidence,
    GeneID,
    Interaction,
    Ortholog,
    Protein,
    PubMedStatus,
    ReviewStatus,
    SourceDatabase,
)
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import page, query, row, write
from tests.curation.importing.test_tables import table_row, write_table
from tests.curation.people import make_person

pytestmark = pytest.mark.django_db

FIRST = page(
    "Q9UK53",
    "ING1",
    ncbi_gene_id="3621",
    targets=[row("BAX", "Q07812"), row("TP53", "P04637")],
)
SECOND = page(
    "Q9UK53",
    "ING1A",
    ncbi_gene_id="3621;7",
    jaspar_matrices=["MA0106.1"],
    orthologs='[{"species": "Mus musculus", "id": ["P00001"]}]',
    number_of_interactions="99",
    targets=[
        row("BAX", "Q07812", publications=query(5, 6), sources="NewDB", scale="Yes"),
        row("MYC", "P01106", methods="brand new method"),
    ],
    binding_sites=(
        "TFLinkLS00000001,Q9UK53,ING1,Homo sapiens,hg38,chr14,100,120,+,x,selex,1%5Buid%5D,"
        "JASPAR,No,0"
    ),
)


def take(folder: Path, text: str) -> RunReport:
    return import_pages([write(folder, a=text)])


def test_the_last_run_leaves_no_trace(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    before = content_digest()
    citations = set(Citation.objects.values_list("pmid", flat=True))
    page_before = SourcePage.objects.get().sha256
    run = take(tmp_path, SECOND).run_id
    assert content_digest() != before
    report = undo_import(run)
    assert content_digest() == before
    assert not report.staying
    assert set(Citation.objects.values_list("pmid", flat=True)) == citations
    assert not SourceDatabase.objects.filter(key="NewDB").exists()
    assert not DetectionMethod.objects.filter(name="brand new method").exists()
    assert not Protein.objects.filter(accession="P01106").exists()
    assert Evidence.objects.count() == 1
    assert SourcePage.objects.get().sha256 == page_before
    assert ImportRun.objects.get(pk=run).state == "undone"
    # The page that was taken back is read again.
    assert take(tmp_path, SECOND).changed_anything


def test_the_first_run_leaves_the_database_empty(tmp_path: Path) -> None:
    empty = content_digest()
    run = take(tmp_path, SECOND).run_id
    undo_import(run)
    assert content_digest() == empty
    assert not Protein.objects.exists()
    assert not SourcePage.objects.exists()


def test_what_was_curated_since_stays_and_is_listed(tmp_path: Path) -> None:
    run = take(tmp_path, FIRST).run_id
    Interaction.objects.filter(target__accession="Q07812").update(status=ReviewStatus.CONFIRMED)
    report = undo_import(run)
    assert Interaction.objects.get().target.accession == "Q07812"
    assert set(Protein.objects.values_list("accession", flat=True)) == {"Q9UK53", "Q07812"}
    ing1 = Protein.objects.get(accession="Q9UK53")
    assert (ing1.target_count, ing1.tf_count) == (1, 0)
    assert "stays: interaction Q9UK53-Q07812: it has been curated since" in report.staying


def test_a_curated_value_is_not_taken_back(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    run = take(tmp_path, SECOND).run_id
    protein = Protein.objects.get(accession="Q9UK53")
    Pin.objects.create(kind="protein", record_id=protein.pk, field="name", source_value="ING1A")
    Protein.objects.filter(pk=protein.pk).update(name="p33")
    report = undo_import(run)
    protein.refresh_from_db()
    assert (protein.name, protein.declared_interactions) == ("p33", 12)
    assert any("its name has been changed since" in line for line in report.staying)


def test_what_a_later_import_reports_too_stays(tmp_path: Path) -> None:
    run = take(tmp_path, FIRST).run_id
    import_pages([write(tmp_path / "b", b=page("Q07812", tfs=[row("ING1", "Q9UK53")]))])
    undo_import(run)
    assert Interaction.objects.between("Q9UK53", "Q07812").exists()
    assert not Protein.objects.filter(accession="P04637").exists()
    assert GeneID.objects.count() == 0


def test_proposals_and_pins_return(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    protein = Protein.objects.get(accession="Q9UK53")
    Pin.objects.create(kind="protein", record_id=protein.pk, field="name", source_value="ING1")
    Protein.objects.filter(pk=protein.pk).update(name="p33")
    first = take(tmp_path, page("Q9UK53", "ING1A")).run_id
    second = take(tmp_path, page("Q9UK53", "p33")).run_id
    assert not Pin.objects.exists()
    undo_import(second)
    assert Pin.objects.get().source_value == "ING1"
    assert Proposal.objects.get().state == "open"
    undo_import(first)
    assert Proposal.objects.get().state == "withdrawn"


def test_a_table_is_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "t.tsv"
    write_table(file, table_row(), table_row("P38704", "P38704"))
    import_tables([file])
    before = content_digest()
    write_table(file, table_row(), table_row("P38704", "P00001"))
    run = import_tables([file]).run_id
    undo_import(run)
    assert content_digest() == before
    assert import_tables([file]).changed_anything


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    run = take(tmp_path, FIRST).run_id
    before = content_digest()
    report = undo_import(run, dry_run=True)
    assert report.deleted["interactions"] == 2
    assert content_digest() == before
    assert ImportRun.objects.get().state == "finished"


def test_only_once_and_only_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = take(tmp_path, FIRST).run_id
    call_command("undo_import", str(run))
    assert "interactions: 2 removed" in capsys.readouterr().out
    with pytest.raises(UndoError, match="taken back before"):
        undo_import(run)
    with pytest.raises(CommandError, match="There is no run 99"):
        call_command("undo_import", "99")


def history_of(kind: str, key: str) -> list[tuple[str, dict[str, list[Any]]]]:
    """Return what the history says of a record, the oldest first."""
    revisions = Revision.objects.filter(kind=kind, record_key=key).order_by("id")
    return list(revisions.values_list("verb", "changes"))


def test_histories_tell_what_was_taken_back(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    run = take(tmp_path, SECOND).run_id
    undo_import(run)
    revisions = Revision.objects.filter(record_key="Q9UK53").order_by("id")
    imported, undone = revisions
    assert (imported.verb, undone.verb) == (Verb.IMPORTED, Verb.UNDONE)
    assert {imported.run_id, undone.run_id} == {run}
    assert set(imported.changes) == {
        "name",
        "declared_interactions",
        "gene_ids",
        "jaspar_matrices",
        "orthologs",
    }
    assert undone.changes == {
        name: [after, before] for name, (before, after) in imported.changes.items()
    }
    (_, change), (verb, back) = history_of("interaction", "Q9UK53-Q07812")
    assert verb == Verb.UNDONE
    assert back["evidence"] == change["evidence"][::-1]
    assert list(find_breaches()) == []


def test_an_ortholog_that_is_listed_no_longer(tmp_path: Path) -> None:
    orthologs = '[{"species": "Mus musculus", "id": ["%s", "P00002"]}]'
    take(tmp_path, page("Q9UK53", orthologs=orthologs % "P00001"))
    before = content_digest()
    linked = '<a href=\\"/protein/p00001\\">P00001</a>'
    run = take(tmp_path, page("Q9UK53", orthologs=orthologs % linked)).run_id
    assert Ortholog.objects.get(identifier="P00001").in_tflink
    undo_import(run)
    assert content_digest() == before
    (first, grown), (second, back) = history_of("protein", "Q9UK53")
    assert (first, second) == (Verb.IMPORTED, Verb.UNDONE)
    assert back == {"orthologs": grown["orthologs"][::-1]}
    assert grown["orthologs"][1][0] == ["Mus musculus", "P00001", True]
    assert list(find_breaches()) == []


def test_a_table_that_is_taken_back_is_told(tmp_path: Path) -> None:
    file = tmp_path / "TFLink_All_t.tsv"
    write_table(file, table_row(), table_row("P38704", "P38704"))
    import_tables([file])
    write_table(file, table_row())
    run = import_tables([file]).run_id
    undo_import(run)
    (first, marked), (second, back) = history_of("interaction", "P38704-P38704")
    assert (first, second) == (Verb.IMPORTED, Verb.UNDONE)
    assert (marked, back) == ({"reporting": [0, 1]}, {"reporting": [1, 0]})
    assert list(find_breaches()) == []


def test_what_goes_says_so_where_it_had_a_history(tmp_path: Path) -> None:
    first = take(tmp_path, FIRST).run_id
    second = take(tmp_path, SECOND).run_id
    undo_import(second)
    undo_import(first)
    assert not Protein.objects.exists()
    verb, changes = history_of("protein", "Q9UK53")[-1]
    assert verb == Verb.UNDONE
    assert changes["name"] == ["ING1", None]
    assert history_of("protein", "P04637") == []
    assert list(find_breaches()) == []


@pytest.mark.parametrize("word", ["revision", "comment"])
def test_a_persons_word_keeps_what_an_import_brought(tmp_path: Path, word: str) -> None:
    run = take(tmp_path, FIRST).run_id
    person = make_person("ada")
    interaction = Interaction.objects.get(target__accession="Q07812")
    if word == "revision":
        actions.confirm_interaction(user=person, interaction=interaction)
        # Back to what it was: only the history knows that somebody looked at it.
        actions.reopen_interaction(user=person, interaction=interaction)
    else:
        actions.comment(
            user=person, kind=RecordKind.INTERACTION, record_id=interaction.pk, text="Really?"
        )
    report = undo_import(run)
    assert Interaction.objects.get().target.accession == "Q07812"
    assert "stays: interaction Q9UK53-Q07812: it has been curated since" in report.staying
    assert list(find_breaches()) == []


def test_publications_and_proteins_that_a_person_changed_stay(tmp_path: Path) -> None:
    text = page("Q9UK53", targets=[row("TP53", "P04637", publications=query(5))])
    run = take(tmp_path, text).run_id
    person = make_person("ada")
    citation = Citation.objects.get(pmid=5)
    for title in ("A title", ""):
        actions.amend_citation(user=person, citation=citation, values={"title": title})
    protein = Protein.objects.get(accession="P04637")
    for name in ("p53", "TP53"):
        actions.amend_protein(user=person, protein=protein, values={"name": name})
    undo_import(run)
    assert Citation.objects.filter(pk=citation.pk).exists()
    assert Protein.objects.get() == protein
    assert list(find_breaches()) == []


def test_a_publication_that_pubmed_did_not_know_goes_and_says_so(tmp_path: Path) -> None:
    text = page("Q9UK53", targets=[row("TP53", "P04637", publications=query(5))])
    run = take(tmp_path, text).run_id
    assert store_publications([], unknown=[5]).unknown == [5]
    undo_import(run)
    assert not Citation.objects.filter(pmid=5).exists()
    (first, _), (last, gone) = history_of("citation", "5")
    assert (first, last) == (Verb.LOOKED_UP, Verb.UNDONE)
    assert gone["pubmed_status"] == [PubMedStatus.NOT_FOUND, None]
    assert list(find_breaches()) == []


def test_a_list_that_a_curator_changed_since_stays(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    run = take(tmp_path, SECOND).run_id
    protein = Protein.objects.get(accession="Q9UK53")
    actions.amend_protein(
        user=make_person("ada"), protein=protein, values={"gene_ids": [7, 3621, 9]}
    )
    undo_import(run)
    assert set(GeneID.objects.values_list("ncbi_gene_id", flat=True)) == {7, 3621, 9}
    assert list(find_breaches()) == []


def test_a_name_that_one_import_changed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two chunks; a later import states it too, and takes both changes over."""
    monkeypatch.setattr("curation.importing.pages.PAGES_IN_CHUNK", 1)

    def import_names(*names: str) -> int:
        texts = {f"{name}.md": page("Q9UK53", name) for name in names}
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return import_pages([tmp_path / name for name in texts]).run_id

    import_names("ING0")
    before = content_digest()
    twice = import_names("INGA", "INGB")
    later = import_pages([tmp_path / "INGB.md"], force=True).run_id
    undo_import(twice)
    assert Protein.objects.get().name == "INGB"
    undo_import(later)
    assert Protein.objects.get().name == "ING0"
    assert content_digest() == before
    assert not [*find_breaches()]


def test_evidence_that_stays_leaves_nothing_behind(tmp_path: Path) -> None:
    take(tmp_path, FIRST)
    run = take(tmp_path, SECOND).run_id
    interaction = Interaction.objects.get(target__accession="Q07812")
    evidence = {"sources": ["GTRD"], "methods": [], "pmids": [], "small_scale": "no"}
    actions.amend_interaction(
        user=make_person("ada"), interaction=interaction, values={"evidence": evidence}
    )
    report = undo_import(run)
    assert any("its evidence has been changed since" in line for line in report.staying)
    assert list(find_breaches()) == []
