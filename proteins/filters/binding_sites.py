"""The FilterSet of binding sites."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from proteins.domain import identifiers
from proteins.domain.regions import Region, parse_region
from proteins.filters.fields import ParameterFilter, free_text, limits, truth, words
from proteins.filters.interactions import SupportedFilterSet
from proteins.models import BindingSite, FormerSiteID, Strand
from proteins.models.querysets import BindingSiteQuerySet, ProteinQuerySet

STRANDS = {"plus": Strand.PLUS, "minus": Strand.MINUS, "not_stated": Strand.NOT_STATED}


class BindingSiteFilterSet(SupportedFilterSet):
    tflink_id = ParameterFilter(
        "TFLink ID of the site, such as TFLinkLS08541019; former ones too.",
        identifiers.parse_tflink_site,
        {"type": "string", "example": "TFLinkLS08541019"},
        many=True,
        method="called",
        label="TFLink ID",
    )
    region = ParameterFilter(
        "Overlaps this region, on either strand; positions count from 1, both ends included.",
        parse_region,
        {"type": "string", "example": "chr14:23,670,000-23,680,000"},
        field_name="bin",
        method="in_region",
        label="Region",
        help_text="Such as chr14:23,670,000-23,680,000, from 1, both ends included.",
    )
    assembly = free_text("Genome assembly, such as hg38.", label="Assembly")
    chromosome = free_text("Chromosome, such as chr14.")
    start_min, start_max = limits(
        "start",
        "Starts here or later (base pair, as its source counts).",
        "Starts here or earlier.",
    )
    end_min, end_max = limits(
        "end", "Ends here or later (base pair, as its source counts).", "Ends here or earlier."
    )
    strand = words("Strand.", STRANDS, label="Strand", noun="strand")
    overlaps_min, overlaps_max = limits(
        "overlaps",
        "Overlaps so many other sites or more.",
        "Overlaps so many other sites or fewer.",
    )
    has_sequence = truth("Whether its sequence is known.", field_name="sequence", method="filled")

    # Nine million sites are indexed by TF, by evidence, and by place.
    needs = dict.fromkeys(
        (
            "assembly",
            "chromosome",
            "start_min",
            "start_max",
            "end_min",
            "end_max",
            "strand",
            "overlaps_min",
            "overlaps_max",
            "has_sequence",
        ),
        ("tf", "region"),
    )
    controls = ("small_scale",)

    class Meta:
        model = BindingSite
        fields: list[str] = []

    def called(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        former = FormerSiteID.objects.filter(tflink_id__in=value).values("site")
        return queryset.filter(Q(tflink_id__in=value) | Q(pk__in=former)) if value else queryset

    def in_region(
        self, queryset: BindingSiteQuerySet, name: str, value: Region
    ) -> BindingSiteQuerySet:
        # Its rows are read by the index of places, and sorted.
        self.few = True
        return queryset.in_region(value)

    def possible_tfs(self, proteins: ProteinQuerySet) -> ProteinQuerySet:
        sites = BindingSite.objects.filter(tf=OuterRef("pk"))
        return proteins.filter(Exists(sites))

    def names_proteins(self) -> bool:
        return self.has("tf", "tflink_id")
