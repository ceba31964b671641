"""The look-up of many identifiers at once."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from proteins.api.fields import ReadOnlySerializer
from proteins.api.lookup_body import (
    MAX_IDENTIFIERS,
    JsonParser,
    LinesParser,
    LookupRequest,
    read_kind,
    read_taxon,
    refuse,
)
from proteins.api.parameters import query_errors
from proteins.api.problems import InvalidParameters
from proteins.api.resource import StrictQuery
from proteins.api.throttles import CallerThrottle, LookupsThrottle
from proteins.filters.vocabularies import taxon_keys
from proteins.models import Taxon
from proteins.queries.resolver import MAX_MATCHES, By, Kind, Match, Meaning, resolve

_KINDS: Final = {
    "type": "string",
    "enum": [kind.value for kind in Kind],
    "description": (
        "What all identifiers are: accessions (former ones too), gene IDs (of NCBI, Ensembl and "
        "the databases of model organisms), or names."
    ),
}
_TAXON: Final = {
    "type": "integer",
    "minimum": 1,
    "maximum": 2_147_483_647,
    "description": "Only proteins of this species, by NCBI taxon ID.",
}
_BODY: Final = {
    "type": "object",
    "required": ["identifiers"],
    "additionalProperties": False,
    "properties": {
        "identifiers": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_IDENTIFIERS,
            "items": {"oneOf": [{"type": "string", "pattern": r"^[^\x00]*$"}, {"type": "integer"}]},
            "description": (
                "UniProt accessions (former ones too), names and synonyms, gene IDs, in the forms "
                "that people write: P04637-2, sp|P04637|P53_HUMAN, GeneID:7157, TP53 human."
            ),
        },
        "taxon": {**_TAXON, "nullable": True},
        "kind": {**_KINDS, "enum": [*_KINDS["enum"], None], "nullable": True},
    },
}
_LINES: Final = {
    "type": "string",
    "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$",
    "description": "One identifier a line; empty lines are passed over.",
}
#: Made once: to make it takes longer than to write one identifier.
_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EXAMPLE: Final = OpenApiExample(
    "One of each kind, and one that is not here",
    {"identifiers": ["q9uk53", "BAX", 3621, "nothing"], "taxon": 9606},
    request_only=True,
    media_type="application/json",
)


class LookupMatchSerializer(ReadOnlySerializer):
    """A protein that an identifier means."""

    accession = serializers.CharField(help_text="UniProt accession.")
    by = serializers.ChoiceField([by.value for by in By], help_text="What of it matched.")
    how = serializers.CharField(
        help_text="How the identifier was read, such as OCT4, a synonym of POU5F1: UniProt "
        "2026_04; empty where it is the accession or the name, as it is."
    )
    name = serializers.CharField(
        allow_null=True, help_text="Gene or protein name; null where there is none."
    )
    ncbi_taxon_id = serializers.IntegerField(help_text="Its species.")
    gene_ids = serializers.ListField(
        child=serializers.IntegerField(), help_text="All its NCBI gene IDs."
    )
    url = serializers.URLField(help_text="Its record here.")


class LookupResultSerializer(ReadOnlySerializer):
    """What one identifier means."""

    identifier = serializers.CharField(help_text="As it was given.")
    matches = LookupMatchSerializer(
        many=True,
        help_text="The proteins that it means: none where it was not found, several where it is "
        f"ambiguous, {MAX_MATCHES} at most. By accession first, then by gene ID, then by name in "
        "this spelling, in another, then by synonym; human, mouse and rat before others.",
    )
    has_more = serializers.BooleanField(help_text="It means more proteins than are given.")
    is_certain = serializers.BooleanField(
        help_text="Exactly one protein of the requested species bears it, as whatever."
    )


class LookupSerializer(ReadOnlySerializer):
    """What each of many identifiers means."""

    total = serializers.IntegerField(help_text="How many identifiers were given.")
    found = serializers.IntegerField(help_text="How many of them mean a protein, or several.")
    not_found = serializers.ListField(
        child=serializers.CharField(), help_text="Those that mean none, as they were given."
    )
    results = LookupResultSerializer(
        many=True, help_text="One for each identifier, in the order in which they were given."
    )


class _WithBody(AutoSchema):
    """The generator takes a body that is described by hand for one that may be left out."""

    def _get_request_body(self, direction: Any = "request") -> Any:
        return super()._get_request_body(direction) | {"required": True}  # type: ignore[no-untyped-call]


class LookupView(StrictQuery):
    """Which proteins many identifiers mean: accessions, names, synonyms, gene IDs.

    Up to 10,000 at once are posted as JSON, such as {"identifiers": ["TP53", 3621],
    "taxon": 9606, "kind": "name"}, of which the last two may be left out; or as text, one a
    line. What each can be is tried, in the forms that people write: a UniProt accession, present
    or former, also of an isoform (P04637-2) or in a URL; a gene ID of NCBI or another database;
    a name or synonym, whatever its capitals, hyphens, dots and blanks; kind and taxon narrow
    that. What means several proteins is never decided here. Nothing is stored.
    """

    parser_classes = [JsonParser, LinesParser]
    throttle_classes: Any = (CallerThrottle, LookupsThrottle)
    schema = _WithBody()
    # It reads its own; whatever the parameters, GET is not there.
    takes_parameters = True

    @extend_schema(
        operation_id="lookup",
        summary="Look up many identifiers",
        tags=["Look-up"],
        parameters=[
            OpenApiParameter(
                name, schema, OpenApiParameter.QUERY,
                description=f"{schema['description']} For texts, which cannot say so themselves.",
            )
            for name, schema in (("kind", _KINDS), ("taxon", _TAXON))
        ],
        request={"application/json": _BODY, "text/plain": _LINES},
        responses={200: LookupSerializer},
        examples=[_EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        if errors := query_errors(request, ["kind", "taxon"]):
            raise InvalidParameters(errors)
        lookup = request.data
        if not isinstance(lookup, LookupRequest):
            refuse("body", "", "it is empty; a list of identifiers is looked up")
        kinds, taxa = _narrowed(request, lookup)
        meant = resolve(lookup.identifiers, taxa, kinds)
        return HttpResponse(_written(request, lookup, meant), "application/json")


def _narrowed(
    request: Request, lookup: LookupRequest
) -> tuple[Collection[Kind], Collection[int] | None]:
    """Which kinds and species are requested; where body and URL both name some, both count."""
    query = request.query_params
    kinds = {lookup.kind} if lookup.kind else set(Kind)
    if "kind" in query:
        kinds &= {read_kind(query["kind"])}
    given = {lookup.taxon} if lookup.taxon else set()
    if "taxon" in query:
        given.add(read_taxon(query["taxon"]))
    if not given:
        return kinds, None
    try:
        taxa = taxon_keys(sorted(given))
    except ValueError as error:
        refuse("taxon", ",".join(map(str, sorted(given))), str(error))
    # Nothing is of two species.
    return kinds, taxa if len(taxa) == 1 else ()


def _written(request: Request, lookup: LookupRequest, meant: dict[str, Meaning]) -> bytes:
    """Each distinct identifier is written once, however often it is given."""
    species = dict(Taxon.objects.values_list("pk", "ncbi_taxon_id"))
    proteins = request.build_absolute_uri(reverse("api-protein-list"))

    def written(match: Match) -> str:
        return (
            f'{{"accession":"{match.accession}","by":"{match.by.value}",'
            f'"how":{_json(match.how)},'
            f'"name":{_json(match.name or None)},"ncbi_taxon_id":{species[match.taxon]},'
            f'"gene_ids":{_json(match.gene_ids)},"url":"{proteins}{match.accession}/"}}'
        )

    ends = {
        text: f'"matches":[{",".join(map(written, meaning.matches))}],'
        f'"has_more":{_json(meaning.has_more)},'
        f'"is_certain":{_json(meaning.certain is not None)}}}'.encode()
        for text, meaning in meant.items()
    }
    keys = lookup.identifiers
    not_found = [given for given in keys if not meant[given].matches]
    head = {"total": len(keys), "found": len(keys) - len(not_found), "not_found": not_found}
    results = (b'{"identifier":%b,%b' % (_json(given).encode(), ends[given]) for given in keys)
    return _json(head)[:-1].encode() + b',"results":[' + b",".join(results) + b"]}"
