"""Actions on statements, and what an interaction has from its statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from curation import actions
from curation.actions import ActionError
from curation.checks import find_breaches
from curation.models import Pin, Proposal, ProposalState, RecordKind, Revision, Verb
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.records.restate import effect_of
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.models import DetectionMethod, Effect, Interaction, Statement
from proteins.queries.content_digest import content_digest
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
UP = {"effect": Sign.ACTIVATION, "basis": Basis.STATED}
DOWN = {"effect": Sign.REPRESSION, "basis": Basis.STATED}


@pytest.fixture
def senior(db: None) -> User:
    DetectionMethod.objects.get_or_create(name="selex")
    return make_person("senior", SENIOR_CURATOR)


@pytest.fixture
def interaction(db: None) -> Interaction:
    return make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))


def state(user: User, interaction: Interaction, pmid: int = 11, **values: Any) -> Statement:
    return actions.add_statement(
        user=user, interaction=interaction, values={"pmid": pmid, **values}, reason="Read it."
    )


def breaches() -> list[str]:
    return [str(breach) for breach in find_breaches()]


def now(interaction: Interaction) -> Interaction:
    return Interaction.objects.get(pk=interaction.pk)


def test_statement_adds_its_paper_its_method_and_its_effect(
    senior: User, interaction: Interaction
) -> None:
    documents = interaction.evidence.content()
    made = state(senior, interaction, 11, method="selex", cell_line="HeLa", quotation="X", **UP)
    stored = now(interaction)
    content = stored.evidence.content()
    assert set(content.pmids) == {*documents.pmids, 11}
    assert "selex" in content.methods
    assert content.sources == documents.sources
    assert stored.effect == Effect.ACTIVATION
    assert (made.curator, made.dataset.name) == ("senior", "Curated here")
    restated = Revision.objects.get(kind=RecordKind.INTERACTION, verb=Verb.RESTATED)
    assert restated.changes["effect"] == [Effect.UNKNOWN, Effect.ACTIVATION]
    assert breaches() == []


def test_effects_of_two_papers_come_to_both_and_retraction_takes_one_back(
    senior: User, interaction: Interaction
) -> None:
    state(senior, interaction, 11, **UP)
    digest = content_digest()
    other = state(senior, interaction, 12, **DOWN)
    assert now(interaction).effect == Effect.BOTH
    actions.retract_statement(user=senior, statement=other, reason="The blot is of another gene.")
    stored = now(interaction)
    assert stored.effect == Effect.ACTIVATION
    assert 12 not in stored.evidence.content().pmids
    other.refresh_from_db()
    assert (other.state, other.state_reason) == (
        StatementState.RETRACTED,
        "The blot is of another gene.",
    )
    assert content_digest() != digest  # the retracted statement is still content
    actions.reinstate_statement(user=senior, statement=other)
    assert now(interaction).effect == Effect.BOTH
    assert breaches() == []


def test_inferred_effects_set_none(senior: User, interaction: Interaction) -> None:
    state(senior, interaction, effect=Sign.ACTIVATION, basis=Basis.INFERRED)
    assert now(interaction).effect == Effect.UNKNOWN


def test_pinned_effect_outlives_statements_and_is_discussed(
    senior: User, interaction: Interaction
) -> None:
    actions.amend_interaction(
        user=senior,
        interaction=interaction,
        values={"effect": Effect.REPRESSION},
        reason="My judgement.",
    )
    assert Pin.objects.get(field="effect").source_value == Effect.UNKNOWN
    state(senior, interaction, 11, **UP)
    assert now(interaction).effect == Effect.REPRESSION
    proposal = Proposal.objects.get(state=ProposalState.OPEN)
    assert proposal.changes == {"effect": [Effect.REPRESSION, Effect.ACTIVATION]}
    assert breaches() == []


def test_pin_is_released_where_statements_catch_up(senior: User, interaction: Interaction) -> None:
    actions.amend_interaction(
        user=senior, interaction=interaction, values={"effect": Effect.ACTIVATION}, reason="So."
    )
    state(senior, interaction, 11, **UP)
    assert not Pin.objects.filter(field="effect").exists()
    assert now(interaction).effect == Effect.ACTIVATION


def test_same_statement_twice_is_refused(senior: User, interaction: Interaction) -> None:
    state(senior, interaction, 11, **UP)
    with pytest.raises(ActionError, match="Curated here states just that of it already"):
        state(senior, interaction, 11, **UP)
    other = state(senior, interaction, 12, **UP)
    with pytest.raises(ActionError, match="states just that"):
        actions.amend_statement(user=senior, statement=other, values={"pmid": 11}, reason="Typo.")
    assert Statement.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "pmid"),
        ({"pmid": "x"}, "pmid"),
        ({"pmid": 11, "effect": Sign.ACTIVATION}, "basis"),
        ({"pmid": 11, "method": "divination"}, "method"),
        ({"pmid": 11, "eco": "ECO:1"}, "eco"),
        ({"pmid": 11, "quotation": "x" * 501}, "quotation"),
    ],
)
def test_rules_of_a_statement(
    senior: User, interaction: Interaction, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.add_statement(user=senior, interaction=interaction, values=values)
    assert field in caught.value.message_dict


def test_amending_changes_what_it_adds(senior: User, interaction: Interaction) -> None:
    made = state(senior, interaction, 11, **UP)
    actions.amend_statement(user=senior, statement=made, values={"pmid": 13}, reason="Typo.")
    assert {11, 13} & set(now(interaction).evidence.content().pmids) == {13}
    assert breaches() == []


def test_statements_demand_the_right(interaction: Interaction, db: None) -> None:
    with pytest.raises(PermissionDenied):
        state(make_person("junior", CURATOR), interaction)


def test_going_back_to_a_version_takes_what_it_adds_with_it(
    senior: User, interaction: Interaction
) -> None:
    made = state(senior, interaction, 11, **UP)
    added = Revision.objects.get(kind=RecordKind.STATEMENT)
    actions.amend_statement(user=senior, statement=made, values={**DOWN, "pmid": 12}, reason="No.")
    actions.retract_statement(user=senior, statement=made, reason="Wrong.")
    actions.revert(
        user=senior, kind=RecordKind.STATEMENT, record_id=made.pk, version=added.pk, reason="Yes."
    )
    stored = now(interaction)
    assert stored.effect == Effect.ACTIVATION
    assert 11 in stored.evidence.content().pmids
    assert breaches() == []


def test_interaction_with_statements_is_not_removed(senior: User, interaction: Interaction) -> None:
    added = actions.add_interaction(
        user=senior,
        tf=interaction.target,
        target=interaction.tf,
        values={"evidence": {"sources": [], "methods": [], "pmids": [7], "small_scale": "yes"}},
    )
    state(senior, added, 11)
    with pytest.raises(ActionError, match="statements name it"):
        actions.remove_interaction(user=senior, interaction=added, reason="Wrong.")
    assert breaches() == []


def test_statements_follow_when_their_interactions_become_one(
    senior: User, interaction: Interaction
) -> None:
    old = make_protein("P00001", "ING1-old")
    absorbed, moved = (
        make_interaction(old, interaction.target),
        make_interaction(old, interaction.tf),
    )
    older = state(senior, absorbed, 11, cell_line="HeLa", **UP)
    same = state(senior, interaction, 11, cell_line="HeLa", **UP)
    state(senior, interaction, 12, **DOWN)
    follows = state(senior, moved, 13, **UP)
    wrong = actions.retract_statement(user=senior, statement=same, reason="Another gene.")
    actions.amend_interaction(
        user=senior, interaction=absorbed, values={"effect": Effect.BOTH}, reason="My judgement."
    )
    waiting = actions.propose_statement(
        user=senior, interaction=absorbed, values={"pmid": 14, "method": ""}, reason="Read it."
    )
    actions.merge_protein(user=senior, secondary=old, primary=interaction.tf, reason="One gene.")
    assert not Statement.objects.filter(pk=same.pk).exists()
    older.refresh_from_db()
    assert (older.interaction_id, older.state) == (interaction.pk, StatementState.RETRACTED)
    assert older.state_reason == wrong.reason
    stored = now(interaction)
    assert stored.effect == Effect.BOTH
    assert Pin.objects.get(record_id=interaction.pk, field="effect").source_value == (
        Effect.REPRESSION
    )
    assert not {11} & set(stored.evidence.content().pmids)
    follows.refresh_from_db()
    assert follows.interaction.key == "Q9UK53-Q9UK53"
    assert now(follows.interaction).effect == Effect.ACTIVATION
    waiting.refresh_from_db()
    assert (waiting.record_key, waiting.state) == ("Q9UK53-Q07812", ProposalState.OPEN)
    assert breaches() == []


@given(st.lists(st.sampled_from([sign.value for sign in Sign])))
def test_effect_does_not_depend_on_the_order_of_signs(signs: list[int]) -> None:
    assert effect_of(signs) == effect_of(reversed(signs)) == effect_of({*signs})
