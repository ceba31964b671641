"""What active statements add to their interactions: the one writer of effects, and of the
statements' role in support."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Final

from curation.models import Pin, RecordKind
from curation.records.base import Restated
from curation.records.facets import refacet
from curation.shared.bulk import bulk_for
from curation.shared.changes import this_change
from curation.shared.support import write_roles
from curation.shared.three_way import Verdict, weigh
from proteins.domain.evidence import EvidenceContent
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.domain.support import Role
from proteins.models import Effect, Evidence, Interaction, Statement

#: Interactions that are restated at once: as many as SQLite takes numbers in one query.
_BATCH: Final = 500
_STATED: Final = {
    Sign.ACTIVATION.value: Effect.ACTIVATION,
    Sign.REPRESSION.value: Effect.REPRESSION,
}


def effect_of(signs: Iterable[int]) -> Effect:
    """Return the effect that the stated signs of active statements come to."""
    effects = {_STATED[sign] for sign in signs if sign in _STATED}
    if len(effects) > 1:
        return Effect.BOTH
    return effects.pop() if effects else Effect.UNKNOWN


def restate(interaction_ids: Iterable[int]) -> Restated:
    """Write what the active statements of interactions come to: their role in the support, its
    evidence, the effect where no curator pinned it, and the facets of the proteins.

    The caller holds the write lock within a change set, and records the history.
    """
    restated = Restated()
    ordered = sorted(set(interaction_ids))
    for start in range(0, len(ordered), _BATCH):
        _restate(ordered[start : start + _BATCH], restated)
    return restated


def _restate(batch: Sequence[int], restated: Restated) -> None:
    says: dict[int, set[int]] = {key: set() for key in batch}
    signs: dict[int, set[int]] = {key: set() for key in batch}
    active = Statement.objects.filter(interaction__in=batch, state=StatementState.ACTIVE)
    columns = ("interaction_id", "evidence_id", "effect", "basis")
    for interaction, evidence, effect, basis in active.values_list(*columns):
        says[interaction].add(evidence)
        if basis == Basis.STATED:
            signs[interaction].add(effect)
    contents = _contents({key for keys in says.values() for key in keys})
    written = write_roles(
        {
            key: {Role.STATEMENTS: _together(contents[one] for one in keys)}
            for key, keys in says.items()
        }
    )
    # Histories of interactions speak of what documents say; statements have their own.
    restated.supported.update(written)
    _write_effects(signs, restated)
    changed = {key for key in batch if key in restated.changes or key in written}
    proteins = Interaction.objects.filter(pk__in=changed).values_list("tf_id", "target_id")
    refacet({protein for pair in proteins for protein in pair})


def _write_effects(signs: dict[int, set[int]], restated: Restated) -> None:
    pins = dict(
        Pin.objects.filter(
            kind=RecordKind.INTERACTION, field="effect", record_id__in=list(signs)
        ).values_list("record_id", "source_value")
    )
    rows = []
    for key, before in Interaction.objects.filter(pk__in=list(signs)).values_list("pk", "effect"):
        after = int(effect_of(signs[key]))
        if key in pins:
            verdict = weigh(pins[key], after, before)
            if verdict is Verdict.RELEASE:
                restated.released.append(key)
            elif verdict is Verdict.PROPOSE:
                restated.conflicts[key] = [before, after]
        elif after != before:
            rows.append((after, this_change(), key))
            restated.note(key, "effect", before, after)
    bulk_for().update(Interaction, ("effect", "change_id"), rows)


def _contents(ids: Iterable[int]) -> dict[int, EvidenceContent]:
    ordered = sorted(ids)
    contents: dict[int, EvidenceContent] = {}
    for batch in _batches(ordered):
        rows = Evidence.objects.filter(pk__in=batch).prefetch_related(
            "sources", "methods", "citations"
        )
        contents |= {row.pk: row.content() for row in rows}
    return contents


def _batches(ordered: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _together(contents: Iterable[EvidenceContent]) -> EvidenceContent | None:
    """Return what contents say together; None where there is none."""
    listed = list(contents)
    return reduce(EvidenceContent.united, listed) if listed else None
