"""The tables of a protein's page: what it regulates, what regulates it, where it binds.

Each table's state is in the URL under the table's own prefix. Only the keys of a
protein's rows are filtered and ordered; what a row shows is read for one page of them, for
all tables together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString

from proteins.domain.facets import BINDING_SITES, within
from proteins.models import BindingSite, Protein
from proteins.queries.evidence import EvidenceFacts, Vocabulary, read_evidence
from proteins.queries.interaction_rows import (
    InteractionRow,
    Stored,
    interaction_rows,
    stored_interactions,
)
from proteins.queries.side_facets import SideFacets
from proteins.queries.site_page import SitePage
from proteins.queries.totals import Total, counted
from proteins.site.forms import ORDERS, SITE_ORDERS, InteractionTableForm, SiteTableForm
from proteins.site.paging import PAGING, KeysetPager, Pager, TableUrl, UrlPattern, sorted_by
from proteins.site.picks import first_picks
from proteins.site.protein import cells
from proteins.site.protein.table_choice import (
    GIVEN,
    InteractionChoice,
    Side,
    choose_interactions,
    choose_sites,
)
from proteins.site.shown_site import ShownSite

PAGE_SIZE: Final = 25
#: The tables by the names that they have in URLs.
TABLES: Final = tuple(GIVEN)


class Column(NamedTuple):
    """A column head; `order` is its key in `ROW_ORDERS`, with the sign of its first click,
    `help` the term that explains it, and `constant` what is the same for all rows without it."""

    label: str
    order: str = ""
    help: str = ""
    is_number: bool = False
    constant: str = ""


class Head(NamedTuple):
    """A column head on the page, with the URL that sorts by it."""

    label: str
    key: str
    url: str
    aria_sort: str
    help: str
    is_number: bool


_COLUMNS: Final = (
    Column("Name", "name"),
    Column("Accession", "accession"),
    Column("Support", "-tier", help="tier", constant="tier"),
    Column("Methods", help="methods", constant="methods"),
    Column("Databases", "-sources", constant="sources"),
    Column("Publications", "-publications", help="publications", is_number=True),
)
_EFFECT: Final = Column("Effect", help="effect")


#: Of fewer rows a reader sees at once what is the same.
_FEW: Final = 10


def constant_columns(facets: SideFacets, listed: int) -> frozenset[str]:
    return facets.constant if listed > _FEW else frozenset()


class ShownRow(NamedTuple):
    """An interaction as a row of the page, with what many rows share written already."""

    row: InteractionRow
    is_itself: bool
    url: str
    details: str
    support: SafeString

    @property
    def flags(self) -> list[str]:
        """What sets it apart from most rows: a review, or that no source reports it now."""
        stored = self.row.stored
        return [
            *([self.row.status] if stored.status else []),
            *([self.row.reporting] if self.row.is_unreported else []),
        ]


@dataclass(frozen=True)
class InteractionTable:
    """One page of a protein's interactions, with the state that chose and ordered it."""

    side: Side
    form: InteractionTableForm
    table_url: TableUrl
    pager: Pager
    rows: list[ShownRow]
    #: All of the protein's, before any filter.
    listed: int
    facets: SideFacets

    @property
    def what(self) -> str:
        return "targets" if self.side == "targets" else "regulators"

    @property
    def has_effect(self) -> bool:
        """Whether any of all has an effect: a column for none would be empty."""
        return bool(self.facets.effects)

    @property
    def constant(self) -> frozenset[str]:
        """What is no column, because it is the same for all."""
        return constant_columns(self.facets, self.listed)

    @property
    def constants(self) -> str:
        """What is the same for all, as a sentence for above the table; mostly nothing."""
        support = self.rows[0].row.support if self.rows else None
        if support is None or not self.constant:
            return ""
        words = {
            "tier": f"{support.tier.label} support",
            "methods": " and ".join(each.label for each in support.method_classes)
            or "methods not stated",
            "sources": ", ".join(source.label for source in support.sources)
            or "databases not stated",
        }
        same = "; ".join(text for name, text in words.items() if name in self.constant)
        return f"The same for all {self.listed:,}: {same}."

    @property
    def picks(self) -> SafeString:
        return first_picks(
            self.form, lambda name, value: self.table_url.url(**{name: value, "page": ""})
        )

    @property
    def heads(self) -> list[Head]:
        shown = [column for column in _COLUMNS if column.constant not in self.constant]
        columns = [*shown, *([_EFFECT] if self.has_effect else [])]
        return [self._head(column) for column in columns]

    def _head(self, column: Column) -> Head:
        label = column.label
        if label == "Name":
            label = "Target" if self.side == "targets" else "Regulator"
        if not column.order:
            return Head(label, "", "", "", column.help, column.is_number)
        direction, order = sorted_by(column.order, self.form.state.get("sort", ""))
        url = self.table_url.url(sort=order, page="")
        key = column.order.removeprefix("-")
        return Head(label, key, url, direction, column.help, column.is_number)

    @property
    def order(self) -> str:
        """What its order is called."""
        return dict(ORDERS)[self.form.state.get("sort", "")]

    @property
    def unfiltered_url(self) -> str:
        return _unfiltered(self.table_url)

    @property
    def files(self) -> list[tuple[str, str]]:
        return _files(self.table_url, "tsv", "csv")


@dataclass(frozen=True)
class SiteTable:
    """One page of a TF's binding sites."""

    form: SiteTableForm
    table_url: TableUrl
    pager: KeysetPager
    rows: list[ShownSite]
    #: All of the TF's, before any filter.
    listed: Total

    what = "binding sites"

    @property
    def order(self) -> str:
        return dict(SITE_ORDERS)[self.form.state.get("sort", "")]

    @property
    def unfiltered_url(self) -> str:
        return _unfiltered(self.table_url)

    @property
    def files(self) -> list[tuple[str, str]]:
        return _files(self.table_url, "tsv", "csv", "bed")


def _unfiltered(table_url: TableUrl) -> str:
    """The URL of the same table, in the same order, without a filter."""
    state = {"sort": table_url.state.get("sort", "")}
    return TableUrl(table_url.path, table_url.prefix, state, table_url.others).url()


def _files(table_url: TableUrl, *suffixes: str) -> list[tuple[str, str]]:
    """What each file of a table is called, and its URL: all rows, as filtered and sorted."""
    state = {name: value for name, value in table_url.state.items() if name not in PAGING}
    query = urlencode({f"{table_url.prefix}-{name}": value for name, value in state.items()})
    end = f"?{query}" if query else ""
    return [
        (suffix.upper(), f"{table_url.path}{table_url.prefix}.{suffix}{end}") for suffix in suffixes
    ]


@dataclass(frozen=True)
class _Page:
    """The keys of one page of a table, its place, and what is stored of its rows."""

    choice: InteractionChoice
    pager: Pager
    stored: list[Stored]

    @classmethod
    def of(cls, choice: InteractionChoice, query: QueryDict, path: str) -> _Page:
        table_url = TableUrl.of(path, choice.side, choice.form.state, query)
        pager = Pager.of(choice.form, choice.count(), PAGE_SIZE, table_url)
        keys = list(choice.rows.values_list("pk", flat=True)[pager.rows])
        return cls(choice, pager, stored_interactions(keys, choice.partner))


@dataclass(frozen=True)
class Tables:
    """The tables of a protein's page; None for one that has no row, or was not requested."""

    targets: InteractionTable | None
    tfs: InteractionTable | None
    sites: SiteTable | None

    @classmethod
    def read(
        cls,
        protein: Protein,
        query: QueryDict,
        path: str,
        vocabulary: Vocabulary,
        facets: Mapping[Side, SideFacets],
        names: Collection[str] = TABLES,
    ) -> Tables:
        sides: list[Side] = ["targets"] if protein.target_count and "targets" in names else []
        sides += ["tfs"] if protein.tf_count and "tfs" in names else []
        pages = {
            side: _Page.of(
                choose_interactions(protein, side, query, vocabulary, facets[side]), query, path
            )
            for side in sides
        }
        sites = _read_sites(protein, query, path) if "sites" in names else None
        stored = [row for page in pages.values() for row in page.stored]
        of_sites = Counter(row.site.evidence_id for row in sites.rows) if sites else Counter()
        support = read_evidence({*(row.evidence_id for row in stored), *of_sites})
        made = {
            side: _interaction_table(
                page, protein, interaction_rows(page.stored, support, {}), facets[side]
            )
            for side, page in pages.items()
        }
        return cls(
            made.get("targets"),
            made.get("tfs"),
            _with_support(sites, of_sites, support) if sites else None,
        )


def _interaction_table(
    page: _Page, protein: Protein, rows: list[InteractionRow], facets: SideFacets
) -> InteractionTable:
    choice = page.choice
    constant = constant_columns(facets, choice.listed)
    # To look up a URL for each row would take as long as to read the row.
    to_protein = UrlPattern.of("protein", "{}")
    pair = ("{}", protein.accession) if choice.side == "tfs" else (protein.accession, "{}")
    to_interaction = UrlPattern.of("interaction", "-".join(pair))
    shown = [
        ShownRow(
            row,
            row.stored.partner_id == protein.pk,
            to_protein.url(row.accession.lower()),
            to_interaction.url(row.accession),
            cells.support_in_short(row.support, constant),
        )
        for row in rows
    ]
    return InteractionTable(
        choice.side, choice.form, page.pager.table_url, page.pager, shown, choice.listed, facets
    )


def _read_sites(protein: Protein, query: QueryDict, path: str) -> SiteTable | None:
    if BINDING_SITES not in within(protein.facets):
        return None
    choice = choose_sites(protein, query)
    form = choice.form
    # Of one TF alone, and from the index by which the rows are read.
    listed = counted(BindingSite.objects.of_tf(protein))
    if not listed.count:
        return None
    last = form.is_small_scale_last
    places = form.place("after"), form.place("before")
    page = SitePage.of_tf(choice.rows, *places, small_scale_last=last)
    table_url = TableUrl.of(path, "sites", form.state, query)
    total = counted(choice.rows) if form.is_filtered else listed
    steps = [(word, form.step(step)) for word, step in page.steps]
    pager = KeysetPager(steps, total.at_least(len(page.sites)), table_url)
    return SiteTable(form, table_url, pager, [ShownSite(site) for site in page.sites], listed)


def _with_support(
    table: SiteTable, numbers: Mapping[int, int], support: Mapping[int, EvidenceFacts]
) -> SiteTable:
    written = cells.support_cells(support, numbers)
    rows = [
        ShownSite.of(row.site, support[row.site.evidence_id])._replace(
            support=written[row.site.evidence_id]
        )
        for row in table.rows
    ]
    return replace(table, rows=rows)
