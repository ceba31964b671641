"""The plan of a chunk becomes rows: the one writer of imports.

Rows are written in whole lists, within the transaction that the caller holds, so that a
chunk is in whole or not at all. Kept counts are right when it returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from curation.importing.bulk import Bulk
from curation.importing.plan import Plan
from curation.importing.records import BindingSiteRecord
from curation.importing.report import RunReport
from curation.importing.snapshot import StoredSite
from curation.importing.store import Store
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
    ReviewStatus,
    SourceDatabase,
)

SITE_COLUMNS = (
    "tf_id", "evidence_id", "assembly", "chromosome", "start", "end", "strand", "overlaps",
    "sequence",
)  # fmt: skip


class Loader:
    """Writes plans; `store` learns of the vocabulary and Evidence rows that it adds."""

    def __init__(self, bulk: Bulk, store: Store, report: RunReport) -> None:
        self.bulk = bulk
        self.store = store
        self.tallies = report.tallies
        self._now: datetime = timezone.now()
        self._replaced_evidence: set[int] = set()

    def write(self, plan: Plan) -> dict[str, int]:
        """Write `plan` and return the ids of its proteins by accession."""
        self._now = timezone.now()
        self._replaced_evidence = set()
        self._write_citations(plan)
        self._write_evidence(plan)
        proteins = {**plan.known_proteins, **self._write_new_proteins(plan)}
        self._write_protein_changes(plan)
        self._write_lists(plan, proteins)
        self._write_pairs(plan, proteins)
        self._write_sites(plan, proteins)
        self._drop_unused_evidence()
        return proteins

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
        return known[key]

    def _method(self, name: str) -> int:
        known = self.store.methods
        if name not in known:
            known[name] = DetectionMethod.objects.create(name=name).pk
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

    def _write_new_proteins(self, plan: Plan) -> dict[str, int]:
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
                0,
                0,
                moment,
            )
            for key, claim in zip(ids, plan.new_proteins, strict=True)
        ]
        columns = (
            "id", "accession", "name", "taxon_id", "declared_tf", "declared_target",
            "declared_interactions", "has_page", "target_count", "tf_count", "changed_at",
        )  # fmt: skip
        self.bulk.insert(Protein, columns, rows)
        self.tallies["proteins"].created(ids)
        self.tallies["proteins"].met(plan.known_proteins.values())
        return {claim.accession: key for key, claim in zip(ids, plan.new_proteins, strict=True)}

    def _write_protein_changes(self, plan: Plan) -> None:
        by_fields: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for change in plan.protein_changes:
            row = (*change.values.values(), change.id)
            by_fields.setdefault(tuple(change.values), []).append(row)
        for fields, rows in by_fields.items():
            self.bulk.update(Protein, fields, rows)
        touched = plan.touched_proteins | {change.id for change in plan.protein_changes}
        self._touch(Protein, touched)
        self.tallies["proteins"].changed(touched)

    def _touch(self, model: type[Protein | Interaction], ids: Iterable[int]) -> None:
        moment = self.bulk.moment(self._now)
        self.bulk.update(model, ("changed_at",), [(moment, key) for key in ids])

    def _write_lists(self, plan: Plan, proteins: dict[str, int]) -> None:
        self.bulk.insert(
            GeneID,
            ("protein_id", "ncbi_gene_id"),
            [(proteins[accession], gene) for accession, gene in plan.new_gene_ids],
        )
        self.bulk.insert(
            JasparMatrix,
            ("protein_id", "matrix_id"),
            [(proteins[accession], matrix) for accession, matrix in plan.new_matrices],
        )
        self.bulk.insert(
            Ortholog,
            ("protein_id", "taxon_id", "identifier", "in_tflink"),
            [
                (proteins[accession], self.store.taxa[species], identifier, listed)
                for accession, species, identifier, listed in plan.new_orthologs
            ],
        )
        self.bulk.update(Ortholog, ("in_tflink",), [(True, key) for key in plan.listed_orthologs])

    # Interactions and binding sites

    def _write_pairs(self, plan: Plan, proteins: dict[str, int]) -> None:
        ids = self.bulk.reserve_ids(Interaction, len(plan.new_pairs))
        evidence, moment = self.store.evidence_ids, self.bulk.moment(self._now)
        rows = [
            (
                key,
                proteins[tf],
                proteins[target],
                evidence[content],
                Effect.UNKNOWN.value,
                ReviewStatus.UNREVIEWED.value,
                moment,
            )
            for key, (tf, target, content) in zip(ids, plan.new_pairs, strict=True)
        ]
        columns = ("id", "tf_id", "target_id", "evidence_id", "effect", "status", "changed_at")
        self.bulk.insert(Interaction, columns, rows)
        self._count(rows)
        self.bulk.update(
            Interaction,
            ("evidence_id", "changed_at"),
            [(evidence[after], moment, before.id) for before, after in plan.changed_pairs],
        )
        self._replaced_evidence.update(evidence[before.evidence] for before, _ in plan.changed_pairs)
        tally = self.tallies["interactions"]
        tally.created(ids)
        tally.changed(before.id for before, _ in plan.changed_pairs)
        tally.met(plan.unchanged_pairs)

    def _count(self, new_interactions: list[tuple[Any, ...]]) -> None:
        """Add new interactions, none of them rejected, to the kept counts of their proteins."""
        for column, position in (("target_count", 1), ("tf_count", 2)):
            counted = Counter(row[position] for row in new_interactions)
            self.bulk.add(Protein, column, [(number, key) for key, number in counted.items()])

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
        self._change_sites(plan.changed_sites, proteins)
        tally = self.tallies["binding sites"]
        tally.created(ids)
        tally.met(plan.unchanged_sites)

    def _change_sites(
        self, changes: list[tuple[StoredSite, BindingSiteRecord]], proteins: dict[str, int]
    ) -> None:
        self.bulk.update(
            BindingSite,
            SITE_COLUMNS,
            [(*self._site_values(after, proteins[after.tf]), before.id) for before, after in changes],
        )
        self._replaced_evidence.update(
            self.store.evidence_ids[before.record.evidence]
            for before, after in changes
            if before.record.evidence != after.evidence
        )
        self.tallies["binding sites"].changed(before.id for before, _ in changes)


def _digest(content: EvidenceContent) -> str:
    return content.digest
