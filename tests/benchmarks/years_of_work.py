"""What a desk holds after years: a long history, proposals, pins and comments.

    DATABASE_URL=... python -m tests.benchmarks.years_of_work

adds them to a database that holds proteins and interactions, for `desk_speed` to look at.
The rows are as the desk writes them, and made up: it is no database to go on with.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from curation.models import (  # noqa: E402
    Comment,
    Origin,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    Revision,
    Verb,
)
from curation.permissions import CURATOR  # noqa: E402
from proteins.models import Protein  # noqa: E402

REVISIONS, PROPOSALS, COMMENTS, PEOPLE = 200_000, 20_000, 20_000, 30
YEARS = timedelta(days=5 * 365)


def people() -> list[User]:
    added = []
    for number in range(PEOPLE):
        user, _ = User.objects.get_or_create(username=f"years-{number}")
        user.groups.add(Group.objects.get(name=CURATOR))
        added.append(user)
    return added


def revisions(
    proteins: list[Protein], users: list[User], chance: random.Random
) -> Iterator[Revision]:
    now = timezone.now()
    for number in range(REVISIONS):
        protein = chance.choice(proteins)
        yield Revision(
            kind=RecordKind.PROTEIN,
            record_id=protein.pk,
            record_key=protein.accession,
            verb=Verb.AMENDED,
            changes={"name": [f"name {number}", protein.name]},
            user=chance.choice(users),
            reason=f"made up, {number}",
            at=now - YEARS * (1 - number / REVISIONS),
        )


def proposals(
    proteins: list[Protein], users: list[User], chance: random.Random
) -> Iterator[Proposal]:
    states = [*ProposalState.values, ProposalState.OPEN]
    for number in range(PROPOSALS):
        protein = chance.choice(proteins)
        yield Proposal(
            kind=RecordKind.PROTEIN,
            record_id=protein.pk,
            record_key=protein.accession,
            changes={"name": [protein.name, f"name {number}"]},
            origin=chance.choice([Origin.CURATOR, Origin.PUBLIC]),
            author=chance.choice(users),
            comment=f"made up, {number}",
            state=chance.choice(states),
            taxon_id=protein.taxon_id,
            assigned_to=chance.choice([None, *users]),
        )


def main() -> None:
    chance = random.Random(4)
    proteins = list(Protein.objects.order_by("pk"))
    users = people()
    with transaction.atomic():
        Revision.objects.bulk_create(revisions(proteins, users, chance), batch_size=2000)
        Proposal.objects.bulk_create(proposals(proteins, users, chance), batch_size=2000)
        Pin.objects.bulk_create(
            (
                Pin(kind=RecordKind.PROTEIN, record_id=protein.pk, field="name", pinned_by=user)
                for protein in proteins
                for user in [chance.choice(users)]
            ),
            batch_size=2000,
            ignore_conflicts=True,
        )
        Comment.objects.bulk_create(
            (
                Comment(
                    kind=RecordKind.PROTEIN,
                    record_id=protein.pk,
                    record_key=protein.accession,
                    author=chance.choice(users),
                    text=f"made up, {number}",
                )
                for number in range(COMMENTS)
                for protein in [chance.choice(proteins)]
            ),
            batch_size=2000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
