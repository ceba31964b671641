"""Lists as CSV: all rows that are filtered, as plain text, and nothing that a spreadsheet
would run."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models import Model
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation.admin.base import export
from curation.admin.base.export import plain
from curation.permissions import CURATOR
from proteins.exports.cells import harmless
from proteins.limits import files
from proteins.models import BindingSite, Citation, Interaction, Protein
from tests.curation.admin.records import SHOWN, populate
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db


def export_url(model: type[Model], query: str = "") -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_export"
    return reverse(name) + query


def exported(client: Client, model: type[Model], query: str = "") -> list[dict[str, str]]:
    answer = client.get(export_url(model, query))
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_is_the_list_s_row_in_plain_text(curator: Client, interaction: Interaction) -> None:
    (row,) = exported(curator, Interaction)
    assert row["identifier"] == "Q9UK53-Q07812"
    assert row["interaction"] == "ING1 (Q9UK53) → BAX (Q07812)"
    assert row["species"] == "Homo sapiens"
    assert row["databases"] == "GTRD"
    assert row["review status"] == "unreviewed"
    assert row["effect"] == "unknown"
    assert row["small-scale"] == "no"


def test_the_file_is_named_by_date_and_opens_in_a_spreadsheet(
    curator: Client, interaction: Interaction
) -> None:
    answer = curator.get(export_url(Protein))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    named = re.fullmatch(
        r'attachment; filename="proteins-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"]
    )
    assert named
    body = answer.getvalue()
    assert body.startswith(b"\xef\xbb\xbfidentifier,")
    assert body.endswith(b"\r\n")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_list_offers_it_with_its_filters_and_search(
    curator: Client, interaction: Interaction
) -> None:
    page = curator.get(reverse("admin:proteins_interaction_changelist") + "?q=ING1&species=Hs&p=1")
    link = re.search(r'href="([^"]+)"[^>]*>Download as CSV', page.text)
    assert link
    path = link[1].replace("&amp;", "&")
    assert path == export_url(Interaction, "?q=ING1&species=Hs")
    popup = curator.get(reverse("admin:proteins_interaction_changelist") + "?_popup=1")
    assert "Download as CSV" not in popup.text


def test_it_holds_what_is_filtered_in_the_order_of_the_list(curator: Client) -> None:
    for number in range(30):
        code = "Hs" if number % 3 else "Mm"
        make_protein(accession(number), f"T{99 - number}", code=code)
    for query in ("?species=Mm", "?q=T9", "?species=Hs&q=T8", "?o=-1", "?o=2"):
        listed = curator.get(reverse("admin:proteins_protein_changelist") + query)
        expected = [protein.accession for protein in listed.context["cl"].result_list]
        assert [row["accession"] for row in exported(curator, Protein, query)] == expected
        assert expected


def test_nothing_is_cut_where_a_list_stops_counting(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curation.admin.base.change_list.COUNTED", 3)
    monkeypatch.setattr("curation.admin.base.search.MOST_PROTEINS", 2)
    monkeypatch.setattr(export, "BATCH", 2)
    hub = make_protein("Q9UK53", "ING1")
    for number in range(7):
        make_interaction(hub, make_protein(accession(number), f"GENE{number}"))
    assert len(exported(curator, Interaction)) == 7
    for query in ("?species=Hs", "?source=GTRD", "?q=GENE", "?q=ING1 GENE", "?p=2", "?all="):
        rows = exported(curator, Interaction, query)
        assert len({row["identifier"] for row in rows}) == len(rows) == 7, query
    assert len(exported(curator, Interaction, "?q=nobody")) == 0


def test_every_list_is_exported_in_a_number_of_queries_that_its_rows_do_not_change(
    curator: Client,
) -> None:
    populate(range(2))
    of_few = {model: queries_of(curator, model) for model in SHOWN}
    populate(range(2, 40))
    for model, (few, rows) in of_few.items():
        many, more = queries_of(curator, model)
        assert more > rows > 0, model
        assert len(many) == len(few), "\n".join(many)


def queries_of(client: Client, model: type[Model]) -> tuple[list[str], int]:
    with CaptureQueriesContext(connection) as captured:
        rows = exported(client, model)
        statements = [query["sql"] for query in captured]
    assert None not in rows[0]
    return statements, len(rows)


def test_every_list_is_without_mark_up(curator: Client) -> None:
    populate()
    marked = re.compile(r"&[a-z]+;|<(a|br|div|dl|i|li|p|span|strong|table|ul)\b")
    for model in SHOWN:
        for row in exported(curator, model):
            assert not any(marked.search(value) for value in row.values()), row


def test_it_is_sent_in_parts(curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH", 10)
    # A small file is sent as a whole.
    monkeypatch.setattr(files, "SPOOLED_BYTES", 10)
    for number in range(35):
        make_protein(accession(number))
    answer = curator.get(export_url(Protein))
    assert isinstance(answer, StreamingHttpResponse)
    assert [part.count(b"\r\n") for part in answer] == [1, 10, 10, 10, 5]


FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\n=1",
    '"=1',
    "'=1",
    '" =1',
    "＝1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org","x")',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ING1", "a=b", "p53-like", "+", "-", "1", "'tis", "−", "5'"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_number_stays_a_number() -> None:
    assert plain(-5) == -5
    assert [plain(value) for value in (True, False, None)] == ["yes", "no", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_file_is_a_formula(curator: Client, text: str) -> None:
    Citation.objects.create(pmid=1, title=text, journal=text)
    answer = curator.get(export_url(Citation, "?q=1")).getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(answer, newline=""))
    assert row["title"] == row["journal"] == f"'{text}"


def test_quotes_lines_and_commas_stay_within_a_cell(curator: Client) -> None:
    title = 'a "b", c\nd;\u2028e\r\n<b>f</b> &amp; →'
    Citation.objects.create(pmid=1, title=title)
    (row,) = exported(curator, Citation, "?q=1")
    assert row["title"] == title


def test_a_strand_is_as_it_is_shown(curator: Client, interaction: Interaction) -> None:
    BindingSite.objects.create(
        tflink_id="TFLinkLS00000001", tf=interaction.tf, evidence=interaction.evidence, strand="+"
    )
    (row,) = exported(curator, BindingSite)
    assert row["strand"] == "+"
    assert row["identifier"] == "TFLinkLS00000001"


# Who may


def test_a_curator_may(interaction: Interaction) -> None:
    assert len(exported(browser_of(make_person("ann", CURATOR)), Interaction)) == 1


def test_nobody_else_gets_a_row(interaction: Interaction) -> None:
    reader, helper = User.objects.create_user("reader"), User.objects.create_user("helper")
    reader.user_permissions.set(Permission.objects.all())
    helper.is_staff = True
    helper.save()
    outside, inside = (Client(), browser_of(reader)), browser_of(helper)
    for model in SHOWN:
        for client in outside:
            answer = client.get(export_url(model))
            assert answer.status_code == 302, model
            assert answer["Location"].startswith(reverse("admin:login"))
        assert inside.get(export_url(model)).status_code == 403, model


def test_a_right_to_one_list_is_none_to_another(interaction: Interaction) -> None:
    helper = User.objects.create_user("helper", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename="view_protein"))
    client = browser_of(helper)
    assert len(exported(client, Protein)) == 2
    assert client.get(export_url(Interaction)).status_code == 403


def test_it_is_only_read(curator: Client, interaction: Interaction) -> None:
    for method in ("post", "put", "delete", "patch"):
        answer: Any = getattr(curator, method)(export_url(Interaction))
        assert answer.status_code == 405


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?tf__change__at__year=2020", 400),
        ("?nonsense=1", 302),
        ("?id__exact=x", 302),
    ],
)
def test_no_other_lookup_is_let_in(
    curator: Client, interaction: Interaction, query: str, status: int
) -> None:
    answer = curator.get(export_url(Interaction, query))
    listed = curator.get(reverse("admin:proteins_interaction_changelist") + query)
    assert answer.status_code == listed.status_code == status


def test_every_list_of_ours_has_one() -> None:
    ours = {
        page
        for model, page in admin.site._registry.items()
        if model._meta.app_label in ("proteins", "curation")
    }
    assert all(hasattr(page, "export_view") for page in ours)
