"""A TFLink table ("simple format", v1.0) -> its rows, streamed (no Django, no database).

Fifteen tab-separated columns under a header line, no quoting, gzip or plain. Lists are
joined by `;`, empty is `-`, orthologs are `Hs:P48431;Rn:D4A543`:

    UniprotID.TF  UniprotID.Target  NCBI.GeneID.TF  NCBI.GeneID.Target  Name.TF  Name.Target
    Q6P0E1        Q7ZW00            378723          334270              sox2     agk
    Detection.method  PubmedID  Organism  Source.database  Small-scale.evidence
    chromatin immunoprecipitation assay  27924024  Danio rerio  GTRD  No
    TF.TFLink.ortho  TF.nonTFLink.ortho  Target.TFLink.ortho  Target.nonTFLink.ortho

A row that breaks a rule is a `Problem` with its line; a table whose header or compression
is wrong is a `TableError`. The interactions of a species are complete in its table.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from curation.importing.source import normalise
from curation.importing.source.records import Mention, OrthologRecord, Problem
from proteins.domain.evidence import EvidenceContent
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    parse_accession,
    parse_gene_ids,
    parse_text,
    shown,
)
from proteins.domain.species import SpeciesNames

COLUMNS: Final = (
    "UniprotID.TF", "UniprotID.Target", "NCBI.GeneID.TF", "NCBI.GeneID.Target", "Name.TF",
    "Name.Target", "Detection.method", "PubmedID", "Organism", "Source.database",
    "Small-scale.evidence", "TF.TFLink.ortho", "TF.nonTFLink.ortho", "Target.TFLink.ortho",
    "Target.nonTFLink.ortho",
)  # fmt: skip
#: The longest line that is read, in bytes; published ones have under 10,000.
MAX_LINE_BYTES: Final = 1_000_000
_GZIP_MAGIC: Final = b"\x1f\x8b"


class TableError(Exception):
    """A table that cannot be read, or not to its end; `problem` says why and where."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(file, line, reason)
        self.problem = Problem(file, "table", line, reason, whole_page=True)

    def __str__(self) -> str:
        return str(self.problem)


@dataclass(frozen=True, slots=True)
class NamedProtein:
    """A protein as a table names it; a table says the same of it in every row."""

    mention: Mention
    species: str
    orthologs: tuple[OrthologRecord, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    tf: NamedProtein
    target: NamedProtein
    evidence: EvidenceContent
    line: int


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file's bytes; raises `OSError` where it cannot be read."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read_table(file: Path, name: str, species: SpeciesNames) -> Iterator[TableRow | Problem]:
    """Yield the rows of a table and, for each row that breaks a rule, a problem.

    Raises `TableError` where the file cannot be opened, is no table, or ends too early.
    """
    line = 0
    try:
        with file.open("rb") as opened, _decompressed(opened) as lines:
            line = 1
            _check_header(lines.readline(MAX_LINE_BYTES), name)
            while raw := lines.readline(MAX_LINE_BYTES):
                line += 1
                if len(raw) >= MAX_LINE_BYTES:
                    reason = f"the line is longer than {MAX_LINE_BYTES:,} bytes"
                    raise TableError(name, line, reason)
                yield _row(raw, name, line, species)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        # Lines before the fault have been read: they are whole, so they count.
        reason = f"the compressed file is damaged or cut short after this line ({error})"
        raise TableError(name, line, reason) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TableError(name, line or None, f"the file cannot be read: {reason}") from None


def table_lines(file: Path) -> Iterator[str]:
    """Yield the lines of a table after its header; raises `TableError` where they end early."""
    try:
        with file.open("rb") as opened, _decompressed(opened) as lines:
            lines.readline(MAX_LINE_BYTES)
            while raw := lines.readline(MAX_LINE_BYTES):
                yield raw.decode("utf-8", "replace")
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        raise TableError(str(file), None, str(error)) from None


def _decompressed(opened: BinaryIO) -> BinaryIO:
    start = opened.read(2)
    opened.seek(0)
    if start == _GZIP_MAGIC:
        return io.BufferedReader(gzip.GzipFile(fileobj=opened), 1 << 18)
    return opened


def _check_header(raw: bytes, name: str) -> None:
    cells = raw.decode("utf-8-sig", errors="replace").rstrip("\r\n").split("\t")
    if tuple(cells) == COLUMNS:
        return
    for number, expected in enumerate(COLUMNS):
        found = cells[number] if number < len(cells) else ""
        if found != expected:
            reason = (
                f"column {number + 1} of the header is {shown(found)}, not '{expected}': "
                "this is no TFLink simple-format table"
            )
            raise TableError(name, 1, reason)
    raise TableError(name, 1, f"the header has {len(cells)} columns, not {len(COLUMNS)}")


def _row(raw: bytes, name: str, line: int, known: SpeciesNames) -> TableRow | Problem:
    try:
        cells = raw.decode().rstrip("\r\n").split("\t")
        if len(cells) != len(COLUMNS):
            raise IdentifierError(
                f"the row has {len(cells)} cells; a row of a table has {len(COLUMNS)}"
            )
        (
            tf, target, tf_genes, target_genes, tf_name, target_name, methods, pmids, species,
            sources, scale, tf_listed, tf_others, target_listed, target_others,
        ) = cells  # fmt: skip
        return TableRow(
            _protein(known, tf, tf_genes, tf_name, species, tf_listed, tf_others),
            _protein(
                known, target, target_genes, target_name, species, target_listed, target_others
            ),
            normalise.evidence(sources, methods, pmids, "" if scale == "-" else scale),
            line,
        )
    except IdentifierError as error:
        return Problem(name, "table", line, str(error))
    except UnicodeDecodeError as error:
        return Problem(name, "table", line, f"the row is not UTF-8 at its byte {error.start + 1}")


@lru_cache(maxsize=131_072)
def _protein(
    known: SpeciesNames,
    accession: str,
    genes: str,
    name: str,
    species: str,
    listed: str,
    others: str,
) -> NamedProtein:
    species = normalise.species_of(species, known)
    return NamedProtein(
        # A table writes names as they are; only pages spell a comma as `_`.
        Mention(parse_accession(accession), parse_text(name, "name"), parse_gene_ids(genes)),
        species,
        (
            *_orthologs(listed, known, in_tflink=True),
            *_orthologs(others, known, in_tflink=False),
        ),
    )


def _orthologs(cell: str, known: SpeciesNames, *, in_tflink: bool) -> Iterator[OrthologRecord]:
    for item in cell.split(";"):
        item = item.strip()
        if is_absent(item):
            continue
        code, _, identifier = item.partition(":")
        if code not in known.by_code or not identifier:
            raise IdentifierError(f"the ortholog {shown(item)} is not a species code and an ID")
        value = parse_text(identifier, "ortholog", normalise.MAX_ORTHOLOG_LENGTH)
        if not value:
            raise IdentifierError(f"the ortholog {shown(item)} has no identifier")
        yield OrthologRecord(known.by_code[code], value, in_tflink)
