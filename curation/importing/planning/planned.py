"""A plan as a value: what is to be written for one chunk, and single changes of fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from curation.importing.planning.claims import ProteinClaim
from curation.importing.planning.snapshot import StoredPair, StoredSite
from curation.importing.source.records import BindingSiteRecord, PageRecord, Problem
from curation.shared.three_way import Verdict, weigh
from proteins.domain.evidence import EvidenceContent
from proteins.domain.support import SupportContent


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a stored record that gets another value."""

    kind: str
    id: int
    key: str
    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Plan:
    """What is to be written. Proteins are named by accession until they have an id."""

    new_proteins: list[ProteinClaim] = field(default_factory=list)
    protein_changes: list[Change] = field(default_factory=list)
    #: Lists of proteins (gene IDs, matrices, orthologs) that grow, whole, for their history.
    grown_lists: list[Change] = field(default_factory=list)
    existing_proteins: dict[str, int] = field(default_factory=dict)
    new_gene_ids: list[tuple[str, int]] = field(default_factory=list)
    new_matrices: list[tuple[str, str]] = field(default_factory=list)
    new_orthologs: list[tuple[str, str, str, bool]] = field(default_factory=list)
    #: Orthologs that TFLink turns out to list: id, and the protein's accession.
    listed_orthologs: list[tuple[int, str]] = field(default_factory=list)
    new_pairs: list[tuple[str, str, SupportContent, bool]] = field(default_factory=list)
    changed_pairs: list[tuple[StoredPair, str, SupportContent]] = field(default_factory=list)
    #: No longer reported, or never, and now reported (again).
    reported_pairs: list[tuple[StoredPair, str]] = field(default_factory=list)
    unchanged_pairs: list[int] = field(default_factory=list)
    new_sites: list[BindingSiteRecord] = field(default_factory=list)
    changed_sites: list[tuple[StoredSite, BindingSiteRecord]] = field(default_factory=list)
    unchanged_sites: list[int] = field(default_factory=list)
    #: Of those that change, those which the chunk itself does not state.
    regrouped_sites: set[int] = field(default_factory=set)
    #: What is said under each ID of sites with several, by the current one, where that changes.
    site_parts: dict[str, tuple[BindingSiteRecord, ...]] = field(default_factory=dict)
    #: Sites of which only a sequence is stated, which are not stored.
    unmatched_sites: list[BindingSiteRecord] = field(default_factory=list)
    #: Pins whose source caught up, with the value it gave when the curator changed it.
    released: list[Change] = field(default_factory=list)
    #: Pinned fields of which the source says something new.
    conflicts: list[Change] = field(default_factory=list)
    pmids: set[int] = field(default_factory=set)
    pages: list[PageRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def supports(self) -> Iterator[SupportContent]:
        """Every support that an interaction of the plan is to have."""
        for _, _, content, _ in self.new_pairs:
            yield content
        for _, _, content in self.changed_pairs:
            yield content

    def evidence_of_sites(self) -> Iterator[EvidenceContent]:
        """Every evidence that a binding site of the plan is to have."""
        for site in self.new_sites:
            yield site.evidence
        for _, site in self.changed_sites:
            yield site.evidence

    def settle(self, change: Change, source_then: object) -> Verdict:
        """Plan a change that meets a pin: `before` is the curator's, `after` the source's."""
        verdict = weigh(source_then, change.after, change.before)
        if verdict is Verdict.RELEASE:
            self.released.append(change)
        elif verdict is Verdict.PROPOSE:
            self.conflicts.append(change)
        return verdict
