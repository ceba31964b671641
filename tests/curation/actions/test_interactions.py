"""Actions on interactions: evidence, verdicts, counts, pins, history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError

from curation import actions
from curation.actions import ActionError, StaleError
from curation.checks import find_breaches
from curation.models import MAX_COMMENT, Pin, Proposal, RecordKind, Revision, Verb
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from curation.records import RecordGoneError
from curation.records.history import version_of
from curation.shared.three_way import evidence_from_json
from proteins.models import (
    Effect,
    Evidence,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
    Support,
)
from tests.curation.people import make_person
from tests.factories import change_at, make_interaction, make_protein

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
EVIDENCE = {"sources": ["GTRD"], "methods": ["selex"], "pmids": [27924024], "small_scale": "yes"}
TF, TARGET = "Q9UK53", "Q07812"


@pytest.fixture
def curator(db: None) -> User:
    return make_person("curator", CURATOR)


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior", SENIOR_CURATOR)


@pytest.fixture
def pair(db: None) -> tuple[Protein, Protein]:
    return make_protein(TF, "ING1"), make_protein(TARGET, "BAX")


@pytest.fixture
def interaction(pair: tuple[Protein, Protein]) -> Interaction:
    return make_interaction(*pair)


def counts() -> tuple[tuple[int, int], tuple[int, int]]:
    proteins = {protein.accession: protein for protein in Protein.objects.all()}
    return (
        (proteins[TF].target_count, proteins[TF].tf_count),
        (proteins[TARGET].target_count, proteins[TARGET].tf_count),
    )


COUNTED, NOT_COUNTED = ((1, 0), (0, 1)), ((0, 0), (0, 0))


# Adding


def test_one_is_added_and_counted(senior: User, pair: tuple[Protein, Protein]) -> None:
    tf, target = pair
    added = actions.add_interaction(
        user=senior,
        tf=tf,
        target=target,
        values={"evidence": EVIDENCE, "effect": 3},
        reason=" Read. ",
    )
    stored = Interaction.objects.get()
    assert (stored.pk, stored.effect, stored.status) == (added.pk, Effect.BOTH, 0)
    assert stored.reporting == Reporting.CURATED
    assert stored.evidence.content().methods == ("selex",)
    assert counts() == COUNTED
    revision = Revision.objects.get()
    assert (revision.verb, revision.user, revision.reason) == (Verb.ADDED, senior, "Read.")
    assert revision.record_key == f"{TF}-{TARGET}"
    assert revision.changes["evidence"] == [None, EVIDENCE]
    # No document says anything of it that a pin would protect from; a statement may.
    assert [pin.field for pin in Pin.objects.all()] == ["effect"]
    assert list(find_breaches()) == []


def test_a_rejected_one_is_not_counted(senior: User, pair: tuple[Protein, Protein]) -> None:
    tf, target = pair
    actions.add_interaction(
        user=senior, tf=tf, target=target, values={"evidence": EVIDENCE, "status": 3}, reason="No."
    )
    assert counts() == NOT_COUNTED


def test_a_tf_that_regulates_itself_counts_twice(
    senior: User, pair: tuple[Protein, Protein]
) -> None:
    tf, _ = pair
    itself = actions.add_interaction(user=senior, tf=tf, target=tf, values={"evidence": EVIDENCE})
    assert counts()[0] == (1, 1)
    actions.remove_interaction(user=senior, interaction=itself)
    assert counts() == NOT_COUNTED


def test_what_is_not_added(senior: User, interaction: Interaction) -> None:
    tf, target = interaction.tf, interaction.target
    mouse = make_protein("Q9QXV3", code="Mm")
    refused: list[tuple[Protein, Protein, dict[str, Any], str]] = [
        (tf, target, {"evidence": EVIDENCE}, "is there already"),
        (tf, mouse, {"evidence": EVIDENCE}, "a TF regulates targets of its own species"),
        (target, tf, {}, "Say what supports it"),
        (target, tf, {"evidence": {**EVIDENCE, "sources": [], "pmids": []}}, "at least one source"),
        (target, tf, {"evidence": {**EVIDENCE, "sources": ["Wikipedia"]}}, "not a source database"),
        (target, tf, {"evidence": {**EVIDENCE, "pmids": [0]}}, "0"),
        (target, tf, {"evidence": EVIDENCE, "effect": 9}, "not one of the choices"),
        (target, tf, {"evidence": EVIDENCE, "reporting": 0}, "Nobody may change"),
        (target, tf, {"evidence": EVIDENCE, "status": 3}, "a reason is needed to reject"),
        (target, tf, {"evidence": EVIDENCE, "status": 2}, "a reason is needed to dispute"),
    ]
    for one, other, values, message in refused:
        with pytest.raises(ValidationError, match=message):
            actions.add_interaction(user=senior, tf=one, target=other, values=values)
    assert Interaction.objects.count() == Evidence.objects.count() == 1
    assert counts() == COUNTED
    assert not Revision.objects.exists()


# Amending


def test_evidence_is_changed_pinned_and_told(senior: User, interaction: Interaction) -> None:
    old = interaction.evidence_id
    revision = actions.amend_interaction(
        user=senior, interaction=interaction, values={"evidence": EVIDENCE}, reason="Read it."
    )
    assert revision is not None
    assert (revision.verb, revision.reason) == (Verb.AMENDED, "Read it.")
    assert list(revision.changes) == ["evidence"]
    before = revision.changes["evidence"][0]
    pin = Pin.objects.get()
    assert (pin.field, pin.source_value, pin.pinned_by) == ("evidence", before, senior)
    # What the document says stays, under the curator's word.
    assert Evidence.objects.filter(pk=old).exists()
    interaction.refresh_from_db()
    assert interaction.support.content().documents == evidence_from_json(before)
    assert list(find_breaches()) == []
    # Back to what the source says: nothing is left to protect.
    interaction.refresh_from_db()
    actions.amend_interaction(user=senior, interaction=interaction, values={"evidence": before})
    assert not Pin.objects.exists()


def test_shared_evidence_stays_for_the_others(
    senior: User, interaction: Interaction, pair: tuple[Protein, Protein]
) -> None:
    other = make_interaction(pair[1], pair[0])
    assert other.evidence_id == interaction.evidence_id
    actions.amend_interaction(user=senior, interaction=interaction, values={"evidence": EVIDENCE})
    other.refresh_from_db()
    assert other.evidence.content().methods == ("chromatin immunoprecipitation assay",)


def test_an_amendment_that_changes_nothing_writes_nothing(
    senior: User, interaction: Interaction
) -> None:
    change_at(LONG_AGO, Interaction.objects.all())
    assert not actions.amend_interaction(user=senior, interaction=interaction, values={"effect": 0})
    assert Interaction.objects.get().changed_at == LONG_AGO
    assert not Revision.objects.exists()
    actions.amend_interaction(user=senior, interaction=interaction, values={"effect": 1})
    assert Interaction.objects.get().changed_at > LONG_AGO


def test_counts_follow_what_is_stored_and_not_what_is_in_hand(
    senior: User, interaction: Interaction
) -> None:
    elsewhere = Interaction.objects.get()
    actions.reject_interaction(user=senior, interaction=elsewhere, reason="No.")
    with pytest.raises(ActionError, match="rejected already"):
        actions.reject_interaction(user=senior, interaction=interaction, reason="No.")
    assert counts() == NOT_COUNTED
    actions.reopen_interaction(user=senior, interaction=interaction)
    assert counts() == COUNTED


# Verdicts

VERDICTS: dict[str, tuple[Callable[..., Revision], Verb, ReviewStatus]] = {
    "confirm": (actions.confirm_interaction, Verb.CONFIRMED, ReviewStatus.CONFIRMED),
    "dispute": (actions.dispute_interaction, Verb.DISPUTED, ReviewStatus.DISPUTED),
    "reject": (actions.reject_interaction, Verb.REJECTED, ReviewStatus.REJECTED),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_a_verdict_and_its_way_back(senior: User, interaction: Interaction, name: str) -> None:
    operation, verb, status = VERDICTS[name]
    revision = operation(user=senior, interaction=interaction, reason="Looked at it.")
    assert (revision.verb, revision.reason, revision.user) == (verb, "Looked at it.", senior)
    reviewed = {"reviewed": [None, revision.change_id]}
    assert revision.changes == {"status": [0, int(status)], **reviewed}
    assert Interaction.objects.get().status == status
    assert counts() == (NOT_COUNTED if name == "reject" else COUNTED)
    assert not Pin.objects.exists()  # no source says anything of it
    with pytest.raises(ActionError, match="already"):
        operation(user=senior, interaction=interaction, reason="Again.")
    back = actions.reopen_interaction(user=senior, interaction=interaction)
    assert back.verb == Verb.REOPENED
    assert Interaction.objects.get().status == ReviewStatus.UNREVIEWED
    assert counts() == COUNTED


@pytest.mark.parametrize("reason", ["", "  \n ", "\x00", "\ud800", "x" * (MAX_COMMENT + 1)])
@pytest.mark.parametrize("name", ["dispute", "reject"])
def test_a_reason_is_demanded(
    senior: User, interaction: Interaction, name: str, reason: str
) -> None:
    with pytest.raises(ActionError):
        VERDICTS[name][0](user=senior, interaction=interaction, reason=reason)
    status = int(VERDICTS[name][2])
    for value in (status, str(status)):
        with pytest.raises(ActionError):
            actions.amend_interaction(
                user=senior, interaction=interaction, values={"status": value}, reason=reason
            )
    assert Interaction.objects.get().status == ReviewStatus.UNREVIEWED
    assert not Revision.objects.exists()


def test_what_is_rejected_is_reopened_first_and_by_whom(
    senior: User, curator: User, interaction: Interaction
) -> None:
    actions.reject_interaction(user=senior, interaction=interaction, reason="No.")
    for operation in (actions.confirm_interaction, actions.dispute_interaction):
        with pytest.raises(PermissionDenied):
            operation(user=curator, interaction=interaction, reason="Yes.")
        with pytest.raises(ActionError, match="reopen it first"):
            operation(user=senior, interaction=interaction, reason="Yes.")
    with pytest.raises(PermissionDenied):
        actions.reopen_interaction(user=curator, interaction=interaction)
    assert Interaction.objects.get().status == ReviewStatus.REJECTED
    assert actions.reopen_interaction(user=senior, interaction=interaction)


# Removing


def test_what_a_source_reports_is_not_removed(senior: User, interaction: Interaction) -> None:
    for reporting in (Reporting.REPORTED, Reporting.WITHDRAWN):
        Interaction.objects.update(reporting=reporting)
        with pytest.raises(ActionError, match="Reject it instead"):
            actions.remove_interaction(user=senior, interaction=interaction)
    assert counts() == COUNTED


def test_what_a_curator_added_goes_with_all_that_hangs_on_it(
    senior: User, curator: User, pair: tuple[Protein, Protein]
) -> None:
    tf, target = pair
    added = actions.add_interaction(
        user=senior, tf=tf, target=target, values={"evidence": EVIDENCE}
    )
    key = added.pk
    proposal = actions.propose(
        user=curator, kind=RecordKind.INTERACTION, record_id=key, values={"effect": 1}
    )
    actions.amend_interaction(
        user=senior, interaction=added, values={"evidence": {**EVIDENCE, "pmids": [1]}}
    )
    assert Pin.objects.get().source_value == EVIDENCE
    in_hand = Interaction.objects.get()
    actions.remove_interaction(user=senior, interaction=added, reason="A slip.")
    for model in (Interaction, Support, Evidence, Pin):
        assert not model._default_manager.exists()
    assert counts() == NOT_COUNTED
    last = Revision.objects.order_by("id").last()
    assert last is not None
    assert (last.verb, last.reason, last.record_id) == (Verb.REMOVED, "A slip.", key)
    assert last.changes["evidence"] == [{**EVIDENCE, "pmids": [1]}, None]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == (
        "superseded",
        "The record has been removed.",
    )
    with pytest.raises(RecordGoneError):
        actions.remove_interaction(user=senior, interaction=in_hand)
    assert counts() == NOT_COUNTED


def test_removing_a_rejected_one_leaves_the_counts(
    senior: User, pair: tuple[Protein, Protein]
) -> None:
    tf, target = pair
    make_interaction(tf, tf)
    rejected = actions.add_interaction(
        user=senior, tf=tf, target=target, values={"evidence": EVIDENCE, "status": 3}, reason="No."
    )
    actions.remove_interaction(user=senior, interaction=rejected)
    assert counts() == ((1, 1), (0, 0))


# For all of them


def operations(user: Any, interaction: Interaction) -> dict[str, Callable[[], Any]]:
    tf, target = interaction.tf, interaction.target
    given = {"user": user, "interaction": interaction}
    return {
        "add": lambda: actions.add_interaction(
            user=user, tf=target, target=tf, values={"evidence": EVIDENCE}
        ),
        "amend": lambda: actions.amend_interaction(**given, values={"effect": 1}),
        "confirm": lambda: actions.confirm_interaction(**given),
        "dispute": lambda: actions.dispute_interaction(**given, reason="Hm."),
        "reject": lambda: actions.reject_interaction(**given, reason="No."),
        "reopen": lambda: actions.reopen_interaction(**given),
        "remove": lambda: actions.remove_interaction(**given),
    }


#: What each may do of an interaction that is confirmed.
MAY = {
    "curator": {"dispute", "reopen"},
    "senior": {"add", "amend", "dispute", "reject", "reopen", "remove"},
    "superuser": {"add", "amend", "dispute", "reject", "reopen", "remove"},
    "administrator": set[str](),
    "staff": set[str](),
    "inactive": set[str](),
    "anonymous": set[str](),
    "nobody": set[str](),
}


def make(who: str) -> Any:
    if who in ("nobody", "anonymous"):
        return None if who == "nobody" else AnonymousUser()
    if who == "superuser":
        return User.objects.create_superuser(who)
    if who == "staff":
        return User.objects.create_user(who, is_staff=True)
    roles = {"curator": CURATOR, "administrator": ADMINISTRATOR}
    person = make_person(who, roles.get(who, SENIOR_CURATOR))
    if who == "inactive":
        person.is_active = False
        person.save()
        person = User.objects.get(pk=person.pk)
    return person


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("operation", ["add", "amend", "dispute", "reject", "reopen", "remove"])
def test_rights(interaction: Interaction, who: str, operation: str) -> None:
    Interaction.objects.update(status=ReviewStatus.CONFIRMED, reporting=Reporting.CURATED)
    rows = set(Interaction.objects.values_list())
    do = operations(make(who), interaction)[operation]
    if operation in MAY[who]:
        do()
        assert set(Interaction.objects.values_list()) != rows
    else:
        with pytest.raises(PermissionDenied):
            do()
        assert set(Interaction.objects.values_list()) == rows
        assert not Revision.objects.exists()


@pytest.mark.parametrize("who", ["curator", "senior"])
def test_curators_confirm(interaction: Interaction, who: str) -> None:
    assert operations(make(who), interaction)["confirm"]()


@pytest.mark.parametrize(
    "operation", ["amend", "confirm", "dispute", "reject", "remove"]
)  # fmt: skip
def test_what_changed_meanwhile_is_not_written_over(
    senior: User, interaction: Interaction, operation: str
) -> None:
    Interaction.objects.update(reporting=Reporting.CURATED)
    seen = version_of(RecordKind.INTERACTION, interaction.pk)
    actions.amend_interaction(
        user=make_person("colleague"), interaction=interaction, values={"effect": 2}
    )
    given = {"user": senior, "interaction": interaction, "reason": "Mine."}
    more = {"values": {"effect": 1}} if operation == "amend" else {}
    action = getattr(actions, f"{operation}_interaction")
    with pytest.raises(StaleError, match="by colleague") as refused:
        action(**given, **more, seen=seen)
    assert [revision.changes for revision in refused.value.revisions] == [{"effect": [0, 2]}]
    assert Revision.objects.count() == 1
    action(**given, **more, seen=version_of(RecordKind.INTERACTION, interaction.pk))


@pytest.mark.parametrize("operation", ["add", "amend", "dispute", "reject", "remove"])
def test_an_error_half_way_leaves_nothing(
    senior: User, interaction: Interaction, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Interaction.objects.update(reporting=Reporting.CURATED)
    rows = list(Interaction.objects.values_list())
    proposal = Proposal.objects.create(
        kind="interaction", record_id=interaction.pk, record_key="x", origin="curator",
        changes={"effect": [0, 1]},
    )  # fmt: skip

    def fail(*args: Any, **keys: Any) -> None:
        raise RuntimeError("half way")

    # The last things that each of them does.
    for name in (
        "curation.actions.writing.pin_changes",
        "curation.actions.interactions.drop_unused_support",
    ):
        monkeypatch.setattr(name, fail)
    if operation == "add":
        monkeypatch.setattr("curation.actions.interactions.record_revision", fail)
    with pytest.raises(RuntimeError):
        operations(senior, interaction)[operation]()
    assert list(Interaction.objects.values_list()) == rows
    assert counts() == COUNTED
    assert not Revision.objects.exists()
    proposal.refresh_from_db()
    assert proposal.state == "open"
    assert Evidence.objects.count() == 1
