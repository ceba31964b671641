"""Regions of a genome, and the bins that find what overlaps them (standard library only).

A region is written `chr14:23,670,000-23,680,000` and counts from 1, both ends included, as
genome browsers do. Bins are those of the UCSC genome browser in their extended scheme, which
reaches 2^31 bases (Kent et al. 2002, doi 10.1101/gr.229102; `binRange.c`): an interval belongs
to the smallest bin that holds it whole, so whatever overlaps a region is in one of a few
hundred bins at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from proteins.domain.binding_sites import bare_chromosome
from proteins.domain.identifiers import MAX_INTEGER, IdentifierError, shown

#: For each level of bins, from the smallest up: by how many bits a position is shifted (the
#: smallest bin has 2^17 bases, each next one eight times as many), and the number of its first.
LEVELS: Final = ((17, 4681), (20, 585), (23, 73), (26, 9), (29, 1), (32, 0))
_REGION: Final = re.compile(
    r"(?P<chromosome>[^\s:]+):(?P<start>[0-9,]+)(?:\s*(?:-|\.\.|–)\s*(?P<end>[0-9,]+))?\Z"
)


class Region(NamedTuple):
    """A stretch of a chromosome; positions in base pairs from 1, both ends included."""

    chromosome: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.chromosome}:{self.start}-{self.end}"


def parse_region(text: str) -> Region:
    """Return a region from `chr14:23,670,000-23,680,000`; one position is a region of one base.

    Raises `IdentifierError` where the text has another form, or ends before it starts.
    """
    match = _REGION.match(text.strip())
    if match is None:
        raise IdentifierError(
            f"{shown(text)} is not a region; write it as chr14:23,670,000-23,680,000"
        )
    start = _position(match["start"], text)
    end = _position(match["end"], text) if match["end"] else start
    if start > end:
        raise IdentifierError(f"the region {shown(text)} starts after its end")
    return Region(match["chromosome"], start, end)


def _position(digits: str, text: str) -> int:
    plain = digits.replace(",", "")
    if not plain or len(plain) > 10 or not 1 <= int(plain) <= MAX_INTEGER:
        raise IdentifierError(
            f"{shown(text)} is not a region: positions are from 1 to {MAX_INTEGER:,}"
        )
    return int(plain)


def chromosome_spellings(name: str) -> tuple[str, ...]:
    """Return how a chromosome is written, with and without `chr`: the same one either way."""
    bare = bare_chromosome(name)
    return tuple(dict.fromkeys((name, f"chr{bare}", bare)))


def bin_of(start: int, end: int) -> int:
    """Return the smallest bin that holds the bases from `start` to `end` (from 0)."""
    for shift, offset in LEVELS:
        if start >> shift == end >> shift:
            return offset + (start >> shift)
    return LEVELS[-1][1]


def bins_over(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield, for each level, the first and the last bin that overlap the bases from `start` to
    `end` (from 0, both included)."""
    for shift, offset in LEVELS:
        yield offset + (start >> shift), offset + (end >> shift)
