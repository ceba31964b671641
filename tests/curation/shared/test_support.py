"""Support rows: looked up or made by content, and given to interactions with their evidence."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from curation.shared.changes import change_set
from curation.shared.support import Roles, SupportChange, support_for, write_roles
from proteins.domain.evidence import EvidenceContent
from proteins.domain.support import Role, SupportContent
from proteins.models import ChangeKind, Evidence, Interaction, Support, SupportPart
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
GTRD = EvidenceContent.of(["GTRD"])
REMAP = EvidenceContent.of(["ReMap"], pmids=[1])


def written(changes: dict[int, Roles]) -> dict[int, SupportChange]:
    with transaction.atomic(), change_set(ChangeKind.DESK):
        return write_roles(changes)


def test_one_row_for_one_content() -> None:
    content = SupportContent.of({Role.TABLE: GTRD, Role.TF_PAGE_3: REMAP})

    support = support_for(content)

    assert support_for(content) == support
    assert support.content() == content
    assert support.evidence.content() == GTRD.united(REMAP)
    assert {part.evidence.content() for part in support.parts.all()} == {GTRD, REMAP}


def test_roles_are_written_with_the_evidence_that_follows() -> None:
    tf = make_protein("Q9UK53")
    one = make_interaction(tf, make_protein("P04637"), sources=["GTRD"], methods=[], pmids=[])
    before = one.support.content()
    number = one.change_id

    changes = written({one.pk: {Role.STATEMENTS: REMAP}})

    one.refresh_from_db()
    after = one.support.content()
    assert changes == {one.pk: SupportChange(before, after)}
    assert after.by_role()[Role.STATEMENTS] == REMAP
    assert one.evidence == one.support.evidence
    assert one.evidence.content().sources == ("GTRD", "ReMap")
    assert one.change_id > number
    # Taken away again: what it was; nothing that is unused is left.
    assert written({one.pk: {Role.STATEMENTS: None}}) == {one.pk: SupportChange(after, before)}
    one.refresh_from_db()
    assert one.support.content() == before
    assert (Support.objects.count(), SupportPart.objects.count()) == (1, 1)
    assert Evidence.objects.get() == one.evidence


def test_what_changes_nothing_is_not_written() -> None:
    one = make_interaction(make_protein("Q9UK53"), make_protein("P04637"))
    content = one.evidence.content()

    assert written({one.pk: {Role.TABLE: content}, one.pk + 1: {Role.TABLE: content}}) == {}
    assert Interaction.objects.get().change_id == one.change_id


def test_queries_do_not_grow_with_interactions() -> None:
    tf = make_protein("Q9UK53")
    pairs = [make_interaction(tf, make_protein(f"P0463{number}")) for number in range(8)]
    numbers = []
    for some in (pairs[:2], pairs[2:]):
        with CaptureQueriesContext(connection) as queries:
            written({one.pk: {Role.STATEMENTS: REMAP} for one in some})
        numbers.append(len(queries))
    assert numbers[1] <= numbers[0]


def test_queries_do_not_grow_with_support_that_is_replaced() -> None:
    tf = make_protein("Q9UK53")
    pairs = [
        make_interaction(tf, make_protein(f"P0463{number}"), pmids=[number + 1])
        for number in range(8)
    ]
    numbers = []
    for some in (pairs[:2], pairs[2:]):
        with CaptureQueriesContext(connection) as queries:
            written({one.pk: {Role.TABLE: REMAP} for one in some})
        numbers.append(len(queries))
    assert numbers[1] <= numbers[0]
    assert (Support.objects.count(), Evidence.objects.count()) == (1, 1)
