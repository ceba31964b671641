"""Values that name what has another name now: in pins, proposals, journals and histories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.utils import timezone

from curation.shared.field_changes import Change, difference, is_empty, sides
from curation.shared.three_way import evidence_as_json, evidence_from_json, united_orthologs
from curation.vocabulary import ModelRegistry
from proteins.domain.evidence import EvidenceContent

REASON: Final = "Spellings of one name were merged."
#: Revisions written at once.
_BATCH: Final = 2_000


@dataclass
class Merge:
    """What becomes of the rows of one vocabulary."""

    #: Primary keys of rows that go, each with that of the row which stays.
    moved: dict[int, int] = field(default_factory=dict)
    #: Spellings that go, each with the canonical one.
    renamed: dict[str, str] = field(default_factory=dict)
    #: Rows that stay under another spelling.
    respelled: dict[int, str] = field(default_factory=dict)

    @property
    def touched(self) -> set[int]:
        """Rows that are named elsewhere by what is no longer their name."""
        return {*self.moved, *self.respelled}


@dataclass(frozen=True)
class Renamed:
    """Names that go, each with the canonical one."""

    sources: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    species: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sources or self.methods or self.species)

    def content(self, content: EvidenceContent) -> EvidenceContent:
        return EvidenceContent.of(
            (self.sources.get(name, name) for name in content.sources),
            (self.methods.get(name, name) for name in content.methods),
            content.pmids,
            content.small_scale,
        )

    def value(self, name: str, value: Any) -> Any:
        """Return the value of the field `name` with the names that hold now."""
        if name == "evidence" and isinstance(value, dict):
            return evidence_as_json(self.content(evidence_from_json(value)))
        if name == "orthologs" and isinstance(value, list):
            return united_orthologs((self.species.get(name, name), *rest) for name, *rest in value)
        return value

    def change(self, name: str, change: Change) -> Change:
        """Return what a proposal does to the field `name`, with the names that hold now."""
        if not isinstance(change, Mapping):
            return [self.value(name, value) for value in change]
        if name == "evidence":
            names = {"sources": self.sources, "methods": self.methods}
            return {
                part: _renamed_items(of_part, names[part]) if part in names else of_part
                for part, of_part in change.items()
            }
        return difference(*(self.value(name, value) for value in sides(change)))


def rewrite_values(
    models: ModelRegistry,
    renamed: Renamed,
    changes: Iterable[tuple[str, int, str, str, Any, Any]],
) -> None:
    """Record `changes` in the history, and rewrite what waits or may be taken back."""
    now = {(kind, pk, name): after for kind, pk, _, name, _, after in _recorded(models, changes)}
    _rewrite_pins(models, renamed, now)
    _rewrite_proposals(models, renamed)
    _rewrite_journals(models, renamed)


def _recorded(
    models: ModelRegistry, changes: Iterable[tuple[str, int, str, str, Any, Any]]
) -> Iterable[tuple[str, int, str, str, Any, Any]]:
    revision = models.get_model("curation", "Revision")
    at = timezone.now()
    rest = iter(changes)
    while batch := list(islice(rest, _BATCH)):
        revision.objects.bulk_create(
            revision(
                kind=kind,
                record_id=pk,
                record_key=key,
                verb="amended",
                changes={name: [before, after]},
                reason=REASON,
                at=at,
            )
            for kind, pk, key, name, before, after in batch
        )
        yield from batch


def _rewrite_pins(
    models: ModelRegistry, renamed: Renamed, now: Mapping[tuple[str, int, str], Any]
) -> None:
    """Rewrite the values of sources; a pin goes whose record has just that value now."""
    pins = models.get_model("curation", "Pin").objects
    for pin in pins.filter(field__in=("evidence", "orthologs")).order_by("pk").iterator():
        value = renamed.value(pin.field, pin.source_value)
        if value != pin.source_value:
            pins.filter(pk=pin.pk).update(source_value=value)
        if now.get((pin.kind, pin.record_id, pin.field), _NOTHING) == value:
            pins.filter(pk=pin.pk).delete()


_NOTHING: Final = object()


def _rewrite_proposals(models: ModelRegistry, renamed: Renamed) -> None:
    """Rewrite proposals that wait; one that wants nothing any more is superseded."""
    for proposal in models.get_model("curation", "Proposal").objects.filter(
        state__in=("open", "returned")
    ):
        changes = {name: renamed.change(name, change) for name, change in proposal.changes.items()}
        if changes == proposal.changes:
            continue
        left = {name: change for name, change in changes.items() if not is_empty(change)}
        if left:
            proposal.changes = left
        else:
            proposal.state, proposal.decision_reason = "superseded", REASON
            proposal.decided_at = timezone.now()
        proposal.save()


def _renamed_items(change: Change, names: Mapping[str, str]) -> Change:
    before, after = ([names.get(item, item) for item in side] for side in sides(change))
    return difference(before, after)


def _rewrite_journals(models: ModelRegistry, renamed: Renamed) -> None:
    """Rewrite what imports changed, so that they can be taken back."""
    chunks = models.get_model("curation", "RunChunk").objects
    for key in list(chunks.order_by("pk").values_list("pk", flat=True)):
        (changed,) = chunks.filter(pk=key).values_list("changed", flat=True)
        rewritten = [_rewritten(entry, renamed) for entry in changed]
        if rewritten != changed:
            chunks.filter(pk=key).update(changed=rewritten)


def _rewritten(entry: list[Any], renamed: Renamed) -> list[Any]:
    kind, pk, key, name, before, after = entry
    if kind == "pin" and isinstance(before, list):
        before = [renamed.value(name, before[0]), *before[1:]]
        return [kind, pk, key, name, before, after]
    return [kind, pk, key, name, renamed.value(name, before), renamed.value(name, after)]
