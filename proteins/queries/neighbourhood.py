"""The neighbourhood of one protein as a graph: what it regulates, what regulates it, and what
these do to each other.

Bounded whatever the protein: the best-supported neighbours up to a limit, and of the
interactions among them the best-supported ones. Rejected interactions never appear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Case, Q, Value, When

from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.models import Effect, Interaction, Protein, Reporting, ReviewStatus
from proteins.models.querysets import InteractionQuerySet, Partner
from proteins.queries.reviews import on_one_line

DEFAULT_LIMIT = 50
#: Neighbours that a page offers to show; any number up to the last may be requested.
LIMITS = (50, 100, 200)
MAX_LIMIT = LIMITS[-1]
#: Interactions among neighbours for which there is room beside those of the protein itself.
EDGES_AMONG = 50


class Role(StrEnum):
    """What a protein of the picture is to the one in its middle."""

    CENTRE = "centre"
    REGULATOR = "regulator"
    TARGET = "target"
    BOTH = "both"


@dataclass(frozen=True)
class Node:
    id: int
    accession: str
    name: str
    role: Role

    @property
    def label(self) -> str:
        return self.name or self.accession

    @property
    def full_name(self) -> str:
        return f"{self.name} ({self.accession})" if self.name else self.accession


@dataclass(frozen=True)
class Edge:
    """An interaction, from the TF to its target."""

    tf: Node
    target: Node
    effect: Effect
    small_scale: SmallScale
    publications: int
    databases: int
    status: ReviewStatus
    reporting: Reporting
    #: Why it has its review status; empty where nothing is said.
    why: str = ""

    @property
    def is_of_centre(self) -> bool:
        return Role.CENTRE in (self.tf.role, self.target.role)


@dataclass(frozen=True)
class Network:
    protein: Protein
    #: The protein itself, then its neighbours, the best supported first.
    nodes: list[Node]
    #: The protein's own first, then those among its neighbours; the best supported first.
    edges: list[Edge]
    limit: int
    #: Whether it has neighbours that are not here.
    has_more: bool
    #: Whether the neighbours have interactions among each other that are not here.
    has_more_edges: bool

    @property
    def centre(self) -> Node:
        return self.nodes[0]

    @property
    def neighbours(self) -> list[Node]:
        return self.nodes[1:]

    def with_role(self, role: Role) -> list[Node]:
        return [node for node in self.nodes if node.role == role]

    @property
    def regulates_itself(self) -> bool:
        return any(edge.tf == edge.target == self.centre for edge in self.edges)


@dataclass(frozen=True)
class Selection:
    """Which neighbours are wanted: of which sides, and by what evidence and effect.

    Each side has its share of the limit, so that neither hides the other.
    """

    limit: int = DEFAULT_LIMIT
    sides: tuple[Partner, ...] = ("target", "tf")
    tiers: tuple[Tier, ...] = ()
    effects: tuple[Effect, ...] = ()

    def among(self, rows: InteractionQuerySet) -> InteractionQuerySet:
        """The interactions that may be shown."""
        if self.tiers:
            rows = rows.filter(evidence__tier__in=self.tiers)
        if self.effects:
            rows = rows.filter(effect__in=self.effects)
        return rows


class _Neighbour(NamedTuple):
    id: int
    accession: str
    name: str
    small_scale: int
    publications: int


class _Link(NamedTuple):
    tf: int
    target: int
    effect: int
    small_scale: int
    publications: int
    databases: int
    status: int
    reporting: int
    review_reason: str | None
    review_text: str | None


_LINK_FIELDS = (
    "tf_id",
    "target_id",
    "effect",
    "evidence__small_scale",
    "evidence__citation_count",
    "evidence__source_count",
    "status",
    "reporting",
    "review__reason__name",
    "review__text",
)


def read_network(protein: Protein, selection: Selection | None = None) -> Network:
    """Return the neighbourhood of `protein`, as far as it is selected, in three queries."""
    selection = selection or Selection()
    limit = selection.limit
    sides = [_neighbours(protein, partner, selection) for partner in selection.sides]
    ranked = _shared_out(sides, limit)
    chosen = {neighbour.id: neighbour for neighbour in ranked[:limit]}
    links = _links(protein, chosen, room := 2 * limit + 1 + EDGES_AMONG, selection)
    nodes = _nodes(protein, chosen.values(), links)
    edges = [
        Edge(
            nodes[link.tf],
            nodes[link.target],
            Effect(link.effect),
            SmallScale(link.small_scale),
            link.publications,
            link.databases,
            ReviewStatus(link.status),
            Reporting(link.reporting),
            on_one_line(link.review_reason, link.review_text),
        )
        for link in links[:room]
    ]
    return Network(
        protein,
        list(nodes.values()),
        edges,
        limit,
        has_more=len(ranked) > limit,
        has_more_edges=len(links) > room,
    )


def _neighbours(protein: Protein, partner: Partner, selection: Selection) -> list[_Neighbour]:
    """The best-supported partners on one side, one more than there is room for, in the order of
    the protein's tables."""
    public = selection.among(Interaction.objects.public().exclude(tf=protein, target=protein))
    rows = public.of_tf(protein) if partner == "target" else public.of_target(protein)
    fields = (
        f"{partner}_id",
        f"{partner}__accession",
        f"{partner}__name",
        "evidence__small_scale",
        "evidence__citation_count",
    )
    most = selection.limit + 1
    return [_Neighbour(*row) for row in rows.in_order("", partner).values_list(*fields)[:most]]


def _shared_out(sides: list[list[_Neighbour]], limit: int) -> list[_Neighbour]:
    """Each neighbour once, the best supported first; each side has half of the limit, and what
    the other leaves of its own."""
    ranked = list(_best_first(sides))
    if len(sides) < 2 or len(ranked) <= limit:
        return ranked
    half = limit // 2
    share = [min(len(side), max(half, limit - len(other))) for side, other in (sides, sides[::-1])]
    quota = {one.id for side, number in zip(sides, share, strict=True) for one in side[:number]}
    # A neighbour on both sides leaves room for another.
    return sorted(ranked, key=lambda one: one.id not in quota)


def _best_first(sides: Iterable[list[_Neighbour]]) -> Iterator[_Neighbour]:
    """Each neighbour once; at equal support targets and regulators alternate."""
    ranked = sorted(
        (-neighbour.small_scale, -neighbour.publications, place, side, neighbour)
        for side, neighbours in enumerate(sides)
        for place, neighbour in enumerate(neighbours)
    )
    seen: set[int] = set()
    for *_, neighbour in ranked:
        if neighbour.id not in seen:
            seen.add(neighbour.id)
            yield neighbour


def _links(protein: Protein, chosen: Iterable[int], room: int, selection: Selection) -> list[_Link]:
    """The interactions among these proteins, one more than there is room for.

    Both ends are looked up in the index by pair: a hub's own thousands are not read.
    """
    ids = [protein.pk, *chosen]
    of_centre = Case(When(Q(tf=protein) | Q(target=protein), then=Value(0)), default=Value(1))
    rows = (
        selection.among(Interaction.objects.public())
        .filter(tf__in=ids, target__in=ids)
        .order_by(
            of_centre,
            "-evidence__small_scale",
            "-evidence__citation_count",
            "tf__accession",
            "target__accession",
        )
    )
    return [_Link(*row) for row in rows.values_list(*_LINK_FIELDS)[: room + 1]]


def _nodes(
    protein: Protein, chosen: Iterable[_Neighbour], links: Iterable[_Link]
) -> dict[int, Node]:
    targets = {link.target for link in links if link.tf == protein.pk}
    tfs = {link.tf for link in links if link.target == protein.pk}
    nodes = {protein.pk: Node(protein.pk, protein.accession, protein.name, Role.CENTRE)}
    for neighbour in chosen:
        if neighbour.id in targets:
            role = Role.BOTH if neighbour.id in tfs else Role.TARGET
        else:
            role = Role.REGULATOR
        nodes[neighbour.id] = Node(neighbour.id, neighbour.accession, neighbour.name, role)
    return nodes
