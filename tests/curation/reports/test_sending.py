"""A reader reports an error: what is taken, what is refused, and what is shown of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation import actions
from curation.actions.report_limits import Sender
from curation.actions.report_message import CATEGORIES, read_pmids, shown
from curation.checks import find_breaches
from curation.models import MAX_MESSAGE, Proposal, PublicReport, RecordKind, ReportCategory
from curation.records import RecordGoneError
from proteins.models import Interaction, Protein, SecondaryAccession
from tests.curation.people import make_person
from tests.curation.reports.sending import INTERACTION, PROTEIN, TEXT, fields, send, sent
from tests.factories import make_protein

pytestmark = pytest.mark.django_db
UNDER_REVIEW = "Reported by a reader, under review."
#: Record; the same text and four limits, before its turn and again in it; the senders of old,
#: record, lists and names of it, two rows; transactions, and what it takes to wait for a turn.
QUERIES_TO_SEND = {"sqlite": 26, "postgresql": 25}


def test_a_report_is_kept_and_shown_on_the_record_at_once(
    client: Client, interaction: Interaction
) -> None:
    page = client.get("/interaction/Q9UK53-Q07812/")
    assert f'href="{INTERACTION}" rel="nofollow"' in page.text
    assert UNDER_REVIEW not in page.text
    assert not page.cookies
    report = sent(client, interaction, pmids="9186514, PMID: 7 ;7")
    proposal = report.proposal
    assert (proposal.kind, proposal.record_id) == ("interaction", interaction.pk)
    assert (proposal.origin, proposal.state, proposal.author) == ("public", "open", None)
    assert (proposal.comment, proposal.changes) == (TEXT, {})
    assert proposal.taxon_id == interaction.tf.taxon_id
    assert (report.category, report.pmids) == ("direction", [9186514, 7])
    # A page of the record that was had is not taken for the same.
    now = Client().get("/interaction/Q9UK53-Q07812/", headers={"If-None-Match": page["ETag"]})
    assert now.status_code == 200
    assert UNDER_REVIEW in now.text
    assert TEXT not in now.text
    assert list(find_breaches()) == []


def test_of_a_protein_too(client: Client, protein: Protein) -> None:
    page = client.get("/protein/q9uk53/")
    assert f'href="{PROTEIN}" rel="nofollow"' in page.text
    assert not page.cookies
    report = sent(client, protein)
    assert report.proposal.record_key == "Q9UK53"
    now = Client().get("/protein/q9uk53/", headers={"If-None-Match": page["ETag"]})
    assert now.status_code == 200
    assert UNDER_REVIEW in now.text
    assert TEXT not in now.text
    actions.reject_proposal(user=make_person("sami"), proposal=report.proposal, reason="No.")
    assert UNDER_REVIEW not in Client().get("/protein/q9uk53/").text


@pytest.mark.parametrize("url", [PROTEIN, INTERACTION])
def test_the_form_is_one_readers_and_in_no_index(
    client: Client, interaction: Interaction, url: str
) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "csrftoken" in answer.cookies
    assert answer.text.count('type="radio"') == len(
        CATEGORIES[RecordKind.PROTEIN if url == PROTEIN else RecordKind.INTERACTION]
    )
    # Nothing inline, which the policy would refuse.
    assert not re.search(r"<[^>]+\s(style|on\w+)=|<script(?! src=)", answer.text)


def test_other_spellings_lead_to_the_form_and_what_is_not_public_has_none(
    client: Client, interaction: Interaction
) -> None:
    SecondaryAccession.objects.create(accession="P00009", protein=interaction.tf)
    for spelling, url in (
        ("protein/q9uk53", PROTEIN),
        ("protein/p00009", PROTEIN),
        ("interaction/q9uk53-q07812", INTERACTION),
        ("interaction/P00009-Q07812", INTERACTION),
    ):
        assert client.get(f"/report/{spelling}/")["Location"] == url
    actions.reject_interaction(user=make_person("sami"), interaction=interaction, reason="No.")
    for missing in (
        "interaction/Q9UK53-Q07812",
        "interaction/Q07812-Q9UK53",
        "protein/P99999",
        "protein/x%00y",
        "citation/7",
        "a/b",
    ):
        assert client.get(f"/report/{missing}/").status_code == 404
        assert client.post(f"/report/{missing}/", fields(interaction)).status_code == 404
    assert client.put(PROTEIN).status_code == 405


def test_it_is_protected_from_other_sites_and_nothing_typed_is_lost(protein: Protein) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(PROTEIN, fields(protein))
    assert answer.status_code == 403
    assert "Allow cookies" in answer.text
    assert TEXT in answer.text
    assert not PublicReport.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)
    assert token
    again = fields(protein, csrfmiddlewaretoken=token[1])
    assert strict.post(PROTEIN, again).status_code == 302
    # Other forms of the site are refused as before.
    assert "Allow cookies" not in strict.post("/admin/login/", {"username": "x"}).text


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("category", "", "Choose what is wrong."),
        ("category", "direction", "Choose what is wrong."),  # of interactions only
        ("category", "x" * 5000, "Choose what is wrong."),
        ("message", "", "10 characters are the least"),
        ("message", "wrong    \n\t   ", "10 characters are the least"),
        ("message", "\u200b" * 20, "10 characters are the least"),
        ("message", "x" * (MAX_MESSAGE + 1), "This has 2,001 characters; 2,000 are the most."),
        ("message", "It is \x00 wrong.", "Null characters"),
        ("pmids", "PMID: 7, eight", "&#x27;eight&#x27; is not a PubMed ID"),
        ("pmids", "123456789", "is not a PubMed ID"),
        ("pmids", "0", "is not a PubMed ID"),
        ("pmids", " ".join(map(str, range(1, 12))), "These are 11; 10 PubMed IDs are the most."),
        ("pmids", "7 " * 200, "too long for ten PubMed IDs"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    client: Client, protein: Protein, field: str, value: str, expected: str
) -> None:
    typed = {"message": TEXT, "pmids": "9186514", "category": "gene", field: value}
    answer = send(client, protein, **typed)
    assert answer.status_code == 200
    assert not Proposal.objects.exists()
    summary, _, form = answer.text.partition('<form class="report-form')
    assert 'id="mistakes" role="alert" tabindex="-1" autofocus' in summary
    assert expected in summary
    assert expected in form
    assert f'id="id_{field}_error"' in form
    assert form.count('aria-invalid="true"') == (9 if field == "category" else 1)
    stored = {
        "message": TEXT,
        "pmids": 'value="9186514"',
        "category": 'value="gene" required checked',
    }
    for name, text in stored.items():
        assert (text in form) == (name != field)
    # The fields that the summary names are there.
    for target in re.findall(r'href="#(id_\w+)"', summary):
        assert f'id="{target}"' in form


def test_the_action_has_the_same_limits(protein: Protein) -> None:
    fine: dict[str, Any] = {
        "kind": RecordKind.PROTEIN,
        "record_id": protein.pk,
        "sender": Sender("me"),
    }
    for wrong in (
        {"message": "short", "category": "name"},
        {"message": TEXT, "category": "direction"},
        {"message": TEXT, "category": "name", "pmids": [0]},
        {"message": TEXT, "category": "name", "kind": RecordKind.CITATION},
    ):
        with pytest.raises(ValidationError):
            actions.report_error(**{**fine, **wrong})
    with pytest.raises(RecordGoneError):
        actions.report_error(**{**fine, "record_id": 0}, message=TEXT, category="name")
    assert not Proposal.objects.exists()


def test_line_breaks_count_once(client: Client, protein: Protein) -> None:
    longest = "\n".join(["line"] * 400)  # 1,999 characters
    assert sent(client, protein, message=longest.replace("\n", "\r\n")).proposal.comment == longest


def test_the_same_again_is_the_same_report(client: Client, protein: Protein) -> None:
    first = sent(client, protein, pmids="7")
    assert sent(client, protein) == first
    again = sent(Client(), protein, message=f"  {TEXT} ", pmids="7 8", category="other")
    assert (again, again.pmids, again.category) == (first, [7, 8], "name")
    assert Proposal.objects.count() == 1
    # What was answered may be wrong again; what is said of another record is another thing.
    actions.accept_proposal(user=make_person("sami"), proposal=first.proposal)
    assert sent(client, protein) != first
    other = make_protein("P04637", "TP53")
    client.post("/report/protein/P04637/", fields(other))
    assert Proposal.objects.count() == 3


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \"'&amp; {{ 70707|add:1 }} "
    "javascript:x https://evil.example/ \u202egnp.exe\u2066 \x07\x1b[31m \u200b e\u0301\u0302 🧬"
)


def test_hostile_text_is_kept_as_it_is_and_shown_so_that_nothing_works(
    client: Client, protein: Protein
) -> None:
    report = sent(client, protein, message=HOSTILE)
    assert report.proposal.comment == HOSTILE
    text = client.get(f"/report/{report.token}/").text
    assert "&lt;script&gt;" in text
    assert "[U+202E]gnp.exe[U+2066] [U+0007][U+001B][31m [U+200B]" in text
    for bad in ("<script>", "<img src=x", "\u202e", "\x07", 'href="https://evil', "70708"):
        assert bad not in text.partition('id="reported"')[2], bad
    # On the form, where it is typed on, it stays what it was, and still is no markup.
    form = send(client, protein, message=HOSTILE, pmids=f'"><script>{HOSTILE}').text
    assert "<script>" not in form


def test_what_is_seen_of_unseen_characters() -> None:
    assert shown("a\r\nb\tc é 中 🧬") == "a\nb\tc é 中 🧬"
    assert shown("\ufeffa\U000e0041\x85\r") == "[U+FEFF]a[U+E0041][U+0085][U+000D]"
    assert read_pmids("") == []
    assert read_pmids("PMIDs: 3;2 , PMID1") == [3, 2, 1]


def test_every_category_is_offered_somewhere() -> None:
    assert {item for offered in CATEGORIES.values() for item in offered} == set(ReportCategory)


def test_queries(
    client: Client, protein: Protein, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get(PROTEIN)
    with django_assert_num_queries(1):
        client.get(INTERACTION)
    for number in range(3):
        with django_assert_num_queries(QUERIES_TO_SEND[connection.vendor]):
            send(client, protein, message=f"{TEXT} {number}")
