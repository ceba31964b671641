"""TSV and CSV as pandas, R and Python's csv read them: what each reads is what was meant."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from proteins.domain.evidence import SmallScale
from tests.proteins.clients.conftest import Files
from tests.proteins.clients.content import FACTS, SITES, Fact, Gene

pytestmark = pytest.mark.django_db
SCALES: Final = {SmallScale.YES: "Yes", SmallScale.NO: "No", SmallScale.NOT_STATED: "-"}
SPECIES: Final = {"Hs": "Homo sapiens", "Mm": "Mus musculus"}
#: As R's users are told to read a table, and what they get: every cell on a line of its own.
R_SCRIPT: Final = """
file <- commandArgs(TRUE)[1]
table <- read.delim(file, quote = "", colClasses = "character", na.strings = character(),
                    check.names = FALSE, encoding = "UTF-8")
cat(names(table), sep = "\\n")
cat("\\n")
for (row in seq_len(nrow(table))) writeLines(unlist(table[row, ]), useBytes = TRUE)
"""
#: With the quoting that is on where nothing is said.
R_DEFAULT: Final = 'cat(dim(read.delim(commandArgs(TRUE)[1])), sep = "\\n")'


def joined(values: Any) -> str:
    return ";".join(map(str, values)) or "-"


def orthologs(gene: Gene, *, ours: bool) -> str:
    return joined(sorted(f"{code}:{name}" for in_it, code, name in gene.orthologs if in_it == ours))


def cells(fact: Fact) -> list[str]:
    """The 15 cells of a fact, by the rules of TFLink's table."""
    tf, target = fact.tf, fact.target
    return [
        tf.accession, target.accession, joined(tf.genes), joined(target.genes),
        tf.name or "-", target.name or "-", joined(sorted(fact.methods)),
        joined(sorted(fact.pmids + fact.papers)), SPECIES[tf.code], joined(sorted(fact.sources)),
        SCALES[fact.small_scale], orthologs(tf, ours=True), orthologs(tf, ours=False),
        orthologs(target, ours=True), orthologs(target, ours=False),
    ]  # fmt: skip


EXPECTED: Final = sorted(map(cells, FACTS))


def run_r(script: str, file: Path) -> list[str]:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is missing: apt-get install --no-install-recommends r-base-core")
    run = subprocess.run(
        [rscript, "--vanilla", "-e", script, str(file)], capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    return run.stdout.decode().removesuffix("\n").split("\n")


def test_tsv_in_pandas(files: Files) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is missing")
    file = files["interactions", "tsv"]
    plain = {"sep": "\t", "dtype": str, "quoting": csv.QUOTE_NONE}
    for engine in ("c", "python"):
        table = pandas.read_csv(file, keep_default_na=False, engine=engine, **plain)
        assert sorted(table.values.tolist()) == EXPECTED
    marked = pandas.read_csv(file, keep_default_na=False, na_values=["-"], **plain)
    # What is missing is missing, and a gene called NA is not.
    assert marked["Name.Target"].isna().sum() == 3
    assert set(marked["Name.TF"].dropna()) == {"TP53", "NA"}


def test_tsv_in_r(files: Files) -> None:
    names, _, text = "\n".join(run_r(R_SCRIPT, files["interactions", "tsv"])).partition("\n\n")
    assert len(names.split("\n")) == 15
    read = text.split("\n")
    assert sorted(read[at : at + 15] for at in range(0, len(read), 15)) == EXPECTED


def test_csv_in_pandas_and_r(files: Files) -> None:
    """A text that spreadsheets take for a formula has an apostrophe in front, there only."""
    pandas = pytest.importorskip("pandas", reason="pandas is missing")
    file = files["interactions", "csv"]
    table = pandas.read_csv(file, dtype=str, keep_default_na=False)
    assert list(table.columns[:2]) == ["UniprotID.TF", "UniprotID.Target"]
    read = [[cell.removeprefix("'") for cell in row[:15]] for row in table.values.tolist()]
    assert sorted(read) == EXPECTED
    guarded = {cell for row in table.values.tolist() for cell in row if cell.startswith("'")}
    assert guarded == {"'=1+1", "'+A", "'@SUM(A1)", "'-A"}
    by_key = {tuple(row[:2]): row[15:18] for row in table.values.tolist()}
    assert by_key == {
        fact.key: [fact.effect.label, fact.status.label, fact.reporting.label] for fact in FACTS
    }
    script = 'cat(dim(read.csv(commandArgs(TRUE)[1], fileEncoding = "UTF-8-BOM")), sep = "\\n")'
    assert run_r(script, file) == [str(len(FACTS)), str(len(table.columns))]


def test_a_table_without_quotes_in_names_needs_no_options(files: Files, tmp_path: Path) -> None:
    """As all of TFLink's are: `read.delim(file)` and `read_csv(file, sep="\\t")` lose no row."""
    pandas = pytest.importorskip("pandas", reason="pandas is missing")
    lines = files["interactions", "tsv"].read_text().split("\n")
    file = tmp_path / "plain.tsv"
    file.write_text("\n".join(line for line in lines if '"' not in line))
    number = sum('"' not in line for line in lines) - 2
    assert 0 < number < len(FACTS)
    assert pandas.read_csv(file, sep="\t").shape == (number, 15)
    assert run_r(R_DEFAULT, file) == [str(number), "15"]


def test_sites_in_pandas(files: Files) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is missing")
    table = pandas.read_csv(
        files["binding-sites", "tsv"], sep="\t", quoting=csv.QUOTE_NONE, keep_default_na=False,
        na_values=["-"], dtype={"Start": "Int64", "End": "Int64", "Strand": str},
    )  # fmt: skip
    read = {row["TFLinkID"]: row for row in table.to_dict("records")}
    assert set(read) == {site.tflink_id for site in SITES}
    for site in SITES:
        row = read[site.tflink_id]
        assert row["UniprotID.TF"] == site.tf.accession
        places = [row[name] for name in ("Assembly", "Chromosome", "Start", "End", "Sequence")]
        read_cells = [None if pandas.isna(value) else value for value in places]
        expected = [site.assembly, site.chromosome, site.start, site.end, site.sequence]
        assert read_cells == [None if value == "" else value for value in expected]
