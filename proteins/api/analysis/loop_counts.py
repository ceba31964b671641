"""How many feed-forward loops a species has."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from proteins.analysis import sets
from proteins.analysis.sets import MAX_ROWS, Question
from proteins.api.analysis.answering import QuestionView, written
from proteins.api.analysis.body import Body
from proteins.api.analysis.described import TAXON, query_parameters, whole_schema
from proteins.api.fields import ReadOnlySerializer
from proteins.api.formats import TABLES

COLUMNS: Final = ("x", "x_name", "y", "y_name", "loops")
_PROPERTIES: Final[dict[str, Any]] = {
    "taxon": TAXON,
    "limit": whole_schema("How many pairs are given.", 1, MAX_ROWS, 100),
}
_FILES: Final = {(200, each.media_type): OpenApiTypes.STR for each in TABLES}


class LoopNumbersSerializer(ReadOnlySerializer):
    """Counts of one species under the filters."""

    loops = serializers.IntegerField(help_text="Feed-forward loops.")
    pairs = serializers.IntegerField(help_text="Pairs of different TFs, X regulating Y.")
    pairs_with_loops = serializers.IntegerField(
        help_text="Those of them that have a target in common, beside X and Y."
    )
    mutual_pairs = serializers.IntegerField(help_text="Pairs of TFs that regulate each other.")
    autoregulated = serializers.IntegerField(help_text="TFs that regulate themselves.")


class LoopPairSerializer(ReadOnlySerializer):
    """A pair of TFs and how many loops it closes."""

    x = serializers.CharField(help_text="UniProt accession of X.")
    x_name = serializers.CharField(help_text="Its name; empty where there is none.")
    y = serializers.CharField(help_text="UniProt accession of Y, which X regulates.")
    y_name = serializers.CharField(help_text="Its name; empty where there is none.")
    loops = serializers.IntegerField(help_text="Targets that both regulate, beside X and Y.")


class LoopCountsSerializer(ReadOnlySerializer):
    """The loops of a species, and the pairs that close most of them."""

    numbers = LoopNumbersSerializer()
    change_number = serializers.IntegerField(help_text="The last change that the answer knows.")
    release = serializers.CharField(allow_null=True, help_text="The newest release, if any.")
    results = LoopPairSerializer(many=True)


class LoopCountsView(QuestionView):
    """How many feed-forward loops (X regulates Y, and both regulate Z) a species has.

    All are counted, exactly, under the filters of the list of interactions; loops themselves are
    listed around a gene or within a list. Two TFs of thousands of targets close thousands of loops
    whatever they do: how many are expected by chance is not said.
    """

    lists = ()

    @extend_schema(
        operation_id="loop_counts",
        summary="Count the feed-forward loops of a species",
        tags=["Lists of genes"],
        parameters=query_parameters(_PROPERTIES, ["taxon"]),
        responses={(200, "application/json"): LoopCountsSerializer, **_FILES},
        extensions={"x-example": "/api/v1/loop-counts/?taxon=9606"},
    )
    def get(self, request: Request) -> HttpResponse:
        body = Body(self.properties(request))
        taxon = body.taxon()
        limit = body.whole("limit", MAX_ROWS)
        filters = body.filters(taxon)
        body.check()
        assert taxon is not None  # noqa: S101  (otherwise something was wrong)
        assert filters is not None  # noqa: S101
        question = Question(taxon, (), filters)
        answer = self.answered(request, lambda: sets.loop_counts(question, limit or 100))
        document = {
            "numbers": answer.numbers,
            "change_number": answer.change_number,
            "release": answer.release or None,
            "results": answer.rows,
        }
        return written(request, "loop-counts", COLUMNS, answer.rows, document)
