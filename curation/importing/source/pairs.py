"""The pairs that a table reports, read quickly and before anything else of it (no Django).

A row counts as soon as its two accessions can be read, whatever else is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from curation.importing.source.problems import TableError
from curation.importing.source.text import read_lines
from proteins.domain.identifiers import is_absent, is_accession
from proteins.domain.species import SpeciesNames

_ORGANISM, _SCALE = 8, 10
#: Cells whose accession is memoised: more than a species has proteins.
_MEMO = 100_000


class PairSink(Protocol):
    """What pairs are added to."""

    def add(self, tf: str, target: str) -> None: ...


@dataclass(slots=True)
class Scan:
    """What a table speaks of: its species, the values of its small-scale column, and the pairs
    that several of its rows are about."""

    species: set[str] = field(default_factory=set)
    scales: set[str] = field(default_factory=set)
    repeated: frozenset[tuple[str, str]] = frozenset()


def _accession_in(cell: str) -> str:
    accession = cell.strip().upper()
    return accession if is_accession(accession) else ""


def scan_table(file: Path, names: SpeciesNames, reported: PairSink) -> Scan:
    """Add the pairs of a table (simple format) to `reported`; what cannot be read is passed
    over here, and refused when the table itself is read."""
    organisms: set[str] = set()
    scales: set[str] = set()
    # Proteins come again and again: a fifth of the time of this pass.
    accession_in = lru_cache(_MEMO)(_accession_in)
    try:
        for _, line in read_lines(file, file.name):
            cells = line.split("\t", _SCALE + 1)
            if len(cells) <= _SCALE:
                continue
            tf, target = accession_in(cells[0]), accession_in(cells[1])
            if tf and target:
                reported.add(tf, target)
                organisms.add(cells[_ORGANISM])
                scales.add(cells[_SCALE].strip())
    except TableError:
        # Read to no end, it completes nothing.
        return Scan()
    species = {names.scientific(organism) for organism in organisms}
    return Scan(species - {None}, {scale for scale in scales if not is_absent(scale)})  # type: ignore[arg-type]
