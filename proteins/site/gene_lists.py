"""What pages about lists of genes share: their form, how it is read, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django import forms
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict

from proteins.analysis import identifiers, jobs, species
from proteins.analysis.enrichment import Background
from proteins.analysis.evidence import TooManyError
from proteins.analysis.sets import TooLargeError
from proteins.analysis.species import NotReadyError, Unit
from proteins.api.problems import InvalidParameters
from proteins.filters.interactions import InteractionFilterSet
from proteins.limits import analyses
from proteins.models import Taxon
from proteins.queries.snapshot import consistent_read

Answer = TypeVar("Answer")

#: Bytes of a list that is uploaded.
MAX_FILE_BYTES: Final = 1_000_000
#: Controls of the form that are filters of the list of interactions.
FILTERS: Final = ("tier", "method_class", "small_scale", "effect")
_LABELS: Final = {
    "tier": "Tier of support",
    "method_class": "Class of method",
    "small_scale": "Small-scale",
    "effect": "Effect",
}
#: Names of properties as the form has them, for messages.
_FIELDS: Final = {"identifiers": "Genes", "background_identifiers": "Genes of the background"}
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_TOO_LARGE: Final = (
    f"What was sent is too large. A list has at most {identifiers.MAX_IDENTIFIERS:,} identifiers, "
    f"and a file at most {MAX_FILE_BYTES:,} bytes."
)


class RefusedError(Exception):
    """A question that is not answered now; its form says why."""

    def __init__(self, status: int, retry_after: int = 0) -> None:
        super().__init__(status)
        self.status, self.retry_after = status, retry_after


class ListForm(forms.Form):
    """A list of genes, and how it is tested. What it holds is read as the API reads it."""

    taxon = forms.ChoiceField(label="Species")
    identifiers = forms.CharField(
        label="Genes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(label="or a text file", required=False, allow_empty_file=True)
    background = forms.ChoiceField(
        label="Background",
        required=False,
        choices=[
            ("targets", "genes with at least one regulator"),
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
        content: bytes = file.read()
        if content.startswith((_GZIP, _ZIP)):
            raise forms.ValidationError(
                "The file is compressed, or a spreadsheet. Unpack it, or save it as plain text."
            )
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not UTF-8 text.") from None
        if "\x00" in text:
            raise forms.ValidationError("The file is not plain text: it holds null characters.")
        return text

    def clean(self) -> dict[str, Any]:
        """Make one list of what was pasted, the file and the choices among ambiguous names; the
        form shows it from then on."""
        values: dict[str, Any] = super().clean() or {}
        text, file = values.get("identifiers", ""), values.get("file") or ""
        chosen = _choices(self.data)
        if file or chosen:
            listed = identifiers.split(f"{text}\n{file}")
            text = "\n".join(chosen.get(each, each) for each in listed)
            if len(listed) <= identifiers.MAX_IDENTIFIERS:
                self._show(text)
        return values | {"identifiers": text}

    def _show(self, text: str) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["identifiers"] = text
        self.data = data

    def properties(self) -> dict[str, Any]:
        """What is posted to the API for the same."""
        values = self.cleaned_data
        properties: dict[str, Any] = {
            "taxon": values["taxon"],
            "identifiers": identifiers.split(values["identifiers"]),
            "background": values["background"] or Background.TARGETS,
            "unit": values["unit"] or Unit.GENE,
        }
        if properties["background"] == Background.LIST:
            listed = identifiers.split(values["background_identifiers"])
            properties["background_identifiers"] = listed
        return properties | self.chosen_filters

    @property
    def chosen_filters(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FILTERS if self.cleaned_data[name]}

    @property
    def values(self) -> dict[str, str]:
        """The fields as they are sent again, which gives the same."""
        names = [name for name in self.fields if name != "file"]
        values = {name: self.cleaned_data.get(name) for name in names}
        return {name: str(value) for name, value in values.items() if value}

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """What was chosen, by label; the list itself is left out."""
        usual = {"background": Background.TARGETS, "unit": Unit.GENE}
        return [
            (str(self.fields[name].label), self._label_of(name, value))
            for name, value in self.values.items()
            if name not in _FIELDS and value != usual.get(name)
        ]

    def _label_of(self, name: str, value: str) -> str:
        choices = getattr(self.fields[name], "choices", ())
        return str(dict(choices).get(value, value))


def _choices(data: Any) -> dict[str, str]:
    """The accession that was chosen for each ambiguous identifier."""
    values = data.getlist("choice") if isinstance(data, QueryDict) else []
    pairs = (value.partition("|") for value in values)
    return {text: accession for accession, _, text in pairs if accession and text}


def posted(
    request: HttpRequest,
) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    """The fields and files of a form; raises `forms.ValidationError` where they are too large."""
    try:
        return request.POST, request.FILES
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent) as error:
        raise forms.ValidationError(_TOO_LARGE, code="too_large") from error
    except MultiPartParserError as error:
        raise forms.ValidationError("What was sent cannot be read as a form.") from error


def answered(request: HttpRequest, form: ListForm, compute: Callable[[], Answer]) -> Answer:
    """Return an answer, of one moment and within a slot; raises `RefusedError`, and `form` says
    why."""
    slot = analyses.take_slot(request)
    if slot is None:
        form.add_error(None, analyses.REFUSAL)
        raise RefusedError(503, analyses.RETRY_AFTER)
    try:
        with consistent_read():
            return compute()
    except InvalidParameters as error:
        for one in error.errors:
            name = _FIELDS.get(one.parameter, one.parameter)
            form.add_error(None, f"{name}: {one.reason}")
        raise RefusedError(400) from error
    except (TooLargeError, TooManyError) as error:
        form.add_error(None, f"Genes: {error}.")
        raise RefusedError(400) from error
    except NotReadyError as error:
        jobs.start()
        form.add_error(None, str(error))
        raise RefusedError(503, species.RETRY_AFTER) from error
    finally:
        slot.release()


def refused(response: HttpResponse, refusal: RefusedError) -> HttpResponse:
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response
