"""What the schema says of headers, redirects and the fields of one record (a hook)."""

from __future__ import annotations

from typing import Any, Final

from proteins.api import sparse
from proteins.api.parameters import RELEASE
from proteins.api.schema.described import Schema, operations_of

#: Name, type, whether it is always there, and meaning; of every answer, errors included.
_OF_ALL: Final = (
    ("API-Version", "string", True, "The version of this API: 1."),
    ("TFLink-Release", "string", True, "The newest release of the content, or none."),
    ("Link", "string", True, "The licence (rel=license); where an operation will go, why."),
    ("RateLimit", "string", False, "What is left of the rate (r), and for how many seconds (t)."),
    ("RateLimit-Policy", "string", False, "How many requests (q) in how many seconds (w)."),
    ("Deprecation", "string", False, "Since when the operation is deprecated (RFC 9745)."),
    ("Sunset", "string", False, "Until when a deprecated operation works (RFC 8594)."),
)
_ETAG: Final = ("ETag", "string", False, "The state of the answer, for If-None-Match.")
_LOCATION: Final = ("Location", "string", True, "The address to ask instead.")
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an earlier answer: 304 and no body while it is the same.",
    "schema": {"type": "string"},
}
_NOT_MODIFIED: Final = "Nothing has changed since the answer with this ETag."
_MOVED: Final = "The record is known by another identifier now."
_FROZEN: Final = "The frozen file of the release that was asked for."


def add_headers(result: Schema, **_: object) -> Schema:
    """Add the headers of each answer, 304, and where one is sent elsewhere."""
    components = result["components"]
    described = components.setdefault("headers", {})
    for name, kind, always, about in (*_OF_ALL, _ETAG, _LOCATION):
        described[name] = {"description": about, "required": always, "schema": {"type": kind}}
    for path, method, operation in operations_of(result):
        parameters = operation.setdefault("parameters", [])
        responses = operation["responses"]
        if method == "get":
            parameters.append(dict(_IF_NONE_MATCH))
            responses["304"] = {"description": _NOT_MODIFIED}
        if any(one["name"] == RELEASE for one in parameters):
            responses["302"] = {"description": _FROZEN, "headers": _referred(_LOCATION)}
        if "{identifier}" in path:
            responses["301"] = {"description": _MOVED, "headers": _referred(_LOCATION)}
        if path.endswith("{identifier}/"):
            _add_fields(result, operation)
    _mark(result)
    return result


def _referred(*headers: tuple[str, str, bool, str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name, *_ in headers}


def _mark(result: Schema) -> None:
    for response in result["components"]["responses"].values():
        if "content" in response:
            response.setdefault("headers", {}).update(_referred(*_OF_ALL))
    for _path, method, operation in operations_of(result):
        for status, response in operation["responses"].items():
            if "$ref" not in response:
                tagged = (_ETAG,) if method == "get" and status in ("200", "304") else ()
                response.setdefault("headers", {}).update(_referred(*_OF_ALL, *tagged))


def _add_fields(result: Schema, operation: dict[str, Any]) -> None:
    """One record takes `fields` as a list does."""
    if any(one["name"] == sparse.PARAMETER for one in operation["parameters"]):
        return
    answered = operation["responses"]["200"]["content"]["application/json"]["schema"]
    component = result["components"]["schemas"][answered["$ref"].rsplit("/", 1)[-1]]
    operation["parameters"].append(sparse.parameter(list(component["properties"])))
