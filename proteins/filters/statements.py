"""The FilterSets of statements and their datasets.

A page of statements is an ordered scan of their index by interaction, unless few match: then it
begins at these, and they are sorted. Measured on 200,000 statements, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from proteins.domain import identifiers
from proteins.domain.evidence import SmallScale
from proteins.domain.identifiers import shown
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.filters.fields import (
    FilterSet,
    ParameterFilter,
    by_row,
    free_text,
    listed,
    named_proteins,
    numbers,
    text,
    truth,
    words,
)
from proteins.filters.vocabularies import folded_text, methods, rows_of, sources, taxa
from proteins.models import (
    Citation,
    Dataset,
    DetectionMethod,
    Interaction,
    Protein,
    Statement,
)

SIGNS = {sign.name.lower(): sign for sign in Sign}
BASES = {basis.name.lower(): basis for basis in Basis}
STATES = {state.name.lower(): state for state in StatementState}
#: Statements that are sorted, or counted, in some hundredths of a second.
FEW: Final = 20_000
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
    tf = named_proteins("The TF", method="of_proteins")
    target = named_proteins("The target", method="of_proteins")
    taxon = taxa("NCBI taxon ID of the TF's species.", method="of_taxa")
    dataset = ParameterFilter(
        "Name of the dataset that states it.",
        text,
        method="of_datasets",
        many=True,
        resolve=dataset_names,
        label="Dataset",
        noun="dataset",
    )
    source = sources("states it", "dataset", method="of_sources")
    source_id = free_text("Its ID at the source.")
    pmid = numbers(
        "PubMed ID of its publication.",
        largest=identifiers.MAX_PMID,
        field_name="citation",
        method="by_publication",
    )
    method = methods("it rests on", "method", method="by_method")
    eco = free_text("Evidence code, such as ECO:0000096.")
    effect = words("What the TF does to the expression of the target.", SIGNS, method="of_effect")
    basis = words("Whether the source states the effect or infers it.", BASES)
    small_scale = words("Whether it is of a small-scale experiment.", SCALES)
    cell_line = free_text("Cell line, exactly as it is stated.")
    tissue = free_text("Tissue, exactly as it is stated.")
    condition = free_text("Condition, exactly as it is stated.")
    curator = free_text("Name of the curator who entered it.")
    orcid = free_text("ORCID of the curator who entered it.")
    state = words("Whether it counts: active, withdrawn or retracted.", STATES, method="in_state")

    takes_proteins = {"tf": "taxon", "target": "taxon"}
    #: More are estimated.
    counts_to = FEW

    class Meta:
        model = Statement
        fields: list[str] = []

    def _among(self, queryset: QuerySet[Any], column: str, values: Iterable[int]) -> QuerySet[Any]:
        """Those whose `column`, which has an index, is among `values`."""
        keys = list(values)
        rows = Statement.objects.filter(**{f"{column}__in": keys}).order_by().values("pk")
        is_rare = rows[:FEW].count() < FEW
        self.few |= is_rare
        chosen: QuerySet[Any] = by_row(queryset, column, keys, indexed=is_rare)
        return chosen

    def of_datasets(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return self._of(queryset, Dataset.objects.filter(name__in=value), value)

    def of_sources(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return self._of(queryset, Dataset.objects.filter(source__key__in=value), value)

    def _of(
        self, queryset: QuerySet[Any], datasets: QuerySet[Dataset], value: list[str]
    ) -> QuerySet[Any]:
        keys = datasets.order_by().values_list("pk", flat=True)
        return self._among(queryset, "dataset_id", keys) if value else queryset

    def by_publication(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        keys = Citation.objects.filter(pmid__in=value).values_list("pk", flat=True)
        return self._among(queryset, "citation_id", keys) if value else queryset

    def by_method(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        keys = DetectionMethod.objects.filter(name__in=value).values_list("pk", flat=True)
        return self._among(queryset, "method_id", keys) if value else queryset

    def of_effect(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        return self._among(queryset, "effect", value) if value else queryset

    def in_state(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        if not value:
            return queryset
        # In the words of the partial index, without which SQLite does not use it.
        if StatementState.ACTIVE not in value:
            self.few = True
            queryset = queryset.exclude(state=StatementState.ACTIVE)
        return queryset.filter(state__in=value)

    def of_taxa(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        if not value:
            return queryset
        # SQLite looks up the interaction of each statement, where a join would begin at the far
        # more interactions of the species. PostgreSQL reads those once, which costs it less.
        ours = Interaction.objects.filter(pk=OuterRef("interaction"), tf__taxon__in=value)
        return queryset.filter(Exists(ours))

    def of_pairs(
        self, queryset: QuerySet[Any], name: str, value: list[tuple[str, str]]
    ) -> QuerySet[Any]:
        pairs = Q()
        for tf, target in value:
            pairs |= Q(tf__accession=tf, target__accession=target)
        if not value:
            return queryset
        self.few = True
        keys = list(Interaction.objects.filter(pairs).order_by().values_list("pk", flat=True))
        return queryset.filter(interaction__in=keys)

    def of_proteins(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        if not value:
            return queryset
        self.few = True
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
