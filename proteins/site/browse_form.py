"""What a reader can ask of the list of all proteins through its address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from proteins.domain import identifiers
from proteins.models import DetectionMethod, SourceDatabase, Taxon
from proteins.queries.browse import Place, place_in
from proteins.site.forms import STATUS_WORDS, Choices, StateForm, _choice, _text, _words

FUNCTIONS: Choices = [
    ("", "any"),
    ("tf", "transcription factor"),
    ("target", "target gene"),
    ("both", "both"),
]
ORDERS: Choices = [
    ("", "accession, A to Z"),
    ("-accession", "accession, Z to A"),
    ("name", "name, A to Z"),
    ("-name", "name, Z to A"),
    ("-targets", "most targets first"),
    ("targets", "fewest targets first"),
    ("-regulators", "most regulators first"),
    ("regulators", "fewest regulators first"),
    ("-interactions", "most interactions first"),
    ("interactions", "fewest interactions first"),
]


class BrowseForm(StateForm):
    """The state of the list of all proteins, paged by the place where a page stopped."""

    q = _text("Name, accession or gene ID", "How a name or accession begins, or a whole gene ID.")
    species = _choice("Species", "species", choices=[])
    function = _choice("Function", "function", FUNCTIONS)
    small_scale = _choice(
        "Small-scale evidence",
        "kind of evidence",
        [("", "any"), ("yes", "has some"), ("no", "has none")],
    )
    source = _choice("Source database", "source database", choices=[])
    method = _choice("Detection method", "detection method", choices=[])
    status = _choice("Review status", "review status", _words(STATUS_WORDS))
    sites = _choice(
        "Binding sites", "choice", [("", "any"), ("yes", "has some"), ("no", "has none")]
    )
    sort = _choice("Order", "order", ORDERS)
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)
    page = forms.ChoiceField(
        required=False,
        choices=[("", "first"), ("last", "last")],
        error_messages={"invalid_choice": "There is no such page; this is the first."},
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.taxa: Sequence[Taxon] = list(Taxon.objects.all())
        self.sources: Sequence[SourceDatabase] = list(
            SourceDatabase.objects.supporting().with_publication()
        )
        self.methods: Sequence[DetectionMethod] = list(DetectionMethod.objects.used())
        self.offer("species", [(taxon.code, taxon.scientific_name) for taxon in self.taxa])
        self.offer("source", [(source.key, str(source)) for source in self.sources])
        self.offer("method", [(method.name, method.name) for method in self.methods])

    @property
    def order(self) -> str:
        return self.state.get("sort") or "accession"

    @property
    def order_label(self) -> str:
        return dict(ORDERS)[self.state.get("sort", "")]

    @property
    def place(self) -> Place | None:
        """From where the page goes on, in either direction; None at the end it begins at."""
        text = self.state.get("after") or self.state.get("before")
        return place_in(self.order, text) if text else None

    @property
    def is_backward(self) -> bool:
        state = self.state
        return "after" not in state and ("before" in state or "page" in state)

    def clean(self) -> dict[str, Any]:
        for name in ("after", "before"):
            self._check_place(name)
        given = [name for name in ("after", "before", "page") if self.cleaned_data.get(name)]
        for name in given[1:]:
            self.add_error(
                name, f"Give “{given[0]}” or “{name}”, not both; “{given[0]}” was taken."
            )
        return super().clean()

    def _check_place(self, name: str) -> None:
        text = self.cleaned_data.get(name)
        if not text:
            return
        try:
            place_in(self.cleaned_data.get("sort") or "accession", text)
        except identifiers.IdentifierError as error:
            self.add_error(name, f"{error}, so this is the first page.")
