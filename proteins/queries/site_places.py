"""Where a TF binds on the chromosomes of an assembly: site by site, or counted by bins.

The sites of a TF are read from its index. Those of a hub (569,230 are the most) are counted by
the database, in one scan of that index, and a few thousand rows come back: 1.4 s of a processor
with SQLite, once for each state of the content and for all files of the figure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Max, Q

from proteins.caching.bounded import BoundedCache
from proteins.caching.shared import shared_version
from proteins.domain.assemblies import chromosomes_of
from proteins.domain.binding_sites import bare_chromosome
from proteins.domain.evidence import SmallScale
from proteins.models import BindingSite, Evidence, Protein
from proteins.models.querysets import BindingSiteQuerySet

#: Sites that are shown one by one; beyond, they are counted by bins.
FEW: Final = 400
#: Bins of the longest chromosome, at most.
BINS: Final = 320
#: TFs, each with an assembly, whose counted sites stay in memory (some 0.5 MB each).
_STORED: Final = 8


class SitesAt(NamedTuple):
    """Sites in a stretch of a chromosome (without `chr`); positions as the sources give them."""

    assembly: str
    chromosome: str
    first: int
    last: int
    number: int
    small_scale: int


@dataclass(frozen=True)
class SitePlaces:
    """The sites of a TF, those of one `assembly` apart from the others."""

    assembly: str
    is_binned: bool
    #: Of every assembly, without those that are not placed.
    places: tuple[SitesAt, ...]
    unplaced: int

    @classmethod
    def shared(cls, tf: Protein, assembly: str) -> SitePlaces:
        """As `read`; requests of one state of the content share those of a hub."""
        key = (shared_version(), tf.pk, assembly)
        places = _shared.get(key) if key[0] is not None else None
        if places is None:
            places = cls.read(tf, assembly)
            if places.is_binned and places.places and key[0] is not None:
                _shared.put(key, places)
        return places

    @classmethod
    def read(cls, tf: Protein, assembly: str = "") -> SitePlaces:
        """Of the assembly that is given, or else of that of most of the first sites."""
        sites = BindingSite.objects.of_tf(tf).order_by()
        columns = ("assembly", "chromosome", "start", "end", "evidence__small_scale")
        few = list(sites.values_list(*columns)[: FEW + 1])
        assembly = assembly or _most_common(few)
        if len(few) <= FEW:
            return cls.of(assembly, map(_single, few), is_binned=False)
        if not sites.filter(assembly=assembly).exists():
            return cls(assembly, is_binned=True, places=(), unplaced=0)
        shift = _shift(sites, assembly)
        small = Q(evidence__in=Evidence.objects.at_scale(SmallScale.YES).values("pk"))
        groups = (
            sites.annotate(place=F("start").bitrightshift(shift))
            .values("assembly", "chromosome", "place")
            .annotate(number=Count("pk"), small=Count("pk", filter=small))
            .values_list("assembly", "chromosome", "place", "number", "small")
        )
        return cls.of(assembly, (_bin(*group, shift=shift) for group in groups), is_binned=True)

    @classmethod
    def of(cls, assembly: str, places: Any, *, is_binned: bool) -> SitePlaces:
        merged: dict[tuple[str, str, int, int], list[int]] = {}
        unplaced = 0
        for each in places:
            if not each.chromosome or each.first < 0:
                unplaced += each.number
                continue
            sums = merged.setdefault(each[:4], [0, 0])
            sums[0] += each.number
            sums[1] += each.small_scale
        listed = (SitesAt(*key, *sums) for key, sums in sorted(merged.items()))
        return cls(assembly, is_binned, tuple(listed), unplaced)

    @cached_property
    def drawn(self) -> list[SitesAt]:
        return [each for each in self.places if each.assembly == self.assembly]

    @cached_property
    def by_chromosome(self) -> Counter[str]:
        numbers: Counter[str] = Counter()
        for each in self.drawn:
            numbers[each.chromosome] += each.number
        return numbers

    @property
    def elsewhere(self) -> int:
        """Sites on other assemblies."""
        return sum(each.number for each in self.places if each.assembly != self.assembly)


_shared: Final[BoundedCache[tuple[Any, int, str], SitePlaces]] = BoundedCache(_STORED)


def _most_common(rows: list[Any]) -> str:
    placed = Counter(assembly for assembly, _, start, *_ in rows if start is not None)
    return max(placed, key=lambda name: (placed[name], name), default="")


def _single(row: tuple[str, str, int | None, int | None, int]) -> SitesAt:
    assembly, chromosome, start, end, scale = row
    is_small = int(scale == SmallScale.YES)
    places = (-1, -1) if start is None or end is None else (start, end)
    return SitesAt(assembly, bare_chromosome(chromosome), *places, 1, is_small)


def _bin(
    assembly: str, chromosome: str, place: int | None, number: int, small: int, *, shift: int
) -> SitesAt:
    first = -1 if place is None else place << shift
    last = -1 if place is None else first + (1 << shift) - 1
    return SitesAt(assembly, bare_chromosome(chromosome), first, last, number, small)


def _shift(sites: BindingSiteQuerySet, assembly: str) -> int:
    """By how many bits a position is shifted to its bin."""
    longest = max(chromosomes_of(assembly).values(), default=0)
    if not longest:
        last = sites.filter(assembly=assembly).aggregate(last=Max("start"))["last"]
        longest = last or 1
    return max((longest // BINS).bit_length(), 0)
