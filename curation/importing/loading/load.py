"""The plan of a chunk becomes rows: the one writer of imports.

Rows are written in whole lists, within the transaction that the caller holds, so that a
chunk is in whole or not at all. Counters and facets are right when it returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from curation.importing.loading.journal import Journal, insert_items
from curation.importing.loading.load_facets import FacetWriter
from curation.importing.loading.load_sites import SiteWriter
from curation.importing.loading.proposals import open_conflicts, release_pins
from curation.importing.loading.report import RunReport
from curation.importing.loading.store import Store
from curation.importing.planning.planned import Change, Plan
from curation.models import ImportRun
from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from curation.shared.protein_names import write_primary_names
from curation.shared.support import SupportRows
from curation.shared.three_way import evidence_as_json
from proteins.domain.support import SupportContent
from proteins.models import (
    TIER_COUNTERS,
    Effect,
    GeneID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    Reporting,
    ReviewStatus,
)

#: Fields that say where a record was met; of no interest to people, and no change to them.
BOOKKEEPING = frozenset({"has_page", "in_table"})
#: Accession -> how many targets, and how many TFs, a protein gains.
Counts = Mapping[str, tuple[int, int]]


class Loader:
    """Writes plans; `store` learns of the vocabulary, support and evidence that it adds."""

    def __init__(
        self, bulk: Bulk, store: Store, report: RunReport, journal: Journal, run: ImportRun
    ) -> None:
        self.bulk = bulk
        self.store = store
        self.report = report
        self.tallies = report.tallies
        self.journal = journal
        self.run = run
        #: Support that interactions of the chunk stop having.
        self._replaced: set[int] = set()
        self.facets = FacetWriter(bulk, store)
        self.sites = SiteWriter(bulk, store, report, journal)

    def write(self, plan: Plan) -> dict[str, int]:
        """Write `plan` and return the ids of its proteins by accession."""
        self._replaced = set()
        self._write_evidence(plan)
        self.facets.read(plan)
        counts = _counts(plan)
        proteins = {**plan.existing_proteins, **self._write_new_proteins(plan, counts)}
        self._count_existing(plan, counts)
        self._write_protein_changes(plan)
        self._write_lists(plan, proteins)
        self._write_pairs(plan, proteins)
        self.sites.write(plan, proteins)
        self.facets.write_existing(plan)
        self._drop_unused()
        release_pins(plan.released, self.journal)
        self.report.proposed += open_conflicts(plan.conflicts, self.run, self.journal)
        return proteins

    # Support and evidence

    def _write_evidence(self, plan: Plan) -> None:
        evidence = self.store.evidence
        new = evidence.write_citations(plan.pmids)
        self.tallies["citations"].created(new)
        self.tallies["citations"].met(evidence.citations[pmid] for pmid in plan.pmids)
        self.store.support.write(plan.supports())
        evidence.write(plan.evidence_of_sites())

    def _drop_unused(self) -> None:
        """Delete the rows that this chunk replaced and nothing points at any more."""
        self.store.support.drop_unused(self._replaced)
        self.store.evidence.drop_unused(self.sites.replaced)

    # Proteins

    def _count_existing(self, plan: Plan, counts: Counts) -> None:
        rows = [
            (*counts[accession], key)
            for accession, key in plan.existing_proteins.items()
            if accession in counts
        ]
        self.bulk.add(Protein, ("target_count", "tf_count"), rows)

    def _write_new_proteins(self, plan: Plan, counts: Counts) -> dict[str, int]:
        ids = self.bulk.reserve_ids(Protein, len(plan.new_proteins))
        change = this_change()
        rows = [
            (
                key,
                claim.accession,
                claim.name,
                self.store.taxa[claim.species],
                claim.is_tf,
                claim.is_target,
                claim.declared_interactions,
                claim.has_page,
                claim.in_table,
                *counts.get(claim.accession, (0, 0)),
                *self.facets.of_new(claim.accession),
                change,
            )
            for key, claim in zip(ids, plan.new_proteins, strict=True)
        ]
        columns = (
            "id", "accession", "name", "taxon_id", "declared_tf", "declared_target",
            "declared_interactions", "has_page", "in_table", "target_count", "tf_count",
            "facets", "facet_bits", *TIER_COUNTERS.values(), "change_id",
        )  # fmt: skip
        self.bulk.insert(Protein, columns, rows)
        named = (claim.name for claim in plan.new_proteins)
        write_primary_names(self.bulk, dict(zip(ids, named, strict=True)), new=True)
        self.journal.records_created(
            Protein, ids, "protein", (claim.accession for claim in plan.new_proteins)
        )
        self.tallies["proteins"].created(ids)
        self.tallies["proteins"].met(plan.existing_proteins.values())
        return {claim.accession: key for key, claim in zip(ids, plan.new_proteins, strict=True)}

    def _write_protein_changes(self, plan: Plan) -> None:
        by_field: dict[str, list[tuple[Any, int]]] = {}
        touched = {change.id for change in plan.grown_lists}
        for change in plan.protein_changes:
            by_field.setdefault(change.field, []).append((change.after, change.id))
            if change.field in BOOKKEEPING:
                self.journal.noted(change)
            else:
                self.journal.changed(change)
                touched.add(change.id)
        for change in plan.grown_lists:
            self.journal.revised(change)
        for name, rows in by_field.items():
            self.bulk.update(Protein, (name,), rows)
            if name == "name":
                write_primary_names(self.bulk, {key: value for value, key in rows})
        self._touch(Protein, touched)
        self.tallies["proteins"].changed(touched)

    def _touch(self, model: type[Protein | Interaction], ids: Iterable[int]) -> None:
        change = this_change()
        self.bulk.update(model, ("change_id",), [(change, key) for key in ids])

    def _write_lists(self, plan: Plan, proteins: dict[str, int]) -> None:
        genes = [(proteins[accession], gene) for accession, gene in plan.new_gene_ids]
        insert_items(self.bulk, self.journal, GeneID, ("protein_id", "ncbi_gene_id"), genes)
        matrices = [(proteins[accession], matrix) for accession, matrix in plan.new_matrices]
        insert_items(self.bulk, self.journal, JasparMatrix, ("protein_id", "matrix_id"), matrices)
        orthologs = [
            (proteins[accession], self.store.taxa[species], identifier, listed)
            for accession, species, identifier, listed in plan.new_orthologs
        ]
        columns = ("protein_id", "taxon_id", "identifier", "in_tflink")
        insert_items(self.bulk, self.journal, Ortholog, columns, orthologs)
        listed_ids = [key for key, _ in plan.listed_orthologs]
        self.bulk.update(Ortholog, ("in_tflink",), [(True, key) for key in listed_ids])
        for key, accession in plan.listed_orthologs:
            self.journal.changed(
                Change("ortholog", key, accession, "in_tflink", before=False, after=True)
            )

    # Interactions

    def _write_pairs(self, plan: Plan, proteins: dict[str, int]) -> None:
        ids = self.bulk.reserve_ids(Interaction, len(plan.new_pairs))
        points, change = _Points(self.store.support), this_change()
        unknown, unreviewed = Effect.UNKNOWN.value, ReviewStatus.UNREVIEWED.value
        reporting = (Reporting.WITHDRAWN.value, Reporting.REPORTED.value)
        rows = [
            (
                key,
                proteins[tf],
                proteins[target],
                *points[content],
                unknown,
                unreviewed,
                reporting[reported],
                change,
            )
            for key, (tf, target, content, reported) in zip(ids, plan.new_pairs, strict=True)
        ]
        columns = (
            "id", "tf_id", "target_id", "support_id", "evidence_id", "effect", "status",
            "reporting", "change_id",
        )  # fmt: skip
        self.bulk.insert(Interaction, columns, rows)
        keys = (f"{tf}-{target}" for tf, target, _, _ in plan.new_pairs)
        self.journal.records_created(Interaction, ids, "interaction", keys)
        self._change_pairs(plan, change)
        self.tallies["interactions"].created(ids)
        self.tallies["interactions"].met(plan.unchanged_pairs)

    def _change_pairs(self, plan: Plan, change: int) -> None:
        support, reported = self.store.support, Reporting.REPORTED.value
        support.give({before.id: after for before, _, after in plan.changed_pairs})
        self.bulk.update(
            Interaction,
            ("reporting", "change_id"),
            [(reported, change, before.id) for before, _ in plan.reported_pairs],
        )
        for before, key, after in plan.changed_pairs:
            self.journal.supported(before.id, before.support, after)
            bases = (before.support.base, after.base)
            if bases[0] != bases[1]:
                values = map(evidence_as_json, bases)
                self.journal.revised(Change("interaction", before.id, key, "evidence", *values))
            self._replaced.add(support.ids[before.support])
        for before, key in plan.reported_pairs:
            old = before.reporting
            self.journal.changed(Change("interaction", before.id, key, "reporting", old, reported))
        tally = self.tallies["interactions"]
        tally.changed(before.id for before, *_ in plan.changed_pairs)
        tally.changed(before.id for before, _ in plan.reported_pairs)


class _Points(dict[SupportContent, tuple[int, int]]):
    """The primary keys of support and evidence of each content."""

    def __init__(self, rows: SupportRows) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, content: SupportContent) -> tuple[int, int]:
        self[content] = (self._rows.ids[content], self._rows.evidence_id(content))
        return self[content]


def _counts(plan: Plan) -> Counts:
    """Return what new interactions, none of them rejected, add to the counters."""
    as_tf = Counter(tf for tf, *_ in plan.new_pairs)
    as_target = Counter(target for _, target, *_ in plan.new_pairs)
    return {key: (as_tf[key], as_target[key]) for key in {*as_tf, *as_target}}
