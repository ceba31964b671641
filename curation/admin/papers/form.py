"""The form of "Add from a publication": a publication, its species, and rows as a block of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from curation.admin.editing.pasted import PastedError, parse_pmids
from curation.importing.source.statements_pasted import COLUMNS, Block, BlockError, read_block
from curation.models import MAX_COMMENT
from proteins.models import Taxon

LABELS: Final[Mapping[str, str]] = {
    "tf": "TF",
    "target": "Target",
    "effect": "Effect",
    "method": "Method",
    "small_scale": "Small-scale",
    "cell_line": "Cell line",
    "tissue": "Tissue",
    "condition": "Condition",
    "quotation": "Quotation",
    "basis": "Basis",
    "eco": "ECO",
}
_CHOICES: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "effect": (
        ("", "unknown"), ("activation", "activation"), ("repression", "repression"),
        ("both", "both"),
    ),
    "small_scale": (("", "not stated"), ("yes", "yes"), ("no", "no")),
    "basis": (("", "stated"), ("inferred", "inferred")),
}  # fmt: skip


class PaperForm(forms.Form):
    """A publication, its species, and the table as a block of text."""

    pmid = forms.CharField(label="PubMed ID", max_length=100)
    species = forms.ModelChoiceField(
        Taxon.objects.order_by("scientific_name"), to_field_name="code", empty_label="choose one"
    )
    block = forms.CharField(
        label="Rows",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 100, "spellcheck": "false"}),
    )
    reason = forms.CharField(required=False, max_length=MAX_COMMENT)
    submission = forms.IntegerField(required=False)

    def clean_pmid(self) -> int:
        try:
            pmids = parse_pmids(self.cleaned_data["pmid"])
        except PastedError as error:
            raise ValidationError([ValidationError(text) for text in error.problems]) from error
        if len(pmids) != 1:
            raise ValidationError("Give the PubMed ID of one publication.")
        return pmids[0]

    def clean_block(self) -> Block:
        try:
            block = read_block(self.cleaned_data["block"], Taxon.objects.species_names())
        except BlockError as error:
            raise ValidationError(str(error)) from error
        if not block.rows:
            raise ValidationError("Enter at least one row.")
        return block


def columns() -> list[dict[str, Any]]:
    """Return the columns of the grid, with the choices of those that have some."""
    return [
        {"name": name, "label": LABELS[name], "choices": _CHOICES.get(name)} for name in COLUMNS
    ]
