"""What a chunk says against what is stored and what curators pinned: the plan of what is to
be written.

Nothing is written here and nothing read; the plan holds accessions and contents, which the
loader turns into rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from curation.importing.planning.claims import (
    NO_PAGE,
    TABLE_GENERATION,
    Claims,
    PairClaim,
    ProteinClaim,
    species_problem,
)
from curation.importing.planning.plan_sites import plan_sites
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.snapshot import (
    Stored,
    StoredPair,
    StoredProtein,
    foreign_problem,
)
from curation.importing.source.records import Problem
from curation.shared.three_way import Verdict, evidence_as_json
from proteins.domain.support import Role, SupportContent


def pages_of_other_species(claims: Claims, stored: Stored) -> list[Problem]:
    """Return a problem for each page whose protein is stored with another species.

    Such a page is refused whole, before anything that it says is planned.
    """
    return [
        species_problem(
            page.accession,
            existing.species,
            page.species,
            file=page.path,
            section="organism",
            whole_page=True,
        )
        for page in claims.pages
        if (existing := stored.proteins.get(claims.current(page.accession))) is not None
        and existing.species != page.species
    ]


def make_plan(claims: Claims, stored: Stored) -> Plan:
    """Compare what `claims` says with what is `stored`."""
    plan = Plan(pages=claims.pages, problems=list(claims.problems))
    foreign = set()
    for accession, claim in claims.proteins.items():
        existing = stored.proteins.get(accession)
        if existing is None:
            _plan_new_protein(plan, claim)
        elif existing.species == claim.species:
            plan.existing_proteins[accession] = existing.id
            _plan_existing_protein(plan, claim, existing)
        else:
            foreign.add(accession)
            if accession in claims.listed:
                file, line = claims.listed[accession]
                plan.problems.append(
                    species_problem(
                        accession, existing.species, claim.species,
                        file=file, section="table", line=line,
                    )
                )  # fmt: skip
    becoming = _Becoming()
    for pair, stated in claims.pairs.items():
        if foreign and not foreign.isdisjoint(pair):
            problem = foreign_problem(
                claims,
                stored,
                foreign.intersection(pair).pop(),
                stated.file,
                stated.section,
                stated.line,
            )
            plan.problems.append(problem)
        else:
            _plan_pair(plan, stored, pair, stated, claims, becoming)
    plan_sites(plan, claims, stored, foreign)
    # Thousands of rows share one support.
    for support in {stated.support for stated in claims.pairs.values()}:
        plan.pmids.update(pmid for _, content in support.parts for pmid in content.pmids)
    return plan


def _plan_new_protein(plan: Plan, claim: ProteinClaim) -> None:
    plan.new_proteins.append(claim)
    accession = claim.accession
    plan.new_gene_ids.extend((accession, gene) for gene in claim.gene_ids)
    plan.new_matrices.extend((accession, matrix) for matrix in claim.jaspar_matrices)
    plan.new_orthologs.extend(
        (accession, species, identifier, listed)
        for (species, identifier), listed in claim.orthologs.items()
    )


def _plan_existing_protein(plan: Plan, claim: ProteinClaim, existing: StoredProtein) -> None:
    for name, before, after in _changed_fields(claim, existing):
        change = Change("protein", existing.id, claim.accession, name, before, after)
        if name in existing.pins:
            plan.settle(change, existing.pins[name])
        else:
            plan.protein_changes.append(change)
    if not (claim.is_listed and existing.gene_ids):
        _plan_set(plan, claim, existing, "gene_ids")
    _plan_set(plan, claim, existing, "jaspar_matrices")
    _plan_orthologs(plan, claim, existing)


def _changed_fields(claim: ProteinClaim, existing: StoredProtein) -> Iterator[tuple[str, Any, Any]]:
    """Yield the fields that change, by the precedence that `claims` states: field, stored
    value, new value. A pinned field is compared with what its source gave before."""
    own_page = claim.generation > 0 and claim.generation >= existing.generation
    name = existing.pins.get("name", existing.name)
    # Pages write a comma as `_`: ADE5_7 says nothing new of what is known as ADE5,7.
    if claim.name not in ("", name, name.replace(",", "_")) and (
        claim.in_table
        or (own_page and not existing.in_table)
        or (not name and claim.name_generation >= _unnamed_by(existing))
    ):
        yield "name", existing.name, claim.name
    elif name and not claim.name and _is_unnamed_since(claim, existing):
        yield "name", existing.name, ""
    declared = existing.pins.get("declared_interactions", existing.declared_interactions)
    leads = own_page or (claim.is_listed and not existing.generation)
    if claim.declared_interactions not in (None, declared) and (leads or declared is None):
        yield "declared_interactions", existing.declared_interactions, claim.declared_interactions
    if claim.is_tf and not existing.pins.get("declared_tf", existing.is_tf):
        yield "declared_tf", existing.is_tf, True
    if claim.is_target and not existing.pins.get("declared_target", existing.is_target):
        yield "declared_target", existing.is_target, True
    if claim.has_page and not existing.has_page:
        yield "has_page", False, True
    if claim.in_table and not existing.in_table:
        yield "in_table", False, True


def _unnamed_by(existing: StoredProtein) -> int:
    """Return the generation of the newest document that gave a protein without name none."""
    return max(existing.generation, TABLE_GENERATION if existing.in_table else NO_PAGE)


def _is_unnamed_since(claim: ProteinClaim, existing: StoredProtein) -> bool:
    """Whether a newer document than the protein's own page says that it has no name."""
    return not existing.in_table and NO_PAGE < existing.generation < claim.unnamed_by


def _plan_set(plan: Plan, claim: ProteinClaim, existing: StoredProtein, name: str) -> None:
    stated, stored = getattr(claim, name), getattr(existing, name)
    source_then = set(existing.pins.get(name, stored))
    new = stated - source_then
    if not new:
        return
    if name in existing.pins:
        after = sorted(source_then | stated)
        change = Change("protein", existing.id, claim.accession, name, sorted(stored), after)
        plan.settle(change, sorted(source_then))
        return
    target: list[tuple[str, Any]] = plan.new_gene_ids if name == "gene_ids" else plan.new_matrices
    target.extend((claim.accession, item) for item in new)
    before, after = sorted(stored), sorted(stored | stated)
    plan.grown_lists.append(Change("protein", existing.id, claim.accession, name, before, after))


def _plan_orthologs(plan: Plan, claim: ProteinClaim, existing: StoredProtein) -> None:
    if "orthologs" in existing.pins:
        _settle_orthologs(plan, claim, existing)
        return
    stored = {key: listed for key, (_, listed) in existing.orthologs.items()}
    now = dict(stored)
    for (species, identifier), listed in claim.orthologs.items():
        ortholog = existing.orthologs.get((species, identifier))
        if ortholog is None:
            plan.new_orthologs.append((claim.accession, species, identifier, listed))
        elif listed and not ortholog[1]:
            plan.listed_orthologs.append((ortholog[0], claim.accession))
        else:
            continue
        now[species, identifier] = listed
    if now != stored:
        before, after = (_ortholog_list(one) for one in (stored, now))
        change = Change("protein", existing.id, claim.accession, "orthologs", before, after)
        plan.grown_lists.append(change)


def _ortholog_list(orthologs: Mapping[tuple[str, str], bool]) -> list[list[Any]]:
    return sorted([*key, listed] for key, listed in orthologs.items())


def _settle_orthologs(plan: Plan, claim: ProteinClaim, existing: StoredProtein) -> None:
    """Compare pinned orthologs, stored as sorted lists of species, identifier, listed."""
    then = {(species, item): listed for species, item, listed in existing.pins["orthologs"]}
    now = dict(then)
    for key, listed in claim.orthologs.items():
        now[key] = now.get(key, False) or listed
    stored = {key: listed for key, (_, listed) in existing.orthologs.items()}
    before, after = (_ortholog_list(one) for one in (stored, now))
    change = Change("protein", existing.id, claim.accession, "orthologs", before, after)
    plan.settle(change, _ortholog_list(then))


class _Becoming:
    """What a support becomes by what documents state, computed once; where it becomes nothing
    else, the same object."""

    def __init__(self) -> None:
        # By the identity of both, which the chunk holds: quicker than by their content.
        self._computed: dict[tuple[int, int, bool], SupportContent] = {}

    def of(self, pair: StoredPair, stated: SupportContent) -> SupportContent:
        before = pair.support
        # Of what a curator added, the curator may have been the one who said so.
        is_of_documents = not pair.is_curated
        key = id(before), id(stated), is_of_documents
        after = self._computed.get(key)
        if after is None:
            after = before.stated(stated)
            if is_of_documents:
                after = after.without_earlier()
            self._computed[key] = after = before if after == before else after
        return after


def _plan_pair(
    plan: Plan,
    stored: Stored,
    pair: tuple[str, str],
    stated: PairClaim,
    claims: Claims,
    becoming: _Becoming,
) -> None:
    before = stored.pairs.get(pair)
    if before is None:
        complete = stored.complete_species
        reported = claims.of_table or claims.proteins[pair[0]].species not in complete
        plan.new_pairs.append((*pair, stated.support, reported))
        return
    changed = False
    if not before.reported and claims.of_table:
        plan.reported_pairs.append((before, f"{pair[0]}-{pair[1]}"))
        changed = True
    after = becoming.of(before, stated.support)
    if "evidence" in before.pins:
        after = _settled_support(plan, before, pair, after)
    if after is not before.support:
        plan.changed_pairs.append((before, f"{pair[0]}-{pair[1]}", after))
        changed = True
    if not changed:
        plan.unchanged_pairs.append(before.id)


def _settled_support(
    plan: Plan, before: StoredPair, pair: tuple[str, str], after: SupportContent
) -> SupportContent:
    """Return what the support becomes, without the curator's word where the documents say the
    same now."""
    change = Change(
        "interaction",
        before.id,
        f"{pair[0]}-{pair[1]}",
        "evidence",
        evidence_as_json(before.support.base),
        evidence_as_json(after.documents),
    )
    verdict = plan.settle(change, before.pins["evidence"])
    return after.with_roles({Role.PINNED: None}) if verdict is Verdict.RELEASE else after
