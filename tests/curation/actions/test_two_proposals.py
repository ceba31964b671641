"""Two curators propose one more item each for one record: accepting both leaves both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django.contrib.auth.models import User
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from curation import actions
from curation.actions import ActionError
from curation.checks import find_breaches
from curation.models import Proposal, ProposalState, RecordKind, Revision
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.records import records_of
from curation.records.facets import refacet
from curation.records.history import version_of
from curation.records.wording import in_words
from curation.shared.field_changes import sides
from proteins.models import Interaction, Protein, Statement
from tests.curation.admin.queue import press, the_list
from tests.curation.at_once import all_at_once, in_a_thread, share_database
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein, make_site
from tests.thoroughness import examples

AUTHORS = ("ada", "eve")


@dataclass(frozen=True)
class Addition:
    """A field of a record to which each of two authors adds an item."""

    kind: RecordKind
    field: str
    #: The part of the field, where it has parts.
    part: str
    items: tuple[Any, Any]

    @property
    def record_id(self) -> int:
        rows = records_of(self.kind).model._default_manager.filter(**_WHICH.get(self.kind, {}))
        key: int = rows.get().pk
        return key

    def now(self) -> list[Any]:
        records = records_of(self.kind)
        value = records.values(records.get(self.record_id))[self.field]
        items: list[Any] = value[self.part] if self.part else value
        return items

    def proposed_by(self, author: str, item: Any) -> Proposal:
        records = records_of(self.kind)
        value = records.values(records.get(self.record_id))[self.field]
        more = sorted([*(value[self.part] if self.part else value), item])
        return actions.propose(
            user=make_person(author, CURATOR),
            kind=self.kind,
            record_id=self.record_id,
            values={self.field: {**value, self.part: more} if self.part else more},
        )


_WHICH: dict[str, dict[str, Any]] = {RecordKind.PROTEIN: {"accession": "Q9UK53"}}
ADDITIONS = {
    "databases": Addition(RecordKind.INTERACTION, "evidence", "sources", ("JASPAR", "TRRUST")),
    "methods": Addition(RecordKind.INTERACTION, "evidence", "methods", ("selex", "western blot")),
    "publications": Addition(RecordKind.INTERACTION, "evidence", "pmids", (11, 12)),
    "gene IDs": Addition(RecordKind.PROTEIN, "gene_ids", "", (7157, 1)),
    "matrices": Addition(RecordKind.PROTEIN, "jaspar_matrices", "", ("MA0106.3", "MA0001.1")),
    "orthologs": Addition(
        RecordKind.PROTEIN, "orthologs", "",
        (["Mus musculus", "P1", False], ["Mus musculus", "P2", True]),
    ),
    "publications of a site": Addition(RecordKind.BINDING_SITE, "evidence", "pmids", (11, 12)),
}  # fmt: skip

Accept: TypeAlias = Callable[[User, list[Proposal]], str]


def by_action(senior: User, proposals: list[Proposal]) -> str:
    for proposal in proposals:
        actions.accept_proposal(user=senior, proposal=proposal)
    return ""


def by_page(senior: User, proposals: list[Proposal]) -> str:
    """Both pages are open before either is accepted."""
    client, text = browser_of(senior), ""
    seen = [version_of(one.kind, one.record_id or 0) for one in proposals]
    for proposal, version in zip(proposals, seen, strict=True):
        text += press(client, proposal, "accept", seen=version, follow=True).text
    return text


def in_bulk(senior: User, proposals: list[Proposal]) -> str:
    client, chosen = browser_of(senior), {"_selected_action": [one.pk for one in proposals]}
    confirmation = client.post(the_list(), {**chosen, "action": "accept_selected"})
    assert len(confirmation.context["possible"]) == len(proposals)
    return client.post(the_list("several/accept/"), chosen).text


WAYS: dict[str, Accept] = {"by action": by_action, "by page": by_page, "in bulk": in_bulk}


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior", SENIOR_CURATOR)


def make_records() -> None:
    tf = make_protein("Q9UK53", "ING1", genes=[3621])
    make_interaction(tf, make_protein("Q07812", "BAX"))
    make_site(tf, 1)
    refacet([tf.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ADDITIONS)
def test_both_stay(senior: User, name: str, way: str) -> None:
    make_records()
    addition = ADDITIONS[name]
    before = addition.now()
    pairs = zip(AUTHORS, addition.items, strict=True)
    proposals = [addition.proposed_by(*pair) for pair in pairs]
    text = WAYS[way](senior, proposals)
    assert addition.now() == sorted([*before, *addition.items])
    assert set(Proposal.objects.values_list("state", flat=True)) == {"accepted"}
    for proposal, item in zip(Proposal.objects.order_by("pk"), addition.items, strict=True):
        assert proposal.applied == proposal.changes
        ((_, added),) = (sides(change) for change in proposal.changes.values())
        assert (added[addition.part] if addition.part else added) == [item]
        assert not text or f"adds {in_words(addition.kind, addition.field, added)}" in text
    credits_ = Revision.objects.order_by("pk").values_list(
        "user__username", "proposal__author__username"
    )
    assert list(credits_) == [("senior", "ada"), ("senior", "eve")]
    assert list(find_breaches()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_both_statements_stay(senior: User, way: str) -> None:
    make_records()
    proposals = statements_proposed(Interaction.objects.get())
    WAYS[way](senior, proposals)
    stated = Statement.objects.order_by("pk").values_list("citation__pmid", "curator")
    assert list(stated) == [(11, "ada"), (12, "eve")]
    assert {11, 12} < set(Interaction.objects.get().evidence.content().pmids)
    assert list(find_breaches()) == []


def statements_proposed(interaction: Interaction) -> list[Proposal]:
    return [
        actions.propose_statement(
            user=make_person(author, CURATOR), interaction=interaction, values={"pmid": pmid}
        )
        for author, pmid in zip(AUTHORS, (11, 12), strict=True)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["databases", "orthologs"])
def test_both_stay_where_two_accept_at_the_same_moment(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_records()
    addition = ADDITIONS[name]
    before = addition.now()
    pairs = zip(AUTHORS, addition.items, strict=True)
    proposals = [addition.proposed_by(*pair) for pair in pairs]
    proposals += statements_proposed(Interaction.objects.get())
    people = [make_person(f"senior {number}", SENIOR_CURATOR) for number in range(4)]
    share_database(tmp_path, monkeypatch)
    accepted = all_at_once(
        [
            partial(actions.accept_proposal, user=user, proposal=proposal)
            for user, proposal in zip(people, proposals, strict=True)
        ]
    )
    assert [proposal.state for proposal in accepted] == ["accepted"] * 4
    assert in_a_thread(addition.now) == sorted([*before, *addition.items])
    assert in_a_thread(Statement.objects.count) == 2
    assert in_a_thread(lambda: list(find_breaches())) == []


@pytest.mark.django_db
def test_what_is_there_already_is_not_added_again(senior: User) -> None:
    make_records()
    protein = Protein.objects.get(accession="Q9UK53")
    proposal = actions.propose(
        user=make_person("ada", CURATOR),
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        values={"gene_ids": [1, 2, 3621]},
    )
    actions.amend_protein(user=senior, protein=protein, values={"gene_ids": [1, 3621]})
    text = by_page(senior, [proposal])
    assert "adds 2" in text
    accepted = Proposal.objects.get()
    assert accepted.applied == {"gene_ids": {"added": [2], "removed": []}}
    page = browser_of(senior).get(f"/admin/curation/proposal/{proposal.pk}/change/")
    assert "What accepting it changed" in page.text


@pytest.mark.django_db
def test_an_ortholog_is_one_by_its_species_and_identifier(senior: User) -> None:
    make_records()
    protein = Protein.objects.get(accession="Q9UK53")
    change = partial(actions.amend_protein, user=senior, protein=protein)
    change(values={"orthologs": [["Mus musculus", "P1", False]]})
    flag = actions.propose(
        user=make_person("ada", CURATOR), kind=RecordKind.PROTEIN, record_id=protein.pk,
        values={"orthologs": [["Mus musculus", "P1", True]]},
    )  # fmt: skip
    change(values={"orthologs": [["Mus musculus", "P2", False]]})
    returned = actions.accept_proposal(user=senior, proposal=flag)
    assert (returned.state, "orthologs" in returned.decision_reason) == ("returned", True)
    change(values={"orthologs": [["Mus musculus", "P1", False], ["Mus musculus", "P2", False]]})
    again = actions.resubmit_proposal(
        user=flag.author, proposal=flag,
        values={"orthologs": [["Mus musculus", "P1", True], ["Mus musculus", "P2", False]]},
    )  # fmt: skip
    actions.accept_proposal(user=senior, proposal=again)
    records = records_of(RecordKind.PROTEIN)
    assert records.values(records.get(protein.pk))["orthologs"] == [
        ["Mus musculus", "P1", True],
        ["Mus musculus", "P2", False],
    ]


@pytest.mark.django_db
def test_what_a_rule_forbids_by_now_goes_back(senior: User) -> None:
    """One takes the only database away, the other the only publication."""
    make_records()
    interaction = Interaction.objects.get()
    evidence = records_of(RecordKind.INTERACTION).values(interaction)["evidence"]
    first, second = (
        actions.propose(
            user=make_person(author, CURATOR), kind=RecordKind.INTERACTION,
            record_id=interaction.pk, values={"evidence": {**evidence, part: []}},
        )
        for author, part in zip(AUTHORS, ("sources", "pmids"), strict=True)
    )  # fmt: skip
    assert actions.accept_proposal(user=senior, proposal=first).state == "accepted"
    back = actions.accept_proposal(user=senior, proposal=second)
    assert back.state == "returned"
    assert "Give at least one source database or one publication" in back.decision_reason
    assert Interaction.objects.get().evidence.content().pmids == (27924024,)


# Any sequence

FIELDS = {
    "gene_ids": (RecordKind.PROTEIN, (1, 2, 3)),
    "jaspar_matrices": (RecordKind.PROTEIN, ("MA0001.1", "MA0002.1")),
    "sources": (RecordKind.INTERACTION, ("JASPAR", "TRRUST")),
    "pmids": (RecordKind.INTERACTION, (1, 2, 3)),
}
ITEMS = st.sampled_from([(name, item) for name, (_, items) in FIELDS.items() for item in items])
STEPS = st.one_of(
    st.tuples(st.sampled_from(["propose", "edit"]), ITEMS),
    st.tuples(st.just("accept"), st.integers(0, 5)),
)


class TestAnySequence(TestCase):
    """Proposals, edits and acceptances in any order: nothing accepted is lost."""

    @settings(max_examples=examples(12), deadline=None)
    @given(st.lists(STEPS, min_size=3, max_size=14))
    def test_what_was_accepted_is_there(self, steps: list[tuple[str, Any]]) -> None:
        make_records()
        self.expected: dict[str, set[Any]] = {name: set(self.present(name)) for name in FIELDS}
        self.waiting: list[tuple[Proposal, str, set[Any], set[Any]]] = []
        for step, what in steps:
            if step == "accept":
                self.accept(what)
            else:
                self.toggle(step, *what)
        for name in FIELDS:
            assert set(self.present(name)) == self.expected[name]
        assert not Proposal.objects.filter(state=ProposalState.RETURNED).exists()

    def record(self, name: str) -> Protein | Interaction:
        if FIELDS[name][0] == RecordKind.PROTEIN:
            return Protein.objects.get(accession="Q9UK53")
        return Interaction.objects.get()

    def present(self, name: str) -> list[Any]:
        kind = FIELDS[name][0]
        records = records_of(kind)
        values = records.values(records.get(self.record(name).pk))
        items: list[Any] = (values if kind == RecordKind.PROTEIN else values["evidence"])[name]
        return items

    def toggle(self, step: str, name: str, item: Any) -> None:
        """Add an item, or take it away where it is there: now, or as a proposal."""
        kind, record = FIELDS[name][0], self.record(name)
        now = set(self.present(name))
        items = sorted(now ^ {item})
        values: dict[str, Any] = {name: items}
        if kind == RecordKind.INTERACTION:
            records = records_of(kind)
            present = records.values(records.get(record.pk))["evidence"]
            values = {"evidence": {**present, name: items}}
        if step == "edit":
            senior = make_person("senior", SENIOR_CURATOR)
            if isinstance(record, Protein):
                actions.amend_protein(user=senior, protein=record, values=values)
            else:
                actions.amend_interaction(user=senior, interaction=record, values=values)
            self.expected[name] = set(items)
            return
        with suppress(ActionError):  # the same waits already
            proposal = actions.propose(
                user=make_person("ada", CURATOR), kind=kind, record_id=record.pk, values=values
            )
            self.waiting.append((proposal, name, {item} - now, {item} & now))

    def accept(self, position: int) -> None:
        if position >= len(self.waiting):
            return
        proposal, name, added, removed = self.waiting.pop(position)
        proposal.refresh_from_db()
        if proposal.state == ProposalState.SUPERSEDED:  # the record came to say so
            return
        accepted = actions.accept_proposal(
            user=make_person("senior", SENIOR_CURATOR), proposal=proposal
        )
        assert accepted.state == ProposalState.ACCEPTED
        self.expected[name] = (self.expected[name] - removed) | added
