"""The resources of the API: read-only lists and records."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer

from proteins.api import formats as file_formats
from proteins.api import orders, serializers
from proteins.api.pagination import in_orders
from proteins.api.problems import RejectedError
from proteins.api.records import RecordMaker, review_record
from proteins.api.resource import (
    PlainRecordsView,
    ResourceView,
    StrictQuery,
    number,
    resource,
)
from proteins.domain import identifiers
from proteins.domain.identifiers import shown
from proteins.filters import binding_sites, interactions, proteins, statements, vocabularies
from proteins.models import (
    BindingSite,
    Dataset,
    FormerSiteID,
    Interaction,
    Ortholog,
    Protein,
    SecondaryAccession,
    Statement,
    Taxon,
)
from proteins.queries import visibility
from proteins.queries.documents import documents_of
from proteins.queries.interaction_page import rejected_interaction
from proteins.queries.protein_names import candidates_of
from proteins.queries.reviews import review_of


def current_accessions(*accessions: str) -> list[str]:
    """What took the place of each accession (in capitals or not), empty where nothing did."""
    requested = [identifiers.parse_accession(accession) for accession in accessions]
    rows = SecondaryAccession.objects.filter(accession__in=requested)
    current = dict(rows.values_list("accession", "protein__accession"))
    return [current.get(accession, "") for accession in requested]


@resource("taxon", "taxa", "NCBI taxon ID.", "9606", "?code=Hs")
class TaxonView(ResourceView):
    """Species, by NCBI taxon ID."""

    queryset = Taxon.objects.all()
    serializer_class = serializers.TaxonSerializer
    filterset_class = vocabularies.TaxonFilterSet
    pagination_class = in_orders(*orders.TAXA)
    noun = "taxon"

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(ncbi_taxon_id=number(identifier, "an NCBI taxon ID"))


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
    filterset_class = proteins.ProteinFilterSet
    pagination_class = in_orders(*orders.PROTEINS)
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

    def current_identifier(self, identifier: str) -> str:
        return current_accessions(identifier)[0]

    def candidates(self, identifier: str) -> list[str]:
        accession = identifiers.parse_accession(identifier)
        return [one.accession for one in candidates_of(accession)]


@resource(
    "interaction",
    "interactions",
    "The accessions of TF and target, joined by a hyphen.",
    "Q9UK53-Q07812",
    "?tf=Q9UK53&small_scale=yes",
)
class InteractionView(PlainRecordsView):
    """Which TF regulates which target, and what supports that. Rejected ones are left out."""

    queryset = Interaction.objects.public()
    serializer_class = serializers.InteractionSerializer
    filterset_class = interactions.InteractionFilterSet
    pagination_class = in_orders(*orders.INTERACTIONS)
    noun = "interaction"
    is_released = True
    formats = file_formats.INTERACTIONS
    make = RecordMaker.interactions

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action == "retrieve":
            return serializers.InteractionDetailSerializer
        return serializers.InteractionSerializer

    def first(self, query: QuerySet[Any]) -> Any:
        record = super().first(query)
        if record is not None and (self.wanted is None or "documents" in self.wanted):
            documents = documents_of(query.order_by().values("support")[:1])
            record = record | {"documents": self.maker.documents(documents)}
        return record

    def identified(self, queryset: Any, identifier: str) -> Any:
        tf, hyphen, target = identifier.partition("-")
        if not hyphen:
            raise identifiers.IdentifierError(
                f"{shown(identifier)} is not two accessions joined by a hyphen"
            )
        return queryset.between(
            identifiers.parse_accession(tf), identifiers.parse_accession(target)
        )

    def check_rejected(self, identifier: str) -> None:
        pair = identifier.split("-")
        record = rejected_interaction(*pair) if len(pair) == 2 else None
        if record is None:
            return
        review = review_of(record)
        raise RejectedError(
            f"{record.key} was rejected by a curator. Whoever knows of an experiment that shows "
            f"it can report that on the page of its TF.",
            review and review_record(review),
        )

    def current_identifier(self, identifier: str) -> str:
        pair = identifier.split("-")
        current = [
            now or then.upper() for now, then in zip(current_accessions(*pair), pair, strict=True)
        ]
        if current == [accession.upper() for accession in pair]:
            return ""
        there = Interaction.objects.public().between(*current).exists()
        return "-".join(current) if there else ""


@resource(
    "binding site",
    "binding sites",
    "TFLink ID of the site.",
    "",
    "?tf=Q9UK53&has_sequence=true",
)
class BindingSiteView(PlainRecordsView):
    """Where on a genome a TF binds. Thousands a TF, so that proteins do not hold them."""

    queryset = BindingSite.objects.all()
    serializer_class = serializers.BindingSiteSerializer
    filterset_class = binding_sites.BindingSiteFilterSet
    pagination_class = in_orders(*orders.BINDING_SITES)
    noun = "binding site"
    is_released = True
    formats = file_formats.BINDING_SITES
    make = RecordMaker.sites

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(tflink_id=identifiers.parse_tflink_site(identifier))

    def current_identifier(self, identifier: str) -> str:
        former = FormerSiteID.objects.filter(tflink_id=identifiers.parse_tflink_site(identifier))
        return former.values_list("site__tflink_id", flat=True).first() or ""


@resource(
    "ortholog",
    "orthologs",
    "Accession of the protein, NCBI taxon ID and identifier of the ortholog, joined by hyphens.",
    "Q9UK53-10090-Q9QXV3",
    "?protein=Q9UK53&in_tflink=true",
)
class OrthologView(ResourceView):
    """Which proteins of other species are orthologs of a protein here."""

    queryset = Ortholog.objects.all()
    serializer_class = serializers.OrthologRecordSerializer
    filterset_class = proteins.OrthologFilterSet
    pagination_class = in_orders(*orders.ORTHOLOGS)
    noun = "ortholog"

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_details()

    def identified(self, queryset: Any, identifier: str) -> Any:
        accession, _, rest = identifier.partition("-")
        taxon, hyphen, ortholog = rest.partition("-")
        if not hyphen:
            raise identifiers.IdentifierError(
                f"{shown(identifier)} is not an accession, an NCBI taxon ID and an identifier, "
                "joined by hyphens"
            )
        return queryset.filter(
            protein__accession=identifiers.parse_accession(accession),
            taxon__ncbi_taxon_id=number(taxon, "an NCBI taxon ID"),
            identifier=ortholog,
        )

    def current_identifier(self, identifier: str) -> str:
        accession, _, rest = identifier.partition("-")
        if not (current := current_accessions(accession)[0]):
            return ""
        there = self.identified(self.get_queryset(), f"{current}-{rest}").exists()
        return f"{current}-{rest}" if there else ""


@resource("citation", "citations", "PubMed ID.", "27924024", "?is_database_paper=false")
class CitationView(ResourceView):
    """Publications that support something here, by PubMed ID."""

    serializer_class = serializers.CitationSerializer
    filterset_class = vocabularies.CitationFilterSet
    pagination_class = in_orders(*orders.CITATIONS)
    noun = "citation"

    def get_queryset(self) -> QuerySet[Any]:
        return visibility.citations()

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_kind()

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(pmid=number(identifier, "a PubMed ID", identifiers.MAX_PMID))


@resource("source", "sources", "Key, as the documents spell it.", "GTRD", "?is_direct=true")
class SourceView(ResourceView):
    """Databases that support something here, by the key that the documents give them."""

    serializer_class = serializers.SourceSerializer
    filterset_class = vocabularies.SourceFilterSet
    pagination_class = in_orders(*orders.SOURCES)
    noun = "source database"

    def get_queryset(self) -> QuerySet[Any]:
        return visibility.sources()

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_publication()

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.by_fold(identifier)


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
    filterset_class = vocabularies.MethodFilterSet
    pagination_class = in_orders(*orders.METHODS)
    noun = "detection method"

    def get_queryset(self) -> QuerySet[Any]:
        return visibility.methods()

    def identified(self, queryset: Any, identifier: str) -> Any:
        if identifier.upper().startswith("MI:"):
            return queryset.filter(psi_mi_id=identifier.upper())
        return queryset.filter(pk=number(identifier, "the number or PSI-MI ID of a method"))


@resource(
    "statement",
    "statements",
    "The accessions of TF and target, and the key of the statement, joined by hyphens.",
    "",
    "?interaction=Q9UK53-Q07812",
)
class StatementView(ResourceView):
    """What one dataset says of one interaction: paper, method, effect, context, quotation."""

    queryset = Statement.objects.public()
    serializer_class = serializers.StatementSerializer
    filterset_class = statements.StatementFilterSet
    pagination_class = in_orders(*orders.STATEMENTS)
    noun = "statement"

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_details().prefetch_related(
            "interaction__tf__gene_ids", "interaction__target__gene_ids"
        )

    def identified(self, queryset: Any, identifier: str) -> Any:
        pair, hyphen, key = identifier.rpartition("-")
        tf, other, target = pair.partition("-")
        if not hyphen or not other:
            raise identifiers.IdentifierError(
                f"{shown(identifier)} is not two accessions and a key, joined by hyphens"
            )
        return queryset.filter(
            interaction__tf__accession=identifiers.parse_accession(tf),
            interaction__target__accession=identifiers.parse_accession(target),
            key=key,
        )


@resource("dataset", "datasets", "Its number.", "1", "?is_share_alike=false")
class DatasetView(ResourceView):
    """Where statements come from: files of databases, and what curators state here."""

    queryset = Dataset.objects.all()
    serializer_class = serializers.DatasetSerializer
    filterset_class = statements.DatasetFilterSet
    pagination_class = in_orders(*orders.DATASETS)
    noun = "dataset"

    def detailed(self, queryset: Any) -> Any:
        return queryset.with_source()

    def identified(self, queryset: Any, identifier: str) -> Any:
        return queryset.filter(pk=number(identifier, "the number of a dataset"))


#: Each resource's path, view, and the base of its URL names.
RESOURCES: tuple[tuple[str, type[ResourceView], str], ...] = (
    ("proteins", ProteinView, "api-protein"),
    ("interactions", InteractionView, "api-interaction"),
    ("binding-sites", BindingSiteView, "api-binding-site"),
    ("orthologs", OrthologView, "api-ortholog"),
    ("citations", CitationView, "api-citation"),
    ("sources", SourceView, "api-source"),
    ("methods", MethodView, "api-method"),
    ("taxa", TaxonView, "api-taxon"),
    ("statements", StatementView, "api-statement"),
    ("datasets", DatasetView, "api-dataset"),
)


#: Questions about sets of proteins (`proteins.api.analysis.sets`), by their paths.
SETS: tuple[str, ...] = (
    "common-targets",
    "shared-regulators",
    "subnetwork",
    "paths",
    "feed-forward-loops",
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
        names |= {"statistics": "api-statistics", "lookup": "api-lookup"}
        names |= {"changes": "api-changes", "enrichment": "api-enrichment"}
        names |= {name: f"api-{name}" for name in SETS}
        names |= {"loop-counts": "api-loop-counts", "search": "api-search"}
        names |= {"schema": "api-schema", "documentation": "api-docs"}
        return Response({key: reverse(name, request=request) for key, name in names.items()})
