"""Which TFs regulate a list of genes more often than expected."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from proteins.analysis import enrichment
from proteins.analysis.core.corrections import Correction
from proteins.analysis.enrichment import COLUMNS, SORTS, Background, Result
from proteins.analysis.identifiers import MAX_BACKGROUND, MAX_IDENTIFIERS
from proteins.analysis.species import Unit
from proteins.api.analysis.answering import QuestionView, written
from proteins.api.analysis.body import Body
from proteins.api.analysis.described import (
    TAXON,
    OutcomeSerializer,
    body_schema,
    identifiers_schema,
    outcome_record,
    query_parameters,
    whole_schema,
    words_schema,
)
from proteins.api.fields import ReadOnlySerializer
from proteins.api.formats import TABLES

_MOST: Final = 2_147_483_647
_SORTS: Final = (*SORTS, *(f"-{name}" for name in SORTS))
_PROPERTIES: Final[dict[str, Any]] = {
    "taxon": TAXON,
    "identifiers": identifiers_schema(
        "UniProt accessions (former ones too), NCBI gene IDs, names, mixed."
    ),
    "background": words_schema(
        "Which genes the list is drawn from: those with a TF under the filters, all of the "
        "species, or those of background_identifiers.",
        Background,
        Background.TARGETS,
    ),
    "background_identifiers": identifiers_schema(
        "The background, which is a list where they are given.", MAX_BACKGROUND
    ),
    "unit": words_schema(
        "What is counted: genes (accessions that share an NCBI gene ID are one), or accessions.",
        Unit,
        Unit.GENE,
    ),
    "min_targets": whole_schema(
        "TFs with fewer targets in the background are not tested.", 1, _MOST, 1
    ),
    "correction": words_schema(
        "Benjamini-Hochberg, Benjamini-Yekutieli or Bonferroni, over all TFs that are tested.",
        Correction,
        Correction.BH,
    ),
    "sort": words_schema(
        "The order, with a hyphen the largest first; then by fold, then by name.",
        _SORTS,
        enrichment.DEFAULT_SORT,
    ),
    "limit": whole_schema("How many TFs are given; all otherwise.", 1, _MOST),
    "fields": {
        "type": "array",
        "items": {"type": "string", "enum": list(COLUMNS)},
        "description": "The columns that are wanted; all otherwise.",
    },
}
_REQUIRED: Final = ["taxon", "identifiers"]
_EXAMPLE: Final = OpenApiExample(
    "Three genes of yeast, with small-scale evidence",
    {"taxon": 559292, "identifiers": ["GAL1", "GAL7", 852307], "small_scale": "yes"},
    request_only=True,
    media_type="application/json",
)
_FILES: Final = {(200, each.media_type): OpenApiTypes.STR for each in TABLES}


class EnrichedTFSerializer(ReadOnlySerializer):
    """A TF that was tested. Fields that are not wanted are left out."""

    tf = serializers.CharField(help_text="UniProt accession of the TF.")
    tf_name = serializers.CharField(help_text="Its name; empty where there is none.")
    tf_gene_ids = serializers.ListField(
        child=serializers.IntegerField(), help_text="Its NCBI gene IDs."
    )
    overlap = serializers.IntegerField(help_text="x: genes of the list that it regulates.")
    targets = serializers.IntegerField(help_text="K: genes of the background that it regulates.")
    query = serializers.IntegerField(help_text="n: genes of the list in the background.")
    background = serializers.IntegerField(help_text="N: genes of the background.")
    expected = serializers.FloatField(help_text="nK/N.")
    fold = serializers.FloatField(help_text="x over expected; 0 where nothing is expected.")
    odds_ratio = serializers.FloatField(help_text="With half a gene added to each cell.")
    ci_low = serializers.FloatField(help_text="Lower end of Woolf's 95 % interval of odds_ratio.")
    ci_high = serializers.FloatField(help_text="Its upper end.")
    p = serializers.FloatField(help_text="P(X >= x), hypergeometric.")
    q = serializers.FloatField(help_text="p, corrected over all TFs that were tested.")
    expected_degree = serializers.FloatField(
        help_text="Genes of the list expected by how many TFs each gene has (degree model)."
    )
    p_degree = serializers.FloatField(help_text="P(X >= x) in the degree model.")
    q_degree = serializers.FloatField(help_text="p_degree, corrected in the same way.")
    small_scale_overlap = serializers.IntegerField(
        help_text="Hits that an experiment of small scale supports."
    )
    activated = serializers.IntegerField(help_text="Hits that it is known to activate.")
    repressed = serializers.IntegerField(help_text="Hits that it is known to repress.")
    in_query = serializers.BooleanField(help_text="Whether the TF is in the list itself.")
    same_targets_as = serializers.ListField(
        child=serializers.CharField(),
        help_text="TFs of just the same targets, which cannot be distinguished from it.",
    )
    genes = serializers.ListField(
        child=serializers.CharField(), help_text="The hits, by accession, in the list's order."
    )
    gene_names = serializers.ListField(
        child=serializers.CharField(), help_text="Their names, in the same order."
    )


class EnrichmentSerializer(ReadOnlySerializer):
    """The TFs of a list, and what became of its identifiers."""

    query = OutcomeSerializer(help_text="What became of each identifier.")
    background = OutcomeSerializer(
        allow_null=True, help_text="The same of a background that was given as a list."
    )
    tests = serializers.IntegerField(help_text="m: TFs that were tested, hit or not.")
    background_size = serializers.IntegerField(help_text="N.")
    query_size = serializers.IntegerField(help_text="n.")
    change_number = serializers.IntegerField(help_text="The last change that the answer knows.")
    release = serializers.CharField(allow_null=True, help_text="The newest release, if any.")
    results = EnrichedTFSerializer(many=True)


class EnrichmentView(QuestionView):
    """Which TFs regulate a list of genes more often than expected.

    Two tests stand side by side: p and q of a draw without return, and p_degree and q_degree, which
    know how many TFs each gene has. Genes that are targets of many TFs are in nearly every list;
    the first test takes them for a finding, so results are sorted by the second. Binding is not
    regulation, and what nobody has looked at is not here. Here and in the other questions every
    filter of the list of interactions applies, by its name.
    """

    lists = ("identifiers", "background_identifiers")

    @extend_schema(
        operation_id="enrichment_query",
        summary="Test which TFs regulate a short list of genes",
        tags=["Lists of genes"],
        parameters=query_parameters(_PROPERTIES, _REQUIRED),
        responses={(200, "application/json"): EnrichmentSerializer, **_FILES},
        extensions={"x-example": "/api/v1/enrichment/?taxon=9606&identifiers=BAX;TP53&limit=5"},
    )
    def get(self, request: Request) -> HttpResponse:
        return self._answer(request)

    @extend_schema(
        operation_id="enrichment",
        summary="Test which TFs regulate a list of genes",
        tags=["Lists of genes"],
        parameters=[],
        request={"application/json": body_schema(_PROPERTIES, _REQUIRED)},
        responses={(200, "application/json"): EnrichmentSerializer, **_FILES},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request) -> HttpResponse:
        return self._answer(request)

    def _answer(self, request: Request) -> HttpResponse:
        question, fields = read_request(Body(self.properties(request)))
        result = self.answered(request, lambda: enrichment.enrich(question))
        columns = [name for name in COLUMNS if fields is None or name in fields]
        document = document_of(result, columns)
        return written(request, "enrichment", columns, result.rows, document)


def read_request(body: Body) -> tuple[enrichment.Request, frozenset[str] | None]:
    """Return the request and the columns that are wanted; raises what is wrong with it."""
    taxon = body.taxon()
    genes = body.identifiers("identifiers", MAX_IDENTIFIERS)
    listed = body.identifiers("background_identifiers", MAX_BACKGROUND, required=False)
    usual = Background.LIST if listed else Background.TARGETS
    background = body.choice("background", Background, usual)
    if listed and background is not Background.LIST:
        body.wrong("background_identifiers", "they are a background only if background is list", "")
    if background is Background.LIST and not listed:
        body.wrong("background_identifiers", "it must be given, as a list", "")
    unit = body.choice("unit", Unit, Unit.GENE)
    least = body.whole("min_targets", _MOST)
    correction = body.choice("correction", Correction, Correction.BH)
    sort = body.one_of("sort", _SORTS, enrichment.DEFAULT_SORT)
    limit = body.whole("limit", _MOST)
    fields = body.fields(COLUMNS)
    filters = body.filters(taxon)
    body.check()
    assert taxon is not None  # noqa: S101  (otherwise something was wrong)
    request = enrichment.Request(
        taxon, genes, background, listed, unit, least or 1, correction, sort, limit, filters
    )
    return request, fields


def document_of(result: Result, columns: list[str]) -> dict[str, Any]:
    return {
        "query": outcome_record(result.query),
        "background": result.background and outcome_record(result.background),
        "tests": result.tests,
        "background_size": result.background_size,
        "query_size": result.query_size,
        "change_number": result.change_number,
        "release": result.release or None,
        "results": [{name: row[name] for name in columns} for row in result.rows],
    }
