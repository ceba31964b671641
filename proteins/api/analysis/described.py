"""What the schema says of questions: their properties, as JSON schemas and as parameters."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from proteins.analysis import evidence, identifiers
from proteins.api.analysis.body import MAX_IN_QUERY
from proteins.api.fields import ReadOnlySerializer
from proteins.api.formats import TABLES, Format
from proteins.api.negotiation import JSON
from proteins.api.parameters import PARAMETER
from proteins.filters.interactions import InteractionFilterSet

Schema = dict[str, Any]

TAXON: Final[Schema] = {
    "type": "integer",
    "minimum": 1,
    "maximum": 2_147_483_647,
    "description": "NCBI taxon ID of the species.",
}
_IDENTIFIER: Final[Schema] = {
    "oneOf": [{"type": "string", "pattern": r"^[^\x00]*$"}, {"type": "integer"}]
}

#: A list in a query: line breaks and tabs part it, too.
_LIST: Final[Schema] = {"type": "string", "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$"}


def identifiers_schema(about: str, most: int = identifiers.MAX_IDENTIFIERS) -> Schema:
    return {"type": "array", "maxItems": most, "items": _IDENTIFIER, "description": about}


def words_schema(about: str, words: Any, default: str) -> Schema:
    return {
        "type": "string",
        "enum": [str(word) for word in words],
        "default": default,
        "description": about,
    }


def whole_schema(about: str, least: int, most: int, default: int | None = None) -> Schema:
    schema = {"type": "integer", "minimum": least, "maximum": most, "description": about}
    return schema if default is None else schema | {"default": default}


def filter_schemas() -> Schema:
    """The filters of the interactions' list as properties: a value, or a list of them."""
    properties = {}
    for name in evidence.NAMES:
        each = InteractionFilterSet.base_filters[name]
        one = dict(each.value_schema)
        schema = {"oneOf": [one, {"type": "array", "items": one}]} if each.many else one
        properties[name] = schema | {"description": each.about}
    return properties


def body_schema(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": {**properties, **filter_schemas()},
    }


def query_parameters(
    properties: Schema, required: list[str], formats: tuple[Format, ...] = TABLES
) -> list[OpenApiParameter]:
    """The same for a query."""
    filters = [
        OpenApiParameter(
            name,
            {"type": "array", "items": each.value_schema} if each.many else each.value_schema,
            OpenApiParameter.QUERY,
            description=each.about,
            style="form" if each.many else None,
            explode=False if each.many else None,
        )
        for name, each in InteractionFilterSet.base_filters.items()
        if name in evidence.NAMES
    ]
    own = [
        OpenApiParameter(
            name,
            _LIST if schema.get("type") == "array" else _bare(schema),
            OpenApiParameter.QUERY,
            description=_about(name, schema),
            required=name in required,
        )
        for name, schema in properties.items()
    ]
    return [*own, format_parameter(formats), *filters]


def _bare(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name != "description"}


def _about(name: str, schema: Schema) -> str:
    if name == "fields":
        return f"{schema['description']} Joined by commas."
    if schema.get("type") != "array":
        return str(schema["description"])
    return f"{schema['description']} At most {MAX_IN_QUERY}, parted by semicolons or line breaks."


def format_parameter(formats: tuple[Format, ...]) -> OpenApiParameter:
    return OpenApiParameter(
        PARAMETER,
        {"type": "string", "enum": [JSON, *(each.name for each in formats)], "default": JSON},
        OpenApiParameter.QUERY,
        description="The rows as a file; the header Accept asks for the same.",
    )


class CandidateSerializer(ReadOnlySerializer):
    """A protein that an identifier means, or may mean."""

    accession = serializers.CharField(help_text="UniProt accession.")
    name = serializers.CharField(allow_null=True, help_text="Gene or protein name, if any.")
    ncbi_taxon_id = serializers.IntegerField(help_text="Its species.")
    by = serializers.CharField(help_text="What of it matched.")


class UsedSerializer(ReadOnlySerializer):
    """An identifier that is one gene."""

    identifier = serializers.CharField(help_text="As it was given.")
    proteins = CandidateSerializer(many=True, help_text="Its proteins: several of one gene ID.")
    read_as = serializers.CharField(
        allow_null=True, help_text="How it was read, where that is not just what was given."
    )


class DuplicateSerializer(ReadOnlySerializer):
    """An identifier of a gene (of accessions, where those are counted) that came before."""

    identifier = serializers.CharField(help_text="As it was given.")
    same_as = serializers.CharField(help_text="The earlier one.")


class UnclearSerializer(ReadOnlySerializer):
    """An identifier with several candidates, or with those of other species."""

    identifier = serializers.CharField(help_text="As it was given.")
    candidates = CandidateSerializer(many=True)


class OutcomeSerializer(ReadOnlySerializer):
    """What became of each identifier."""

    given = serializers.IntegerField(help_text="How many were given.")
    used = UsedSerializer(many=True, help_text="Those that are used, a gene each.")
    duplicates = DuplicateSerializer(many=True, help_text="Those of genes that came before.")
    ambiguous = UnclearSerializer(many=True, help_text="Those that may be several genes.")
    other_species = UnclearSerializer(many=True, help_text="Those of other species only.")
    not_found = serializers.ListField(
        child=serializers.CharField(), help_text="Those that are no protein of any species."
    )
    not_in_background = UsedSerializer(many=True, help_text="Those outside the background.")


def outcome_record(outcome: identifiers.Outcome) -> Schema:
    """An outcome as `OutcomeSerializer` describes it."""
    return {
        "given": outcome.given,
        "used": [_used(one) for one in outcome.used],
        "duplicates": [{"identifier": one, "same_as": other} for one, other in outcome.duplicates],
        "ambiguous": [_unclear(one) for one in outcome.ambiguous],
        "other_species": [_unclear(one) for one in outcome.other_species],
        "not_found": outcome.not_found,
        "not_in_background": [_used(one) for one in outcome.not_in_background],
    }


def _candidate(one: identifiers.Candidate) -> Schema:
    return {
        "accession": one.accession,
        "name": one.name or None,
        "ncbi_taxon_id": one.taxon,
        "by": str(one.by),
    }


def _used(one: identifiers.Used) -> Schema:
    proteins = [_candidate(protein) for protein in one.proteins]
    return {"identifier": one.identifier, "proteins": proteins, "read_as": one.read or None}


def _unclear(one: identifiers.Unclear) -> Schema:
    candidates = [_candidate(candidate) for candidate in one.candidates]
    return {"identifier": one.identifier, "candidates": candidates}
