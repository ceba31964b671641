"""The rows of a protein's tables that a URL chooses, in order.

A page shows some of them, a download all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from django.http import QueryDict

from proteins.models import BindingSite, Interaction, Protein
from proteins.models.querysets import BindingSiteQuerySet, InteractionQuerySet, Partner
from proteins.queries.evidence import Vocabulary
from proteins.queries.side_facets import SideFacets
from proteins.site.forms import (
    FilterForm,
    InteractionTableForm,
    SiteTableForm,
    facet_options,
    vocabulary_options,
)

Side = Literal["targets", "tfs"]


@dataclass(frozen=True)
class InteractionChoice:
    """What a protein regulates (`targets`), or its regulators (`tfs`), filtered and ordered."""

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
    """The binding sites of a TF, as filtered and ordered."""

    form: SiteTableForm
    rows: BindingSiteQuerySet


#: The filter of each table whose value is the protein itself.
GIVEN: Final = {"targets": "tf", "tfs": "target", "sites": "tf"}


def table_parameters() -> set[str]:
    """The parameters that a protein's page reads, each with the prefix of its table."""
    form: type[FilterForm]
    names = set()
    for table, given in GIVEN.items():
        form = SiteTableForm if table == "sites" else InteractionTableForm
        names |= {f"{table}-{name}" for name in form.names() - {given}}
    return names


def choose_interactions(
    protein: Protein,
    side: Side,
    query: QueryDict,
    vocabulary: Vocabulary,
    facets: SideFacets | None = None,
) -> InteractionChoice:
    """`facets` are those of the side, where its filters are shown with what they choose among."""
    public = Interaction.objects.public()
    partner: Partner
    if side == "targets":
        partner, listed, rows = "target", protein.target_count, public.of_tf(protein)
    else:
        partner, listed, rows = "tf", protein.tf_count, public.of_target(protein)
    options = vocabulary_options(vocabulary.sources.values(), vocabulary.methods.values())
    if facets is not None:
        options |= facet_options(vocabulary.sources, vocabulary.methods, facets)
    form = InteractionTableForm(query, prefix=side, given={GIVEN[side]}, options=options)
    ordered = form.chosen(rows).in_order(form.state.get("sort", ""), partner)
    return InteractionChoice(side, form, partner, ordered, listed)


def choose_sites(protein: Protein, query: QueryDict) -> SiteChoice:
    form = SiteTableForm(query, prefix="sites", given={GIVEN["sites"]}, options={})
    chosen = form.chosen(BindingSite.objects.of_tf(protein))
    last = form.is_small_scale_last
    return SiteChoice(form, chosen.small_scale_last() if last else chosen.small_scale_first())
