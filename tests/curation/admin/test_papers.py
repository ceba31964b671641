"""Add from a publication: the form, the preview, what is saved or proposed, and its review."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation.models import Proposal, ProposalState, Revision, Submission
from curation.permissions import CURATOR
from proteins.models import ChangeSet, Citation, Interaction, Protein, Statement
from tests.curation.admin.forms import messages_of
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein, make_statement, taxon

CHIP = "chromatin immunoprecipitation assay"
PMID = 31_000_001
HEADER = "TF\tTarget\tEffect\tMethod\tQuotation\n"
ROWS = (
    f"TP53\tBAX\tactivation\t{CHIP}\tp53 binds the BAX promoter.\n"
    f"TP53\tMDM2\trepression\t{CHIP}\t=1+1 <b>not a formula</b>\n"
)


@pytest.fixture(autouse=True)
def genes(db: None) -> dict[str, Protein]:
    names = {"TP53": "P04637", "BAX": "Q07812", "MDM2": "Q00987"}
    return {name: make_protein(one, name) for name, one in names.items()}


def url(page: str = "", *args: object) -> str:
    return reverse(f"admin:proteins_citation_paper{page}", args=args)


def sent(go: str, rows: str = ROWS, **fields: object) -> dict[str, Any]:
    given = {"pmid": PMID, "species": "Hs", "block": HEADER + rows, "go": go}
    return {**given, **fields}


def save(browser: Client, rows: str = ROWS, **fields: object) -> Any:
    return browser.post(url(), sent("save", rows, reason="Read it.", **fields), follow=True)


def test_a_pasted_block_is_previewed_and_saved_as_one_change(senior: Client) -> None:
    Citation.objects.create(pmid=PMID, title="p53 in <i>cells</i>")
    page = senior.get(url(), {"pmid": PMID})
    assert "p53 in &lt;i&gt;cells&lt;/i&gt;" in page.text
    assert f"/publication/{PMID}/" in page.text
    preview = senior.post(url(), sent("preview"))
    assert "<strong>2 statements</strong>" in preview.text
    assert "<strong>2 new interactions</strong>" in preview.text
    assert "&lt;b&gt;not a formula&lt;/b&gt;" in preview.text
    assert not Statement.objects.exists()
    before = ChangeSet.objects.count()
    done = save(senior)
    assert "saved as one change" in done.text
    assert ChangeSet.objects.count() == before + 1
    assert Statement.objects.count() == Interaction.objects.count() == 2
    assert set(Revision.objects.values_list("reason", flat=True)) == {"Read it."}
    again = senior.post(url(), sent("preview"))
    assert "2 are there already and skipped" in again.text
    assert 'value="save"' not in again.text


def test_doubts_are_shown_and_block_nothing(senior: Client, genes: dict[str, Protein]) -> None:
    make_interaction(genes["TP53"], genes["MDM2"])
    preview = senior.post(url(), sent("preview", f"BAX\tTP53\t\t{CHIP}\t\n", pmid=99_999_999))
    assert "BAX (Q07812) is not annotated as a transcription factor" in preview.text
    assert "TP53 (P04637) is one: are the two the other way round?" in preview.text
    assert "PMID 99999999 is far above the newest" in preview.text
    assert 'value="save"' in preview.text
    checked = senior.post(url("_check"), sent("", f"TP53\tBAX\t\t{CHIP}\t\n")).json()["rows"]
    assert [row["remarks"] for row in checked] == [[]]


def test_a_wrong_row_is_shown_and_nothing_is_saved(senior: Client) -> None:
    wrong = ROWS + "TP53\tNOSUCH\t\t\t\n"
    preview = senior.post(url(), sent("preview", wrong))
    assert "1 row cannot be added as it is" in preview.text
    assert "no protein of Homo sapiens is named" in preview.text.lower().replace("homo", "Homo")
    assert 'value="save"' not in preview.text
    refused = save(senior, wrong)
    assert refused.status_code == 409
    assert not Statement.objects.exists()
    back = senior.post(url(), sent("edit", wrong))
    assert "NOSUCH" in back.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pmid": "x"}, "PubMed ID"),
        ({"species": ""}, "This field is required"),
        ({"block": HEADER + "TP53\tBAX\t\t\t\n" * 2001}, "more than 2,000 rows"),
        ({"block": "TF\tTarget\tTF\n"}, "Two columns of the header hold the tf"),
        ({"block": HEADER}, "Enter at least one row"),
    ],
)
def test_what_cannot_be_read_is_said(senior: Client, fields: dict[str, Any], message: str) -> None:
    assert message in senior.post(url(), sent("preview", **fields)).text


def test_the_grid_reads_checks_and_suggests(senior: Client, genes: dict[str, Protein]) -> None:
    make_interaction(genes["TP53"], genes["BAX"])
    read = senior.post(url("_read"), {"block": "BAX\tup\tMI:0402\n", "first": "target"}).json()
    assert read["rows"] == [{"target": "BAX", "effect": "activation", "method": "MI:0402"}]
    block = HEADER + f"TP53\tBAX\t\t{CHIP}\t\nTP53\tbax\t\t\t\n"
    rows = senior.post(url("_check"), {"pmid": PMID, "species": "Hs", "block": block}).json()[
        "rows"
    ]
    assert [(row["state"], row["outcome"]) for row in rows] == [
        ("new", "new statement"), ("wrong", ""),
    ]  # fmt: skip
    assert "/interaction/" in rows[0]["interaction"]
    assert rows[1]["remarks"][0]["candidates"][0]["text"] == "Q07812"
    make_protein("P63085", "BAX", code="Mm")
    make_protein("P55055", "BAXTER")
    suggested = senior.get(url("_suggest"), {"species": "Hs", "q": "bax"}).json()["suggestions"]
    assert [one["text"] for one in suggested] == ["BAX", "BAXTER"]
    assert "Homo sapiens" in suggested[0]["detail"]
    about = senior.get(url("_publication"), {"pmid": "12"}).json()["publication"]
    assert about["is_stored"] is False


def test_a_preview_takes_as_many_queries_for_200_rows_as_for_12(
    senior: Client, genes: dict[str, Protein]
) -> None:
    for number in range(200):
        target = make_protein(accession(number), f"GENE{number}")
        if number % 2:
            make_statement(make_interaction(genes["TP53"], target), pmid=number + 1)
    taken = []
    for number in (12, 200):
        rows = "".join(f"TP53\tGENE{one}\t\t{CHIP}\tx\n" for one in range(number))
        with CaptureQueriesContext(connection) as queries:
            assert senior.post(url(), sent("preview", rows)).status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 23, taken


def submission_page(page: str, submission: Submission) -> str:
    return reverse(f"admin:curation_submission_{page}", args=[submission.pk])


def decide(browser: Client, submission: Submission, verdict: str, **fields: object) -> Any:
    given = {"verdict": verdict, **fields}
    return browser.post(submission_page("decide", submission), given, follow=True)


def test_a_curators_is_one_line_of_the_inbox_and_reviewed_as_a_table(
    senior: Client, proposer: Client
) -> None:
    done = save(proposer)
    assert "It waits in the inbox" in done.text
    assert not Statement.objects.exists()
    submission = Submission.objects.get()
    inbox = senior.get(reverse("admin:curation_proposal_changelist"))
    assert inbox.context["cl"].result_count == 1
    assert f"Submission {submission.pk}" in inbox.text
    assert submission_page("change", submission) in inbox.text
    second = submission.rows.order_by("id")[1]
    returned = decide(
        senior, submission, "return",
        row=[second.pk], **{f"comment-{second.pk}": "<i>Which</i> figure?"},
    )  # fmt: skip
    assert "1 row is sent back to the author." in messages_of(returned)
    decide(senior, submission, "accept-all")
    assert Statement.objects.count() == Interaction.objects.count() == 1

    desk = proposer.get(reverse("admin:index"))
    assert f"Submission {submission.pk}</a> for PMID {PMID}: <strong>sent back" in desk.text
    row = proposer.get(reverse("admin:curation_proposal_change", args=[second.pk]))
    assert f"{url()}?submission={submission.pk}" in row.text
    own = proposer.get(submission_page("change", submission))
    assert "Correct the 1 row that was sent back to you" in own.text
    form = proposer.get(url(), {"submission": submission.pk})
    assert "&lt;i&gt;Which&lt;/i&gt; figure?" in form.text
    assert f"\t{second.pk}" in form.text
    block = f"TF\tTarget\tEffect\tProposal\nTP53\tMDM2\tactivation\t{second.pk}\n"
    save(proposer, submission=submission.pk, block=block)
    second.refresh_from_db()
    assert (second.state, second.changes["effect"]) == (ProposalState.OPEN, [None, 1])
    decide(senior, submission, "accept", row=[second.pk])
    assert Statement.objects.count() == 2
    assert "2 accepted" in senior.get(submission_page("change", submission)).text


def test_what_cannot_be_decided_keeps_what_was_typed(senior: Client, proposer: Client) -> None:
    save(proposer)
    submission = Submission.objects.get()
    first = submission.rows.order_by("id")[0]
    refused = decide(senior, submission, "reject", row=[first.pk])
    assert refused.status_code == 409
    assert "a reason is needed" in refused.text
    assert decide(senior, submission, "accept").status_code == 409
    assert decide(proposer, submission, "accept-all").status_code == 403
    assert decide(senior, submission, "destroy").status_code == 404
    assert set(Proposal.objects.values_list("state", flat=True)) == {"open"}


def test_a_submission_chosen_in_the_list_is_all_its_rows(senior: Client, proposer: Client) -> None:
    save(proposer)
    first = Proposal.objects.order_by("id").first()
    assert first is not None
    page = senior.post(
        reverse("admin:curation_proposal_changelist"),
        {"action": "accept_selected", "_selected_action": [first.pk]},
    )
    assert "Accept 2 proposals" in page.text


def test_a_submission_of_200_rows_takes_as_many_queries_as_one_of_12(senior: Client) -> None:
    author, taken = make_person("cleo", CURATOR), []
    tf = Protein.objects.get(accession="P04637")
    for number in (12, 200):
        submission = Submission.objects.create(author=author, species=taxon(), pmid=PMID)
        for one in range(number):
            target = Protein.objects.filter(accession=accession(one)).first()
            target = target or make_protein(accession(one), f"GENE{one}")
            Proposal.objects.create(
                kind="statement", record_key=f"{tf.accession}-{target.accession}",
                changes={"pmid": [None, PMID + number]}, origin="curator", author=author,
                submission=submission, taxon=taxon(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert senior.get(submission_page("change", submission)).status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 25, taken


def test_who_may_not_propose_sees_none_of_it(db: None) -> None:
    administrator = browser_of(make_person("adam", "Administrator"))
    for page in ("", "_publication", "_suggest"):
        assert administrator.get(url(page)).status_code == 403
    for page in ("", "_read", "_check"):
        assert administrator.post(url(page), sent("save")).status_code == 403
    assert Client().post(url(), sent("save")).status_code == 200  # the log-in page
    assert not Statement.objects.exists()


def test_another_authors_rows_are_not_corrected(senior: Client, proposer: Client) -> None:
    save(proposer)
    submission = Submission.objects.get()
    assert senior.get(url(), {"submission": submission.pk}).status_code == 404
    assert save(senior, submission=submission.pk).status_code == 404


def test_what_was_sent_when_the_log_in_had_ended_is_saved_afterwards(db: None) -> None:
    user = make_person("sami")
    user.set_password("a long enough word")
    user.save()
    fields = sent("save", reason="Read it.", _draft=f"{user.pk}:paper:{PMID}~abc")
    browser = Client()
    page = browser.post(url(), fields)
    token = page.context["typed"]
    data = {
        "username": "sami", "password": "a long enough word", "next": url(), "typed": token,
    }  # fmt: skip
    done = browser.post(reverse("admin:login"), data, follow=True)
    assert "saved as one change" in done.text
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("role", ["senior", "proposer"])
def test_the_desk_leads_there(role: str, request: pytest.FixtureRequest) -> None:
    browser: Client = request.getfixturevalue(role)
    citation = Citation.objects.create(pmid=PMID)
    pages = [
        reverse("admin:index"),
        reverse("admin:proteins_interaction_changelist"),
        reverse("admin:proteins_citation_change", args=[citation.pk]),
    ]
    for page in pages:
        assert url() in browser.get(page).text, page


def test_submissions_are_listed_and_found(senior: Client, proposer: Client) -> None:
    save(proposer)
    listed = reverse("admin:curation_submission_changelist")
    for text in (str(PMID), "proposer", ""):
        assert senior.get(listed, {"q": text}).context["cl"].result_count == 1
    assert User.objects.get(username="proposer").submissions.count() == 1
    assert "2 open" in senior.get(listed).text
