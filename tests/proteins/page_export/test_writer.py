"""The database as pages: which there are, and what stands on them."""

from __future__ import annotations

import errno
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from curation.importing.run import import_pages
from curation.importing.source.pages import read_page
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    Interaction,
    JasparMatrix,
    Protein,
    Reporting,
    ReviewStatus,
)
from proteins.page_export import selection
from proteins.page_export.files import export_pages
from tests.conftest import ROOT
from tests.factories import accession, make_interaction, make_protein
from tests.species import SPECIES

pytestmark = pytest.mark.django_db

EXCERPT = ROOT / "tests" / "curation" / "importing" / "data" / "p04637-excerpt.md"
GOLDEN = Path(__file__).parent / "golden"


def run(folder: Path, *options: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("export_pages", str(folder), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_page_is_as_it_was_agreed(tmp_path: Path) -> None:
    import_pages([EXCERPT])
    export_pages(tmp_path, ["P04637"])
    assert files(tmp_path) == ["p04637.md"]
    assert (tmp_path / "p04637.md").read_text() == (GOLDEN / "p04637.md").read_text()


@pytest.mark.usefixtures("five_pages")
def test_an_export_is_the_same_after_it_was_imported(tmp_path: Path) -> None:
    export_pages(tmp_path / "one")
    import_pages([tmp_path / "one"])
    export_pages(tmp_path / "two")
    texts = [
        {file.name: file.read_text() for file in (tmp_path / folder).iterdir()}
        for folder in ("one", "two")
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 5


def test_every_interaction_is_on_the_pages_of_both_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tf = make_protein("P04637", "TP53", has_page=True)
    for number in range(150):
        make_interaction(tf, make_protein(accession(number), has_page=number < 20))
    monkeypatch.setattr(selection, "ROWS_IN_BATCH", 30)
    export_pages(tmp_path)
    pages = {
        name: read_page((tmp_path / name).read_bytes(), name, species=SPECIES)
        for name in files(tmp_path)
    }
    assert len(pages) == 21
    assert len(pages["p04637.md"].interactions) == 150
    assert [row.tf for row in pages["p00007.md"].interactions] == ["P04637"]


def test_the_best_supported_row_is_first(tmp_path: Path) -> None:
    tf = make_protein("P04637", has_page=True)
    for number, (pmids, scale) in enumerate(
        [
            ((1,), SmallScale.NO),
            ((1, 2), SmallScale.NO),
            ((3,), SmallScale.YES),
            ((4,), SmallScale.NO),
        ]
    ):
        make_interaction(tf, make_protein(accession(number)), pmids=pmids, small_scale=scale)
    export_pages(tmp_path)
    page = read_page((tmp_path / "p04637.md").read_bytes(), "page", species=SPECIES)
    assert [row.target for row in page.interactions] == [accession(n) for n in (2, 1, 0, 3)]


def test_a_protein_without_a_page_gets_one_where_no_row_says_all(tmp_path: Path) -> None:
    page = make_protein("P04637", has_page=True)
    named, alone, declared = (make_protein(accession(n)) for n in range(3))
    tf, target, matrix = (make_protein(accession(n)) for n in range(3, 6))
    for one, other in ((page, named), (page, declared), (page, matrix), (tf, target)):
        make_interaction(one, other)
    Protein.objects.filter(pk=declared.pk).update(declared_target=True)
    JasparMatrix.objects.create(protein=matrix, matrix_id="MA0001.1")
    export_pages(tmp_path)
    expected = (page, alone, declared, tf, matrix)
    assert files(tmp_path) == sorted(f"{p.accession.lower()}.md" for p in expected)
    text = (tmp_path / f"{tf.accession.lower()}.md").read_text()
    assert "\nfunction: ''\nnumber_of_interactions: ''\n" in text


def test_rejected_interactions_are_left_out_and_others_are_not(tmp_path: Path) -> None:
    tf = make_protein("P04637", has_page=True)
    make_interaction(tf, make_protein("P00001"), status=ReviewStatus.REJECTED)
    gone = make_interaction(tf, make_protein("P00002"), status=ReviewStatus.DISPUTED)
    Interaction.objects.filter(pk=gone.pk).update(reporting=Reporting.WITHDRAWN)
    export_pages(tmp_path)
    page = read_page((tmp_path / "p04637.md").read_bytes(), "page", species=SPECIES)
    assert [row.target for row in page.interactions] == ["P00002"]


def test_what_no_page_can_hold_is_said(tmp_path: Path) -> None:
    tf = make_protein("P04637", has_page=True)
    make_interaction(tf, make_protein("P00001"), methods=["a, b"])
    no = evidence_for(EvidenceContent.of(["JASPAR"], small_scale=SmallScale.NO))
    BindingSite.objects.create(
        tflink_id="TFLinkLS1", tf=tf, evidence=no, chromosome="chr1", strand="+", sequence="ACGT"
    )
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as raised:
        call_command("export_pages", str(tmp_path), stdout=out, stderr=err)
    assert raised.value.code == 1
    lines = err.getvalue().splitlines()
    assert len(lines) == 4
    assert "'a, b' is written 'a_ b'" in lines[3]
    # What is left is still a sound page.
    page = read_page((tmp_path / "p04637.md").read_bytes(), "page", species=SPECIES)
    assert page.problems == ()
    assert page.binding_sites[0].evidence.small_scale is SmallScale.NO
    assert page.interactions[0].evidence.methods == ("a_ b",)


@pytest.mark.usefixtures("five_pages")
def test_a_page_too_large_for_the_importer_is_said(tmp_path: Path) -> None:
    with override_settings(IMPORT_MAX_PAGE_BYTES=1000):
        count, losses = export_pages(tmp_path)
    assert (count, len(losses)) == (5, 5)
    assert "IMPORT_MAX_PAGE_BYTES" in losses[0]


@pytest.mark.usefixtures("five_pages")
def test_only_the_pages_asked_for(tmp_path: Path) -> None:
    out, _ = run(tmp_path, "--accession", "q9uk53", "P01106", "--accession", "Q9UK53")
    # P01106 has no page of its own; what is known of it is written all the same.
    assert files(tmp_path) == ["p01106.md", "q9uk53.md"]
    assert out == f"2 pages written to {tmp_path}\n"


@pytest.mark.parametrize(("accession", "named"), [("P99999", "P99999"), ("nonsense", "'nonsense'")])
@pytest.mark.usefixtures("five_pages")
def test_an_unknown_accession_writes_nothing(tmp_path: Path, accession: str, named: str) -> None:
    folder = tmp_path / "new"
    with pytest.raises(CommandError, match=named) as raised:
        run(folder, "--accession", "Q9UK53", accession)
    assert raised.value.returncode == 2
    assert not folder.exists()


@pytest.mark.usefixtures("five_pages")
def test_other_files_stay_and_no_half_page_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "q9uk53.md").write_text("older")
    write_bytes = Path.write_bytes

    def full(file: Path, data: bytes) -> int:
        write_bytes(file, data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(CommandError, match="No space left"):
            run(tmp_path, "--accession", "Q9UK53")
    assert files(tmp_path) == ["notes.txt", "q9uk53.md"]
    assert (tmp_path / "q9uk53.md").read_text() == "older"
    run(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert len(files(tmp_path)) == 6


def test_a_batch_takes_a_fixed_number_of_queries(tmp_path: Path) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            export_pages(tmp_path)
        return len(captured)

    tf = make_protein("P04637", has_page=True)
    make_interaction(tf, make_protein("P00001", has_page=True, genes=[1]))
    few = queries()
    for number in range(10, 60):
        make_interaction(tf, make_protein(accession(number), has_page=True, genes=[number]))
    assert queries() == few
