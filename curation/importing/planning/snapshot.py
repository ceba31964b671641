"""What the database holds of the records that a chunk speaks of: values, no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from curation.importing.planning.claims import NO_PAGE
from curation.importing.source.records import BindingSiteRecord
from proteins.domain.evidence import EvidenceContent

#: Pinned fields of one record, each with the value that the source gave at that time.
Pins = Mapping[str, Any]


@dataclass(slots=True)
class StoredProtein:
    """A protein as it stands; `generation` is the newest of its own pages."""

    id: int
    species: str
    name: str
    is_tf: bool
    is_target: bool
    declared_interactions: int | None
    has_page: bool
    in_table: bool
    generation: int = NO_PAGE
    gene_ids: set[int] = field(default_factory=set)
    jaspar_matrices: set[str] = field(default_factory=set)
    #: (species, identifier) -> (id, whether TFLink lists it)
    orthologs: dict[tuple[str, str], tuple[int, bool]] = field(default_factory=dict)
    pins: Pins = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredPair:
    id: int
    evidence: EvidenceContent
    #: `Reporting`, as stored.
    reporting: int
    reported: bool
    pins: Pins
    #: `ReviewStatus`, as stored.
    status: int = 0


@dataclass(frozen=True, slots=True)
class StoredSite:
    id: int
    record: BindingSiteRecord
    pins: Pins


@dataclass(slots=True)
class Stored:
    proteins: dict[str, StoredProtein] = field(default_factory=dict)
    pairs: dict[tuple[str, str], StoredPair] = field(default_factory=dict)
    sites: dict[str, StoredSite] = field(default_factory=dict)
    #: Species whose whole table is in: what it lacks is no longer reported.
    complete_species: frozenset[str] = frozenset()
