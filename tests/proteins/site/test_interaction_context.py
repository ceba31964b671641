"""The network context of an interaction: its routes, its drawing and its files."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from proteins.domain.evidence import SmallScale
from proteins.models import Effect, Interaction, Protein, ReviewStatus
from proteins.queries.interaction_context import Context
from tests.factories import accession, make_interaction, make_protein
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db
PAGE = "/interaction/P03069-P00815/"
SVG = "{http://www.w3.org/2000/svg}"
#: Of each tier what makes it.
STRONG: dict[str, Any] = {"small_scale": SmallScale.YES, "pmids": [1, 2]}
SUPPORTED: dict[str, Any] = {"small_scale": SmallScale.YES, "pmids": [1]}
REPEATED: dict[str, Any] = {"small_scale": SmallScale.NO, "pmids": [1, 2]}
SINGLE: dict[str, Any] = {"small_scale": SmallScale.NO, "pmids": [1]}


@pytest.fixture
def interaction() -> Interaction:
    tf, target = make_protein("P03069", "GCN4"), make_protein("P00815", "HIS4")
    return make_interaction(tf, target, effect=Effect.ACTIVATION, **STRONG)


def between(interaction: Interaction) -> Interaction:
    """Six proteins between the two, each pair of tiers another, and one that is rejected."""
    tiers = [
        (STRONG, SINGLE), (SUPPORTED, SUPPORTED), (REPEATED, STRONG), (STRONG, STRONG),
        (SINGLE, SINGLE), (STRONG, REPEATED),
    ]  # fmt: skip
    for number, (first, second) in enumerate(tiers):
        middle = make_protein(accession(number), f"M{number}")
        make_interaction(interaction.tf, middle, **first)
        make_interaction(middle, interaction.target, effect=Effect.REPRESSION, **second)
    gone = make_protein("P99999", "GONE")
    make_interaction(interaction.tf, gone, status=ReviewStatus.REJECTED)
    make_interaction(gone, interaction.target)
    return interaction


def test_a_route_is_as_strong_as_its_weaker_interaction(interaction: Interaction) -> None:
    context = Context.read(between(interaction))
    names = [route.protein.name for route in context.intermediate]
    assert names == ["M3", "M1", "M2", "M5", "M0", "M4"]
    assert [leg.tier.label for leg in context.intermediate[4][1:]] == ["strong", "single"]
    assert [leg.effect for leg in context.intermediate[0][1:]] == [
        Effect.UNKNOWN,
        Effect.REPRESSION,
    ]
    assert not context.shared
    assert context.reverse is None


def test_shared_regulators_and_feedback_without_the_two_themselves(
    interaction: Interaction,
) -> None:
    tf, target = interaction.tf, interaction.target
    above, one_sided = make_protein("P00001", "ABOVE"), make_protein("P00002", "ONE")
    for pair in ((above, tf), (above, target), (one_sided, tf), (tf, tf), (target, target)):
        make_interaction(*pair)
    make_interaction(target, tf, effect=Effect.REPRESSION)
    context = Context.read(interaction)
    assert [route.protein.name for route in context.shared] == ["ABOVE"]
    assert not context.intermediate
    assert context.reverse
    assert context.reverse.effect is Effect.REPRESSION


@settings(
    deadline=None,
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pairs=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30))
def test_any_network(network: list[Protein], pairs: set[tuple[int, int]]) -> None:
    """Compared with what the sets of pairs say."""
    Interaction.objects.all().delete()
    pairs.add((0, 1))
    for tf, target in pairs:
        make_interaction(network[tf], network[target])
    context = Context.read(Interaction.objects.get(tf=network[0], target=network[1]))
    others = range(2, 8)
    assert {route.protein.pk for route in context.shared} == {
        network[one].pk for one in others if {(one, 0), (one, 1)} <= pairs
    }
    assert {route.protein.pk for route in context.intermediate} == {
        network[one].pk for one in others if {(0, one), (one, 1)} <= pairs
    }
    assert bool(context.reverse) == ((1, 0) in pairs)


@pytest.fixture
def network() -> list[Protein]:
    return [make_protein(accession(number)) for number in range(8)]


def test_two_queries_however_many(
    interaction: Interaction, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    interaction = Interaction.objects.select_related("tf", "target", "evidence").get()
    for number in range(40):
        other = make_protein(accession(number))
        for pair in (
            (other, interaction.tf),
            (other, interaction.target),
            (interaction.tf, other),
        ):
            make_interaction(*pair)
    with django_assert_num_queries(2):
        context = Context.read(interaction)
    assert len(context.shared) == len(context.intermediate) == 40


def test_the_page_draws_five_or_three_and_counts_all(
    client: Client, interaction: Interaction
) -> None:
    between(interaction)
    page = client.get(PAGE).text
    label = (
        "GCN4 regulates HIS4 directly; 0 shared regulators above and {} of 6 intermediate "
        "regulators below"
    )
    wide, phone = (page.index(f'aria-label="{label.format(number)}"') for number in (5, 3))
    assert page.count("<title>M3 (P00003)</title>", wide) == 2
    assert page.count("<title>M0 (P00000)</title>", wide) == 1
    assert page.count("<title>M4 (P00004)</title>", wide) == 0
    assert wide < phone
    assert "Intermediate regulators: 5 of 6" in page
    assert "Shared regulators: none" in page
    for suffix in ("svg", "tsv"):
        assert f'href="{PAGE}context.{suffix}"' in page
    assert "style=" not in page


def test_no_drawing_without_a_route(client: Client, interaction: Interaction) -> None:
    assert "context.svg" not in client.get(PAGE).text


def test_lines_say_tier_and_effect(client: Client, interaction: Interaction) -> None:
    between(interaction)
    response = client.get(f"{PAGE}context.svg")
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    root = ET.fromstring(response.content)
    lines = [line for line in root.iter(f"{SVG}path") if "net-line" in line.get("class", "")]
    looks = [(line.get("class", "").split("net-")[-1], line.get("stroke-width")) for line in lines]
    assert looks[0] == ("activation", "2.5")
    # To M3, from it, to M1, from it.
    assert looks[1:5] == [
        ("strong", "2.5"), ("repression", "2.5"), ("supported", "2"), ("repression", "2"),
    ]  # fmt: skip
    assert len(lines) == 11
    heads = {marker.get("id") for marker in root.iter(f"{SVG}marker")}
    used = {re.sub(r"url\(#(.*)\)", r"\1", line.get("marker-end", "")) for line in lines}
    assert used <= heads
    assert "http://testserver/protein/p00003/" in response.text
    assert "#12181c" in client.get(f"{PAGE}context.svg?theme=dark").text
    assert client.get(f"{PAGE}context.svg?theme=pink").status_code == 400


def test_the_table_has_all_routes(client: Client, interaction: Interaction) -> None:
    between(interaction)
    above = make_protein("P00010", "A\tBOVE")
    make_interaction(above, interaction.tf, **SUPPORTED)
    make_interaction(above, interaction.target)
    response = client.get(f"{PAGE}context.tsv")
    assert response["Content-Disposition"].endswith('"p03069-p00815-context.tsv"')
    head, first, second, *others = response.text.splitlines()
    assert head.split("\t")[:4] == ["relation", "protein", "name", "first_tf"]
    assert first.split("\t") == [
        "shared regulator", "P00010", "A BOVE", "P00010", "P03069", "unknown", "supported",
        "P00010", "P00815", "unknown", "single",
    ]  # fmt: skip
    assert second.split("\t")[:7] == [
        "intermediate regulator", "P00003", "M3", "P03069", "P00003", "unknown", "strong",
    ]  # fmt: skip
    assert len(others) == 5


@pytest.mark.parametrize("suffix", ["svg", "tsv"])
def test_addresses(client: Client, interaction: Interaction, suffix: str) -> None:
    moved = client.get(f"/interaction/p03069-p00815/context.{suffix}")
    assert (moved.status_code, moved["Location"]) == (301, f"{PAGE}context.{suffix}")
    itself = make_interaction(interaction.tf, interaction.tf)
    for key in (itself.key, "P00815-P03069", "nonsense", "P00815"):
        assert client.get(f"/interaction/{key}/context.{suffix}").status_code == 404
    assert client.post(f"{PAGE}context.{suffix}").status_code == 405


def test_hostile_names_are_text(client: Client, interaction: Interaction) -> None:
    hostile = "</svg><script>alert(1)</script>\"'&"
    middle = make_protein("P00001", hostile)
    make_interaction(interaction.tf, middle)
    make_interaction(middle, interaction.target)
    assert "<script>alert" not in client.get(PAGE).text
    root = ET.fromstring(client.get(f"{PAGE}context.svg").content)
    assert f"{hostile} (P00001)" in [title.text for title in root.iter(f"{SVG}title")]
