"""The page that compares a TF's interactions with those of its orthologs in other species."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.analysis import conservation, jobs, species
from proteins.analysis.conservation import Compared, Conserved
from proteins.analysis.species import NotReadyError
from proteins.caching.conditional import unless_unchanged
from proteins.domain.identifiers import IdentifierError, parse_accession
from proteins.limits import analyses
from proteins.models import Protein, Taxon
from proteins.queries.snapshot import consistent_read
from proteins.site.forms import PagedForm, choice_field
from proteins.site.not_found import no_such_protein
from proteins.site.paging import PageLink, numbered
from proteins.site.parameters import reads, redirected

PAGE_SIZE: Final = 100
_ANSWERS: Final = [
    ("", "testable"),
    *((each.value, each.label) for each in Conserved),
]


class ConservationForm(PagedForm):
    """Which species, answers and target are listed."""

    species = choice_field("Species", "species", [("", "all others")])
    answer = choice_field("Answer", "answer", _ANSWERS)
    target = forms.CharField(label="Target (accession)", required=False, max_length=20)

    def __init__(self, data: Any, taxa: Sequence[Taxon]) -> None:
        super().__init__(data)
        choices = [(taxon.code, taxon.scientific_name) for taxon in taxa]
        field = self.fields["species"]
        field.choices = [("", "all others"), *choices]  # type: ignore[attr-defined]

    def clean_target(self) -> str:
        text: str = self.cleaned_data["target"]
        try:
            return parse_accession(text) if text else ""
        except IdentifierError as error:
            raise forms.ValidationError(f"{error}.") from error

    @property
    def controls(self) -> list[forms.BoundField]:
        return [self[name] for name in ("species", "answer", "target")]

    def lists(self, compared: Compared) -> bool:
        answer = self.state.get("answer")
        if answer:
            return compared.answer.answer == answer
        return compared.answer.answer is not Conserved.NOT_TESTABLE


@dataclass(frozen=True)
class SpeciesLine:
    """What the answers of one species amount to."""

    taxon: Taxon
    targets: int
    testable: int
    reported: int
    expected: float

    @classmethod
    def all_of(cls, compared: Sequence[Compared]) -> Iterator[SpeciesLine]:
        for taxon, group in groupby(compared, key=lambda one: one.answer.taxon):
            answers = [one.answer for one in group]
            testable = [one for one in answers if one.answer is not Conserved.NOT_TESTABLE]
            yield cls(
                taxon,
                len(answers),
                len(testable),
                sum(one.answer is Conserved.REPORTED for one in testable),
                sum(one.expected or 0.0 for one in testable),
            )

    @property
    def share(self) -> float | None:
        """Per cent of the testable that are reported."""
        return 100 * self.reported / self.testable if self.testable else None

    @property
    def expected_share(self) -> float | None:
        return 100 * self.expected / self.testable if self.testable else None


@require_safe
@reads(*ConservationForm.names())
@unless_unchanged
def conservation_page(request: HttpRequest, accession: str) -> HttpResponse:
    protein = Protein.objects.with_details().by_accession(accession).first()
    if protein is None:
        return no_such_protein(request, accession)
    path = reverse("protein-conservation", args=[protein.accession.lower()])
    if elsewhere := redirected(request, path):
        return elsewhere
    taxa = list(Taxon.objects.exclude(pk=protein.taxon_id))
    form = ConservationForm(request.GET, taxa)
    context = {"protein": protein, "form": form, "path": path}
    slot = analyses.take_slot(request)
    if slot is None:
        return _later(request, context, analyses.REFUSAL, analyses.RETRY_AFTER)
    try:
        with consistent_read():
            compared = _compared(protein, taxa, form)
    except NotReadyError as error:
        jobs.start()
        return _later(request, context, str(error), species.RETRY_AFTER)
    finally:
        slot.release()
    context |= _shown(compared, form, path)
    return render(request, "proteins/conservation.html", context)


def _compared(protein: Protein, taxa: Sequence[Taxon], form: ConservationForm) -> list[Compared]:
    state = form.state
    others = [taxon for taxon in taxa if state.get("species", taxon.code) == taxon.code]
    target = None
    if "target" in state:
        target = Protein.objects.by_accession(state["target"]).first()
        if target is None:
            form.add_error("target", f"{state['target']} is not in TFLink.")
            return []
    return conservation.of_targets(protein, others, target)


def _shown(compared: list[Compared], form: ConservationForm, path: str) -> dict[str, Any]:
    rows = sorted(
        filter(form.lists, compared),
        key=lambda one: (one.answer.answer is not Conserved.REPORTED, one.target.label.casefold()),
    )
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = form.number(pages)
    first = (number - 1) * PAGE_SIZE
    return {
        "lines": list(SpeciesLine.all_of(compared)),
        "rows": rows[first : first + PAGE_SIZE],
        "first": first + 1,
        "last": min(first + PAGE_SIZE, len(rows)),
        "total": len(rows),
        "links": numbered(number, pages, lambda word, n: PageLink(word, _url(path, form.state, n))),
        "files": _file_query(form),
    }


def _url(path: str, state: dict[str, str], page: int) -> str:
    query = {**state, "page": str(page)}
    if page == 1:
        del query["page"]
    return f"{path}?{urlencode(query)}" if query else path


def _file_query(form: ConservationForm) -> str:
    """The same choice as parameters of the API, which has it as files."""
    state = form.state
    taxon = Taxon.objects.filter(code=state.get("species", "")).first()
    query = {
        "taxon": taxon and taxon.ncbi_taxon_id,
        "answer": state.get("answer"),
        "target": state.get("target"),
    }
    return urlencode({name: value for name, value in query.items() if value})


def _later(
    request: HttpRequest, context: dict[str, Any], message: str, seconds: int
) -> HttpResponse:
    context["later"] = message
    response = render(request, "proteins/conservation.html", context, status=503)
    response["Retry-After"] = str(seconds)
    return response
