"""The neighbourhood of a protein: as JSON, and as files for network software."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from proteins.api.fields import Absent, ReadOnlySerializer, UrlField
from proteins.api.formats import Format
from proteins.api.negotiation import JSON
from proteins.api.parameters import PARAMETER
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.api.resource import StrictQuery
from proteins.api.serializers import (
    EFFECT_WORDS,
    PUBLIC_STATUS_WORDS,
    REPORTING_WORDS,
    SMALL_SCALE_WORDS,
)
from proteins.domain import identifiers
from proteins.domain.identifiers import shown
from proteins.exports import graphs
from proteins.filters.fields import whole_number
from proteins.models import Protein
from proteins.queries.neighbourhood import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    Edge,
    Role,
    Selection,
    read_network,
)


def _format(name: str, about: str) -> Format:
    form = graphs.FORMATS[name]
    return Format(name, form.media_type, name, about, form.network)


FORMATS: Final = (
    _format("cx2", "CX2, with the places and the look of the site's drawing."),
    _format("sif", "SIF, for Cytoscape."),
    _format("graphml", "GraphML."),
)


def _key(edge: Edge) -> str:
    return f"{edge.tf.accession}-{edge.target.accession}"


class NetworkNodeSerializer(ReadOnlySerializer):
    """A protein of a neighbourhood."""

    accession = serializers.CharField(help_text="UniProt accession.")
    name = Absent(help_text="Gene or protein name; null where there is none.")
    role = serializers.ChoiceField(
        [role.value for role in Role if role is not Role.FURTHER],
        source="role.value",
        help_text="What it is to the protein in the centre: its regulator, its target, or both.",
    )
    url = UrlField("api-protein-list", lambda node: node.accession)


class NetworkEdgeSerializer(ReadOnlySerializer):
    """An interaction of a neighbourhood, from regulator to target."""

    id = serializers.SerializerMethodField(help_text="TF and target by accession.")
    tf = serializers.CharField(source="tf.accession", help_text="The node that regulates.")
    target = serializers.CharField(source="target.accession", help_text="The node it regulates.")
    effect = serializers.ChoiceField(
        EFFECT_WORDS,
        source="effect.label",
        help_text="What the TF does to the expression of the target.",
    )
    small_scale = serializers.ChoiceField(
        SMALL_SCALE_WORDS,
        source="small_scale.label",
        help_text="Whether a small-scale experiment supports it.",
    )
    publications = serializers.IntegerField(
        help_text="How many publications support it, databases' own papers among them."
    )
    databases = serializers.IntegerField(help_text="How many source databases support it.")
    status = serializers.ChoiceField(
        PUBLIC_STATUS_WORDS, source="status.label", help_text="A curator's verdict."
    )
    reporting = serializers.ChoiceField(
        REPORTING_WORDS,
        source="reporting.label",
        help_text="Whether the sources still report it: a species' table is complete.",
    )
    url = UrlField("api-interaction-list", _key)

    def get_id(self, edge: Edge) -> str:
        return _key(edge)


class NetworkSerializer(ReadOnlySerializer):
    """A protein, its best-supported neighbours, and the interactions among them all."""

    accession = serializers.CharField(
        source="centre.accession", help_text="UniProt accession of the protein in the centre."
    )
    limit = serializers.IntegerField(help_text="How many neighbours there are at most.")
    has_more = serializers.BooleanField(help_text="It has neighbours that are not here.")
    has_more_edges = serializers.BooleanField(
        help_text="Its neighbours have interactions among each other that are not here."
    )
    nodes = NetworkNodeSerializer(
        many=True, help_text="The protein itself, then its neighbours, the best supported first."
    )
    edges = NetworkEdgeSerializer(
        many=True,
        help_text="The protein's own, then those among its neighbours; the best supported first.",
    )


class NetworkView(StrictQuery):
    """What regulates a protein, what it regulates, and what these do to each other.

    The best-supported neighbours up to a limit, and the best-supported interactions among
    them. Rejected interactions are left out.
    """

    own_parameters = ("limit", PARAMETER)
    offered_formats = FORMATS

    @extend_schema(
        operation_id="network_retrieve",
        summary="Read the neighbourhood of a protein",
        tags=["Network"],
        parameters=[
            OpenApiParameter(
                "identifier", OpenApiTypes.STR, OpenApiParameter.PATH,
                description="UniProt accession, in capitals or not.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
                OpenApiParameter.QUERY, description="How many neighbours there are at most.",
            ),
            OpenApiParameter(
                PARAMETER,
                {"type": "string", "enum": [JSON, *(f.name for f in FORMATS)], "default": JSON},
                OpenApiParameter.QUERY,
                description="As a file; the header Accept asks for the same. "
                + " ".join(f"{f.name}: {f.about}" for f in FORMATS),
            ),
        ],
        responses={
            (200, "application/json"): NetworkSerializer,
            **{(200, f.media_type): OpenApiTypes.STR for f in FORMATS},
        },
        extensions={"x-example": "/api/v1/proteins/Q9UK53/network/?limit=20"},
    )  # fmt: skip
    def get(self, request: Request, identifier: str) -> Any:
        limit = _limit(request)
        protein = _protein(identifier)
        if protein.accession != identifiers.parse_accession(identifier):
            path = reverse("api-protein-network", args=[protein.accession])
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
        network = read_network(protein, Selection(limit))
        file_format: Format | None = getattr(request, "file_format", None)
        if file_format is None:
            return Response(NetworkSerializer(network, context={"request": request}).data)
        name = f"{protein.accession.lower()}-network-{limit}.{file_format.suffix}"
        return HttpResponse(
            "".join(file_format.write(network)),
            f"{file_format.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    try:
        return int(whole_number(1, MAX_LIMIT)(text.strip()))
    except ValueError as error:
        raise InvalidParameters([ParameterError.of("limit", text, str(error))]) from error


def _protein(identifier: str) -> Protein:
    """The protein of an accession, present or former; Http404 where there is none."""
    try:
        accession = identifiers.parse_accession(identifier)
    except identifiers.IdentifierError as error:
        raise Http404(f"{error}.") from error
    protein = Protein.objects.by_accession(accession).select_related("taxon").first()
    if protein is None:
        raise Http404(f"No protein {shown(identifier)} is here.")
    return protein
