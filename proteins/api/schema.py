"""The OpenAPI schema: what drf-spectacular reads off the views, and the errors of them all."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, ClassVar

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import APISettings

from proteins.api.formats import JSON
from proteins.api.parameters import PARAMETER, query_errors
from proteins.api.problems import CONTENT_TYPE, InvalidParameters, ParameterError

Schema = dict[str, Any]

#: What each error means, in the schema and in the documentation.
ERRORS = {
    400: "A parameter is unknown, repeated or badly written; errors names each, with why.",
    404: "There is nothing at this address; detail says what is missing.",
    405: "The API is read-only; the header Allow names what can be done.",
    406: "The header Accept asks for a format that is not offered; detail names what is.",
    415: "A request body is in a format that is not read here.",
    429: "Too many requests; the header Retry-After says how many seconds to wait.",
    500: "Something went wrong here, and has been noted.",
}
_EVERYWHERE = (400, 406, 429, 500)

_ERROR = {
    "type": "object",
    "required": ["parameter", "value", "reason"],
    "properties": {
        "parameter": {"type": "string"},
        "value": {"type": "string", "description": "As given; cut where it is long."},
        "reason": {"type": "string"},
    },
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "What this error means."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong with this request."},
        "errors": {
            "type": "array",
            "description": "Each parameter that could not be used; empty for other errors.",
            "items": {"$ref": "#/components/schemas/ParameterError"},
        },
    },
}


def add_errors(result: Schema, **_: object) -> Schema:
    """Add to each operation the errors that it can answer with (a hook of the generator)."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(Problem=_PROBLEM, ParameterError=_ERROR)
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Problem{status}": {"description": about, "content": content}
        for status, about in ERRORS.items()
    }
    for path, operations in result["paths"].items():
        statuses = (*_EVERYWHERE, 404) if "{" in path else _EVERYWHERE
        for operation in operations.values():
            for status in sorted(statuses):
                reference = {"$ref": f"#/components/responses/Problem{status}"}
                operation["responses"][str(status)] = reference
    return result


def add_formats(result: Schema, **_: object) -> Schema:
    """Add to each list the files that it can be had as (a hook of the generator)."""
    # They import what describes them.
    from proteins.api.views import RESOURCES

    for prefix, view, _name in RESOURCES:
        if not view.formats:
            continue
        operation = result["paths"][f"/api/v1/{prefix}/"]["get"]
        names = [JSON, *(found.name for found in view.formats)]
        about = [f"{found.name}: {found.about}" for found in view.formats]
        operation.setdefault("parameters", []).append(
            {
                "name": PARAMETER,
                "in": "query",
                "description": (
                    "All rows as a file; the header Accept asks for the same. " + " ".join(about)
                ),
                "schema": {"type": "string", "enum": names, "default": JSON},
            }
        )
        content = operation["responses"]["200"]["content"]
        for found in view.formats:
            content[found.media_type] = {"schema": {"type": "string"}}
    return result


@cache
def _generated() -> Schema:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: Schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


def api_schema() -> Schema:
    """The schema, generated once a process: the views do not change while it runs."""
    return copy.deepcopy(_generated())


class _FormatInQuery(DefaultContentNegotiation):
    """Takes `?format=yaml` or `?format=json`, so that a link can ask for either."""

    settings: ClassVar[Any] = APISettings(  # type: ignore[misc]
        {"URL_FORMAT_OVERRIDE": "format"}
    )


class SchemaView(SpectacularAPIView):
    content_negotiation_class = _FormatInQuery

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before the framework, to which an unknown format is an address with nothing at it.
        if request.method in ("GET", "HEAD"):
            errors = query_errors(request, ["format"])
            asked = request.query_params.get("format", "yaml")
            if not errors and asked not in ("yaml", "json"):
                errors.append(ParameterError.of("format", asked, "it is none of: yaml, json"))
            if errors:
                raise InvalidParameters(errors)
        super().initial(request, *args, **kwargs)

    def _get_schema_response(self, request: Request) -> Response:
        format_ = request.accepted_renderer.format
        name = f"{spectacular_settings.TITLE}.{format_}"
        return Response(api_schema(), headers={"Content-Disposition": f'inline; filename="{name}"'})
