"""The FilterSets of statements and their datasets."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from proteins.domain import identifiers
from proteins.domain.evidence import SmallScale
from proteins.domain.identifiers import shown
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.filters.fields import (
    FilterSet,
    ParameterFilter,
    accessions,
    free_text,
    listed,
    numbers,
    text,
    truth,
    words,
)
from proteins.filters.vocabularies import folded_text, methods, rows_of, sources, taxa
from proteins.models import Dataset, Protein, Statement

SIGNS = {sign.name.lower(): sign for sign in Sign}
BASES = {basis.name.lower(): basis for basis in Basis}
STATES = {state.name.lower(): state for state in StatementState}
SCALES = {scale.name.lower(): scale for scale in SmallScale}


def _pair(value: str) -> tuple[str, str]:
    tf, hyphen, target = value.partition("-")
    if not hyphen:
        raise identifiers.IdentifierError(f"{shown(value)} is not two accessions with a hyphen")
    return identifiers.parse_accession(tf), identifiers.parse_accession(target)


def dataset_names(names: list[str]) -> list[str]:
    """The datasets of some names, in whatever spelling."""
    by_fold = dict(Dataset.objects.values_list("fold", "name"))
    return listed(names, by_fold, "dataset", by_fold.values())


class StatementFilterSet(FilterSet):
    interaction = ParameterFilter(
        "TF and target by accession, joined by a hyphen.",
        _pair,
        many=True,
        method="of_pairs",
    )
    tf = accessions("UniProt accession of the TF.", method="of_proteins")
    target = accessions("UniProt accession of the target.", method="of_proteins")
    taxon = taxa("NCBI taxon ID of the TF's species.", field_name="interaction__tf__taxon")
    dataset = ParameterFilter(
        "Name of the dataset that states it.",
        text,
        field_name="dataset__name",
        many=True,
        resolve=dataset_names,
        label="Dataset",
        noun="dataset",
    )
    source = sources("states it", "dataset__source__key")
    source_id = free_text("Its ID at the source.")
    pmid = numbers(
        "PubMed ID of its publication.",
        largest=identifiers.MAX_PMID,
        field_name="citation__pmid",
    )
    method = methods("it rests on", "method__name")
    eco = free_text("Evidence code, such as ECO:0000096.")
    effect = words("What the TF does to the expression of the target.", SIGNS)
    basis = words("Whether the source states the effect or infers it.", BASES)
    small_scale = words("Whether it is of a small-scale experiment.", SCALES)
    cell_line = free_text("Cell line, exactly as it is stated.")
    tissue = free_text("Tissue, exactly as it is stated.")
    condition = free_text("Condition, exactly as it is stated.")
    curator = free_text("Name of the curator who entered it.")
    orcid = free_text("ORCID of the curator who entered it.")
    state = words("Whether it counts: active, withdrawn or retracted.", STATES)

    class Meta:
        model = Statement
        fields: list[str] = []

    def of_pairs(
        self, queryset: QuerySet[Any], name: str, value: list[tuple[str, str]]
    ) -> QuerySet[Any]:
        pairs = Q()
        for tf, target in value:
            pairs |= Q(interaction__tf__accession=tf, interaction__target__accession=target)
        return queryset.filter(pairs)

    def of_proteins(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        if not value:
            return queryset
        rows = rows_of(value, Protein.objects.all())
        return queryset.filter(**{f"interaction__{name}__in": rows})


class DatasetFilterSet(FilterSet):
    name = ParameterFilter("Its name, in capitals or not.", folded_text, field_name="fold")
    source = sources("states what it holds", "source__key")
    version = free_text("Version of the file that was imported last.")
    version_date = free_text("Date of that version.")
    licence = free_text("Licence, exactly as it is stated.")
    is_share_alike = truth("Whether it is passed on under the same licence only.")
    is_aggregator = truth(
        "Whether its source database passes on what others state.",
        field_name="source__is_aggregator",
    )

    class Meta:
        model = Dataset
        fields: list[str] = []
