"""Interactions and binding sites as the API has them: plain values of rows, read in batches.

Their serializers describe the fields for the schema; here are their values, for one record, a
page, or a file of any length, without a request: the base URL is given. Proteins,
databases, methods and publications are made once and shared by all rows that name them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from django.urls import reverse

from proteins.caching.bounded import BoundedCache
from proteins.domain import links
from proteins.domain.binding_sites import Counting, convention, counting_of, gff3_interval
from proteins.domain.evidence import SmallScale
from proteins.domain.methods import MethodClass
from proteins.domain.tiers import Tier
from proteins.exports import rows as row_values
from proteins.exports.rows import Batches, Caches, InteractionFacts, Rows, SiteFacts
from proteins.exports.values import ProteinFacts, TaxonFacts
from proteins.models import Effect, PubMedStatus, Reporting, ReviewStatus
from proteins.queries.documents import Document
from proteins.queries.evidence import CitationFacts, EvidenceFacts, MethodFacts, SourceFacts
from proteins.queries.reviews import ReviewFacts

Record = dict[str, Any]
#: The fields that evidence fills.
SUPPORT: Final = (
    "small_scale", "sources", "methods", "publications", "tier", "method_classes",
)  # fmt: skip
_NO_SUPPORT: Final[Record] = dict.fromkeys(SUPPORT)
#: Fields of binding sites that follow from how their source databases count.
_COUNTED: Final = ("counting", "ucsc")
#: Proteins, and rows of evidence, that the pages of one state of the content share: some 20 MB
#: of a worker's memory at most.
SHARED_LIMIT: Final = 10_000

PUBMED_STATUS_WORDS: Final = [status.name.lower().replace("_", " ") for status in PubMedStatus]
# To look a label up in its enumeration takes longer than to write it.
_SCALES: Final = {scale: scale.label for scale in SmallScale}
_TIERS: Final = {tier: tier.label for tier in Tier}
_CLASSES: Final = {each: each.label for each in MethodClass}
_EFFECTS: Final = {effect.value: effect.label for effect in Effect}
_STATUSES: Final = {status.value: status.label for status in ReviewStatus}
_REPORTINGS: Final = {reporting.value: reporting.label for reporting in Reporting}


class _Protein(NamedTuple):
    accession: str
    reference: Record
    taxon: Record


class RecordMaker:
    """Makes records whose URLs begin with `base` (`https://tflink.net`; empty: relative).

    One is shared by the pages of one state of the content, or is of one file.
    """

    def __init__(self, base: str, limit: int = SHARED_LIMIT) -> None:
        self._url = {
            name: f"{base}{reverse(f'api-{name}-list')}"
            for name in ("protein", "interaction", "binding-site", "taxon", "citation")
        }
        self._caches = Caches.of(limit)
        self._parts: BoundedCache[Hashable, Record] = BoundedCache(limit)

    def interactions(
        self, rows: Rows, fields: Collection[str] | None = None
    ) -> Iterator[list[tuple[int, Record]]]:
        """The records of interactions, each with its primary key; of some fields, or all."""
        batches = row_values.interactions(rows)
        for batch in self._made(batches, fields):
            proteins, evidence = batch.proteins, batch.evidence
            yield [
                (
                    row.pk,
                    self._interaction(
                        row,
                        proteins[row.tf],
                        proteins[row.target],
                        evidence.get(row.evidence, _NO_SUPPORT),
                        batch.reviews.get(row.pk),
                    ),
                )
                for row in batch.rows
            ]

    def sites(
        self, rows: Rows, fields: Collection[str] | None = None
    ) -> Iterator[list[tuple[int, Record]]]:
        """The same of binding sites."""
        batches = row_values.binding_sites(rows)
        for batch in self._made(batches, fields):
            proteins, evidence = batch.proteins, batch.evidence
            yield [
                (
                    row.pk,
                    self._site(
                        row, proteins[row.tf].reference, evidence.get(row.evidence, _NO_SUPPORT)
                    ),
                )
                for row in batch.rows
            ]

    def documents(self, documents: Iterable[Document]) -> list[Record]:
        """What each document states of an interaction."""
        return [
            {
                "role": document.role.label,
                "is_superseded": document.is_superseded,
                **self._support(document.evidence),
            }
            for document in documents
        ]

    def _made(self, batches: Batches[Any], fields: Collection[str] | None) -> Iterator[Any]:
        wants_support = fields is None or not set(fields).isdisjoint((*SUPPORT, *_COUNTED))
        evidence = self._support if wants_support else None
        return batches.made(self._protein, evidence, self._caches)

    def _interaction(
        self,
        row: InteractionFacts,
        tf: _Protein,
        target: _Protein,
        support: Record,
        review: ReviewFacts | None,
    ) -> Record:
        key = f"{tf.accession}-{target.accession}"
        return {
            "id": key,
            "tf": tf.reference,
            "target": target.reference,
            "taxon": tf.taxon,
            "effect": _EFFECTS[row.effect],
            "status": _STATUSES[row.status],
            "review": None if review is None else review_record(review),
            "reporting": _REPORTINGS[row.reporting],
            **support,
            "changed_at": iso_moment(row.changed),
            "url": f"{self._url['interaction']}{key}/",
        }

    def _site(self, row: SiteFacts, tf: Record, support: Record) -> Record:
        counting = counting_of(source["key"] for source in support["sources"] or ())
        return {
            "tflink_id": row.tflink_id,
            "tf": tf,
            "assembly": row.assembly or None,
            "chromosome": row.chromosome or None,
            "start": row.start,
            "end": row.end,
            "counting": counting.value,
            "strand": row.strand or None,
            "overlaps": row.overlaps,
            "sequence": row.sequence or None,
            **support,
            "url": f"{self._url['binding-site']}{quote(row.tflink_id)}/",
            "ucsc": _ucsc(row, counting),
        }

    def _protein(self, protein: ProteinFacts) -> _Protein:
        accession = protein.accession
        reference = {
            "accession": accession,
            "name": protein.name or None,
            "gene_ids": protein.gene_ids,
            "url": f"{self._url['protein']}{accession}/",
            "uniprot": links.uniprot(accession),
        }
        return _Protein(accession, reference, self._shared(protein.taxon, self._taxon))

    def _taxon(self, taxon: TaxonFacts) -> Record:
        return {**taxon._asdict(), "url": f"{self._url['taxon']}{taxon.ncbi_taxon_id}/"}

    def _support(self, evidence: EvidenceFacts) -> Record:
        return {
            "small_scale": _SCALES[evidence.small_scale],
            "sources": [self._shared(source, _source) for source in evidence.sources],
            "methods": [self._shared(method, _method) for method in evidence.methods],
            "publications": [self._shared(it, self._publication) for it in evidence.citations],
            "tier": _TIERS[evidence.tier],
            "method_classes": [_CLASSES[each] for each in evidence.method_classes],
        }

    def _publication(self, citation: CitationFacts) -> Record:
        return {
            "pmid": citation.pmid,
            "is_database_paper": citation.is_database_paper,
            "is_retracted": citation.is_retracted,
            "pubmed_status": PUBMED_STATUS_WORDS[citation.pubmed_status],
            "url": f"{self._url['citation']}{citation.pmid}/",
            "pubmed": links.pubmed(citation.pmid),
        }

    def _shared(self, facts: Any, make: Callable[[Any], Record]) -> Record:
        record = self._parts.get(facts)
        if record is None:
            record = make(facts)
            self._parts.put(facts, record)
        return record


def _source(source: SourceFacts) -> Record:
    return {"key": source.key, "name": source.name, "via": source.via or None}


def _method(method: MethodFacts) -> Record:
    return {"name": method.name, "psi_mi_id": method.psi_mi_id or None}


def review_record(review: ReviewFacts) -> Record:
    """Why and when an interaction was reviewed, as readers are to know it."""
    return {
        "reviewed_at": review.at.isoformat().replace("+00:00", "Z"),
        "reason": review.reason or None,
        "text": review.text or None,
        "pmid": review.pmid,
        "pubmed": None if review.pmid is None else links.pubmed(review.pmid),
    }


def _ucsc(row: SiteFacts, counting: Counting) -> str | None:
    if not row.assembly or not row.chromosome or row.start is None or row.end is None:
        return None
    way = convention(counting, row.start, row.end, len(row.sequence)).counting
    return links.ucsc(row.assembly, row.chromosome, *gff3_interval(row.start, row.end, way))


@lru_cache(maxsize=1_000)  # an import writes many rows at one moment
def iso_moment(changed: str) -> str:
    """A moment (UTC) as the API has it, of how a database writes it: PostgreSQL says where it
    is, and leaves zeros at the end of microseconds out."""
    fraction = changed[19:].removesuffix("+00")
    return f"{changed[:10]}T{changed[11:19]}{fraction and f'{fraction:0<7}'}Z"


def only(record: Record, fields: Collection[str] | None) -> Record:
    """A record with the fields that are wanted."""
    if fields is None:
        return record
    return {name: value for name, value in record.items() if name in fields}
