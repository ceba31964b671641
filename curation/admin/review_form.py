"""What readers are told of a review, in forms: of one interaction, and of several."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from curation.models import MAX_COMMENT
from proteins.domain.identifiers import MAX_PMID
from proteins.models import ReviewReason


def _reasons() -> list[tuple[str, str]]:
    names = ReviewReason.objects.values_list("name", flat=True)
    return [("", "none of the list"), *((name, name) for name in names)]


class PublicReasonFields(forms.Form):
    """A reason of the list, a text and a publication; all of it is public."""

    review_reason = forms.ChoiceField(
        label="Reason of the list",
        required=False,
        help_text="Public. Senior curators may add reasons to the list.",
    )
    public_reason = forms.CharField(
        label="In your words",
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Public: readers see it on the page of the interaction, in the API and in files.",
    )
    review_pmid = forms.IntegerField(
        label="Publication (PubMed ID)",
        required=False,
        min_value=1,
        max_value=MAX_PMID,
        help_text="Public: what the verdict rests on.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Read once a form; a callable is read anew by whoever looks at the choices.
        cast(forms.ChoiceField, self.fields["review_reason"]).choices = _reasons()
        # A browser would cut what is pasted, without a message.
        self.fields["public_reason"].widget.attrs.pop("maxlength", None)


class PublicReasonForm(PublicReasonFields):
    """The same fields alone, for several interactions at once."""
