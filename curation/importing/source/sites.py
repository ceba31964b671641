"""Binding sites of a page: its rows, and the sequences that its body lists.

A row of the newest pages has 15 cells:
    TFLink ID, accession, name, organism, assembly, chromosome, start, end, strand,
    genome-browser fragment, method, publications, source, small-scale, overlaps
and of older ones 8:
    TFLink ID, method, publications, source, assembly, chromosome, start, end
The fragment is made of the cells before it, and is not read.

The body is FASTA in which a backslash stands for a line break (real ones are read too):
    >TFLinkSS09902114;P04637;TP53;hg38;chr1:147084576-147084596\\TGCAGTCTATC\\\\>...
It lists the sites that have small-scale evidence, also such as are not among the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from curation.importing.source import normalise
from curation.importing.source.problems import Problems
from curation.importing.source.records import BindingSiteRecord
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    parse_accession,
    parse_count,
    parse_position,
    parse_sequence,
    parse_text,
    parse_tflink_site,
    shown,
)
from proteins.domain.species import SpeciesNames

#: Cells after the name, which may hold commas.
_AFTER_NAME: Final = 12
_LISTED_IN_BODY: Final = EvidenceContent.of(small_scale=SmallScale.YES)


class Owner(NamedTuple):
    """The protein of the page, to which every site on it belongs."""

    accession: str
    species: str
    #: All species, by whatever name.
    names: SpeciesNames


class Placement(NamedTuple):
    """Where a site is; all empty for one that is not placed on a genome."""

    assembly: str = ""
    chromosome: str = ""
    start: int | None = None
    end: int | None = None


class FastaEntry(NamedTuple):
    """A header and its sequence; `header` is None for text outside any record."""

    line: int
    header: str | None
    sequence: str


def binding_sites(
    rows: Iterable[tuple[str, int]],
    body: tuple[str, int],
    owner: Owner,
    problems: Problems,
) -> tuple[BindingSiteRecord, ...]:
    """Return the sites of a page, each once, from `rows` with their lines and the body.

    `body` is its text and first line. Statements about one site are united; where they
    disagree, the first stands and the other is a problem.
    """
    sites: dict[str, BindingSiteRecord] = {}
    for text, line in rows:
        if not text.strip():
            continue
        try:
            site = replace(site_of_row(text, owner), line=line)
            sites[site.tflink_id] = _united(sites.get(site.tflink_id), site)
        except IdentifierError as error:
            problems.add("binding_sites", line, error)
    stray = False
    for entry in fasta_entries(*body):
        if entry.header is None:
            if not stray:
                reason = f"{shown(entry.sequence)} is not FASTA; text outside it is not read"
                problems.add("body", entry.line, reason)
            stray = True
            continue
        try:
            site = replace(site_of_header(entry.header, entry.sequence, owner), line=entry.line)
            sites[site.tflink_id] = _united(sites.get(site.tflink_id), site)
        except IdentifierError as error:
            problems.add("body", entry.line, error)
    return tuple(sites.values())


def site_of_row(text: str, owner: Owner) -> BindingSiteRecord:
    """Return the site of a row; raises `IdentifierError` where a cell breaks a rule."""
    cells = [cell.strip() for cell in text.split(",")]
    if len(cells) == 8:
        return _site_of_older_row(cells, owner)
    if len(cells) < 15:
        raise IdentifierError(
            f"the row {shown(text)} has {len(cells)} cells; a binding site has 15, or 8 on older "
            "pages"
        )
    identifier, accession = parse_tflink_site(cells[0]), cells[1]
    organism, assembly, chromosome, start, end, strand, _fragment = cells[-_AFTER_NAME:-5]
    method, publication, source, scale, overlaps = cells[-5:]
    _check_owner(accession, owner)
    if organism != owner.species and owner.names.scientific(organism) != owner.species:
        raise IdentifierError(f"the species {shown(organism)} is not the page's, {owner.species}")
    place = placement(assembly, chromosome, start, end)
    return BindingSiteRecord(
        identifier,
        owner.accession,
        normalise.evidence(source, method, publication, "" if scale == "-" else scale),
        *place,
        strand=_strand(strand) if place.assembly else "",
        overlaps=None if is_absent(overlaps) else parse_count(overlaps, "a count of overlaps"),
    )


def _site_of_older_row(cells: list[str], owner: Owner) -> BindingSiteRecord:
    identifier, method, publication, source, assembly, chromosome, start, end = cells
    return BindingSiteRecord(
        parse_tflink_site(identifier),
        owner.accession,
        normalise.evidence(source, method, publication),
        *placement(assembly, chromosome, start, end),
    )


def site_of_header(header: str, sequence: str, owner: Owner) -> BindingSiteRecord:
    """Return the site of a FASTA header (without `>`) and its sequence.

    The name, third cell of the header, may hold semicolons.
    """
    cells = [cell.strip() for cell in header.split(";")]
    if len(cells) < 3:
        raise IdentifierError(
            f"the header {shown(header)} does not have the form ID;accession;name;assembly;place"
        )
    _check_owner(cells[1], owner)
    if not sequence:
        raise IdentifierError(f"no sequence follows the header {shown(header)}")
    return BindingSiteRecord(
        parse_tflink_site(cells[0]),
        owner.accession,
        _LISTED_IN_BODY,
        *_header_placement(cells),
        sequence="" if sequence == "-" else parse_sequence(sequence),
    )


def _header_placement(cells: list[str]) -> Placement:
    if len(cells) < 5 or is_absent(cells[-1]):
        if ":" in "".join(cells[3:]):
            raise IdentifierError(f"{shown(cells[-1])} is not a place on an assembly")
        return Placement()
    chromosome, _, span = cells[-1].rpartition(":")
    start, _, end = span.partition("-")
    return placement(cells[-2], chromosome, start, end)


def placement(assembly: str, chromosome: str, start: str, end: str) -> Placement:
    """Return where a site is from its four cells; all are there, or none is."""
    cells = (assembly, chromosome, start, end)
    absent = sum(is_absent(cell) for cell in cells)
    if absent == len(cells):
        return Placement()
    if absent:
        raise IdentifierError(f"the place {shown(' '.join(cells))} is given in part only")
    place = Placement(
        parse_text(assembly, "assembly"),
        parse_text(chromosome, "chromosome"),
        first := parse_position(start),
        last := parse_position(end),
    )
    if first > last:
        raise IdentifierError(f"the start {first} is after the end {last}")
    return place


def _strand(text: str) -> str:
    """Return the strand of a placed site, where `-` is minus and not "none"."""
    if text in ("", "."):
        return ""
    if text not in ("+", "-"):
        raise IdentifierError(f"the strand {shown(text)} is neither + nor -")
    return text


def _check_owner(accession: str, owner: Owner) -> None:
    if parse_accession(accession) != owner.accession:
        raise IdentifierError(f"the site is of {accession}, not of the page's {owner.accession}")


def _united(one: BindingSiteRecord | None, other: BindingSiteRecord) -> BindingSiteRecord:
    """Return what two statements about one site say together."""
    if one is None:
        return other
    places = [
        Placement(site.assembly, site.chromosome, site.start, site.end) for site in (one, other)
    ]
    for first, second, what in (
        (places[0].assembly and places[0], places[1].assembly and places[1], "places"),
        (one.strand, other.strand, "strands"),
        (one.sequence, other.sequence, "sequences"),
        (one.overlaps, other.overlaps, "counts of overlaps"),
    ):
        if first not in ("", None) and second not in ("", None) and first != second:
            raise IdentifierError(f"{one.tflink_id} is listed before with other {what}")
    assembly, chromosome, start, end = places[0] if one.assembly else places[1]
    return replace(
        one,
        evidence=one.evidence.united(other.evidence),
        assembly=assembly,
        chromosome=chromosome,
        start=start,
        end=end,
        strand=one.strand or other.strand,
        overlaps=one.overlaps if one.overlaps is not None else other.overlaps,
        sequence=one.sequence or other.sequence,
    )


def fasta_entries(body: str, first_line: int) -> Iterator[FastaEntry]:
    """Yield the records of a body with the line of each header; a blank line ends one."""
    if not body or body.isspace():
        return
    header: str | None = None
    begun, parts = first_line, list[str]()
    # A backslash at the end of a real line is one break, not two.
    for number, line in enumerate(body.replace("\\\n", "\n").split("\n"), first_line):
        for part in line.split("\\"):
            text = part.strip()
            if header is not None and (not text or text[0] == ">"):
                yield FastaEntry(begun, header, "".join(parts))
                header = None
            if text[:1] == ">":
                header, begun, parts = text[1:], number, []
            elif text and header is None:
                yield FastaEntry(number, None, text)
            elif text:
                parts.append(text)
    if header is not None:
        yield FastaEntry(begun, header, "".join(parts))
