"""Common targets, shared regulators, subnetworks, paths and loops."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from proteins.analysis import sets
from proteins.analysis.identifiers import MAX_IDENTIFIERS
from proteins.analysis.sets import MAX_ROWS, Answer, Question, TooLargeError
from proteins.api.analysis.answering import QuestionView, written
from proteins.api.analysis.body import Body
from proteins.api.analysis.described import (
    TAXON,
    OutcomeSerializer,
    body_schema,
    identifiers_schema,
    outcome_record,
    query_parameters,
    whole_schema,
    words_schema,
)
from proteins.api.fields import ReadOnlySerializer
from proteins.api.formats import TABLES, Format
from proteins.api.problems import InvalidParameters, ParameterError
from proteins.exports import graphs
from proteins.exports.rows import QueryRows
from proteins.models import Interaction

#: Proteins of a subnetwork or of a set, at most.
_MOST_OF_A_SET: Final = 100
_REQUIRED: Final = ["taxon", "identifiers"]
_AT_LEAST: Final = whole_schema(
    "How many of them at least; all where it is not given.", 1, _MOST_OF_A_SET
)
_LIMIT: Final = whole_schema("How many rows are given.", 1, MAX_ROWS, 100)
#: Of steps of paths, where no tier is chosen: the rest is mostly one experiment of large scale.
_STRONG_TIERS: Final = ["strong", "supported"]


class Scope(StrEnum):
    AROUND = "around"
    WITHIN = "within"


class AnswerSerializer(ReadOnlySerializer):
    """Numbers and rows of a question, and what became of its identifiers."""

    query = OutcomeSerializer(help_text="What became of each identifier.")
    numbers = serializers.DictField(help_text="Counts of the whole answer, by name.")
    change_number = serializers.IntegerField(help_text="The last change that the answer knows.")
    release = serializers.CharField(allow_null=True, help_text="The newest release, if any.")
    results = serializers.ListField(child=serializers.DictField(), help_text="The rows.")


def described(
    name: str, summary: str, properties: dict[str, Any], formats: tuple[Format, ...] = TABLES
) -> Callable[[type], type]:
    """Describe both ways to put a question in the schema."""
    files = {(200, each.media_type): OpenApiTypes.STR for each in formats}
    responses: Any = {(200, "application/json"): AnswerSerializer, **files}

    def decorate(view: Any) -> Any:
        # Each view's own: a description is an attribute of the function.
        def get(self: SetView, request: Request) -> HttpResponse:
            return self.respond(request)

        def post(self: SetView, request: Request) -> HttpResponse:
            return self.respond(request)

        posted = {"taxon": 9606, "identifiers": view.example.split(";")}
        view.get = extend_schema(
            operation_id=f"{name}_query",
            summary=f"{summary} (short lists)",
            tags=["Lists of genes"],
            parameters=query_parameters(properties, _REQUIRED, formats),
            responses=responses,
            extensions={"x-example": f"/api/v1/{view.path}/?taxon=9606&identifiers={view.example}"},
        )(get)
        view.post = extend_schema(
            operation_id=name,
            summary=summary,
            tags=["Lists of genes"],
            parameters=[],
            request={"application/json": body_schema(properties, _REQUIRED)},
            responses=responses,
            examples=[
                OpenApiExample("A list", posted, request_only=True, media_type="application/json")
            ],
        )(post)
        return view

    return decorate


class SetView(QuestionView):
    """A question about a list of proteins; subclasses read the rest, and answer it."""

    path: ClassVar[str]
    example: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    most: ClassVar[int] = MAX_IDENTIFIERS
    #: Values of filters where they are not given.
    usual: ClassVar[dict[str, Any]] = {}

    def answer(self, question: Question, body: Body) -> Callable[[], Answer]:
        """Read the other properties; return what answers the question once all are right."""
        raise NotImplementedError

    def computation(self, properties: Mapping[str, Any]) -> Callable[[], Answer]:
        """Read the properties of a question; raises what is wrong with them."""
        body = Body({**self.usual, **properties})
        taxon = body.taxon()
        names = body.identifiers("identifiers", self.most)
        filters = body.filters(taxon)
        # Of what is wrong nothing is answered: what a question lacks then is never looked at.
        compute = self.answer(Question(taxon, names, filters), body)  # type: ignore[arg-type]
        body.check()
        return compute

    def respond(self, request: Request) -> HttpResponse:
        compute = self.computation(self.properties(request))
        try:
            answer = self.answered(request, compute)
        except TooLargeError as error:
            wrong = ParameterError.of("identifiers", "", str(error))
            raise InvalidParameters([wrong]) from error
        return self.sent(request, answer)

    def sent(self, request: Request, answer: Answer) -> HttpResponse:
        document = document_of(answer)
        return written(request, self.path, self.columns, answer.rows, document)


def document_of(answer: Answer) -> dict[str, Any]:
    """An answer as `AnswerSerializer` describes it."""
    return {
        "query": outcome_record(answer.query),
        "numbers": answer.numbers,
        "change_number": answer.change_number,
        "release": answer.release or None,
        "results": answer.rows,
    }


@described(
    "common_targets",
    "List the targets that several TFs share",
    {
        "taxon": TAXON,
        "identifiers": identifiers_schema("The TFs.", _MOST_OF_A_SET),
        "at_least": _AT_LEAST,
    },
)
class CommonTargetsView(SetView):
    """The targets that at least so many of some TFs share, with how many are expected.

    The number that is expected follows from how many targets each TF has, and how many TFs each
    target: TFs of thousands of targets share hundreds whatever they do.
    """

    path = "common-targets"
    example = "Q9UK53"
    columns = ("accession", "name", "number", "regulators")
    most = _MOST_OF_A_SET

    def answer(self, question: Question, body: Body) -> Callable[[], Answer]:
        at_least = body.whole("at_least", self.most)
        return lambda: sets.common_targets(question, at_least)


@described(
    "shared_regulators",
    "List the TFs that several genes share",
    {
        "taxon": TAXON,
        "identifiers": identifiers_schema("The genes.", _MOST_OF_A_SET),
        "at_least": _AT_LEAST,
    },
)
class SharedRegulatorsView(SetView):
    """The TFs that regulate at least so many of some genes, with how many are expected."""

    path = "shared-regulators"
    example = "BAX"
    columns = ("accession", "name", "number", "targets")
    most = _MOST_OF_A_SET

    def answer(self, question: Question, body: Body) -> Callable[[], Answer]:
        at_least = body.whole("at_least", self.most)
        return lambda: sets.shared_regulators(question, at_least)


def _graph(name: str, about: str) -> Format:
    form = graphs.FORMATS[name]
    return Format(name, form.media_type, name, about, form.interactions)


GRAPHS: Final = (
    _graph("cx2", "CX2, for Cytoscape and NDEx."),
    _graph("sif", "SIF, for Cytoscape."),
    _graph("graphml", "GraphML, for network software of all kinds."),
)


@described(
    "subnetwork",
    "Read all interactions among the proteins of a list",
    {
        "taxon": TAXON,
        "identifiers": identifiers_schema("The proteins."),
        "bridges": whole_schema(
            "So many TFs that are not in the list and regulate most of it are added.", 0, 50, 0
        ),
    },
    (*TABLES, *GRAPHS),
)
class SubnetworkView(SetView):
    """All interactions among some proteins, also as files for network software."""

    path = "subnetwork"
    example = "Q9UK53;BAX"
    columns = ("id", "tf", "tf_name", "target", "target_name", "tier", "effect")
    offered_formats = (*TABLES, *GRAPHS)
    #: Of the last answer, by primary keys.
    pairs: Collection[tuple[int, int]] = ()

    def answer(self, question: Question, body: Body) -> Callable[[], Answer]:
        bridges = body.whole("bridges", 50, least=0)

        def compute() -> Answer:
            answer, self.pairs = sets.subnetwork(question, bridges or 0)
            return answer

        return compute

    def sent(self, request: Request, answer: Answer) -> HttpResponse:
        file_format: Format | None = getattr(request, "file_format", None)
        if file_format not in GRAPHS:
            return super().sent(request, answer)
        name = f"tflink-subnetwork.{file_format.suffix}"
        return HttpResponse(
            graph_of(self.pairs, file_format),
            f"{file_format.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def graph_of(pairs: Collection[tuple[int, int]], file_format: Format) -> str:
    """The interactions of some pairs of proteins, by primary keys, as a file for networks."""
    wanted = set(pairs)
    ends = {end for pair in wanted for end in pair}
    rows = Interaction.objects.public().filter(tf__in=ends, target__in=ends)
    keys = [
        pk for pk, *pair in rows.values_list("pk", "tf_id", "target_id") if tuple(pair) in wanted
    ]
    chosen = Interaction.objects.filter(pk__in=keys).order_by("tf", "target")
    return "".join(file_format.write(QueryRows(chosen)))


@described(
    "paths",
    "List the ways by which one protein regulates another",
    {
        "taxon": TAXON,
        "identifiers": identifiers_schema("The first protein, then the last.", 2),
        "longest": whole_schema("Steps of the longest path.", 1, 3, 3),
        "limit": whole_schema("How many paths are given.", 1, 100, 100),
    },
)
class PathsView(SetView):
    """The paths of one to three steps from one protein to another, exactly counted.

    The shortest come first, of one length those whose weakest step is the strongest. Where no tier
    is chosen, steps are supported or strong: with all evidence there are thousands of paths between
    most proteins, which say little.
    """

    path = "paths"
    example = "Q9UK53;BAX"
    columns = ("length", "proteins", "names", "weakest", "effect")
    most = 2
    usual = {"tier": _STRONG_TIERS}

    def answer(self, question: Question, body: Body) -> Callable[[], Answer]:
        longest = body.whole("longest", 3)
        limit = body.whole("limit", 100)
        return lambda: sets.paths(question, longest or 3, limit or 100)


@described(
    "feed_forward_loops",
    "List the feed-forward loops around a gene or within a list",
    {
        "taxon": TAXON,
        "identifiers": identifiers_schema("The genes.", _MOST_OF_A_SET),
        "scope": words_schema(
            "Loops that each of the genes is a part of, or loops of these genes only.",
            Scope,
            Scope.AROUND,
        ),
        "limit": _LIMIT,
    },
)
class LoopsView(SetView):
    """Feed-forward loops: X regulates Y, and both regulate Z. The strongest come first.

    A loop is coherent where X has the same effect on Z directly as by way of Y. How many loops are
    expected by chance is not said.
    """

    path = "feed-forward-loops"
    example = "BAX"
    columns = ("x", "x_name", "y", "y_name", "z", "z_name", "weakest", "coherent")
    most = _MOST_OF_A_SET

    def answer(self, question: Question, body: Body) -> Callable[[], Answer]:
        scope = body.choice("scope", Scope, Scope.AROUND)
        limit = body.whole("limit", MAX_ROWS)
        return lambda: sets.loops(question, within=scope is Scope.WITHIN, limit=limit or 100)


VIEWS: Final = (
    CommonTargetsView,
    SharedRegulatorsView,
    SubnetworkView,
    PathsView,
    LoopsView,
)
