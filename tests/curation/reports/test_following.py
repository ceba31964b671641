"""What becomes of a report: at the desk, and on the page where the reader follows it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation import actions
from curation.actions import ActionError
from curation.actions.report_limits import Sender
from curation.checks import find_breaches
from curation.models import Proposal, PublicReport, RecordKind
from curation.permissions import CURATOR
from proteins.models import Interaction, Protein
from tests.curation.admin.queue import press, proposal_page, the_list
from tests.curation.people import browser_of, make_person
from tests.curation.reports.sending import TEXT, sent
from tests.factories import make_protein

pytestmark = pytest.mark.django_db
SECRET_NOTE = "Only colleagues read this."
ANSWER = "Thank you: HGNC is right, and <b>so</b> are you."


@pytest.fixture
def senior() -> Client:
    return browser_of(make_person("sami"))


def seen(report: PublicReport, query: str = "") -> str:
    """The reader's page, which never says who at the desk did what."""
    answer = Client().get(f"/report/{report.token}/{query}")
    assert answer.status_code == 200
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies
    for private in (SECRET_NOTE, "sami", "cleo", report.sender):
        assert private not in answer.text
    return answer.text


def test_in_every_state(client: Client, protein: Protein, interaction: Interaction) -> None:
    sami, cleo = make_person("sami"), make_person("cleo", CURATOR)
    report = sent(client, protein, pmids="7")
    proposal = report.proposal
    new = seen(report, "?sent")
    assert f"<code>http://testserver/report/{report.token}/</code>" in new
    for expected in (">Waiting<", TEXT, "The name is wrong", "https://pubmed.ncbi.nlm.nih.gov/7/"):
        assert expected in new
    assert "The record has not changed" in new
    assert "Thank you" not in seen(report)

    actions.comment(user=cleo, proposal=proposal, text=SECRET_NOTE)
    actions.assign_proposal(user=sami, proposal=proposal, to=sami)
    assert ">Under review<" in seen(report)

    actions.amend_protein(
        user=sami, protein=protein, values={"name": "p33ING1"}, reason=SECRET_NOTE
    )
    actions.accept_proposal(user=sami, proposal=proposal, reason=SECRET_NOTE, answer=ANSWER)
    done = seen(report, "?sent")
    assert ">Accepted<" in done
    assert "HGNC is right, and &lt;b&gt;so&lt;/b&gt; are you." in done
    assert "name: ING1 → p33ING1" in done
    assert "Keep the address" not in done

    wrong = sent(client, interaction)
    actions.reject_proposal(user=sami, proposal=wrong.proposal, reason="", answer="It is right.")
    assert ">Rejected<" in seen(wrong)
    assert "It is right." in seen(wrong)

    bare = sent(client, interaction, message="Something else is wrong.")
    actions.reject_proposal(user=sami, proposal=bare.proposal, reason=SECRET_NOTE)
    assert "The curators’ answer" not in seen(bare)

    # What is out of public view is not linked.
    actions.reject_interaction(user=sami, interaction=interaction, reason=SECRET_NOTE)
    hidden = seen(bare)
    assert "Rejected by a curator." in hidden
    assert 'href="/interaction/' not in hidden
    assert list(find_breaches()) == []


def test_of_a_record_that_goes_or_is_merged(client: Client, protein: Protein) -> None:
    sami = make_person("sami")
    lone = make_protein("P04637", "TP53")
    merged = actions.report_error(
        kind=RecordKind.PROTEIN,
        record_id=lone.pk,
        category="name",
        message=TEXT,
        sender=Sender("s" * 32),
    )
    actions.merge_protein(user=sami, secondary=lone, primary=protein, reason=SECRET_NOTE)
    text = seen(merged)
    assert ">Closed<" in text
    assert "P04637 (no longer public)" in text
    lone = make_protein("P00001", "old")
    removed = actions.report_error(
        kind=RecordKind.PROTEIN,
        record_id=lone.pk,
        category="name",
        message=TEXT,
        sender=Sender("s" * 32),
    )
    actions.remove_record(user=sami, record=lone, reason=SECRET_NOTE)
    text = seen(removed)
    assert ">Closed<" in text
    assert "Removed by a curator." in text
    assert list(find_breaches()) == []


def test_no_token_leads_to_nothing_and_none_is_like_another(
    client: Client, protein: Protein
) -> None:
    tokens = {sent(client, protein, message=f"{TEXT} {one}").token for one in range(5)}
    assert len({token[:8] for token in tokens}) == 5
    token = tokens.pop()
    for wrong in (token.swapcase(), token[:-1], token + "a", "1", "x" * 500, "%00", "protein"):
        assert client.get(f"/report/{wrong}/").status_code == 404, wrong
    assert client.post(f"/report/{token}/").status_code == 405


def test_it_is_read_in_few_queries(
    client: Client, interaction: Interaction, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    report = sent(client, interaction)
    sami = make_person("sami")
    with django_assert_num_queries(3):  # report, record, what happened
        seen(report)
    for number in range(12):
        actions.amend_interaction(
            user=sami, interaction=interaction, values={"effect": 1 + number % 2}
        )
    with django_assert_num_queries(3):
        assert "Older changes are not shown here." in seen(report)


# At the desk


def test_the_inbox_shows_it_and_a_senior_curator_answers(
    senior: Client, client: Client, interaction: Interaction
) -> None:
    report = sent(client, interaction, pmids="9186514")
    proposal = report.proposal
    listed = senior.get(the_list()).text
    expected = "a report: The direction is wrong: the target regulates the TF. “The name should be"
    assert expected in listed
    assert "a member of the public" in listed
    assert ">1 from readers</a>" in senior.get("/admin/").text
    exported: Any = senior.get(the_list("export/"))
    assert "(PMID 9186514)" in b"".join(exported.streaming_content).decode()

    page = senior.get(proposal_page(proposal)).text
    for part in (
        "The direction is wrong: the target regulates the TF",
        TEXT,
        "https://pubmed.ncbi.nlm.nih.gov/9186514/",
        "Answer to the reader, who sees it",
        "Note for colleagues, who alone see it",
        ">Dealt with</button>",
        ">Not an error</button>",
        f'href="/report/{report.token}/"',
        f"/admin/proteins/interaction/{interaction.pk}/change/",
    ):
        assert part in page, part
    assert report.sender not in page

    refused = press(senior, proposal, "reject", reason=" ", answer=" ").text
    assert "a reason is needed to reject" in refused
    refused = press(senior, proposal, "accept", answer=f"{ANSWER}\x00").text
    assert "cannot be stored" in refused
    assert "HGNC is right, and &lt;b&gt;so" in refused
    assert Proposal.objects.get().state == "open"

    answer = press(senior, proposal, "accept", answer=ANSWER, reason=SECRET_NOTE)
    assert answer.status_code == 302
    assert "dealt with" in senior.get(the_list()).text
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == ("accepted", SECRET_NOTE)
    assert "The answer to the reader" in senior.get(proposal_page(proposal)).text
    assert ANSWER.partition("<")[0] in seen(report)


def test_who_may_not_decide_is_not_asked_for_an_answer(client: Client, protein: Protein) -> None:
    report = sent(client, protein)
    cleo = browser_of(make_person("cleo", CURATOR))
    page = cleo.get(proposal_page(report.proposal)).text
    assert TEXT in page
    assert "Answer to the reader" not in page
    assert press(cleo, report.proposal, "accept", answer=ANSWER).status_code == 403
    report.refresh_from_db()
    assert report.answer == ""


def test_an_answer_is_for_reports_only(protein: Protein) -> None:
    proposal = actions.propose(
        user=make_person("cleo", CURATOR),
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        values={"name": "x"},
    )
    decisions: list[tuple[Any, dict[str, str]]] = [
        (actions.accept_proposal, {}),
        (actions.reject_proposal, {"reason": ""}),
    ]
    for decide, more in decisions:
        with pytest.raises(ActionError, match="No reader waits"):
            decide(user=make_person("sami"), proposal=proposal, answer=ANSWER, **more)
    protein.refresh_from_db()
    assert protein.name == "ING1"


def test_lists_of_reports_take_a_fixed_number_of_queries(
    senior: Client, client: Client, protein: Protein, django_assert_num_queries: Any
) -> None:
    def numbers() -> list[int]:
        counts = []
        for url in (the_list(), "/admin/"):
            with django_assert_num_queries(100, exact=False) as queries:
                senior.get(url)
            counts.append(len(queries))
        return counts

    for number in range(6):
        sent(client, protein, message=f"{TEXT} {number}")
    first = numbers()
    for number in range(6, 10):
        sent(client, protein, message=f"{TEXT} {number}")
    assert numbers() == first


def test_unseen_characters_are_written_out_wherever_the_desk_shows_them(
    senior: Client, client: Client, protein: Protein
) -> None:
    report = sent(client, protein, message="It is wrong \u202egnp.exe")
    places = [
        proposal_page(report.proposal),
        the_list(),
        "/admin/",
        f"/admin/proteins/protein/{protein.pk}/change/",
    ]
    for place in places:
        text = senior.get(place).text
        assert "[U+202E]gnp.exe" in text, place
        assert "\u202e" not in text, place
