"""What other imports state as well of the binding sites of an import that is taken back.

A chunk of an import records which sites it met that were stored already. What such a site is
by the import that goes, its creation and its changes, passes to the last of the others, its
heir, so that taking that one back as well takes back the site.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from django.db.models import Model

from curation.importing.loading.journal import ranges
from curation.models import ImportRun, RunChunk, RunState
from proteins.models import BindingSite

Ranges = Sequence[Sequence[int]]
_SITES: Final = BindingSite._meta.label


class _Met:
    """Ids in ranges, as the chunks of one run record them."""

    def __init__(self) -> None:
        self._ranges: list[Sequence[int]] = []
        self._firsts: list[int] = []

    def add(self, met: Ranges) -> None:
        self._ranges += met

    def __contains__(self, number: int) -> bool:
        if not self._firsts:
            in_order = sorted((first, last) for first, last in self._ranges)
            self._ranges = list(_joined(in_order))
            self._firsts = [first for first, _ in self._ranges]
        place = bisect_right(self._firsts, number) - 1
        return place >= 0 and number <= self._ranges[place][1]


def _joined(in_order: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ranges with those that overlap as one."""
    begun: tuple[int, int] | None = None
    for first, last in in_order:
        if begun is not None and first <= begun[1] + 1:
            begun = begun[0], max(begun[1], last)
            continue
        if begun is not None:
            yield begun
        begun = first, last
    if begun is not None:
        yield begun


class OtherSites:
    """The sites that other imports state which have not been taken back, and what passes to
    these imports."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        others = RunChunk.objects.exclude(run=run).exclude(run__state=RunState.UNDONE)
        met: dict[int, _Met] = {}
        for heir, stated in others.order_by("-run_id").values_list("run_id", "stated").iterator():
            if stated and (sites := stated.get(_SITES)):
                met.setdefault(heir, _Met()).add(sites)
        #: The last run first.
        self._met = met
        self._created: dict[int, dict[str, list[list[int]]]] = {}
        self._changed: dict[int, list[Sequence[Any]]] = {}

    def heir(self, site: int) -> int | None:
        """Return the last other run that states a site."""
        return next((run for run, met in self._met.items() if site in met), None)

    def later_heir(self, site: int) -> int | None:
        """Return the last run after this one that states a site."""
        heir = self.heir(site)
        return heir if heir is not None and heir > self.run.pk else None

    def pass_on(self, model: type[Model], heirs: Iterable[tuple[int, int]]) -> None:
        """Let records (heir, id) be what their heirs have created."""
        by_heir: dict[int, list[int]] = {}
        for heir, key in heirs:
            by_heir.setdefault(heir, []).append(key)
        for heir, keys in by_heir.items():
            created = self._created.setdefault(heir, {})
            created.setdefault(model._meta.label, []).extend(ranges(sorted(keys)))

    def pass_on_to_all(self, model: type[Model], keys: Sequence[int]) -> None:
        """Let what else stays be taken back with whichever of the heirs is the last that needs
        it."""
        for heir in self.heirs:
            self.pass_on(model, ((heir, key) for key in keys))

    @property
    def heirs(self) -> set[int]:
        return {*self._created, *self._changed}

    def pass_on_change(self, heir: int, change: Sequence[Any]) -> None:
        """Let a change be the heir's; they come with the last first."""
        self._changed.setdefault(heir, []).append(change)

    def store(self) -> None:
        """Put what passes on before what the heirs have done themselves."""
        for heir in self.heirs:
            chunk = RunChunk.objects.filter(run=heir).order_by("id")[0]
            for label, keys in self._created.get(heir, {}).items():
                chunk.created[label] = [*keys, *chunk.created.get(label, ())]
            inherited = reversed(self._changed.get(heir, []))
            chunk.changed = list(chain(map(list, inherited), chunk.changed))
            chunk.save(update_fields=["created", "changed"])
