"""What a chunk says against what is stored: the plan of what is to be written.

Nothing is written here and nothing read; the plan holds accessions and contents, which the
loader turns into rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from curation.importing.claims import (
    Claims,
    PairClaim,
    ProteinClaim,
    merged_site,
    site_problem,
    species_problem,
)
from curation.importing.records import BindingSiteRecord, PageRecord, Problem
from curation.importing.snapshot import Stored, StoredPair, StoredProtein, StoredSite
from proteins.evidence_content import EvidenceContent


@dataclass(frozen=True, slots=True)
class ProteinChange:
    """Fields of a stored protein that get another value."""

    id: int
    values: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """What is to be written. Proteins are named by accession until they have an id."""

    new_proteins: list[ProteinClaim] = field(default_factory=list)
    protein_changes: list[ProteinChange] = field(default_factory=list)
    #: Whose lists (gene IDs, matrices, orthologs) grow, though no field of theirs changes.
    touched_proteins: set[int] = field(default_factory=set)
    known_proteins: dict[str, int] = field(default_factory=dict)
    new_gene_ids: list[tuple[str, int]] = field(default_factory=list)
    new_matrices: list[tuple[str, str]] = field(default_factory=list)
    new_orthologs: list[tuple[str, str, str, bool]] = field(default_factory=list)
    #: Ids of orthologs that TFLink turns out to list.
    listed_orthologs: list[int] = field(default_factory=list)
    new_pairs: list[tuple[str, str, EvidenceContent]] = field(default_factory=list)
    changed_pairs: list[tuple[StoredPair, EvidenceContent]] = field(default_factory=list)
    unchanged_pairs: list[int] = field(default_factory=list)
    new_sites: list[BindingSiteRecord] = field(default_factory=list)
    changed_sites: list[tuple[StoredSite, BindingSiteRecord]] = field(default_factory=list)
    unchanged_sites: list[int] = field(default_factory=list)
    pmids: set[int] = field(default_factory=set)
    pages: list[PageRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def evidence(self) -> Iterator[EvidenceContent]:
        """Every content that a row of the plan is to point at."""
        for _, _, content in self.new_pairs:
            yield content
        for _, content in self.changed_pairs:
            yield content
        for site in self.new_sites:
            yield site.evidence
        for _, site in self.changed_sites:
            yield site.evidence


def make_plan(claims: Claims, stored: Stored) -> Plan:
    """Compare what `claims` says with what is `stored`."""
    plan = Plan(pages=claims.pages, problems=list(claims.problems))
    for accession, claim in claims.proteins.items():
        known = stored.proteins.get(accession)
        if known is None:
            _plan_new_protein(plan, claim)
        elif known.species == claim.species:
            plan.known_proteins[accession] = known.id
            _plan_known_protein(plan, claim, known)
    for pair, said in claims.pairs.items():
        _plan_pair(plan, stored, pair, said, claims)
    _plan_sites(plan, claims, stored)
    return plan


def pages_of_other_species(claims: Claims, stored: Stored) -> list[Problem]:
    """Return a problem for each page whose protein is stored with another species.

    Such a page is refused whole, before anything that it says is planned.
    """
    return [
        species_problem(
            page.accession,
            known.species,
            page.species,
            file=page.path,
            section="organism",
            whole_page=True,
        )
        for page in claims.pages
        if (known := stored.proteins.get(page.accession)) is not None
        and known.species != page.species
    ]


def _plan_new_protein(plan: Plan, claim: ProteinClaim) -> None:
    plan.new_proteins.append(claim)
    accession = claim.accession
    plan.new_gene_ids.extend((accession, gene) for gene in claim.gene_ids)
    plan.new_matrices.extend((accession, matrix) for matrix in claim.jaspar_matrices)
    plan.new_orthologs.extend(
        (accession, species, identifier, listed)
        for (species, identifier), listed in claim.orthologs.items()
    )


def _plan_known_protein(plan: Plan, claim: ProteinClaim, known: StoredProtein) -> None:
    values = dict(_changed_fields(claim, known))
    if values:
        plan.protein_changes.append(ProteinChange(known.id, values))
    before = (len(plan.new_gene_ids), len(plan.new_matrices), len(plan.new_orthologs))
    accession = claim.accession
    plan.new_gene_ids.extend((accession, gene) for gene in claim.gene_ids - known.gene_ids)
    plan.new_matrices.extend(
        (accession, matrix) for matrix in claim.jaspar_matrices - known.jaspar_matrices
    )
    newly_listed = len(plan.listed_orthologs)
    for (species, identifier), listed in claim.orthologs.items():
        ortholog = known.orthologs.get((species, identifier))
        if ortholog is None:
            plan.new_orthologs.append((accession, species, identifier, listed))
        elif listed and not ortholog[1]:
            plan.listed_orthologs.append(ortholog[0])
    after = (len(plan.new_gene_ids), len(plan.new_matrices), len(plan.new_orthologs))
    if after != before or len(plan.listed_orthologs) != newly_listed:
        plan.touched_proteins.add(known.id)


def _changed_fields(claim: ProteinClaim, known: StoredProtein) -> Iterator[tuple[str, Any]]:
    """Yield the fields that change, by the precedence that `claims` states."""
    leads = claim.generation > 0 and claim.generation >= known.generation
    # Pages write a comma as `_`: ADE5_7 says nothing new of what is known as ADE5,7.
    if claim.name not in ("", known.name, known.name.replace(",", "_")) and (
        leads or not known.name
    ):
        yield "name", claim.name
    declared = claim.declared_interactions
    if declared not in (None, known.declared_interactions) and (
        leads or known.declared_interactions is None
    ):
        yield "declared_interactions", declared
    if claim.is_tf and not known.is_tf:
        yield "declared_tf", True
    if claim.is_target and not known.is_target:
        yield "declared_target", True
    if claim.generation and not known.has_page:
        yield "has_page", True


def _plan_pair(
    plan: Plan, stored: Stored, pair: tuple[str, str], said: PairClaim, claims: Claims
) -> None:
    for accession in pair:
        known = stored.proteins.get(accession)
        species = claims.proteins[accession].species
        if known is not None and known.species != species:
            plan.problems.append(
                species_problem(
                    accession,
                    known.species,
                    species,
                    file=said.file,
                    section=said.section,
                    line=said.line,
                )
            )
            return
    plan.pmids.update(said.evidence.pmids)
    before = stored.pairs.get(pair)
    if before is None:
        plan.new_pairs.append((*pair, said.evidence))
        return
    united = before.evidence.united(said.evidence)
    if united == before.evidence:
        plan.unchanged_pairs.append(before.id)
    else:
        plan.changed_pairs.append((before, united))


def _plan_sites(plan: Plan, claims: Claims, stored: Stored) -> None:
    for tflink_id, said in claims.sites.items():
        plan.pmids.update(said.record.evidence.pmids)
        before = stored.sites.get(tflink_id)
        if before is None:
            plan.new_sites.append(said.record)
        elif before.record.tf != said.record.tf:
            plan.problems.append(site_problem(said.record, before.record.tf, said.file))
        elif (after := merged_site(before.record, said.record)) == before.record:
            plan.unchanged_sites.append(before.id)
        else:
            plan.changed_sites.append((before, after))
