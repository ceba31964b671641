"""The tables of a protein's page: what it regulates, what regulates it, where it binds.

Each table's state stands in the address under the table's own prefix. Only the keys of a
protein's rows are filtered and ordered; what a row shows is read for one page of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from django.http import QueryDict

from proteins import links
from proteins.forms import (
    EFFECT_WORDS,
    ORDERS,
    REPORTING_WORDS,
    SMALL_SCALE_WORDS,
    STATUS_WORDS,
    InteractionTableForm,
    PagedForm,
)
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Effect,
    Evidence,
    GeneID,
    Interaction,
    Protein,
    Reporting,
    SourceDatabase,
)
from proteins.paging import Address, Pager
from proteins.querysets import InteractionQuerySet, Partner

PAGE_SIZE = 25
#: How many items of a long list stand in a cell before the rest, which is folded away.
SHOWN_ITEMS = 4

Item = TypeVar("Item")
Side = Literal["targets", "tfs"]


class Folded(NamedTuple, Generic[Item]):
    """A list of which the first items are shown and the rest on demand."""

    shown: Sequence[Item]
    more: Sequence[Item]


def folded(items: Iterable[Item]) -> Folded[Item]:
    found = list(items)
    # A rest of one takes no more room than the words that would fold it away.
    cut = SHOWN_ITEMS if len(found) > SHOWN_ITEMS + 1 else len(found)
    return Folded(found[:cut], found[cut:])


@dataclass(frozen=True)
class Support:
    """An Evidence row as a table shows it; databases' own papers stand apart."""

    sources: list[SourceDatabase]
    methods: list[DetectionMethod]
    primary: Folded[Citation]
    database_papers: Folded[Citation]
    small_scale: str

    @classmethod
    def of(cls, evidence: Evidence) -> Support:
        papers: dict[bool, list[Citation]] = {False: [], True: []}
        for citation in evidence.citations.all():
            papers[citation.is_database_paper].append(citation)  # type: ignore[attr-defined]
        for listed in papers.values():
            # What calls for a look is not folded away.
            listed.sort(key=lambda citation: not citation.warnings)
        return cls(
            list(evidence.sources.all()),
            list(evidence.methods.all()),
            folded(papers[False]),
            folded(papers[True]),
            evidence.get_small_scale_display(),
        )


@dataclass(frozen=True)
class InteractionRow:
    id: int
    partner: Protein
    is_itself: bool
    gene_ids: Folded[GeneID]
    support: Support
    effect: str
    status: str
    reporting: str

    @classmethod
    def of(cls, interaction: Interaction, partner: Partner) -> InteractionRow:
        protein: Protein = getattr(interaction, partner)
        return cls(
            interaction.pk,
            protein,
            interaction.tf_id == interaction.target_id,
            folded(protein.gene_ids.all()),
            Support.of(interaction.evidence),
            "" if interaction.effect == Effect.UNKNOWN else interaction.get_effect_display(),
            interaction.get_status_display(),
            (
                ""
                if interaction.reporting == Reporting.REPORTED
                else interaction.get_reporting_display()
            ),
        )


@dataclass(frozen=True)
class SiteRow:
    site: BindingSite
    genome_browser: str
    support: Support

    @classmethod
    def of(cls, site: BindingSite) -> SiteRow:
        address = ""
        if site.assembly and site.chromosome and site.start is not None and site.end is not None:
            address = links.ucsc(site.assembly, site.chromosome, site.start, site.end)
        return cls(site, address, Support.of(site.evidence))


class Column(NamedTuple):
    """A column head; `order` is its key in `ROW_ORDERS`, with the sign of its first click."""

    label: str
    order: str = ""


class Head(NamedTuple):
    """A column head as it stands on the page, with the address that sorts by it."""

    label: str
    url: str
    aria_sort: str


_COLUMNS = (
    Column("Name", "name"),
    Column("Accession", "accession"),
    Column("Gene ID"),
    Column("Databases", "-sources"),
    Column("Detection methods"),
    Column("Publications", "-publications"),
    Column("Small-scale", "-small_scale"),
    Column("Status", "-status"),
)


@dataclass(frozen=True)
class InteractionTable:
    """One page of a protein's interactions, with the state that chose and ordered it."""

    side: Side
    form: InteractionTableForm
    address: Address
    pager: Pager
    rows: list[InteractionRow]
    #: All of the protein's, before any filter.
    listed: int

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in _COLUMNS]

    def _head(self, column: Column) -> Head:
        if not column.order:
            return Head(column.label, "", "")
        key, current = column.order.removeprefix("-"), self.form.state.get("sort", "")
        if current.removeprefix("-") != key:
            return Head(column.label, self.address.url(sort=column.order, page=""), "")
        opposite = key if current.startswith("-") else f"-{key}"
        direction = "descending" if current.startswith("-") else "ascending"
        return Head(column.label, self.address.url(sort=opposite, page=""), direction)

    @property
    def order(self) -> str:
        """What its order is called."""
        return dict(ORDERS)[self.form.state.get("sort", "")]

    @property
    def unfiltered_url(self) -> str:
        return Address(
            self.address.path,
            self.side,
            {"sort": self.form.state.get("sort", "")},
            self.address.others,
        ).url()


@dataclass(frozen=True)
class Vocabulary:
    """The databases and methods that a table can be filtered by."""

    sources: list[SourceDatabase]
    methods: list[DetectionMethod]

    @classmethod
    def read(cls) -> Vocabulary:
        return cls(
            list(SourceDatabase.objects.supporting().with_publication()),
            list(DetectionMethod.objects.used()),
        )


def interaction_table(
    protein: Protein, side: Side, query: QueryDict, path: str, vocabulary: Vocabulary
) -> InteractionTable:
    """What `protein` regulates (`targets`) or what regulates it (`tfs`), as `query` asks."""
    public = Interaction.objects.public()
    partner: Partner
    if side == "targets":
        partner, listed, all_rows = "target", protein.target_count, public.of_tf(protein)
    else:
        partner, listed, all_rows = "tf", protein.tf_count, public.of_target(protein)
    form = InteractionTableForm(
        query, prefix=side, sources=vocabulary.sources, methods=vocabulary.methods
    )
    chosen = _filtered(all_rows, form.state, partner)
    total = chosen.count() if form.is_filtered else listed
    address = Address.of(path, side, form.state, query)
    pager = Pager.of(form, total, PAGE_SIZE, address)
    ordered = chosen.in_order(form.state.get("sort", ""), partner)
    keys = list(ordered.values_list("pk", flat=True)[pager.rows])
    found = Interaction.objects.with_row_support(partner).in_bulk(keys)
    rows = [InteractionRow.of(found[key], partner) for key in keys if key in found]
    return InteractionTable(side, form, address, pager, rows, listed)


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
        rows = rows.filter(effect=EFFECT_WORDS[effect])
    if status := state.get("status"):
        rows = rows.with_status(STATUS_WORDS[status])
    if reporting := state.get("reporting"):
        rows = rows.with_reporting(REPORTING_WORDS[reporting])
    return rows


@dataclass(frozen=True)
class SiteTable:
    """One page of a TF's binding sites."""

    form: PagedForm
    pager: Pager
    rows: list[SiteRow]


def site_table(protein: Protein, query: QueryDict, path: str) -> SiteTable:
    form = PagedForm(query, prefix="sites")
    sites = BindingSite.objects.of_tf(protein)
    # Of one TF alone, and from the index by which the rows are read.
    total = sites.count()
    pager = Pager.of(form, total, PAGE_SIZE, Address.of(path, "sites", form.state, query))
    keys = list(sites.small_scale_first().values_list("pk", flat=True)[pager.rows])
    found = BindingSite.objects.with_support().in_bulk(keys)
    return SiteTable(form, pager, [SiteRow.of(found[key]) for key in keys if key in found])
