"""Binding sites: one physical site is one record, whatever IDs, forms and order of documents."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from curation.checks import find_breaches
from curation.importing.loading.report import RunReport
from curation.importing.run import import_pages, import_sites
from curation.importing.source.known_defects import SITE_LENGTHS
from curation.importing.source.site_tables import ANNOTATION_COLUMNS, DOWNLOAD_COLUMNS
from curation.importing.undo.run import undo_import
from curation.models import Pin, Proposal, SitePart, SourceTable
from proteins.domain.binding_sites import Counting, counting_of
from proteins.exports.rows import QueryRows, binding_sites
from proteins.exports.sites import bed, gff3
from proteins.models import BindingSite, FormerSiteID, Protein
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import link, page
from tests.places import SHARED

pytestmark = pytest.mark.django_db

needs_pages = pytest.mark.skipif(
    not (SHARED / "data" / "pages").exists(), reason="shared/data/pages is absent"
)
WORM = "Caenorhabditis elegans"
BODY = "\\>{};Q94126;ces-2;ce10;chrIII:3744956-3744965\\\r\nTTACCCAAC\\"


def site_row(tflink_id: str = "TFLinkSS09283365", **cells: str) -> list[str]:
    values = {
        "TFLinkID": tflink_id,
        "UniprotID.TF": "Q94126",
        "Name.TF": "ces-2",
        "Organism": WORM,
        "Assembly": "ce10",
        "Chromosome": "chrIII",
        "Start": "3744956",
        "End": "3744965",
        "Strand": "+",
        "Genome.browser": "ce10&position=chrIII:3744956-3744965",
        "Detection.method": "inferred by curator",
        "PubmedID": "16310763;26578589",
        "Source.database": "ORegAnno",
        "Small-scale.evidence": "Yes",
        "Number.of.TFBS.overlaps": "0",
        "TFBS.overlaps": "-",
    }
    return [*(values | cells).values()]


def table(path: Path, *rows: Sequence[str]) -> Path:
    text = "".join("\t".join(cells) + "\n" for cells in (ANNOTATION_COLUMNS, *rows))
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def fasta(path: Path, *headers: str) -> Path:
    path.write_text("".join(f">{header}\nTTACCCAAC\n" for header in headers))
    return path


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def newest_page(folder: Path) -> Path:
    cells = site_row()
    cells[11] = "16310763%5Buid%5D+OR+26578589%5Buid%5D"
    return written(
        folder / "newest.md",
        page("Q94126", "ces-2", organism=WORM, body=BODY.format(cells[0]),
             binding_sites=",".join(cells[:15])),
    )  # fmt: skip


def older_page(folder: Path, chromosome: str = "III") -> Path:
    cells = (
        "TFLinkLT0009601", "inferred by curator", link(16310763), "ORegAnno", "ce10", chromosome,
        "3744956.0", "3744965.0", "+",
    )  # fmt: skip
    return written(
        folder / "older.md",
        page("Q94126", "ces-2", organism=WORM, body=BODY.format(cells[0]),
             binding_sites=",".join(cells)),
    )  # fmt: skip


def take(path: Path) -> RunReport:
    return import_pages([path]) if path.suffix == ".md" else import_sites([path])


def check_one_site() -> None:
    site = BindingSite.objects.get()
    assert site.tflink_id == "TFLinkSS09283365"
    assert [one.tflink_id for one in site.former_ids.all()] == ["TFLinkLT0009601"]
    assert (site.chromosome, site.start, site.end) == ("chrIII", 3744956, 3744965)
    assert (site.strand, site.sequence, site.overlaps) == ("+", "TTACCCAAC", 0)
    assert site.evidence.content().pmids == (16310763, 26578589)
    assert not [*find_breaches()]


def test_a_table_is_read(tmp_path: Path) -> None:
    report = import_sites([table(tmp_path / "sites.tsv.gz", site_row())])
    assert report.clean
    assert report.counts()["binding sites"] == {"created": 1, "changed": 0, "unchanged": 0}
    site = BindingSite.objects.get()
    assert (site.tflink_id, site.tf.name, site.tf.is_tf) == ("TFLinkSS09283365", "ces-2", True)
    assert SourceTable.objects.get().rows == 1


def test_one_physical_site_is_one_record_in_any_order(tmp_path: Path) -> None:
    files = [
        newest_page(tmp_path),
        older_page(tmp_path),
        table(tmp_path / "sites.tsv", site_row()),
    ]
    digests = set()
    for order in itertools.permutations(files):
        runs = [take(path) for path in order]
        assert all(run.clean for run in runs)
        check_one_site()
        digests.add(content_digest())
        for run in reversed(runs):
            undo_import(run.run_id)
            assert not [*find_breaches()]
        assert not BindingSite.objects.exists()
        assert not FormerSiteID.objects.exists()
    assert len(digests) == 1


def test_documents_of_one_run_are_united(tmp_path: Path) -> None:
    assert import_pages([newest_page(tmp_path), older_page(tmp_path)]).clean
    check_one_site()


def test_a_former_id_is_met_again(tmp_path: Path) -> None:
    take(older_page(tmp_path))
    take(newest_page(tmp_path))
    again = import_pages([older_page(tmp_path)], force=True)
    assert again.counts()["binding sites"] == {"created": 0, "changed": 0, "unchanged": 1}
    check_one_site()


def test_undo_gives_a_site_its_former_id_back(tmp_path: Path) -> None:
    take(older_page(tmp_path))
    before = content_digest()
    run = import_sites([table(tmp_path / "sites.tsv", site_row())])
    check_one_site()
    undo_import(run.run_id)
    assert content_digest() == before
    assert not [*find_breaches()]


def downloaded(path: Path, *rows: list[str]) -> Path:
    columns = [ANNOTATION_COLUMNS.index(column) for column in DOWNLOAD_COLUMNS]
    lines = [DOWNLOAD_COLUMNS, *([row[place] for place in columns] for row in rows)]
    return written(path, "".join("\t".join(line) + "\n" for line in lines))


@pytest.mark.parametrize(
    "names", [*itertools.permutations(["table", "download", "page", "older"], 2)]
)
def test_a_site_stays_that_another_document_states(tmp_path: Path, names: tuple[str, str]) -> None:
    """And it goes with the last of them, whichever was first to state it."""
    make = {
        "table": lambda: table(tmp_path / "sites.tsv", site_row()),
        "download": lambda: downloaded(
            tmp_path / "bindingSites_of_Q94126.tsv", site_row(PubmedID="1")
        ),
        "page": lambda: newest_page(tmp_path),
        "older": lambda: older_page(tmp_path),
    }
    empty = content_digest()
    first, second = (make[name]() for name in names)
    for from_the_end in (True, False):
        runs = [take(first)]
        of_first = content_digest()
        runs.append(take(second))
        if from_the_end:
            undo_import(runs.pop().run_id)
            assert content_digest() == of_first
        else:
            undo_import(runs.pop(0).run_id)
            assert BindingSite.objects.get().chromosome
        assert not [*find_breaches()]
        undo_import(runs[0].run_id)
        assert not BindingSite.objects.exists()
        assert content_digest() == empty


def test_a_site_goes_that_no_other_document_states(tmp_path: Path) -> None:
    """Though one lists other sites of the same TF."""
    first = take(table(tmp_path / "a.tsv", site_row(), site_row("TFLinkSS2", Start="1")))
    take(newest_page(tmp_path))
    undo_import(first.run_id)
    assert BindingSite.objects.get().tflink_id == "TFLinkSS09283365"


def test_a_site_stays_as_a_later_document_met_it(tmp_path: Path) -> None:
    """Under the ID that the import which goes gave it."""
    take(older_page(tmp_path))
    run = take(table(tmp_path / "sites.tsv", site_row()))
    after = content_digest()
    last = take(downloaded(tmp_path / "bindingSites_of_Q94126.tsv", site_row()))
    undo_import(run.run_id)
    assert BindingSite.objects.get().tflink_id == "TFLinkSS09283365"
    assert content_digest() == after
    undo_import(last.run_id)
    assert BindingSite.objects.get().tflink_id == "TFLinkLT0009601"
    assert not FormerSiteID.objects.exists()


def test_overlapping_sites_stay_apart(tmp_path: Path) -> None:
    take(older_page(tmp_path))
    rows = [site_row(), site_row("TFLinkSS09283366", Start="3744957")]
    import_sites([table(tmp_path / "sites.tsv", *rows)])
    assert BindingSite.objects.count() == 2
    assert FormerSiteID.objects.get().site.start == 3744956


def test_a_site_that_may_be_either_of_two_stays_apart(tmp_path: Path) -> None:
    rows = [site_row(), site_row("TFLinkSS09283366", Strand="-")]
    import_sites([table(tmp_path / "sites.tsv", *rows)])
    cells = ",".join(
        ["TFLinkLT0009601", "inferred by curator", link(16310763), "ORegAnno", "ce10", "III",
         "3744956", "3744965", ""]
    )  # fmt: skip
    import_pages([written(tmp_path / "o.md", page("Q94126", organism=WORM, binding_sites=cells))])
    assert BindingSite.objects.count() == 3
    assert not FormerSiteID.objects.exists()


def without_strand(folder: Path, tflink_id: str = "TFLinkLT0009601", strand: str = "") -> Path:
    """An older page, with a site at the place of those of `site_row`."""
    cells = (tflink_id, "inferred by curator", link(1), "ORegAnno", "ce10", "III", "3744956",
             "3744965", strand)  # fmt: skip
    text = page("Q94126", "ces-2", organism=WORM, binding_sites=",".join(cells))
    return written(folder / f"{tflink_id}.md", text)


def state_of_sites() -> tuple[str, set[tuple[str, str]]]:
    assert not [*find_breaches()]
    return content_digest(), set(FormerSiteID.objects.values_list("tflink_id", "site__tflink_id"))


def test_the_order_of_documents_does_not_matter(tmp_path: Path) -> None:
    """One that leaves the strand open, which may come before it can be either of two sites."""
    files = [
        without_strand(tmp_path),
        without_strand(tmp_path, "TFLinkLT0009602", "+"),
        table(tmp_path / "plus.tsv", site_row()),
        table(tmp_path / "minus.tsv", site_row("TFLinkSS09283366", Strand="-", PubmedID="2")),
    ]
    states = []
    for order in itertools.permutations(files):
        runs = [take(path) for path in order]
        states.append(state_of_sites())
        for run in reversed(runs):
            undo_import(run.run_id)
        assert not BindingSite.objects.exists()
        assert not SitePart.objects.exists()
    assert all(state == states[0] for state in states)
    assert states[0][1] == {("TFLinkLT0009602", "TFLinkSS09283365")}


def test_each_step_of_a_regrouping_is_undone(tmp_path: Path) -> None:
    files = [
        without_strand(tmp_path),
        table(tmp_path / "plus.tsv", site_row()),
        table(tmp_path / "minus.tsv", site_row("TFLinkSS09283366", Strand="-", PubmedID="2")),
    ]
    for order in itertools.permutations(files):
        before, runs = [], []
        for path in order:
            before.append((state_of_sites(), SitePart.objects.count()))
            runs.append(take(path))
        for run in reversed(runs):
            undo_import(run.run_id)
            assert (state_of_sites(), SitePart.objects.count()) == before.pop()


#: Orders in which imports of these documents come, and in which all but the first are undone.
OUT_OF_ORDER = [
    # A site that one renames takes the ID of one that a later import made.
    ((0, 2, 1, 3), (2, 3, 1)),
    ((1, 0, 3, 2), (0, 3, 2)),
    # The ID is given to another site by an import that stays for now.
    ((0, 1, 3, 2), (3, 1, 2)),
]


@pytest.mark.parametrize(("order", "undone"), OUT_OF_ORDER)
def test_regroupings_are_undone_in_any_order(
    tmp_path: Path, order: Sequence[int], undone: Sequence[int]
) -> None:
    files = [
        without_strand(tmp_path),
        without_strand(tmp_path, "TFLinkLT0009602", "+"),
        table(tmp_path / "plus.tsv", site_row()),
        table(tmp_path / "minus.tsv", site_row("TFLinkSS09283366", Strand="-", PubmedID="2")),
    ]
    runs = {order[0]: take(files[order[0]])}
    before = state_of_sites()
    runs |= {number: take(files[number]) for number in order[1:]}
    for number in undone:
        undo_import(runs[number].run_id)
        assert not [*find_breaches()]
    assert state_of_sites() == before
    assert not SitePart.objects.exists()


@pytest.mark.parametrize("undone", [*itertools.permutations((1, 2, 3))])
def test_what_several_imports_changed_is_undone_in_any_order(
    tmp_path: Path, undone: Sequence[int]
) -> None:
    rows = [site_row(PubmedID=pmids) for pmids in ("1", "1;2", "1;2;3", "1;3")]
    files = [table(tmp_path / f"{number}.tsv", row) for number, row in enumerate(rows)]
    runs = [take(files[0])]
    before = state_of_sites()
    runs += map(take, files[1:])
    for number in undone:
        undo_import(runs[number].run_id)
    assert state_of_sites() == before
    assert BindingSite.objects.get().evidence.content().pmids == (1,)


def test_both_strands_in_one_table_after_a_site_without_strand(tmp_path: Path) -> None:
    take(without_strand(tmp_path))
    rows = [site_row(), site_row("TFLinkSS09283366", Strand="-")]
    report = take(table(tmp_path / "sites.tsv", *rows))
    assert report.counts()["binding sites"] == {"created": 2, "changed": 0, "unchanged": 0}
    assert BindingSite.objects.count() == 3
    assert not FormerSiteID.objects.exists()


def test_documents_of_one_run_are_grouped_as_those_of_several(tmp_path: Path) -> None:
    older, newest = without_strand(tmp_path), newest_page(tmp_path)
    minus = table(tmp_path / "minus.tsv", site_row("TFLinkSS09283366", Strand="-"))
    run = import_pages([older, newest])
    assert FormerSiteID.objects.get().site.tflink_id == "TFLinkSS09283365"
    later = take(minus)
    assert BindingSite.objects.count() == 3
    assert BindingSite.objects.get(tflink_id="TFLinkLT0009601").evidence.content().pmids == (1,)
    plus = BindingSite.objects.get(tflink_id="TFLinkSS09283365")
    assert plus.evidence.content().pmids == (16310763, 26578589)
    for one in (later, run):
        undo_import(one.run_id)
    assert not BindingSite.objects.exists()


def test_a_site_that_a_curator_spoke_of_stays_in_one_piece(tmp_path: Path) -> None:
    take(without_strand(tmp_path))
    take(table(tmp_path / "plus.tsv", site_row()))
    site = BindingSite.objects.get()
    Pin.objects.create(kind="binding site", record_id=site.pk, field="overlaps", source_value=0)
    take(table(tmp_path / "minus.tsv", site_row("TFLinkSS09283366", Strand="-")))
    assert FormerSiteID.objects.get().site == site
    assert BindingSite.objects.count() == 2


def test_sequences_go_to_their_sites(tmp_path: Path) -> None:
    place = "Q94126;ces-2;ce10;chrIII:3744956-3744965"
    sequences = fasta(tmp_path / "a.fasta", f"TFLinkLT0009601;{place}")
    early = import_sites([sequences])
    assert early.notes
    assert not SourceTable.objects.exists()
    assert not BindingSite.objects.exists()
    report = import_sites([sequences, table(tmp_path / "sites.tsv", site_row())])
    assert (report.pages_read, report.notes) == (2, [])
    check_one_site()


def test_files_of_our_own_sequences_are_read(tmp_path: Path) -> None:
    place = "Q94126;ces-2;ce10;chrIII:3744956-3744965 counting=0-based"
    import_sites([table(tmp_path / "sites.tsv", site_row())])
    report = import_sites([fasta(tmp_path / "a.fasta", f"TFLinkSS09283365;{place}")])
    assert report.clean
    assert BindingSite.objects.get().sequence == "TTACCCAAC"


def test_a_rerun_skips_and_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    path = table(tmp_path / "sites.tsv", site_row())
    assert import_sites([path], dry_run=True).counts()["binding sites"]["created"] == 1
    assert not BindingSite.objects.exists()
    import_sites([path])
    assert import_sites([path]).pages_skipped == 1
    again = import_sites([path], force=True)
    assert again.counts()["binding sites"] == {"created": 0, "changed": 0, "unchanged": 1}


def test_downloads_of_one_tf(tmp_path: Path) -> None:
    cells = dict(zip(ANNOTATION_COLUMNS, site_row(), strict=True))
    path = tmp_path / "bindingSites_of_Q94126.tsv"
    rows = [DOWNLOAD_COLUMNS, [cells[column] for column in DOWNLOAD_COLUMNS]]
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    assert import_sites([path]).clean
    assert BindingSite.objects.get().tflink_id == "TFLinkSS09283365"


def test_a_pinned_field_stays_and_is_proposed(tmp_path: Path) -> None:
    take(older_page(tmp_path))
    site = BindingSite.objects.get()
    BindingSite.objects.update(strand="-")
    Pin.objects.create(kind="binding site", record_id=site.pk, field="strand", source_value="")
    import_sites([table(tmp_path / "sites.tsv", site_row())])
    # It is recognised by what the source gave, and the curator's word stays.
    site = BindingSite.objects.get()
    assert (site.tflink_id, site.strand) == ("TFLinkSS09283365", "-")
    assert Proposal.objects.get().changes == {"strand": ["-", "+"]}


def test_what_is_refused(tmp_path: Path) -> None:
    import_sites([table(tmp_path / "sites.tsv", site_row())])
    rows = [
        site_row("TFLinkSS1", Organism="Homo sapiens", Assembly="hg38"),
        site_row(**{"UniprotID.TF": "P02283"}),
        site_row("nonsense"),
    ]
    report = import_sites([table(tmp_path / "other.tsv", *rows)])
    assert [problem.line for problem in report.problems] == [4, 2, 3]
    assert BindingSite.objects.count() == 1


def test_a_complete_table_says_what_it_lacks(tmp_path: Path) -> None:
    import_sites([table(tmp_path / "sites.tsv", site_row(), site_row("TFLinkSS2", Start="1"))])
    name = "TFLink_Caenorhabditis_elegans_bindingSites_All_annotation_v1.0.tsv"
    report = import_sites([table(tmp_path / name, site_row())])
    (note,) = report.notes
    assert "1 stored binding sites of its species are not in it" in note
    assert BindingSite.objects.count() == 2


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    report = import_sites([newest_page(tmp_path)])
    assert "is a protein page, not a file of binding sites" in str(report.problems[0])


@needs_pages
@pytest.mark.parametrize("earlier_first", [True, False])
def test_pages_twice_in_different_versions(earlier_first: bool) -> None:
    """As many sites as there are physical sites."""
    pages = SHARED / "data" / "pages"
    names = ("p02283", "p09775", "q94126")
    later = [pages / f"{name}.md" for name in names]
    earlier = sorted((pages / "earlier").glob("*.md"))
    for paths in (earlier, later) if earlier_first else (later, earlier):
        report = import_pages(paths)
        assert not [one for one in report.problems if "binding" in one.section or one.whole_page]
    assert BindingSite.objects.count() == FormerSiteID.objects.count() == 10
    assert all(one.startswith("TFLinkSS") for one in ids(BindingSite))
    assert all(one.startswith("TFLinkLT") for one in ids(FormerSiteID))
    assert not BindingSite.objects.filter(sequence="").exists()
    assert Protein.objects.filter(binding_sites__isnull=False).distinct().count() == 3


@needs_pages
def test_places_in_files_are_as_long_as_their_sequences() -> None:
    """But for the known defects of the source."""
    import_pages([SHARED / "data" / "pages"])
    lengths = {
        site.tflink_id: len(site.sequence)
        for site in BindingSite.objects.exclude(sequence="").exclude(start=None)
        if counting_of(site.evidence.content().sources) is not Counting.UNSTATED
    }
    rows = binding_sites(QueryRows(BindingSite.objects.order_by("pk")))
    cells = [line.split("\t") for line in "".join(bed(rows)).splitlines() if line[0] != "#"]
    in_bed = {name: int(end) - int(start) for _, start, end, name, *_ in cells}
    cells = [line.split("\t") for line in "".join(gff3(rows)).splitlines() if line[0] != "#"]
    in_gff3 = {row[8][3:].split(";")[0]: int(row[4]) - int(row[3]) + 1 for row in cells}
    for written in (in_bed, in_gff3):
        wrong = {name for name, length in lengths.items() if written[name] != length}
        assert wrong == {defect.tflink_id for defect in SITE_LENGTHS}
    assert len(lengths) > 30


def ids(model: type[BindingSite | FormerSiteID]) -> list[str]:
    return list(model._default_manager.values_list("tflink_id", flat=True))
