"""Which rows of a protein's tables an address asks for, and in which order.

A page shows some of them, a download all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict

from proteins.models import BindingSite, Evidence, Interaction, Protein
from proteins.models.querysets import BindingSiteQuerySet, InteractionQuerySet, Partner
from proteins.queries.evidence import Vocabulary
from proteins.site.forms import (
    EFFECT_WORDS,
    REPORTING_WORDS,
    SMALL_SCALE_WORDS,
    STATUS_WORDS,
    InteractionTableForm,
    SiteTableForm,
)

Side = Literal["targets", "tfs"]


@dataclass(frozen=True)
class InteractionChoice:
    """What a protein regulates (`targets`), or what regulates it (`tfs`), as was asked for."""

    side: Side
    form: InteractionTableForm
    partner: Partner
    #: In order; best read as keys.
    rows: InteractionQuerySet
    #: All of the protein's, before any filter.
    listed: int

    def count(self) -> int:
        return self.rows.count() if self.form.is_filtered else self.listed


@dataclass(frozen=True)
class SiteChoice:
    """The binding sites of a TF, as was asked for."""

    form: SiteTableForm
    rows: BindingSiteQuerySet


def choose_interactions(
    protein: Protein, side: Side, query: QueryDict, vocabulary: Vocabulary
) -> InteractionChoice:
    public = Interaction.objects.public()
    partner: Partner
    if side == "targets":
        partner, listed, rows = "target", protein.target_count, public.of_tf(protein)
    else:
        partner, listed, rows = "tf", protein.tf_count, public.of_target(protein)
    form = InteractionTableForm(
        query,
        prefix=side,
        sources=vocabulary.sources.values(),
        methods=vocabulary.methods.values(),
    )
    chosen = _filtered(rows, form.state, partner)
    ordered = chosen.in_order(form.state.get("sort", ""), partner)
    return InteractionChoice(side, form, partner, ordered, listed)


def _filtered(
    rows: InteractionQuerySet, state: dict[str, str], partner: Partner
) -> InteractionQuerySet:
    if text := state.get("q"):
        rows = rows.with_partner_like(text, partner)
    if source := state.get("source"):
        rows = rows.supported_by(Evidence.objects.from_source(source))
    if method := state.get("method"):
        rows = rows.supported_by(Evidence.objects.by_method(method))
    if scale := state.get("small_scale"):
        rows = rows.at_scale(SMALL_SCALE_WORDS[scale])
    if effect := state.get("effect"):
        rows = rows.with_effect(EFFECT_WORDS[effect])
    if status := state.get("status"):
        rows = rows.with_status(STATUS_WORDS[status])
    if reporting := state.get("reporting"):
        rows = rows.with_reporting(REPORTING_WORDS[reporting])
    return rows


def choose_sites(protein: Protein, query: QueryDict) -> SiteChoice:
    form = SiteTableForm(query, prefix="sites")
    rows = BindingSite.objects.of_tf(protein)
    if scale := form.state.get("small_scale"):
        rows = rows.at_scale(SMALL_SCALE_WORDS[scale])
    last = form.state.get("sort") == "small_scale"
    return SiteChoice(form, rows.small_scale_last() if last else rows.small_scale_first())
