"""The search of the site, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from proteins.api.fields import ReadOnlySerializer, UrlField
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.api.resource import StrictQuery
from proteins.domain.written_forms import Form
from proteins.filters.fields import name_text, whole_number
from proteins.models import Protein, Taxon
from proteins.queries.search import Hit, Record, SearchResult, find

MAX_LIMIT: Final = 100
DEFAULT_LIMIT: Final = 20
_FORMS: Final = [form.value for form in Form if form not in (Form.NAME, Form.ENTRY_NAME)]


class SearchProteinSerializer(ReadOnlySerializer):
    """A protein that a text may mean."""

    accession = serializers.CharField(source="protein.accession", help_text="UniProt accession.")
    name = serializers.SerializerMethodField(
        help_text="Gene or protein name; null where there is none."
    )
    ncbi_taxon_id = serializers.IntegerField(
        source="protein.taxon.ncbi_taxon_id", help_text="Its species."
    )
    interactions = serializers.IntegerField(
        source="protein.interaction_count", help_text="As TF plus as target."
    )
    how = serializers.CharField(
        help_text="How the text was read, such as OCT4, a synonym of POU5F1: UniProt 2026_04; "
        "empty where it is the accession or the name, or their beginning."
    )
    is_exact = serializers.BooleanField(
        help_text="The text is a whole name or identifier of it, not only the beginning of one."
    )
    url = UrlField("api-protein-list", lambda hit: hit.protein.accession)

    def get_name(self, hit: Hit) -> str | None:
        return hit.protein.name or None


class SearchRecordSerializer(ReadOnlySerializer):
    """What else a text may mean."""

    text = serializers.CharField(source="__str__", help_text="What pages call it.")
    url = serializers.SerializerMethodField(help_text="Its page.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, record: Record) -> str:
        request: Request = self.context["request"]
        return request.build_absolute_uri(record.get_absolute_url())


class SearchIdentifierSerializer(ReadOnlySerializer):
    """One identifier of a list."""

    identifier = serializers.CharField(source="text", help_text="As it is in the text.")
    is_certain = serializers.SerializerMethodField(
        help_text="Exactly one protein of the requested species bears it."
    )
    verdict = serializers.CharField(help_text="What became of it, in words.")
    proteins = SearchProteinSerializer(many=True, source="hits", help_text="What it may mean.")

    def get_is_certain(self, listed: Any) -> bool:
        return listed.meaning.certain is not None


class SearchSerializer(ReadOnlySerializer):
    """What a text may mean, in groups."""

    text = serializers.CharField(help_text="The text, without blanks around it.")
    form = serializers.ChoiceField(
        _FORMS,
        allow_null=True,
        help_text="What kind of identifier it has the form of; null for a name.",
    )
    is_certain = serializers.SerializerMethodField(help_text="It means one thing, and no other.")
    proteins = SearchProteinSerializer(
        many=True,
        source="hits",
        help_text="Exact ones first, then those that begin so; of each human, mouse and rat "
        "before others, then those with most interactions.",
    )
    has_more = serializers.BooleanField(source="is_cut", help_text="There are more proteins.")
    elsewhere = SearchProteinSerializer(
        many=True, help_text="In other species, where nothing in the requested one is called so."
    )
    near = SearchProteinSerializer(
        many=True, help_text="Names that are nearly the text, where nothing is called so."
    )
    identifiers = SearchIdentifierSerializer(
        many=True, source="listed", help_text="Of a list, what became of each identifier."
    )
    interactions = SearchRecordSerializer(many=True, help_text="Of a pair of TF and target.")
    publications = SearchRecordSerializer(
        many=True, help_text="By PubMed ID, DOI, or words of the title and the authors."
    )
    matrices = SearchProteinSerializer(many=True, help_text="Proteins with a JASPAR matrix.")
    sites = serializers.ListField(
        child=serializers.CharField(), help_text="TFLink IDs of binding sites."
    )
    species = SearchRecordSerializer(many=True, help_text="Species by any of their names.")
    vocabulary = SearchRecordSerializer(
        many=True, help_text="Source databases and detection methods that begin so."
    )

    def get_is_certain(self, result: SearchResult) -> bool:
        return result.only is not None


class SearchView(StrictQuery):
    """What a text may mean: proteins, pairs and lists of them, publications, and all else.

    The search of the site: a name or synonym, an identifier in any form that people write, a
    pair (ING1 BAX), a list (BAX, TP53, MDM2), a PubMed ID, a DOI, words of a title. Nothing is
    guessed: what means several things is listed. For many identifiers there is the look-up.
    """

    own_parameters = ("q", "taxon", "limit")

    @extend_schema(
        operation_id="search",
        summary="Search",
        tags=["Look-up"],
        parameters=[
            OpenApiParameter(
                "q", {"type": "string", "minLength": 1, "maxLength": 4_000},
                OpenApiParameter.QUERY, required=True, description="What is searched for.",
            ),
            OpenApiParameter(
                "taxon", {"type": "integer", "minimum": 1}, OpenApiParameter.QUERY,
                description="Only in this species, by NCBI taxon ID.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
                OpenApiParameter.QUERY, description="How many proteins there are at most.",
            ),
        ],
        responses={200: SearchSerializer},
        extensions={"x-example": "/api/v1/search/?q=ING1+BAX&taxon=9606"},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        query = request.query_params
        errors = list(_errors(query))
        if errors:
            raise InvalidParameters(errors)
        result = find(
            query["q"],
            int(query.get("limit", DEFAULT_LIMIT)),
            Protein.objects.prefetch_related("taxon"),
            _taxon(query.get("taxon")),
        )
        return Response(SearchSerializer(result, context={"request": request}).data)


def _errors(query: Any) -> Iterator[ParameterError]:
    """What is wrong with the values of a query."""
    if "q" not in query:
        yield ParameterError.of("q", "", "it must be given")
    readers = {"q": _text, "taxon": whole_number(1), "limit": whole_number(1, MAX_LIMIT)}
    for name, read in readers.items():
        try:
            if name in query:
                read(query[name])
        except ValueError as error:
            yield ParameterError.of(name, query[name], str(error))
        else:
            if name == "taxon" and name in query and _taxon(query[name]) is None:
                yield ParameterError.of(name, query[name], "no such species is here")


def _text(text: str) -> str:
    """A text as it was pasted, in lines or not."""
    return name_text(" ".join(text.split()))


def _taxon(text: str | None) -> Taxon | None:
    return None if text is None else Taxon.objects.filter(ncbi_taxon_id=int(text)).first()
