"""What active statements add to their interactions: the one writer of effects, and of the
statements' role in support."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Final

from curation.models import Pin, RecordKind
from curation.records.base import Restated
from curation.records.facets import ContentFacets, refacet, unite_facets
from curation.shared.bulk import Bulk, bulk_for
from curation.shared.changes import this_change
from curation.shared.evidence_rows import EvidenceRows
from curation.shared.support import SupportChange, SupportRows, write_roles
from curation.shared.three_way import Verdict, weigh
from proteins.domain.evidence import EvidenceContent
from proteins.domain.facets import STATUSES, Alphabet
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.domain.support import Role
from proteins.models import Effect, Interaction, ReviewStatus, Statement

#: Interactions that are restated at once.
_BATCH: Final = 10_000
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


def restate(interaction_ids: Iterable[int], evidence: EvidenceRows | None = None) -> Restated:
    """Write what the active statements of interactions come to: their role in the support, its
    evidence, the effect where no curator pinned it, and the facets of the proteins.

    The caller holds the write lock within a change set, and records the history. `evidence` has
    what it has read or written already: most of an import's.
    """
    restated = Restated()
    bulk = evidence.bulk if evidence else bulk_for()
    rows = SupportRows(bulk, evidence=evidence.not_journalled() if evidence else None)
    facets = _Facets(rows)
    ordered = sorted(set(interaction_ids))
    for start in range(0, len(ordered), _BATCH):
        written = _restate(ordered[start : start + _BATCH], rows, restated)
        facets.add(written)
    # Once for all: the same few proteins have most of the interactions.
    facets.write()
    return restated


class _Facets:
    """Facets of proteins whose interactions are restated: nearly all only gain some, and those
    that may have lost one are computed again."""

    def __init__(self, rows: SupportRows) -> None:
        self._bulk = rows.bulk
        self._contents = ContentFacets(Alphabet(), rows.evidence)
        self._contents.read_rules()
        self._gained: dict[int, int] = {}
        self._shrunk: set[int] = set()

    def add(self, written: Mapping[int, SupportChange]) -> None:
        alphabet = self._contents.alphabet
        columns = ("id", "tf_id", "target_id", "status")
        for key, *pair, status in self._bulk.select(Interaction, columns, "id", written):
            if status == ReviewStatus.REJECTED:
                continue
            before, after = (self._contents.of(content.evidence) for content in written[key])
            gained = after | alphabet.set_of([STATUSES[status]])
            for protein in pair:
                self._gained[protein] = self._gained.get(protein, 0) | gained
            if before & ~after:
                self._shrunk.update(pair)

    def write(self) -> None:
        unite_facets(self._bulk, self._contents.alphabet, self._gained)
        refacet(self._shrunk)


def _restate(
    batch: Sequence[int], support: SupportRows, restated: Restated
) -> Mapping[int, SupportChange]:
    evidence = support.evidence
    says: dict[int, set[int]] = {key: set() for key in batch}
    signs: dict[int, set[int]] = {key: set() for key in batch}
    columns = ("interaction_id", "evidence_id", "effect", "basis")
    active = StatementState.ACTIVE.value
    rows = evidence.bulk.select(Statement, columns, "interaction_id", batch, state=active)
    for interaction, stated, effect, basis in rows:
        says[interaction].add(stated)
        if basis == Basis.STATED:
            signs[interaction].add(effect)
    evidence.read({key for keys in says.values() for key in keys})
    written = write_roles(
        {
            key: {Role.STATEMENTS: _together(evidence.contents[one] for one in keys)}
            for key, keys in says.items()
        },
        support,
    )
    # Histories of interactions speak of what documents say; statements have their own.
    restated.supported.update(written)
    _write_effects(signs, evidence.bulk, restated)
    return written


def _write_effects(signs: dict[int, set[int]], bulk: Bulk, restated: Restated) -> None:
    pinned = Pin.objects.filter(kind=RecordKind.INTERACTION, field="effect")
    pins = dict(pinned.values_list("record_id", "source_value"))
    rows = []
    for key, before in bulk.select(Interaction, ("id", "effect"), "id", signs):
        after = int(effect_of(signs[key]))
        if key in pins:
            verdict = weigh(pins[key], after, before)
            if verdict is Verdict.RELEASE:
                restated.released.append(key)
            elif verdict is Verdict.PROPOSE:
                restated.conflicts[key] = [before, after]
        elif after != before:
            rows.append((after, this_change(), key))
            restated.record(key, "effect", before, after)
    bulk.update(Interaction, ("effect", "change_id"), rows)


def _together(contents: Iterable[EvidenceContent]) -> EvidenceContent | None:
    """Return what contents say together; None where there is none."""
    listed = list(contents)
    return reduce(EvidenceContent.united, listed) if listed else None
