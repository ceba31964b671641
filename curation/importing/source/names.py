"""Names of proteins and the fate of accessions -> records, streamed (no Django, no database).

Five files, each recognised by its beginning; plain or gzip:

    UniProt TSV      Entry  Entry Name  Protein names  Gene Names (primary)  ...  Organism (ID)
    NCBI gene_info   #tax_id  GeneID  Symbol  LocusTag  Synonyms  dbXrefs  ...   (16 columns)
    gene_history     #tax_id  GeneID  Discontinued_GeneID  Discontinued_Symbol  Discontinue_Date
    sec_ac.txt       a head of text, then `A0A009 P04637`: a secondary and a primary accession
    delac_sp.txt     a head of text, then one deleted accession a line

Of tens of millions of rows those of stored proteins matter: readers are given what is wanted, and
pass over all else before they look at it. A row that breaks a rule is one `Problem`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from curation.importing.source.delimited import header_cells, next_header, rows_of_width
from curation.importing.source.problems import TableError
from curation.importing.source.records import Problem
from curation.importing.source.text import read_lines
from proteins.domain.cross_references import Reference, parse_reference
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    is_accession,
    parse_accession,
    parse_gene_id,
    parse_text,
    shown,
)
from proteins.domain.names import MAX_NAME_LENGTH, NameKind, parse_name

UNIPROT: Final = "UniProt"
NCBI_GENE: Final = "NCBI Gene"

#: Columns of a UniProt table that hold names of one kind, separated by blanks, of several genes
#: by semicolons.
_GENE_NAMES: Final = {
    "Gene Names (primary)": NameKind.PRIMARY,
    "Gene Names (synonym)": NameKind.SYNONYM,
    "Gene Names (ordered locus)": NameKind.ORDERED_LOCUS,
    "Gene Names (ORF)": NameKind.ORF,
}
#: All of these together, where a table has no column for each.
_ANY_GENE_NAMES: Final = "Gene Names"
_PROTEIN_NAMES: Final = "Protein names"
_ENTRY_NAME: Final = "Entry Name"
_ORGANISM: Final = "Organism (ID)"
_OF_UNIPROT: Final = frozenset({*_GENE_NAMES, _ANY_GENE_NAMES, _PROTEIN_NAMES, _ENTRY_NAME})

_GENE_INFO: Final = ("#tax_id", "GeneID", "Symbol", "LocusTag", "Synonyms", "dbXrefs")
_GENE_HISTORY: Final = ("#tax_id", "GeneID", "Discontinued_GeneID")
#: Columns of gene_info, by number.
_SYMBOL, _LOCUS, _SYNONYMS, _XREFS, _DESCRIPTION, _FULL_NAME = 2, 3, 4, 5, 8, 11
_GENE_INFO_WIDTHS: Final = range(15, 17)
#: What NCBI calls a gene that it has not named yet.
_NEW: Final = "NEWENTRY"
_KINDS_OF_GENE_INFO: Final = (
    NameKind.PRIMARY, NameKind.SYNONYM, NameKind.ORDERED_LOCUS, NameKind.FULL_NAME,
)  # fmt: skip

#: Lines of the head of sec_ac.txt and delac_*.txt, by which these are recognised.
_SECONDARY_HEAD: Final = re.compile(r"secondary ac|\bsec_ac\b", re.I)
_DELETED_HEAD: Final = re.compile(r"\bdelac(_|\b)|\bdeleted\b.*\baccession", re.I)
_RELEASE: Final = re.compile(r"^\s*Release:\s*(\S+)")
#: How long a head is at most.
HEAD_LINES: Final = 60
_RULE: Final = re.compile(r"^[-_=]{3,}\s*$")
_EC_NUMBER: Final = re.compile(r"EC [0-9][0-9n.-]*\Z")
#: What UniProt appends on parts of a protein, with names of their own.
_PARTS: Final = re.compile(r"\s*\[(?:Cleaved into|Includes):.*\]\s*\Z", re.S)


class NamesRecord(NamedTuple):
    """What a row says of a protein by accession, or of a gene by its ID."""

    accession: str
    gene_id: int
    names: tuple[tuple[NameKind, str], ...]
    references: tuple[Reference, ...]
    taxon: str
    line: int


class GoneAccession(NamedTuple):
    """An accession that is no longer in use, and one that took its place; empty: it was
    deleted."""

    accession: str
    successor: str
    line: int


class GoneGeneID(NamedTuple):
    """A gene ID that is no longer in use, and the one that took its place, if any."""

    gene_id: int
    successor: int | None
    line: int


def is_uniprot(line: str) -> bool:
    """Whether a header is that of a UniProt table with names."""
    cells = header_cells(line, "\t")
    return cells[0] == "Entry" and not _OF_UNIPROT.isdisjoint(cells)


def is_gene_info(line: str) -> bool:
    return tuple(header_cells(line, "\t")[: len(_GENE_INFO)]) == _GENE_INFO


def is_gene_history(line: str) -> bool:
    return tuple(header_cells(line, "\t")[: len(_GENE_HISTORY)]) == _GENE_HISTORY


def is_secondary(head: Iterable[str]) -> bool:
    """Whether the first lines of a file are those of sec_ac.txt."""
    return any(_SECONDARY_HEAD.search(line) for line in head)


def is_deleted(head: Iterable[str]) -> bool:
    """Whether the first lines of a file are those of delac_sp.txt or delac_tr.txt."""
    return any(_DELETED_HEAD.search(line) for line in head)


def head_of(lines: Iterable[tuple[int, str]]) -> list[str]:
    """Return the lines of text with which a list of accessions begins."""
    head: list[str] = []
    for _, text in lines:
        if len(head) >= HEAD_LINES or _accessions(text):
            break
        head.append(text)
    return head


def release_of(file: Path, name: str) -> str:
    """Return the release that the head of a list of accessions states, if it does."""
    for line in head_of(read_lines(file, name)):
        if match := _RELEASE.match(line):
            return match[1]
    return ""


def kinds_of_uniprot(file: Path, name: str) -> frozenset[NameKind]:
    """Return the kinds of names that a UniProt table has columns of."""
    _, header = next_header(read_lines(file, name), "\t")
    return frozenset(_columns(header).values())


def _columns(header: Sequence[str]) -> dict[str, NameKind]:
    """Return the columns with names, each with their kind."""
    columns = {name: kind for name, kind in _GENE_NAMES.items() if name in header}
    if not columns and _ANY_GENE_NAMES in header:
        columns[_ANY_GENE_NAMES] = NameKind.SYNONYM
    others = {_PROTEIN_NAMES: NameKind.FULL_NAME, _ENTRY_NAME: NameKind.MNEMONIC}
    return columns | {name: kind for name, kind in others.items() if name in header}


def read_uniprot(file: Path, name: str, wanted: Collection[str]) -> Iterator[NamesRecord | Problem]:
    """Yield what a UniProt table says of the `wanted` accessions.

    Raises `TableError` where the file cannot be read, or not to its end.
    """
    lines = read_lines(file, name)
    line, header = next_header(lines, "\t")
    if not is_uniprot("\t".join(header)):
        raise TableError(name, line, "this is no UniProt table with names")
    columns = [(header.index(one), kind) for one, kind in _columns(header).items()]
    organism = header.index(_ORGANISM) if _ORGANISM in header else None
    for item in rows_of_width(lines, name, len(header), "\t"):
        if isinstance(item, Problem):
            yield item
            continue
        line, cells = item
        try:
            accession = cells[0] if cells[0] in wanted else parse_accession(cells[0])
            if accession in wanted:
                names = tuple(one for at, kind in columns for one in _names(cells[at], kind))
                taxon = "" if organism is None else cells[organism].strip()
                yield NamesRecord(accession, 0, names, (), taxon, line)
        except IdentifierError as error:
            yield Problem(name, "table", line, str(error))


def _names(cell: str, kind: NameKind) -> Iterator[tuple[NameKind, str]]:
    if kind is NameKind.FULL_NAME:
        texts: Iterable[str] = full_names(cell)
    elif kind is NameKind.MNEMONIC:
        texts = [cell]
    else:
        texts = cell.replace(";", " ").split()
    for text in dict.fromkeys(texts):
        if parsed := _name(text):
            yield kind, parsed


def _name(text: str) -> str:
    """Return a name as `parse_name` does, which nearly all are as they are written."""
    if text.isascii() and text.isprintable() and len(text) <= MAX_NAME_LENGTH:
        stripped = text.strip()
        return "" if stripped == "-" else stripped
    return parse_name(text)


def full_names(cell: str) -> list[str]:
    """Return the names in UniProt's column of them: the recommended one, then others, each in
    parentheses: `Galactokinase (EC 2.7.1.6) (Galactose kinase)`.

    Parentheses within a name (`tRNA (guanine(37)-N(1))-methyltransferase`) are part of it.
    """
    text, others = _PARTS.sub("", cell.strip()), list[str]()
    while (at := _last_group(text)) is not None:
        others.append(text[at + 1 : -1].strip())
        text = text[:at].rstrip()
    names = [text, *reversed(others)]
    return [one for one in names if one and not _EC_NUMBER.match(one) and one != "Fragment"]


def _last_group(text: str) -> int | None:
    """Return where the group in parentheses begins that ends a text, after a blank."""
    if not text.endswith(")"):
        return None
    depth = 0
    for at in range(len(text) - 1, 0, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if not depth:
            return at if text[at - 1] == " " else None
    return None


def read_gene_info(
    file: Path, name: str, taxa: Collection[str], wanted: Collection[str]
) -> Iterator[NamesRecord | Problem]:
    """Yield what NCBI's gene_info says of the `wanted` gene IDs, as texts, of these `taxa`.

    Raises `TableError` as `read_uniprot` does.
    """
    lines = read_lines(file, name)
    next_header(lines, "\t")
    for line, text in lines:
        taxon, _, rest = text.partition("\t")
        if taxon not in taxa:
            if not rest and text.strip():
                yield Problem(name, "table", line, f"{shown(text)} is no row of gene_info")
            continue
        gene = rest[: rest.find("\t")]
        if gene not in wanted:
            if not gene.isdigit():
                yield Problem(name, "table", line, f"{shown(gene)} is not an NCBI gene ID")
            continue
        try:
            yield _gene(text.split("\t"), line)
        except IdentifierError as error:
            yield Problem(name, "table", line, str(error))


def _gene(cells: Sequence[str], line: int) -> NamesRecord:
    if len(cells) not in _GENE_INFO_WIDTHS:
        raise IdentifierError(f"the row has {len(cells)} cells; a row of gene_info has 16")
    names = [
        (kind, parsed)
        for kind, texts in (
            (NameKind.PRIMARY, [cells[_SYMBOL]]),
            (NameKind.SYNONYM, cells[_SYNONYMS].split("|")),
            (NameKind.ORDERED_LOCUS, [cells[_LOCUS]]),
            (NameKind.FULL_NAME, _full_name(cells)),
        )
        for text in texts
        if text != _NEW and (parsed := _name(text))
    ]
    references = (parse_reference(item) for item in cells[_XREFS].split("|"))
    return NamesRecord(
        "",
        parse_gene_id(cells[1]),
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(one for one in references if one is not None)),
        cells[0],
        line,
    )


def _full_name(cells: Sequence[str]) -> list[str]:
    return [cells[_DESCRIPTION] if is_absent(cells[_FULL_NAME]) else cells[_FULL_NAME]]


def kinds_of_gene_info() -> frozenset[NameKind]:
    """Return the kinds of names that gene_info has columns of."""
    return frozenset(_KINDS_OF_GENE_INFO)


def read_secondary(file: Path, name: str) -> Iterator[GoneAccession | Problem]:
    """Yield the pairs of sec_ac.txt. Raises `TableError` as `read_uniprot` does."""
    for line, text in _body(file, name):
        cells = text.split()
        if len(cells) == 2 and all(map(is_accession, cells)):
            yield GoneAccession(cells[0], cells[1], line)
        else:
            reason = f"{shown(text)} is not a secondary and a primary accession"
            yield Problem(name, "table", line, reason)


def read_deleted(
    file: Path, name: str, wanted: Collection[str]
) -> Iterator[GoneAccession | Problem]:
    """Yield those accessions of delac_sp.txt or delac_tr.txt that are `wanted`. Raises
    `TableError` as `read_uniprot` does."""
    for line, text in _body(file, name):
        accession = text.strip()
        if accession in wanted:
            yield GoneAccession(accession, "", line)
        elif not accession.isalnum():
            yield Problem(name, "table", line, f"{shown(text)} is not a UniProt accession")


def _body(file: Path, name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines below the head of a list of accessions, up to the terms of use."""
    is_head = True
    for line, text in read_lines(file, name):
        if is_head:
            is_head = not _accessions(text)
        elif _RULE.match(text):
            return
        if not is_head and text.strip():
            yield line, text


def _accessions(text: str) -> bool:
    """Whether a line holds one or two accessions and nothing else."""
    cells = text.split()
    return 0 < len(cells) <= 2 and all(map(is_accession, cells))


def read_gene_history(
    file: Path, name: str, taxa: Collection[str], wanted: Collection[str]
) -> Iterator[GoneGeneID | Problem]:
    """Yield the discontinued gene IDs that are, or were followed by, one of the `wanted`, as
    texts. Raises `TableError` as `read_uniprot` does."""
    lines = read_lines(file, name)
    next_header(lines, "\t")
    for line, text in lines:
        taxon, _, rest = text.partition("\t")
        if taxon not in taxa:
            if not rest and text.strip():
                yield Problem(name, "table", line, f"{shown(text)} is no row of gene_history")
            continue
        cells = text.split("\t")
        if len(cells) < len(_GENE_HISTORY):
            yield Problem(name, "table", line, f"the row has {len(cells)} cells, not 5")
        elif cells[1] in wanted or cells[2] in wanted:
            try:
                successor = None if is_absent(cells[1]) else parse_gene_id(cells[1])
                yield GoneGeneID(parse_gene_id(cells[2]), successor, line)
            except IdentifierError as error:
                yield Problem(name, "table", line, str(error))


def parse_version(text: str) -> str:
    """Return the version of a source as a person states it, such as `2026_04`."""
    return parse_text(text, "version")
