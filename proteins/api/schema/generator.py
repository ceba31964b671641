"""The OpenAPI schema: what drf-spectacular reads off the views, and what `described` adds."""

from __future__ import annotations

import copy
from functools import cache
from threading import Lock
from typing import Any, ClassVar

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import APISettings

from proteins.api.parameters import query_errors
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.api.serving import Served

Schema = dict[str, Any]
#: drf-spectacular looks for its extensions when it is first used, which two threads cannot do.
_lock = Lock()


@cache
def _generated() -> Schema:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: Schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


def api_schema() -> Schema:
    """The schema, generated once a process: the views do not change while it runs."""
    with _lock:
        schema = _generated()
    return copy.deepcopy(schema)


class _FormatInQuery(DefaultContentNegotiation):
    """Takes `?format=yaml` or `?format=json`, so that a link can request either."""

    settings: ClassVar[Any] = APISettings(  # type: ignore[misc]
        {"URL_FORMAT_OVERRIDE": "format"}
    )


class SchemaView(Served, SpectacularAPIView):
    content_negotiation_class = _FormatInQuery

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before the framework, to which an unknown format is a URL that does not exist.
        if request.method in ("GET", "HEAD"):
            errors = query_errors(request, ["format"])
            requested = request.query_params.get("format", "yaml")
            if not errors and requested not in ("yaml", "json"):
                errors.append(ParameterError.of("format", requested, "it is none of: yaml, json"))
            if errors:
                raise InvalidParameters(errors)
        super().initial(request, *args, **kwargs)

    def _get_schema_response(self, request: Request) -> Response:
        format_ = request.accepted_renderer.format
        name = f"{spectacular_settings.TITLE}.{format_}"
        return Response(api_schema(), headers={"Content-Disposition": f'inline; filename="{name}"'})
