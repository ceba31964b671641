"""The page that tests a list of genes: which TFs regulate them more often than expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from proteins.analysis import enrichment, identifiers, jobs, species
from proteins.analysis.enrichment import COLUMNS, Background, Result
from proteins.analysis.species import NotReadyError, Unit
from proteins.api.analysis.answering import table
from proteins.api.analysis.body import MAX_IN_QUERY, Body
from proteins.api.analysis.enrichment import read_request
from proteins.api.problems import InvalidParameters
from proteins.drawing.plots import LIMIT, Bars, Matrix, Volcano
from proteins.filters.interactions import InteractionFilterSet
from proteins.limits import analyses
from proteins.models import Taxon
from proteins.queries.snapshot import consistent_read
from proteins.site.cite import CiteBox

#: Bytes of a list that is uploaded.
MAX_FILE_BYTES: Final = 1_000_000
#: TFs of the table; files have all.
SHOWN: Final = 50
#: Controls of the form that are filters of the list of interactions.
FILTERS: Final = ("tier", "method_class", "small_scale", "effect")
_LABELS: Final = {
    "tier": "Tier of support",
    "method_class": "Class of method",
    "small_scale": "Small-scale",
    "effect": "Effect",
}
_FILES: Final = {"tsv": "text/tab-separated-values", "csv": "text/csv"}


class ListForm(forms.Form):
    """A list of genes, and how it is tested. What it holds is read as the API reads it."""

    taxon = forms.ChoiceField(label="Species")
    identifiers = forms.CharField(
        label="Genes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(label="or a file of them", required=False)
    background = forms.ChoiceField(
        label="Background",
        required=False,
        choices=[
            ("targets", "genes with a known regulator"),
            ("species", "all proteins of the species in TFLink"),
            ("list", "the genes listed below"),
        ],
    )
    background_identifiers = forms.CharField(
        label="Genes of the background",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )
    unit = forms.ChoiceField(
        label="Count",
        required=False,
        choices=[("gene", "genes"), ("protein", "accessions")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taxa = Taxon.objects.filter(proteins__is_tf=True).distinct().order_by("scientific_name")
        self.fields["taxon"].choices = [  # type: ignore[attr-defined]
            (str(taxon.ncbi_taxon_id), taxon.scientific_name) for taxon in taxa
        ]
        for name in FILTERS:
            choices = InteractionFilterSet.base_filters[name].extra["choices"]
            self.fields[name] = forms.ChoiceField(
                label=_LABELS[name], required=False, choices=[("", "any"), *choices]
            )

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in FILTERS]

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(f"The file has more than {MAX_FILE_BYTES:,} bytes.")
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not UTF-8 text.") from None
        return text

    def properties(self) -> dict[str, Any]:
        """What is posted to the API for the same."""
        values = self.cleaned_data
        text = f"{values['identifiers']}\n{values['file']}"
        properties: dict[str, Any] = {
            "taxon": values["taxon"],
            "identifiers": identifiers.split(text),
            "background": values["background"] or Background.TARGETS,
            "unit": values["unit"] or Unit.GENE,
        }
        if properties["background"] == Background.LIST:
            listed = identifiers.split(values["background_identifiers"])
            properties["background_identifiers"] = listed
        return properties | {name: values[name] for name in FILTERS if values[name]}


@dataclass(frozen=True)
class Line:
    """TFs of the same targets as one line of the table."""

    names: list[tuple[str, str]]
    row: Mapping[str, Any]

    @property
    def hits(self) -> list[tuple[str, str]]:
        """Each gene with the URL of its interaction."""
        tf, genes = self.row["tf"], zip(self.row["genes"], self.row["gene_names"], strict=True)
        return [
            (name or gene, reverse("interaction", args=[f"{tf}-{gene}"])) for gene, name in genes
        ]


@csrf_exempt  # it changes nothing, and so needs no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrich(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer. Lists are unpublished research: nothing logs them."""
    request.is_private = True  # type: ignore[attr-defined]
    if request.method == "POST":
        form = ListForm(request.POST, request.FILES)
    elif "identifiers" in request.GET:
        form = ListForm(request.GET)
    else:
        return _page(request, ListForm(initial={"taxon": request.GET.get("taxon", "9606")}), {})
    if not form.is_valid():
        return _page(request, form, {}, status=400)
    return _answer(request, form)


def _answer(request: HttpRequest, form: ListForm) -> HttpResponse:
    slot = analyses.take_slot(request)
    if slot is None:
        return _later(request, form, analyses.REFUSAL, analyses.RETRY_AFTER)
    try:
        with consistent_read():
            question, _ = read_request(Body(form.properties()))
            result = enrichment.enrich(question)
    except InvalidParameters as error:
        for one in error.errors:
            form.add_error(None, f"{one.parameter}: {one.reason}")
        return _page(request, form, {}, status=400)
    except NotReadyError as error:
        jobs.start()
        return _later(request, form, str(error), species.RETRY_AFTER)
    finally:
        slot.release()
    kind = request.POST.get("format", request.GET.get("format", ""))
    if kind in _FILES:
        name = f'attachment; filename="tflink-enrichment.{kind}"'
        return HttpResponse(
            table(kind, COLUMNS, result.rows),
            f"{_FILES[kind]}; charset=utf-8",
            headers={"Content-Disposition": name},
        )
    return _page(request, form, _context(request, form, result))


def _later(request: HttpRequest, form: ListForm, message: str, seconds: int) -> HttpResponse:
    form.add_error(None, message)
    response = _page(request, form, {}, status=503)
    response["Retry-After"] = str(seconds)
    return response


def _context(request: HttpRequest, form: ListForm, result: Result) -> dict[str, Any]:
    called = [row for row in result.rows if row["q_degree"] <= LIMIT]
    lines = _lines(result.rows)
    return {
        "result": result,
        "called": len(called),
        "usual": sum(row["q"] <= LIMIT for row in result.rows),
        "best": lines[0] if called else None,
        "lines": lines[:SHOWN],
        "more": max(len(lines) - SHOWN, 0),
        "link": (link := _link(form)),
        "citation": CiteBox.of(
            request,
            f"Regulators of a list of {result.query.given:,} genes",
            link or reverse("enrichment"),
        ),
        "bars": Bars.of(result.rows),
        "volcano": Volcano.of(result.rows),
        "matrix": Matrix.of(result.rows),
        "limit": LIMIT,
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


def _page(
    request: HttpRequest, form: ListForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {"form": form, "most": identifiers.MAX_IDENTIFIERS}
    response = render(request, "proteins/enrichment.html", context, status=status)
    if form.is_bound:
        response["X-Robots-Tag"] = "noindex"
    return response
