"""The neighbourhood of one protein as a graph: what it regulates, what regulates it, and what
these do to each other.

Bounded whatever the protein: the best-supported neighbours up to a limit, those that expanded
neighbours bring in, and of the interactions among them the best-supported ones. Rejected
interactions never appear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Case, Count, Q, Value, When, Window

from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.models import Effect, Interaction, Protein, Reporting, ReviewStatus
from proteins.models.querysets import InteractionQuerySet, Partner
from proteins.queries.reviews import on_one_line

DEFAULT_LIMIT = 50
#: Neighbours that a page offers to show; any number up to the last may be requested.
LIMITS = (50, 100, 200)
MAX_LIMIT = LIMITS[-1]
#: Interactions among neighbours for which there is room beside those of the protein itself and
#: of the expanded ones.
EDGES_AMONG = 50
#: Neighbours that can be expanded, what each brings in at most, and the neighbours up to which a
#: drawing can be expanded: more would not be read.
MAX_EXPANSIONS = 5
EXPANSION = 10
MAX_EXPANDED = 150


class Role(StrEnum):
    """What a protein of the picture is to the one in its middle."""

    CENTRE = "centre"
    REGULATOR = "regulator"
    TARGET = "target"
    BOTH = "both"
    #: It interacts with an expanded neighbour only.
    FURTHER = "further"


@dataclass(frozen=True)
class Node:
    id: int
    accession: str
    name: str
    role: Role
    #: The expanded node that brought it in, by primary key.
    via: int | None = None

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
    tier: Tier
    publications: int
    databases: int
    status: ReviewStatus
    reporting: Reporting
    #: Why it has its review status; empty where nothing is said.
    why: str = ""

    @property
    def is_of_centre(self) -> bool:
        return Role.CENTRE in (self.tf.role, self.target.role)

    @property
    def is_of_expansion(self) -> bool:
        """Whether it is one by which an expanded node brought the other in."""
        return self.tf.via == self.target.id or self.target.via == self.tf.id


@dataclass(frozen=True)
class Network:
    protein: Protein
    #: The protein itself, then its neighbours, the best supported first.
    nodes: list[Node]
    #: The protein's own first, then those of expansions, then those among neighbours; the best
    #: supported first.
    edges: list[Edge]
    limit: int
    #: Whether it has neighbours that are not here.
    has_more: bool
    #: The interactions among all its nodes, of which `edges` are the first.
    edge_count: int
    #: The nodes that are expanded, each with whether it has more neighbours than it brought in.
    expanded: dict[Node, bool] = field(default_factory=dict)
    #: Accessions that were to be expanded, and are not among the nodes or found no room.
    not_expanded: Sequence[str] = ()

    @property
    def centre(self) -> Node:
        return self.nodes[0]

    @property
    def neighbours(self) -> list[Node]:
        """The protein's own, without what expansions bring in."""
        return [node for node in self.nodes[1:] if node.via is None]

    @property
    def has_more_edges(self) -> bool:
        """Whether the neighbours have interactions among each other that are not here."""
        return self.edge_count > len(self.edges)

    @property
    def can_expand(self) -> bool:
        return len(self.expanded) < MAX_EXPANSIONS and len(self.nodes) - 1 < MAX_EXPANDED

    @property
    def roles(self) -> list[Role]:
        """Those that occur beside the centre's."""
        return sorted({node.role for node in self.nodes[1:]})

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
    #: Accessions of nodes whose own neighbours are to be shown too, in this order.
    expanded: tuple[str, ...] = ()

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
    rank: int
    total: int
    effect: int
    small_scale: int
    tier: int
    publications: int
    databases: int
    status: int
    reporting: int
    review_reason: str | None
    review_text: str | None


_LINK_FIELDS = (
    "tf_id",
    "target_id",
    "rank",
    "total",
    "effect",
    "evidence__small_scale",
    "evidence__tier",
    "evidence__citation_count",
    "evidence__source_count",
    "status",
    "reporting",
    "review__reason__name",
    "review__text",
)


#: Ranks of interactions: of the protein itself, of an expansion, among the others.
_OWN, _EXPANDING, _AMONG = range(3)


@dataclass
class _Expansions:
    """What expanded nodes bring in."""

    expanded: dict[int, bool] = field(default_factory=dict)
    #: By primary key, with that of the node that brought it in.
    added: dict[int, tuple[_Neighbour, int]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def pairs(self) -> Q:
        """The interactions of each expanded node with what it brought in."""
        pairs = Q()
        for key in self.expanded:
            own = [one for one, (_, via) in self.added.items() if via == key]
            pairs |= Q(tf=key, target__in=own) | Q(target=key, tf__in=own)
        return pairs


def read_network(protein: Protein, selection: Selection | None = None) -> Network:
    """Return the neighbourhood of `protein`, as far as it is selected, in three queries; with
    expansions in one more, and two for each."""
    selection = selection or Selection()
    limit = selection.limit
    sides = [_neighbours(protein, partner, selection) for partner in selection.sides]
    ranked = _shared_out(sides, limit)
    chosen = {neighbour.id: neighbour for neighbour in ranked[:limit]}
    expansions = _expansions(protein, chosen, selection)
    links = _links(protein, chosen, expansions, selection)
    nodes = _nodes(protein, chosen.values(), expansions, links)
    among = [link for link in links if link.rank == _AMONG][EDGES_AMONG:]
    drawn = links[: len(links) - len(among)]
    return Network(
        protein,
        list(nodes.values()),
        [_edge(link, nodes) for link in drawn],
        limit,
        has_more=len(ranked) > limit,
        edge_count=links[0].total if links else 0,
        expanded={nodes[key]: has_more for key, has_more in expansions.expanded.items()},
        not_expanded=tuple(expansions.missing),
    )


def _edge(link: _Link, nodes: dict[int, Node]) -> Edge:
    return Edge(
        nodes[link.tf],
        nodes[link.target],
        Effect(link.effect),
        SmallScale(link.small_scale),
        Tier(link.tier),
        link.publications,
        link.databases,
        ReviewStatus(link.status),
        Reporting(link.reporting),
        on_one_line(link.review_reason, link.review_text),
    )


def _expansions(
    protein: Protein, chosen: dict[int, _Neighbour], selection: Selection
) -> _Expansions:
    """Expand the nodes of the selection one after the other: one may have brought in the next."""
    made = _Expansions()
    if not selection.expanded:
        return made
    proteins = {
        one.accession: one for one in Protein.objects.filter(accession__in=selection.expanded)
    }
    for accession in dict.fromkeys(selection.expanded):
        one = proteins.get(accession)
        drawn = {protein.pk, *chosen, *made.added}
        room = min(EXPANSION, MAX_EXPANDED + 1 - len(drawn))
        if one is None or one == protein or one.pk not in drawn or room < 1:
            made.missing.append(accession)
            continue
        _expand(made, one, drawn, room, selection)
    return made


def _expand(
    made: _Expansions, one: Protein, drawn: set[int], room: int, selection: Selection
) -> None:
    sides = [
        _neighbours(one, partner, replace(selection, limit=room), drawn)
        for partner in selection.sides
    ]
    ranked = _shared_out(sides, room)
    made.added.update({neighbour.id: (neighbour, one.pk) for neighbour in ranked[:room]})
    made.expanded[one.pk] = len(ranked) > room


def _neighbours(
    protein: Protein, partner: Partner, selection: Selection, drawn: Iterable[int] = ()
) -> list[_Neighbour]:
    """The best-supported partners on one side, one more than there is room for, in the order of
    the protein's tables; without those that are drawn already."""
    public = selection.among(Interaction.objects.public())
    rows = public.of_tf(protein) if partner == "target" else public.of_target(protein)
    rows = rows.exclude(**{f"{partner}__in": {protein.pk, *drawn}})
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


def _links(
    protein: Protein, chosen: Iterable[int], expansions: _Expansions, selection: Selection
) -> list[_Link]:
    """The interactions among these proteins: all of the protein itself and of expansions, and
    as many others as there is room for.

    Both ends are looked up in the index by pair: a hub's own thousands are not read.
    """
    ids = [protein.pk, *chosen, *expansions.added]
    cases = [When(Q(tf=protein) | Q(target=protein), then=Value(_OWN))]
    if expansions.added:
        cases.append(When(expansions.pairs, then=Value(_EXPANDING)))
    rows = (
        selection.among(Interaction.objects.public())
        .filter(tf__in=ids, target__in=ids)
        .annotate(rank=Case(*cases, default=Value(_AMONG)), total=Window(Count("*")))
        .order_by(
            "rank",
            "-evidence__small_scale",
            "-evidence__citation_count",
            "tf__accession",
            "target__accession",
        )
    )
    most = 2 * len(ids) + 2 * len(expansions.added) + EDGES_AMONG
    return [_Link(*row) for row in rows.values_list(*_LINK_FIELDS)[:most]]


def _nodes(
    protein: Protein,
    chosen: Iterable[_Neighbour],
    expansions: _Expansions,
    links: Iterable[_Link],
) -> dict[int, Node]:
    targets = {link.target for link in links if link.tf == protein.pk}
    tfs = {link.tf for link in links if link.target == protein.pk}
    nodes = {protein.pk: Node(protein.pk, protein.accession, protein.name, Role.CENTRE)}
    brought = [(neighbour, None) for neighbour in chosen]
    for neighbour, via in (*brought, *expansions.added.values()):
        role = _role(is_tf=neighbour.id in tfs, is_target=neighbour.id in targets)
        nodes[neighbour.id] = Node(neighbour.id, neighbour.accession, neighbour.name, role, via)
    return nodes


def _role(*, is_tf: bool, is_target: bool) -> Role:
    if is_tf and is_target:
        return Role.BOTH
    if is_tf:
        return Role.REGULATOR
    return Role.TARGET if is_target else Role.FURTHER
