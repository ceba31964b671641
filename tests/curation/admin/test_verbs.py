"""Verdicts on interactions: buttons of the form, and actions on what is selected in a list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation import actions
from curation.actions import BusyError
from curation.admin import verbs_in_lists
from curation.admin.verbs import VERBS
from curation.models import BatchJob, JobState, Proposal, Revision
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from curation.uploads.work import work
from proteins.models import Interaction, Protein, Review, ReviewStatus
from tests.curation.admin.forms import form_in, messages_of, open_form, page, press, problems
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein

NEW, CONFIRMED, DISPUTED, REJECTED = ReviewStatus.values


def pressed(browser: Client, interaction: Interaction, verb: str, **changes: Any) -> Any:
    url = page("interaction", "change", interaction.pk)
    return press(browser, url, open_form(browser, url) | {"_verb": verb, **changes})


def status_of(interaction: Interaction) -> int:
    return Interaction.objects.get(pk=interaction.pk).status


def counts(interaction: Interaction) -> tuple[int, int]:
    tf = Protein.objects.get(pk=interaction.tf_id)
    return tf.target_count, Protein.objects.get(pk=interaction.target_id).tf_count


def test_a_senior_curator_says_all_of_it(senior: Client, interaction: Interaction) -> None:
    for verb, reason, status, counted in (
        ("confirm", "", CONFIRMED, (1, 1)),
        ("dispute", "A weak blot", DISPUTED, (1, 1)),
        ("reject", "The antibody was wrong", REJECTED, (0, 0)),
        ("reopen-rejected", "", NEW, (1, 1)),
        ("confirm", "", CONFIRMED, (1, 1)),
        ("reopen", "", NEW, (1, 1)),
    ):
        answer = pressed(senior, interaction, verb, reason=reason)
        assert f"is {VERBS[verb].done}" in messages_of(answer)
        assert answer.request["PATH_INFO"] == page("interaction", "change", interaction.pk)
        assert (status_of(interaction), counts(interaction)) == (status, counted)
    history = list(Revision.objects.order_by("pk").values_list("verb", "reason"))
    assert history[1:3] == [("disputed", "A weak blot"), ("rejected", "The antibody was wrong")]


#: Who is offered which buttons for an interaction of which status.
OFFERED = {
    (CURATOR, NEW): ["confirm", "dispute", "propose-rejection"],
    (CURATOR, CONFIRMED): ["dispute", "propose-rejection", "reopen"],
    (CURATOR, DISPUTED): ["confirm", "propose-rejection", "reopen"],
    (CURATOR, REJECTED): ["propose-reopening"],
    (SENIOR_CURATOR, NEW): ["confirm", "dispute", "reject"],
    (SENIOR_CURATOR, CONFIRMED): ["dispute", "reject", "reopen"],
    (SENIOR_CURATOR, DISPUTED): ["confirm", "reject", "reopen"],
    (SENIOR_CURATOR, REJECTED): ["reopen-rejected"],
    **{(ADMINISTRATOR, status): [] for status in ReviewStatus.values},
}


@pytest.mark.parametrize(
    ("role", "status", "offered"),
    [(role, status, offered) for (role, status), offered in OFFERED.items()],
)
def test_who_is_offered_what(
    interaction: Interaction, role: str, status: int, offered: list[str]
) -> None:
    Interaction.objects.update(status=status)
    browser = browser_of(make_person("berta", role))
    answer = browser.get(page("interaction", "change", interaction.pk))
    assert [verb.name for verb in answer.context["verbs"]] == offered
    for verb in VERBS:
        assert (f'name="_verb" value="{verb}"' in answer.text) == (verb in offered)


@pytest.mark.parametrize(("role", "status"), OFFERED)
def test_a_button_that_was_not_offered_does_nothing(
    interaction: Interaction, role: str, status: int
) -> None:
    """Sent by hand; `tests/curation` has the same against the actions themselves."""
    Interaction.objects.update(status=status)
    browser = browser_of(make_person("berta", role))
    url = page("interaction", "change", interaction.pk)
    data = {"seen": "0", "sources": ["GTRD"], "pmids": "27924024", "small_scale": "no"}
    data |= {"methods": ["chromatin immunoprecipitation assay"], "effect": "0"}
    for verb in {*VERBS, "amend", "", "x\x00", "confirm "} - {*OFFERED[role, status]}:
        answer = browser.post(url, data | {"_verb": verb, "reason": "Because"})
        assert answer.status_code in (200, 403), verb
        assert status_of(interaction) == status, verb
        assert not Revision.objects.exists(), verb
        assert not Proposal.objects.exists(), verb


@pytest.mark.parametrize("verb", ["dispute", "reject"])
def test_a_reason_is_demanded(senior: Client, interaction: Interaction, verb: str) -> None:
    for reason in ("", " \n "):
        answer = pressed(senior, interaction, verb, reason=reason)
        assert f"a reason is needed to {verb}" in " ".join(problems(answer))
        assert '<a href="#id_reason">Reason</a>' in answer.text
    assert status_of(interaction) == NEW


def test_a_curator_proposes_a_rejection(proposer: Client, interaction: Interaction) -> None:
    answer = pressed(proposer, interaction, "propose-rejection", reason="The antibody was wrong")
    proposal = Proposal.objects.get()
    assert f">proposal {proposal.pk}</a>" in messages_of(answer)
    assert proposal.changes == {"status": [NEW, REJECTED]}
    assert (proposal.comment, proposal.author.username) == ("The antibody was wrong", "proposer")  # type: ignore[union-attr]
    assert status_of(interaction) == NEW
    again = pressed(proposer, interaction, "propose-rejection", reason="Again")
    assert "proposes the same" in " ".join(problems(again))
    assert f"Proposal {proposal.pk}</a> by proposer" in again.text


def test_what_was_typed_beside_a_verdict_is_not_lost(
    senior: Client, interaction: Interaction
) -> None:
    answer = pressed(senior, interaction, "reject", reason="Wrong", pmids="27924024, 5")
    assert "You also changed something else here" in " ".join(problems(answer))
    again = form_in(answer.text)
    assert (again["pmids"], again["reason"]) == (["27924024, 5"], ["Wrong"])
    assert status_of(interaction) == NEW


def test_a_verdict_over_an_unseen_change_is_refused_first(
    senior: Client, interaction: Interaction
) -> None:
    url = page("interaction", "change", interaction.pk)
    form = open_form(senior, url) | {"_verb": "reject", "reason": "No publication"}
    colleague = make_person("anna")
    evidence = {"sources": ["GTRD"], "methods": [], "pmids": [5], "small_scale": "yes"}
    actions.amend_interaction(
        user=colleague, interaction=interaction, values={"evidence": evidence}
    )
    answer = senior.post(url, form)
    assert "anna changed this record" in problems(answer)[0]
    assert status_of(interaction) == NEW
    again = form_in(answer.text)
    assert again["reason"] == ["No publication"]
    press(senior, url, {**again, "_verb": "reject"})
    assert status_of(interaction) == REJECTED


def test_the_button_of_enter_saves(senior: Client, interaction: Interaction) -> None:
    """A browser presses the first button of a form where Enter is pressed in a field."""
    text = senior.get(page("interaction", "change", interaction.pk)).text
    form = text[text.index('id="interaction_form"') :]
    first = min(form.index(part) for part in ("<button", 'type="submit"'))
    assert form[first:].startswith('<button type="submit" name="_save"')


# In lists


def selected(browser: Client, verb: str, interactions: list[Interaction], **more: Any) -> Any:
    data = {"action": f"review_{verb}", "_selected_action": [item.pk for item in interactions]}
    return browser.post(page("interaction", "changelist"), data | more, follow=True)


@pytest.fixture
def several(interaction: Interaction) -> list[Interaction]:
    others = [
        make_interaction(interaction.tf, make_protein(accession(number), f"GENE{number}"))
        for number in range(3)
    ]
    return [interaction, *others]


def test_what_is_selected_is_looked_at_first(senior: Client, several: list[Interaction]) -> None:
    Interaction.objects.filter(pk=several[0].pk).update(status=REJECTED)
    answer = selected(senior, "reject", several)
    assert "<h1>Reject: 4 interactions</h1>" in answer.text
    assert "3 of these 4 can be rejected" in answer.text
    for item in several:
        assert str(item) in answer.text
    assert 'name="seen" value="0"' in answer.text
    assert f'name="selection" value="{",".join(str(item.pk) for item in several)}"' in answer.text
    assert not Revision.objects.exists()


def test_what_is_confirmed_is_done_to_each(senior: Client, several: list[Interaction]) -> None:
    Interaction.objects.filter(pk=several[0].pk).update(status=REJECTED)
    answer = selected(senior, "reject", several, confirmed="1", reason="One antibody", seen="0")
    assert "3 interactions rejected." in messages_of(answer)
    assert f"Not rejected: {several[0].key}: It is rejected already." in messages_of(answer)
    assert Interaction.objects.filter(status=REJECTED).count() == 4
    assert set(Revision.objects.values_list("verb", "reason")) == {("rejected", "One antibody")}


def test_a_large_rejection_wants_its_number(
    senior: Client, several: list[Interaction], settings: LazySettings
) -> None:
    settings.LARGE_CHANGE_NUMBER = 2
    reject = {"seen": "0", "confirmed": "1", "reason": "One antibody"}
    shown = selected(senior, "reject", several)
    assert "It rejects 4 of the 4 interactions of Homo sapiens." in shown.text
    for typed in ({}, {"number": "3"}):
        answer = selected(senior, "reject", several, **reject, **typed)
        assert "This is a large change: type 4" in answer.text
        assert not Revision.objects.exists()
    assert "large change" not in selected(senior, "dispute", several).text
    answer = selected(senior, "reject", several, **reject, number="4")
    assert "4 interactions rejected." in messages_of(answer)


def test_a_reason_for_several_is_demanded(senior: Client, several: list[Interaction]) -> None:
    answer = selected(senior, "dispute", several, confirmed="1", reason=" ")
    assert "a reason is needed to dispute them" in answer.text
    assert "What is selected" in answer.text
    long = selected(senior, "dispute", several, confirmed="1", reason="x" * 5001)
    assert "5,000 are the most" in long.text
    assert "x" * 5001 in long.text
    assert not Revision.objects.exists()


@pytest.mark.parametrize("seen", ["0", "x", "", None])
def test_those_changed_meanwhile_stay_as_they_are(
    senior: Client, several: list[Interaction], seen: str | None
) -> None:
    actions.confirm_interaction(user=make_person("anna"), interaction=several[0])
    seen_by = {} if seen is None else {"seen": seen}
    answer = selected(senior, "reject", several, confirmed="1", reason="Wrong", **seen_by)
    assert "3 interactions rejected." in messages_of(answer)
    assert "It was changed meanwhile, by anna" in messages_of(answer)
    assert status_of(several[0]) == CONFIRMED


def test_a_curator_confirms_several_and_proposes_their_rejection(
    proposer: Client, several: list[Interaction]
) -> None:
    public = {"review_reason": "wrong species"}
    selected(proposer, "propose-rejection", several, confirmed="1", reason="Wrong", **public)
    assert Proposal.objects.count() == 4
    assert Proposal.objects.all()[0].changes["review_reason"] == ["", "wrong species"]
    selected(proposer, "confirm", several, confirmed="1")
    assert Interaction.objects.filter(status=CONFIRMED).count() == 4


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1", "reason": "Wrong"}])
def test_nobody_rejects_several_without_the_right(
    several: list[Interaction], role: str, confirmed: dict[str, str]
) -> None:
    browser = browser_of(make_person("berta", role))
    listing = browser.get(page("interaction", "changelist")).text
    assert 'value="review_reject"' not in listing
    selected(browser, "reject", several, **confirmed)
    assert not Revision.objects.exists()
    assert not Interaction.objects.filter(status=REJECTED).exists()


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "1.5", "\x00"])
def test_a_selection_that_cannot_be_read_does_nothing(
    senior: Client, several: list[Interaction], value: str
) -> None:
    data = {"action": "review_confirm", "_selected_action": [several[0].pk, value]}
    answer = senior.post(page("interaction", "changelist"), data | {"confirmed": "1"}, follow=True)
    assert answer.status_code == 200
    assert "could not be read" in messages_of(answer)
    assert not Revision.objects.exists()


def test_more_than_the_limit_is_not_taken(
    senior: Client, several: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs_in_lists, "LIMIT", 3)
    answer = selected(senior, "confirm", several, confirmed="1")
    assert "4 are selected; 3 at once are the most" in messages_of(answer)
    answer = selected(senior, "confirm", several[:1], select_across="1")
    assert "More than 3 are selected" in messages_of(answer)
    assert not Revision.objects.exists()


def test_all_that_match_are_looked_at_and_those_are_changed(
    senior: Client, several: list[Interaction]
) -> None:
    Interaction.objects.filter(pk=several[0].pk).update(status=CONFIRMED)
    matching = page("interaction", "changelist") + "?status=0"
    answer = senior.post(
        matching,
        {"action": "review_dispute", "_selected_action": [several[1].pk], "select_across": "1"},
    )
    assert "<h1>Dispute: 3 interactions</h1>" in answer.text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    # What matches by now is another matter.
    actions.confirm_interaction(user=make_person("anna"), interaction=several[1])
    more = make_interaction(several[1].target, several[2].target)
    sent = {**hidden, "reason": "Old arrays.", "public_reason": "Arrays before 2005."}
    answer = senior.post(matching, sent, follow=True)
    assert "2 interactions disputed." in messages_of(answer)
    assert f"{several[1].key}: It was changed meanwhile, by anna." in messages_of(answer)
    assert [status_of(one) for one in (*several, more)] == [
        CONFIRMED, CONFIRMED, DISPUTED, DISPUTED, NEW,
    ]  # fmt: skip
    assert set(Review.objects.values_list("text", flat=True)) == {"", "Arrays before 2005."}
    assert "The batch, and its undo" in messages_of(answer)


def test_many_are_reviewed_by_a_process_of_its_own(
    senior: Client, several: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs_in_lists, "INLINE", 3)
    started: list[BatchJob] = []
    monkeypatch.setattr("curation.uploads.jobs.start", started.append)
    sent = {"confirmed": "1", "reason": "Old.", "seen": "0", "review_reason": "predicted only"}
    answer = selected(senior, "dispute", several, **sent)
    assert "This is a large change: type 4" in answer.text
    answer = selected(senior, "dispute", several, **sent, number="4")
    assert "The batch is being carried out" in answer.text
    assert work("batchjob", started[0].pk)
    job = BatchJob.objects.get()
    assert (job.state, job.result["done"]) == (JobState.DONE, 4)
    done = senior.get(answer.request["PATH_INFO"]).text
    assert reverse("admin:curation_batch_change", args=[job.result["change"]]) in done
    assert {status_of(one) for one in several} == {DISPUTED}


def test_an_import_that_is_being_written_is_reported(
    senior: Client, several: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_: object) -> None:
        raise BusyError

    monkeypatch.setattr(verbs_in_lists, "review_interactions", busy)
    answer = selected(senior, "confirm", several, confirmed="1")
    assert "Nothing was done. An import is being written" in messages_of(answer)


def test_the_page_takes_a_fixed_number_of_queries(
    senior: Client, several: list[Interaction]
) -> None:
    numbers = []
    for some in (several[:1], several):
        with CaptureQueriesContext(connection) as captured:
            assert selected(senior, "confirm", some).status_code == 200
        numbers.append(len(captured))
    assert numbers == [15, 15]


def test_what_is_selected_is_shown_as_text(senior: Client, several: list[Interaction]) -> None:
    Protein.objects.filter(pk=several[0].target_id).update(name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in selected(senior, "confirm", several).text
    actions.confirm_interaction(
        user=User.objects.create_superuser("<b>anna</b>"), interaction=several[0]
    )
    answer = selected(senior, "confirm", several, confirmed="1", seen="0")
    assert "<script>alert(1)" not in answer.text
    assert "<b>anna</b>" not in answer.text
