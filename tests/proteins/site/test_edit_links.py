"""The way from a public page to the admin, for those who work there and for nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.records.facets import refacet
from proteins.models import BindingSite, Interaction
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein

PAGE = "/protein/q9uk53/"
TEXT = "Edit this record"
#: Public pages alone, as a site without the admin has them.
urlpatterns = [path("", include("proteins.site.urls"))]


@pytest.fixture
def interaction(db: None) -> Interaction:
    interaction = make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    BindingSite.objects.create(
        tflink_id="TFLinkLS00000001", tf=interaction.tf, evidence=interaction.evidence
    )
    refacet([interaction.tf_id])
    return interaction


@pytest.mark.parametrize("role", [CURATOR, SENIOR_CURATOR])
def test_a_curator_finds_the_way_to_the_record_and_back(
    interaction: Interaction, role: str
) -> None:
    curator = browser_of(make_person("ann", role))
    page = curator.get(PAGE)
    for url in (
        f"/admin/proteins/protein/{interaction.tf.pk}/change/",
        f"/admin/proteins/interaction/{interaction.pk}/change/",
        f"/admin/proteins/bindingsite/{BindingSite.objects.get().pk}/change/",
    ):
        assert f'href="{url}"' in page.text
        back = curator.get(url)
        assert back.status_code == 200
        assert "View on site" in back.text
    assert TEXT in page.text
    assert page["Cache-Control"] == "private"
    assert "Cookie" in page["Vary"]


def test_the_public_sees_nothing_of_it_and_the_page_may_be_cached(
    client: Client, interaction: Interaction
) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(PAGE)
    requested = " ".join(query["sql"] for query in queries)
    assert "proteins_protein" in requested
    assert "auth_" not in requested
    assert "django_session" not in requested
    assert TEXT not in page.text
    assert "/admin/proteins/" not in page.text
    # Kept by whoever likes, and asked for again each time.
    assert page["Cache-Control"] == "no-cache"
    assert page["ETag"]
    assert not page.cookies


def test_only_staff_who_may_look_at_records_see_it(interaction: Interaction) -> None:
    reader = User.objects.create_user("reader")
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    helper = User.objects.create_user("helper", is_staff=True)
    gone = make_person("gone")
    gone.is_active = False
    for user in (reader, helper):
        assert TEXT not in browser_of(user).get(PAGE).text
    left = browser_of(gone)
    gone.save()
    assert TEXT not in left.get(PAGE).text
    made_up = Client()
    made_up.cookies["sessionid"] = "x" * 32
    assert TEXT not in made_up.get(PAGE).text


def test_who_may_not_look_at_interactions_gets_no_link_to_one(interaction: Interaction) -> None:
    helper = User.objects.create_user("helper", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename="view_protein"))
    page = browser_of(helper).get(PAGE).text
    assert TEXT in page
    assert "/admin/proteins/interaction/" not in page
    assert "/admin/proteins/bindingsite/" not in page


@pytest.mark.urls(__name__)
def test_a_site_without_the_admin_has_its_pages(interaction: Interaction) -> None:
    page = browser_of(make_person("ann")).get(PAGE)
    assert page.status_code == 200
    assert TEXT not in page.text
