"""What a chunk adds to the facets of proteins (see `proteins.domain.facets`), and to their numbers
of interactions by tier of support."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from curation.importing.loading.store import Store
from curation.importing.planning.planned import Plan
from curation.records.facets import (
    ContentFacets,
    Tiers,
    columns_of,
    counters_of,
    refacet,
    unite_facets,
)
from curation.shared.bulk import Bulk
from proteins.domain import facets
from proteins.domain.support import SupportContent
from proteins.domain.tiers import Tier
from proteins.models import TIER_COUNTERS, Protein, ReviewStatus


class FacetWriter:
    """Facets nearly always grow, and are united with what is stored without reading the
    interactions of a protein; those that may have shrunk are computed again."""

    def __init__(self, bulk: Bulk, store: Store) -> None:
        self.bulk = bulk
        self.store = store
        self.alphabet = facets.Alphabet()
        self._contents = ContentFacets(self.alphabet, store.evidence)
        self._of_content: dict[SupportContent, tuple[int, Tier]] = {}
        self._unreviewed = self._set_of(facets.STATUSES[ReviewStatus.UNREVIEWED])
        self._binding_sites = self._set_of(facets.BINDING_SITES)
        self._gained: dict[str, int] = {}
        self._tiers: dict[str, Tiers] = {}
        self._shrunk: set[str] = set()

    def _set_of(self, *words: str) -> int:
        return self.alphabet.set_of(words)

    def read(self, plan: Plan) -> None:
        """Learn what `plan` gives to its proteins; what it cites has been written."""
        # Before each chunk: a curator may have changed the vocabulary since the last.
        if self._contents.read_rules():
            self._of_content = {}
        gained: dict[str, int] = {}
        self._tiers = {}
        ids, get = self._of_content, gained.get
        for tf, target, content, _ in plan.new_pairs:
            gained_set, tier = ids.get(content) or self._of(content)
            gained[tf] = get(tf, 0) | gained_set
            gained[target] = get(target, 0) | gained_set
            # The others, nine of ten, are those of the lowest.
            if tier:
                self._tiers.setdefault(tf, Counter())[tier] += 1
                self._tiers.setdefault(target, Counter())[tier] += 1
        # All but the new are of a status that their proteins have by now.
        for accession in gained:
            gained[accession] |= self._unreviewed
        self._gained, self._shrunk = gained, set()
        for before, key, after in plan.changed_pairs:
            if before.status != ReviewStatus.REJECTED:
                sets = self._of(before.support)[0], self._of(after)[0]
                self._replace(key.split("-"), *sets)
        for site in plan.new_sites:
            gained[site.tf] = get(site.tf, 0) | self._binding_sites

    def _replace(self, pair: Iterable[str], before: int, after: int) -> None:
        for accession in pair:
            self._gained[accession] = self._gained.get(accession, 0) | after
            # Whoever changes the tier loses one, too.
            if before & ~after:
                self._shrunk.add(accession)

    def _of(self, support: SupportContent) -> tuple[int, Tier]:
        if support not in self._of_content:
            content = support.evidence
            self._of_content[support] = self._contents.of(content), self._contents.tier(content)
        return self._of_content[support]

    def of_new(self, accession: str) -> tuple[Any, ...]:
        """Return the facets and the tiers of a protein that is new, as its columns hold them."""
        text = self.alphabet.text(self._gained.get(accession, 0))
        return *columns_of(text), *counters_of(self._tiers.get(accession, {}))

    def write_existing(self, plan: Plan) -> None:
        """Write those of proteins that were there; all else has been written."""
        ids = plan.existing_proteins
        gained = {ids[key]: gained_set for key, gained_set in self._gained.items() if key in ids}
        unite_facets(self.bulk, self.alphabet, gained)
        counted = [
            (*counters_of(tiers), ids[key]) for key, tiers in self._tiers.items() if key in ids
        ]
        self.bulk.add(Protein, tuple(TIER_COUNTERS.values()), counted)
        refacet(ids[accession] for accession in self._shrunk)
