"""The FilterSets of proteins and of their orthologs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import F, Q

from proteins.domain import facets, identifiers
from proteins.domain.identifiers import shown
from proteins.domain.names import KEY_LENGTH, folded_name
from proteins.filters.fields import (
    CHANGED_SINCE,
    NAME_SCHEMA,
    FilterSet,
    ParameterFilter,
    accessions,
    limits,
    name_text,
    named_proteins,
    numbers,
    since,
    text,
    truth,
    words,
)
from proteins.filters.vocabularies import (
    METHOD_CLASSES,
    PUBLIC_STATUSES,
    TIERS,
    free_texts,
    methods,
    rows_of,
    sources,
    taxa,
)
from proteins.models import (
    ChangeSet,
    DetectionMethod,
    GeneID,
    JasparMatrix,
    Ortholog,
    Protein,
    SourceDatabase,
)
from proteins.models.querysets import OrthologQuerySet, ProteinQuerySet
from proteins.queries.totals import READ
from proteins.queries.trigrams import MIN_LENGTH, names_holding, proteins_holding

#: Proteins that a text may mean which are looked up before an ordered scan begins.
FEW: Final = 1_000


def piece(value: str) -> str:
    """A piece of a name that has a trigram."""
    read = name_text(value)
    if len(folded_name(read)) < MIN_LENGTH or len(value) > KEY_LENGTH:
        raise ValueError(f"{shown(value)} is not {MIN_LENGTH} to {KEY_LENGTH} letters of a name")
    return read


class ProteinFilterSet(FilterSet):
    accession = accessions("UniProt accession, in capitals or not.", method="with_accessions")
    name = ParameterFilter(
        "The whole name, or one name of a list (TEF1 of TEF1;TEF2), in capitals or not.",
        name_text,
        NAME_SCHEMA,
        method="called",
    )
    name_prefix = ParameterFilter(
        "How the name begins, or one name of a list, in capitals or not.",
        name_text,
        NAME_SCHEMA,
        method="with_name_beginning",
    )
    name_contains = ParameterFilter(
        "Text within a name or synonym, of three letters or more, whatever its capitals, hyphens "
        "and blanks.",
        piece,
        {"type": "string", "minLength": 3, "maxLength": 100},
        method="with_name_holding",
        label="Name contains",
    )
    has_name = truth("Whether it has a name.", field_name="name", method="filled")
    q = ParameterFilter(
        "How the accession or name begins, or a whole NCBI gene ID.",
        text,
        method="matching",
        label="Name or accession",
        help_text="How a name or accession begins, or a whole gene ID.",
    )
    gene_id = numbers("NCBI gene ID.", field_name="gene_ids", method="with_genes")
    taxon = taxa("NCBI taxon ID, such as 9606.", label="Species", noun="species")
    is_tf = truth("Known as a transcription factor.", label="TF", noun="function")
    is_target = truth("Known as a target gene.", label="Target", noun="function")
    has_page = truth("Described by a page of its own, not only named on others'.")
    jaspar_matrix = ParameterFilter(
        "JASPAR matrix ID with its version, such as MA0106.1.",
        identifiers.parse_jaspar_matrix,
        {"type": "string", "example": "MA0106.1"},
        field_name="jaspar_matrices",
        many=True,
        method="with_matrices",
    )
    declared_interactions_min, declared_interactions_max = limits(
        "declared_interactions",
        "Its page declares so many interactions or more.",
        "Its page declares so many interactions or fewer.",
    )
    target_count_min, target_count_max = limits(
        "target_count", "Regulates so many targets or more.", "Regulates so many targets or fewer."
    )
    tf_count_min, tf_count_max = limits(
        "tf_count", "Regulated by so many TFs or more.", "Regulated by so many TFs or fewer."
    )
    source = sources(
        "supports one of its interactions", "facets", method="from_sources", label="Source database"
    )
    method = methods(
        "supports one of its interactions", "facets", method="by_methods", label="Detection method"
    )
    method_class = words(
        "Class of a method that supports one of its interactions.",
        METHOD_CLASSES,
        field_name="facets",
        method="by_method_classes",
        label="Class of method",
        noun="class of method",
    )
    tier = words(
        "Tier of support of one of its interactions.",
        TIERS,
        field_name="facets",
        method="by_tiers",
        label="Tier of support",
        noun="tier",
    )
    status = words(
        "A curator's verdict on one of its interactions.",
        PUBLIC_STATUSES,
        field_name="facets",
        method="with_statuses",
        label="Review status",
        noun="review status",
    )
    has_small_scale = truth(
        "Whether a small-scale experiment supports one of its interactions.",
        field_name="facets",
        method="small_scale",
        label="Small-scale",
        noun="kind of evidence",
        yes="has some",
        no="has none",
    )
    has_binding_sites = truth(
        "Whether binding sites of it are known.",
        field_name="facets",
        method="placed",
        label="Binding sites",
        noun="choice",
        yes="has some",
        no="has none",
    )
    changed_since = since(CHANGED_SINCE, field_name="change", method="changed")

    controls = (
        "q",
        "name_contains",
        "taxon",
        "is_tf",
        "is_target",
        "source",
        "method",
        "method_class",
        "tier",
        "has_small_scale",
        "status",
        "has_binding_sites",
    )

    class Meta:
        model = Protein
        fields: list[str] = []

    def called(self, queryset: ProteinQuerySet, name: str, value: str) -> ProteinQuerySet:
        return queryset.called(value)

    def with_name_beginning(
        self, queryset: ProteinQuerySet, name: str, value: str
    ) -> ProteinQuerySet:
        return queryset.with_name_beginning(value)

    def with_accessions(
        self, queryset: ProteinQuerySet, name: str, value: list[str]
    ) -> ProteinQuerySet:
        # One accession is compared by equality, which keeps the order of an index.
        if len(value) == 1:
            return queryset.by_accession(value[0])
        former = Protein.objects.formerly(*value).values_list("accession", flat=True)
        return queryset.filter(accession__in=[*value, *former])

    def matching(self, queryset: ProteinQuerySet, name: str, value: str) -> ProteinQuerySet:
        return queryset.matching(value)

    def with_name_holding(
        self, queryset: ProteinQuerySet, name: str, value: str
    ) -> ProteinQuerySet:
        keys = proteins_holding(value, FEW + 1)
        if len(keys) <= FEW:
            return queryset.filter(pk__in=keys)
        short, full = (names.values("protein") for names in names_holding(value))
        return queryset.filter(Q(pk__in=short) | Q(pk__in=full))

    def with_genes(self, queryset: ProteinQuerySet, name: str, value: list[int]) -> ProteinQuerySet:
        # Not a join: a protein with two of the genes is one row.
        rows = GeneID.objects.filter(ncbi_gene_id__in=value)
        return queryset.filter(pk__in=rows.values("protein"))

    def with_matrices(
        self, queryset: ProteinQuerySet, name: str, value: list[str]
    ) -> ProteinQuerySet:
        rows = JasparMatrix.objects.filter(matrix_id__in=value)
        return queryset.filter(pk__in=rows.values("protein"))

    def from_sources(
        self, queryset: ProteinQuerySet, name: str, value: list[str]
    ) -> ProteinQuerySet:
        keys = SourceDatabase.objects.by_fold(*value).values_list("pk", flat=True)
        return _has_any(queryset, *map(facets.source, keys.order_by()))

    def by_methods(self, queryset: ProteinQuerySet, name: str, value: list[str]) -> ProteinQuerySet:
        keys = DetectionMethod.objects.by_fold(*value).values_list("pk", flat=True)
        return _has_any(queryset, *map(facets.method, keys.order_by()))

    def by_method_classes(
        self, queryset: ProteinQuerySet, name: str, value: list[int]
    ) -> ProteinQuerySet:
        methods = DetectionMethod.objects.used().filter(method_class__in=value)
        keys = methods.values_list("pk", flat=True)
        return _has_any(queryset, *map(facets.method, keys.order_by()))

    def by_tiers(self, queryset: ProteinQuerySet, name: str, value: list[int]) -> ProteinQuerySet:
        return _has_any(queryset, *(facets.TIERS[tier] for tier in value))

    def with_statuses(
        self, queryset: ProteinQuerySet, name: str, value: list[int]
    ) -> ProteinQuerySet:
        return _has_any(queryset, *(facets.STATUSES[status] for status in value))

    def small_scale(self, queryset: ProteinQuerySet, name: str, value: bool) -> ProteinQuerySet:
        return _has(queryset, facets.SMALL_SCALE, value)

    def placed(self, queryset: ProteinQuerySet, name: str, value: bool) -> ProteinQuerySet:
        return _has(queryset, facets.BINDING_SITES, value)

    def changed(self, queryset: ProteinQuerySet, name: str, value: datetime) -> ProteinQuerySet:
        return queryset.filter(change__gte=ChangeSet.objects.first_since(value))


def _has(queryset: ProteinQuerySet, word: str, value: bool) -> ProteinQuerySet:
    return queryset.with_facets(word) if value else queryset.without_facets(word)


def _has_any(queryset: ProteinQuerySet, *words: str) -> ProteinQuerySet:
    # All bits of one word exclude more than any of them.
    return queryset.with_facets(*words) if len(words) == 1 else queryset.with_any_facet(*words)


class BrowseFilterSet(ProteinFilterSet):
    """The same where each order is read from an index, and a text must not be sorted by."""

    def matching(self, queryset: ProteinQuerySet, name: str, value: str) -> ProteinQuerySet:
        matching = Protein.objects.matching(value).order_by().values_list("pk", flat=True)
        keys = list(matching[: FEW + 1])
        # Few are put in order at once; many are met soon on any ordered scan.
        return (
            queryset.filter(pk__in=keys) if len(keys) <= FEW else queryset.with_any_beginning(value)
        )


class OrthologFilterSet(FilterSet):
    protein = named_proteins("The protein whose ortholog it is", method="of_proteins")
    protein_taxon = taxa("NCBI taxon ID of that protein's species.", method="of_species")
    taxon = taxa("NCBI taxon ID of the ortholog's species.")
    identifier = free_texts("Its identifier, often a UniProt accession; in capitals as it is.")
    in_tflink = truth("TFLink lists it as a protein of its own.")

    takes_proteins = {"protein": "protein_taxon"}
    # A species has no index here: rows are read one by one.
    counts_to = READ

    class Meta:
        model = Ortholog
        fields: list[str] = []

    def of_proteins(
        self, queryset: OrthologQuerySet, name: str, value: list[str]
    ) -> OrthologQuerySet:
        return queryset.filter(protein__in=rows_of(value, Protein.objects.all()))

    def of_species(
        self, queryset: OrthologQuerySet, name: str, value: list[int]
    ) -> OrthologQuerySet:
        # Adding zero keeps a planner from beginning at the species, and from sorting then.
        return queryset.alias(of_taxon=F("protein__taxon_id") + 0).filter(of_taxon__in=value)
