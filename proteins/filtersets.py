"""One FilterSet a resource: what can be asked of it, and by which read it is answered.

Parameters are joined by "and", the several values of one parameter by "or".
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from proteins import identifiers
from proteins.filters import (
    FilterSet,
    ParameterFilter,
    accessions,
    free_text,
    known,
    number,
    numbers,
    pattern,
    since,
    text,
    truth,
    words,
)
from proteins.models import (
    Citation,
    DetectionMethod,
    GeneID,
    JasparMatrix,
    Protein,
    PubMedStatus,
    SourceDatabase,
    Taxon,
)
from proteins.querysets import (
    CitationQuerySet,
    DetectionMethodQuerySet,
    ProteinQuerySet,
    SourceDatabaseQuerySet,
)

PUBMED_STATUSES = {status.name.lower(): status for status in PubMedStatus}


def taxon_keys(ncbi_taxon_ids: list[int]) -> list[int]:
    """The rows of NCBI taxon IDs; ValueError where one is not among the species here."""
    found = dict(Taxon.objects.values_list("ncbi_taxon_id", "pk"))
    return known(ncbi_taxon_ids, found, "taxon", map(str, sorted(found)))


def source_keys(keys: list[str]) -> list[str]:
    """The source databases of some keys, in capitals or not."""
    all_keys = list(SourceDatabase.objects.values_list("key", flat=True))
    found = {key.lower(): key for key in all_keys}
    return known(keys, found, "source database", all_keys)


def method_names(names: list[str]) -> list[str]:
    """The detection methods of some names (in capitals or not) or PSI-MI IDs."""
    methods = list(DetectionMethod.objects.values_list("name", "psi_mi_id"))
    found = {name.lower(): name for name, _ in methods}
    found |= {psi_mi_id.lower(): name for name, psi_mi_id in methods if psi_mi_id}
    return known(names, found, "detection method", (name for name, _ in methods))


def lower_text(value: str) -> str:
    return text(value).lower()


def taxa(about: str, **kwargs: Any) -> ParameterFilter:
    return numbers(about, resolve=taxon_keys, **kwargs)


class TaxonFilterSet(FilterSet):
    ncbi_taxon_id = numbers("NCBI taxon ID, such as 9606.")
    scientific_name = free_text("Scientific name, in capitals or not.", lookup="iexact")
    code = ParameterFilter("TFLink's two letters for the species, such as Hs.", text)

    class Meta:
        model = Taxon
        fields: list[str] = []


class ProteinFilterSet(FilterSet):
    accession = accessions("UniProt accession, in capitals or not.", method="known_as")
    name = ParameterFilter("The whole name, in capitals or not.", lower_text, field_name="name_key")
    name_prefix = ParameterFilter(
        "How the name begins, in capitals or not.",
        lower_text,
        field_name="name_key",
        lookup="prefix",
    )
    has_name = truth("Whether it has a name.", field_name="name", method="named")
    q = ParameterFilter(
        "How the accession or name begins, or a whole NCBI gene ID.", text, method="matching"
    )
    gene_id = numbers("NCBI gene ID.", field_name="gene_ids", method="with_genes")
    taxon = taxa("NCBI taxon ID, such as 9606.")
    is_tf = truth("Known as a transcription factor.")
    is_target = truth("Known as a target gene.")
    has_page = truth("Described by a page of its own, not only named on others'.")
    jaspar_matrix = ParameterFilter(
        "JASPAR matrix ID with its version, such as MA0106.1.",
        identifiers.parse_jaspar_matrix,
        {"type": "string", "example": "MA0106.1"},
        field_name="jaspar_matrices",
        many=True,
        method="with_matrices",
    )
    declared_interactions_min = number(
        "Its page declares so many interactions or more.",
        field_name="declared_interactions",
        lookup="gte",
    )
    declared_interactions_max = number(
        "Its page declares so many interactions or fewer.",
        field_name="declared_interactions",
        lookup="lte",
    )
    target_count_min = number(
        "Regulates so many targets or more.", field_name="target_count", lookup="gte"
    )
    target_count_max = number(
        "Regulates so many targets or fewer.", field_name="target_count", lookup="lte"
    )
    tf_count_min = number("Regulated by so many TFs or more.", field_name="tf_count", lookup="gte")
    tf_count_max = number("Regulated by so many TFs or fewer.", field_name="tf_count", lookup="lte")
    changed_since = since("Changed at or after this date or time.", field_name="changed_at")

    class Meta:
        model = Protein
        fields: list[str] = []

    def known_as(self, queryset: ProteinQuerySet, name: str, value: list[str]) -> ProteinQuerySet:
        # One accession is compared by equality, which keeps the order of an index.
        if len(value) == 1:
            return queryset.by_accession(value[0])
        former = Protein.objects.formerly(*value).values_list("accession", flat=True)
        return queryset.filter(accession__in=[*value, *former])

    def named(self, queryset: ProteinQuerySet, name: str, value: bool) -> ProteinQuerySet:
        return queryset.exclude(name="") if value else queryset.filter(name="")

    def matching(self, queryset: ProteinQuerySet, name: str, value: str) -> ProteinQuerySet:
        return queryset.matching(value)

    def with_genes(self, queryset: ProteinQuerySet, name: str, value: list[int]) -> ProteinQuerySet:
        # Not a join: a protein with two of the genes is one row.
        rows = GeneID.objects.filter(ncbi_gene_id__in=value)
        return queryset.filter(pk__in=rows.values("protein"))

    def with_matrices(
        self, queryset: ProteinQuerySet, name: str, value: list[str]
    ) -> ProteinQuerySet:
        rows = JasparMatrix.objects.filter(matrix_id__in=value)
        return queryset.filter(pk__in=rows.values("protein"))


class CitationFilterSet(FilterSet):
    pmid = numbers("PubMed ID.", largest=identifiers.MAX_PMID)
    title = free_text("Text within the title, in capitals or not.", lookup="icontains")
    author = free_text(
        "Text within the list of authors, in capitals or not.",
        field_name="authors",
        lookup="icontains",
    )
    journal = free_text("The journal, in capitals or not.", lookup="iexact")
    year_min = number("Published in this year or later.", field_name="year", lookup="gte")
    year_max = number("Published in this year or earlier.", field_name="year", lookup="lte")
    doi = free_text("DOI, in capitals or not.", lookup="iexact")
    has_title = truth("Whether its title is known.", field_name="title", method="titled")
    is_retracted = truth("Whether the publication has been retracted.")
    pubmed_status = words("What PubMed said when it was last looked up there.", PUBMED_STATUSES)
    looked_up_since = since(
        "Looked up in PubMed at or after this date or time.", field_name="looked_up_at"
    )
    is_database_paper = truth(
        "The paper of a source database, which says which database supports a row and not "
        "which experiment; the others are primary publications.",
        method="of_kind",
    )

    class Meta:
        model = Citation
        fields: list[str] = []

    def titled(self, queryset: CitationQuerySet, name: str, value: bool) -> CitationQuerySet:
        return queryset.exclude(title="") if value else queryset.filter(title="")

    def of_kind(self, queryset: CitationQuerySet, name: str, value: bool) -> CitationQuerySet:
        return queryset.with_kind().filter(Q(is_database_paper=value))


class SourceFilterSet(FilterSet):
    key = ParameterFilter("Key, as the documents spell it.", text, many=True)
    name = free_text("Name, in capitals or not.", lookup="iexact")
    via = ParameterFilter(
        "Key of the database through which TFLink took it.",
        text,
        field_name="via__key",
        many=True,
    )
    is_direct = truth(
        "Whether TFLink took it from the database itself.", field_name="via", method="direct"
    )
    pmid = numbers(
        "PubMed ID of the database's own paper.",
        largest=identifiers.MAX_PMID,
        field_name="publication__pmid",
    )
    version = free_text("Version, in capitals or not.", lookup="iexact")
    licence = free_text("Licence, in capitals or not.", lookup="iexact")

    class Meta:
        model = SourceDatabase
        fields: list[str] = []

    def direct(
        self, queryset: SourceDatabaseQuerySet, name: str, value: bool
    ) -> SourceDatabaseQuerySet:
        return queryset.filter(via__isnull=value)


class MethodFilterSet(FilterSet):
    name = free_text("Name, in capitals or not.", lookup="iexact")
    name_contains = free_text(
        "Text within the name, in capitals or not.", field_name="name", lookup="icontains"
    )
    psi_mi_id = ParameterFilter(
        "PSI-MI ID, such as MI:0402.",
        pattern(identifiers.PSI_MI_PATTERN, "a PSI-MI ID such as MI:0402"),
        {"type": "string", "example": "MI:0402"},
        many=True,
    )
    has_psi_mi_id = truth(
        "Whether it has a PSI-MI term.", field_name="psi_mi_id", method="with_term"
    )
    identifies_participant_only = truth(
        "PSI-MI has it as a method of participant identification, not of interaction detection."
    )

    class Meta:
        model = DetectionMethod
        fields: list[str] = []

    def with_term(
        self, queryset: DetectionMethodQuerySet, name: str, value: bool
    ) -> DetectionMethodQuerySet:
        return queryset.filter(psi_mi_id__isnull=not value)
