"""The whole life of a proposal: opened, commented on, decided by another user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError

from curation import actions
from curation.actions import ActionError, StaleError
from curation.checks import find_breaches
from curation.importing.run import RunReport, import_pages
from curation.models import (
    UNDECIDED,
    Comment,
    Endorsement,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    Revision,
    Verb,
)
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from curation.records import RecordGoneError
from curation.records.history import version_of
from proteins.models import Interaction, Protein, Reporting, ReviewStatus
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
KIND = RecordKind.PROTEIN
EVIDENCE = {"sources": ["GTRD"], "methods": [], "pmids": [27924024], "small_scale": "yes"}


@pytest.fixture
def curator(db: None) -> User:
    return make_person("curator", CURATOR)


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior", SENIOR_CURATOR)


@pytest.fixture
def protein(db: None) -> Protein:
    return make_protein("Q9UK53", "ING1")


def propose(user: User, protein: Protein, name: str = "p33ING1", **more: Any) -> Proposal:
    return actions.propose(
        user=user, kind=KIND, record_id=protein.pk, values={"name": name}, **more
    )


def name_of(protein: Protein) -> str:
    return Protein.objects.get(pk=protein.pk).name


# Opening


def test_a_proposal_changes_nothing_yet(curator: User, protein: Protein) -> None:
    proposal = propose(curator, protein, reason=" Its gene is called so. ")
    assert name_of(protein) == "ING1"
    assert (proposal.state, proposal.author, proposal.origin) == ("open", curator, "curator")
    assert (proposal.record_key, proposal.comment) == ("Q9UK53", "Its gene is called so.")
    assert proposal.changes == {"name": ["ING1", "p33ING1"]}
    assert proposal.taxon == protein.taxon
    assert not Revision.objects.exists()
    assert not Pin.objects.exists()


def test_what_is_not_proposed(curator: User, protein: Protein) -> None:
    with pytest.raises(ActionError, match="Nothing would change"):
        propose(curator, protein, "ING1")
    first = propose(curator, protein)
    with pytest.raises(ActionError, match=f"Proposal {first.pk} proposes the same"):
        propose(make_person("other", CURATOR), protein)
    with pytest.raises(ValidationError, match="Nobody may change the accession"):
        actions.propose(
            user=curator, kind=KIND, record_id=protein.pk, values={"accession": "P04637"}
        )
    with pytest.raises(RecordGoneError):
        actions.propose(user=curator, kind=KIND, record_id=999_999, values={"name": "x"})
    assert Proposal.objects.count() == 1


def test_a_new_interaction_is_proposed_and_accepted(
    curator: User, senior: User, protein: Protein
) -> None:
    target = make_protein("Q07812", "BAX")
    given: dict[str, Any] = {"tf": protein, "target": target, "values": {"evidence": EVIDENCE}}
    proposal = actions.propose_interaction(user=curator, **given, reason="Table 2.")
    assert not Interaction.objects.exists()
    with pytest.raises(ActionError, match="proposes Q9UK53-Q07812 already"):
        actions.propose_interaction(user=senior, **given)
    actions.accept_proposal(user=senior, proposal=proposal)
    added = Interaction.objects.get()
    assert (added.key, added.reporting) == ("Q9UK53-Q07812", Reporting.CURATED)
    revision = Revision.objects.get()
    assert (revision.verb, revision.user, revision.proposal) == (Verb.ADDED, senior, proposal)
    assert revision.reason == "Table 2."
    proposal.refresh_from_db()
    assert (proposal.state, proposal.record_id) == ("accepted", added.pk)
    assert list(find_breaches()) == []


def test_what_came_to_be_there_meanwhile_is_not_added_twice(
    curator: User, senior: User, protein: Protein
) -> None:
    target = make_protein("Q07812", "BAX")
    proposal = actions.propose_interaction(
        user=curator, tf=protein, target=target, values={"evidence": EVIDENCE}
    )
    make_interaction(protein, target)
    returned = actions.accept_proposal(user=senior, proposal=proposal)
    assert (returned.state, returned.decided_by) == ("returned", senior)
    assert "is there already" in returned.decision_reason
    assert Interaction.objects.count() == 1


# Deciding


def test_accepted_by_somebody_else(curator: User, senior: User, protein: Protein) -> None:
    proposal = propose(curator, protein, reason="So it is called.")
    actions.accept_proposal(user=senior, proposal=proposal, reason="Agreed.")
    assert name_of(protein) == "p33ING1"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decision_reason) == (
        "accepted", senior, "Agreed.",
    )  # fmt: skip
    assert proposal.decided_at is not None
    revision = Revision.objects.get()
    assert (revision.verb, revision.user, revision.reason) == (Verb.AMENDED, senior, "Agreed.")
    assert revision.proposal == proposal
    pin = Pin.objects.get()
    # It is the author's word that no import overrules.
    assert (pin.field, pin.source_value, pin.pinned_by) == ("name", "ING1", curator)


def test_nobody_decides_their_own(senior: User, protein: Protein) -> None:
    proposal = propose(senior, protein)
    with pytest.raises(ActionError, match="Nobody accepts a proposal of their own"):
        actions.accept_proposal(user=senior, proposal=proposal)
    with pytest.raises(ActionError, match="withdraw it instead"):
        actions.reject_proposal(user=senior, proposal=proposal, reason="No.")
    with pytest.raises(ActionError, match="Nobody endorses a proposal of their own"):
        actions.endorse_proposal(user=senior, proposal=proposal)
    root = User.objects.create_superuser("root")
    own = propose(root, protein, "other")
    with pytest.raises(ActionError, match="Nobody accepts"):
        actions.accept_proposal(user=root, proposal=own)
    assert name_of(protein) == "ING1"


def test_who_became_a_senior_curator_does_not_accept_what_they_proposed_before(
    curator: User, protein: Protein
) -> None:
    proposal = propose(curator, protein)
    promoted = make_person("curator", SENIOR_CURATOR)
    assert promoted.pk == curator.pk
    with pytest.raises(ActionError, match="of their own"):
        actions.accept_proposal(user=promoted, proposal=proposal)


def test_rejected_with_a_reason(curator: User, senior: User, protein: Protein) -> None:
    proposal = propose(curator, protein)
    with pytest.raises(ActionError, match="a reason is needed to reject a proposal"):
        actions.reject_proposal(user=senior, proposal=proposal, reason=" ")
    actions.reject_proposal(user=senior, proposal=proposal, reason="That is an alias.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("rejected", senior)
    assert proposal.decision_reason == "That is an alias."
    assert name_of(protein) == "ING1"
    assert not Revision.objects.exists()


def test_withdrawn_by_its_author_alone(curator: User, senior: User, protein: Protein) -> None:
    proposal = propose(curator, protein)
    for other in (senior, make_person("other", CURATOR)):
        with pytest.raises(ActionError, match="Only who opened"):
            actions.withdraw_proposal(user=other, proposal=proposal)
    actions.withdraw_proposal(user=curator, proposal=proposal, reason="Mistaken.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == ("withdrawn", "Mistaken.")


def test_assigned_to_who_may_decide(curator: User, senior: User, protein: Protein) -> None:
    proposal = propose(curator, protein)
    assert actions.assign_proposal(user=senior, proposal=proposal, to=senior).assigned_to == senior
    with pytest.raises(ActionError, match="may not decide proposals"):
        actions.assign_proposal(user=senior, proposal=proposal, to=curator)
    proposal.refresh_from_db()
    assert proposal.assigned_to == senior
    assert actions.assign_proposal(user=senior, proposal=proposal, to=None).assigned_to is None


def test_endorsed_once(curator: User, senior: User, protein: Protein) -> None:
    proposal = propose(curator, protein)
    actions.endorse_proposal(user=senior, proposal=proposal)
    with pytest.raises(ActionError, match="endorsed it already"):
        actions.endorse_proposal(user=senior, proposal=proposal)
    assert Endorsement.objects.get().user == senior


def test_commented_on_even_when_decided(curator: User, senior: User, protein: Protein) -> None:
    proposal = propose(curator, protein)
    actions.comment(user=senior, proposal=proposal, text=" Where is that? ")
    actions.withdraw_proposal(user=curator, proposal=proposal)
    actions.comment(user=curator, proposal=proposal, text="Nowhere.")
    actions.comment(user=curator, kind=KIND, record_id=protein.pk, text="Odd name.")
    comments = Comment.objects.values_list("text", "proposal", "record_id", "record_key")
    assert list(comments) == [
        ("Where is that?", proposal.pk, protein.pk, "Q9UK53"),
        ("Nowhere.", proposal.pk, protein.pk, "Q9UK53"),
        ("Odd name.", None, protein.pk, "Q9UK53"),
    ]
    for text in ("", " \n"):
        with pytest.raises(ActionError, match="Write something first"):
            actions.comment(user=curator, proposal=proposal, text=text)
    with pytest.raises(ActionError, match="about a record or a proposal"):
        actions.comment(user=curator, text="Hello?")
    with pytest.raises(RecordGoneError):
        actions.comment(user=curator, kind=KIND, record_id=999_999, text="Hello?")


DECISIONS: dict[str, Callable[[User, Proposal], Any]] = {
    "accept": lambda user, one: actions.accept_proposal(user=user, proposal=one),
    "reject": lambda user, one: actions.reject_proposal(user=user, proposal=one, reason="No."),
    "withdraw": lambda user, one: actions.withdraw_proposal(user=user, proposal=one),
    "assign": lambda user, one: actions.assign_proposal(user=user, proposal=one, to=None),
    "endorse": lambda user, one: actions.endorse_proposal(user=user, proposal=one),
    "return": lambda user, one: actions.return_proposal(user=user, proposal=one, comment="Why?"),
    "resubmit": lambda user, one: actions.resubmit_proposal(
        user=user, proposal=one, values={"name": "x"}
    ),
}


@pytest.mark.parametrize("state", [state for state in ProposalState if state not in UNDECIDED])
@pytest.mark.parametrize("decision", DECISIONS)
def test_what_is_decided_stays_decided(
    curator: User, senior: User, protein: Protein, decision: str, state: str
) -> None:
    proposal = propose(curator, protein)
    Proposal.objects.update(state=state)
    user = curator if decision in ("withdraw", "resubmit") else senior
    # `proposal` still says that it is open: what is stored counts.
    with pytest.raises(ActionError, match=f"is {state} already"):
        DECISIONS[decision](user, proposal)
    assert name_of(protein) == "ING1"


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_proposal_that_is_gone(
    curator: User, senior: User, protein: Protein, decision: str
) -> None:
    proposal = propose(curator, protein)
    Proposal.objects.all().delete()
    with pytest.raises(ActionError, match="no such proposal"):
        DECISIONS[decision](senior, proposal)


#: What each may do with another user's open proposal.
MAY = {
    CURATOR: {"endorse"},
    SENIOR_CURATOR: {"accept", "reject", "assign", "endorse", "return"},
    ADMINISTRATOR: set[str](),
}


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("decision", DECISIONS)
def test_rights(curator: User, protein: Protein, role: str, decision: str) -> None:
    proposal = propose(curator, protein)
    decider = make_person("somebody", role)
    if decision in MAY[role]:
        DECISIONS[decision](decider, proposal)
        return
    of_authors = decision in ("withdraw", "resubmit")
    refusal = ActionError if of_authors and role != ADMINISTRATOR else PermissionDenied
    with pytest.raises(refusal):
        DECISIONS[decision](decider, proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.assigned_to) == ("open", None)
    assert not Endorsement.objects.exists()
    assert name_of(protein) == "ING1"


@pytest.mark.parametrize("who", ["administrator", "staff", "inactive", "nobody"])
def test_who_may_not_even_propose_or_comment(curator: User, protein: Protein, who: str) -> None:
    proposal = propose(curator, protein)
    user: User | None = None
    if who == "administrator":
        user = make_person(who, ADMINISTRATOR)
    elif who == "staff":
        user = User.objects.create_user(who, is_staff=True)
    elif who == "inactive":
        User.objects.filter(pk=make_person(who).pk).update(is_active=False)
        user = User.objects.get(username=who)
    given: dict[str, Any] = {"user": user}
    for operation in (
        lambda: actions.propose(**given, kind=KIND, record_id=protein.pk, values={"name": "x"}),
        lambda: actions.propose_interaction(
            **given, tf=protein, target=protein, values={"evidence": EVIDENCE}
        ),
        lambda: actions.comment(**given, proposal=proposal, text="Hello."),
    ):
        with pytest.raises(PermissionDenied):
            operation()
    assert Proposal.objects.count() == 1
    assert not Comment.objects.exists()


# What happens meanwhile


def test_a_value_that_changed_otherwise_is_decided_by_who_has_seen_it(
    curator: User, senior: User, protein: Protein
) -> None:
    proposal = propose(curator, protein)
    actions.amend_protein(user=senior, protein=protein, values={"name": "ING1A"})
    with pytest.raises(StaleError):
        actions.accept_proposal(user=senior, proposal=proposal, seen=0)
    assert name_of(protein) == "ING1A"
    # Who has seen the change may accept all the same.
    seen = version_of(KIND, protein.pk)
    actions.accept_proposal(user=senior, proposal=proposal, seen=seen)
    assert name_of(protein) == "p33ING1"


def test_a_value_that_changed_otherwise_goes_back_unseen(
    curator: User, senior: User, protein: Protein
) -> None:
    proposal = propose(curator, protein)
    actions.amend_protein(user=senior, protein=protein, values={"name": "ING1A"})
    returned = actions.accept_proposal(user=senior, proposal=proposal, reason="Table 2.")
    assert (returned.state, name_of(protein)) == ("returned", "ING1A")
    assert "The name of Q9UK53 changed since this was proposed" in returned.decision_reason
    assert returned.decision_reason.endswith("Table 2.")
    assert returned.changes == {"name": ["ING1", "p33ING1"]}


def test_another_field_that_changed_since_is_none_of_its_business(
    curator: User, senior: User, protein: Protein
) -> None:
    proposal = propose(curator, protein)
    actions.amend_protein(user=senior, protein=protein, values={"declared_tf": True})
    actions.accept_proposal(user=senior, proposal=proposal)
    protein.refresh_from_db()
    assert (protein.name, protein.declared_tf) == ("p33ING1", True)


def test_what_is_done_otherwise_needs_no_decision(
    curator: User, senior: User, protein: Protein
) -> None:
    done, other = propose(curator, protein), propose(curator, protein, "else")
    actions.amend_protein(user=senior, protein=protein, values={"name": "p33ING1"})
    done.refresh_from_db()
    other.refresh_from_db()
    assert (done.state, done.decision_reason) == ("superseded", "The record says so already.")
    assert other.state == "open"


def test_a_record_that_is_gone_is_not_changed(
    curator: User, senior: User, protein: Protein
) -> None:
    proposal = propose(curator, protein)
    Protein.objects.all().delete()
    with pytest.raises(RecordGoneError):
        actions.accept_proposal(user=senior, proposal=proposal)
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_a_proposed_rejection_is_one_when_accepted(curator: User, senior: User) -> None:
    interaction = make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    proposal = actions.propose(
        user=curator,
        kind=RecordKind.INTERACTION,
        record_id=interaction.pk,
        values={"status": 3},
        reason="The antibody was wrong.",
    )
    actions.accept_proposal(user=senior, proposal=proposal)
    assert Interaction.objects.get().status == ReviewStatus.REJECTED
    revision = Revision.objects.get()
    assert (revision.verb, revision.reason) == (Verb.REJECTED, "The antibody was wrong.")
    assert Protein.objects.get(accession="Q9UK53").target_count == 0


def test_an_error_half_way_leaves_nothing(
    curator: User, senior: User, protein: Protein, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = propose(curator, protein)
    monkeypatch.setattr("curation.actions.proposals._settle", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.accept_proposal(user=senior, proposal=proposal)
    proposal.refresh_from_db()
    assert (proposal.state, name_of(protein)) == ("open", "ING1")
    assert not Revision.objects.exists()
    assert not Pin.objects.exists()


# Conflicts of imports


def take(folder: Path, name: str) -> RunReport:
    text = page("Q9UK53", name, targets=[row("BAX", "Q07812")])
    return import_pages([write(folder, a=text)], force=True)


@pytest.fixture
def conflict(senior: User, tmp_path: Path) -> Proposal:
    """The source had ING1, a curator p33, and now the source has ING1A."""
    take(tmp_path, "ING1")
    protein = Protein.objects.get(accession="Q9UK53")
    actions.amend_protein(user=senior, protein=protein, values={"name": "p33"})
    assert take(tmp_path, "ING1A").proposed == 1
    return Proposal.objects.get()


def test_a_conflict_waits_and_the_curators_word_stays(conflict: Proposal, tmp_path: Path) -> None:
    assert (conflict.origin, conflict.author) == ("import", None)
    assert conflict.changes == {"name": ["p33", "ING1A"]}
    assert take(tmp_path, "ING1A").proposed == 0
    assert Protein.objects.get(accession="Q9UK53").name == "p33"


def test_a_conflict_accepted_follows_the_source_again(
    senior: User, conflict: Proposal, tmp_path: Path
) -> None:
    actions.accept_proposal(user=senior, proposal=conflict)
    assert Protein.objects.get(accession="Q9UK53").name == "ING1A"
    assert not Pin.objects.exists()
    assert take(tmp_path, "ING1B").proposed == 0
    assert Protein.objects.get(accession="Q9UK53").name == "ING1B"


def test_a_conflict_rejected_is_not_asked_again(
    senior: User, conflict: Proposal, tmp_path: Path
) -> None:
    actions.reject_proposal(user=senior, proposal=conflict, reason="p33 it is.")
    assert Pin.objects.get().source_value == "ING1A"
    assert take(tmp_path, "ING1A").proposed == 0
    assert Protein.objects.get(accession="Q9UK53").name == "p33"
    # Something new of the source is a new question.
    assert take(tmp_path, "ING1C").proposed == 1
