"""While an import is being written an action waits, and is then refused whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from curation import actions
from curation.actions import BusyError
from curation.models import Comment, Proposal, RecordKind, Revision
from curation.permissions import CURATOR
from curation.shared import lock
from proteins.models import Interaction, Protein
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def import_at_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let another connection hold what an import holds while it writes."""
    if connection.vendor == "postgresql":
        monkeypatch.setattr(lock, "WRITE_LOCK_SECONDS", 1)
        other = connections.create_connection("default")
        try:
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock._ADVISORY_KEY + 1])
            yield
            other.rollback()
        finally:
            other.close()
        return
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        yield
        held.execute("ROLLBACK")


@pytest.fixture
def interaction() -> Interaction:
    return make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))


def operations(user: User, interaction: Interaction, proposal: Proposal) -> list[Callable[[], Any]]:
    tf, target = interaction.tf, interaction.target
    evidence = {"sources": ["GTRD"], "methods": [], "pmids": [], "small_scale": "no"}
    return [
        lambda: actions.amend_protein(user=user, protein=tf, values={"name": "x"}),
        lambda: actions.confirm_interaction(user=user, interaction=interaction),
        lambda: actions.add_interaction(
            user=user, tf=target, target=tf, values={"evidence": evidence}
        ),
        lambda: actions.merge_protein(user=user, secondary=tf, primary=target, reason="x"),
        lambda: actions.accept_proposal(user=user, proposal=proposal),
        lambda: actions.reject_proposal(user=user, proposal=proposal, reason="x"),
        lambda: actions.comment(user=user, proposal=proposal, text="x"),
        lambda: actions.propose(
            user=user, kind=RecordKind.PROTEIN, record_id=tf.pk, values={"name": "y"}
        ),
    ]


def test_nothing_is_written_meanwhile_and_all_is_well_afterwards(
    interaction: Interaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    senior = make_person("senior")
    proposal = actions.propose(
        user=make_person("curator", CURATOR),
        kind=RecordKind.PROTEIN,
        record_id=interaction.tf_id,
        values={"name": "p33"},
    )
    todo = operations(senior, interaction, proposal)
    with import_at_work(monkeypatch):
        for operation in todo:
            with pytest.raises(BusyError, match="An import is being written"):
                operation()
    for model in (Revision, Comment):
        assert not model._default_manager.exists()
    assert set(Protein.objects.values_list("name", flat=True)) == {"ING1", "BAX"}
    assert Proposal.objects.get().state == "open"
    for operation in todo[:2]:
        operation()
    assert Revision.objects.count() == 2


def test_who_may_not_is_told_that_and_need_not_wait(
    interaction: Interaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    curator = make_person("curator", CURATOR)
    with import_at_work(monkeypatch), pytest.raises(PermissionDenied):
        actions.amend_protein(user=curator, protein=interaction.tf, values={"name": "x"})
