"""What the migration makes of reviews and imports of before."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import import_pages
from curation.models import Batch, Revision
from proteins.models import Interaction, Review
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein
from tests.places import PAGES

pytestmark = pytest.mark.django_db
migration = import_module("curation.migrations.0024_batches")
editor = SimpleNamespace(connection=connection)


def test_reviews_of_before_have_the_change_that_they_are_from() -> None:
    ann = make_person("ann")
    tf = make_protein("Q9UK53")
    rows = [make_interaction(tf, make_protein(f"P0000{number}")) for number in range(3)]
    actions.dispute_interaction(user=ann, interaction=rows[0], reason="Old.")
    confirmed = actions.confirm_interaction(user=ann, interaction=rows[0])
    actions.amend_interaction(user=ann, interaction=rows[0], values={"effect": 1})
    rejected = actions.reject_interaction(user=ann, interaction=rows[1], reason="Wrong.")
    Review.objects.all().delete()
    for revision in Revision.objects.all():
        revision.changes.pop("reviewed", None)
        revision.save()

    migration.fill_reviews(apps, editor)

    assert dict(Review.objects.values_list("interaction", "change")) == {
        rows[0].pk: confirmed.change_id,
        rows[1].pk: rejected.change_id,
    }
    assert Interaction.objects.filter(review=None).count() == 1
    assert not list(find_breaches())


def test_imports_of_before_are_batches() -> None:
    run = import_pages([PAGES / "q9uk53.md"]).run_id
    before = Batch.objects.get()
    Batch.objects.all().delete()

    migration.add_imports(apps, editor)

    assert Batch.objects.get() == before
    assert Batch.objects.get().run_id == run
