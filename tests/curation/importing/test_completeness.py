"""Parts are not wholes: which tables withdraw, and what large withdrawals want first."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from curation.importing import rows
from curation.importing.completeness import ReportedPairs
from curation.importing.run import import_tables
from curation.importing.source.pairs import scan_table
from curation.importing.undo.run import undo_import
from curation.models import SourceTable
from curation.shared.large_changes import LargeChangeError, is_large
from proteins.models import Interaction, Reporting, SecondaryAccession, Taxon
from proteins.queries.content_digest import content_digest
from tests.curation.importing.test_tables import YEAST, table_row, write_table
from tests.places import ROOT
from tests.species import SPECIES

ZEBRAFISH = ROOT.parent / "shared/data/TFLink_Danio_rerio_interactions_All_simpleFormat_v1.0.tsv.gz"
WHOLE = "TFLink_Saccharomyces_cerevisiae_interactions_All_simpleFormat_v1.0.tsv"
SMALL_SCALE = WHOLE.replace("All", "SS")
TARGETS = [f"P{number:05d}" for number in range(40)]


def withdrawn() -> int:
    return Interaction.objects.filter(reporting=Reporting.WITHDRAWN).count()


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a table of one TF and some targets."""

    def write(name: str, targets: list[str], scale: str = "No") -> Path:
        cells = {"Small-scale.evidence": scale}
        return write_table(tmp_path / name, *(table_row(target=one, **cells) for one in targets))

    return write


@pytest.mark.parametrize(
    ("number", "stored", "large"),
    [(10, 20, False), (11, 20, True), (20, 1_000, False), (21, 1_000, True)],
)
def test_a_change_is_large_beyond_both_limits(number: int, stored: int, large: bool) -> None:
    assert is_large(number, stored) is large


def test_a_row_that_breaks_a_rule_still_reports_its_pair(tmp_path: Path) -> None:
    damaged = [table_row(PubmedID="x"), table_row("nonsense"), table_row(target=" p32320")]
    pairs = ReportedPairs()
    scan = scan_table(write_table(tmp_path / "t.tsv", *damaged), SPECIES, pairs)
    assert (scan.species, scan.scales) == ({YEAST}, {"No"})
    assert {tf: len(targets) for tf, targets in pairs.targets.items()} == {"P38704": 2}


def test_a_table_that_is_cut_short_completes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "t.tsv.gz"
    rows = "\n".join("\t".join(table_row(target=target)) for target in TARGETS)
    file.write_bytes(gzip.compress(f"header\n{rows}\n".encode())[:-20])
    assert scan_table(file, SPECIES, ReportedPairs()).species == set()


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["whole first", "parts first"])
def test_parts_withdraw_nothing_in_any_order(table: Callable[..., Path], order: str) -> None:
    whole = table(WHOLE, TARGETS)
    parts = [table(SMALL_SCALE, TARGETS[:3], "Yes"), table("tf=P38704.tsv", TARGETS[:1])]
    for file in [whole, *parts] if order == "whole first" else [*parts, whole]:
        report = import_tables([file])
        assert (report.withdrawn, report.refused) == (0, 0)
    assert withdrawn() == 0
    assert list(SourceTable.objects.exclude(taxa=None).values_list("path", flat=True)) == [
        str(whole)
    ]


@pytest.mark.django_db
def test_a_part_is_taken_as_complete_where_the_operator_says_so(
    table: Callable[..., Path],
) -> None:
    import_tables([table("t.tsv", TARGETS)])
    assert import_tables([table("u.tsv", TARGETS[2:])], complete=True).withdrawn == 2


@pytest.mark.django_db
def test_a_large_withdrawal_stops_before_anything_is_written(table: Callable[..., Path]) -> None:
    import_tables([table(WHOLE, TARGETS)])
    before = content_digest()
    small = table(f"v2_{WHOLE}", [*TARGETS[:5], "P99999"])
    with pytest.raises(LargeChangeError, match=f"35 of the 40 interactions of {YEAST}"):
        import_tables([small])
    assert content_digest() == before
    report = import_tables([small], confirmed=True)
    assert (report.withdrawn, [str(one) for one in report.withdrawals]) == (
        35,
        [f"35 of the 40 interactions of {YEAST}"],
    )
    undo_import(report.run_id)
    assert content_digest() == before


@pytest.mark.django_db
def test_one_scale_where_the_database_has_both_does_not_look_complete(
    table: Callable[..., Path],
) -> None:
    import_tables([table("a.tsv", TARGETS), table("b.tsv", ["P00001"], "Yes")])
    file = table(WHOLE, [*TARGETS, "P00001"], "Yes")
    with pytest.raises(LargeChangeError, match="only small-scale rows"):
        import_tables([file])
    assert import_tables([file], confirmed=True).withdrawn == 0


@pytest.mark.django_db
def test_one_bad_row_does_not_withdraw_its_pair_nor_stop_the_others(
    table: Callable[..., Path], tmp_path: Path
) -> None:
    import_tables([table(WHOLE, TARGETS[:3])])
    rows = [table_row(target=TARGETS[0]), table_row(target=TARGETS[1], PubmedID="x")]
    report = import_tables([write_table(tmp_path / WHOLE, *rows)])
    assert (report.rows_refused, report.withdrawn) == (1, 1)
    # It is recorded with what was refused, and skipped until it or the rules change.
    assert SourceTable.objects.get().rows_refused == 1
    assert import_tables([tmp_path / WHOLE]).pages_skipped == 1
    SourceTable.objects.update(rules=0)
    assert import_tables([tmp_path / WHOLE]).rows_refused == 1


@pytest.mark.django_db
def test_a_pair_reported_by_a_former_accession_is_not_withdrawn(
    table: Callable[..., Path],
) -> None:
    import_tables([table(WHOLE, TARGETS[:2])])
    now = Interaction.objects.between("P38704", TARGETS[0]).get().target
    SecondaryAccession.objects.create(accession="Q00001", protein=now)
    pairs = ReportedPairs()
    pairs.add("P38704", "Q00001")
    missing = [name for _, name in pairs.missing(Taxon.objects.filter(scientific_name=YEAST))]
    assert missing == [f"P38704-{TARGETS[1]}"]


@pytest.mark.django_db
def test_the_command_says_the_figure_and_exits_with_1(table: Callable[..., Path]) -> None:
    import_tables([table(WHOLE, TARGETS)])
    small = table(f"v2_{WHOLE}", TARGETS[:5])
    with pytest.raises(CommandError, match=r"35 of the 40 .* use --yes") as error:
        call_command("import_tables", small, verbosity=0)
    assert error.value.returncode == 1
    call_command("import_tables", small, "--yes", verbosity=0)
    assert withdrawn() == 35


@pytest.mark.django_db
@pytest.mark.skipif(not ZEBRAFISH.exists(), reason="shared/ is absent: whole tables")
def test_twelve_rows_called_all_do_not_withdraw_zebrafish(tmp_path: Path) -> None:
    import_tables([ZEBRAFISH])
    before = content_digest()
    with gzip.open(ZEBRAFISH, "rt") as lines:
        rows = [next(lines) for _ in range(13)]
    small = tmp_path / ZEBRAFISH.name.removesuffix(".gz")
    small.write_text("".join(rows), encoding="utf-8")
    with pytest.raises(LargeChangeError, match="25,948 of the 25,960 interactions"):
        import_tables([small])
    assert content_digest() == before
    undo_import(import_tables([small], confirmed=True).run_id)
    assert content_digest() == before


@pytest.mark.django_db
def test_taking_back_a_large_import_wants_a_confirmation(table: Callable[..., Path]) -> None:
    run = import_tables([table("t.tsv", TARGETS)]).run_id
    before = content_digest()
    with pytest.raises(LargeChangeError, match=f"40 of the 40 interactions of {YEAST}"):
        undo_import(run)
    assert content_digest() == before
    dry = undo_import(run, dry_run=True)
    assert f"That removes 40 of the 40 interactions of {YEAST}." in dry.lines()
    with pytest.raises(CommandError, match="use --yes"):
        call_command("undo_import", run)
    call_command("undo_import", run, "--yes")
    assert not Interaction.objects.exists()


@pytest.mark.django_db
def test_rows_of_a_pair_unite_wherever_in_the_file_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the last chunk that has the pair would replace what the first one says."""
    monkeypatch.setattr(rows, "ROWS_IN_CHUNK", 2)
    empty = content_digest()
    cells = [
        table_row(target="P00001", **{"Source.database": "GTRD", "PubmedID": "1"}),
        table_row(target="P00002"),
        table_row(target="P00003"),
        table_row(target="P00001", **{"Source.database": "ReMap", "PubmedID": "2"}),
        table_row(target="P00004"),
        table_row(target=" p00001", **{"Source.database": "TRRUST", "PubmedID": "1"}),
    ]
    file = write_table(tmp_path / WHOLE, *cells)
    run = import_tables([file]).run_id
    content = Interaction.objects.get(target__accession="P00001").evidence.content()
    assert content.sources == ("GTRD", "ReMap", "TRRUST")
    assert set(content.pmids) >= {1, 2}
    before = content_digest()
    again = import_tables([file], force=True)
    assert not again.changed_anything
    assert content_digest() == before
    for taken_back in (again.run_id, run):
        undo_import(taken_back, confirmed=True)
    assert content_digest() == empty
