"""What the views of questions have in common: slots, one read snapshot, tables as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from django.http import HttpResponse
from drf_spectacular.openapi import AutoSchema
from rest_framework import exceptions
from rest_framework.request import Request

from proteins.analysis import jobs, species
from proteins.analysis.evidence import TooManyError
from proteins.analysis.species import NotReadyError
from proteins.api.analysis.body import MAX_IN_QUERY, ObjectParser, of_query
from proteins.api.formats import TABLES, Format
from proteins.api.parameters import PARAMETER, query_errors
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.api.rendering import json_bytes, json_lines
from proteins.api.resource import StrictQuery
from proteins.api.throttles import CallerThrottle, LookupsThrottle
from proteins.exports import cells
from proteins.limits import analyses
from proteins.queries.snapshot import consistent_read

Answer = TypeVar("Answer")
_WORDS: Final = cells.Words("", "true", "false")
#: A row of a table by column.
Row = dict[str, Any]


class BusyError(exceptions.APIException):
    status_code = 503
    default_detail = analyses.REFUSAL
    wait = analyses.RETRY_AFTER


class PreparedError(exceptions.APIException):
    """The arrays of a species are not written yet."""

    status_code = 503
    wait = species.RETRY_AFTER


class WithBody(AutoSchema):
    """The generator takes a body that is described by hand for one that may be left out."""

    def _get_request_body(self, direction: Any = "request") -> Any:
        body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        return body and body | {"required": True}


class QuestionView(StrictQuery):
    """A question whose properties are posted as JSON, or stand in a query if they are few."""

    parser_classes = [ObjectParser]
    throttle_classes: Any = (CallerThrottle, LookupsThrottle)
    schema = WithBody()
    #: They read their own, and refuse unknown ones.
    takes_parameters = True
    offered_formats: tuple[Format, ...] = TABLES
    #: The properties that are lists of identifiers.
    lists: tuple[str, ...] = ("identifiers",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Lists are unpublished research.
        request._request.is_private = True  # type: ignore[attr-defined]
        super().initial(request, *args, **kwargs)

    def properties(self, request: Request) -> dict[str, Any]:
        """What was posted, or the query as if it had been."""
        if request.method == "POST":
            if errors := query_errors(request, [PARAMETER]):
                raise InvalidParameters(errors)
            return request.data if isinstance(request.data, dict) else {}
        names = list(request.query_params)
        if errors := query_errors(request, names, names):
            raise InvalidParameters(errors)
        for name in self.lists:
            if any("\x00" in value for value in request.query_params.getlist(name)):
                reason = "it holds a NUL character"
                raise InvalidParameters([ParameterError.of(name, "", reason)])
        properties = of_query(request.query_params, self.lists, [PARAMETER])
        for name in self.lists:
            if len(properties.get(name, ())) > MAX_IN_QUERY:
                reason = f"a query takes at most {MAX_IN_QUERY}; post longer lists"
                raise InvalidParameters([ParameterError.of(name, "", reason)])
        return properties

    def answered(self, request: Request, answer: Callable[[], Answer]) -> Answer:
        """Return an answer, of one moment and within a slot."""
        slot = analyses.take_slot(request._request)
        if slot is None:
            raise BusyError
        try:
            with consistent_read():
                return answer()
        except TooManyError as error:
            raise InvalidParameters([ParameterError.of("changed_since", "", str(error))]) from error
        except NotReadyError as error:
            jobs.start()
            raise PreparedError(str(error)) from error
        finally:
            slot.release()


def written(
    request: Request, name: str, columns: Sequence[str], rows: Iterable[Row], document: Row
) -> HttpResponse:
    """The answer as JSON, or its rows as a file."""
    file_format: Format | None = getattr(request, "file_format", None)
    if file_format is None:
        return HttpResponse(json_bytes(document), "application/json")
    return HttpResponse(
        table(file_format.name, columns, rows),
        f"{file_format.media_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="tflink-{name}.{file_format.suffix}"'
        },
    )


def table(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as a file of a format by its name."""
    chosen = [{column: row[column] for column in columns} for row in rows]
    if name == "jsonl":
        return json_lines(chosen)
    cells_of = [list(columns), *(list(row.values()) for row in chosen)]
    if name == "csv":
        return cells.BYTE_ORDER_MARK + cells.csv_values(cells_of, _WORDS)
    return cells.tsv_values(cells_of, _WORDS)
