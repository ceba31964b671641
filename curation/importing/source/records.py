"""What passes between the stages of an import: frozen values, no Django, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from proteins.domain.binding_sites import Place
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.statements import Basis, StatementContent, StatementState


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was refused, and where: file, section (a key, or `page`), line.

    `line` counts from 1 in the file; it is None where no one line is at fault.
    `whole_page` says that nothing of the page went in. `cell` is the column that was lost
    where only a cell was, and empty where the row was. `pair` holds the accessions of TF and
    target of a refused row of a table, as far as they can be read: the table reports them. Of
    statements, it holds them as written, of rows that lost a cell as well.
    """

    file: str
    section: str
    line: int | None
    reason: str
    whole_page: bool = False
    cell: str = ""
    pair: tuple[str, str] = ("", "")

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        return f"{self.file}{line}: {self.section}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd that was read all the same: nothing is lost, somebody may look at it."""

    file: str
    section: str
    line: int | None
    text: str

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        return f"{self.file}{line}: {self.section}: {self.text}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A protein as a row of somebody else's page names it; its species is the page's."""

    accession: str
    name: str
    gene_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NamedProtein:
    """A protein as a table names it; a table says the same of it in every row.

    `described` is False where only the file's name names it (`targets_of_P04637.tsv`), so
    that nothing is said of its name, genes and orthologs.
    """

    mention: Mention
    species: str
    orthologs: tuple[OrthologRecord, ...] = ()
    described: bool = True


class TableRow(NamedTuple):
    """A row of a table of interactions; a tuple, for there are twelve million."""

    tf: NamedProtein
    target: NamedProtein
    evidence: EvidenceContent
    line: int


class StatementRecord(NamedTuple):
    """What one source states of one pair by one publication, as its file has it.

    `tf` and `target` are names or accessions as written; `species` is the scientific name, and
    empty where the file states none. The method of `content` is a name or a PSI-MI ID.
    `resources` are databases from which the source has it. A tuple, for a file may hold a
    million.
    """

    tf: str
    target: str
    content: StatementContent
    line: int
    resources: tuple[str, ...] = ()
    species: str = ""


@dataclass(frozen=True, slots=True)
class InteractionRecord:
    """One row: a TF, a target (accessions) and what supports it.

    `partner` is the one of the two that is not the page's own protein; `section` and
    `line` (from 1, in the file) are for messages.
    """

    tf: str
    target: str
    evidence: EvidenceContent
    partner: Mention
    section: str
    line: int | None


@dataclass(frozen=True, slots=True)
class OrthologRecord:
    """An ortholog by species (scientific name) and identifier, which may be any text."""

    species: str
    identifier: str
    in_tflink: bool


@dataclass(frozen=True, slots=True)
class BindingSiteRecord:
    """A binding site of `tf`; empty text and None mean that it is not stated.

    Positions are in base pairs, as the documents give them (`domain.binding_sites` says how
    their sources count). `former_ids` are other TFLink IDs of the same physical site.
    """

    tflink_id: str
    tf: str
    evidence: EvidenceContent
    assembly: str = ""
    chromosome: str = ""
    start: int | None = None
    end: int | None = None
    strand: str = ""
    overlaps: int | None = None
    sequence: str = ""
    former_ids: tuple[str, ...] = ()
    #: Its line in the file, for messages; no part of what it says.
    line: int | None = field(default=None, compare=False)

    @property
    def place(self) -> Place | None:
        """What makes it the physical site that it is, or None where it is not placed."""
        if self.start is None or self.end is None or not self.chromosome:
            return None
        return Place(
            self.tf,
            self.assembly,
            self.chromosome,
            self.start,
            self.end,
            self.strand,
            self.evidence.sources,
        )


@dataclass(frozen=True, slots=True)
class ListedProtein:
    """A protein in a list of all of a species (`*_browse.csv`)."""

    mention: Mention
    species: str
    is_tf: bool
    is_target: bool
    small_scale: SmallScale
    declared_interactions: int | None
    line: int


@dataclass(frozen=True, slots=True)
class PageDataset:
    """A dataset that statements of a page name."""

    name: str
    source: str = ""
    version: str = ""
    version_date: str = ""
    licence: str = ""
    licence_url: str = ""
    is_share_alike: bool = False
    default_scale: SmallScale = SmallScale.NOT_STATED
    default_basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class PageStatement:
    """What a dataset says of the interaction of a page's TF with a target.

    `key` is empty where it follows from what is said; `resources` are databases from which that
    of the dataset has it.
    """

    target: str
    dataset: str
    content: StatementContent
    key: str = ""
    resources: tuple[str, ...] = ()
    curator: str = ""
    orcid: str = ""
    state: StatementState = StatementState.ACTIVE
    state_reason: str = ""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One page, normalised. Everything in it has passed the rules of `identifiers`.

    `name` is empty and `declared_interactions` None where the page gives none.
    `is_tf` and `is_target` are what its `function` declares. Rows that broke a rule are
    not in it; they are in `problems`.
    """

    path: str
    sha256: str
    generation: int
    accession: str
    name: str
    species: str
    gene_ids: tuple[int, ...]
    is_tf: bool
    is_target: bool
    declared_interactions: int | None
    orthologs: tuple[OrthologRecord, ...]
    jaspar_matrices: tuple[str, ...]
    interactions: tuple[InteractionRecord, ...]
    binding_sites: tuple[BindingSiteRecord, ...]
    statements: tuple[PageStatement, ...] = ()
    datasets: tuple[PageDataset, ...] = ()
    downloads: Mapping[str, str] = field(default_factory=dict)
    unknown_keys: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """How many of a species' reported interactions (or `what` else) would go, of how many."""

    species: str
    number: int
    stored: int
    what: str = "interactions"

    def __str__(self) -> str:
        return f"{self.number:,} of the {self.stored:,} {self.what} of {self.species}"
