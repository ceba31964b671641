"""The resources of the API: read-only lists and records."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from proteins import filtersets, identifiers, support_filtersets, visible
from proteins.api import pagination, serializers
from proteins.api.parameters import ParameterBackend, query_errors
from proteins.api.problems import InvalidParameters
from proteins.identifiers import shown
from proteins.models import BindingSite, Interaction, Ortholog, Protein, Taxon


class StrictQuery(APIView):
    """A view that refuses every parameter of a query; lists read theirs themselves."""

    takes_parameters = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or self.takes_parameters:
            return
        if errors := query_errors(request, []):
            raise InvalidParameters(errors)


class ResourceView(StrictQuery, viewsets.ReadOnlyModelViewSet[Any]):
    """A list with filters and pages, and one record by its identifier."""

    filter_backends = [ParameterBackend]
    filterset_class: ClassVar[Any]
    lookup_url_kwarg = "identifier"
    #: What a record is called in an error.
    noun: ClassVar[str]

    @property
    def takes_parameters(self) -> bool:  # type: ignore[override]
        return self.action == "list"

    def with_details(self, rows: list[int]) -> QuerySet[Any]:
        """The records of some rows, with what their serializer shows."""
        found: QuerySet[Any] = self.detailed(self.get_queryset().filter(pk__in=rows))
        return found.order_by()

    def detailed(self, queryset: Any) -> Any:
        """With what the serializer shows, in a fixed number of queries."""
        return queryset

    def identified(self, queryset: Any, identifier: str) -> Any:
        """The one record of an identifier; IdentifierError where it cannot be one."""
        raise NotImplementedError

    def get_object(self) -> Any:
        identifier = self.kwargs["identifier"]
        try:
            if "\x00" in identifier:
                raise identifiers.IdentifierError("An identifier holds no NUL character")
            found = self.identified(self.get_queryset(), identifier)
        except identifiers.IdentifierError as error:
            raise Http404(f"{error}.") from error
        record = self.detailed(found).first()
        if record is None:
            raise Http404(f"No {self.noun} {shown(identifier)} is here.")
        return record


def _number(text: str, what: str, largest: int = identifiers.MAX_INTEGER) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= largest):
        raise identifiers.IdentifierError(f"{shown(text)} is not {what}")
    return int(text)


def resource(singular: str, plural: str, identifier: str, example: str, filtered: str) -> Any:
    """Describe the two operations of a resource in the schema.

    `example` is an identifier (none where the five documents have no such record) and
    `filtered` a query; the documentation links to both.
    """
    tag = plural.capitalize()
    path = f"/api/v1/{plural.replace(' ', '-')}/"
    named = OpenApiParameter(
        "identifier", OpenApiTypes.STR, OpenApiParameter.PATH, description=identifier
    )
    return extend_schema_view(
        list=extend_schema(
            summary=f"List {plural}",
            tags=[tag],
            extensions={"x-example": f"{path}{filtered}"},
        ),
        retrieve=extend_schema(
            summary=f"Read one {singular}",
            tags=[tag],
            parameters=[named],
            extensions={"x-example": f"{path}{example}/"} if example else None,
        ),
    )


@resource("taxon", "taxa", "NCBI taxon ID.", "9606", "?code=Hs")
class TaxonView(ResourceView):
    """Species, by NCBI taxon ID."""

    queryset = Taxon.objects.all()
    serializer_class = serializers.TaxonSerializer
    filterset_class = filtersets.TaxonFilterSet
    pagination_class = pagination.TaxonPagination
    noun = "taxon"

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(ncbi_taxon_id=_number(identifier, "an NCBI taxon ID"))


@resource(
    "protein",
    "proteins",
    "UniProt accession, in capitals or not.",
    "Q9UK53",
    "?taxon=9606&is_tf=true",
)
class ProteinView(ResourceView):
    """Transcription factors and target genes, by UniProt accession."""

    queryset = Protein.objects.all()
    filterset_class = filtersets.ProteinFilterSet
    pagination_class = pagination.ProteinPagination
    noun = "protein"

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action == "retrieve":
            return serializers.ProteinDetailSerializer
        return serializers.ProteinSerializer

    def detailed(self, queryset: Any) -> Any:
        queryset = queryset.with_details()
        if self.action == "retrieve":
            orthologs = Ortholog.objects.with_protein()
            return queryset.prefetch_related(
                Prefetch("orthologs", orthologs, to_attr="known_orthologs")
            )
        return queryset

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(accession=identifiers.parse_accession(identifier))


@resource(
    "interaction",
    "interactions",
    "The accessions of TF and target, joined by a hyphen.",
    "Q9UK53-Q07812",
    "?tf=Q9UK53&small_scale=yes",
)
class InteractionView(ResourceView):
    """Which TF regulates which target, and what supports that. Rejected ones are left out."""

    queryset = Interaction.objects.public()
    serializer_class = serializers.InteractionSerializer
    filterset_class = support_filtersets.InteractionFilterSet
    pagination_class = pagination.InteractionPagination
    noun = "interaction"

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_support()

    def identified(self, queryset: Any, identifier: str) -> Any:
        tf, hyphen, target = identifier.partition("-")
        if not hyphen:
            raise identifiers.IdentifierError(
                f"{shown(identifier)} is not two accessions joined by a hyphen"
            )
        return queryset.between(
            identifiers.parse_accession(tf), identifiers.parse_accession(target)
        )


@resource(
    "binding site",
    "binding sites",
    "TFLink ID of the site.",
    "",
    "?tf=Q9UK53&has_sequence=true",
)
class BindingSiteView(ResourceView):
    """Where on a genome a TF binds. Thousands a TF, so that proteins do not hold them."""

    queryset = BindingSite.objects.all()
    serializer_class = serializers.BindingSiteSerializer
    filterset_class = support_filtersets.BindingSiteFilterSet
    pagination_class = pagination.BindingSitePagination
    noun = "binding site"

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_support().prefetch_related("tf__gene_ids")

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(tflink_id=identifiers.parse_tflink_site(identifier))


@resource("citation", "citations", "PubMed ID.", "27924024", "?is_database_paper=false")
class CitationView(ResourceView):
    """Publications that support something here, by PubMed ID."""

    serializer_class = serializers.CitationSerializer
    filterset_class = filtersets.CitationFilterSet
    pagination_class = pagination.CitationPagination
    noun = "citation"

    def get_queryset(self) -> QuerySet[Any]:
        return visible.citations()

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_kind()

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(pmid=_number(identifier, "a PubMed ID", identifiers.MAX_PMID))


@resource("source", "sources", "Key, as the documents spell it.", "GTRD", "?is_direct=true")
class SourceView(ResourceView):
    """Databases that support something here, by the key that the documents give them."""

    serializer_class = serializers.SourceSerializer
    filterset_class = filtersets.SourceFilterSet
    pagination_class = pagination.SourcePagination
    noun = "source database"

    def get_queryset(self) -> QuerySet[Any]:
        return visible.sources()

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_publication()

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(key=identifier)


@resource(
    "method",
    "methods",
    "Its number, or its PSI-MI ID where it has one.",
    "MI:0402",
    "?name_contains=immunoprecipitation",
)
class MethodView(ResourceView):
    """Detection methods that support something here, by number or PSI-MI ID."""

    serializer_class = serializers.MethodSerializer
    filterset_class = filtersets.MethodFilterSet
    pagination_class = pagination.MethodPagination
    noun = "detection method"

    def get_queryset(self) -> QuerySet[Any]:
        return visible.methods()

    def identified(self, queryset: Any, identifier: str) -> Any:
        if identifier.upper().startswith("MI:"):
            return queryset.filter(psi_mi_id=identifier.upper())
        return queryset.filter(pk=_number(identifier, "the number or PSI-MI ID of a method"))


#: Each resource's address, view, and the name under which its addresses are known.
RESOURCES: tuple[tuple[str, type[ResourceView], str], ...] = (
    ("proteins", ProteinView, "api-protein"),
    ("interactions", InteractionView, "api-interaction"),
    ("binding-sites", BindingSiteView, "api-binding-site"),
    ("citations", CitationView, "api-citation"),
    ("sources", SourceView, "api-source"),
    ("methods", MethodView, "api-method"),
    ("taxa", TaxonView, "api-taxon"),
)


class RootView(StrictQuery):
    """What there is: the lists, the schema and the documentation."""

    @extend_schema(
        summary="What there is",
        tags=["Start"],
        responses={200: {"type": "object", "additionalProperties": {"type": "string"}}},
        extensions={"x-example": "/api/v1/"},
    )
    def get(self, request: Request) -> Response:
        names = {prefix: f"{name}-list" for prefix, _, name in RESOURCES}
        names |= {"schema": "api-schema", "documentation": "api-docs"}
        return Response({key: reverse(name, request=request) for key, name in names.items()})
