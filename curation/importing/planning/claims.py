"""Claims of a chunk of documents: one a protein, one a pair, one a binding site.

A protein's own page speaks for its function, declared number and species, a page of a newer
generation before one of an older. A whole-species table speaks for its name, then its own
page; a row of another protein's page only fills in what is absent. Where its page or a table
says that it has no name, no older document fills one in. What comes in sets (gene IDs,
orthologs, JASPAR matrices, evidence of binding sites) is united; what supports pairs is
stored by the role of the document.

A secondary accession means the protein that took its place; statements under the former name,
on a page of its own or in a table, only fill in what is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from curation.importing.planning.site_claims import SiteClaims
from curation.importing.source.records import (
    BindingSiteRecord,
    InteractionRecord,
    ListedProtein,
    Mention,
    OrthologRecord,
    PageRecord,
    Problem,
)
from curation.importing.source.site_tables import SiteRow
from curation.importing.source.tables import NamedProtein, TableRow
from curation.shared.spellings import Spellings
from proteins.domain.evidence import EvidenceContent
from proteins.domain.names import is_mnemonic
from proteins.domain.support import Role, SupportContent

#: The generation of a protein that has no page of its own.
NO_PAGE = 0
#: Tables (v1.0) are as new as the newest pages.
TABLE_GENERATION = 3


def _real_name(name: str, generation: int) -> str:
    """Return a name of a page: older ones have UniProt's entry name (`YD57W_YEAST`) where a
    protein has none."""
    is_older = generation < TABLE_GENERATION
    return "" if is_older and "_" in name and is_mnemonic(name) else name


@dataclass(slots=True)
class ProteinClaim:
    """The statements about one protein; `generation` is that of its own page, if it has one.

    `name_generation` is that of the document that names it, `unnamed_by` of the newest of its
    own pages and tables that say that it has no name.
    """

    accession: str
    species: str
    name: str = ""
    name_generation: int = NO_PAGE
    unnamed_by: int = NO_PAGE
    gene_ids: set[int] = field(default_factory=set)
    generation: int = NO_PAGE
    #: Whether a page of one of its former names is among the documents.
    has_former_page: bool = False
    in_table: bool = False
    #: Whether only a list of proteins states it: its names and gene IDs fill in what is absent.
    is_listed: bool = False
    is_tf: bool = False
    is_target: bool = False
    declared_interactions: int | None = None
    jaspar_matrices: set[str] = field(default_factory=set)
    orthologs: dict[tuple[str, str], bool] = field(default_factory=dict)

    @property
    def has_page(self) -> bool:
        return self.generation > NO_PAGE or self.has_former_page

    def hear(self, mention: Mention, generation: int) -> None:
        """Take in a row of a page of another protein, of this generation."""
        self.gene_ids.update(mention.gene_ids)
        self._fill_name(_real_name(mention.name, generation), generation)

    def _fill_name(self, name: str, generation: int) -> None:
        if not self.name and generation >= self.unnamed_by:
            self.name, self.name_generation = name, generation

    def _state_name(self, name: str, generation: int, *, leads: bool) -> None:
        """Take in what its own page or a table says of its name, or that it has none."""
        if name and leads:
            self.name, self.name_generation = name, generation
        elif name:
            self._fill_name(name, generation)
        else:
            self.unnamed_by = max(self.unnamed_by, generation)
            if self.name_generation < generation:
                self.name, self.name_generation = "", NO_PAGE

    def describe(self, page: PageRecord) -> None:
        """Take in the protein's own page."""
        leads = page.generation >= self.generation
        is_newest = page.generation >= self.unnamed_by
        name = _real_name(page.name, page.generation)
        self._state_name(name, page.generation, leads=leads and is_newest)
        if page.declared_interactions is not None and (leads or self.declared_interactions is None):
            self.declared_interactions = page.declared_interactions
        self.generation = max(self.generation, page.generation)
        self._unite(page)

    def describe_formerly(self, page: PageRecord) -> None:
        """Take in a page of one of the protein's former names, which overrules nothing."""
        self.has_former_page = True
        self._fill_name(_real_name(page.name, page.generation), page.generation)
        if self.declared_interactions is None:
            self.declared_interactions = page.declared_interactions
        self._unite(page)

    def _unite(self, page: PageRecord) -> None:
        self.is_tf |= page.is_tf
        self.is_target |= page.is_target
        self.gene_ids.update(page.gene_ids)
        self.jaspar_matrices.update(page.jaspar_matrices)
        self.hear_orthologs(page.orthologs)

    def describe_in_table(self, named: NamedProtein) -> None:
        """Take in what a table says of the protein, which it does alike in every row."""
        self.in_table = True
        self._state_name(named.mention.name, TABLE_GENERATION, leads=True)
        self.gene_ids.update(named.mention.gene_ids)
        self.hear_orthologs(named.orthologs)

    def describe_in_list(self, listed: ListedProtein) -> None:
        """Take in a row of a list of proteins, which says nothing of their interactions."""
        self.is_listed = True
        self.hear(listed.mention, TABLE_GENERATION)
        self.is_tf |= listed.is_tf
        self.is_target |= listed.is_target
        if listed.declared_interactions is not None:
            self.declared_interactions = listed.declared_interactions

    def hear_orthologs(self, orthologs: Iterable[OrthologRecord]) -> None:
        for ortholog in orthologs:
            key = (ortholog.species, ortholog.identifier)
            self.orthologs[key] = self.orthologs.get(key, False) or ortholog.in_tflink


@dataclass(frozen=True, slots=True)
class PairClaim:
    """What documents state about one pair, by role; and where the last one does, for messages."""

    support: SupportContent
    file: str
    section: str
    line: int | None


class Stated(dict[EvidenceContent, SupportContent]):
    """What a document in one role states by a row, in canonical spellings."""

    def __init__(self, role: Role, spellings: Spellings) -> None:
        super().__init__()
        self._role = role
        self._spellings = spellings

    def __missing__(self, evidence: EvidenceContent) -> SupportContent:
        stated = SupportContent.of({self._role: self._spellings.canonical(evidence)})
        self[evidence] = stated
        return stated


@dataclass(slots=True)
class Claims:
    """All statements of one chunk."""

    proteins: dict[str, ProteinClaim] = field(default_factory=dict)
    pairs: dict[tuple[str, str], PairClaim] = field(default_factory=dict)
    sites: SiteClaims = field(default_factory=SiteClaims)
    pages: list[PageRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Of a list of proteins, where it states each: file and line.
    listed: dict[str, tuple[str, int]] = field(default_factory=dict)
    #: Whether a whole-species table says it, which is complete.
    of_table: bool = False
    #: Secondary accessions, each with the accession that took its place.
    former: Mapping[str, str] = field(default_factory=dict)
    #: The one spelling of each database and method.
    spellings: Spellings = field(default_factory=Spellings)
    #: What rows in each role state, by their evidence: thousands of rows share one.
    _stated: dict[Role, Stated] = field(default_factory=dict)

    def current(self, accession: str) -> str:
        """Return the accession by which a protein is known now."""
        return self.former.get(accession, accession)

    def of_protein(self, accession: str, species: str) -> ProteinClaim | None:
        """Return the claim of a protein, or None where it is of another species here."""
        accession = self.current(accession)
        claim = self.proteins.get(accession)
        if claim is None:
            claim = self.proteins[accession] = ProteinClaim(accession, species)
        return claim if claim.species == species else None

    def stated(self, role: Role) -> Stated:
        """Return what documents in this role state, by the evidence of a row."""
        if role not in self._stated:
            self._stated[role] = Stated(role, self.spellings)
        return self._stated[role]

    def pair(self, claim: PairClaim, tf: str, target: str) -> None:
        """Take in a row: with others of its file it is united, before other files it leads."""
        if self.former:
            tf, target = self.current(tf), self.current(target)
        existing = self.pairs.get((tf, target))
        if existing is not None:
            before = existing.support
            is_of_file = existing.file == claim.file
            united = (before.united if is_of_file else before.stated)(claim.support)
            claim = replace(claim, support=united)
        self.pairs[tf, target] = claim


def claims_of_pages(
    pages: Iterable[PageRecord],
    former: Mapping[str, str] | None = None,
    spellings: Spellings | None = None,
) -> Claims:
    """Unite the statements of pages; contradictions are among `problems`.

    `former` maps secondary accessions to those that took their place.
    """
    claims = Claims(former=former or {}, spellings=spellings or Spellings())
    for page in pages:
        protein = claims.of_protein(page.accession, page.species)
        if protein is None:
            claims.problems.append(_other_species(page, claims, whole_page=True))
            continue
        claims.pages.append(page)
        claims.problems.extend(page.problems)
        if page.accession in claims.former:
            protein.describe_formerly(page)
        else:
            protein.describe(page)
        for row in page.interactions:
            _take_row(claims, page, row)
        for site in page.binding_sites:
            _take_site(claims, site, page.path)
    return claims


def claims_of_rows(
    rows: Sequence[TableRow],
    file: str,
    former: Mapping[str, str] | None = None,
    spellings: Spellings | None = None,
    role: Role = Role.TABLE,
) -> Claims:
    """Unite the statements of rows of a table that speaks in `role`.

    What it says under a former accession is a part, beside what is said under the present one.
    """
    claims = Claims(of_table=True, former=former or {}, spellings=spellings or Spellings())
    former_accessions, heard = claims.former, set[int]()
    stated, as_a_part = claims.stated(role), claims.stated(Role.TABLE_PART)
    for row in rows:
        refused = False
        for named in (row.tf, row.target):
            # A table's reader returns the same object for the same protein.
            if id(named) in heard:
                continue
            if _describe(claims, named, file, row.line):
                heard.add(id(named))
            else:
                refused = True
        if not refused:
            tf, target = row.tf.mention.accession, row.target.mention.accession
            support = stated[row.evidence]
            if former_accessions and (tf in former_accessions or target in former_accessions):
                support = as_a_part[row.evidence]
            claims.pair(PairClaim(support, file, "table", row.line), tf, target)
    return claims


def claims_of_list(
    proteins: Iterable[ListedProtein], file: str, former: Mapping[str, str] | None = None
) -> Claims:
    """Unite the statements of rows of a list of proteins; a row under a former accession says
    nothing of the protein that took its place."""
    claims = Claims(former=former or {})
    for listed in proteins:
        accession = listed.mention.accession
        if accession in claims.former:
            continue
        claim = claims.of_protein(accession, listed.species)
        assert claim is not None  # noqa: S101  (a list is of one species)
        claim.describe_in_list(listed)
        claims.listed.setdefault(accession, (file, listed.line))
    return claims


def _describe(claims: Claims, named: NamedProtein, file: str, line: int) -> bool:
    """Take in what a table says of a protein; it is a problem where its species is another."""
    accession = named.mention.accession
    claim = claims.of_protein(accession, named.species)
    if claim is None:
        existing = claims.proteins[claims.current(accession)].species
        problem = species_problem(
            accession, existing, named.species, file=file, section="table", line=line
        )
        claims.problems.append(problem)
        return False
    if accession in claims.former:
        claim.hear(named.mention, TABLE_GENERATION)
        claim.hear_orthologs(named.orthologs)
    else:
        claim.describe_in_table(named)
    return True


def claims_of_sites(
    rows: Iterable[SiteRow | BindingSiteRecord],
    file: str,
    former: Mapping[str, str] | None = None,
    spellings: Spellings | None = None,
) -> Claims:
    """Unite the statements of a file of binding sites: rows of a table, which describe the TF
    as well, or records of sequences, which name it."""
    claims = Claims(former=former or {}, spellings=spellings or Spellings())
    described: dict[int, bool] = {}
    for row in rows:
        if isinstance(row, BindingSiteRecord):
            _take_site(claims, row, file)
            continue
        key = id(row.tf)
        if key not in described:
            described[key] = _describe_tf(claims, row, file)
        if described[key]:
            _take_site(claims, row.record, file)
    return claims


def _describe_tf(claims: Claims, row: SiteRow, file: str) -> bool:
    if not _describe(claims, row.tf, file, row.line):
        return False
    claims.proteins[claims.current(row.tf.mention.accession)].is_tf = True
    return True


def _other_species(
    page: PageRecord, claims: Claims, *, whole_page: bool, row: InteractionRecord | None = None
) -> Problem:
    accession = row.partner.accession if row else page.accession
    return species_problem(
        accession,
        claims.proteins[claims.current(accession)].species,
        page.species,
        file=page.path,
        section=row.section if row else "organism",
        line=row.line if row else None,
        whole_page=whole_page,
    )


def species_problem(
    accession: str,
    existing: str,
    stated: str,
    *,
    file: str,
    section: str,
    line: int | None = None,
    whole_page: bool = False,
) -> Problem:
    return Problem(
        file,
        section,
        line,
        f"{accession} is a protein of {existing} elsewhere, of {stated} here",
        whole_page,
    )


def _take_row(claims: Claims, page: PageRecord, row: InteractionRecord) -> None:
    partner = claims.of_protein(row.partner.accession, page.species)
    if partner is None:
        claims.problems.append(_other_species(page, claims, whole_page=False, row=row))
        return
    # A protein that regulates itself is named in rows of its own page: its page leads.
    partner.hear(row.partner, page.generation)
    generation = NO_PAGE if page.accession in claims.former else page.generation
    role = Role.of_page(generation, of_tf=row.tf == page.accession)
    support = claims.stated(role)[row.evidence]
    claims.pair(PairClaim(support, page.path, row.section, row.line), row.tf, row.target)


def _take_site(claims: Claims, site: BindingSiteRecord, file: str) -> None:
    evidence = claims.spellings.canonical(site.evidence)
    # Nearly always the same object: comparing it costs as much as the rest.
    respelt = evidence is not site.evidence and evidence != site.evidence
    if respelt or site.tf in claims.former:
        site = replace(site, tf=claims.current(site.tf), evidence=evidence)
    problem = claims.sites.take(site, file)
    if problem is not None:
        claims.problems.append(problem)
