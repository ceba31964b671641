"""The list of changes: what a copy of the database reads to stay equal to it."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from proteins.api.fields import Absent, ReadOnlySerializer
from proteins.api.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.api.resource import StrictQuery
from proteins.api.serializers import (
    EFFECT_WORDS,
    METHOD_CLASS_WORDS,
    PUBLIC_STATUS_WORDS,
    REPORTING_WORDS,
    SMALL_SCALE_WORDS,
    TIER_WORDS,
)
from proteins.domain.identifiers import MAX_INTEGER, shown
from proteins.filters.fields import whole_number
from proteins.models import GoneReason, Interaction, Ortholog, Protein
from proteins.queries.changes import (
    INTERACTION,
    KINDS,
    PROTEIN,
    Entry,
    Place,
    entries,
    newest_change,
    places_beyond,
)
from proteins.queries.keyset import Cursor

#: What a cursor of this list says that it is of.
_ORDER: Final = "change"


class ChangedOrthologSerializer(ReadOnlySerializer):
    """An ortholog, by its species and identifier."""

    taxon = serializers.IntegerField(
        source="taxon.ncbi_taxon_id", help_text="NCBI taxon ID of its species."
    )
    identifier = serializers.CharField(help_text="Often a UniProt accession, not always.")
    in_tflink = serializers.BooleanField(help_text="TFLink lists it as a protein of its own.")


class ChangedProteinSerializer(ReadOnlySerializer):
    """A protein as it is now. What follows from its interactions is no part of it."""

    accession = serializers.CharField(help_text="UniProt accession.")
    name = Absent(help_text="Gene or protein name; null where there is none.")
    taxon = serializers.IntegerField(source="taxon.ncbi_taxon_id", help_text="NCBI taxon ID.")
    declared_tf = serializers.BooleanField(help_text="Its page calls it a transcription factor.")
    declared_target = serializers.BooleanField(help_text="Its page calls it a target gene.")
    declared_interactions = serializers.IntegerField(
        allow_null=True, help_text="The number that its page declares; null where it declares none."
    )
    gene_ids = serializers.SerializerMethodField(help_text="NCBI gene IDs.")
    jaspar_matrices = serializers.SerializerMethodField(help_text="JASPAR matrix IDs.")
    orthologs = serializers.SerializerMethodField()
    secondary_accessions = serializers.SerializerMethodField(
        help_text="Accessions of proteins that were merged into it."
    )

    def get_gene_ids(self, protein: Protein) -> list[int]:
        return sorted(gene.ncbi_gene_id for gene in protein.gene_ids.all())

    def get_jaspar_matrices(self, protein: Protein) -> list[str]:
        return sorted(matrix.matrix_id for matrix in protein.jaspar_matrices.all())

    @extend_schema_field(ChangedOrthologSerializer(many=True))
    def get_orthologs(self, protein: Protein) -> Any:
        def key(ortholog: Ortholog) -> tuple[int, str]:
            return ortholog.taxon.ncbi_taxon_id, ortholog.identifier

        ordered = sorted(protein.orthologs.all(), key=key)
        return ChangedOrthologSerializer(ordered, many=True).data

    def get_secondary_accessions(self, protein: Protein) -> list[str]:
        return sorted(former.accession for former in protein.secondary_accessions.all())


class ChangedInteractionSerializer(ReadOnlySerializer):
    """An interaction as it is now; what it names, by its identifier."""

    id = serializers.CharField(source="key", help_text="TF and target by accession.")
    tf = serializers.CharField(source="tf.accession", help_text="UniProt accession.")
    target = serializers.CharField(source="target.accession", help_text="UniProt accession.")
    effect = serializers.ChoiceField(
        EFFECT_WORDS,
        source="get_effect_display",
        help_text="What the TF does to the expression of the target.",
    )
    status = serializers.ChoiceField(
        PUBLIC_STATUS_WORDS, source="get_status_display", help_text="A curator's verdict."
    )
    reporting = serializers.ChoiceField(
        REPORTING_WORDS,
        source="get_reporting_display",
        help_text="Whether the sources still report it.",
    )
    small_scale = serializers.ChoiceField(
        SMALL_SCALE_WORDS,
        source="evidence.get_small_scale_display",
        help_text="Whether a small-scale experiment supports it.",
    )
    sources = serializers.SerializerMethodField(help_text="Keys of source databases.")
    methods = serializers.SerializerMethodField(help_text="Names of detection methods.")
    publications = serializers.SerializerMethodField(help_text="PubMed IDs.")
    tier = serializers.ChoiceField(
        TIER_WORDS, source="evidence.get_tier_display", help_text="Tier of support."
    )
    method_classes = serializers.ListField(
        source="evidence.class_labels",
        child=serializers.ChoiceField(METHOD_CLASS_WORDS),
        help_text="The classes of its detection methods.",
    )

    def get_sources(self, interaction: Interaction) -> list[str]:
        return sorted(source.key for source in interaction.evidence.sources.all())

    def get_methods(self, interaction: Interaction) -> list[str]:
        return sorted(method.name for method in interaction.evidence.methods.all())

    def get_publications(self, interaction: Interaction) -> list[int]:
        return sorted(citation.pmid for citation in interaction.evidence.citations.all())


class ChangeSerializer(ReadOnlySerializer):
    """A record that changed, or that has gone."""

    change = serializers.IntegerField(source="change.pk", help_text="The change number.")
    changed_at = serializers.DateTimeField(source="change.at", help_text="When the change began.")
    kind = serializers.ChoiceField(KINDS, help_text="Which of the two fields holds the record.")
    id = serializers.CharField(
        source="key", help_text="The accession of a protein, or those of TF and target."
    )
    gone = serializers.SerializerMethodField(
        help_text="Why it is no longer public; null of what is."
    )
    protein = serializers.SerializerMethodField()
    interaction = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(GoneReason.values, allow_null=True))
    def get_gone(self, entry: Entry) -> str | None:
        return entry.why or None

    @extend_schema_field(ChangedProteinSerializer(allow_null=True))
    def get_protein(self, entry: Entry) -> Any:
        return self._written(ChangedProteinSerializer, entry, PROTEIN)

    @extend_schema_field(ChangedInteractionSerializer(allow_null=True))
    def get_interaction(self, entry: Entry) -> Any:
        return self._written(ChangedInteractionSerializer, entry, INTERACTION)

    def _written(self, serializer: type[ReadOnlySerializer], entry: Entry, kind: str) -> Any:
        if entry.kind != kind or entry.record is None:
            return None
        return serializer(entry.record).data


class ChangesSerializer(ReadOnlySerializer):
    """Some of what changed after a number, in the order of change numbers."""

    number = serializers.IntegerField(
        help_text="The newest change number. Once next is null, go on later with after=number."
    )
    next = serializers.URLField(
        allow_null=True, help_text="The page after this one; null on the last."
    )
    results = ChangeSerializer(many=True)


class ChangesView(StrictQuery):
    """Proteins and interactions that changed, and those that have gone, by change number.

    Every write has a number, which follows its commit: whoever was given a number has been
    shown all that was written up to it. A record is listed once, under the number of its last
    change, as it is now. What was rejected, merged, removed or taken back with its import is
    listed as gone. Read from after=0, follow next until it is null, and go on later with
    after=number: your copy is then equal to the database. Some records may come again.
    """

    own_parameters = ("after", "kind", "cursor", "page_size")

    @extend_schema(
        operation_id="changes_list",
        summary="List changes",
        tags=["Changes"],
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "integer", "minimum": 0, "maximum": MAX_INTEGER, "default": 0},
                description="The change number that the last reading ended with.",
            ),
            OpenApiParameter(
                "kind", OpenApiTypes.STR, enum=KINDS, description="Records of this kind only."
            ),
            OpenApiParameter(
                "cursor",
                OpenApiTypes.STR,
                description="Where the page begins: taken from the link next.",
            ),
            OpenApiParameter(
                "page_size",
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_PAGE_SIZE,
                    "default": PAGE_SIZE,
                },
                description="How many rows a page has at most.",
            ),
        ],
        responses={200: ChangesSerializer},
        extensions={"x-example": "/api/v1/changes/?after=0&kind=interaction"},
    )
    def get(self, request: Request) -> Response:
        query = _Query(request)
        # Read before the rows: all that it counts is visible to them.
        number = newest_change()
        places = places_beyond(query.place, query.kinds, query.page_size + 1)
        page = places[: query.page_size]
        following = query.link(page[-1]) if len(places) > len(page) else None
        answer = {"number": number, "next": following, "results": entries(page)}
        return Response(ChangesSerializer(answer, context={"request": request}).data)


class _Query:
    """The parameters of a request; raises `InvalidParameters` with all that is wrong."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._errors: list[ParameterError] = []
        self.page_size: int = self._number("page_size", 1, MAX_PAGE_SIZE, PAGE_SIZE)
        self._after = self._number("after", 0, MAX_INTEGER, 0)
        self.place = Place.after(self._after)
        self.kinds = self._kinds()
        if text := request.query_params.get("cursor"):
            self._begin_at(text)
        if self._errors:
            raise InvalidParameters(self._errors)

    def _number(self, name: str, least: int, most: int, default: int) -> int:
        text = self._request.query_params.get(name, "").strip()
        try:
            return int(whole_number(least, most)(text)) if text else default
        except ValueError as error:
            self._errors.append(ParameterError.of(name, text, str(error)))
            return default

    def _kinds(self) -> tuple[str, ...]:
        text = self._request.query_params.get("kind", "").strip()
        if not text:
            return KINDS
        if text not in KINDS:
            reason = f"{shown(text)} is none of: {', '.join(KINDS)}"
            self._errors.append(ParameterError.of("kind", text, reason))
        return (text,)

    @property
    def _filters(self) -> bytes:
        """A digest of what a cursor is bound to."""
        text = repr((self._after, self.kinds))
        return hashlib.blake2b(text.encode(), digest_size=16).digest()

    def _begin_at(self, text: str) -> None:
        try:
            key = Cursor.decoded(text, _ORDER, (int, int, int), self._filters).key
        except ValueError as error:
            self._errors.append(ParameterError.of("cursor", text, str(error)))
        else:
            self.place = Place(*map(int, key))

    def link(self, place: Place) -> str:
        """The URL of the page after a place."""
        url = self._request.build_absolute_uri()
        cursor = Cursor(tuple(place), _ORDER, query=self._filters)
        return str(replace_query_param(url, "cursor", cursor.encoded()))
