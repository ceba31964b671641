"""How much there is, in numbers."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from proteins.api.fields import ReadOnlySerializer
from proteins.api.resource import StrictQuery
from proteins.api.serializers import TaxonSerializer
from proteins.queries.statistics import Statistics

_COUNTED = "as it was counted at counted_at; null where it was not counted yet."


class ScaleNumbersSerializer(ReadOnlySerializer):
    """Interactions by whether a small-scale experiment supports them."""

    yes = serializers.IntegerField(help_text="A small-scale experiment supports them.")
    no = serializers.IntegerField(help_text="None does.")
    not_stated = serializers.IntegerField(
        source="not stated", help_text="The sources do not say whether one does."
    )


class NumbersSerializer(ReadOnlySerializer):
    """How many there are. What does not say otherwise is exact as of this answer."""

    proteins = serializers.IntegerField()
    tfs = serializers.IntegerField(help_text="Proteins known as transcription factors.")
    targets = serializers.IntegerField(help_text="Proteins known as target genes.")
    interactions = serializers.IntegerField(help_text="Rejected ones are left out.")
    interactions_by_scale = ScaleNumbersSerializer(
        allow_null=True,
        help_text=f"By whether a small-scale experiment supports them, {_COUNTED}",
    )
    binding_sites = serializers.IntegerField(
        allow_null=True, help_text=f"Binding sites of its TFs, {_COUNTED}"
    )
    citations = serializers.IntegerField(
        allow_null=True,
        help_text="Publications that support something. In the total exact up to 20,000; more, "
        f"and those of the interactions of a species {_COUNTED}",
    )


class SpeciesNumbersSerializer(ReadOnlySerializer):
    """How many there are of one species; an interaction is of the species of its TF."""

    taxon = TaxonSerializer()
    numbers = NumbersSerializer()


class StatisticsSerializer(ReadOnlySerializer):
    """How much there is, in all and of each species."""

    total = NumbersSerializer()
    species = SpeciesNumbersSerializer(many=True, help_text="Those that have proteins here.")
    sources = serializers.IntegerField(help_text="Source databases that support something.")
    methods = serializers.IntegerField(help_text="Detection methods that support something.")
    counted_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When the numbers were counted that are not exact: at the end of an import.",
    )


class StatisticsView(StrictQuery):
    """Numbers of proteins, TFs, targets, interactions, binding sites and citations.

    In all and of each species. Most are kept as records change, and exact; the others were
    counted at the end of an import, and counted_at says when.
    """

    @extend_schema(
        operation_id="statistics_retrieve",
        summary="Read how much there is",
        tags=["Statistics"],
        responses={200: StatisticsSerializer},
        extensions={"x-example": "/api/v1/statistics/"},
    )
    def get(self, request: Request) -> Response:
        written = StatisticsSerializer(Statistics.read(), context={"request": request})
        return Response(written.data)
