"""What one publication says of many interactions, stored or proposed as a whole."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curation import actions
from curation.actions import papers
from curation.actions.batches import undo_batch
from curation.actions.papers import PaperError, RowsError
from curation.checks import find_breaches
from curation.importing.source.statements_pasted import Block, read_block
from curation.models import Batch, Proposal, ProposalState, RecordKind, Revision, Submission, Verb
from curation.permissions import CURATOR
from proteins.models import (
    ChangeSet,
    Citation,
    Effect,
    Interaction,
    Protein,
    Reporting,
    Statement,
    Taxon,
)
from proteins.queries.content_digest import content_digest
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein, make_statement, taxon

CHIP = "chromatin immunoprecipitation assay"
HEADER = "TF\tTarget\tEffect\tMethod\tQuotation\n"
PMID = 31_000_001


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior")


@pytest.fixture
def curator(db: None) -> User:
    return make_person("cleo", CURATOR)


@pytest.fixture
def genes(db: None) -> dict[str, Protein]:
    names = {"TP53": "P04637", "BAX": "Q07812", "MDM2": "Q00987", "CDKN1A": "P38936"}
    return {name: make_protein(one, name) for name, one in names.items()}


def block(text: str, *, header: str = HEADER) -> Block:
    return read_block(header + text, Taxon.objects.species_names())


def row(tf: str, target: str, effect: str = "activation", quotation: str = "It does.") -> str:
    return f"{tf}\t{target}\t{effect}\t{CHIP}\t{quotation}\n"


def add(user: User, text: str, reason: str = "Read.") -> papers.AddedPaper:
    return papers.add_from_publication(
        user=user, pmid=PMID, species=taxon(), block=block(text), reason=reason
    )


def submit(user: User, text: str) -> Submission:
    return papers.submit_publication(
        user=user, pmid=PMID, species=taxon(), block=block(text), reason="Read."
    )


def plan(text: str, header: str = HEADER) -> papers.PaperPlan:
    return papers.plan_paper(PMID, taxon(), block(text, header=header))


def errors(text: str, header: str = HEADER) -> list[str]:
    return [remark.text for one in plan(text, header).rows for remark in one.errors]


def breaches() -> list[str]:
    """What is wrong, but for proteins of the test that no document mentions."""
    return [str(one) for one in find_breaches() if "nothing mentions it" not in one.reason]


def test_all_rows_are_one_change_with_their_histories(
    senior: User, genes: dict[str, Protein]
) -> None:
    there = make_interaction(genes["TP53"], genes["BAX"])
    before = ChangeSet.objects.count()
    added = add(senior, row("TP53", "BAX") + row("TP53", "MDM2", "repression"))
    assert (added.interactions, added.statements) == (1, 2)
    assert ChangeSet.objects.count() == before + 1
    new = Interaction.objects.between("P04637", "Q00987").get()
    assert (new.reporting, new.effect, new.change_id) == (
        Reporting.CURATED, Effect.REPRESSION, added.change,
    )  # fmt: skip
    assert new.evidence.content().pmids == (PMID,)
    there.refresh_from_db()
    assert there.effect == Effect.ACTIVATION
    revisions = Revision.objects.filter(change=added.change)
    verbs = sorted(revisions.values_list("kind", "verb"))
    assert verbs == [
        (RecordKind.INTERACTION, Verb.ADDED),
        (RecordKind.INTERACTION, Verb.RESTATED),
        (RecordKind.INTERACTION, Verb.RESTATED),
        (RecordKind.STATEMENT, Verb.ADDED),
        (RecordKind.STATEMENT, Verb.ADDED),
    ]
    assert set(revisions.values_list("reason", flat=True)) == {"Read."}
    assert Statement.objects.filter(change=added.change).count() == 2
    assert Citation.objects.filter(pmid=PMID).exists()
    assert breaches() == []


def test_what_is_stated_already_is_skipped_and_nothing_new_is_refused(
    senior: User, genes: dict[str, Protein]
) -> None:
    add(senior, row("TP53", "BAX"))
    again = row("TP53", "BAX") + row("TP53", "MDM2") + row("TP53", "MDM2")
    skipped = [one.skipped for one in plan(again).skipped]
    assert skipped == ["The same is stated already.", "Row 2 states the same."]
    assert add(senior, again).statements == 1
    with pytest.raises(PaperError, match="no row says anything"):
        add(senior, again)


def test_one_wrong_row_stops_all(senior: User, genes: dict[str, Protein]) -> None:
    with pytest.raises(PaperError, match="1 row cannot be added") as refused:
        add(senior, row("TP53", "BAX") + row("TP53", "NOSUCH"))
    assert [one.number for one in refused.value.plan.wrong] == [2]
    assert not Statement.objects.exists()
    assert not Interaction.objects.exists()
    assert not Citation.objects.filter(pmid=PMID).exists()


def test_rows_say_what_is_against_them(genes: dict[str, Protein]) -> None:
    make_protein("P02340", "Trp53", code="Mm")
    make_protein("Q99999", "BAX")
    planned = plan(
        row("Trp53", "MDM2")
        + row("tp53", "MDM2")
        + row("TP53", "BAX")
        + "TP53\tMDM2\tactivation\tchromatin immunoprecipitation\tx\n"
        + "TP53\tMDM2\tsideways\t\tx\n"
        + "TP53\t\t\t\tx\n"
    )
    remarks = [one.errors[0] for one in planned.rows]
    assert [one.cell for one in remarks] == ["tf", "tf", "target", "method", "effect", ""]
    assert "but one of Mus musculus is" in remarks[0].text
    assert [(one.text, one.fits) for one in remarks[0].candidates] == [("P02340", False)]
    assert [(one.text, one.fits) for one in remarks[1].candidates] == [("P04637", True)]
    assert [one.text for one in remarks[2].candidates] == ["Q07812", "Q99999"]
    assert CHIP in [one.text for one in remarks[3].candidates]
    assert planned.added == []
    other = "TF\tTarget\tPMID\tSpecies\n"
    assert errors("TP53\tMDM2\t7\tmouse\n", other) == [
        "The row is of Mus musculus, this page of Homo sapiens.",
        f"The row is of PMID 7, this page of PMID {PMID}.",
    ]


def test_checks_take_as_many_queries_for_200_rows_as_for_12(genes: dict[str, Protein]) -> None:
    for number in range(200):
        target = make_protein(accession(number), f"GENE{number}")
        if number % 2:
            make_statement(make_interaction(genes["TP53"], target), pmid=number + 1)
    taken = []
    for number in (12, 200):
        text = block("".join(row("TP53", f"GENE{one}") for one in range(number)))
        with CaptureQueriesContext(connection) as queries:
            planned = papers.plan_paper(PMID, taxon(), text)
        assert len(planned.added) == number
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 15, taken


def test_200_rows_are_stored_and_accepted_by_hardly_more_queries_than_12(
    senior: User, curator: User, genes: dict[str, Protein]
) -> None:
    for number in range(200):
        make_protein(accession(number), f"GENE{number}")
    for number in (12, 200):
        text = "".join(
            row("TP53", f"GENE{one}", quotation=f"Of {number}.") for one in range(number)
        )
        with CaptureQueriesContext(connection) as adding:
            assert add(senior, text).statements == number
        submission = submit(curator, text.replace("Of ", "Beside "))
        chosen = list(submission.rows.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as accepting:
            papers.accept_rows(user=senior, submission=submission, chosen=chosen)
        assert len(adding) < 130
        assert len(accepting) < 130
    assert breaches() == []


def test_who_may_only_propose_adds_nothing(curator: User, genes: dict[str, Protein]) -> None:
    with pytest.raises(PermissionDenied):
        add(curator, row("TP53", "BAX"))


def test_a_submission_is_decided_row_by_row(
    senior: User, curator: User, genes: dict[str, Protein]
) -> None:
    text = row("TP53", "BAX") + row("TP53", "MDM2") + row("TP53", "CDKN1A")
    submission = submit(curator, text)
    bax, mdm2, cdkn1a = submission.rows.order_by("id")
    assert not Interaction.objects.exists()
    papers.return_rows(
        user=senior, submission=submission, chosen=[mdm2.pk, cdkn1a.pk], comment="Which figure?",
        comments={cdkn1a.pk: "It is repressed."},
    )  # fmt: skip
    papers.accept_rows(user=senior, submission=submission, chosen=[bax.pk], reason="Right.")
    assert Statement.objects.get().curator == "cleo"
    cdkn1a.refresh_from_db()
    assert (cdkn1a.state, cdkn1a.decision_reason) == (ProposalState.RETURNED, "It is repressed.")

    header = "TF\tTarget\tEffect\tMethod\tQuotation\tProposal\n"
    corrected = (
        f"TP53\tMDM2\tactivation\t{CHIP}\tFigure 3.\t{mdm2.pk}\n"
        f"TP53\tTP53\trepression\t{CHIP}\tIt does.\t{cdkn1a.pk}\n"
    )
    papers.resubmit_publication(
        user=curator, submission=submission, block=block(corrected, header=header)
    )
    states = dict(submission.rows.values_list("record_key", "state"))
    assert states == {
        "P04637-Q07812": "accepted",
        "P04637-Q00987": "open",
        "P04637-P38936": "withdrawn",
        "P04637-P04637": "open",
    }
    waiting = list(submission.rows.filter(state="open").values_list("pk", flat=True))
    before = ChangeSet.objects.count()
    done = papers.accept_rows(user=senior, submission=submission, chosen=waiting)
    assert {one.state for one in done} == {ProposalState.ACCEPTED}
    assert ChangeSet.objects.count() == before + 1
    assert Interaction.objects.count() == Statement.objects.count() == 3
    assert breaches() == []


def test_rows_that_cannot_be_decided_stop_the_others(
    senior: User, curator: User, genes: dict[str, Protein]
) -> None:
    submission = submit(curator, row("TP53", "BAX") + row("TP53", "MDM2"))
    first, second = submission.rows.order_by("id")
    papers.reject_rows(user=senior, submission=submission, chosen=[first.pk], reason="No.")
    with pytest.raises(RowsError) as refused:
        papers.accept_rows(user=senior, submission=submission, chosen=[first.pk, second.pk])
    assert list(refused.value.errors) == [first.pk]
    assert Proposal.objects.get(pk=second.pk).state == ProposalState.OPEN
    assert not Statement.objects.exists()
    own = submit(make_person("both"), row("TP53", "CDKN1A"))
    with pytest.raises(RowsError, match="cannot be"):
        papers.accept_rows(user=own.author, submission=own, chosen=[own.rows.get().pk])


def test_only_the_author_corrects_and_only_what_was_sent_back(
    senior: User, curator: User, genes: dict[str, Protein]
) -> None:
    submission = submit(curator, row("TP53", "BAX"))
    with pytest.raises(actions.ActionError, match="Only its author"):
        papers.resubmit_publication(
            user=senior, submission=submission, block=block(row("TP53", "MDM2"))
        )
    header = "TF\tTarget\tEffect\tProposal\n"
    number = submission.rows.get().pk
    with pytest.raises(actions.ActionError, match="not among those"):
        papers.resubmit_publication(
            user=curator,
            submission=submission,
            block=block(f"TP53\tMDM2\t\t{number}\n", header=header),
        )


def test_a_paper_is_undone_as_a_batch_and_the_content_is_as_before(
    senior: User, genes: dict[str, Protein]
) -> None:
    there = make_interaction(genes["TP53"], genes["BAX"])
    text = row("TP53", "BAX") + row("TP53", "MDM2") + row("TP53", "CDKN1A", "both")
    before = content_digest()
    added = add(senior, text)
    after = content_digest()
    assert after != before
    undone = undo_batch(user=senior, batch_number=added.change)
    assert undone.left == []
    assert content_digest() == before
    assert list(Interaction.objects.all()) == [there]
    assert not Statement.objects.exists()
    assert undone.change is not None
    # And taken back once more.
    assert undo_batch(user=senior, batch_number=undone.change).left == []
    assert content_digest() == after
    assert breaches() == []


def test_accepted_rows_are_undone_as_a_batch_and_wait_again(
    senior: User, curator: User, genes: dict[str, Protein]
) -> None:
    submission = submit(curator, row("TP53", "BAX") + row("TP53", "MDM2"))
    before = content_digest()
    chosen = list(submission.rows.values_list("pk", flat=True))
    papers.accept_rows(user=senior, submission=submission, chosen=chosen)
    undone = undo_batch(user=senior, batch_number=Batch.objects.get().pk)
    assert undone.left == []
    assert content_digest() == before
    assert set(submission.rows.values_list("state", "record_id")) == {("open", None)}
    papers.accept_rows(user=senior, submission=submission, chosen=chosen)
    assert Statement.objects.count() == 2
