"""Pages of the interactions that some evidence supports, the best supported first.

A publication may support ten interactions or ten million (a database's own paper), and a
page of them takes the same few queries. Evidence is shared: the rows of evidence that name
a publication, database or method are a few thousand at most, and are put in order (small
scale first, then by number of publications). Each is then read by an ordered index scan,
by the primary keys of its interactions, until the page is full. Nothing is counted or skipped
but for `Bounded`, which stops. As far as that counts, interactions are also sorted by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from proteins.domain.identifiers import MAX_INTEGER
from proteins.models import BindingSite, Evidence, Interaction, SourceDatabase
from proteins.models.querysets import EvidenceQuerySet, InteractionQuerySet
from proteins.models.querysets.evidence import links_to_own_papers
from proteins.queries.keyset import Cursor, KeysetPage, Steps, steps

PAGE_SIZE: Final = 50
#: Rows of evidence that are looked at together, and how often before a page ends short.
_TOGETHER: Final = 60
_MOST_ROUNDS: Final = 20
#: So many rows of one evidence are sorted in no time; of more, an index scan soon has enough.
_SORTED: Final = 100_000
#: How far interactions and binding sites are counted, and interactions sorted.
COUNTED: Final = 1_000
#: Weakest support first: the same order, read from its end.
WEAKEST: Final = "support"
_NAME: Final = "{0}__is_unnamed", "{0}__name_key", "{0}__accession"
#: The orders of interactions that are sorted, by their columns; equal ones by the other protein.
SORTED: Final[dict[str, tuple[str, ...]]] = {
    "tf": _NAME,
    "target": _NAME,
    "publications": ("evidence__citation_count",),
}
_PLACE = re.compile(r"(\d{1,10})-(\d{1,10})-(\d{1,10})-(\d{1,10})", re.ASCII)


class Place(NamedTuple):
    """The position of an interaction in the order: by the rank of its evidence, which the place
    holds itself so that it stays where it was when that evidence is no more."""

    small_scale: int
    publications: int
    evidence: int
    interaction: int

    @classmethod
    def of(cls, interaction: Interaction) -> Self:
        evidence = interaction.evidence
        return cls(evidence.small_scale, evidence.citation_count, evidence.pk, interaction.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that a URL names; None where it names none."""
        match = _PLACE.fullmatch(text)
        numbers = [int(part) for part in match.groups()] if match else []
        return cls(*numbers) if numbers and max(numbers) <= MAX_INTEGER else None

    def __str__(self) -> str:
        return "-".join(map(str, self))


class Bounded(NamedTuple):
    """How many there are, counted up to a bound."""

    number: int
    is_more: bool


@dataclass(frozen=True)
class SupportedPage:
    rows: list[Interaction]
    steps: Steps


def sorted_page(evidence: EvidenceQuerySet, order: str, number: int) -> SupportedPage:
    """A page by its number, of `COUNTED` interactions at most, in an order of `SORTED`."""
    rows = Interaction.objects.public().supported_by(evidence)
    keys = rows.order_by(*_columns(order)).values_list("pk", flat=True)
    first = (number - 1) * PAGE_SIZE
    listed = list(keys[first : first + PAGE_SIZE])
    by_key = _listed().in_bulk(listed)
    return SupportedPage([by_key[key] for key in listed if key in by_key], [])


def _columns(order: str) -> list[str]:
    """What an order sorts by; those without a name come last in either direction."""
    key, sign = order.removeprefix("-"), "-" * order.startswith("-")
    ends = ("target", "tf") if key == "target" else ("tf", "target")
    columns = [column.format(key) for column in SORTED[key]]
    signed = [column if "is_unnamed" in column else f"{sign}{column}" for column in columns]
    others = [column.format(end) for end in ends if end != key for column in _NAME]
    return [*signed, *others]


def supported_page(
    evidence: EvidenceQuerySet,
    after: Place | None,
    before: Place | None,
    *,
    is_reversed: bool = False,
) -> SupportedPage:
    """The interactions that `evidence` supports, from a place on (or back from one)."""
    cursor = Cursor.of(after, before)
    keys = _OrderedScan(evidence, cursor, is_reversed).keys(PAGE_SIZE + 1)
    page = KeysetPage.of(keys, PAGE_SIZE, cursor)
    by_key = _listed().in_bulk(page.rows)
    rows = [by_key[key] for key in page.rows if key in by_key]
    return SupportedPage(
        rows,
        steps(
            rows,
            lambda row: str(Place.of(row)),
            previous=page.has_previous,
            following=page.has_next,
        ),
    )


def _listed() -> QuerySet[Interaction]:
    """What a row shows: both proteins, databases and methods; of publications, which are many, the
    number of primary ones."""
    sources = SourceDatabase.objects.with_publication()
    own = links_to_own_papers().filter(evidence=OuterRef("evidence")).order_by()
    papers = own.values("evidence").annotate(number=Count("pk")).values("number")
    primary = F("evidence__citation_count") - Coalesce(Subquery(papers), 0)
    return (
        Interaction.objects.select_related("tf__taxon", "target__taxon", "evidence")
        .prefetch_related(Prefetch("evidence__sources", sources), "evidence__methods")
        .annotate(primary_count=primary)
    )


@dataclass(frozen=True)
class _OrderedScan:
    """The keys of interactions in order, from the cursor on."""

    evidence: EvidenceQuerySet
    cursor: Cursor | None
    is_reversed: bool = False

    @property
    def start(self) -> Place | None:
        return Place(*self.cursor.key) if self.cursor else None

    @property
    def backward(self) -> bool:
        return (self.cursor is not None and self.cursor.backward) != self.is_reversed

    def keys(self, wanted: int) -> list[int]:
        keys: list[int] = []
        for together in self._in_order():
            many = self._many(together)
            place = 0
            while place < len(together) and len(keys) < wanted:
                if together[place] in many:
                    keys += self._many_rows(together[place], wanted - len(keys))
                    place += 1
                    continue
                # Those before the next that alone fills a page are few rows: one query.
                ahead = range(place, len(together))
                end = next((index for index in ahead if together[index] in many), len(together))
                keys += self._few_rows(together[place:end])
                place = end
            if len(keys) >= wanted:
                break
        return keys[:wanted]

    def _in_order(self) -> Iterator[list[int]]:
        """The evidence's primary keys in order, some together."""
        sign = "" if self.backward else "-"
        other = "-" if self.backward else ""
        ordered = self._from_start().order_by(
            f"{sign}small_scale", f"{sign}citation_count", f"{other}pk"
        )
        for round_ in range(_MOST_ROUNDS):
            first = round_ * _TOGETHER
            together = list(ordered.values_list("pk", flat=True)[first : first + _TOGETHER])
            yield together
            if len(together) < _TOGETHER:
                return

    def _from_start(self) -> EvidenceQuerySet:
        if self.start is None:
            return self.evidence
        scale, publications, pk, _ = self.start
        down, up = ("gt", "lte") if self.backward else ("lt", "gte")
        same_scale = Q(small_scale=scale)
        same = same_scale & Q(citation_count=publications)
        return self.evidence.filter(
            Q(**{f"small_scale__{down}": scale})
            | (same_scale & Q(**{f"citation_count__{down}": publications}))
            | (same & Q(**{f"pk__{up}": pk}))
        )

    def _many(self, together: list[int]) -> set[int]:
        """Those of more than a page of rows: whether there is one at its end."""
        rows = Interaction.objects.filter(evidence=OuterRef("pk")).order_by().values("pk")
        beyond = Subquery(rows[PAGE_SIZE : PAGE_SIZE + 1])
        many = Evidence.objects.filter(pk__in=together).alias(beyond=beyond)
        return set(many.filter(beyond__isnull=False).values_list("pk", flat=True))

    def _few_rows(self, together: list[int]) -> list[int]:
        rows = self._after_start(Interaction.objects.public().filter(evidence__in=together))
        pairs = list(rows.order_by().values_list("evidence_id", "pk"))
        rank = {pk: place for place, pk in enumerate(together)}
        sign = -1 if self.backward else 1
        pairs.sort(key=lambda pair: (rank[pair[0]], sign * pair[1]))
        return [pk for _, pk in pairs]

    def _many_rows(self, evidence: int, wanted: int) -> list[int]:
        rows = self._after_start(Interaction.objects.public())
        order, column = F("pk"), F("evidence_id")
        # The index of evidence holds no order. Each database is held to the plan that the
        # number of rows asks for: SQLite would sort millions, PostgreSQL scan for a few.
        if _are_sortable(evidence):
            order = F("pk") + 0  # type: ignore[assignment]
        else:
            column = F("evidence_id") + 0  # type: ignore[assignment]
        rows = rows.alias(of_evidence=column).filter(of_evidence=evidence)
        ordered = rows.order_by(order.desc() if self.backward else order.asc())
        return list(ordered.values_list("pk", flat=True)[:wanted])

    def _after_start(self, rows: InteractionQuerySet) -> InteractionQuerySet:
        if self.start is None:
            return rows
        onward = "lt" if self.backward else "gt"
        beyond: dict[str, Any] = {f"pk__{onward}": self.start.interaction}
        return rows.filter(~Q(evidence=self.start.evidence) | Q(**beyond))


def _are_sortable(evidence: int) -> bool:
    rows = Interaction.objects.filter(evidence=evidence).order_by()
    return rows.values("evidence")[:_SORTED].count() < _SORTED


def interactions_counted(evidence: EvidenceQuerySet) -> Bounded:
    rows = Interaction.objects.public().supported_by(evidence).order_by()
    return _bounded(rows.values("pk")[: COUNTED + 1].count())


def sites_counted(evidence: EvidenceQuerySet) -> Bounded:
    rows = BindingSite.objects.filter(evidence__in=evidence.values("pk")).order_by()
    return _bounded(rows.values("pk")[: COUNTED + 1].count())


def _bounded(number: int) -> Bounded:
    return Bounded(min(number, COUNTED), number > COUNTED)
