"""Reads what the database holds of the records that a chunk speaks of, in whole lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from curation.importing.loading.site_parts import read_parts
from curation.importing.planning.claims import NO_PAGE, Claims, ProteinClaim
from curation.importing.planning.snapshot import Stored, StoredPair, StoredProtein, StoredSite
from curation.importing.source.records import BindingSiteRecord
from curation.models import FORMER_ACCESSION, Pin, RecordKind, SourcePage, SourceTable
from curation.shared.bulk import Bulk, Row
from curation.shared.evidence_rows import Creations
from curation.shared.support import SupportRows
from proteins.domain.binding_sites import age_of_id, numbering_of, physical_key
from proteins.domain.regions import bin_of, chromosome_spellings
from proteins.models import (
    BindingSite,
    FormerSiteID,
    GeneID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    Reporting,
    SecondaryAccession,
    Taxon,
)

_SITE_COLUMNS: Final = (
    "id", "tflink_id", "tf_id", "evidence_id", "assembly", "chromosome", "start", "end",
    "strand", "overlaps", "sequence",
)  # fmt: skip
#: How many letters of an ID precede its digits.
_BEFORE_DIGITS: Final = len("TFLinkLS")
#: More than the digits of any ID.
_AFTER_DIGITS: Final = "9" * 13


def _is_described(claim: ProteinClaim, protein: StoredProtein) -> bool:
    """Whether a protein's lists and pages matter: for its name, where that is said anew."""
    return (
        claim.has_page
        or bool(claim.orthologs)
        or claim.is_listed
        or (bool(claim.name) and not protein.name)
        or (claim.unnamed_by > NO_PAGE and bool(protein.name))
    )


class Store:
    """Reads what is stored; caches what never changes (species, support, evidence)."""

    def __init__(self, bulk: Bulk, creations: Creations | None = None) -> None:
        self.bulk = bulk
        self.support = SupportRows(bulk, creations)
        self.evidence = self.support.evidence
        self.spellings = self.evidence.spellings
        self.taxa: dict[str, int] = dict(Taxon.objects.values_list("scientific_name", "id"))
        #: Secondary accessions, each with the accession that took its place.
        self.former: dict[str, str] = {}
        self._any_pins = self._any_former = False
        self._numberings: dict[int, set[str]] = {}
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
        self._read_sites(claims, stored)
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
            if _is_described(claims.proteins[accession], protein)
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
            Interaction, ("id", "tf_id", "target_id", "support_id", "reporting", "status"),
            ("tf_id", "target_id"), list(wanted),
        )  # fmt: skip
        self.support.read({row[3] for row in rows})
        supports = self.support.contents
        pins = self._pins(RecordKind.INTERACTION, (row[0] for row in rows))
        none: dict[str, Any] = {}
        reported, curated = Reporting.REPORTED.value, Reporting.CURATED.value
        return {
            wanted[tf, target]: StoredPair(
                key,
                supports[support],
                reporting,
                reporting == reported,
                pins.get(key, none),
                status,
                reporting == curated,
            )
            for key, tf, target, support, reporting, status in rows
        }

    def _read_sites(self, claims: Claims, stored: Stored) -> None:
        """Read the sites that have an ID of the chunk's, and those at the places of others."""
        self._any_former = FormerSiteID.objects.exists()
        ids = self._ids_in_stored_ranges(claims.sites.ids())
        rows = self.bulk.select(BindingSite, _SITE_COLUMNS, "tflink_id", ids)
        if self._any_former:
            former = self.bulk.select(FormerSiteID, ("site_id",), "tflink_id", ids)
            rows += self.bulk.select(BindingSite, _SITE_COLUMNS, "id", {key for (key,) in former})
        for site in self._stored_sites(rows):
            for one in (site.record.tflink_id, *site.record.former_ids):
                stored.sites[one] = site
        rows = [row for key in self._places(claims, stored) for row in self._rows_at(*key)]
        for site in self._stored_sites(rows):
            if site.place is not None:
                stored.sites_at.setdefault(physical_key(site.place), []).append(site)

    def _ids_in_stored_ranges(self, ids: Iterable[str]) -> list[str]:
        """Return those of `ids` that may be stored: tables list sites in the order of their IDs,
        so that mostly none of a numbering lies between the first and the last of a chunk, which
        is one look-up and not 50,000."""
        alike: dict[str, list[str]] = {}
        for one in ids:
            alike.setdefault(one[:_BEFORE_DIGITS], []).append(one)
        return [one for same in alike.values() if self._is_any_between(same) for one in same]

    def _is_any_between(self, ids: Sequence[str]) -> bool:
        bounds = {"tflink_id__gte": min(ids), "tflink_id__lte": max(ids)}
        if BindingSite.objects.filter(**bounds).exists():
            return True
        return self._any_former and FormerSiteID.objects.filter(**bounds).exists()

    def _stored_sites(self, rows: list[Row]) -> list[StoredSite]:
        unique = {row[0]: row for row in rows}
        self.evidence.read({row[3] for row in unique.values()})
        accessions: dict[int, str] = dict(
            self.bulk.select(Protein, ("id", "accession"), "id", {row[2] for row in rows})
        )
        former: dict[int, list[str]] = {}
        if self._any_former:
            columns = ("site_id", "tflink_id")
            for key, one in self.bulk.select(FormerSiteID, columns, "site_id", unique):
                former.setdefault(key, []).append(one)
        pins = self._pins(RecordKind.BINDING_SITE, unique)
        parts: dict[int, tuple[BindingSiteRecord, ...]] = {}
        if former:
            tfs = {key: accessions[unique[key][2]] for key in former}
            parts = read_parts(self.bulk, tfs, self.spellings)
        return [
            StoredSite(
                key,
                BindingSiteRecord(
                    row[1],
                    accessions[row[2]],
                    self.evidence.contents[row[3]],
                    *(*row[4:], tuple(sorted(former.get(key, ())))),
                ),
                pins.get(key, {}),
                tuple(sorted(parts.get(key, ()), key=lambda part: age_of_id(part.tflink_id))),
            )
            for key, row in unique.items()
        ]

    def _places(self, claims: Claims, stored: Stored) -> Iterator[tuple[str, set[int]]]:
        """Yield, for each chromosome, the bins of the sites that are stored under none of their
        IDs, of TFs that have sites of another numbering."""
        tfs = {accession: protein.id for accession, protein in stored.proteins.items()}
        unread = {claim.record.tf for claim in claims.sites} - claims.proteins.keys()
        tfs.update(self.bulk.select(Protein, ("accession", "id"), "accession", unread))
        bins: dict[str, set[int]] = {}
        for claim in claims.sites:
            record = claim.record
            tf = tfs.get(record.tf)
            if tf is None or record.start is None or record.end is None:
                continue
            others = self._numberings_of(tf) - {numbering_of(record.tflink_id)}
            if not others or not stored.sites.keys().isdisjoint(
                (record.tflink_id, *record.former_ids)
            ):
                continue
            for chromosome in chromosome_spellings(record.chromosome):
                bins.setdefault(chromosome, set()).add(bin_of(record.start, record.end))
        yield from bins.items()

    def _rows_at(self, chromosome: str, bins: set[int]) -> list[Row]:
        return self.bulk.select(BindingSite, _SITE_COLUMNS, "bin", bins, chromosome=chromosome)

    def _numberings_of(self, tf: int) -> set[str]:
        """Return by which numberings a TF's sites have IDs; a look-up for each in the index."""
        if tf not in self._numberings:
            numberings = self._numberings[tf] = set[str]()
            sites = BindingSite.objects.filter(tf=tf).order_by("tflink_id")
            ids = sites.values_list("tflink_id", flat=True)
            one = ids.first()
            while one:
                numberings.add(numbering_of(one))
                one = ids.filter(tflink_id__gt=one[:_BEFORE_DIGITS] + _AFTER_DIGITS).first()
            if self._any_former:
                formerly = FormerSiteID.objects.filter(site__tf=tf).order_by()
                numberings.update(map(numbering_of, formerly.values_list("tflink_id", flat=True)))
        return self._numberings[tf]

    def note_numberings(self, numbered: Iterable[tuple[int, str]]) -> None:
        """Note by which numberings TFs have got IDs since their sites were looked at."""
        for tf, numbering in numbered:
            if tf in self._numberings:
                self._numberings[tf].add(numbering)
