"""Tables of binding sites -> their rows, streamed: a whole species, or one protein.

    annotation, 16 tab-separated columns: `TFLink_<species>_bindingSites_All_annotation_v1.0.tsv`
        TFLinkID UniprotID.TF Name.TF Organism Assembly Chromosome Start End Strand
        Genome.browser Detection.method PubmedID Source.database Small-scale.evidence
        Number.of.TFBS.overlaps TFBS.overlaps
    download, 13 columns: `bindingSites_of_X.tsv`, `X.tsv`; lists are joined by `,`
        TFLinkID UniprotID.TF Name.TF Organism Detection.method PubmedID Source.database
        Small-scale.evidence Assembly Chromosome Start End Strand
    annotation of 2021, 12 comma-separated columns, empty for none, no small-scale column
        TFLink ID, Uniprot ID, Protein name, Organism, Detection method, Publication,
        Source database, Assembly, Chr, Start, End, Strand

There are 9.3 million rows in all, of few proteins and evidences: what repeats is parsed
once. A site whose ID, protein and species are readable goes in without the cells that break
a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from curation.importing.source import normalise
from curation.importing.source.delimited import check_header, header_cells, rows_of_width, undecoded
from curation.importing.source.interactions import TableCells, stated
from curation.importing.source.problems import LostCell, Notes, TableError, cell_or
from curation.importing.source.records import BindingSiteRecord, NamedProtein, Problem
from curation.importing.source.sites import assembly_of, overlaps_of, placement, strand_of
from curation.importing.source.text import read_lines
from proteins.domain.evidence import EvidenceContent
from proteins.domain.identifiers import (
    TFLINK_SITE_PATTERN,
    IdentifierError,
    is_absent,
    parse_text,
    parse_tflink_site,
    without_invisible,
)
from proteins.domain.names import parse_name
from proteins.domain.species import SpeciesNames

WHAT: Final = "table of TFLink binding sites"
ANNOTATION_COLUMNS: Final = (
    "TFLinkID", "UniprotID.TF", "Name.TF", "Organism", "Assembly", "Chromosome", "Start", "End",
    "Strand", "Genome.browser", "Detection.method", "PubmedID", "Source.database",
    "Small-scale.evidence", "Number.of.TFBS.overlaps", "TFBS.overlaps",
)  # fmt: skip
DOWNLOAD_COLUMNS: Final = (
    "TFLinkID", "UniprotID.TF", "Name.TF", "Organism", "Detection.method", "PubmedID",
    "Source.database", "Small-scale.evidence", "Assembly", "Chromosome", "Start", "End", "Strand",
)  # fmt: skip
COLUMNS_2021: Final = (
    "TFLink ID", "Uniprot ID", "Protein name", "Organism", "Detection method", "Publication",
    "Source database", "Assembly", "Chr", "Start", "End", "Strand",
)  # fmt: skip


_STRANDS: Final = frozenset("+-")
_NONE: Final = frozenset(("-", ""))
_Where = tuple[str, int | None, int | None, str]
_NOWHERE: Final[_Where] = ("", None, None, "")
#: How downloads write that there is no name.
_NO_NAMES: Final = frozenset(("NA", "Na"))
_SITE_ID: Final = re.compile(TFLINK_SITE_PATTERN)


class _Layout(NamedTuple):
    """Where the cells of a kind of table are: ID, accession, name, species, assembly,
    chromosome, start, end, strand, method, publications, source, scale, number of overlaps,
    overlapping sites. An absent one is one past the last column, where `-` is put."""

    columns: tuple[str, ...]
    separator: str
    list_separator: str
    order: tuple[int, ...]


LAYOUTS: Final = (
    _Layout(ANNOTATION_COLUMNS, "\t", ";", (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15)),
    _Layout(DOWNLOAD_COLUMNS, "\t", ",", (0, 1, 2, 3, 8, 9, 10, 11, 12, 4, 5, 6, 7, 13, 13)),
    _Layout(COLUMNS_2021, ",", ";", (0, 1, 2, 3, 7, 8, 9, 10, 11, 4, 5, 6, 12, 12, 12)),
)


class SiteRow(NamedTuple):
    """A row of a table of binding sites: a tuple, for there are millions.

    Empty text and None mean "not stated"; positions are as the source counts them.
    `overlapping` is the cell with the IDs of overlapping sites, as written.
    """

    tflink_id: str
    tf: NamedProtein
    evidence: EvidenceContent
    assembly: str
    chromosome: str
    start: int | None
    end: int | None
    strand: str
    overlaps: int | None
    overlapping: str
    line: int

    @property
    def record(self) -> BindingSiteRecord:
        """The site as pages' parsers return it."""
        return BindingSiteRecord(
            self.tflink_id,
            self.tf.mention.accession,
            self.evidence,
            self.assembly,
            self.chromosome,
            self.start,
            self.end,
            self.strand,
            self.overlaps,
            line=self.line,
        )


def layout_of(text: str) -> _Layout | None:
    """Return the layout that a header line is of."""
    for layout in LAYOUTS:
        if tuple(header_cells(text, layout.separator)) == layout.columns:
            return layout
    return None


def read_sites(
    file: Path, name: str, species: SpeciesNames, notes: Notes | None = None
) -> Iterator[SiteRow | Problem]:
    """Yield the sites of a table and, for each row or cell that breaks a rule, a problem.

    `notes` collects what is odd. Raises `TableError` where the file cannot be opened, is no
    table of sites, or ends too early.
    """
    lines = read_lines(file, name)
    layout = _read_header(lines, name)
    cells_of = itemgetter(*layout.order)
    parsed = _SiteCells(notes or Notes(name), species, layout.list_separator)
    named, evidence, assembly = parsed.named, parsed.evidence, parsed.assembly
    is_chromosome, is_id = parsed.is_chromosome, parsed.is_id
    for item in rows_of_width(lines, name, len(layout.columns), layout.separator):
        if isinstance(item, Problem):
            yield item
            continue
        parsed.line, raw = item
        raw.append("-")
        cells = cells_of(raw)
        (
            tflink_id, accession, tf_name, organism, genome, chromosome, start, end, strand,
            method, publications, source, scale, overlaps, overlapping,
        ) = cells  # fmt: skip
        # Nearly every row is sound, with a place or without one; the others take their time.
        if (
            start.isdecimal()
            and end.isdecimal()
            and len(start) < 10 > len(end)
            and int(start) <= int(end)
            and strand in _STRANDS
            and is_chromosome(chromosome)
        ):
            place: _Where = (chromosome, int(start), int(end), strand)
        elif genome == chromosome == start == end == strand and strand in _NONE:
            place = _NOWHERE
        else:
            yield from parsed.damaged(cells, name)
            continue
        if not is_id(tflink_id) or not (
            overlaps == "-" or (overlaps.isdecimal() and len(overlaps) < 10)
        ):
            yield from parsed.damaged(cells, name)
            continue
        try:
            tf = named(accession, tf_name, organism)
            row = SiteRow(
                tflink_id,
                tf,
                evidence(source, method, publications, scale),
                assembly(genome, tf.species),
                *place,
                None if overlaps == "-" else int(overlaps),
                "" if overlapping == "-" else overlapping,
                parsed.line,
            )
        except IdentifierError:
            yield from parsed.damaged(cells, name)
        else:
            yield row


def _read_header(lines: Iterator[tuple[int, str]], name: str) -> _Layout:
    for line, text in lines:
        if text.strip():
            layout = layout_of(text)
            if layout is None:
                # The kind that is distinguished by its first column most likely.
                check_header((line, header_cells(text, "\t")), name, ANNOTATION_COLUMNS, WHAT)
                break
            return layout
    raise TableError(name, 1, f"the file is empty: this is no {WHAT}")


class _SiteCells:
    """The cells of one table of sites, parsed: the same cells are the same object."""

    def __init__(self, notes: Notes, species: SpeciesNames, list_separator: str) -> None:
        self.line = 0
        self.named = lru_cache(maxsize=16_384)(self._named)
        self.evidence = lru_cache(maxsize=65_536)(self._evidence)
        self.assembly = lru_cache(maxsize=1024)(assembly_of)
        self.is_chromosome = lru_cache(maxsize=16_384)(_is_chromosome)
        self.is_id = _SITE_ID.match
        self._cells = TableCells(notes, species)
        self._list_separator = list_separator

    def _named(self, accession: str, name: str, species: str) -> NamedProtein:
        self._cells.line = self.line
        return self._cells.named(accession, "-", _name(name), "-", "-", species)

    def _evidence(self, source: str, method: str, publications: str, scale: str) -> EvidenceContent:
        self._cells.line = self.line
        return self._cells.evidence(
            self._list(source), self._list(method), self._list(publications), stated(scale)
        )

    def _list(self, cell: str) -> str:
        return cell.replace(self._list_separator, ";")

    def damaged(self, cells: tuple[str, ...], name: str) -> Iterator[SiteRow | Problem]:
        """Yield what can be read of a row in which some cell breaks a rule."""
        lost = list[LostCell]()
        try:
            row = self._sound(tuple(map(without_invisible, cells)), lost)
        except IdentifierError as error:
            reason = undecoded("\t".join(cells)) or str(error)
            yield Problem(name, "table", self.line, reason)
            return
        for cell, reason in lost:
            yield Problem(name, "table", self.line, reason, cell=cell)
        yield row

    def _sound(self, cells: tuple[str, ...], lost: list[LostCell]) -> SiteRow:
        (
            tflink_id, accession, tf_name, species, genome, chromosome, start, end, strand,
            method, publications, source, scale, overlaps, overlapping,
        ) = cells  # fmt: skip
        identifier = parse_tflink_site(tflink_id)
        tf = self.named(
            accession,
            cell_or("", lambda one: parse_name(_name(one)), tf_name, "name", lost),
            species,
        )
        place = placement(genome, chromosome, start, end, tf.species, lost)
        return SiteRow(
            identifier,
            tf,
            normalise.evidence_of_cells(
                self._list(source),
                self._list(method),
                self._list(publications),
                stated(scale),
                lost,
            ),
            place.assembly,
            place.chromosome,
            place.start,
            place.end,
            strand_of(strand, place, lost),
            overlaps_of(overlaps, lost),
            "" if is_absent(overlapping) else overlapping,
            self.line,
        )


def _name(text: str) -> str:
    return "-" if text in _NO_NAMES else text


def _is_chromosome(text: str) -> bool:
    try:
        return parse_text(text, "chromosome") == text != "" and not is_absent(text)
    except IdentifierError:
        return False
