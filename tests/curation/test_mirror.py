"""A mirror that reads changes only is equal to the database after every kind of write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from curation import actions
from curation.importing.run import import_pages, import_tables
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, Revision, RunChunk
from proteins.models import ChangeKind, Gone, Interaction, Protein
from tests.curation.importing.pages_for_tests import page, query, row, write
from tests.curation.importing.test_tables import table_row, write_table
from tests.curation.mirror import Mirror, database
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db

FIRST = page(
    "Q9UK53",
    "ING1",
    ncbi_gene_id="3621",
    targets=[row("BAX", "Q07812"), row("TP53", "P04637")],
    orthologs='[{"species": "Mus musculus", "id": ["Q9QXV3"]}]',
)
SECOND = page(
    "Q9UK53",
    "ING1A",
    ncbi_gene_id="3621;7",
    jaspar_matrices=["MA0106.1"],
    orthologs='[{"species": "Mus musculus", "id": ["[Q9QXV3](/protein/q9qxv3/)", "P00001"]}]',
    number_of_interactions="99",
    targets=[
        row("BAX", "Q07812", publications=query(5, 6), sources="NewDB", scale="Yes"),
        row("MYC", "P01106", methods="brand new method"),
    ],
)
EVIDENCE = {"sources": ["GTRD"], "methods": ["selex"], "pmids": [7], "small_scale": "yes"}


@pytest.fixture(params=[1, 1_000])
def mirror(request: pytest.FixtureRequest) -> Mirror:
    """One whose pages end within a change, and one that has all on a page."""
    return Mirror(request.param)


@pytest.fixture
def senior() -> User:
    return make_person("senior")


def up_to_date(mirror: Mirror) -> None:
    before = mirror.number
    mirror.read()
    assert mirror.records == database()
    assert mirror.number >= before


def key(text: str) -> Interaction:
    return Interaction.objects.between(*text.split("-")).get()


def gone(since: int = 0) -> list[tuple[str, str, str]]:
    rows = Gone.objects.filter(change__gt=since)
    return sorted(rows.values_list("kind", "record_key", "why"))


def test_imports_and_their_undo(tmp_path: Path, mirror: Mirror) -> None:
    import_pages([write(tmp_path / "a", ing=FIRST)])
    up_to_date(mirror)
    assert len(mirror.records["interaction"]) == 2
    second = import_pages([write(tmp_path / "b", ing=SECOND)])
    up_to_date(mirror)
    assert mirror.records["protein"]["Q9UK53"]["gene_ids"] == [7, 3621]
    begin = mirror.number
    undo_import(second.run_id)
    up_to_date(mirror)
    assert ("interaction", "Q9UK53-P01106", "undone") in gone(begin)
    assert ("protein", "P01106", "undone") in gone(begin)


def test_a_table_that_lacks_what_another_had(tmp_path: Path, mirror: Mirror) -> None:
    file = tmp_path / "t.tsv"
    import_tables([write_table(file, table_row(), table_row(target="P32324"))])
    up_to_date(mirror)
    import_tables([write_table(file, table_row())], complete=True, confirmed=True)
    up_to_date(mirror)
    assert mirror.records["interaction"]["P38704-P32324"]["reporting"] == "no longer reported"


def test_a_trial_changes_nothing(tmp_path: Path, mirror: Mirror) -> None:
    import_pages([write(tmp_path / "a", ing=FIRST)])
    up_to_date(mirror)
    begin = mirror.number
    import_pages([write(tmp_path / "b", ing=SECOND)], dry_run=True)
    undo_import(ImportRun.objects.get().pk, dry_run=True)
    up_to_date(mirror)
    assert mirror.number == begin
    assert gone() == []


def test_verdicts_changes_and_removals(senior: User, mirror: Mirror) -> None:
    ing, bax = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
    make_interaction(ing, bax)
    up_to_date(mirror)
    actions.reject_interaction(user=senior, interaction=key("Q9UK53-Q07812"), reason="Not so.")
    up_to_date(mirror)
    assert mirror.records["interaction"] == {}
    assert gone() == [("interaction", "Q9UK53-Q07812", "rejected")]
    actions.reopen_interaction(user=senior, interaction=key("Q9UK53-Q07812"))
    up_to_date(mirror)
    assert list(mirror.records["interaction"]) == ["Q9UK53-Q07812"]
    values: dict[str, Any] = {"evidence": EVIDENCE, "effect": 1}
    actions.amend_interaction(user=senior, interaction=key("Q9UK53-Q07812"), values=values)
    up_to_date(mirror)
    added = actions.add_interaction(user=senior, tf=bax, target=ing, values={"evidence": EVIDENCE})
    up_to_date(mirror)
    actions.remove_interaction(user=senior, interaction=added)
    up_to_date(mirror)
    protein = Protein(accession="P04637", taxon=ing.taxon)
    actions.add_record(user=senior, record=protein, values={"name": "TP53"})
    up_to_date(mirror)
    values = {"gene_ids": [7157], "orthologs": [["Mus musculus", "P02340", True]]}
    actions.amend_protein(user=senior, protein=protein, values=values)
    up_to_date(mirror)
    actions.remove_record(user=senior, record=protein)
    up_to_date(mirror)
    assert gone()[1:] == [
        ("interaction", "Q9UK53-Q07812", "rejected"),
        ("protein", "P04637", "removed"),
    ]


def test_a_merge(senior: User, mirror: Mirror) -> None:
    old, new, bax = make_protein("P00002"), make_protein("P00001"), make_protein("Q07812", "BAX")
    myc = make_protein("P01106", "MYC")
    make_interaction(old, bax, sources=["HTRI"])
    make_interaction(new, bax, sources=["TRRUST"])
    make_interaction(myc, old)
    make_interaction(old, old)
    up_to_date(mirror)
    actions.merge_protein(user=senior, secondary=old, primary=new, reason="One protein.")
    up_to_date(mirror)
    assert [name for _, name, _ in gone()] == [
        "P00002-P00002", "P00002-Q07812", "P01106-P00002", "P00002",
    ]  # fmt: skip
    assert {why for *_, why in gone()} == {"merged"}


def test_a_merge_that_makes_a_rejected_one(senior: User, mirror: Mirror) -> None:
    old, new, bax = make_protein("P00002"), make_protein("P00001"), make_protein("Q07812", "BAX")
    make_interaction(old, bax)
    make_interaction(new, bax)
    actions.reject_interaction(user=senior, interaction=key("P00002-Q07812"), reason="Not so.")
    up_to_date(mirror)
    actions.merge_protein(user=senior, secondary=old, primary=new, reason="One protein.")
    up_to_date(mirror)
    assert mirror.records["interaction"] == {}


def test_what_is_rejected_from_the_first_never_shows(senior: User, mirror: Mirror) -> None:
    ing, bax = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
    values = {"evidence": EVIDENCE, "status": 3}
    actions.add_interaction(user=senior, tf=ing, target=bax, values=values, reason="Disproved.")
    up_to_date(mirror)
    assert gone() == []


def test_revisions_and_chunks_point_at_their_change(tmp_path: Path, senior: User) -> None:
    run = import_pages([write(tmp_path / "a", ing=FIRST)])
    import_pages([write(tmp_path / "b", ing=SECOND)])
    chunk = RunChunk.objects.get(run=run.run_id)
    assert chunk.change is not None
    assert (chunk.change.kind, chunk.change.run) == (ChangeKind.IMPORT, run.run_id)
    revision = actions.amend_protein(
        user=senior,
        protein=Protein.objects.get(accession="Q9UK53"),
        values={"name": "ING1*"},
        reason="As HGNC has it.",
    )
    assert revision is not None
    change = revision.change
    assert change is not None
    assert (change.kind, change.user, change.reason) == ("desk", senior, "As HGNC has it.")
    assert Protein.objects.get(accession="Q9UK53").change_id == change.pk
    assert not Revision.objects.filter(change=None).exists()


def test_records_are_written_within_a_change_set_only() -> None:
    from curation.shared.changes import this_change

    with pytest.raises(RuntimeError, match="within a change set"):
        this_change()
