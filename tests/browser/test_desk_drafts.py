"""What is typed at the desk is never lost: drafts in the browser, and log-ins that end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

from curation.models import Comment
from proteins.models import Protein
from tests.browser.conftest import Visit
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
RESTORE = 'button:has-text("Restore the draft")'


@pytest.fixture
def desk(visit: Visit) -> Visit:
    person = make_person("ann")
    person.set_password(PASSWORD)
    person.save()
    make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    log_in(visit, "ann")
    return visit


def log_in(visit: Visit, username: str) -> None:
    client = Client()
    assert client.login(username=username, password=PASSWORD)
    name = settings.SESSION_COOKIE_NAME
    visit.page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": visit.base_url}]
    )


def drafts_in(page: Page) -> int:
    return int(
        page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('tflink')).length")
    )


def test_a_draft_is_offered_restored_and_deleted_once_it_is_saved(desk: Visit) -> None:
    page, protein = desk.page, Protein.objects.get(accession="Q9UK53")
    url = f"/admin/proteins/protein/{protein.pk}/change/"
    desk.open(url)
    page.get_by_label("Name", exact=False).first.fill("ING1; p33")
    page.get_by_label("NCBI gene IDs").fill("3621")
    page.locator("[name=declared_tf]").check()
    desk.open("/admin/")  # left without saving
    desk.open(url)
    page.locator(RESTORE).click()
    assert page.get_by_label("NCBI gene IDs").input_value() == "3621"
    assert page.locator("[name=declared_tf]").is_checked()
    assert page.locator(".draft-offer").count() == 0
    # What is refused is still a draft; what is saved is none.
    page.get_by_label("NCBI gene IDs").fill("none")
    desk.follow(page.get_by_role("button", name="Save", exact=True))
    assert "Nothing was saved" in page.locator("#problems").inner_text()
    assert page.locator(RESTORE).count() == 0
    assert drafts_in(page) == 1
    page.get_by_label("NCBI gene IDs").fill("3621")
    desk.follow(page.get_by_role("button", name="Save", exact=True))
    protein.refresh_from_db()
    assert (protein.name, protein.declared_tf) == ("ING1; p33", True)
    assert drafts_in(page) == 0
    desk.open(url)
    assert page.locator(".draft-offer").count() == 0
    # A protein that is looked up in a form comes back with its name.
    desk.open("/admin/proteins/interaction/add/")
    page.get_by_role("combobox", name="TF", exact=True).click()
    page.locator(".select2-search__field:focus").wait_for()
    page.keyboard.type("ing1")
    page.locator(".select2-results__option--highlighted", has_text="ING1").click()
    desk.open("/admin/")
    desk.open("/admin/proteins/interaction/add/")
    page.locator(RESTORE).click()
    assert page.locator("#id_tf").input_value() == str(protein.pk)
    page.get_by_role("combobox", name="TF: ING1").wait_for()
    # Of no one else.
    other = make_person("bob")
    other.set_password(PASSWORD)
    other.save()
    log_in(desk, "bob")
    desk.open("/admin/proteins/interaction/add/")
    assert page.locator(".draft-offer").count() == 0
    assert desk.is_clean


def test_a_comment_is_saved_after_logging_in_again(desk: Visit) -> None:
    page, protein = desk.page, Protein.objects.get(accession="Q9UK53")
    desk.open(f"/admin/proteins/protein/{protein.pk}/history/")
    page.get_by_label("Comment", exact=True).fill("Seen in Figure 3.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.follow(page.get_by_role("button", name="Comment", exact=True))
    assert "nothing that you typed is lost" in page.locator(".errornote").inner_text()
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    desk.follow(page.get_by_role("button", name="Log in"))
    assert "carried out now" in page.locator(".messagelist").inner_text()
    assert [comment.text for comment in Comment.objects.all()] == ["Seen in Figure 3."]
    assert drafts_in(page) == 0
    assert desk.is_clean
