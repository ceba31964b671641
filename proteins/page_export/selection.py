"""Which proteins get a page, in batches of a size that fits in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from proteins.models import BindingSite, Interaction, JasparMatrix, Ortholog, Protein, Statement
from proteins.models.querysets import ProteinQuerySet
from proteins.queries.snapshot import FETCH

#: Limits of a batch; one protein alone may pass the second, as hubs do.
PROTEINS_IN_BATCH = 500
ROWS_IN_BATCH = 50_000

_COLUMNS: Final = ("pk", "target_count", "tf_count")


class Subject(NamedTuple):
    """A protein that gets a page, and how many rows its sections will have."""

    id: int
    target_count: int
    tf_count: int


def subjects_among(proteins: ProteinQuerySet) -> list[Subject]:
    return [Subject(*row) for row in proteins.order_by("pk").values_list(*_COLUMNS)]


def subjects_needed() -> list[Subject]:
    """Return the proteins that need a page so that all pages together lose nothing.

    These are the proteins that have one; those with something that no row on
    another's page says; those that no row names; and, of an interaction between two others,
    the TF.
    """
    own_page = ExpressionWrapper(_only_on_own_page(), BooleanField())
    rows = (
        Protein.objects.order_by("pk")
        .annotate(own_page=own_page)
        .values_list(*_COLUMNS, "own_page")
    )
    needed: dict[int, Subject] = {}
    others: dict[int, Subject] = {}
    for key, targets, tfs, has_own in rows.iterator(chunk_size=FETCH):
        (needed if has_own else others)[key] = Subject(key, targets, tfs)
    # In one query, SQLite takes 50 s over this for 345,000 interactions.
    other_tfs = [subject for subject in others.values() if subject.target_count]
    for ids in batches(other_tfs):
        pairs = Interaction.objects.public().filter(tf__in=ids).values_list("tf_id", "target_id")
        for tf, target in pairs.iterator(chunk_size=FETCH):
            if target in others:
                needed[tf] = others[tf]
    return sorted(needed.values())


def _only_on_own_page() -> Q:
    return (
        Q(has_page=True)
        | Q(declared_tf=True)
        | Q(declared_target=True)
        | Q(declared_interactions__isnull=False)
        | Q(target_count=0, tf_count=0)
        | Q(Exists(Ortholog.objects.filter(protein=OuterRef("pk"))))
        | Q(Exists(JasparMatrix.objects.filter(protein=OuterRef("pk"))))
        | Q(Exists(BindingSite.objects.filter(tf=OuterRef("pk"))))
        | Q(Exists(Statement.objects.filter(interaction__tf=OuterRef("pk"))))
    )


def batches(subjects: Iterable[Subject]) -> Iterator[list[int]]:
    """Part ids into batches; stored counts foretell the rows of each."""
    batch: list[int] = []
    rows = 0
    for key, targets, tfs in subjects:
        if batch and (len(batch) >= PROTEINS_IN_BATCH or rows + targets + tfs > ROWS_IN_BATCH):
            yield batch
            batch, rows = [], 0
        batch.append(key)
        rows += targets + tfs
    if batch:
        yield batch
