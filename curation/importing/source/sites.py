"""Binding sites of a page: its rows, and the sequences that its body lists.

A row of the newest pages has 15 cells:
    TFLink ID, accession, name, organism, assembly, chromosome, start, end, strand,
    genome-browser fragment, method, publications, source, small-scale, overlaps
and of older ones 9, or 10 with small-scale (Yes, No) after the source:
    TFLink ID, method, publications (HTML), source, assembly, chromosome, start, end, strand
The fragment is made of the cells before it, and is not read. Older pages write positions as
`118799871.0`, and some chromosomes without `chr`.

The body is FASTA with a backslash before each line break and before each `>`; older spellings
have a backslash for a line break, or none (all are read):
    \\>TFLinkSS09283365;Q94126;ces-2;ce10;chrIII:3744956-3744965\\
    TTACCCAAC\\
It lists the sites that have small-scale evidence, also such as are not among the rows.

A site that a page lists under two IDs is one record, with the other as a former ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from curation.importing.source import normalise
from curation.importing.source.problems import LostCell, Problems, cell_or
from curation.importing.source.records import BindingSiteRecord
from proteins.domain.binding_sites import bare_chromosome, physical_sites, species_of_assembly
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
    without_invisible,
)
from proteins.domain.species import SpeciesNames

#: Cells after the name, which may hold commas.
_AFTER_NAME: Final = 12
_LISTED_IN_BODY: Final = EvidenceContent.of(small_scale=SmallScale.YES)
_NOTHING: Final = EvidenceContent.of()


class Owner(NamedTuple):
    """The protein of the page, to which every site on it belongs."""

    accession: str
    species: str
    #: All species, by whatever name.
    names: SpeciesNames


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
    disagree, the first counts and the other is a problem.
    """
    sites: dict[str, BindingSiteRecord] = {}

    def take(section: str, site: BindingSiteRecord, lost: list[LostCell]) -> None:
        first = sites.get(site.tflink_id)
        sites[site.tflink_id] = site if first is None else united(first, site, lost)
        problems.add_lost(section, site.line, lost)

    for text, line in rows:
        if not text.strip():
            continue
        lost = list[LostCell]()
        try:
            take("binding_sites", site_of_row(text, owner, line, lost), lost)
        except IdentifierError as error:
            problems.add("binding_sites", line, error)
    stray = False
    for entry in body_entries(*body):
        lost = []
        try:
            take("body", site_of_entry(entry, owner, lost), lost)
        except IdentifierError as error:
            if entry.header is not None or not stray:
                problems.add("body", entry.line, error)
            stray = stray or entry.header is None
    return merged_physically(list(sites.values()), problems)


def merged_physically(
    sites: list[BindingSiteRecord], problems: Problems
) -> tuple[BindingSiteRecord, ...]:
    """Return sites with those that are one physical site as one record, which has the first
    ID, and the others as former ones."""
    if len(sites) < 2:
        return tuple(sites)
    merged = []
    for same in physical_sites(sites, lambda site: site.place):
        site = same[0]
        for other in same[1:]:
            lost = list[LostCell]()
            former_ids = (*site.former_ids, other.tflink_id)
            site = replace(united(site, other, lost), former_ids=former_ids)
            # Each ID has a count of overlaps of its own, the other ID's site among them.
            problems.add_lost(
                "binding_sites", other.line, [one for one in lost if one.cell != "overlaps"]
            )
        merged.append(site)
    return tuple(merged)


def site_of_row(text: str, owner: Owner, line: int, lost: list[LostCell]) -> BindingSiteRecord:
    """Return the site of a row without the cells that break a rule, which are `lost`.

    Raises `IdentifierError` where it does not identify its site.
    """
    cells = [cell.strip() for cell in text.split(",")]
    if len(cells) in (9, 10):
        return _site_of_older_row(cells, owner, line, lost)
    if len(cells) < 15:
        raise IdentifierError(
            f"the row {shown(text)} has {len(cells)} cells; a binding site has 15, or 9 or 10 on "
            "older pages"
        )
    identifier, accession = parse_tflink_site(cells[0]), cells[1]
    organism, assembly, chromosome, start, end, strand, _fragment = cells[-_AFTER_NAME:-5]
    method, publication, source, scale, overlaps = cells[-5:]
    _check_owner(accession, owner)
    if organism != owner.species and owner.names.scientific(organism) != owner.species:
        raise IdentifierError(f"the species {shown(organism)} is not the page's, {owner.species}")
    place = placement(assembly, chromosome, start, end, owner.species, lost)
    scale = "" if scale == "-" else scale
    return BindingSiteRecord(
        identifier,
        owner.accession,
        normalise.evidence_of_cells(source, method, publication, scale, lost),
        *place,
        strand=strand_of(strand, place, lost),
        overlaps=overlaps_of(overlaps, lost),
        line=line,
    )


def _site_of_older_row(
    cells: list[str], owner: Owner, line: int, lost: list[LostCell]
) -> BindingSiteRecord:
    identifier, method, publication, source = cells[:4]
    scale = cells[4] if len(cells) == 10 else ""
    assembly, chromosome, start, end, strand = cells[-5:]
    place = placement(assembly, chromosome, start, end, owner.species, lost)
    return BindingSiteRecord(
        parse_tflink_site(identifier),
        owner.accession,
        normalise.evidence_of_cells(source, method, publication, scale, lost),
        *place,
        strand=strand_of(strand, place, lost),
        line=line,
    )


def site_of_entry(
    entry: FastaEntry, owner: Owner | None, lost: list[LostCell]
) -> BindingSiteRecord:
    """Return the site of a FASTA record: of the page of `owner`, or of a file of sequences.

    Raises `IdentifierError` where it does not identify its site. The name, third cell of
    the header, may hold semicolons.
    """
    if entry.header is None:
        raise IdentifierError(f"{shown(entry.sequence)} is not FASTA; text outside it is not read")
    cells = [cell.strip() for cell in entry.header.split(";")]
    if len(cells) < 3:
        raise IdentifierError(
            f"the header {shown(entry.header)} does not have the form "
            "ID;accession;name;assembly;place"
        )
    accession = parse_accession(cells[1])
    if owner is not None:
        _check_owner(accession, owner)
    if not entry.sequence:
        reason = f"no sequence follows the header {shown(entry.header)}"
        lost.append(LostCell("sequence", reason))
    return BindingSiteRecord(
        parse_tflink_site(cells[0]),
        accession,
        _NOTHING if owner is None else _LISTED_IN_BODY,
        *_header_placement(cells, owner.species if owner else "", lost),
        sequence=cell_or("", _sequence, entry.sequence, "sequence", lost),
        line=entry.line,
    )


def _sequence(text: str) -> str:
    return "" if text == "-" else parse_sequence(text)


class Placement(NamedTuple):
    """The place of a site; all empty for one that is not placed on a genome, the assembly also
    where a download does not state it."""

    assembly: str = ""
    chromosome: str = ""
    start: int | None = None
    end: int | None = None


def _header_placement(cells: list[str], species: str, lost: list[LostCell]) -> Placement:
    if len(cells) < 5 or is_absent(cells[-1]):
        if ":" in "".join(cells[3:]):
            lost.append(LostCell("place", f"{shown(cells[-1])} is not a place on an assembly"))
        return Placement()
    chromosome, _, span = cells[-1].rpartition(":")
    start, _, end = span.partition("-")
    return placement(cells[-2], chromosome, start, end, species, lost)


def placement(
    assembly: str, chromosome: str, start: str, end: str, species: str, lost: list[LostCell]
) -> Placement:
    """Return the place of a site from its four cells, without those that break a rule."""
    where = cell_or(Placement(), lambda _: _place(chromosome, start, end), "", "place", lost)
    genome = cell_or("", lambda cell: assembly_of(cell, species), assembly, "assembly", lost)
    if where.start is None and genome and not any(one.cell == "place" for one in lost):
        lost.append(LostCell("assembly", f"the assembly {genome} is given without a place"))
    return where._replace(assembly=genome) if where.start is not None else where


def _place(chromosome: str, start: str, end: str) -> Placement:
    cells = (chromosome, start, end)
    absent = sum(is_absent(cell.strip()) for cell in cells)
    if absent == len(cells):
        return Placement()
    if absent:
        raise IdentifierError(f"the place {shown(' '.join(cells))} is given in part only")
    first, last = parse_position(start), parse_position(end)
    if first > last:
        raise IdentifierError(f"the start {first} is after the end {last}")
    return Placement("", parse_text(chromosome, "chromosome"), first, last)


def assembly_of(text: str, species: str) -> str:
    """Return the assembly of a cell, empty for none.

    Raises `IdentifierError` where it is one of another species.
    """
    assembly = "" if is_absent(text.strip()) else parse_text(text, "assembly")
    genome = species_of_assembly(assembly) if assembly and species else ""
    if genome and genome != species:
        raise IdentifierError(f"the assembly {shown(assembly)} is of {genome}, not of {species}")
    return assembly


def strand_of(text: str, place: Placement, lost: list[LostCell]) -> str:
    """Return the strand of a placed site, where `-` is minus and not "none"."""
    text = without_invisible(text)
    if place.start is None or text in ("", "."):
        return ""
    if text not in ("+", "-"):
        lost.append(LostCell("strand", f"the strand {shown(text)} is neither + nor -"))
        return ""
    return text


def overlaps_of(text: str, lost: list[LostCell]) -> int | None:
    """Return a count of overlaps, None for none."""
    if is_absent(text.strip()):
        return None
    return cell_or(
        None, lambda cell: parse_count(cell, "a count of overlaps"), text, "overlaps", lost
    )


def _check_owner(accession: str, owner: Owner) -> None:
    if parse_accession(accession) != owner.accession:
        raise IdentifierError(f"the site is of {accession}, not of the page's {owner.accession}")


def united(
    one: BindingSiteRecord, other: BindingSiteRecord, lost: list[LostCell]
) -> BindingSiteRecord:
    """Return what two statements about one site say together; where they disagree, `one`
    counts, and what `other` says is lost."""
    for first, second, what in (
        (_where(one), _where(other), "places"),
        (one.assembly, other.assembly, "assemblies"),
        (one.strand, other.strand, "strands"),
        (one.sequence, other.sequence, "sequences"),
        (one.overlaps, other.overlaps, "overlaps"),
    ):
        if first not in ("", None) and second not in ("", None) and first != second:
            counts = "counts of overlaps" if what == "overlaps" else what
            reason = f"{one.tflink_id} is listed before with other {counts}"
            lost.append(LostCell(what, reason))
    placed = one if one.start is not None else other
    return replace(
        one,
        evidence=one.evidence.united(other.evidence),
        assembly=placed.assembly or one.assembly or other.assembly,
        chromosome=placed.chromosome,
        start=placed.start,
        end=placed.end,
        strand=one.strand or other.strand,
        overlaps=one.overlaps if one.overlaps is not None else other.overlaps,
        sequence=one.sequence or other.sequence,
    )


def _where(site: BindingSiteRecord) -> tuple[str, int, int | None] | None:
    if site.start is None:
        return None
    return bare_chromosome(site.chromosome), site.start, site.end


def body_entries(body: str, first_line: int) -> Iterator[FastaEntry]:
    """Return the records of a page's body."""
    if not body or body.isspace():
        return iter(())
    return fasta_entries(enumerate(body.split("\n"), first_line))


def fasta_entries(lines: Iterable[tuple[int, str]]) -> Iterator[FastaEntry]:
    """Yield the records of FASTA with the line of each header; a blank line ends one."""
    header: str | None = None
    begun, parts = 0, list[str]()
    for number, line in lines:
        # A backslash at the end of a real line is one break, not two.
        for part in line.removesuffix("\\").split("\\"):
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
