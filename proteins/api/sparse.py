"""Sparse records: `?fields=` names the fields that are wanted, the others are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from rest_framework.serializers import BaseSerializer

from proteins.api.problems import ParameterError
from proteins.domain.identifiers import shown

PARAMETER: Final = "fields"


def read(text: str | None, names: Sequence[str]) -> tuple[frozenset[str] | None, list[str]]:
    """Return the requested fields (None for all), and what is wrong with the parameter."""
    if text is None or not text.strip():
        return None, []
    requested = [name.strip() for name in text.split(",")]
    if "" in requested:
        return None, ["a name between two commas is empty"]
    unknown = dict.fromkeys(shown(name) for name in requested if name not in names)
    if unknown:
        named = ", ".join(list(unknown)[:10])
        return None, [f"{named}: no such field here; known: {', '.join(names)}"]
    return frozenset(requested), []


def errors(text: str, reasons: Iterable[str]) -> list[ParameterError]:
    return [ParameterError.of(PARAMETER, text, reason) for reason in reasons]


def prune(serializer: BaseSerializer[Any], wanted: frozenset[str] | None) -> None:
    """Let a serializer (of one record, or of many) write only the fields that are wanted."""
    if wanted is None:
        return
    of_one: Any = getattr(serializer, "child", serializer)
    fields = of_one.fields
    for name in [name for name in fields if name not in wanted]:
        fields.pop(name)


def parameter(names: Sequence[str]) -> dict[str, Any]:
    """Its OpenAPI parameter object."""
    return {
        "name": PARAMETER,
        "in": "query",
        "description": "Which fields of a record are wanted, joined by commas or the parameter "
        "repeated; all by default.",
        "schema": {"type": "array", "items": {"type": "string", "enum": list(names)}},
        "style": "form",
        "explode": False,
    }


def partial_records(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Mark every field of a record as optional in the schema (a hook of the generator)."""
    schemas = result["components"]["schemas"]
    for path in result["paths"].values():
        for operation in path.values():
            if all(one["name"] != PARAMETER for one in operation.get("parameters", [])):
                continue
            content = operation["responses"]["200"]["content"].get("application/json", {})
            for name in _records(content.get("schema", {}), schemas):
                schemas[name].pop("required", None)
    return result


def _records(schema: dict[str, Any], schemas: dict[str, Any]) -> Iterable[str]:
    """The names of the records that an answer is, or is a list of."""
    if "$ref" not in schema:
        return
    name = schema["$ref"].rsplit("/", 1)[-1]
    results = schemas[name].get("properties", {}).get("results")
    if results is None:
        yield name
    else:
        yield from _records(results.get("items", {}), schemas)
