"""Proteins and evidence as plain values, read many at once, each with all that it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from proteins.domain.evidence import SmallScale
from proteins.models import (
    Citation,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    GeneID,
    Ortholog,
    Protein,
)


class TaxonFacts(NamedTuple):
    ncbi_taxon_id: int
    scientific_name: str
    code: str


class OrthologFacts(NamedTuple):
    code: str
    identifier: str
    in_tflink: bool


@dataclass(frozen=True, slots=True)
class ProteinFacts:
    """A protein as files name it; gene IDs and orthologs in order."""

    accession: str
    name: str
    taxon: TaxonFacts
    gene_ids: tuple[int, ...]
    orthologs: tuple[OrthologFacts, ...]


class SourceFacts(NamedTuple):
    key: str
    name: str
    via: str
    pmid: int | None


class MethodFacts(NamedTuple):
    id: int
    name: str
    psi_mi_id: str
    identifies_participant_only: bool


class CitationFacts(NamedTuple):
    """A publication that supports something; `first_author` is empty until it is looked up."""

    pmid: int
    is_database_paper: bool
    is_retracted: bool
    pubmed_status: int
    authors: str
    year: int | None

    @property
    def first_author(self) -> str:
        return self.authors.partition(",")[0].strip()


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What one Evidence row says; databases by key, methods by name, primary papers first."""

    small_scale: SmallScale
    sources: tuple[SourceFacts, ...]
    methods: tuple[MethodFacts, ...]
    citations: tuple[CitationFacts, ...]


def read_proteins(ids: Iterable[int], *, with_orthologs: bool = True) -> dict[int, ProteinFacts]:
    """Return proteins by row number, in three queries."""
    wanted = list(ids)
    genes = _grouped(GeneID.objects.filter(protein__in=wanted), "protein_id", "ncbi_gene_id")
    orthologs = _orthologs(wanted) if with_orthologs else {}
    rows = Protein.objects.filter(pk__in=wanted).order_by().values_list(
        "pk", "accession", "name",
        "taxon__ncbi_taxon_id", "taxon__scientific_name", "taxon__code",
    )  # fmt: skip
    return {
        key: ProteinFacts(
            accession,
            name,
            TaxonFacts._make(taxon),
            tuple(sorted(genes.get(key, ()))),
            tuple(sorted(orthologs.get(key, ()))),
        )
        for key, accession, name, *taxon in rows
    }


def _orthologs(ids: list[int]) -> dict[int, list[OrthologFacts]]:
    found: defaultdict[int, list[OrthologFacts]] = defaultdict(list)
    rows = Ortholog.objects.filter(protein__in=ids).order_by()
    for key, *values in rows.values_list("protein_id", "taxon__code", "identifier", "in_tflink"):
        found[key].append(OrthologFacts._make(values))
    return found


def read_evidence(ids: Iterable[int]) -> dict[int, EvidenceFacts]:
    """Return evidence by row number, in four queries."""
    wanted = list(ids)
    sources = _grouped(
        EvidenceSource.objects.filter(evidence__in=wanted),
        "evidence_id", "source__key", "source__name", "source__via__key",
        "source__publication__pmid",
        make=lambda key, name, via, pmid: SourceFacts(key, name, via or "", pmid),
    )  # fmt: skip
    methods = _grouped(
        EvidenceMethod.objects.filter(evidence__in=wanted),
        "evidence_id", "method_id", "method__name", "method__psi_mi_id",
        "method__identifies_participant_only",
        make=lambda key, name, term, only: MethodFacts(key, name, term or "", only),
    )  # fmt: skip
    citations = _citations(wanted)
    rows = Evidence.objects.filter(pk__in=wanted).order_by().values_list("pk", "small_scale")
    return {
        key: EvidenceFacts(
            SmallScale(scale),
            tuple(sorted(sources.get(key, ()))),
            tuple(sorted(methods.get(key, ()), key=lambda method: method.name)),
            tuple(citations.get(key, ())),
        )
        for key, scale in rows
    }


def _citations(evidence: list[int]) -> dict[int, list[CitationFacts]]:
    """The publications of some evidence: primary ones first, then by PubMed ID."""
    links = EvidenceCitation.objects.filter(evidence__in=evidence)
    pairs = list(links.order_by().values_list("evidence_id", "citation_id"))
    read = Citation.objects.with_kind().filter(pk__in={citation for _, citation in pairs})
    facts = {
        key: CitationFacts(*values)
        for key, *values in read.order_by().values_list("pk", *CitationFacts._fields)
    }
    found: defaultdict[int, list[CitationFacts]] = defaultdict(list)
    for key, citation in pairs:
        found[key].append(facts[citation])
    for listed in found.values():
        listed.sort(key=lambda citation: (citation.is_database_paper, citation.pmid))
    return found


def _grouped(
    rows: QuerySet[Any], key: str, *fields: str, make: Callable[..., Any] | None = None
) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for owner, *values in rows.order_by().values_list(key, *fields):
        found[owner].append(make(*values) if make else values[0])
    return found
