"""A proposal that a reviewer sends back, or corrects and accepts."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from curation import actions
from curation.actions import ActionError, StaleError
from curation.models import (
    Comment,
    ImportRun,
    Origin,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    Revision,
)
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.public.record_history import history, open_reports
from curation.records.history import version_of
from proteins.models import Interaction, Protein, Statement
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, make_statement

pytestmark = pytest.mark.django_db
EVIDENCE = {"sources": ["GTRD"], "methods": [], "pmids": [27924024], "small_scale": "yes"}


@pytest.fixture
def ada(db: None) -> User:
    return make_person("ada", CURATOR)


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior", SENIOR_CURATOR)


@pytest.fixture
def protein(db: None) -> Protein:
    return make_protein("Q9UK53", "ING1", genes=[3621])


@pytest.fixture
def proposal(ada: User, protein: Protein) -> Proposal:
    return actions.propose(
        user=ada,
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        values={"name": "p33", "gene_ids": [1, 3621]},
        reason="Table 1.",
    )


def genes_of(protein: Protein) -> list[int]:
    return [gene.ncbi_gene_id for gene in protein.gene_ids.order_by("ncbi_gene_id")]


def test_sent_back_with_a_reason(senior: User, proposal: Proposal) -> None:
    with pytest.raises(ActionError, match="a reason is needed to send a proposal back"):
        actions.return_proposal(user=senior, proposal=proposal, comment=" ")
    returned = actions.return_proposal(user=senior, proposal=proposal, comment="Which table?")
    assert (returned.state, returned.decided_by) == (ProposalState.RETURNED, senior)
    assert returned.decision_reason == "Which table?"
    comment = Comment.objects.get()
    assert (comment.proposal, comment.author, comment.text) == (proposal, senior, "Which table?")
    assert not Revision.objects.exists()


def test_what_has_no_author_is_not_sent_back(senior: User, protein: Protein) -> None:
    conflict = Proposal.objects.create(
        kind="protein", record_id=protein.pk, record_key="Q9UK53", origin=Origin.IMPORT,
        changes={"name": ["ING1", "ING1A"]}, run=ImportRun.objects.create(command="import_pages"),
    )  # fmt: skip
    with pytest.raises(ActionError, match="no author here"):
        actions.return_proposal(user=senior, proposal=conflict, comment="Why?")
    with pytest.raises(ActionError, match="Only a colleague's proposal is corrected"):
        actions.accept_proposal(user=senior, proposal=conflict, values={"name": "x"})
    # Its source states the whole value; who changed ours meanwhile is asked again.
    actions.amend_protein(user=senior, protein=protein, values={"name": "p33"})
    with pytest.raises(ActionError, match="look at it by itself"):
        actions.accept_proposal(user=senior, proposal=conflict)
    conflict.refresh_from_db()
    assert conflict.state == "open"


def test_corrected_by_its_author_and_opened_again(
    ada: User, senior: User, protein: Protein, proposal: Proposal
) -> None:
    again = partial(actions.resubmit_proposal, proposal=proposal)
    with pytest.raises(ActionError, match="is open already"):
        again(user=ada, values={"name": "p33ING1"})
    actions.return_proposal(user=senior, proposal=proposal, comment="Which table?")
    actions.amend_protein(user=senior, protein=protein, values={"gene_ids": [2, 3621]})
    with pytest.raises(ActionError, match="Only who opened"):
        again(user=senior, values={"name": "p33ING1"})
    with pytest.raises(ActionError, match="Nothing would change"):
        again(user=ada, values={"name": "ING1"})
    with pytest.raises(StaleError):
        again(user=ada, values={"name": "p33ING1"}, seen=0)
    opened = again(user=ada, values={"name": "p33ING1", "gene_ids": [1, 2, 3621]})
    assert (opened.state, opened.decided_by, opened.decided_at) == ("open", None, None)
    assert (opened.decision_reason, opened.comment) == ("", "Table 1.")
    assert opened.changes == {
        "name": ["ING1", "p33ING1"],
        "gene_ids": {"added": [1], "removed": []},
    }
    actions.accept_proposal(user=senior, proposal=opened)
    protein.refresh_from_db()
    assert (protein.name, genes_of(protein)) == ("p33ING1", [1, 2, 3621])


def test_the_reason_of_the_second_time(ada: User, senior: User, proposal: Proposal) -> None:
    actions.return_proposal(user=senior, proposal=proposal, comment="Which table?")
    opened = actions.resubmit_proposal(
        user=ada, proposal=proposal, values={"name": "p33"}, reason="Table 2."
    )
    assert opened.comment == "Table 2."


def test_what_was_sent_back_can_be_withdrawn_or_rejected(
    ada: User, senior: User, proposal: Proposal
) -> None:
    actions.return_proposal(user=senior, proposal=proposal, comment="Which table?")
    with pytest.raises(ActionError, match="is sent back already"):
        actions.accept_proposal(user=senior, proposal=proposal)
    assert actions.withdraw_proposal(user=ada, proposal=proposal).state == "withdrawn"
    Proposal.objects.update(state=ProposalState.RETURNED)
    rejected = actions.reject_proposal(user=senior, proposal=proposal, reason="No answer.")
    assert rejected.state == "rejected"


def test_what_was_sent_back_goes_with_its_record(
    senior: User, protein: Protein, proposal: Proposal
) -> None:
    actions.return_proposal(user=senior, proposal=proposal, comment="Which table?")
    actions.amend_protein(
        user=senior, protein=protein, values={"name": "p33", "gene_ids": [1, 3621]}
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == (
        "superseded", "The record says so already.",
    )  # fmt: skip


def test_corrected_and_accepted(
    ada: User, senior: User, protein: Protein, proposal: Proposal
) -> None:
    accept = partial(actions.accept_proposal, user=senior, proposal=proposal)
    with pytest.raises(ActionError, match="Nothing would change"):
        accept(values={"name": "ING1"})
    with pytest.raises(ValidationError, match="Nobody may change the accession"):
        accept(values={"accession": "P04637"})
    proposal.refresh_from_db()
    assert proposal.state == "open", "what is wrong with a correction is the reviewer's"
    actions.amend_protein(user=senior, protein=protein, values={"declared_tf": True})
    with pytest.raises(StaleError):
        accept(values={"name": "p33ING1"}, seen=0)
    seen = version_of(RecordKind.PROTEIN, protein.pk)
    accepted = accept(values={"name": "p33ING1"}, seen=seen, reason="So in Table 1.")
    protein.refresh_from_db()
    assert (protein.name, genes_of(protein)) == ("p33ING1", [3621])
    assert accepted.changes == {
        "name": ["ING1", "p33"],
        "gene_ids": {"added": [1], "removed": []},
    }
    assert accepted.applied == {"name": ["ING1", "p33ING1"]}
    revision = Revision.objects.latest("id")
    assert revision.proposal is not None
    assert (revision.user, revision.proposal.author) == (senior, ada)
    assert Pin.objects.get(field="name").pinned_by == ada


def test_a_new_pair_is_corrected_and_accepted(ada: User, senior: User, protein: Protein) -> None:
    target = make_protein("Q07812", "BAX")
    proposal = actions.propose_interaction(
        user=ada, tf=protein, target=target, values={"evidence": EVIDENCE}
    )
    accepted = actions.accept_proposal(
        user=senior, proposal=proposal, values={"evidence": {**EVIDENCE, "pmids": [5]}, "effect": 1}
    )
    added = Interaction.objects.get()
    assert (added.evidence.content().pmids, added.effect) == ((5,), 1)
    assert accepted.changes == {"evidence": [None, EVIDENCE]}
    assert accepted.applied == {
        "evidence": [None, {**EVIDENCE, "pmids": [5]}],
        "effect": [None, 1],
    }


def test_a_new_pair_is_opened_again(ada: User, senior: User, protein: Protein) -> None:
    target = make_protein("Q07812", "BAX")
    proposal = actions.propose_interaction(
        user=ada, tf=protein, target=target, values={"evidence": EVIDENCE}
    )
    actions.return_proposal(user=senior, proposal=proposal, comment="Which paper?")
    again: dict[str, Any] = {"evidence": {**EVIDENCE, "pmids": [5]}}
    opened = actions.resubmit_proposal(user=ada, proposal=proposal, values=again)
    assert opened.changes == {"evidence": [None, again["evidence"]]}
    actions.accept_proposal(user=senior, proposal=opened)
    assert Interaction.objects.get().evidence.content().pmids == (5,)


# Statements


@pytest.fixture
def interaction(protein: Protein) -> Interaction:
    return make_interaction(protein, make_protein("Q07812", "BAX"))


def test_a_statement_that_is_there_is_not_proposed(ada: User, interaction: Interaction) -> None:
    first = make_statement(interaction, pmid=7, method="selex")
    other = make_statement(interaction, pmid=8, method="selex")
    with pytest.raises(ActionError, match="states just that of it already"):
        actions.propose_statement(
            user=ada, interaction=interaction, values={"pmid": 7, "method": "selex"}
        )
    change = partial(actions.propose, user=ada, kind=RecordKind.STATEMENT, record_id=other.pk)
    with pytest.raises(ActionError, match="states just that of it already"):
        change(values={"pmid": 7})
    assert change(values={"pmid": 9}).changes == {"pmid": [8, 9]}
    assert Statement.objects.get(pk=first.pk).citation_id == first.citation_id
    assert Statement.objects.count() == 2


def test_a_statement_that_came_to_be_there_goes_back(
    ada: User, senior: User, interaction: Interaction
) -> None:
    propose = partial(actions.propose_statement, user=ada, interaction=interaction)
    proposal = propose(values={"pmid": 7})
    actions.add_statement(user=senior, interaction=interaction, values={"pmid": 7})
    returned = actions.accept_proposal(user=senior, proposal=proposal)
    assert returned.state == "returned"
    assert "states just that of it already" in returned.decision_reason
    assert Statement.objects.count() == 1
    opened = actions.resubmit_proposal(user=ada, proposal=proposal, values={"pmid": 8})
    actions.accept_proposal(user=senior, proposal=opened)
    assert Statement.objects.count() == 2


# What the public reads


def test_the_public_history_says_what_was_added_and_that_two_had_a_part(
    ada: User, senior: User, protein: Protein
) -> None:
    add = partial(actions.propose, kind=RecordKind.PROTEIN, record_id=protein.pk)
    first = add(user=ada, values={"gene_ids": [1, 3621]})
    second = add(user=make_person("eve", CURATOR), values={"gene_ids": [2, 3621]})
    actions.return_proposal(user=senior, proposal=second, comment="Which paper?")
    waits = "A change proposed by a curator awaits a decision."
    texts = [one.text for one in open_reports(RecordKind.PROTEIN, protein.pk)]
    assert texts == [waits, waits], "that one is with its author is the desk's own"
    actions.accept_proposal(user=senior, proposal=first)
    (event,) = history(RecordKind.PROTEIN, protein.pk).events
    assert event.text == "Amended by a curator. Another curator had proposed it."
    assert event.details == ("NCBI gene IDs, added: 1",)
