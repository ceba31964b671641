"""Rows of tables of interactions, whatever their columns: cells -> `TableRow`.

Whole-species tables, downloads of one protein and the formats of 2021 name the same things
under other headers. A row goes in where its two accessions and its species are readable;
any other cell that breaks a rule is lost alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from curation.importing.source import normalise
from curation.importing.source.delimited import undecoded
from curation.importing.source.problems import LostCell, Notes, cell_or, date_note
from curation.importing.source.records import (
    Mention,
    NamedProtein,
    OrthologRecord,
    Problem,
    TableRow,
)
from proteins.domain.evidence import EvidenceContent
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    parse_accession,
    parse_gene_ids,
    parse_text,
    shown,
    without_invisible,
)
from proteins.domain.names import parse_name
from proteins.domain.species import SpeciesNames


class ProteinCells(NamedTuple):
    """The cells of a row that are about one of its proteins; `described` as in
    `NamedProtein`."""

    accession: str
    genes: str = "-"
    name: str = "-"
    listed: str = "-"
    others: str = "-"
    described: bool = True

    def stripped(self) -> ProteinCells:
        accession, genes, name, listed, others = map(without_invisible, self[:5])
        return ProteinCells(accession, genes, name, listed, others, self.described)

    def named(self, species: str, species_names: SpeciesNames) -> NamedProtein:
        return named_protein(*self[:5], species, species_names, described=self.described)


class RowCells(NamedTuple):
    """The cells of a row of interactions, lists joined by `;`."""

    tf: ProteinCells
    target: ProteinCells
    species: str
    sources: str
    methods: str
    publications: str
    scale: str = ""


def damaged_row(
    cells: RowCells, name: str, line: int, species_names: SpeciesNames
) -> Iterator[TableRow | Problem]:
    """Yield what can be read of a row in which some cell breaks a rule."""
    lost = list[LostCell]()
    try:
        row = _row_of_sound_cells(cells, line, species_names, lost)
    except IdentifierError as error:
        pair = (_readable(cells.tf.accession), _readable(cells.target.accession))
        reason = undecoded("\t".join((cells.tf.accession, cells.target.accession))) or str(error)
        yield Problem(name, "table", line, reason, pair=pair)
        return
    for cell, reason in lost:
        yield Problem(name, "table", line, reason, cell=cell)
    yield row


def _row_of_sound_cells(
    cells: RowCells, line: int, species_names: SpeciesNames, lost: list[LostCell]
) -> TableRow:
    tf = _sound_protein(cells.tf.stripped(), cells.species, "TF", species_names, lost)
    target = _sound_protein(cells.target.stripped(), cells.species, "target", species_names, lost)
    content = normalise.evidence_of_cells(
        cells.sources, cells.methods, cells.publications, stated(cells.scale), lost
    )
    return TableRow(tf, target, content, line)


def _sound_protein(
    cells: ProteinCells, species: str, role: str, species_names: SpeciesNames, lost: list[LostCell]
) -> NamedProtein:
    try:
        return cells.named(species, species_names)
    except IdentifierError:
        normalise.species_of(species, species_names)
        accession = parse_accession(cells.accession)

    def orthologs(cell: str) -> list[OrthologRecord]:
        return [*_orthologs(cell, species_names)]

    sound = ProteinCells(
        accession,
        _sound(cells.genes, parse_gene_ids, f"NCBI gene IDs of the {role}", lost),
        _sound(cells.name, _name, f"name of the {role}", lost),
        _sound(cells.listed, orthologs, f"orthologs of the {role}", lost),
        _sound(cells.others, orthologs, f"orthologs of the {role}", lost),
        cells.described,
    )
    return sound.named(species, species_names)


def _sound(text: str, parse: Callable[[str], object], cell: str, lost: list[LostCell]) -> str:
    """Return the text of a cell that can be parsed, or `-`."""
    return text if cell_or(None, lambda one: (parse(one),), text, cell, lost) else "-"


def _readable(accession: str) -> str:
    try:
        return parse_accession(accession)
    except IdentifierError:
        return ""


def stated(scale: str) -> str:
    """Return the cell of the scale, empty where it states none."""
    return "" if scale.strip() == "-" else scale


def _name(text: str) -> str:
    # A table writes names as they are; only pages spell a comma as `_`.
    return parse_name(text)


def named_protein(
    accession: str,
    genes: str,
    name: str,
    listed: str,
    others: str,
    species: str,
    species_names: SpeciesNames,
    *,
    described: bool = True,
) -> NamedProtein:
    """Return the protein that cells of a row name, of a species by any of its names."""
    species = normalise.species_of(species, species_names)
    return NamedProtein(
        Mention(parse_accession(accession), _name(name), parse_gene_ids(genes)),
        species,
        (
            *_orthologs(listed, species_names, in_tflink=True),
            *_orthologs(others, species_names, in_tflink=False),
        ),
        described,
    )


def _orthologs(
    cell: str, species_names: SpeciesNames, *, in_tflink: bool = False
) -> Iterator[OrthologRecord]:
    for item in cell.split(";"):
        item = item.strip()
        if is_absent(item):
            continue
        code, _, identifier = item.partition(":")
        if code not in species_names.by_code or not identifier:
            raise IdentifierError(f"the ortholog {shown(item)} is not a species code and an ID")
        value = parse_text(identifier, "ortholog")
        if not value:
            raise IdentifierError(f"the ortholog {shown(item)} has no identifier")
        yield OrthologRecord(species_names.by_code[code], value, in_tflink)


class TableCells:
    """The cells of one table, parsed: the same cells are the same object, for they repeat.

    What is spelled in two ways, and names that look like dates, become notes. That is seen
    as cells are parsed for the first time, which costs the other rows nothing; `line` is the
    line that is being read.
    """

    def __init__(self, notes: Notes, species: SpeciesNames) -> None:
        self.line = 0
        self._species = species
        #: As `named_protein` and `normalise.evidence`.
        self.named = lru_cache(maxsize=131_072)(self._named)
        self.evidence = lru_cache(maxsize=16_384)(self._evidence)
        self._notes = notes
        self._names = dict[str, str]()
        self._terms = dict[tuple[str, str], str]()

    def row(self, cells: RowCells, line: int) -> TableRow:
        """Return a row; raises `IdentifierError` where a cell breaks a rule."""
        self.line = line
        return TableRow(
            self.named(*cells.tf[:5], cells.species, cells.tf.described),
            self.named(*cells.target[:5], cells.species, cells.target.described),
            self.evidence(cells.sources, cells.methods, cells.publications, stated(cells.scale)),
            line,
        )

    def read(self, cells: RowCells, name: str, line: int) -> Iterator[TableRow | Problem]:
        """Yield a row without the cells that break a rule, after a problem for each of these;
        of a row without identity one problem only."""
        try:
            row = self.row(cells, line)
        except IdentifierError:
            yield from damaged_row(cells, name, line, self._species)
        else:
            yield row

    def _named(
        self,
        accession: str,
        genes: str,
        name: str,
        listed: str,
        others: str,
        species: str,
        described: bool = True,
    ) -> NamedProtein:
        named = named_protein(
            accession, genes, name, listed, others, species, self._species, described=described
        )
        self._check_name(named.mention)
        return named

    def _evidence(self, source: str, method: str, publication: str, scale: str) -> EvidenceContent:
        content = normalise.evidence(source, method, publication, scale)
        self._check_terms("source database", content.sources)
        self._check_terms("detection method", content.methods)
        return content

    def _check_name(self, mention: Mention) -> None:
        if not mention.name:
            return
        dated = date_note(mention.accession, mention.name)
        if dated:
            self._notes.add("table", self.line, dated)
        first = self._names.setdefault(mention.accession, mention.name)
        if first != mention.name:
            text = f"{mention.accession} is named {shown(first)} and {shown(mention.name)}"
            self._notes.add("table", self.line, text)

    def _check_terms(self, what: str, terms: Iterable[str]) -> None:
        for term in terms:
            first = self._terms.setdefault((what, term.casefold()), term)
            if first != term:
                text = f"one {what} is spelled {shown(first)} and {shown(term)}"
                self._notes.add("table", self.line, text)
