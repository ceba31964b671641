"""What imports that came later changed, or state as well, of what an undo takes back.

Their word stays. Their journals are corrected, so that taking back all of them, in any order,
ends with what was there at first: what they changed was, before them, what it was before the
run that is taken back; what only they state now is theirs to take back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Model

from curation.importing.loading.journal import SOURCED, SUPPORT, ranges
from curation.models import FORMER_ACCESSION, ImportRun, RunChunk, RunState, SourcePage, SourceTable
from curation.shared.changes import this_change
from proteins.domain.support import Role
from proteins.models import CrossReference, Interaction, ProteinName, Statement

#: Kind, primary key (of pages and tables the path) and field or role of what an entry is about.
Key = tuple[str, int | str, str]
#: Records of which chunks note that they state them.
_STATED: Final = {model._meta.label for model in (Statement, ProteinName, CrossReference)}
#: Kinds whose entries are about a path.
_BY_PATH: Final = frozenset({"page", "table"})


def entries(changed: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Yield the entries of a journal in the present form: evidence of interactions, as it was
    before documents were distinguished, is what that role said."""
    role = str(Role.EARLIER.value)
    for kind, key, name, field, before, after in changed:
        if (kind, field) == ("interaction", "evidence"):
            yield [SUPPORT, [[key, key]], name, "", {role: before}, {role: after}]
        else:
            yield [kind, key, name, field, before, after]


def ids_of(listed: Iterable[Iterable[int]]) -> Iterator[int]:
    """Yield the primary keys of `[first, last]` ranges."""
    for first, last in listed:
        yield from range(first, last + 1)


class _Marks:
    """A set of primary keys, a bit each: there may be millions."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, key: int) -> None:
        if key >> 3 >= len(self._bits):
            self._bits.extend(bytes((key >> 3) + 1024 - len(self._bits)))
        self._bits[key >> 3] |= 1 << (key & 7)

    def __contains__(self, key: int) -> bool:
        return key >> 3 < len(self._bits) and bool(self._bits[key >> 3] & 1 << (key & 7))


class LaterRuns:
    """The imports after a run that have not been taken back."""

    def __init__(self, run: ImportRun) -> None:
        later = ImportRun.objects.filter(pk__gt=run.pk).exclude(state=RunState.UNDONE)
        self.runs: list[int] = list(later.order_by("pk").values_list("pk", flat=True))
        self._marks: dict[tuple[str, str], _Marks] = defaultdict(_Marks)
        self._paths: set[Key] = set()
        #: Statements, and rows of names, that each of them states, by label and run in their
        #: order.
        self._stated: dict[str, dict[int, _Marks]] = defaultdict(lambda: defaultdict(_Marks))
        self._corrected: dict[Key, Any] = {}
        #: Interactions that an undone run created: which later run states them too, if the
        #: first that changed them does not come before.
        self._orphans: dict[int, int | None] = {}
        self._created: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._changed: dict[int, list[list[Any]]] = defaultdict(list)
        self._inherited: dict[tuple[str, str], _Marks] = defaultdict(_Marks)
        self._read()
        self._read_documents(run)

    # What they changed

    def _chunks(self) -> Iterator[RunChunk]:
        chunks = RunChunk.objects.filter(run__in=self.runs).order_by("run", "id")
        for key in list(chunks.values_list("pk", flat=True)):
            yield RunChunk.objects.only("run_id", "changed", "stated").get(pk=key)

    def _read(self) -> None:
        for chunk in self._chunks():
            for label, listed in (chunk.stated or {}).items():
                if label in _STATED:
                    for one in ids_of(listed):
                        self._stated[label][chunk.run_id].add(one)
            for kind, key, name, field, _, after in entries(chunk.changed):
                if kind in (SUPPORT, SOURCED):
                    for about in after if kind == SUPPORT else [field]:
                        marks = self._marks[kind, about]
                        for one in ids_of(key):
                            marks.add(one)
                elif kind in _BY_PATH:
                    self._paths.add((kind, name, field))
                else:
                    self._marks[kind, field].add(key)

    def changed(self, key: Key) -> bool:
        """Whether one of them changed this."""
        kind, record, field = key
        if isinstance(record, str):
            return key in self._paths
        return (kind, field) in self._marks and record in self._marks[kind, field]

    def changed_role(self, interaction: int, role: Role) -> bool:
        return self.changed((SUPPORT, interaction, str(role.value)))

    def correct(self, key: Key, before: Any) -> None:
        """Note what was there before the first of them that changed this."""
        self._corrected[key] = before

    def correct_role(self, interaction: int, role: Role, before: Any) -> None:
        self.correct((SUPPORT, interaction, str(role.value)), before)

    # What they state as well

    def _read_documents(self, run: ImportRun) -> None:
        #: Of each protein, the generations of its pages (0 of a former accession) and who read
        #: them.
        self._pages: dict[int, list[tuple[int, int]]] = defaultdict(list)
        pages = SourcePage.objects.filter(run_id__gt=run.pk).order_by("run_id")
        columns = ("protein_id", "generation", "run_id", "unknown_keys")
        for protein, generation, by, keys in pages.values_list(*columns).iterator():
            of_present = 0 if FORMER_ACCESSION in keys else generation
            self._pages[protein].append((of_present, by))
        tables = SourceTable.objects.filter(run_id__gt=run.pk, taxa__isnull=False)
        rows = tables.order_by("-run_id").values_list("taxa", "run_id")
        self._tables: dict[int, int] = dict(rows)

    def stating(self, key: int, model: type[Model] = Statement) -> int | None:
        """Return the first of them that met a statement, or a name, in its file."""
        stated = self._stated[model._meta.label]
        return next((run for run, marks in stated.items() if key in marks), None)

    def creating(self, record: Model) -> int | None:
        """Return that of them which created a record."""
        chunks = RunChunk.objects.filter(run__in=self.runs).order_by("pk")
        for run, created in chunks.values_list("run_id", "created").iterator(chunk_size=1):
            listed = created.get(record._meta.label, ())
            if any(first <= record.pk <= last for first, last in listed):
                return run
        return None

    def described(self, protein: int) -> int | None:
        """Return the first of them that read a page of a protein."""
        return self._pages[protein][0][1] if protein in self._pages else None

    def completed(self, taxon: int) -> int | None:
        """Return the first of them that read a whole table of a species."""
        return self._tables.get(taxon)

    def states(self, role: Role, tf: int, target: int, taxon: int) -> int | None:
        """Return the first of them that read a document which speaks in this role of a pair."""
        if role == Role.TABLE:
            return self.completed(taxon)
        for protein, of_tf in ((tf, True), (target, False)):
            for generation, by in self._pages.get(protein, ()):
                if Role.of_page(generation, of_tf=of_tf) == role:
                    return by
        return None

    # What becomes theirs

    def inherit(self, model: type[Model], ids: Iterable[int], by: int | None = None) -> None:
        """Let what a run created be taken back with the run `by`, or with whichever of them is
        the last that needs it."""
        label = model._meta.label
        for run in self.runs if by is None else [by]:
            self._created[run][label].update(ids)

    def inherit_interaction(self, key: int, by: int | None) -> None:
        """Let an interaction be taken back with the first of them that speaks of it."""
        self._orphans[key] = by

    def inherit_change(self, by: int, entry: list[Any]) -> None:
        """Let a change be the run's `by`; they come with the last first."""
        self._changed[by].append(entry)
        kind, key, _, field, *_ = entry
        if kind != SUPPORT:
            self._inherited[kind, field].add(key)

    def inherited(self, key: Key) -> bool:
        """Whether a later change of this by the run passed on already: so does this one, though
        the value is not there any more."""
        kind, record, field = key
        if isinstance(record, str) or (kind, field) not in self._inherited:
            return False
        return record in self._inherited[kind, field]

    def store(self) -> None:
        """Correct their journals."""
        if self._corrected or self._orphans:
            for chunk in self._chunks():
                changed = list(entries(chunk.changed))
                corrected = [new for old in changed for new in self._rewritten(old, chunk.run_id)]
                if corrected != chunk.changed:
                    chunk.changed = corrected
                    chunk.save(update_fields=["changed"])
        for key, by in self._orphans.items():
            if by is not None:
                self._created[by][Interaction._meta.label].add(key)
        for run in sorted({*self._created, *self._changed}):
            created = {
                label: ranges(sorted(ids)) for label, ids in self._created[run].items() if ids
            }
            if created or self._changed[run]:
                RunChunk.objects.create(
                    run_id=run,
                    change_id=this_change(),
                    created=created,
                    changed=self._changed[run][::-1],
                )

    def _rewritten(self, entry: list[Any], run: int) -> Iterator[list[Any]]:
        kind, key, name, field, before, after = entry
        if kind == SUPPORT:
            yield from self._rewritten_support(entry, run)
            return
        if kind == SOURCED:
            yield from self._rewritten_sources(entry)
            return
        about: Key = (kind, name if kind in _BY_PATH else key, field)
        if about not in self._corrected:
            yield entry
            return
        before = self._corrected.pop(about)
        if before != after or kind in _BY_PATH:
            yield [kind, key, name, field, before, after]

    def _rewritten_support(self, entry: list[Any], run: int) -> Iterator[list[Any]]:
        """Yield an entry, divided by the values of its roles before."""
        kind, listed, name, field, before, after = entry
        as_they_are: list[int] = []
        for key in ids_of(listed):
            self._bequeath(key, run)
            first: dict[Key, str] = {(SUPPORT, key, role): role for role in after}
            others = {about: role for about, role in first.items() if about in self._corrected}
            if not others:
                as_they_are.append(key)
                continue
            original = dict(before) | {
                role: self._corrected.pop(about) for about, role in others.items()
            }
            roles = [role for role in after if original.get(role) != after[role]]
            if roles:
                values = (_only(original, roles), _only(after, roles))
                yield [kind, [[key, key]], name, field, *values]
        if as_they_are:
            yield [kind, ranges(as_they_are), name, field, before, after]

    def _rewritten_sources(self, entry: list[Any]) -> Iterator[list[Any]]:
        """Yield an entry, divided by the sources of its rows before."""
        kind, listed, name, label, before, after = entry
        by_source: dict[int, list[int]] = defaultdict(list)
        for key in ids_of(listed):
            by_source[self._corrected.pop((SOURCED, key, label), before)].append(key)
        for source, ids in by_source.items():
            if source != after:
                yield [kind, ranges(ids), name, label, source, after]

    def _bequeath(self, key: int, run: int) -> None:
        if key not in self._orphans:
            return
        heir = self._orphans[key]
        if heir is None or run <= heir:
            del self._orphans[key]
            self._created[run][Interaction._meta.label].add(key)


def _only(values: Mapping[str, Any], roles: Iterable[str]) -> dict[str, Any]:
    return {role: values.get(role) for role in roles}
