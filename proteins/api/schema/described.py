"""What the schema says of all operations (hooks of its generator): errors, files, headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from proteins.api.negotiation import JSON
from proteins.api.parameters import PARAMETER
from proteins.api.problems import CONTENT_TYPE

Schema = dict[str, Any]

#: What each error means, in the schema and in the documentation.
ERRORS: Final = {
    300: "The identifier means several records, candidates names them, and none is chosen.",
    400: "A parameter is unknown, repeated or badly written; errors names each, with why.",
    401: "The token of the header Authorization is not known here, or no longer.",
    404: "There is nothing at this address; detail says what is missing.",
    405: "This cannot be done at this address; the header Allow names what can.",
    406: "The header Accept asks for a format that is not offered; detail names what is.",
    413: "The body of the request is larger than is read here; detail says how large it may be.",
    414: "The address is longer than the server reads; long lists go to the look-up.",
    415: "The body of the request is in a format that is not read here; detail names what is.",
    429: "Too many requests; the header Retry-After says how many seconds to wait.",
    500: "Something went wrong here, and has been noted.",
    503: "The whole site cannot answer just now; Retry-After says when to try again.",
}
_EVERYWHERE: Final = (400, 401, 405, 406, 414, 429, 500, 503)
_WITH_BODY: Final = (413, 415)
#: Where an identifier may be one that was divided into several.
_OF_SEVERAL: Final = "/api/v1/proteins/{identifier}/"
#: Answered by the web server before the site sees the request, in words of its own.
_BY_THE_SERVER: Final = (414,)
#: Headers of an error, by its status.
_OF_ERRORS: Final[dict[int, Schema]] = {
    401: {
        "WWW-Authenticate": ("string", "How to identify oneself: Token, and a token of this site.")
    },
    405: {"Allow": ("string", "The methods that this address knows.")},
    429: {"Retry-After": ("integer", "Seconds to wait before the next request.")},
    503: {"Retry-After": ("integer", "Seconds to wait before the next request.")},
}
_ERROR: Final = {
    "type": "object",
    "required": ["parameter", "value", "reason"],
    "properties": {
        "parameter": {"type": "string"},
        "value": {"type": "string", "description": "As given; cut where it is long."},
        "reason": {"type": "string"},
    },
}
_PROBLEM: Final = {
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
        "candidates": {
            "type": "array",
            "description": "The identifiers of which one is meant; with status 300 only.",
            "items": {"type": "string"},
        },
    },
}


def operations_of(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Path, method and description of each operation."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _headers(described: Schema) -> Schema:
    return {
        name: {"description": about, "schema": {"type": kind}}
        for name, (kind, about) in described.items()
    }


def add_errors(result: Schema, **_: object) -> Schema:
    """Add to each operation the errors that it can answer with."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(Problem=_PROBLEM, ParameterError=_ERROR)
    responses = components.setdefault("responses", {})
    for status, about in ERRORS.items():
        responses[f"Problem{status}"] = {"description": about}
        if status not in _BY_THE_SERVER:
            content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            responses[f"Problem{status}"]["content"] = content
        if status in _OF_ERRORS:
            responses[f"Problem{status}"]["headers"] = _headers(_OF_ERRORS[status])
    for path, _method, operation in operations_of(result):
        statuses = [*_EVERYWHERE, *(_WITH_BODY if "requestBody" in operation else ())]
        names = {one["name"] for one in operation.get("parameters", [])}
        if "{" in path or "release" in names:
            statuses.append(404)
        if path == _OF_SEVERAL:
            statuses.append(300)
        for status in sorted(statuses):
            reference = {"$ref": f"#/components/responses/Problem{status}"}
            operation["responses"][str(status)] = reference
    return result


def add_formats(result: Schema, **_: object) -> Schema:
    """Add to each list the files that it can be had as."""
    # They import what describes them.
    from proteins.api.views import RESOURCES

    for prefix, view, _name in RESOURCES:
        if not view.formats:
            continue
        operation = result["paths"][f"/api/v1/{prefix}/"]["get"]
        names = [JSON, *(offered.name for offered in view.formats)]
        about = [f"{offered.name}: {offered.about}" for offered in view.formats]
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
        for offered in view.formats:
            content.setdefault(offered.media_type, {"schema": {"type": "string"}})
    for _path, _method, operation in operations_of(result):
        for media_type, described in operation["responses"]["200"].get("content", {}).items():
            if media_type.endswith("cx2+json"):
                described["schema"] = {"type": "array", "items": {"type": "object"}}
    return result
