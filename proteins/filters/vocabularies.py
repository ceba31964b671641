"""One FilterSet a resource: its parameters, and the reads that answer them.

Parameters are joined by "and", the several values of one parameter by "or".
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.domain.methods import MethodClass
from proteins.domain.tiers import Tier
from proteins.filters.fields import (
    FilterSet,
    ParameterFilter,
    free_text,
    limits,
    listed,
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
    Evidence,
    PubMedStatus,
    ReviewStatus,
    SourceDatabase,
    Taxon,
    TaxonName,
)
from proteins.models.querysets import (
    CitationQuerySet,
    DetectionMethodQuerySet,
    ProteinQuerySet,
    SourceDatabaseQuerySet,
    TaxonQuerySet,
)
from proteins.queries import visibility

PUBLIC_STATUSES = {
    status.name.lower(): status for status in ReviewStatus if status != ReviewStatus.REJECTED
}
#: The best first.
TIERS = {tier.label: tier for tier in reversed(Tier)}
METHOD_CLASSES = {each.name.lower(): each for each in MethodClass if each} | {
    "other": MethodClass.OTHER
}
PUBMED_STATUSES = {status.name.lower(): status for status in PubMedStatus}


def taxon_keys(ncbi_taxon_ids: list[int]) -> list[int]:
    """The rows of NCBI taxon IDs; ValueError where one is not among the species here."""
    keys_by_taxon = dict(Taxon.objects.values_list("ncbi_taxon_id", "pk"))
    if not keys_by_taxon.keys() >= set(ncbi_taxon_ids):
        # Strains, and the species of a strain, are other names of a row.
        names = TaxonName.objects.filter(fold__in=map(str, ncbi_taxon_ids))
        keys_by_taxon = {
            int(name): pk for name, pk in names.values_list("fold", "taxon")
        } | keys_by_taxon
    return listed(ncbi_taxon_ids, keys_by_taxon, "taxon", map(str, sorted(keys_by_taxon)))


def source_keys(keys: list[str]) -> list[str]:
    """The source databases of some keys, in whatever spelling."""
    by_fold = dict(SourceDatabase.objects.values_list("fold", "key"))
    return listed(keys, by_fold, "source database", by_fold.values())


def method_names(names: list[str]) -> list[str]:
    """The detection methods of some names (in whatever spelling) or PSI-MI IDs."""
    methods = list(DetectionMethod.objects.values_list("fold", "name", "psi_mi_id"))
    by_fold = {fold(psi_mi_id): name for _, name, psi_mi_id in methods if psi_mi_id}
    by_fold |= {folded: name for folded, name, _ in methods}
    return listed(names, by_fold, "detection method", (name for _, name, _ in methods))


def rows_of(accessions: list[str], proteins: ProteinQuerySet) -> list[int]:
    """The primary keys of those of `proteins` that some accessions name."""
    rows = list(proteins.filter(accession__in=accessions).values_list("pk", flat=True))
    if len(rows) < len(accessions):
        # Some may be secondary accessions; hardly ever, so that the query is made only then.
        rows += proteins.formerly(*accessions).values_list("pk", flat=True)
    return rows


def folded_text(value: str) -> str:
    return fold(text(value))


def free_texts(about: str, **kwargs: Any) -> ParameterFilter:
    return ParameterFilter(about, text, many=True, **kwargs)


def taxa(about: str, **kwargs: Any) -> ParameterFilter:
    return numbers(about, resolve=taxon_keys, **kwargs)


def sources(about: str, field_name: str = "evidence", **kwargs: Any) -> ParameterFilter:
    return ParameterFilter(
        f"Key of a source database that {about}, such as GTRD.",
        text,
        field_name=field_name,
        many=True,
        resolve=source_keys,
        noun="source database",
        **kwargs,
    )


def methods(about: str, field_name: str = "evidence", **kwargs: Any) -> ParameterFilter:
    return ParameterFilter(
        f"Name or PSI-MI ID of a detection method that {about}.",
        text,
        {"type": "string", "example": "MI:0402"},
        field_name=field_name,
        many=True,
        resolve=method_names,
        noun="detection method",
        **kwargs,
    )


class TaxonFilterSet(FilterSet):
    ncbi_taxon_id = numbers("NCBI taxon ID, such as 9606.")
    scientific_name = free_text(
        "Scientific name, or another name of the species, in capitals or not.",
        field_name="fold",
        method="called",
    )
    code = ParameterFilter("TFLink's two letters for the species, such as Hs.", text)

    class Meta:
        model = Taxon
        fields: list[str] = []

    def called(self, queryset: TaxonQuerySet, name: str, value: str) -> TaxonQuerySet:
        return queryset.by_fold(value)


class CitationFilterSet(FilterSet):
    pmid = numbers("PubMed ID.", largest=identifiers.MAX_PMID)
    title = free_text("Text within the title, in capitals or not.", lookup="icontains")
    author = free_text(
        "Text within the list of authors, in capitals or not.",
        field_name="authors",
        lookup="icontains",
    )
    journal = free_text("The journal, in capitals or not.", lookup="iexact")
    year_min, year_max = limits(
        "year", "Published in this year or later.", "Published in this year or earlier."
    )
    doi = free_text("DOI, in capitals or not.", lookup="iexact")
    has_title = truth("Whether its title is known.", field_name="title", method="filled")
    source = sources("stands beside it as evidence", method="beside_sources")
    method = methods("stands beside it as evidence", method="beside_methods")
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

    def beside_sources(
        self, queryset: CitationQuerySet, name: str, value: list[str]
    ) -> CitationQuerySet:
        return queryset.filter(visibility.cited_by(Evidence.objects.from_source(*value)))

    def beside_methods(
        self, queryset: CitationQuerySet, name: str, value: list[str]
    ) -> CitationQuerySet:
        return queryset.filter(visibility.cited_by(Evidence.objects.by_method(*value)))

    def of_kind(self, queryset: CitationQuerySet, name: str, value: bool) -> CitationQuerySet:
        return queryset.with_kind().filter(Q(is_database_paper=value))


class SourceFilterSet(FilterSet):
    key = ParameterFilter(
        "Key, as the documents spell it.", folded_text, field_name="fold", many=True
    )
    name = free_text("Name, in capitals or not.", lookup="iexact")
    via = ParameterFilter(
        "Key of the database through which TFLink took it.",
        folded_text,
        field_name="via__fold",
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
    version_date = free_text("Date of the version, or how it begins.", lookup="startswith")
    licence = free_text("Licence, in capitals or not.", lookup="iexact")
    is_aggregator = truth(
        "Whether it gathers what other databases publish, and counts as an independent database "
        "only where nothing that was reached through it is named."
    )

    class Meta:
        model = SourceDatabase
        fields: list[str] = []

    def direct(
        self, queryset: SourceDatabaseQuerySet, name: str, value: bool
    ) -> SourceDatabaseQuerySet:
        return queryset.filter(via__isnull=value)


class MethodFilterSet(FilterSet):
    name = ParameterFilter("Name, in capitals or not.", folded_text, field_name="fold")
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
    method_class = words("What kind of observation it makes.", METHOD_CLASSES)

    class Meta:
        model = DetectionMethod
        fields: list[str] = []

    def with_term(
        self, queryset: DetectionMethodQuerySet, name: str, value: bool
    ) -> DetectionMethodQuerySet:
        return queryset.filter(psi_mi_id__isnull=not value)
