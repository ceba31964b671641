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
    merged_site,
    site_problem,
    species_problem,
)
from curation.importing.planning.planned import Change, Plan
from curation.importing.planning.snapshot import Stored, StoredPair, StoredProtein, StoredSite
from curation.importing.source.records import BindingSiteRecord, Problem
from curation.shared.three_way import evidence_as_json, evidence_from_json
from proteins.domain.binding_sites import SITE_FIELDS
from proteins.domain.evidence import EvidenceContent


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
        if (known := stored.proteins.get(claims.current(page.accession))) is not None
        and known.species != page.species
    ]


def make_plan(claims: Claims, stored: Stored) -> Plan:
    """Compare what `claims` says with what is `stored`."""
    plan = Plan(pages=claims.pages, problems=list(claims.problems))
    foreign = set()
    for accession, claim in claims.proteins.items():
        known = stored.proteins.get(accession)
        if known is None:
            _plan_new_protein(plan, claim)
        elif known.species == claim.species:
            plan.known_proteins[accession] = known.id
            _plan_known_protein(plan, claim, known)
        else:
            foreign.add(accession)
    for pair, said in claims.pairs.items():
        if foreign and not foreign.isdisjoint(pair):
            _refuse_pair(plan, claims, stored, foreign.intersection(pair).pop(), said)
        else:
            _plan_pair(plan, stored, pair, said, claims)
    _plan_sites(plan, claims, stored)
    # Thousands of rows share one evidence.
    for content in {said.evidence for said in claims.pairs.values()}:
        plan.pmids.update(content.pmids)
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


def _plan_known_protein(plan: Plan, claim: ProteinClaim, known: StoredProtein) -> None:
    for name, before, after in _changed_fields(claim, known):
        change = Change("protein", known.id, claim.accession, name, before, after)
        if name in known.pins:
            plan.settle(change, known.pins[name])
        else:
            plan.protein_changes.append(change)
    _plan_set(plan, claim, known, "gene_ids")
    _plan_set(plan, claim, known, "jaspar_matrices")
    _plan_orthologs(plan, claim, known)


def _changed_fields(claim: ProteinClaim, known: StoredProtein) -> Iterator[tuple[str, Any, Any]]:
    """Yield the fields that change, by the precedence that `claims` states: field, stored
    value, new value. A pinned field is compared with what its source gave before."""
    own_page = claim.generation > 0 and claim.generation >= known.generation
    name = known.pins.get("name", known.name)
    # Pages write a comma as `_`: ADE5_7 says nothing new of what is known as ADE5,7.
    if claim.name not in ("", name, name.replace(",", "_")) and (
        claim.in_table
        or (own_page and not known.in_table)
        or (not name and claim.name_generation >= _unnamed_by(known))
    ):
        yield "name", known.name, claim.name
    elif name and not claim.name and _is_unnamed_since(claim, known):
        yield "name", known.name, ""
    declared = known.pins.get("declared_interactions", known.declared_interactions)
    if claim.declared_interactions not in (None, declared) and (own_page or declared is None):
        yield "declared_interactions", known.declared_interactions, claim.declared_interactions
    if claim.is_tf and not known.pins.get("declared_tf", known.is_tf):
        yield "declared_tf", known.is_tf, True
    if claim.is_target and not known.pins.get("declared_target", known.is_target):
        yield "declared_target", known.is_target, True
    if claim.has_page and not known.has_page:
        yield "has_page", False, True
    if claim.in_table and not known.in_table:
        yield "in_table", False, True


def _unnamed_by(known: StoredProtein) -> int:
    """Return the generation of the newest document that gave a protein without name none."""
    return max(known.generation, TABLE_GENERATION if known.in_table else NO_PAGE)


def _is_unnamed_since(claim: ProteinClaim, known: StoredProtein) -> bool:
    """Whether a newer document than the protein's own page says that it has no name."""
    return not known.in_table and NO_PAGE < known.generation < claim.unnamed_by


def _plan_set(plan: Plan, claim: ProteinClaim, known: StoredProtein, name: str) -> None:
    said, stored = getattr(claim, name), getattr(known, name)
    source_then = set(known.pins.get(name, stored))
    new = said - source_then
    if not new:
        return
    if name in known.pins:
        after = sorted(source_then | said)
        change = Change("protein", known.id, claim.accession, name, sorted(stored), after)
        plan.settle(change, sorted(source_then))
        return
    target: list[tuple[str, Any]] = plan.new_gene_ids if name == "gene_ids" else plan.new_matrices
    target.extend((claim.accession, item) for item in new)
    before, after = sorted(stored), sorted(stored | said)
    plan.grown_lists.append(Change("protein", known.id, claim.accession, name, before, after))


def _plan_orthologs(plan: Plan, claim: ProteinClaim, known: StoredProtein) -> None:
    if "orthologs" in known.pins:
        _settle_orthologs(plan, claim, known)
        return
    stored = {key: listed for key, (_, listed) in known.orthologs.items()}
    now = dict(stored)
    for (species, identifier), listed in claim.orthologs.items():
        ortholog = known.orthologs.get((species, identifier))
        if ortholog is None:
            plan.new_orthologs.append((claim.accession, species, identifier, listed))
        elif listed and not ortholog[1]:
            plan.listed_orthologs.append((ortholog[0], claim.accession))
        else:
            continue
        now[species, identifier] = listed
    if now != stored:
        before, after = (_ortholog_list(one) for one in (stored, now))
        change = Change("protein", known.id, claim.accession, "orthologs", before, after)
        plan.grown_lists.append(change)


def _ortholog_list(orthologs: Mapping[tuple[str, str], bool]) -> list[list[Any]]:
    return sorted([*key, listed] for key, listed in orthologs.items())


def _settle_orthologs(plan: Plan, claim: ProteinClaim, known: StoredProtein) -> None:
    """Compare pinned orthologs, kept as sorted lists of species, identifier, listed."""
    then = {(species, item): listed for species, item, listed in known.pins["orthologs"]}
    now = dict(then)
    for key, listed in claim.orthologs.items():
        now[key] = now.get(key, False) or listed
    stored = {key: listed for key, (_, listed) in known.orthologs.items()}
    before, after = (_ortholog_list(one) for one in (stored, now))
    change = Change("protein", known.id, claim.accession, "orthologs", before, after)
    plan.settle(change, _ortholog_list(then))


def _refuse_pair(plan: Plan, claims: Claims, stored: Stored, foreign: str, said: PairClaim) -> None:
    known, here = stored.proteins[foreign].species, claims.proteins[foreign].species
    plan.problems.append(
        species_problem(foreign, known, here, file=said.file, section=said.section, line=said.line)
    )


def _plan_pair(
    plan: Plan, stored: Stored, pair: tuple[str, str], said: PairClaim, claims: Claims
) -> None:
    before = stored.pairs.get(pair)
    if before is None:
        complete = stored.complete_species
        reported = claims.of_table or claims.proteins[pair[0]].species not in complete
        plan.new_pairs.append((*pair, said.evidence, reported))
        return
    changed = False
    if not before.reported and claims.of_table:
        plan.reported_pairs.append((before, f"{pair[0]}-{pair[1]}"))
        changed = True
    united = before.evidence.united(said.evidence)
    if "evidence" in before.pins:
        _settle_evidence(plan, before, pair, said.evidence)
    elif united != before.evidence:
        plan.changed_pairs.append((before, f"{pair[0]}-{pair[1]}", united))
        changed = True
    if not changed:
        plan.unchanged_pairs.append(before.id)


def _settle_evidence(
    plan: Plan, before: StoredPair, pair: tuple[str, str], said: EvidenceContent
) -> None:
    source_then = evidence_from_json(before.pins["evidence"])
    change = Change(
        "interaction",
        before.id,
        f"{pair[0]}-{pair[1]}",
        "evidence",
        evidence_as_json(before.evidence),
        evidence_as_json(source_then.united(said)),
    )
    plan.settle(change, evidence_as_json(source_then))


def _plan_sites(plan: Plan, claims: Claims, stored: Stored) -> None:
    for tflink_id, said in claims.sites.items():
        plan.pmids.update(said.record.evidence.pmids)
        before = stored.sites.get(tflink_id)
        if before is None:
            plan.new_sites.append(said.record)
        elif before.record.tf != said.record.tf:
            plan.problems.append(site_problem(said.record, before.record.tf, said.file))
        else:
            after = _unpinned_site(plan, before, said.record)
            if after == before.record:
                plan.unchanged_sites.append(before.id)
            else:
                plan.changed_sites.append((before, after))


def _unpinned_site(plan: Plan, stored: StoredSite, said: BindingSiteRecord) -> BindingSiteRecord:
    """Return what a site becomes; what is said of its pinned fields is settled instead."""
    record, pins = stored.record, stored.pins
    after = merged_site(record, said)
    if not pins:
        return after
    then = _with_fields(record, pins)
    now = merged_site(then, said)
    for name in pins:
        values = [_site_value(site, name) for site in (record, now, then)]
        change = Change("binding site", stored.id, record.tflink_id, name, *values[:2])
        plan.settle(change, values[2])
    return _with_fields(after, {name: _site_value(record, name) for name in pins})


def _site_value(site: BindingSiteRecord, name: str) -> Any:
    value = getattr(site, name)
    return evidence_as_json(value) if name == "evidence" else value


def _with_fields(site: BindingSiteRecord, values: Mapping[str, Any]) -> BindingSiteRecord:
    fields = {name: getattr(site, name) for name in ("tflink_id", "tf", "evidence", *SITE_FIELDS)}
    for name, value in values.items():
        fields[name] = evidence_from_json(value) if name == "evidence" else value
    return BindingSiteRecord(**fields)
