"""Interactions and binding sites as plain values, for files of any length.

Rows are read in batches. Of the proteins and the evidence that they name a writer makes what
it needs once, and that is kept, up to a bound, because a few thousand of them stand behind
millions of rows; what it was made from is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from proteins.evidence_content import SmallScale
from proteins.models import (
    BindingSite,
    Citation,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    GeneID,
    Interaction,
    Ortholog,
    Protein,
)

#: Rows that are written together: few enough to begin at once.
BATCH = 2_000
#: Of how many proteins and rows of evidence is kept what was made (some 30 MB): more than a
#: species has.
KEPT = 30_000

Row = TypeVar("Row", "InteractionFacts", "SiteFacts")
Value = TypeVar("Value")
Made = TypeVar("Made")
Tf = TypeVar("Tf")
Support = TypeVar("Support")


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


class InteractionFacts(NamedTuple):
    """An interaction by row numbers; `changed` is a moment (UTC) that begins `yyyy-mm-dd`."""

    tf: int
    target: int
    evidence: int
    effect: int
    status: int
    reporting: int
    changed: str


class SiteFacts(NamedTuple):
    tf: int
    evidence: int
    tflink_id: str
    assembly: str
    chromosome: str
    start: int | None
    end: int | None
    strand: str
    overlaps: int | None
    sequence: str


INTERACTION_FIELDS = (
    "tf_id", "target_id", "evidence_id", "effect", "status", "reporting",
    # As the database writes it: to make a moment of each took a third of the time of a file.
    Cast("changed_at", TextField()),
)  # fmt: skip
SITE_FIELDS = ("tf_id", "evidence_id", *SiteFacts._fields[2:])


@dataclass(frozen=True)
class Batch(Generic[Row, Tf, Support]):
    """Some rows, with what was made of the proteins and the evidence that they name."""

    rows: list[Row]
    proteins: Mapping[int, Tf]
    evidence: Mapping[int, Support]


class Facts(NamedTuple):
    """What is read of that which rows name."""

    with_orthologs: bool = True


@dataclass(frozen=True)
class Batches(Generic[Row]):
    """Rows in the order of a queryset, a batch at a time.

    They come from one statement: what is written meanwhile changes nothing.
    """

    queryset: QuerySet[Any]
    columns: tuple[Any, ...]
    row: Callable[[Iterable[Any]], Row]
    #: The proteins that rows name, by row number.
    named: Callable[[list[Row]], set[int]]
    facts: Facts

    def made(
        self, protein: Callable[[ProteinFacts], Tf], evidence: Callable[[EvidenceFacts], Support]
    ) -> Iterator[Batch[Row, Tf, Support]]:
        """With what `protein` and `evidence` make of what they name, each once."""
        read = partial(read_proteins, with_orthologs=self.facts.with_orthologs)
        proteins, supports = _Kept(read, protein), _Kept(read_evidence, evidence)
        rows = self.queryset.values_list(*self.columns).iterator(chunk_size=BATCH)
        for batch in _batches(map(self.row, rows)):
            evidence_ids = {row.evidence for row in batch}
            yield Batch(batch, proteins.of(self.named(batch)), supports.of(evidence_ids))


class _Kept(Generic[Value, Made]):
    """What was made of rows, by row number; dropped all at once when there is too much."""

    def __init__(
        self, read: Callable[[set[int]], dict[int, Value]], make: Callable[[Value], Made]
    ) -> None:
        self._read, self._make = read, make
        self._made: dict[int, Made] = {}

    def of(self, ids: set[int]) -> Mapping[int, Made]:
        """Return a mapping that holds all of `ids`; those that are not kept yet are read."""
        if missing := ids.difference(self._made):
            if len(self._made) + len(missing) > KEPT:
                self._made.clear()
                missing = ids
            self._made.update({key: self._make(read) for key, read in self._read(missing).items()})
        return self._made


def interactions(
    queryset: QuerySet[Interaction], facts: Facts | None = None
) -> Batches[InteractionFacts]:
    def named(rows: list[InteractionFacts]) -> set[int]:
        return {row.tf for row in rows} | {row.target for row in rows}

    row = InteractionFacts._make
    return Batches(queryset, INTERACTION_FIELDS, row, named, facts or Facts())


def binding_sites(queryset: QuerySet[BindingSite]) -> Batches[SiteFacts]:
    def named(rows: list[SiteFacts]) -> set[int]:
        return {row.tf for row in rows}

    facts = Facts(with_orthologs=False)
    return Batches(queryset, SITE_FIELDS, SiteFacts._make, named, facts)


def _batches(rows: Iterable[Value]) -> Iterator[list[Value]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


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
