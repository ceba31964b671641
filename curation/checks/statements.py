"""Whether statements, and what interactions have from them, fit together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import groupby, islice
from operator import itemgetter

from curation.models import Pin, RecordKind
from curation.records import AT_ONCE
from curation.records.restate import effect_of
from curation.records.statement import evidence_beside
from proteins.domain.evidence import EvidenceContent
from proteins.domain.statements import Basis, StatementState
from proteins.domain.support import Role
from proteins.models import Effect, Interaction, Statement, SupportPart
from proteins.queries.evidence import read_evidence
from proteins.queries.snapshot import FETCH

#: An interaction, rows of evidence and stated signs of its active statements.
_Sum = tuple[int, set[int], set[int]]


def wrong_statements() -> Iterator[tuple[str, str]]:
    """Yield each statement or interaction that is wrong, and what is wrong."""
    contents = {key: facts.content for key, facts in read_evidence().items()}
    yield from _wrong_evidence(contents)
    yield from _wrong_sums(contents)


def _wrong_evidence(contents: dict[int, EvidenceContent]) -> Iterator[tuple[str, str]]:
    rows = Statement.objects.select_related("dataset__source", "citation", "method").order_by("pk")
    for statement in rows.iterator(chunk_size=FETCH):
        stored = contents.get(statement.evidence_id)
        if stored is None or stored != evidence_beside(statement, stored.sources):
            yield f"statement {statement.key}", "its evidence is not what it says"


def _wrong_sums(contents: dict[int, EvidenceContent]) -> Iterator[tuple[str, str]]:
    """Compare what interactions have from their statements with what these come to."""
    parts = SupportPart.objects.filter(role=Role.STATEMENTS)
    of_support = dict(parts.values_list("support_id", "evidence_id"))
    pinned = set(
        Pin.objects.filter(kind=RecordKind.INTERACTION, field="effect").values_list(
            "record_id", flat=True
        )
    )
    met = set[int]()
    for batch in _pieces(_active()):
        interactions = Interaction.objects.select_related("tf", "target").in_bulk(
            [key for key, _, _ in batch]
        )
        met.update(interactions)
        for key, says, signs in batch:
            row = interactions[key]
            expected = reduce(EvidenceContent.united, (contents[one] for one in says))
            part = of_support.get(row.support_id)
            if part is None or contents[part] != expected:
                yield row.key, "its support is not what its statements say"
            if key not in pinned and row.effect != effect_of(signs):
                yield row.key, "its effect is not that of its statements"
    yield from _without_statements(met, pinned)


def _pieces(rows: Iterator[_Sum]) -> Iterator[list[_Sum]]:
    while piece := list(islice(rows, AT_ONCE)):
        yield piece


def _active() -> Iterator[_Sum]:
    """Yield each interaction with active statements: evidence rows, and stated signs."""
    rows = Statement.objects.filter(state=StatementState.ACTIVE).order_by("interaction_id")
    columns = ("interaction_id", "evidence_id", "effect", "basis")
    listed = rows.values_list(*columns).iterator(chunk_size=FETCH)
    for key, group in groupby(listed, key=itemgetter(0)):
        of_one = list(group)
        says = {evidence for _, evidence, _, _ in of_one}
        yield key, says, {effect for _, _, effect, basis in of_one if basis == Basis.STATED}


def _without_statements(met: set[int], pinned: set[int]) -> Iterator[tuple[str, str]]:
    rows = Interaction.objects.select_related("tf", "target")
    for row in rows.exclude(effect=Effect.UNKNOWN).iterator(chunk_size=FETCH):
        if row.pk not in met and row.pk not in pinned:
            yield row.key, "its effect is neither a curator's nor that of a statement"
    for row in rows.filter(support__parts__role=Role.STATEMENTS).iterator(chunk_size=FETCH):
        if row.pk not in met:
            yield row.key, "its support has a part of statements, and it has no active one"
