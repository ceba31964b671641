"""The page that tests a list of genes: which TFs regulate them more often than expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from proteins import hooks
from proteins.analysis import enrichment, identifiers
from proteins.analysis.enrichment import COLUMNS, Background
from proteins.api.analysis.answering import table
from proteins.api.analysis.body import MAX_IN_QUERY, Body
from proteins.api.analysis.enrichment import document_of, read_request
from proteins.api.rendering import json_bytes
from proteins.drawing.figure import Theme
from proteins.drawing.gene_matrix import GeneMatrix
from proteins.drawing.plots import LIMIT, PHONE, Bars, Volcano
from proteins.exports import cells
from proteins.models import Interaction
from proteins.queries.interaction_rows import InteractionRow, read_rows
from proteins.site.cite import CiteBox
from proteins.site.drawing_file import drawing_file
from proteins.site.gene_lists import ListForm, RefusedError, answered, posted, refused
from proteins.site.network import DRAWING_POLICY

#: TFs of a page of the table; files have all.
SHOWN: Final = 20
#: Interactions whose evidence is shown of one TF.
MOST_HITS: Final = 100
#: What the answer is saved as, by media type.
FILES: Final = {
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "json": "application/json",
    "bars.svg": "image/svg+xml",
    "bars.tsv": "text/tab-separated-values",
    "volcano.svg": "image/svg+xml",
    "matrix.svg": "image/svg+xml",
    "matrix.tsv": "text/tab-separated-values",
}
_BARS: Final = ("tf", "tf_name", "q_degree", "q")
_WORDS: Final = cells.Words("", "true", "false")


@dataclass(frozen=True)
class Answered:
    """A question with its answer as the API gives it, and what plots need beside it."""

    values: Mapping[str, str]
    #: What was chosen, by label.
    chosen: Sequence[Sequence[str]]
    document: Mapping[str, Any]
    small_scale: Mapping[str, Sequence[str]]

    @property
    def content(self) -> dict[str, Any]:
        """All of it, to be stored."""
        return {
            "values": dict(self.values),
            "chosen": list(self.chosen),
            "document": self.document,
            "small_scale": self.small_scale,
        }

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = self.document["results"]
        return rows

    @property
    def matrix(self) -> GeneMatrix:
        return GeneMatrix.of(self.rows, self.small_scale)


@dataclass(frozen=True)
class Line:
    """TFs of the same targets as one line of the table."""

    names: list[tuple[str, str]]
    row: Mapping[str, Any]

    @property
    def hits(self) -> list[str]:
        genes = zip(self.row["genes"], self.row["gene_names"], strict=True)
        return [name or gene for gene, name in genes]


@csrf_exempt  # it changes nothing, and so needs no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrich(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer. Lists are unpublished research: nothing logs them."""
    request.is_private = True  # type: ignore[attr-defined]
    if request.method != "POST" and "identifiers" not in request.GET:
        return page(request, ListForm(initial={"taxon": request.GET.get("taxon", "9606")}), {})
    try:
        form = _form(request)
    except forms.ValidationError as error:
        return _too_large(request, error)
    try:
        answer = compute(request, form)
    except RefusedError as refusal:
        return refused(page(request, form, {}, refusal.status), refusal)
    data = request.POST if request.method == "POST" else request.GET
    if (name := data.get("format", "")) in FILES:
        return file_of(answer, name)
    number = data.get("page", "1")
    context = context_of(answer, int(number) if number.isdecimal() and len(number) < 5 else 1)
    link = _link(form)
    number_given = answer.document["query"]["given"]
    title = f"Regulators of a list of {number_given:,} genes"
    citation = CiteBox.of(request, title, link or reverse("enrichment"))
    # A list that was sent in a body is not put into a URL, which a server may log, for its PNG.
    drawing_link = link if request.method != "POST" else ""
    shown = {"link": link, "drawing_link": drawing_link, "citation": citation}
    return page(request, form, {**context, **shown})


def _form(request: HttpRequest) -> ListForm:
    return ListForm(*posted(request)) if request.method == "POST" else ListForm(request.GET)


def _too_large(request: HttpRequest, error: forms.ValidationError) -> HttpResponse:
    form = ListForm(initial={"taxon": "9606"})
    return page(request, form, {"refusals": error.messages}, status=413)


def compute(request: HttpRequest, form: ListForm) -> Answered:
    """Answer a form; raises `RefusedError`."""
    if not form.is_valid():
        raise RefusedError(400)

    def answer() -> enrichment.Result:
        question, _ = read_request(Body(form.properties()))
        return enrichment.enrich(question)

    result = answered(request, form, answer)
    document = document_of(result, list(COLUMNS))
    return Answered(form.values, form.in_words, document, result.small_scale)


def file_of(answer: Answered, name: str) -> HttpResponse:
    if name == "matrix.svg":
        matrix = answer.matrix
        return drawing_file(matrix.drawing, matrix.label, Theme.LIGHT, "tflink-enrichment-matrix")
    suffix = name.rpartition(".")[2]
    headers = {"Content-Disposition": f'attachment; filename="tflink-enrichment-{name}"'}
    if name == suffix:
        headers = {"Content-Disposition": f'attachment; filename="tflink-enrichment.{name}"'}
    if suffix == "svg":
        headers["Content-Security-Policy"] = DRAWING_POLICY
    return HttpResponse(_content(answer, name), _media_type(name), headers=headers)


def _media_type(name: str) -> str:
    kind = FILES[name]
    return kind if kind == "application/json" else f"{kind}; charset=utf-8"


def _content(answer: Answered, name: str) -> str | bytes:
    what, _, suffix = name.rpartition(".")
    if suffix == "json":
        return json_bytes(answer.document)
    if what == "matrix" and suffix == "tsv":
        return cells.tsv_values(answer.matrix.table(), _WORDS)
    if suffix == "svg":
        context = plots_of(answer) | {"is_file": True}
        return render_to_string(f"proteins/enrichment_{what}.html", context)
    return table(suffix, _BARS if what == "bars" else COLUMNS, answer.rows)


def plots_of(answer: Answered) -> dict[str, Any]:
    return {
        "bars": Bars.of(answer.rows),
        "volcano": Volcano.of(answer.rows),
        "matrix": answer.matrix,
        "limit": LIMIT,
    }


def context_of(answer: Answered, number: int = 1) -> dict[str, Any]:
    """What the page of an answer shows, a page of its table at a time."""
    rows = answer.rows
    called = [row for row in rows if row["q_degree"] <= LIMIT]
    lines = _lines(rows)
    pages = max(1, -(-len(lines) // SHOWN))
    number = min(max(number, 1), pages)
    start = (number - 1) * SHOWN
    return {
        **plots_of(answer),
        "result": answer.document,
        "chosen": answer.chosen,
        "called": len(called),
        "called_tfs": [row["tf"] for row in called[:MAX_IN_QUERY]],
        "usual": sum(row["q"] <= LIMIT for row in rows),
        "best": [line for line in lines[:2] if line.row["q_degree"] <= LIMIT],
        "lines": lines[start : start + SHOWN],
        "first": start + 1,
        "last": min(start + SHOWN, len(lines)),
        "total": len(lines),
        "page": number,
        "pages": pages,
        "phone_bars": Bars.of(rows, *PHONE),
        "values": answer.values,
    }


def _lines(rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Fold TFs of the same targets, which differ in their names only, into the first of them."""
    names = {row["tf"]: row["tf_name"] or row["tf"] for row in rows}
    lines, folded = [], set()
    for row in rows:
        if row["tf"] in folded:
            continue
        group = [row["tf"], *(tf for tf in row["same_targets_as"] if tf in names)]
        folded.update(group)
        lines.append(Line([(names[tf], tf) for tf in group], row))
    return lines


def _link(form: ListForm) -> str:
    """A URL of the same, where the list is short enough for one."""
    properties = form.properties()
    listed = properties["identifiers"]
    if len(listed) > MAX_IN_QUERY or properties["background"] == Background.LIST:
        return ""
    properties["identifiers"] = ";".join(listed)
    return f"{reverse('enrichment')}?{urlencode(properties)}"


def page(
    request: HttpRequest, form: ListForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {
        "form": form,
        "most": identifiers.MAX_IDENTIFIERS,
        "can_store": hooks.results() is not None,
    }
    response = render(request, "proteins/enrichment.html", context, status=status)
    if form.is_bound:
        response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # it changes nothing
@never_cache
@require_POST
def hits(request: HttpRequest) -> HttpResponse:
    """The evidence of what one TF regulates of a list."""
    request.is_private = True  # type: ignore[attr-defined]
    try:
        form = _form(request)
    except forms.ValidationError as error:
        return _too_large(request, error)
    accession = request.POST.get("tf", "")
    try:
        keys = _targets(request, form, accession)
    except RefusedError as refusal:
        return refused(page(request, form, {}, refusal.status), refusal)
    rows = _evidence(accession, keys[:MOST_HITS])
    context = {
        "form": form,
        "tf": accession,
        "rows": rows,
        "total": len(keys),
        "more": max(len(keys) - MOST_HITS, 0),
    }
    response = render(request, "proteins/enrichment_hits.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _targets(request: HttpRequest, form: ListForm, accession: str) -> list[int]:
    if not form.is_valid():
        raise RefusedError(400)

    def answer() -> list[int]:
        question, _ = read_request(Body(form.properties()))
        return enrichment.targets_of(question, accession)

    return answered(request, form, answer)


def _evidence(accession: str, keys: Sequence[int]) -> list[InteractionRow]:
    """The interactions of a TF with some targets, in their order."""
    pairs = Interaction.objects.public().filter(tf__accession=accession, target__in=keys)
    by_target = dict(pairs.order_by().values_list("target_id", "pk"))
    return read_rows([by_target[key] for key in keys if key in by_target], "target")
