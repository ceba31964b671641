"""How the desk treats people: it says what is shown, what is filtered and what to try next."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.db.models import ForeignKey, Model
from django.test import Client, RequestFactory
from django.urls import reverse

from curation.admin.base.links import public_url
from curation.models import Pin, Proposal
from curation.permissions import ADMINISTRATOR, CURATOR
from proteins.models import (
    BindingSite,
    Citation,
    Evidence,
    GeneID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    Taxon,
)
from tests.curation.admin.records import SHOWN, populate
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db
#: Fields that Django labels in other ways than by `for`.
LABELLED_BY_DJANGO = {"nav-filter", "action"}


def list_of(model: type[Model], query: str = "") -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return reverse(name) + query


def page_of(model: type[Model]) -> ModelAdmin[Model]:
    return admin.site._registry[model]


# Empty lists


@pytest.mark.parametrize("model", SHOWN)
def test_an_empty_list_says_where_its_records_come_from(
    curator: Client, model: type[Model]
) -> None:
    empty_text = getattr(page_of(model), "nothing_yet", "")
    assert empty_text
    if model._base_manager.exists():  # vocabularies are there from the first
        return
    text = curator.get(list_of(model)).text
    assert 'class="empty-list"' in text
    assert empty_text.rstrip(".") in html.unescape(text)
    assert "Download as CSV" not in text


@pytest.mark.parametrize("model", SHOWN)
def test_every_search_says_what_it_takes(curator: Client, model: type[Model]) -> None:
    text = curator.get(list_of(model)).text
    assert page_of(model).search_help_text
    assert 'aria-describedby="searchbar_helptext"' in text
    assert 'id="searchbar_helptext"' in text


def test_where_nothing_is_found_it_says_what_to_try(
    curator: Client, interaction: Interaction
) -> None:
    text = curator.get(list_of(Interaction, "?q=nobody&species=Mm&source=GTRD")).text
    assert "No interaction matches “nobody” among those that pass the filters." in text
    advice = text[text.index('class="empty-list"') :]
    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', advice)
    by_text = {label: url.replace("&amp;", "&") for url, label in links}
    assert by_text["Search without the filters"] == "?q=nobody"
    assert by_text["Take the search off"] == "?source=GTRD&species=Mm"
    assert by_text["Without species: Mus musculus"] == "?q=nobody&source=GTRD"
    assert by_text["Show all interactions"] == "?"
    for url in by_text.values():
        assert curator.get(list_of(Interaction) + url).status_code == 200


def test_what_was_searched_for_is_shown_as_text(curator: Client) -> None:
    text = curator.get(list_of(Protein, "?q=<script>alert(1)</script>")).text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_only_who_may_add_is_asked_to(db: None) -> None:
    may, may_not = make_person("ann"), make_person("bob", CURATOR)
    assert "Add the first binding site" in browser_of(may).get(list_of(BindingSite)).text
    assert "Add the first binding site" not in browser_of(may_not).get(list_of(BindingSite)).text


# Filters


def test_what_is_filtered_stands_above_the_rows_and_can_be_taken_off(
    curator: Client, interaction: Interaction
) -> None:
    text = curator.get(list_of(Interaction, "?q=ING1&species=Hs&status=0")).text
    shown = re.findall(r'<a href="([^"]+)">([^<]+?) <span aria-hidden', text)
    assert {(url.replace("&amp;", "&"), label) for url, label in shown} == {
        ("?q=ING1&status=0", "species: Homo sapiens"),
        ("?q=ING1&species=Hs", "review status: unreviewed"),
    }
    assert "Filtered by" not in curator.get(list_of(Interaction, "?q=ING1")).text


def test_filters_last_while_a_record_is_looked_at(
    curator: Client, interaction: Interaction
) -> None:
    text = curator.get(list_of(Interaction, "?species=Hs")).text
    link = re.search(rf'href="([^"]*/{interaction.pk}/change/[^"]*)"', text)
    assert link
    assert "_changelist_filters=species%3DHs" in link[1]


def test_a_choice_that_is_on_is_told_to_all(curator: Client, interaction: Interaction) -> None:
    text = curator.get(list_of(Interaction, "?species=Hs")).text
    assert re.search(r'aria-current="true"><span>Homo sapiens<', text)


def test_a_filter_is_closed_and_names_the_choice_that_is_on(
    curator: Client, interaction: Interaction
) -> None:
    text = curator.get(list_of(Interaction, "?source=GTRD")).text
    assert re.search(r'data-filter="source" class="on">\s*<summary>Source database: GTRD<', text)
    assert re.search(r'data-filter="status">\s*<summary>Review status<', text)
    assert text.index('id="changelist-filter"') < text.index('id="result_list"')


# Choosing records

#: Of vocabularies of some dozens, which a list shows without JavaScript.
IN_A_LIST = {"Statement": ("method",)}


@pytest.mark.parametrize("model", SHOWN)
def test_a_record_is_chosen_by_typing_never_from_a_list_of_all(
    curator: Client, model: type[Model]
) -> None:
    page = page_of(model)
    form = curator.get(list_of(model) + "add/")
    if form.status_code == 403 or "adminform" not in form.context:
        return  # nobody adds one, or by a page of its own
    fields = form.context["adminform"].form.fields
    foreign = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.name in fields
    }
    assert foreign <= {*page.autocomplete_fields, *IN_A_LIST.get(model.__name__, ())}


# From a record to its public page


def test_every_record_that_a_page_shows_is_linked_to_it() -> None:
    tf, target = make_protein("Q9UK53", "ING1", genes=[3621]), make_protein("Q07812", "BAX")
    interaction = make_interaction(tf, target)
    site = BindingSite.objects.create(
        tflink_id="TFLinkLS00000001", tf=tf, evidence=interaction.evidence
    )
    matrix = JasparMatrix.objects.create(protein=tf, matrix_id="MA0106.1")
    ortholog = Ortholog.objects.create(
        protein=tf, taxon=Taxon.objects.get(code="Mm"), identifier="Q9QXV3"
    )
    expected = {
        tf: "/protein/q9uk53/",
        interaction: "/protein/q9uk53/?targets-q=Q07812#targets",
        site: "/protein/q9uk53/#sites",
        GeneID.objects.get(): "/protein/q9uk53/",
        matrix: "/protein/q9uk53/",
        ortholog: "/protein/q9uk53/",
        Citation.objects.get(pmid=27924024): None,
        Evidence.objects.get(): None,
    }
    for record, url in expected.items():
        assert public_url(record) == url
        if url is not None:
            page = Client().get(url.partition("#")[0])
            assert page.status_code == 200
    assert public_url(None) is None
    assert public_url(Protein()) is None


@pytest.mark.parametrize("model", [Protein, Interaction, BindingSite, GeneID, Ortholog])
def test_the_link_is_on_the_record_s_page(curator: Client, model: type[Model]) -> None:
    populate()
    record = model._base_manager.order_by("-pk").first()
    assert record is not None
    text = curator.get(f"{list_of(model)}{record.pk}/change/").text
    match = re.search(r'href="([^"]+)" class="viewsitelink"', text)
    assert match
    answer = curator.get(match[1].replace("&amp;", "&").partition("#")[0], follow=True)
    assert answer.status_code == 200
    assert "Edit this record" in answer.text


# Finding one's way


def groups(client: Client) -> dict[str, list[str]]:
    apps = client.get(reverse("admin:index")).context["app_list"]
    return {app["name"]: [str(model["name"]) for model in app["models"]] for app in apps}


def test_lists_stand_in_the_order_of_the_work(curator: Client) -> None:
    listed = groups(curator)
    assert list(listed)[:3] == ["Records", "Review", "Imports"]
    records = ["Proteins", "Interactions", "Statements", "Binding sites", "Citations"]
    assert listed["Records"] == records
    assert listed["Review"][0] == "Proposals"
    assert "Pins" in listed["Review"]
    assert listed["People"] == ["Users", "Groups"]
    assert "Other" not in listed
    shown = [name.capitalize() for names in listed.values() for name in names]
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="curator")
    registered = [
        str(model._meta.verbose_name_plural)
        for model, page in admin.site._registry.items()
        if page.has_module_permission(request)
    ]
    assert sorted(shown) == sorted(name.capitalize() for name in registered)


def test_who_has_no_right_to_a_list_is_not_shown_it(db: None) -> None:
    assert "People" in groups(browser_of(make_person("ann", ADMINISTRATOR)))
    assert "People" not in groups(browser_of(make_person("bob", CURATOR)))
    helper = User.objects.create_user("helper", is_staff=True)
    assert groups(browser_of(helper)) == {}


def test_an_app_s_own_page_opens(curator: Client) -> None:
    for app in ("proteins", "curation", "auth"):
        assert curator.get(reverse("admin:app_list", args=[app])).status_code == 200


class Outline(HTMLParser):
    """What a keyboard and a screen reader find on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tabs: list[int] = []
        self.labels: set[str] = set()
        self.fields: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "tabindex" in given:
            self.tabs.append(int(given["tabindex"]))
        if tag == "label":
            self.labels.add(given.get("for", ""))
        if tag == "a":
            self.links.append(given.get("href", ""))
        hidden = given.get("type") in ("hidden", "submit", "button")
        if tag in ("input", "select", "textarea") and not hidden and "aria-label" not in given:
            self.fields.add(given.get("id", given.get("name", "")))


@pytest.mark.parametrize("model", SHOWN)
def test_a_list_and_a_record_are_in_order_for_a_keyboard(
    curator: Client, model: type[Model]
) -> None:
    populate()
    record = model._base_manager.order_by("-pk").first()
    assert record is not None
    for url in (list_of(model), f"{list_of(model)}{record.pk}/change/"):
        page = Outline(curator.get(url).text)
        assert page.links[0] == "#content-start", url
        assert max(page.tabs, default=0) <= 0, url
        assert page.headings.count(1) == 1, url
        assert page.fields - page.labels <= LABELLED_BY_DJANGO, url
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), (url, page.headings)


def test_the_way_to_the_public_site_is_on_every_page(curator: Client) -> None:
    for model in (Protein, Pin, Proposal):
        assert '<a href="/">View site</a>' in curator.get(list_of(model)).text


def test_a_list_names_what_it_holds(curator: Client) -> None:
    make_protein(accession(1))
    text = curator.get(list_of(Protein)).text
    assert "<h1>Proteins</h1>" in text
    assert "Find proteins" in text
    assert "1 protein\n" in text
