"""Binding sites as the sources state them: how they count, and which are one physical site.

**Coordinates are the sources'.** TFLink passes them on as they are, and they count in two
ways. The sequences that TFLink gives with them show it: those of ORegAnno are end - start
bases long (starts count from 0, ends are not included), those of REDfly end - start + 1
(both ends are included and count from 1). JASPAR's rows have no sequences.

    chrX:460682-460687, CAAATG (REDfly)     BED 460681-460687     GFF3 460682-460687
    chrIII:3744956-3744965 (ORegAnno)       BED 3744956-3744965   GFF3 3744957-3744965
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias, TypeVar

#: Fields of a binding site that documents speak of, beside its evidence.
SITE_FIELDS: Final = ("assembly", "chromosome", "start", "end", "strand", "overlaps", "sequence")

Site = TypeVar("Site")
#: Assembly, strand and sources as a site states them, empty where it does not.
Stated: TypeAlias = tuple[str, str, str]


class Counting(enum.Enum):
    """How a source counts the bases of a chromosome."""

    #: From 0, without the base at the end, as BED does.
    FROM_0 = "0-based"
    #: From 1, both ends included, as GFF3 and genome browsers do.
    FROM_1 = "1-based"
    UNSTATED = "not known"


#: Source databases whose counting their sequences show.
COUNTING: Final[Mapping[str, Counting]] = {
    "ORegAnno": Counting.FROM_0,
    "REDfly": Counting.FROM_1,
    "JASPAR": Counting.UNSTATED,
}
_COUNTING: Final = {name.casefold(): counting for name, counting in COUNTING.items()}


class Convention(NamedTuple):
    """How the coordinates of a site are read; `assumed` where its source does not show it."""

    counting: Counting
    assumed: bool

    @property
    def description(self) -> str:
        """What a line of a file says of it: `0-based`, or `1-based assumed`."""
        return f"{self.counting.value}{' assumed' * self.assumed}"


def explained() -> tuple[str, ...]:
    """Return what files and pages say of how sources count, a sentence each."""
    names = {
        way: " and ".join(name for name, one in COUNTING.items() if one is way) for way in Counting
    }
    return (
        f"Sources count in their own ways: {names[Counting.FROM_0]} from 0, the end not included; "
        f"{names[Counting.FROM_1]} from 1, both ends included.",
        f"Of {names[Counting.UNSTATED]} and others it is not known: their positions are assumed "
        "to count from 1, both ends included, unless a sequence of end - start bases shows that "
        "they count from 0.",
    )


def counting_of(sources: Iterable[str]) -> Counting:
    """Return how the source databases of a site count, where all of them count alike."""
    ways = {_COUNTING.get(source.casefold(), Counting.UNSTATED) for source in sources}
    return ways.pop() if len(ways) == 1 else Counting.UNSTATED


def convention_of(
    sources: Iterable[str], start: int = 0, end: int = 0, sequence_length: int = 0
) -> Convention:
    """Return how the coordinates of a site are read, by its source databases."""
    return convention(counting_of(sources), start, end, sequence_length)


def convention(
    counting: Counting, start: int = 0, end: int = 0, sequence_length: int = 0
) -> Convention:
    """Return how the coordinates of a site are read.

    Where its source does not show it, the length of its sequence decides; without one, both
    ends are taken as included: so the places of JASPAR's sites span as many bases as its
    matrices (15 for MA0106.2), and so genome browsers read them. Either is an assumption.
    """
    if counting is not Counting.UNSTATED:
        return Convention(counting, assumed=False)
    if sequence_length and sequence_length == end - start:
        return Convention(Counting.FROM_0, assumed=True)
    return Convention(Counting.FROM_1, assumed=True)


def bed_interval(start: int, end: int, counting: Counting) -> tuple[int, int]:
    """Return the start and end of a site as BED has them: from 0, the end not included."""
    return (start if counting is Counting.FROM_0 else max(start - 1, 0)), end


def gff3_interval(start: int, end: int, counting: Counting) -> tuple[int, int]:
    """Return the start and end of a site as GFF3 and genome browsers have them: from 1, both
    ends included. A site of no length lies between two bases, and has start = end there."""
    return (min(start + 1, end) if counting is Counting.FROM_0 else start), end


def sequence_length(start: int, end: int, counting: Counting) -> int:
    """Return how many bases a site has by its coordinates."""
    return end - start + (counting is not Counting.FROM_0)


#: Prefixes of assemblies' names: UCSC's (`hg38`) and those of the genome consortia.
_ASSEMBLIES: Final[Mapping[str, str]] = {
    "hg": "Homo sapiens",
    "grch": "Homo sapiens",
    "mm": "Mus musculus",
    "grcm": "Mus musculus",
    "rn": "Rattus norvegicus",
    "rnor": "Rattus norvegicus",
    "danrer": "Danio rerio",
    "grcz": "Danio rerio",
    "dm": "Drosophila melanogaster",
    "bdgp": "Drosophila melanogaster",
    "ce": "Caenorhabditis elegans",
    "wbcel": "Caenorhabditis elegans",
    "saccer": "Saccharomyces cerevisiae",
}
_ASSEMBLY_PREFIX: Final = re.compile(r"^([A-Za-z]+)[_.]?[0-9]")


def species_of_assembly(assembly: str) -> str:
    """Return the species whose genome an assembly is of, empty where its name does not show it."""
    prefix = _ASSEMBLY_PREFIX.match(assembly)
    return _ASSEMBLIES.get(prefix[1].lower(), "") if prefix else ""


#: The letter of a TFLink ID by which v1.0 numbers its sites (`TFLinkLS`, `TFLinkSS`); older
#: documents have `TFLinkLT0046169`.
_NEWEST_NUMBERING: Final = "S"


def numbering_of(tflink_id: str) -> str:
    """Return by which numbering of TFLink a site has an ID: IDs of one numbering are different
    sites, unless one page lists the same place under both."""
    return tflink_id[7:8]


def age_of_id(tflink_id: str) -> tuple[bool, str]:
    """Return the key by which the IDs of one site are put in order, the current one first.

    It depends on the IDs alone, so that the order of imports does not matter.
    """
    return numbering_of(tflink_id) != _NEWEST_NUMBERING, tflink_id


def bare_chromosome(name: str) -> str:
    """Return a chromosome's name without `chr`: `chr2L` and `2L` are the same."""
    return name[3:] if name[:3].lower() == "chr" and len(name) > 3 else name


class Place(NamedTuple):
    """What makes a binding site the physical site that it is; strand and assembly may be
    empty for "not stated"."""

    tf: str
    assembly: str
    chromosome: str
    start: int
    end: int
    strand: str
    sources: tuple[str, ...]


class PhysicalKey(NamedTuple):
    """What two sites must share to be one; `may_be_one` compares what one may not state."""

    tf: str
    chromosome: str
    start: int
    end: int


def physical_key(place: Place) -> PhysicalKey:
    """Return the key under which the sites of one place are looked up, whatever their IDs.

    TFLink renumbered its sites, so that one site has an ID per generation of the documents.
    """
    return PhysicalKey(place.tf, bare_chromosome(place.chromosome), place.start, place.end)


def stated_of(place: Place) -> Stated:
    """Return what a site may leave open: a header of FASTA states no source, for example."""
    sources = sorted({source.casefold() for source in place.sources})
    return place.assembly, place.strand, ";".join(sources)


def may_be_one(one: Place, other: Place) -> bool:
    """Whether two sites are one: their keys are equal, and so are assembly, strand and sources
    where both state them."""
    return physical_key(one) == physical_key(other) and agree(stated_of(one), stated_of(other))


def _contradict(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def physical_sites(
    sites: Sequence[Site], place_of: Callable[[Site], Place | None]
) -> list[list[Site]]:
    """Return `sites` grouped into physical sites, both in the order of first mention.

    A site without a place is one by itself. One that leaves strand, assembly or sources open
    belongs to the only site of that place that it may be; where there are two (one on each
    strand), it may be either, and stays apart. So do overlapping sites of different places.
    """
    groups: dict[object, dict[Stated, list[int]]] = {}
    for number, site in enumerate(sites):
        place = place_of(site)
        key = number if place is None else physical_key(place)
        stated = ("", "", "") if place is None else stated_of(place)
        groups.setdefault(key, {}).setdefault(stated, []).append(number)
    numbers = [same for group in groups.values() for same in _joined(group)]
    return [[sites[number] for number in same] for same in sorted(map(sorted, numbers))]


def _joined(group: dict[Stated, list[int]]) -> Iterable[list[int]]:
    """Join what leaves something open with what it may be, unless that is two sites."""
    for stated in sorted((one for one in group if "" in one), key=lambda one: one.count("")):
        if stated not in group:
            continue
        same = [other for other in group if agree(stated, other)]
        if all(agree(one, other) for one, other in combinations(same, 2)):
            numbers = [number for one in same for number in group.pop(one)]
            assembly, strand, sources = (max(values) for values in zip(*same, strict=True))
            group.setdefault((assembly, strand, sources), []).extend(numbers)
    return group.values()


def agree(one: Stated, other: Stated) -> bool:
    """Whether two places are the same in what both of them state."""
    return not any(_contradict(*pair) for pair in zip(one, other, strict=True))
