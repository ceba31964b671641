"""The desk's main pages: dense lists with a bar of filters, and all of them against axe-core."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.models import Proposal, RecordKind
from curation.permissions import CURATOR
from proteins.models import Interaction, Protein
from tests.browser.conftest import Visit, wait_until
from tests.browser.test_accessibility import ALL_RULES, AXE, COLOURS, FEWER_ROWS, RUN
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(visit: Visit) -> Visit:
    """The browser of a senior curator, 60 interactions, one of them disputed, and a proposal."""
    senior = make_person("ann")
    tf = make_protein("Q9UK53", "ING1; p33ING1; Inhibitor of growth protein 1", genes=[3621])
    for number in range(60):
        target = make_protein(accession(number), f"T{number:02d}")
        make_interaction(tf, target, sources=("GTRD", "HTRI", "ReMap", "TRRUST"))
    first = Interaction.objects.order_by("pk")[0]
    actions.dispute_interaction(user=senior, interaction=first, reason="Not in the figure.")
    actions.propose(
        user=make_person("cleo", CURATOR),
        kind=RecordKind.PROTEIN,
        record_id=tf.pk,
        values={"name": "ING1"},
        reason="One name is enough.",
    )
    client = Client()
    client.force_login(senior)
    name = settings.SESSION_COOKIE_NAME
    visit.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": visit.base_url}]
    )
    return visit


def test_a_list_is_dense_and_its_filters_are_a_bar(desk: Visit) -> None:
    page = desk.page
    page.set_viewport_size({"width": 1280, "height": 800})
    desk.open("/admin/proteins/interaction/?species=Hs")
    rows = page.locator("#result_list tbody tr")
    boxes = [rows.nth(at).bounding_box() for at in range(14)]
    in_view = [box for box in boxes if box and box["y"] + box["height"] <= 800]
    assert len(in_view) >= 12
    assert {round(box["height"]) for box in in_view} <= {30, 31, 32}
    status = page.locator("#result_list tbody td.field-status").first
    box = status.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1280
    assert status.inner_text() == "disputed"
    assert not page.locator("#nav-sidebar").is_visible()
    # A filter says how many rows each choice leaves; Escape closes it.
    bar = page.locator("#changelist-filter")
    bar.get_by_text("Review status", exact=True).click()
    choice = bar.get_by_role("link", name="disputed")
    wait_until(page, lambda: choice.inner_text().split() == ["disputed", "1"])
    page.keyboard.press("Escape")
    assert not choice.is_visible()
    bar.get_by_text("Review status", exact=True).click()
    desk.follow(choice)
    assert rows.count() == 1
    assert "Review status: disputed" in bar.inner_text()
    # A name that is cut shows whole as a title.
    desk.open("/admin/proteins/protein/?q=q9uk53")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert desk.is_clean


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is missing: npm ci puts it in place")
def test_axe_finds_nothing_on_the_main_pages(desk: Visit) -> None:
    page = desk.page
    page.context.add_init_script(path=AXE)
    first, tf = Interaction.objects.order_by("pk")[0], Protein.objects.get(accession="Q9UK53")
    queue = reverse("admin:curation_proposal_changelist")
    paths = [
        "/admin/",
        "/admin/proteins/interaction/?species=Hs",
        f"/admin/proteins/interaction/{first.pk}/change/",
        "/admin/proteins/interaction/add/",
        f"/admin/proteins/protein/{tf.pk}/change/",
        f"/admin/proteins/protein/{tf.pk}/history/",
        queue,
        f"{queue}{Proposal.objects.get().pk}/change/",
        "/admin/curation/pin/",
        "/admin/curation/upload/add/",
        "/admin/proteins/citation/pubmed-files/",
        f"/admin/proteins/citation/{first.evidence.citations.all()[0].pk}/change/",
        "/admin/proteins/detectionmethod/add/",
    ]
    violations: list[str] = []
    for path in paths:
        desk.open(path)
        page.evaluate(FEWER_ROWS)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme, options in (("light", ALL_RULES), ("dark", COLOURS)):
                # Colours that change slowly are half-way when they are looked at.
                page.emulate_media(
                    color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
                )
                lines = page.evaluate(RUN, options)
                violations += [f"{path} {width} {scheme}: {line}" for line in lines]
    assert violations == []
