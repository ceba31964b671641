"""Reads what the database holds of the records that a chunk speaks of, in whole lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from curation.importing.planning.claims import Claims
from curation.importing.planning.snapshot import Stored, StoredPair, StoredProtein, StoredSite
from curation.importing.planning.spellings import Spellings
from curation.importing.source.records import BindingSiteRecord
from curation.models import FORMER_ACCESSION, Pin, RecordKind, SourcePage, SourceTable
from curation.shared.bulk import Bulk
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
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
    SecondaryAccession,
    SourceDatabase,
    Taxon,
)


class Store:
    """Reads what is stored; caches what never changes (vocabularies, Evidence rows)."""

    def __init__(self, bulk: Bulk) -> None:
        self.bulk = bulk
        self.taxa: dict[str, int] = dict(Taxon.objects.values_list("scientific_name", "id"))
        self.sources: dict[str, int] = dict(SourceDatabase.objects.values_list("key", "id"))
        self.methods: dict[str, int] = dict(DetectionMethod.objects.values_list("name", "id"))
        self.spellings = Spellings(self.sources, self.methods)
        self.citations: dict[int, int] = {}
        self.evidence_ids: dict[EvidenceContent, int] = {}
        self.evidence: dict[int, EvidenceContent] = {}
        #: Secondary accessions, each with the accession that took its place.
        self.former: dict[str, str] = {}
        self._any_pins = False
        self._species = {taxon: name for name, taxon in self.taxa.items()}

    def read_former(self) -> dict[str, str]:
        """Return the secondary accessions as they are now; there are few, if any."""
        self.former = dict(
            SecondaryAccession.objects.order_by().values_list("accession", "protein__accession")
        )
        return self.former

    def read(self, claims: Claims) -> Stored:
        """Return what is stored of everything that `claims` speaks of."""
        stored = Stored()
        self._any_pins = Pin.objects.exists()
        stored.proteins = self._proteins(claims)
        stored.pairs = self._pairs(claims, stored.proteins)
        stored.sites = self._sites(claims)
        complete = SourceTable.taxa.through.objects.values_list("taxon_id", flat=True)
        stored.complete_species = frozenset(self._species[taxon] for taxon in complete.distinct())
        return stored

    def _pins(self, kind: RecordKind, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Return what curators pinned of these records; empty, at no cost, for most."""
        pins: dict[int, dict[str, Any]] = {}
        if self._any_pins:
            rows = Pin.objects.filter(kind=kind).values_list("record_id", "field", "source_value")
            wanted = set(ids)
            for record, name, value in rows.iterator():
                if record in wanted:
                    pins.setdefault(record, {})[name] = value
        return pins

    def _proteins(self, claims: Claims) -> dict[str, StoredProtein]:
        columns = (
            "id", "accession", "taxon_id", "name", "declared_tf", "declared_target",
            "declared_interactions", "has_page", "in_table",
        )  # fmt: skip
        by_accession = {}
        by_id = {}
        for row in self.bulk.select(Protein, columns, "accession", claims.proteins):
            key, accession, taxon, name, tf, target, declared, has_page, in_table = row
            protein = StoredProtein(
                key,
                self._species[taxon],
                name,
                bool(tf),
                bool(target),
                declared,
                bool(has_page),
                bool(in_table),
            )
            by_accession[accession] = by_id[key] = protein
        for protein_id, gene in self.bulk.select(
            GeneID, ("protein_id", "ncbi_gene_id"), "protein_id", by_id
        ):
            by_id[protein_id].gene_ids.add(gene)
        for protein_id, pins in self._pins(RecordKind.PROTEIN, by_id).items():
            by_id[protein_id].pins = pins
        described = {
            protein.id: protein
            for accession, protein in by_accession.items()
            if claims.proteins[accession].has_page or claims.proteins[accession].orthologs
        }
        self._add_descriptions(described)
        return by_accession

    def _add_descriptions(self, described: dict[int, StoredProtein]) -> None:
        """Add what only a protein's own page speaks of."""
        select = self.bulk.select
        pages = select(SourcePage, ("id", "protein_id", "generation"), "protein_id", described)
        of_former_names = set()
        if self.former:
            marked = SourcePage.objects.filter(unknown_keys__has_key=FORMER_ACCESSION)
            of_former_names = set(marked.values_list("pk", flat=True))
        for page, protein_id, generation in pages:
            if page in of_former_names:
                continue
            protein = described[protein_id]
            protein.generation = max(protein.generation, generation)
        for protein_id, matrix in select(
            JasparMatrix, ("protein_id", "matrix_id"), "protein_id", described
        ):
            described[protein_id].jaspar_matrices.add(matrix)
        columns = ("protein_id", "id", "taxon_id", "identifier", "in_tflink")
        for protein_id, key, taxon, identifier, ours in select(
            Ortholog, columns, "protein_id", described
        ):
            described[protein_id].orthologs[self._species[taxon], identifier] = (key, bool(ours))

    def _pairs(
        self, claims: Claims, proteins: dict[str, StoredProtein]
    ) -> dict[tuple[str, str], StoredPair]:
        wanted = {}
        for pair in claims.pairs:
            tf, target = proteins.get(pair[0]), proteins.get(pair[1])
            if tf is not None and target is not None:
                wanted[tf.id, target.id] = pair
        rows = self.bulk.select_pairs(
            Interaction, ("id", "tf_id", "target_id", "evidence_id", "reporting", "status"),
            ("tf_id", "target_id"), list(wanted),
        )  # fmt: skip
        self.know_evidence({row[3] for row in rows})
        pins = self._pins(RecordKind.INTERACTION, (row[0] for row in rows))
        none: dict[str, Any] = {}
        reported = Reporting.REPORTED.value
        return {
            wanted[tf, target]: StoredPair(
                key,
                self.evidence[evidence],
                reporting,
                reporting == reported,
                pins.get(key, none),
                status,
            )
            for key, tf, target, evidence, reporting, status in rows
        }

    def _sites(self, claims: Claims) -> dict[str, StoredSite]:
        columns = (
            "id", "tflink_id", "tf_id", "evidence_id", "assembly", "chromosome", "start", "end",
            "strand", "overlaps", "sequence",
        )  # fmt: skip
        rows = self.bulk.select(BindingSite, columns, "tflink_id", claims.sites)
        self.know_evidence({row[3] for row in rows})
        accessions: dict[int, str] = dict(
            self.bulk.select(Protein, ("id", "accession"), "id", {row[2] for row in rows})
        )
        pins = self._pins(RecordKind.BINDING_SITE, (row[0] for row in rows))
        return {
            row[1]: StoredSite(
                row[0],
                BindingSiteRecord(row[1], accessions[row[2]], self.evidence[row[3]], *row[4:]),
                pins.get(row[0], {}),
            )
            for row in rows
        }

    def know_evidence(self, ids: Iterable[int]) -> None:
        """Read the content of Evidence rows that have not been met in this run."""
        unknown = [key for key in ids if key not in self.evidence]
        scales: dict[int, int] = dict(
            self.bulk.select(Evidence, ("id", "small_scale"), "id", unknown)
        )
        self._learn_names()
        parts: dict[int, tuple[list[str], list[str], list[int]]] = {
            key: ([], [], []) for key in scales
        }
        for key, source in self.bulk.select(
            EvidenceSource, ("evidence_id", "source_id"), "evidence_id", unknown
        ):
            parts[key][0].append(self._source_keys[source])
        for key, method in self.bulk.select(
            EvidenceMethod, ("evidence_id", "method_id"), "evidence_id", unknown
        ):
            parts[key][1].append(self._method_names[method])
        links = self.bulk.select(
            EvidenceCitation, ("evidence_id", "citation_id"), "evidence_id", unknown
        )
        pmids: dict[int, int] = dict(
            self.bulk.select(Citation, ("id", "pmid"), "id", {row[1] for row in links})
        )
        for key, citation in links:
            parts[key][2].append(pmids[citation])
        for key, (sources, methods, cited) in parts.items():
            self.remember_evidence(
                key, EvidenceContent.of(sources, methods, cited, SmallScale(scales[key]))
            )

    def _learn_names(self) -> None:
        self._source_keys = {number: key for key, number in self.sources.items()}
        self._method_names = {number: name for name, number in self.methods.items()}

    def remember_evidence(self, key: int, content: EvidenceContent) -> None:
        self.evidence[key] = content
        self.evidence_ids[content] = key

    def forget_evidence(self, key: int) -> None:
        self.evidence_ids.pop(self.evidence.pop(key), None)

    def find_evidence(self, contents: Iterable[EvidenceContent]) -> None:
        """Learn the ids of those of `contents` that are stored."""
        digests = {content.digest: content for content in contents}
        for key, digest in self.bulk.select(Evidence, ("id", "digest"), "digest", digests):
            self.remember_evidence(key, digests[digest])

    def find_citations(self, pmids: Iterable[int]) -> None:
        """Learn the ids of those of `pmids` that are stored."""
        unknown = {pmid for pmid in pmids if pmid not in self.citations}
        self.citations.update(self.bulk.select(Citation, ("pmid", "id"), "pmid", unknown))
