"""The OpenAPI schema: what drf-spectacular reads off the views, and what `described` adds."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import Any

from django.urls import get_script_prefix
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from proteins.api.negotiation import Negotiation
from proteins.api.parameters import PARAMETER, query_errors
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
        schema = copy.deepcopy(_generated())
    if prefix := get_script_prefix().rstrip("/"):
        schema["servers"] = [{"url": prefix}]
    return schema


def below_prefix(path: str) -> str:
    """Return a path of the API as links have it, below the path prefix of the site."""
    return get_script_prefix().rstrip("/") + path


class _FormatInQuery(Negotiation):
    """Takes `?format=yaml` or `?format=json`, so that a link can request either."""

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        wanted = request.query_params.get(PARAMETER)
        named = [each for each in renderers if each.format == wanted]
        if named:
            return named[0], named[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class _Compact(JSONRenderer):
    """JSON without indentation, two thirds of it: that was too much for the page cache."""

    def get_indent(self, *_: object) -> None:
        return None


class _OpenApiJson(_Compact, OpenApiJsonRenderer):
    """As the media type of OpenAPI."""


class _Json(_Compact, OpenApiJsonRenderer2):
    """As plain JSON."""


class SchemaView(Served, SpectacularAPIView):
    content_negotiation_class = _FormatInQuery
    renderer_classes = [OpenApiYamlRenderer, OpenApiYamlRenderer2, _OpenApiJson, _Json]

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
