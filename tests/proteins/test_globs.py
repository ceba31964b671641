"""Rules of identifiers as SQLite and a plain client of it know them."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from proteins.domain import identifiers, statements
from proteins.domain.globs import globs_of
from proteins.models import Protein, Taxon
from proteins.release_store import NAME_PATTERN
from tests import migrated
from tests.factories import make_protein
from tests.test_settings import python

PATTERNS = {
    identifiers.ACCESSION_PATTERN: ("P04637", "A0A024RBG1", "O95342", "Q9UK53"),
    identifiers.TFLINK_SITE_PATTERN: ("TFLinkHS1", "TFLinkHS123456789012"),
    identifiers.JASPAR_PATTERN: ("MA0106.3", "UN123456.123"),
    identifiers.PSI_MI_PATTERN: ("MI:0402",),
    statements.ECO_PATTERN: ("ECO:0000096",),
    identifiers.ORCID_PATTERN: ("0000-0002-1825-0097", "0000-0002-1694-233X"),
    NAME_PATTERN: ("2026.12", "2026.01.1", "2099.10.999"),
    r"^[A-Z][a-z]\Z": ("Hs",),
}
TRIED = st.one_of(
    *(st.from_regex(re.compile(pattern, re.ASCII)) for pattern in PATTERNS),
    st.text(),
    # What is nearly one.
    st.tuples(
        st.sampled_from([text for texts in PATTERNS.values() for text in texts]),
        st.integers(0, 20),
        st.sampled_from(["", "a", "0", "\n", "Z", " ", "é", "*", "?", "["]),
    ).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :]),
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_examples_match(pattern: str) -> None:
    for text in PATTERNS[pattern]:
        assert any_glob_matches(pattern, text)
        for wrong in (f"{text}\n", f" {text}", text[:-1] if pattern != NAME_PATTERN else "", ""):
            assert any_glob_matches(pattern, wrong) is bool(re.search(pattern, wrong)), wrong


@given(TRIED)
def test_globs_match_what_the_pattern_does(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        return  # no database takes them
    for pattern in PATTERNS:
        expected = bool(re.search(pattern, text, re.ASCII))
        assert any_glob_matches(pattern, text) is expected, (pattern, text)


def any_glob_matches(pattern: str, text: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as plain:
        sql = " OR ".join(f"?1 GLOB ?{number}" for number in range(2, 2 + len(globs_of(pattern))))
        return bool(plain.execute(f"SELECT {sql}", (text, *globs_of(pattern))).fetchone()[0])


@pytest.mark.parametrize(
    "pattern", [r"a\Z", "^a", r"^a*\Z", r"^a+\Z", r"^.\Z", r"^(a\Z", r"^a)\Z", r"^[0-9]{1,200}x\Z"]
)
def test_what_cannot_be_written_out_is_refused(pattern: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        globs_of(pattern)


def test_what_glob_reads_otherwise_is_quoted() -> None:
    assert globs_of(r"^\*\?\[x\.\Z") == ("[*][?][[]x.",)


@pytest.mark.django_db
@pytest.mark.parametrize("accession", ["p04637", "P0463", "P04637\n", "*", ""])
def test_the_database_refuses_what_is_no_accession(accession: str) -> None:
    taxon = make_protein("Q07812").taxon
    with pytest.raises(DatabaseError), transaction.atomic():
        Protein.objects.create(accession=accession, taxon=taxon)
    with pytest.raises(DatabaseError), transaction.atomic():
        Taxon.objects.create(ncbi_taxon_id=1, scientific_name="Root", code="hs")


def test_a_plain_client_restores_every_row(tmp_path: Path) -> None:
    """`.dump | sqlite3`, with the shell or, where there is none, with Python's own dump."""
    migrated.put_into(tmp_path)
    result = python(tmp_path, "manage.py", "quickstart", "--no-serve")
    assert result.returncode == 0, result.stderr
    dumped = dump_of(tmp_path / "tflink.sqlite3")
    restored = tmp_path / "restored.sqlite3"
    with closing(sqlite3.connect(restored)) as client:
        client.executescript(dumped)
    with (
        closing(sqlite3.connect(tmp_path / "tflink.sqlite3")) as before,
        closing(sqlite3.connect(restored)) as after,
    ):
        tables = [row[0] for row in before.execute(TABLES)]
        assert "proteins_protein" in tables
        for table in tables:
            rows = f'SELECT count(*) FROM "{table}"'
            assert after.execute(rows).fetchone() == before.execute(rows).fetchone(), table
        columns = "SELECT * FROM proteins_protein ORDER BY id"
        assert after.execute(columns).fetchall() == before.execute(columns).fetchall()
        for database in (before, after):
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            schema = " ".join(row[0] for row in database.execute(SCHEMA))
            assert "REGEXP" not in schema


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"


def dump_of(database: Path) -> str:
    shell = shutil.which("sqlite3")
    if shell:
        done = subprocess.run(
            [shell, database, ".dump"], capture_output=True, text=True, check=True
        )
        return done.stdout
    with closing(sqlite3.connect(database)) as connected:
        return "\n".join(connected.iterdump())


@pytest.mark.django_db
def test_no_constraint_needs_python() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            schema = " ".join(row[0] for row in cursor.execute(SCHEMA).fetchall())
        assert "GLOB" in schema
        assert "REGEXP" not in schema
