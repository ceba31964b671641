"""Damaged pages and tables through the real import into the database: no exception, every
refusal says where, what was committed is sound, and what is not damaged goes in.

A few seconds by default; HYPOTHESIS_PROFILE=thorough tries thousands (see tests/thoroughness.py).
"""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.checks import find_breaches
from curation.importing.run import RunReport, import_pages, import_tables
from curation.importing.source.tables import COLUMNS
from proteins.models import BindingSite, Interaction
from tests.curation.importing.pages_for_tests import page, query, row
from tests.curation.importing.test_tables import table_row
from tests.factories import accession
from tests.places import EXCERPT, ROOT
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db
#: Each is an import, and a check of every record.
SOME = settings(max_examples=examples(20))

ROWS = range(10)
REAL_PAGES = sorted((ROOT / "fixtures" / "pages").glob("*.md"))
#: What is put in the place of a cell, or somewhere into it.
CELLS = (
    *("", "-", "NA", " ", "Yes", "No", "0", "-1", "853974.0", "1;2;2", "1" * 5000, "1e400"),
    *("P04637", "p04637", "A0A023PXA5", "TF", "_via_", "A_via_", "GTRD;gtrd", "Homo sapiens"),
    *("Mus musculus", "Hs:P1;Hs:P1", "Hs:", "Hs:-", "Xx:P1", "%5Buid%5D", "1%5Buid%5D+OR+"),
    *("<a href='/protein/x'>x</a>", "<![x", "\x00", "\x07", "\x85", "\u2028", "\r", "\ufeff"),
    *("é", "e\u0301", "\U0001f9ec", "\uffff", "x" * 150_000, ";" * 5000, "1;" * 20_000),
    ";".join(map(str, range(40_000))),
)
BYTES = (
    *(cell.encode() for cell in CELLS),
    *(b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xe9", b"\n", b"\t", b",", b"'", b'"', b": ", b"#"),
    *(b"\n---\n", b"&a [*a]", b"!!binary x", b"- ", b"{", b"\\", b">TFLinkLS1;", b"\x1f\x8b"),
)


def pair(number: int) -> tuple[str, str]:
    """The accessions of a row: far from those of others, that damage makes no other of it."""
    return accession(10101 * (number // 2) + 5000 * (number % 2)), accession(91919 - 4242 * number)


# Damage


def damaged_bytes(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` with a few bytes flipped, cut out, doubled or put in."""
    places = st.integers(0, len(data))
    edits = st.one_of(
        st.tuples(st.just("flip"), places, st.integers(1, 255)),
        st.tuples(st.just("cut"), places, st.integers(1, 400)),
        st.tuples(st.just("double"), places, st.integers(1, 400)),
        st.tuples(st.just("put"), places, st.sampled_from(BYTES)),
    )
    return st.lists(edits, min_size=1, max_size=4).map(lambda some: edited(data, some))


def edited(data: bytes, edits: Sequence[tuple[str, int, int | bytes]]) -> bytes:
    for kind, at, how in edits:
        before, after = data[:at], data[at:]
        if isinstance(how, bytes):
            data = before + how + after
        elif kind == "flip":
            data = before + bytes([byte ^ how for byte in after[:1]]) + after[1:]
        elif kind == "cut":
            data = before + after[how:]
        else:
            data = before + after[:how] + after
    return data


def recoded(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` in another encoding, or in two."""
    names = st.sampled_from(["utf-16", "utf-16-le", "utf-32", "latin-1", "cp037", "utf-7"])
    text = data.decode()
    at = st.integers(0, len(text))
    codes = st.tuples(at, names)
    return codes.map(lambda two: text[: two[0]].encode() + text[two[0] :].encode(two[1], "ignore"))


@st.composite
def damaged_cells(draw: st.DrawFn, cells: list[str], separator: str) -> str:
    """A row with cells moved, doubled, dropped or put in another's place."""
    cells = list(cells)
    for _ in range(draw(st.integers(1, 3))):
        places = st.integers(0, len(cells) - 1)
        at, other, new = draw(places), draw(places), draw(st.sampled_from(CELLS))
        kind = draw(st.sampled_from(["put", "put", "put", "swap", "double", "drop", "join"]))
        if kind == "swap":
            cells[at], cells[other] = cells[other], cells[at]
        elif kind == "double":
            cells.insert(other, cells[at])
        elif kind == "drop" and len(cells) > 1:
            del cells[at]
        elif kind == "put":
            cells[at] = new
        else:
            cells[at] += new
    return separator.join(cells)


# What must hold


@contextmanager
def taken_back() -> Iterator[None]:
    """Each case begins with the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def take(run: Callable[..., RunReport], file: Path, data: bytes) -> RunReport:
    """Import `data`; what it leaves must be sound, and each refusal must say where."""
    file.write_bytes(data)
    report = run([file.parent if file.suffix == ".md" else file])
    connection.check_constraints()
    assert not [str(breach) for breach in find_breaches()]
    for problem in report.problems:
        assert Path(problem.file).parent == file.parent, problem
        assert problem.whole_page or problem.line is not None, problem
        assert problem.line is None or problem.line >= 1, problem
    return report


def stored() -> set[tuple[str, str]]:
    return set(Interaction.objects.values_list("tf__accession", "target__accession"))


# Tables


def table_cells(number: int) -> list[str]:
    return table_row(*pair(number), PubmedID=f"24170807;{number + 1}")


def table(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in ("\t".join(COLUMNS).encode(), *lines))


SOUND_ROWS = [table_cells(number) for number in ROWS]
SOUND_LINES = ["\t".join(cells).encode() for cells in SOUND_ROWS]
SOUND_TABLE = table(SOUND_LINES)


@st.composite
def one_damaged_line(draw: st.DrawFn) -> tuple[int, bytes]:
    number = draw(st.sampled_from(ROWS))
    cells = damaged_cells(SOUND_ROWS[number], "\t").map(str.encode)
    line = draw(cells | damaged_bytes(SOUND_LINES[number]))
    return number, table([*SOUND_LINES[:number], line, *SOUND_LINES[number + 1 :]])


@SOME
@given(damaged=one_damaged_line(), compressed=st.booleans())
def test_a_damaged_row_of_a_table_harms_no_other(
    damaged: tuple[int, bytes], *, compressed: bool
) -> None:
    number, data = damaged
    with tempfile.TemporaryDirectory() as folder, taken_back():
        file = Path(folder) / "table"
        report = take(import_tables, file, gzip.compress(data) if compressed else data)
        assert stored() >= {pair(other) for other in ROWS if other != number}
        if data.count(b"\n") == SOUND_TABLE.count(b"\n"):
            assert {problem.line for problem in report.problems} <= {number + 2}
        assert take(import_tables, file, SOUND_TABLE).clean  # put right, it goes in
        assert stored() >= {pair(other) for other in ROWS}


@st.composite
def damaged_tables(draw: st.DrawFn) -> bytes:
    """A table damaged anywhere: header, compression, encoding, whole columns and lines."""
    columns = draw(st.permutations(range(len(COLUMNS))))
    shuffled = [[cells[at] for at in columns] for cells in (COLUMNS, *SOUND_ROWS)]
    text = b"".join("\t".join(cells).encode() + b"\n" for cells in shuffled)
    packed = gzip.compress(SOUND_TABLE, mtime=0)
    cut = st.integers(0, len(packed)).map(lambda at: packed[:at])
    kinds = (cut, damaged_bytes(packed), damaged_bytes(SOUND_TABLE), recoded(SOUND_TABLE))
    return draw(st.one_of(st.just(text), *kinds))


@SOME
@given(data=damaged_tables())
def test_a_damaged_table_is_refused_where_it_is_damaged(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, taken_back():
        report = take(import_tables, Path(folder) / "table", data)
        assert report.problems or report.pages_read or not stored()


@SOME
@given(lost=st.sets(st.sampled_from(ROWS)))
def test_the_lines_that_are_left_of_a_table_go_in(lost: set[int]) -> None:
    left = [number for number in ROWS if number not in lost]
    with tempfile.TemporaryDirectory() as folder, taken_back():
        data = table([SOUND_LINES[number] for number in left])
        assert take(import_tables, Path(folder) / "table", data).clean
        assert stored() == {pair(number) for number in left}


@pytest.mark.parametrize(
    "cells",
    [
        {"Target.TFLink.ortho": "Hs:-"},
        {"Source.database": ";".join(map(str, range(40_000)))},
        {"Detection.method": ";".join(map(str, range(40_000)))},
    ],
    ids=["no ortholog", "sources", "methods"],
)
def test_a_cell_that_once_ended_an_import_is_refused(tmp_path: Path, cells: dict[str, str]) -> None:
    bad = "\t".join(table_row(*pair(0), **cells)).encode()
    report = take(import_tables, tmp_path / "table", table([bad, SOUND_LINES[1]]))
    assert [problem.line for problem in report.problems] == [2]
    assert stored() == {pair(0), pair(1)}


@pytest.mark.parametrize("name", [b"\xff\xfe", b"/".join([b"d" * 250] * 5)], ids=["bytes", "long"])
def test_a_file_whose_name_cannot_be_kept_is_refused(tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / os.fsdecode(name)
    try:
        folder.mkdir(parents=True)
    except OSError:
        pytest.skip("this file system takes no such name")
    (folder / "a.md").write_bytes(SOUND_PAGE)
    (folder / "t.tsv").write_bytes(SOUND_TABLE)
    for report in (import_pages([folder]), import_tables([folder / "t.tsv"])):
        assert (report.pages_read, report.pages_refused) == (0, 1)
        assert "name" in report.problems[0].reason
    assert not stored()


# Pages

OWN = "Q99999"


def page_cells(number: int) -> list[str]:
    publications = query(27924024, number + 1)
    return row(f"T{number}", pair(number)[1], "12", publications=publications).split(",")


def page_with(rows: list[str]) -> bytes:
    return page(OWN, "OWN", targets=rows).encode()


PAGE_ROWS = [page_cells(number) for number in ROWS]
PAGE_LINES = [",".join(cells) for cells in PAGE_ROWS]
SOUND_PAGE = page_with(PAGE_LINES)
TARGETS = {(OWN, pair(number)[1]) for number in ROWS}


@SOME
@given(data=st.data(), number=st.sampled_from(ROWS))
def test_a_damaged_row_of_a_page_harms_no_other(data: st.DataObject, number: int) -> None:
    line = data.draw(damaged_cells(PAGE_ROWS[number], ","))
    damaged = page_with([*PAGE_LINES[:number], line, *PAGE_LINES[number + 1 :]])
    with tempfile.TemporaryDirectory() as folder, taken_back():
        take(import_pages, Path(folder) / "a.md", damaged)
        assert stored() >= TARGETS - {(OWN, pair(number)[1])}
        assert take(import_pages, Path(folder) / "a.md", SOUND_PAGE).clean
        assert stored() >= TARGETS


@st.composite
def damaged_pages(draw: st.DrawFn) -> bytes:
    """A published page damaged anywhere, or with lines of its own and of others' mixed."""
    data = draw(st.sampled_from([*REAL_PAGES, EXCERPT])).read_bytes()
    lines = data.split(b"\n")
    others = draw(st.sampled_from([*REAL_PAGES, EXCERPT])).read_bytes().split(b"\n")
    at, other = (draw(st.integers(0, len(of) - 1)) for of in (lines, others))
    some = others[other : other + draw(st.integers(0, 20))]
    mixed = b"\n".join([*lines[:at], *some, *lines[at:]])
    less = b"\n".join(lines[:at] + lines[at + draw(st.integers(1, 40)) :])
    kinds = (st.just(mixed), st.just(less), st.just(data[: draw(st.integers(0, len(data)))]))
    return draw(st.one_of(damaged_bytes(data), recoded(data), *kinds))


@SOME
@given(data=damaged_pages())
def test_a_damaged_page_harms_no_other(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, taken_back():
        # One that is read before the damaged one, and one after it, in the same chunk.
        (Path(folder) / "a.md").write_bytes(SOUND_PAGE)
        other = SOUND_PAGE.replace(OWN.encode(), b"Q88888").replace(b"12,", b"34,")
        (Path(folder) / "z.md").write_bytes(other)
        take(import_pages, Path(folder) / "m.md", data)
        assert stored() >= TARGETS | {("Q88888", target) for _, target in TARGETS}
        assert BindingSite.objects.filter(tf__accession=OWN).count() == 0
