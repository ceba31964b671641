"""The page of questions about sets of proteins: what they share, paths between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from proteins import hooks
from proteins.analysis import identifiers
from proteins.api.analysis.answering import table
from proteins.api.analysis.body import MAX_IN_QUERY
from proteins.api.analysis.sets import GRAPHS, VIEWS, SetView, SubnetworkView, document_of, graph_of
from proteins.api.rendering import json_bytes
from proteins.drawing.subnetwork import Subnetwork
from proteins.site.gene_lists import (
    FILTERS,
    ListForm,
    RefusedError,
    answered,
    posted,
    refused,
)
from proteins.site.network import DRAWING_POLICY

#: Rows of the page; the API has the rest.
SHOWN: Final = 50


class Question(NamedTuple):
    """A question, in words, and its answer in a sentence made of its numbers."""

    label: str
    about: str
    sentence: Callable[[Mapping[str, Any]], str]


def _of_species(numbers: Mapping[str, Any]) -> str:
    """How many loops the species has; results that were stored before lack that."""
    number = numbers.get("in_species")
    return "" if number is None else f", of {number:,} in the species under the same filters"


QUESTIONS: Final[dict[str, Question]] = {
    "common-targets": Question(
        "Targets that several TFs share",
        "Enter TFs. TFs of many targets share many whatever they do: compare with what is "
        "expected from the numbers of targets and of TFs alone.",
        lambda n: (
            f"{n['common']:,} of {n['union']:,} targets are regulated by {n['at_least']} or "
            f"more of these {n['tfs']} TFs, where {n['expected']:,.1f} are expected."
        ),
    ),
    "shared-regulators": Question(
        "TFs that several genes share",
        "Enter genes. Well-studied genes have many TFs: compare with what is expected.",
        lambda n: (
            f"{n['shared']:,} of {n['union']:,} TFs regulate {n['at_least']} or more of "
            f"these {n['genes']} genes, where {n['expected']:,.1f} are expected."
        ),
    ),
    "subnetwork": Question(
        "Interactions among a list",
        "Enter any proteins. Unstudied interactions are missing.",
        lambda n: (
            f"There are {n['interactions']:,} interactions among these {n['proteins']:,} proteins."
        ),
    ),
    "paths": Question(
        "Paths from one protein to another",
        "Enter two proteins, the regulator first. Steps are supported or strong, unless a tier is "
        "chosen: with all evidence there are thousands of ways between most proteins.",
        lambda n: (
            "There are "
            + ", ".join(
                f"{count:,} of {steps} step{'s' * (steps > 1)}"
                for steps, count in enumerate(n["counts"], 1)
            )
            + "."
        ),
    ),
    "feed-forward-loops": Question(
        "Feed-forward loops around a gene",
        "Enter one gene, or several that the loop must all hold: X regulates Y, and both regulate "
        "Z. The number expected by chance is not computed.",
        lambda n: f"There are {n['loops']:,} such loops{_of_species(n)}.",
    ),
}
_VIEWS: Final[dict[str, type[SetView]]] = {view.path: view for view in VIEWS}
#: Columns that hold one accession each, and are links.
_ACCESSIONS: Final = frozenset({"accession", "tf", "target", "x", "y", "z"})
_TABLES: Final = {
    "tsv": "text/tab-separated-values; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
_NETWORKS: Final = {each.name: each for each in GRAPHS}
_LABELS: Final = {"graphml": "GraphML"}
#: What the answer is a list of, to go on with: columns of accessions.
_GOES_ON: Final = {
    "common-targets": "accession",
    "shared-regulators": "accession",
    "paths": "proteins",
}


class SetForm(ListForm):
    """A question, a list, and how many of it; the evidence that counts."""

    question = forms.ChoiceField(
        label="Question", choices=[(name, one.label) for name, one in QUESTIONS.items()]
    )
    at_least = forms.IntegerField(label="At least so many of them", required=False, min_value=1)

    def set_properties(self) -> dict[str, Any]:
        """What is posted to the API for the same."""
        properties = self.properties()
        for name in ("background", "background_identifiers", "unit"):
            properties.pop(name, None)
        if "at_least" in self.changed_data and self.cleaned_data["question"] in (
            "common-targets",
            "shared-regulators",
        ):
            properties["at_least"] = self.cleaned_data["at_least"]
        return properties


@dataclass(frozen=True)
class Answered:
    """A question with its answer as the API gives it."""

    question: str
    values: Mapping[str, str]
    chosen: Sequence[Sequence[str]]
    document: Mapping[str, Any]
    #: Of a subnetwork that was computed now, by primary keys.
    pairs: Collection[tuple[int, int]] = ()

    @property
    def content(self) -> dict[str, Any]:
        """All of it, to be stored."""
        return {
            "values": dict(self.values),
            "chosen": list(self.chosen),
            "document": self.document,
        }

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = self.document["results"]
        return rows

    @property
    def drawing(self) -> Subnetwork | None:
        return Subnetwork.of(self.rows) if self.question == "subnetwork" and self.rows else None


class Cell(NamedTuple):
    text: str
    url: str = ""


@csrf_exempt  # it changes nothing, and so needs no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def analyse(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer; lists come from other pages too, and nothing logs them."""
    request.is_private = True  # type: ignore[attr-defined]
    try:
        data, files = posted(request) if request.method == "POST" else (request.GET, None)
    except forms.ValidationError as error:
        return page(request, SetForm(), {"refusals": error.messages}, status=413)
    if "question" not in data:
        initial = {name: data.get(name, "") for name in ("taxon", "identifiers", *FILTERS)}
        return page(request, SetForm(initial=initial), {})
    form = SetForm(data, files)
    try:
        answer = compute(request, form)
    except RefusedError as refusal:
        return refused(page(request, form, {}, refusal.status), refusal)
    name = data.get("format", "")
    if name in files_of(answer):
        return file_of(answer, name)
    return page(request, form, context_of(answer))


def compute(request: HttpRequest, form: SetForm) -> Answered:
    """Answer a form; raises `RefusedError`."""
    if not form.is_valid():
        raise RefusedError(400)
    name = form.cleaned_data["question"]
    view = _VIEWS[name]()
    result = answered(request, form, lambda: view.computation(form.set_properties())())
    pairs = view.pairs if isinstance(view, SubnetworkView) else ()
    return Answered(name, form.values, form.in_words, document_of(result), pairs)


def files_of(answer: Answered) -> list[str]:
    """What the answer can be saved as."""
    names = list(_TABLES)
    if answer.drawing:
        names += [*_NETWORKS, "svg"] if answer.pairs else ["svg"]
    return names


def file_of(answer: Answered, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="tflink-{answer.question}.{name}"'}
    if name == "svg":
        headers["Content-Security-Policy"] = DRAWING_POLICY
        context = {"drawing": answer.drawing, "is_file": True}
        drawing = render_to_string("proteins/subnetwork_svg.html", context)
        return HttpResponse(drawing, "image/svg+xml; charset=utf-8", headers=headers)
    if name in _NETWORKS:
        chosen = _NETWORKS[name]
        media_type = f"{chosen.media_type}; charset=utf-8"
        return HttpResponse(graph_of(answer.pairs, chosen), media_type, headers=headers)
    columns = _VIEWS[answer.question].columns
    content = json_bytes(answer.document) if name == "json" else table(name, columns, answer.rows)
    return HttpResponse(content, _TABLES[name], headers=headers)


def context_of(answer: Answered) -> dict[str, Any]:
    """What the page of an answer shows."""
    columns = _VIEWS[answer.question].columns
    question, rows = QUESTIONS[answer.question], answer.rows
    return {
        "question": question,
        "sentence": question.sentence(answer.document["numbers"]),
        "answer": answer.document,
        "chosen": [pair for pair in answer.chosen if pair[0] != "Question"],
        "heads": [column.replace("_", " ") for column in columns],
        "rows": [[_cells(row, column) for column in columns] for row in rows[:SHOWN]],
        "more": max(len(rows) - SHOWN, 0),
        "drawing": answer.drawing,
        "files": [(name, _LABELS.get(name, name.upper())) for name in files_of(answer)],
        "values": answer.values,
        "listed": _listed(answer),
    }


def _listed(answer: Answered) -> list[str]:
    """The proteins of an answer, to be the list of another question."""
    column = _GOES_ON.get(answer.question, "")
    values = (row[column] for row in answer.rows if column)
    each = (one for value in values for one in (value if isinstance(value, list) else [value]))
    return list(dict.fromkeys(each))[:MAX_IN_QUERY]


def _cells(row: Mapping[str, Any], column: str) -> list[Cell]:
    """What one cell of the table holds, each part with its link."""
    value = row[column]
    if column in ("regulators", "targets"):
        other = "tf_name" if column == "regulators" else "target_name"
        return [
            Cell(one[other] or one["id"], reverse("interaction", args=[one["id"]]))
            for one in row["interactions"]
        ]
    if column == "id":
        return [Cell(value, reverse("interaction", args=[value]))]
    if column in _ACCESSIONS:
        return [Cell(value, reverse("protein", args=[value.lower()]))]
    if isinstance(value, list):
        return [Cell(str(each)) for each in value]
    if value is None:
        return [Cell("not known")]
    if isinstance(value, bool):
        return [Cell("yes" if value else "no")]
    return [Cell(str(value))]


def page(
    request: HttpRequest, form: SetForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {
        "form": form,
        "questions": QUESTIONS.values(),
        "most": identifiers.MAX_IDENTIFIERS,
        "can_store": hooks.results() is not None,
    }
    response = render(request, "proteins/sets.html", context, status=status)
    if form.is_bound:
        response["X-Robots-Tag"] = "noindex"
    return response
