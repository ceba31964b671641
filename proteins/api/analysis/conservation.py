"""Whether orthologs are reported to interact in other species, of one interaction or of a TF's."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from proteins.analysis.conservation import Conserved, OrthologPairs, conservation
from proteins.api.analysis.answering import QuestionView, written
from proteins.api.analysis.described import format_parameter
from proteins.api.fields import ReadOnlySerializer
from proteins.api.formats import TABLES
from proteins.api.parameters import PARAMETER, query_errors
from proteins.api.problems import InvalidParameters
from proteins.domain.identifiers import IdentifierError, parse_accession
from proteins.models import Interaction, Protein, Taxon

_COLUMNS: Final = (
    "interaction",
    "target_name",
    "ncbi_taxon_id",
    "species",
    "answer",
    "pairs",
    "expected",
)
_FILES: Final = {(200, each.media_type): OpenApiTypes.STR for each in TABLES}


class ConservationSerializer(ReadOnlySerializer):
    """The answer of one species for one interaction."""

    interaction = serializers.CharField(help_text="TF and target by accession.")
    target_name = serializers.CharField(help_text="The name of the target; empty for none.")
    ncbi_taxon_id = serializers.IntegerField(help_text="The other species.")
    species = serializers.CharField(help_text="Its scientific name.")
    answer = serializers.ChoiceField(
        [one.value for one in Conserved],
        help_text="Not reported: both have an ortholog there, and the TF's has targets there.",
    )
    pairs = serializers.ListField(
        child=serializers.CharField(),
        help_text="Pairs of orthologs: those that are reported, or those that could be.",
    )
    expected = serializers.FloatField(
        allow_null=True,
        help_text="The chance of a report by the degrees of the orthologs alone, where testable.",
    )


class ConservationsSerializer(ReadOnlySerializer):
    """The answers of each other species."""

    reported = serializers.IntegerField(help_text="Answers that are reported.")
    testable = serializers.IntegerField(help_text="Answers that are reported, or could be.")
    expected = serializers.FloatField(help_text="How many reports the degrees alone would give.")
    results = ConservationSerializer(many=True)


class ConservationView(QuestionView):
    """Whether the orthologs of a TF and of its targets are reported to interact in other species.

    Three answers: reported; not reported though both have an ortholog there and the TF's has
    targets; not testable. Links between orthologs are those that either end states. That nothing
    is reported mostly means that nobody has looked.
    """

    @extend_schema(
        operation_id="conservation",
        summary="Compare a TF's interactions with those of its orthologs",
        tags=["Lists of genes"],
        parameters=[
            OpenApiParameter(
                "identifier", OpenApiTypes.STR, OpenApiParameter.PATH,
                description="UniProt accession of the TF.",
            ),
            OpenApiParameter(
                "target", OpenApiTypes.STR, OpenApiParameter.QUERY,
                description="UniProt accession of one target; all otherwise.",
            ),
            format_parameter(TABLES),
        ],
        responses={(200, "application/json"): ConservationsSerializer, **_FILES},
        extensions={"x-example": "/api/v1/proteins/Q9UK53/conservation/?target=Q07812"},
    )  # fmt: skip
    def get(self, request: Request, identifier: str) -> HttpResponse:
        if errors := query_errors(request, ["target", PARAMETER]):
            raise InvalidParameters(errors)
        tf = _protein(identifier)
        rows = Interaction.objects.public().of_tf(tf)
        if "target" in request.query_params:
            rows = rows.of_target(_protein(request.query_params["target"]))
        records = self.answered(request, lambda: _records(tf, rows))
        testable = [one for one in records if one["answer"] != Conserved.NOT_TESTABLE]
        document = {
            "reported": sum(one["answer"] == Conserved.REPORTED for one in records),
            "testable": len(testable),
            "expected": sum(one["expected"] for one in testable),
            "results": records,
        }
        return written(request, "conservation", _COLUMNS, records, document)


def _protein(identifier: str) -> Protein:
    try:
        accession = parse_accession(identifier)
    except IdentifierError as error:
        raise Http404(f"{error}.") from error
    protein = Protein.objects.by_accession(accession).select_related("taxon").first()
    if protein is None:
        raise Http404(f"No protein {accession} is here.")
    return protein


def _records(tf: Protein, interactions: Any) -> list[dict[str, Any]]:
    rows = interactions.order_by("target__accession")
    targets = list(rows.values_list("target_id", "target__accession", "target__name"))
    pairs = [(tf.pk, target) for target, *_ in targets]
    records = []
    for other in Taxon.objects.exclude(pk=tf.taxon_id).order_by("ncbi_taxon_id"):
        answers = conservation(pairs, tf.taxon, other)
        records += [
            _record(f"{tf.accession}-{accession}", name, answer)
            for (_, accession, name), answer in zip(targets, answers, strict=True)
        ]
    return records


def _record(interaction: str, name: str, answer: OrthologPairs) -> dict[str, Any]:
    return {
        "interaction": interaction,
        "target_name": name,
        "ncbi_taxon_id": answer.taxon.ncbi_taxon_id,
        "species": answer.taxon.scientific_name,
        "answer": str(answer.answer),
        "pairs": ["-".join(pair) for pair in answer.pairs],
        "expected": answer.expected,
    }
