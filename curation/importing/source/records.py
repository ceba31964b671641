"""What passes between the stages of an import: frozen values, no Django, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from proteins.domain.evidence import EvidenceContent


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was refused, and where: file, section (a key, or `page`), line.

    `line` counts from 1 in the file; it is None where no one line is at fault.
    `whole_page` says that nothing of the page went in.
    """

    file: str
    section: str
    line: int | None
    reason: str
    whole_page: bool = False

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        return f"{self.file}{line}: {self.section}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A protein as a row of somebody else's page names it; its species is the page's."""

    accession: str
    name: str
    gene_ids: tuple[int, ...]


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
    """A binding site of `tf`; empty text and None stand for what is not known.

    Positions are in base pairs, as the documents give them.
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
    #: Where it stands in its file, for messages; no part of what it says.
    line: int | None = field(default=None, compare=False)


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
    downloads: Mapping[str, str] = field(default_factory=dict)
    unknown_keys: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """How many of a species' reported interactions would go, and of how many."""

    species: str
    number: int
    stored: int

    def __str__(self) -> str:
        return f"{self.number:,} of the {self.stored:,} interactions of {self.species}"
