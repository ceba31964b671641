"""Whether orthologs are reported to interact in other species, of one interaction or of a TF's."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from proteins.analysis import conservation
from proteins.analysis.conservation import Compared, Conserved, Untestable
from proteins.api.analysis.answering import QuestionView, written
from proteins.api.analysis.body import Body
from proteins.api.analysis.described import TAXON, format_parameter, words_schema
from proteins.api.fields import ReadOnlySerializer
from proteins.api.formats import TABLES
from proteins.domain.identifiers import IdentifierError, parse_accession
from proteins.models import Protein, Taxon

COLUMNS: Final = (
    "interaction",
    "target_name",
    "ncbi_taxon_id",
    "species",
    "answer",
    "reason",
    "pairs",
    "expected",
)
_FILES: Final = {(200, each.media_type): OpenApiTypes.STR for each in TABLES}


class Links(StrEnum):
    """Which end of a link between orthologs has to state it."""

    EITHER = "either"
    OWN = "own"


class ConservationSerializer(ReadOnlySerializer):
    """The answer of one species for one interaction."""

    interaction = serializers.CharField(help_text="TF and target by accession.")
    target_name = serializers.CharField(help_text="The name of the target; empty for none.")
    ncbi_taxon_id = serializers.IntegerField(help_text="The other species.")
    species = serializers.CharField(help_text="Its scientific name.")
    answer = serializers.ChoiceField(
        [one.value for one in Conserved],
        help_text="not_reported: both have an ortholog there, and the TF's has targets there.",
    )
    reason = serializers.ChoiceField(
        [one.value for one in Untestable],
        allow_null=True,
        help_text="Why it is not testable; null where it is.",
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


def _parameter(name: str, schema: dict[str, Any], about: str) -> OpenApiParameter:
    bare = {key: value for key, value in schema.items() if key != "description"}
    return OpenApiParameter(name, bare, OpenApiParameter.QUERY, description=about)


class ConservationView(QuestionView):
    """Whether the orthologs of a TF and of its targets are reported to interact in other species.

    Three answers: reported; not reported though both have an ortholog there and the TF's has
    targets; not testable. Links between orthologs are those that either end states: one in six is
    stated at one end only. Absence of evidence is not evidence of absence. Counts are of all
    answers, before those are chosen that are wanted.
    """

    lists = ()

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
            _parameter("taxon", TAXON, "NCBI taxon ID of another species; all otherwise."),
            _parameter(
                "answer",
                {"type": "string", "enum": [one.value for one in Conserved]},
                "Only rows of this answer.",
            ),
            _parameter(
                "links",
                words_schema("", Links, Links.EITHER),
                "Orthologs that either end states, or only those that the TF and its targets "
                "state themselves (own).",
            ),
            format_parameter(TABLES),
        ],
        responses={(200, "application/json"): ConservationsSerializer, **_FILES},
        extensions={"x-example": "/api/v1/proteins/Q9UK53/conservation/?target=Q07812"},
    )  # fmt: skip
    def get(self, request: Request, identifier: str) -> HttpResponse:
        body = Body(self.properties(request))
        target = body.text("target")
        taxon = body.taxon(required=False)
        links = body.choice("links", Links, Links.EITHER)
        wanted = body.optional("answer", Conserved)
        body.check()
        tf = _protein(identifier)
        one = None if target is None else _protein(target)
        compared = self.answered(request, lambda: _compared(tf, one, taxon, links))
        document = _counts(compared) | {
            "results": [
                record(tf, each)
                for each in compared
                if wanted is None or each.answer.answer is wanted
            ]
        }
        return written(request, "conservation", COLUMNS, document["results"], document)


def _protein(identifier: str) -> Protein:
    try:
        accession = parse_accession(identifier)
    except IdentifierError as error:
        raise Http404(f"{error}.") from error
    protein = Protein.objects.by_accession(accession).select_related("taxon").first()
    if protein is None:
        raise Http404(f"No protein {accession} is here.")
    return protein


def _compared(
    tf: Protein, target: Protein | None, taxon: Taxon | None, links: Links
) -> list[Compared]:
    others = Taxon.objects.exclude(pk=tf.taxon_id).order_by("ncbi_taxon_id")
    if taxon is not None:
        others = others.filter(pk=taxon.pk)
    return conservation.of_targets(tf, others, target, both_ends=links is Links.EITHER)


def _counts(compared: list[Compared]) -> dict[str, Any]:
    testable = [one.answer for one in compared if one.answer.expected is not None]
    return {
        "reported": sum(one.answer is Conserved.REPORTED for one in testable),
        "testable": len(testable),
        "expected": sum(one.expected or 0.0 for one in testable),
    }


def record(tf: Protein, compared: Compared) -> dict[str, Any]:
    """A row of a file, by column."""
    target, answer = compared
    return {
        "interaction": f"{tf.accession}-{target.accession}",
        "target_name": target.name,
        "ncbi_taxon_id": answer.taxon.ncbi_taxon_id,
        "species": answer.taxon.scientific_name,
        "answer": str(answer.answer),
        "reason": None if answer.why is None else str(answer.why),
        "pairs": ["-".join(end.accession for end in pair) for pair in answer.pairs],
        "expected": answer.expected,
    }
