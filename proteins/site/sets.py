"""The page of questions about sets of proteins: what they share, paths between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from proteins.analysis import identifiers, jobs, species
from proteins.analysis.sets import Answer, TooLargeError
from proteins.analysis.species import NotReadyError
from proteins.api.analysis.sets import VIEWS, SetView
from proteins.api.problems import InvalidParameters
from proteins.limits import analyses
from proteins.queries.snapshot import consistent_read
from proteins.site.enrichment import ListForm

#: Rows of the page; the API has the rest.
SHOWN: Final = 200


class Question(NamedTuple):
    """A question, in words, and its answer in a sentence made of its numbers."""

    label: str
    about: str
    sentence: Callable[[Mapping[str, Any]], str]


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
        lambda n: f"There are {n['loops']:,} such loops.",
    ),
}
_VIEWS: Final[dict[str, type[SetView]]] = {view.path: view for view in VIEWS}
#: Columns that hold one accession each, and are links.
_ACCESSIONS: Final = frozenset({"accession", "tf", "target", "x", "y", "z"})


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


class Cell(NamedTuple):
    text: str
    url: str = ""


@csrf_exempt  # it changes nothing, and so needs no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def analyse(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer; lists come from other pages too, and nothing logs them."""
    request.is_private = True  # type: ignore[attr-defined]
    data = request.POST if request.method == "POST" else request.GET
    if "question" not in data:
        initial = {name: data.get(name, "") for name in ("taxon", "identifiers")}
        return _page(request, SetForm(initial=initial), {})
    form = SetForm(data, request.FILES)
    if not form.is_valid():
        return _page(request, form, {}, status=400)
    slot = analyses.take_slot(request)
    if slot is None:
        return _later(request, form, analyses.REFUSAL, analyses.RETRY_AFTER)
    name = form.cleaned_data["question"]
    try:
        with consistent_read():
            answer = _VIEWS[name]().computation(form.set_properties())()
    except InvalidParameters as error:
        for one in error.errors:
            form.add_error(None, f"{one.parameter}: {one.reason}")
        return _page(request, form, {}, status=400)
    except TooLargeError as error:
        form.add_error(None, f"Identifiers: {error}.")
        return _page(request, form, {}, status=400)
    except NotReadyError as error:
        jobs.start()
        return _later(request, form, str(error), species.RETRY_AFTER)
    finally:
        slot.release()
    return _page(request, form, _context(name, answer))


def _later(request: HttpRequest, form: SetForm, message: str, seconds: int) -> HttpResponse:
    form.add_error(None, message)
    response = _page(request, form, {}, status=503)
    response["Retry-After"] = str(seconds)
    return response


def _context(name: str, answer: Answer) -> dict[str, Any]:
    columns = _VIEWS[name].columns
    return {
        "question": QUESTIONS[name],
        "sentence": QUESTIONS[name].sentence(answer.numbers),
        "answer": answer,
        "heads": [column.replace("_", " ") for column in columns],
        "rows": [[_cells(row, column) for column in columns] for row in answer.rows[:SHOWN]],
        "more": max(len(answer.rows) - SHOWN, 0),
    }


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


def _page(
    request: HttpRequest, form: SetForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {"form": form, "questions": QUESTIONS.values(), "most": identifiers.MAX_IDENTIFIERS}
    response = render(request, "proteins/sets.html", context, status=status)
    if form.is_bound:
        response["X-Robots-Tag"] = "noindex"
    return response
