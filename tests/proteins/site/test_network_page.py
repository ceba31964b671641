"""The page and the drawing of a neighbourhood."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation.importing.run import RunReport
from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.models import Effect, Protein, ReviewStatus
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db

#: The protein with its taxon, both sides, the interactions.
QUERIES = 5
FORMS = [
    "network/",
    *(f"network.{suffix}" for suffix in ("svg", "sif", "graphml", "cx2", "tsv", "json")),
]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def centre() -> Protein:
    """A protein that ten others regulate, and which regulates sixty."""
    centre = make_protein("Q9UK53", "ING1")
    for number in range(70):
        other = make_protein(accession(number), f"N{number}")
        make_interaction(*((other, centre) if number < 10 else (centre, other)))
    return centre


def drawing(client: Client, query: str = "") -> ET.Element:
    response = client.get(f"/protein/q9uk53/network.svg{query}")
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    return ET.fromstring(response.content)


@pytest.mark.parametrize("form", FORMS)
def test_address(client: Client, centre: Protein, form: str) -> None:
    response = client.get(f"/protein/Q9UK53/{form}?limit=3")
    assert response.status_code == 301
    assert response["Location"] == f"/protein/q9uk53/{form}?limit=3"
    assert client.get(f"/protein/p12345/{form}").status_code == 404
    assert client.get(f"/protein/nonsense/{form}").status_code == 404
    assert client.post(f"/protein/q9uk53/{form}").status_code == 405


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_understood_is_refused(client: Client, form: str) -> None:
    make_protein("Q9UK53", "ING1")
    for value in ("0", "201", "-1", "x", "1e9", "%00"):
        refused = client.get(f"/protein/q9uk53/{form}?limit={value}")
        assert refused.status_code == 400, value
        assert "from 1 to 200" in refused.text
    # A page passes over what it does not read; a file or picture has no place to say so.
    answer = client.get(f"/protein/q9uk53/{form}?limt=50")
    assert answer.status_code == (200 if form == "network/" else 400)
    assert ("no filter called" in answer.text) == (form != "network/")


@pytest.mark.parametrize("form", FORMS)
def test_queries(
    client: Client, centre: Protein, form: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for limit in (1, 50, 200):
        with django_assert_num_queries(QUERIES):
            client.get(f"/protein/q9uk53/{form}?limit={limit}")


def test_the_picture_costs_the_protein_page_nothing(
    client: Client, centre: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = client.get("/protein/q9uk53/").content.decode()
    assert '<img src="/protein/q9uk53/network.svg?limit=20"' in page
    assert 'href="/protein/q9uk53/network/"' in page
    assert "net-node" not in page
    make_protein("P12345")
    assert "network.svg" not in client.get("/protein/p12345/").content.decode()


def test_more_can_be_asked_for(client: Client, centre: Protein) -> None:
    page = client.get("/protein/q9uk53/network/").content.decode()
    assert "The 50 best-supported neighbours of ING1, which has 60 targets and 10" in page
    assert '<a href="/protein/q9uk53/network/?limit=100">' in page
    assert "limit=200" not in page
    more = client.get("/protein/q9uk53/network/?limit=100").content.decode()
    assert "All 70 neighbours of ING1." in more
    assert 'href="/protein/q9uk53/network.cx2?limit=100"' in more


def test_each_protein_is_a_link_and_each_line_an_arrow(client: Client, centre: Protein) -> None:
    root = drawing(client, "?limit=100")
    links = [link.get("href") for link in root.iter(f"{SVG}a")]
    assert len(links) == 70
    assert "http://testserver/protein/p00005/" in links
    lines = [path for group in root.findall(f"{SVG}g") for path in group.findall(f"{SVG}path")]
    assert len(lines) == 70
    assert root.find(f"{SVG}title") is not None
    described = root.findtext(f"{SVG}desc") or ""
    assert "10 proteins that regulate it, to its left" in described
    assert "60 proteins that it regulates, to its right" in described


def test_arrows_point_from_regulator_to_target(client: Client) -> None:
    centre = make_protein("Q9UK53", "ING1")
    make_interaction(make_protein("P00001"), centre, effect=Effect.ACTIVATION)
    make_interaction(centre, make_protein("P00002"), effect=Effect.REPRESSION)
    ends = {}
    for group in drawing(client).findall(f"{SVG}g"):
        for path in group.findall(f"{SVG}path"):
            places = [float(place) for place in re.findall(r"-?[\d.]+", path.get("d", ""))]
            ends[group.get("marker-end")] = (places[0], places[-2])
    assert ends["url(#net-activation)"][0] < ends["url(#net-activation)"][1] < 0
    assert 0 < ends["url(#net-repression)"][0] < ends["url(#net-repression)"][1]


def test_effect_and_tier_are_distinguished(client: Client) -> None:
    """An effect by colour and head, a tier by thickness, and by shade where no effect is known."""
    centre = make_protein("Q9UK53", "ING1")
    for number, (effect, (scale, pmids)) in enumerate(
        (effect, kind)
        for effect in Effect
        for kind in (
            (SmallScale.YES, [1, 2]),
            (SmallScale.YES, [1]),
            (SmallScale.NO, [1, 2]),
            (SmallScale.NO, [1]),
        )
    ):
        other = make_protein(accession(number))
        make_interaction(centre, other, effect=effect, small_scale=scale, pmids=pmids)
    groups = [g for g in drawing(client).findall(f"{SVG}g") if g.get("marker-end")]
    looks = {(g.get("marker-end"), g.get("stroke"), g.get("stroke-width")) for g in groups}
    assert len(looks) == len(groups) == len(Effect) * len(Tier)
    assert len({look[2] for look in looks}) == len(Tier)
    activation = {look for look in looks if look[0] and "activation" in look[0]}
    assert len({look[1] for look in activation}) == 1
    assert len({look[:2] for look in looks}) == len(Effect) - 1 + len(Tier)


def test_no_style_and_no_script(client: Client, centre: Protein) -> None:
    """A strict policy forbids styles in a page, and in a picture that stands alone."""
    for url in ("network/", "network.svg", "network.svg?theme=dark"):
        text = client.get(f"/protein/q9uk53/{url}").content.decode()
        assert "style=" not in text
        assert "<style" not in text
        assert not re.search(r"\son\w+=", text)
        assert "<script>" not in text


def test_theme(client: Client, centre: Protein) -> None:
    assert client.get("/protein/q9uk53/network.svg?theme=pink").status_code == 400
    assert b"#12181c" in client.get("/protein/q9uk53/network.svg?theme=dark").content


def test_hostile_names_are_text(client: Client) -> None:
    hostile = "</script><script>alert(1)</script>\"'&"
    centre = make_protein("Q9UK53", hostile)
    make_interaction(make_protein("P00001", hostile), centre)
    page = client.get("/protein/q9uk53/network/").content.decode()
    assert "<script>alert" not in page
    titles = [title.text or "" for title in drawing(client).iter(f"{SVG}title")]
    assert f"{hostile} (P00001)" in titles


def test_the_table_says_what_the_picture_shows(client: Client) -> None:
    centre, other = make_protein("Q9UK53", "ING1"), make_protein("P00001", "BAX")
    make_interaction(centre, other, effect=Effect.REPRESSION, small_scale=SmallScale.YES)
    make_interaction(other, other)
    make_interaction(other, centre, status=ReviewStatus.REJECTED)
    text = text_of(client, "/protein/q9uk53/network/")
    assert "ING1 has one neighbour." in text
    assert "ING1 BAX (repression) BAX BAX" in text


def test_nothing_to_draw_and_only_itself(client: Client) -> None:
    alone = make_protein("Q9UK53", "ING1")
    assert "there is no network to draw" in text_of(client, "/protein/q9uk53/network/")
    assert drawing(client) is not None
    make_interaction(alone, alone)
    assert "ING1 regulates itself; TFLink lists no other" in text_of(
        client, "/protein/q9uk53/network/"
    )


def test_the_five_pages(client: Client, five_pages: RunReport) -> None:
    text = text_of(client, "/protein/q9uk53/network/")
    assert "50 best-supported neighbours of ING1, which has 7 targets and 100" in text
    # TP53 regulates ING1 and is regulated by it; both say so.
    assert "1 protein that does both, to its left" in text


def test_the_page_stays_light(client: Client) -> None:
    """At the bound: 200 neighbours, each both regulator and target, and all interacting."""
    centre = make_protein("Q9UK53", "A" * 20)
    others = [make_protein(accession(number), f"NAME{number:06d}") for number in range(200)]
    for number, other in enumerate(others):
        make_interaction(centre, other)
        make_interaction(other, centre)
        make_interaction(other, others[number - 1])
    response = client.get("/protein/q9uk53/network/?limit=200")
    # 400 of its own, and 50 of the 200 among the neighbours.
    assert "450 of 600 edges are drawn" in response.text
    assert len(response.content) < 100_000


@pytest.fixture
def hub(centre: Protein) -> Protein:
    """A target of the centre that regulates three others."""
    hub = Protein.objects.get(accession=accession(69))
    for number in range(3):
        make_interaction(hub, make_protein(accession(200 + number), f"FAR{number}"))
    return hub


def test_a_neighbour_is_expanded_and_collapsed_by_links(client: Client, hub: Protein) -> None:
    page = client.get("/protein/q9uk53/network/?side=targets&limit=80").text
    expand = "?side=targets&amp;limit=80&amp;expand=P00069"
    assert f'<a href="{expand}" aria-label="Expand N69">' in page
    assert "60 of 60 edges are drawn." in page
    page = client.get(f"/protein/q9uk53/network/{expand.replace('&amp;', '&')}").text
    assert '<a href="?side=targets&amp;limit=80" aria-label="Collapse N69">' in page
    assert "63 of 63 edges are drawn." in page
    assert 'href="?side=targets&amp;limit=80&amp;expand=P00069,P00200"' in page
    # The filters, the numbers of neighbours and the files are those of this drawing.
    assert '<input type="hidden" name="expand" value="P00069">' in page
    for suffix in ("svg", "tsv", "json", "cx2", "sif", "graphml"):
        href = f"/protein/q9uk53/network.{suffix}{expand}"
        assert f'href="{href}"' in page
        answer = client.get(href.replace("&amp;", "&"))
        assert f'filename="q9uk53-network-80-p00069.{suffix}"' in answer["Content-Disposition"]
        assert "P00202" in answer.text or "p00202" in answer.text
        assert "P00001" not in answer.text, "a regulator, which is not selected"


def test_expansions_that_cannot_be(client: Client, hub: Protein) -> None:
    page = client.get("/protein/q9uk53/network/?expand=p00200,Q9UK53").text
    assert "Not expanded" in page
    assert "P00200, Q9UK53" in page
    for value in ("nonsense", "P00001,", ",".join(accession(n) for n in range(6))):
        for form in FORMS:
            assert (
                client.get(f"/protein/q9uk53/network{form[7:]}?expand={value}").status_code == 400
            )
    # As many proteins as can be read are drawn already.
    for number in range(70, 160):
        make_interaction(Protein.objects.get(accession="Q9UK53"), make_protein(accession(number)))
    page = client.get("/protein/q9uk53/network/?limit=155").text
    assert "A drawing of up to 150 proteins can be expanded." in page
    assert "Expand N" not in page


def test_files_of_the_drawn_edges(client: Client) -> None:
    centre, other = make_protein("Q9UK53", "ING1"), make_protein("P00001", "B\tAX")
    make_interaction(centre, other, effect=Effect.REPRESSION, small_scale=SmallScale.YES, pmids=[1])
    make_interaction(other, centre)
    assert client.get("/protein/q9uk53/network.tsv").text.splitlines() == [
        "tf\ttf_name\ttarget\ttarget_name\teffect\ttier\tsmall_scale\tpublications\tdatabases"
        "\treview_status\treporting",
        "Q9UK53\tING1\tP00001\tB AX\trepression\tsupported\tyes\t1\t1\tunreviewed\treported",
        "P00001\tB AX\tQ9UK53\tING1\tunknown\tsingle\tno\t1\t1\tunreviewed\treported",
    ]
    document = client.get("/protein/q9uk53/network.json").json()
    assert document["interactions_among_nodes"] == len(document["edges"]) == 2
    assert document["edges"][0]["tier"] == "supported"
    assert [(node["accession"], node["role"], node["via"]) for node in document["nodes"]] == [
        ("Q9UK53", "centre", None),
        ("P00001", "both", None),
    ]


def test_queries_of_expansions(
    client: Client, hub: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """One for the proteins, two for each."""
    with django_assert_num_queries(QUERIES + 1 + 2 * 2):
        client.get("/protein/q9uk53/network/?limit=80&expand=P00069,P00001")
