"""The plan of a chunk becomes rows: the one writer of imports.

Rows are written in whole lists, within the transaction that the caller holds, so that a
chunk is in whole or not at all. Kept counts are right when it returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from curation.importing.bulk import Bulk
from curation.importing.journal import Journal
from curation.importing.plan import SITE_FIELDS, Change, Plan
from curation.importing.proposals import open_conflicts, release_pins
from curation.importing.records import BindingSiteRecord
from curation.importing.report import RunReport
from curation.importing.store import Store
from curation.importing.three_way import evidence_as_json
from curation.models import ImportRun
from curation.vocabulary import split_source_key
from proteins.evidence_content import EvidenceContent
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Effect,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    GeneID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    Reporting,
    ReviewStatus,
    SourceDatabase,
)

#: Fields that say where a record was met; of no interest to people, and no change to them.
BOOKKEEPING = frozenset({"has_page", "in_table"})
#: Accession -> how many targets, and how many TFs, a protein gains.
Counts = Mapping[str, tuple[int, int]]
SITE_COLUMNS = ("tf_id", "evidence_id", *SITE_FIELDS)


class Loader:
    """Writes plans; `store` learns of the vocabulary and Evidence rows that it adds."""

    def __init__(
        self, bulk: Bulk, store: Store, report: RunReport, journal: Journal, run: ImportRun
    ) -> None:
        self.bulk = bulk
        self.store = store
        self.report = report
        self.tallies = report.tallies
        self.journal = journal
        self.run = run
        self._now: datetime = timezone.now()
        self._replaced_evidence: set[int] = set()

    def write(self, plan: Plan) -> dict[str, int]:
        """Write `plan` and return the ids of its proteins by accession."""
        self._now = timezone.now()
        self._replaced_evidence = set()
        self._write_citations(plan)
        self._write_evidence(plan)
        counts = _counts(plan)
        proteins = {**plan.known_proteins, **self._write_new_proteins(plan, counts)}
        self._count_known(plan, counts)
        self._write_protein_changes(plan)
        self._write_lists(plan, proteins)
        self._write_pairs(plan, proteins)
        self._write_sites(plan, proteins)
        self._drop_unused_evidence()
        release_pins(plan.released, self.journal)
        self.report.proposed += open_conflicts(plan.conflicts, self.run, self.journal)
        return proteins

    def _created(
        self, model: type[Model], ids: Sequence[int], kind: str = "", keys: Iterable[str] = ()
    ) -> None:
        """Note what is new: the ids for taking back, the keys for whoever listens."""
        self.journal.created(model, ids)
        self.journal.events.created(kind, keys)

    # Vocabulary and evidence

    def _write_citations(self, plan: Plan) -> None:
        known = self.store.citations
        self.store.find_citations(plan.pmids)
        new = sorted(pmid for pmid in plan.pmids if pmid not in known)
        ids = self.bulk.reserve_ids(Citation, len(new))
        self.bulk.insert(
            Citation,
            ("id", "pmid", "title", "authors", "journal", "doi"),
            [(key, pmid, "", "", "", "") for key, pmid in zip(ids, new, strict=True)],
        )
        self._created(Citation, ids, "citation", (str(pmid) for pmid in new))
        known.update(zip(new, ids, strict=True))
        self.tallies["citations"].created(ids)
        self.tallies["citations"].met(known[pmid] for pmid in plan.pmids)

    def _source(self, key: str) -> int:
        """Return the id of a source database, added (with the one it came by) if new."""
        known = self.store.sources
        if key not in known:
            name, via = split_source_key(key)
            known[key] = SourceDatabase.objects.create(
                key=key, name=name, via_id=self._source(via) if via else None
            ).pk
            self._created(SourceDatabase, [known[key]], "source database", [key])
        return known[key]

    def _method(self, name: str) -> int:
        known = self.store.methods
        if name not in known:
            known[name] = DetectionMethod.objects.create(name=name).pk
            self._created(DetectionMethod, [known[name]], "detection method", [name])
        return known[name]

    def _write_evidence(self, plan: Plan) -> None:
        ids = self.store.evidence_ids
        wanted = {content for content in plan.evidence() if content not in ids}
        self.store.find_evidence(wanted)
        new = sorted((content for content in wanted if content not in ids), key=_digest)
        # A united content also cites what was stored before, which no page here may say.
        self.store.find_citations(pmid for content in new for pmid in content.pmids)
        keys = self.bulk.reserve_ids(Evidence, len(new))
        rows, sources, methods, citations = [], [], [], []
        for key, content in zip(keys, new, strict=True):
            rows.append(
                (
                    key,
                    content.digest,
                    int(content.small_scale),
                    len(content.sources),
                    len(content.methods),
                    len(content.pmids),
                )
            )
            sources += [(key, self._source(source)) for source in content.sources]
            methods += [(key, self._method(method)) for method in content.methods]
            citations += [(key, self.store.citations[pmid]) for pmid in content.pmids]
            self.store.remember_evidence(key, content)
        counts = ("source_count", "method_count", "citation_count")
        insert = self.bulk.insert
        insert(Evidence, ("id", "digest", "small_scale", *counts), rows)
        self.journal.created(Evidence, keys)
        insert(EvidenceSource, ("evidence_id", "source_id"), sources)
        insert(EvidenceMethod, ("evidence_id", "method_id"), methods)
        insert(EvidenceCitation, ("evidence_id", "citation_id"), citations)

    def _drop_unused_evidence(self) -> None:
        """Delete the rows that this chunk replaced and nothing points at any more."""
        replaced = self._replaced_evidence
        for user in (Interaction, BindingSite):
            used = self.bulk.used_among(user, "evidence_id", replaced)
            replaced = replaced - used
        for link in (EvidenceSource, EvidenceMethod, EvidenceCitation):
            self.bulk.delete(link, "evidence_id", replaced)
        self.bulk.delete(Evidence, "id", replaced)
        for key in replaced:
            self.store.forget_evidence(key)

    # Proteins

    def _count_known(self, plan: Plan, counts: Counts) -> None:
        rows = [
            (*counts[accession], key)
            for accession, key in plan.known_proteins.items()
            if accession in counts
        ]
        self.bulk.add(Protein, ("target_count", "tf_count"), rows)

    def _write_new_proteins(self, plan: Plan, counts: Counts) -> dict[str, int]:
        ids = self.bulk.reserve_ids(Protein, len(plan.new_proteins))
        moment = self.bulk.moment(self._now)
        rows = [
            (
                key,
                claim.accession,
                claim.name,
                self.store.taxa[claim.species],
                claim.is_tf,
                claim.is_target,
                claim.declared_interactions,
                claim.generation > 0,
                claim.in_table,
                *counts.get(claim.accession, (0, 0)),
                moment,
            )
            for key, claim in zip(ids, plan.new_proteins, strict=True)
        ]
        columns = (
            "id", "accession", "name", "taxon_id", "declared_tf", "declared_target",
            "declared_interactions", "has_page", "in_table", "target_count", "tf_count",
            "changed_at",
        )  # fmt: skip
        self.bulk.insert(Protein, columns, rows)
        self._created(Protein, ids, "protein", (claim.accession for claim in plan.new_proteins))
        self.tallies["proteins"].created(ids)
        self.tallies["proteins"].met(plan.known_proteins.values())
        return {claim.accession: key for key, claim in zip(ids, plan.new_proteins, strict=True)}

    def _write_protein_changes(self, plan: Plan) -> None:
        by_field: dict[str, list[tuple[Any, int]]] = {}
        touched = set(plan.touched_proteins)
        for change in plan.protein_changes:
            by_field.setdefault(change.field, []).append((change.after, change.id))
            if change.field in BOOKKEEPING:
                self.journal.noted(change)
            else:
                self.journal.changed(change)
                touched.add(change.id)
        for name, rows in by_field.items():
            self.bulk.update(Protein, (name,), rows)
        self._touch(Protein, touched)
        self.tallies["proteins"].changed(touched)

    def _touch(self, model: type[Protein | Interaction], ids: Iterable[int]) -> None:
        moment = self.bulk.moment(self._now)
        self.bulk.update(model, ("changed_at",), [(moment, key) for key in ids])

    def _write_lists(self, plan: Plan, proteins: dict[str, int]) -> None:
        genes = [(proteins[accession], gene) for accession, gene in plan.new_gene_ids]
        self._insert_items(GeneID, ("protein_id", "ncbi_gene_id"), genes)
        matrices = [(proteins[accession], matrix) for accession, matrix in plan.new_matrices]
        self._insert_items(JasparMatrix, ("protein_id", "matrix_id"), matrices)
        orthologs = [
            (proteins[accession], self.store.taxa[species], identifier, listed)
            for accession, species, identifier, listed in plan.new_orthologs
        ]
        columns = ("protein_id", "taxon_id", "identifier", "in_tflink")
        self._insert_items(Ortholog, columns, orthologs)
        listed_ids = [key for key, _ in plan.listed_orthologs]
        self.bulk.update(Ortholog, ("in_tflink",), [(True, key) for key in listed_ids])
        for key, accession in plan.listed_orthologs:
            self.journal.changed(
                Change("ortholog", key, accession, "in_tflink", before=False, after=True)
            )

    def _insert_items(
        self, model: type[Model], columns: Sequence[str], rows: list[tuple[Any, ...]]
    ) -> None:
        ids = self.bulk.reserve_ids(model, len(rows))
        numbered = [(key, *row) for key, row in zip(ids, rows, strict=True)]
        self.bulk.insert(model, ("id", *columns), numbered)
        self.journal.created(model, ids)

    # Interactions and binding sites

    def _write_pairs(self, plan: Plan, proteins: dict[str, int]) -> None:
        ids = self.bulk.reserve_ids(Interaction, len(plan.new_pairs))
        evidence, moment = self.store.evidence_ids, self.bulk.moment(self._now)
        unknown, unreviewed = Effect.UNKNOWN.value, ReviewStatus.UNREVIEWED.value
        reporting = (Reporting.WITHDRAWN.value, Reporting.REPORTED.value)
        rows = [
            (
                key,
                proteins[tf],
                proteins[target],
                evidence[content],
                unknown,
                unreviewed,
                reporting[reported],
                moment,
            )
            for key, (tf, target, content, reported) in zip(ids, plan.new_pairs, strict=True)
        ]
        columns = (
            "id", "tf_id", "target_id", "evidence_id", "effect", "status", "reporting",
            "changed_at",
        )  # fmt: skip
        self.bulk.insert(Interaction, columns, rows)
        keys = (f"{tf}-{target}" for tf, target, _, _ in plan.new_pairs)
        self._created(Interaction, ids, "interaction", keys)
        self._change_pairs(plan, moment)
        self.tallies["interactions"].created(ids)
        self.tallies["interactions"].met(plan.unchanged_pairs)

    def _change_pairs(self, plan: Plan, moment: Any) -> None:
        evidence, reported = self.store.evidence_ids, Reporting.REPORTED.value
        self.bulk.update(
            Interaction,
            ("evidence_id", "changed_at"),
            [(evidence[after], moment, before.id) for before, _, after in plan.changed_pairs],
        )
        self.bulk.update(
            Interaction,
            ("reporting", "changed_at"),
            [(reported, moment, before.id) for before, _ in plan.reported_pairs],
        )
        for before, key, after in plan.changed_pairs:
            values = (evidence_as_json(before.evidence), evidence_as_json(after))
            self.journal.changed(Change("interaction", before.id, key, "evidence", *values))
            self._replaced_evidence.add(evidence[before.evidence])
        for before, key in plan.reported_pairs:
            change = Change("interaction", before.id, key, "reporting", before.reporting, reported)
            self.journal.changed(change)
        tally = self.tallies["interactions"]
        tally.changed(before.id for before, *_ in plan.changed_pairs)
        tally.changed(before.id for before, _ in plan.reported_pairs)

    def _site_values(self, site: BindingSiteRecord, tf: int) -> tuple[Any, ...]:
        return (
            tf,
            self.store.evidence_ids[site.evidence],
            site.assembly,
            site.chromosome,
            site.start,
            site.end,
            site.strand,
            site.overlaps,
            site.sequence,
        )

    def _write_sites(self, plan: Plan, proteins: dict[str, int]) -> None:
        ids = self.bulk.reserve_ids(BindingSite, len(plan.new_sites))
        self.bulk.insert(
            BindingSite,
            ("id", "tflink_id", *SITE_COLUMNS),
            [
                (key, site.tflink_id, *self._site_values(site, proteins[site.tf]))
                for key, site in zip(ids, plan.new_sites, strict=True)
            ],
        )
        self._created(BindingSite, ids, "binding site", (site.tflink_id for site in plan.new_sites))
        self._change_sites(plan, proteins)
        tally = self.tallies["binding sites"]
        tally.created(ids)
        tally.met(plan.unchanged_sites)
        tally.changed(before.id for before, _ in plan.changed_sites)

    def _change_sites(self, plan: Plan, proteins: dict[str, int]) -> None:
        self.bulk.update(
            BindingSite,
            SITE_COLUMNS,
            [
                (*self._site_values(after, proteins[after.tf]), before.id)
                for before, after in plan.changed_sites
            ],
        )
        for stored, after in plan.changed_sites:
            before, site = stored.record, (stored.id, after.tflink_id)
            for name in SITE_FIELDS:
                values = (getattr(before, name), getattr(after, name))
                if values[0] != values[1]:
                    self.journal.changed(Change("binding site", *site, name, *values))
            if before.evidence != after.evidence:
                values = (evidence_as_json(before.evidence), evidence_as_json(after.evidence))
                self.journal.changed(Change("binding site", *site, "evidence", *values))
                self._replaced_evidence.add(self.store.evidence_ids[before.evidence])


def _counts(plan: Plan) -> Counts:
    """Return what new interactions, none of them rejected, add to the kept counts."""
    as_tf = Counter(tf for tf, *_ in plan.new_pairs)
    as_target = Counter(target for _, target, *_ in plan.new_pairs)
    return {key: (as_tf[key], as_target[key]) for key in {*as_tf, *as_target}}


def _digest(content: EvidenceContent) -> str:
    return content.digest
