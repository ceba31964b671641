"""The neighbourhood of a protein as a graph: which proteins and interactions, in which order."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.models import Effect, Protein, ReviewStatus
from proteins.queries.neighbourhood import (
    EDGES_AMONG,
    EXPANSION,
    MAX_EXPANDED,
    MAX_EXPANSIONS,
    Network,
    Role,
    Selection,
    read_network,
)
from tests.factories import accession, make_interaction, make_protein
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db

QUERIES = 3


@pytest.fixture
def centre() -> Protein:
    return make_protein("Q9UK53", "ING1")


def names(network: Network) -> list[str]:
    return [node.label for node in network.neighbours]


def pairs(network: Network) -> list[str]:
    return [f"{edge.tf.label}>{edge.target.label}" for edge in network.edges]


def test_roles_and_directions(centre: Protein) -> None:
    tf, target, both = (make_protein(accession(n), name) for n, name in enumerate("RTB"))
    for pair in ((tf, centre), (centre, target), (both, centre), (centre, both)):
        make_interaction(*pair)
    network = read_network(centre)
    assert network.centre.label == "ING1"
    assert {node.label: node.role for node in network.neighbours} == {
        "R": Role.REGULATOR,
        "T": Role.TARGET,
        "B": Role.BOTH,
    }
    assert sorted(pairs(network)) == ["B>ING1", "ING1>B", "ING1>T", "R>ING1"]
    assert not network.has_more
    assert not network.has_more_edges


def test_interactions_among_neighbours_and_with_themselves(centre: Protein) -> None:
    first, second, stranger = (make_protein(accession(n), name) for n, name in enumerate("ABS"))
    make_interaction(centre, centre, effect=Effect.REPRESSION)
    make_interaction(first, centre)
    make_interaction(centre, second)
    make_interaction(first, second, effect=Effect.ACTIVATION, small_scale=SmallScale.YES)
    make_interaction(second, second)
    make_interaction(first, stranger)
    make_interaction(stranger, second)
    network = read_network(centre)
    # The protein's own come first, however little supports them.
    assert pairs(network) == ["A>ING1", "ING1>B", "ING1>ING1", "A>B", "B>B"]
    assert network.regulates_itself
    assert [edge.effect for edge in network.edges][2:4] == [Effect.REPRESSION, Effect.ACTIVATION]
    assert [edge.is_of_centre for edge in network.edges] == [True, True, True, False, False]
    assert names(network) == ["B", "A"]


def test_rejected_interactions_never_appear(centre: Protein) -> None:
    public, gone = make_protein("P00001", "KEPT"), make_protein("P00002", "GONE")
    make_interaction(centre, public)
    rejected = ReviewStatus.REJECTED
    make_interaction(public, centre, status=rejected)
    make_interaction(public, public, status=rejected)
    make_interaction(centre, centre, status=rejected)
    make_interaction(centre, gone, status=rejected, small_scale=SmallScale.YES)
    network = read_network(centre)
    assert pairs(network) == ["ING1>KEPT"]
    assert network.neighbours[0].role == Role.TARGET


def test_best_supported_first_and_the_sides_in_turn(centre: Protein) -> None:
    for number in range(6):
        name = f"T{number}"
        make_interaction(
            centre,
            make_protein(accession(number), name),
            pmids=range(1, 9) if number == 4 else [1],
            small_scale=SmallScale.YES if number == 5 else SmallScale.NO,
        )
    for number in range(10, 12):
        make_interaction(make_protein(accession(number), f"R{number}"), centre, pmids=[1])
    assert names(read_network(centre)) == ["T5", "T4", "R10", "R11", "T0", "T1", "T2", "T3"]
    cut = read_network(centre, Selection(4))
    assert names(cut) == ["T5", "T4", "R10", "R11"]
    assert cut.has_more
    assert not read_network(centre, Selection(8)).has_more


def test_each_side_has_its_share(centre: Protein) -> None:
    for number in range(6):
        strong = make_protein(accession(number), f"T{number}")
        make_interaction(centre, strong, small_scale=SmallScale.YES, pmids=range(1, 5))
    for number in range(10, 13):
        make_interaction(make_protein(accession(number), f"R{number}"), centre)
    assert names(read_network(centre, Selection(4))) == ["T0", "T1", "R10", "R11"]
    # What one side does not need is the other's.
    assert names(read_network(centre, Selection(8))) == [
        *("T0", "T1", "T2", "T3", "T4"),
        *("R10", "R11", "R12"),
    ]


def test_one_side_a_tier_or_an_effect_alone(centre: Protein) -> None:
    strong, weak, regulator = (make_protein(accession(n), f"P{n}") for n in range(3))
    make_interaction(centre, strong, small_scale=SmallScale.YES, effect=Effect.ACTIVATION)
    make_interaction(centre, weak)
    make_interaction(regulator, centre)
    make_interaction(strong, weak)
    assert names(read_network(centre, Selection(sides=("tf",)))) == ["P2"]
    supported = read_network(centre, Selection(tiers=(Tier.SUPPORTED, Tier.STRONG)))
    assert names(supported) == ["P0"]
    # The filters hold for the lines among neighbours as well.
    assert len(supported.edges) == 1
    assert names(read_network(centre, Selection(effects=(Effect.ACTIVATION,)))) == ["P0"]
    assert names(read_network(centre, Selection(effects=(Effect.REPRESSION,)))) == []


def test_a_role_does_not_hang_on_the_limit(centre: Protein) -> None:
    """One that is chosen as a target is shown as a regulator too, however weak that is."""
    both = make_protein("P99999", "BOTH")
    make_interaction(centre, both, small_scale=SmallScale.YES)
    make_interaction(both, centre)
    for number in range(5):
        make_interaction(make_protein(accession(number)), centre, pmids=range(1, 5))
    assert read_network(centre, Selection(1)).neighbours[0].role == Role.BOTH


def test_bounded(centre: Protein, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    partners = [make_protein(accession(number)) for number in range(20)]
    for partner in partners:
        make_interaction(centre, partner)
        make_interaction(partner, centre)
        for other in partners:
            make_interaction(partner, other)
    with django_assert_num_queries(QUERIES):
        network = read_network(centre, Selection(15))
    assert len(network.neighbours) == 15
    assert len(network.edges) == 2 * 15 + EDGES_AMONG
    assert sum(edge.is_of_centre for edge in network.edges) == 30
    assert network.has_more
    assert network.has_more_edges
    assert network.edge_count == 2 * 15 + 15 * 15
    assert pairs(network) == pairs(read_network(centre, Selection(15)))


def test_no_neighbours(centre: Protein) -> None:
    with CaptureQueriesContext(connection) as queries:
        network = read_network(centre)
    assert len(queries) <= QUERIES
    assert network.nodes == [network.centre]
    assert network.edges == []


def test_an_expanded_neighbour_brings_in_its_best_supported(centre: Protein) -> None:
    """Of both sides, each with its share; what is there already is not brought in again."""
    hub, other = make_protein("P00001", "HUB"), make_protein("P00002", "OTHER")
    make_interaction(centre, hub)
    make_interaction(centre, other)
    make_interaction(hub, other)
    for number in range(20):
        strong = SmallScale.YES if number >= 15 else SmallScale.NO
        make_interaction(
            hub, make_protein(accession(10 + number), f"T{number}"), small_scale=strong
        )
    for number in range(3):
        make_interaction(make_protein(accession(50 + number), f"R{number}"), hub)
    network = read_network(centre, Selection(expanded=("P00001",)))
    assert names(network) == ["HUB", "OTHER"]
    further = [node for node in network.nodes if node.via == hub.pk]
    assert {node.label for node in further} == {
        *("T15", "T16", "T17", "T18", "T19", "T0", "T1"),
        *("R0", "R1", "R2"),
    }
    assert {node.role for node in further} == {Role.FURTHER}
    assert [(node.label, more) for node, more in network.expanded.items()] == [("HUB", True)]
    assert pairs(network)[:2] == ["ING1>HUB", "ING1>OTHER"]
    assert sorted(pairs(network)[2:12]) == sorted(
        [f"HUB>T{n}" for n in (15, 16, 17, 18, 19, 0, 1)] + [f"R{n}>HUB" for n in range(3)]
    )
    assert pairs(network)[12:] == ["HUB>OTHER"]


def test_what_is_brought_in_is_expanded_in_turn_and_says_what_it_is(centre: Protein) -> None:
    chain = [make_protein(accession(number), f"C{number}") for number in range(4)]
    make_interaction(chain[0], centre)
    for upper, lower in zip(chain[1:], chain, strict=False):
        make_interaction(upper, lower)
    make_interaction(centre, chain[2], effect=Effect.REPRESSION)
    selection = Selection(1, sides=("tf",), expanded=("P00000", "P00001", "P00003", "P12345"))
    network = read_network(centre, selection)
    assert [(node.label, node.role) for node in network.nodes[1:]] == [
        ("C0", Role.REGULATOR),
        ("C1", Role.FURTHER),
        # It is a target of the protein as well.
        ("C2", Role.TARGET),
    ]
    assert [node.label for node in network.expanded] == ["C0", "C1"]
    assert network.not_expanded == ("P00003", "P12345")
    # In another order the second is not there yet.
    turned = read_network(centre, Selection(1, sides=("tf",), expanded=("P00001", "P00000")))
    assert turned.not_expanded == ("P00001",)


def test_expansions_pass_the_filters(centre: Protein) -> None:
    hub, strong, weak = (make_protein(accession(n), f"P{n}") for n in range(3))
    for pair, scale in (((centre, hub), True), ((hub, strong), True), ((hub, weak), False)):
        make_interaction(*pair, small_scale=SmallScale.YES if scale else SmallScale.NO)
    tiers = (Tier.SUPPORTED, Tier.STRONG)
    network = read_network(centre, Selection(tiers=tiers, expanded=("P00000",)))
    assert [node.label for node in network.nodes] == ["ING1", "P0", "P1"]


@settings(
    deadline=None,
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    limit=st.integers(1, 200),
    expanded=st.lists(st.integers(-1, 220), max_size=MAX_EXPANSIONS + 3),
)
def test_any_selection_is_bounded(crowd: Protein, limit: int, expanded: list[int]) -> None:
    accessions = tuple(accession(number) if number >= 0 else "Q9UK53" for number in expanded)
    network = read_network(crowd, Selection(limit, expanded=accessions))
    assert len(network.neighbours) <= limit
    added = len(network.nodes) - 1 - len(network.neighbours)
    assert added <= EXPANSION * len(network.expanded)
    assert not added or len(network.nodes) - 1 <= MAX_EXPANDED
    assert len({node.id for node in network.nodes}) == len(network.nodes)
    requested = dict.fromkeys(accessions)
    assert {node.accession for node in network.expanded}.isdisjoint(network.not_expanded)
    assert len(network.expanded) + len(network.not_expanded) == len(requested)
    drawn = {node.id for node in network.nodes}
    assert all({edge.tf.id, edge.target.id} <= drawn for edge in network.edges)
    among = [e for e in network.edges if not e.is_of_centre and not e.is_of_expansion]
    assert len(among) <= EDGES_AMONG
    assert len(network.edges) <= network.edge_count
    # Each that is drawn interacts with what it is drawn for.
    ends = {(edge.tf.id, edge.target.id) for edge in network.edges}
    for node in network.nodes[1:]:
        beside = node.via or crowd.pk
        assert {(node.id, beside), (beside, node.id)} & ends


@pytest.fixture
def crowd(centre: Protein) -> Protein:
    """A protein with 180 neighbours, of which each regulates the next three, and the next of the
    forty that are none."""
    others = [make_protein(accession(number)) for number in range(220)]
    for number, other in enumerate(others):
        if number < 180:
            make_interaction(*((centre, other) if number % 3 else (other, centre)))
        for step in (1, 2, 3):
            make_interaction(other, others[(number + step) % 220])
        if number < 177:
            make_interaction(other, others[180 + number % 40])
    return centre
