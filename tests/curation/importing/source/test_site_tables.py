"""Tables of binding sites and their sequences: every layout, bad cells, speed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from curation.importing.source.problems import TableError
from curation.importing.source.records import BindingSiteRecord, Mention, NamedProtein, Problem
from curation.importing.source.sequences import read_sequences
from curation.importing.source.site_tables import (
    ANNOTATION_COLUMNS,
    COLUMNS_2021,
    DOWNLOAD_COLUMNS,
    SiteRow,
    read_sites,
)
from proteins.domain.evidence import EvidenceContent, SmallScale
from tests.curation.importing.source.test_kinds import written
from tests.species import SPECIES

CHIP = "chromatin immunoprecipitation assay"


def annotation_row(number: int = 1, cells: Mapping[str, str] = MappingProxyType({})) -> str:
    values = {
        "TFLinkID": f"TFLinkLS{number:08}",
        "UniprotID.TF": "P04637",
        "Name.TF": "TP53",
        "Organism": "Homo sapiens",
        "Assembly": "hg38",
        "Chromosome": "chr14",
        "Start": "23670688",
        "End": "23670702",
        "Strand": "-",
        "Genome.browser": "hg38&position=chr14:23670688-23670702",
        "Detection.method": f"{CHIP};selex",
        "PubmedID": "1588974;17",
        "Source.database": "JASPAR",
        "Small-scale.evidence": "No",
        "Number.of.TFBS.overlaps": "2",
        "TFBS.overlaps": "TFLinkLS00000007;TFLinkLS00000008",
    }
    values.update(cells)
    return "\t".join(values[column] for column in ANNOTATION_COLUMNS)


def read(folder: Path, *lines: str) -> list[SiteRow | Problem]:
    return list(read_sites(written(folder / "s.tsv", *lines), "s.tsv", SPECIES))


def annotated(folder: Path, *rows: str) -> list[SiteRow | Problem]:
    return read(folder, "\t".join(ANNOTATION_COLUMNS), *rows)


TP53 = NamedProtein(Mention("P04637", "TP53", ()), "Homo sapiens")


def test_a_row_of_an_annotation_table(tmp_path: Path) -> None:
    (row,) = annotated(tmp_path, annotation_row())
    evidence = EvidenceContent.of(["JASPAR"], [CHIP, "selex"], [17, 1588974], SmallScale.NO)
    assert row == SiteRow(
        "TFLinkLS00000001",
        TP53,
        evidence,
        "hg38",
        "chr14",
        23670688,
        23670702,
        "-",
        2,
        "TFLinkLS00000007;TFLinkLS00000008",
        2,
    )
    assert isinstance(row, SiteRow)
    assert row.record == BindingSiteRecord(
        "TFLinkLS00000001",
        "P04637",
        evidence,
        "hg38",
        "chr14",
        23670688,
        23670702,
        "-",
        2,
    )


def test_a_site_without_a_place(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("Assembly", "Chromosome", "Start", "End", "Strand"), "-")
    overlaps = {"Number.of.TFBS.overlaps": "-", "TFBS.overlaps": "-"}
    (row,) = annotated(tmp_path, annotation_row(cells={**nowhere, **overlaps}))
    assert isinstance(row, SiteRow)
    assert row[3:10] == ("", "", None, None, "", None, "")
    assert row.record.place is None


def test_blanks_floats_and_other_names_of_a_species_are_forgiven(tmp_path: Path) -> None:
    plain, forgiven = annotated(
        tmp_path,
        annotation_row(),
        annotation_row(
            cells={"Start": "23670688.0", "End": " 23670702 ", "Organism": "homo sapiens "}
        ),
    )
    assert plain[:-1] == forgiven[:-1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("cells", "cell", "words"),
    [
        ({"Start": "x"}, "place", "'x' is not a chromosome position"),
        ({"Start": "23670703"}, "place", "is after the end"),
        ({"End": "9999999999"}, "place", "not between"),
        ({"Chromosome": "-"}, "place", "in part only"),
        ({"Assembly": "ce10"}, "assembly", "is of Caenorhabditis elegans, not of Homo sapiens"),
        ({"Strand": "?"}, "strand", "'?' is neither + nor -"),
        ({"PubmedID": "none"}, "publications", "'none' is not a PubMed ID"),
        ({"Small-scale.evidence": "Perhaps"}, "small-scale evidence", "not Yes or No"),
        ({"Number.of.TFBS.overlaps": "many"}, "overlaps", "'many' is not a count"),
        ({"Name.TF": "a\x07"}, "name", "U+0007"),
    ],
)
def test_a_bad_cell_is_lost_alone(
    tmp_path: Path, cells: dict[str, str], cell: str, words: str
) -> None:
    sound, problem, row, last = annotated(
        tmp_path, annotation_row(), annotation_row(cells=cells), annotation_row(3)
    )
    assert isinstance(problem, Problem)
    assert (problem.line, problem.cell) == (3, cell)
    assert words in problem.reason
    assert isinstance(row, SiteRow)
    assert isinstance(sound, SiteRow)
    assert isinstance(last, SiteRow)
    assert (row.tflink_id, row.line) == (sound.tflink_id, 3)


@pytest.mark.parametrize(
    "cells", [{"TFLinkID": "LS1"}, {"UniprotID.TF": "TP53"}, {"Organism": "Felis catus"}]
)
def test_a_row_without_identity_is_one_problem(tmp_path: Path, cells: dict[str, str]) -> None:
    problem, row = annotated(tmp_path, annotation_row(cells=cells), annotation_row())
    assert isinstance(problem, Problem)
    assert (problem.line, problem.cell) == (2, "")
    assert isinstance(row, SiteRow)


def test_a_download_of_one_protein(tmp_path: Path) -> None:
    head = f"Q19720\tceh-38\tCaenorhabditis elegans\t{CHIP},selex\t9593691,17\tjaspar\tNo"
    unstated, problem, wrong = read(
        tmp_path,
        "\t".join(DOWNLOAD_COLUMNS),
        f"TFLinkLT00973698\t{head}\t-\tchrI\t15331\t15346\t+",
        f"TFLinkLT00973699\t{head}\thg38\tchrI\t15331\t15346\t+",
    )
    assert isinstance(unstated, SiteRow)
    assert unstated.evidence == EvidenceContent.of(
        ["JASPAR"], [CHIP, "selex"], [17, 9593691], SmallScale.NO
    )
    assert (unstated.assembly, unstated.chromosome, unstated.start) == ("", "chrI", 15331)
    assert unstated.overlaps is None
    assert isinstance(problem, Problem)
    assert (problem.line, problem.cell) == (3, "assembly")
    assert isinstance(wrong, SiteRow)
    assert wrong[3:8] == unstated[3:8]


def test_a_table_of_2021(tmp_path: Path) -> None:
    placed, nowhere = read(
        tmp_path,
        ",".join(COLUMNS_2021),
        "TFLinkLT0009549,Q17381,pha-4,Caenorhabditis elegans,inferred by curator,15492775,ORegAnno,"
        "ce10,chrII,11221837,11221843,+",
        "TFLinkLT0007263,Q966L8,che-1,Caenorhabditis elegans,inferred by curator,17606643,jaspar"
        ",,,,,",
    )
    assert isinstance(placed, SiteRow)
    assert placed[3:9] == ("ce10", "chrII", 11221837, 11221843, "+", None)
    assert placed.evidence.small_scale == SmallScale.NOT_STATED
    assert isinstance(nowhere, SiteRow)
    assert nowhere[3:9] == ("", "", None, None, "", None)


@pytest.mark.parametrize("lines", [(), ("\t".join(ANNOTATION_COLUMNS[:-1]),), ("text",)])
def test_another_header_is_named(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(TableError, match="this is no table of TFLink binding sites"):
        read(tmp_path, *lines)


def test_rows_are_read_as_fast_as_millions_need(tmp_path: Path) -> None:
    """9.3 million rows in a few minutes: 60,000 a second leave room for a busy machine."""
    rows = [annotation_row(number, {"PubmedID": str(number % 500 + 1)}) for number in range(30_000)]
    file = written(tmp_path / "s.tsv", "\t".join(ANNOTATION_COLUMNS), *rows)
    started = time.process_time()
    assert sum(1 for _ in read_sites(file, "s.tsv", SPECIES)) == len(rows)
    assert time.process_time() - started < len(rows) / 60_000


def test_sequences(tmp_path: Path) -> None:
    file = written(
        tmp_path / "s.fasta",
        ">TFLinkLT0007263;Q966L8;che-1;-;-",
        "GAAGCCGT",
        "AGAT",
        ">TFLinkLT0009549;Q17381;pha-4;x;ce10;chrII:11221837.0-11221843.0",
        "gtttac",
        ">TFLinkLT1;P04637",
        "AC",
        ">TFLinkLT0009550;Q17381;pha-4;ce10;chrII:1-2",
        "A!",
    )
    unplaced, placed, short, bad, last = read_sequences(file, "s.fasta")
    nothing = EvidenceContent.of()
    assert unplaced == BindingSiteRecord(
        "TFLinkLT0007263", "Q966L8", nothing, sequence="GAAGCCGTAGAT"
    )
    assert placed == BindingSiteRecord(
        "TFLinkLT0009549", "Q17381", nothing, "ce10", "chrII", 11221837, 11221843, sequence="GTTTAC"
    )
    assert isinstance(short, Problem)
    assert short.line == 6
    assert isinstance(bad, Problem)
    assert (bad.line, bad.cell) == (8, "sequence")
    assert isinstance(last, BindingSiteRecord)
    assert (last.start, last.sequence) == (1, "")
