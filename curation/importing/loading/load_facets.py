"""What a chunk adds to the facets of proteins (see `proteins.domain.facets`)."""

from __future__ import annotations

from collections.abc import Iterable

from curation.importing.loading.store import Store
from curation.importing.planning.planned import Plan
from curation.records.facets import ContentFacets, columns_of, refacet, unite_facets
from curation.shared.bulk import Bulk
from proteins.domain import facets
from proteins.domain.support import SupportContent
from proteins.models import ReviewStatus


class FacetWriter:
    """Facets nearly always grow, and are united with what is stored without reading the
    interactions of a protein; those that may have shrunk are computed again."""

    def __init__(self, bulk: Bulk, store: Store) -> None:
        self.bulk = bulk
        self.store = store
        self.alphabet = facets.Alphabet()
        self._contents = ContentFacets(self.alphabet, store.evidence)
        self._of_content: dict[SupportContent, int] = {}
        self._unreviewed = self._set_of(facets.STATUSES[ReviewStatus.UNREVIEWED])
        self._binding_sites = self._set_of(facets.BINDING_SITES)
        self._gained: dict[str, int] = {}
        self._shrunk: set[str] = set()

    def _set_of(self, *words: str) -> int:
        return self.alphabet.set_of(words)

    def read(self, plan: Plan) -> None:
        """Learn what `plan` gives to its proteins; what it cites has been written."""
        # Before each chunk: a curator may have changed the vocabulary since the last.
        if self._contents.read_rules():
            self._of_content = {}
        gained: dict[str, int] = {}
        ids, get = self._of_content, gained.get
        for tf, target, content, _ in plan.new_pairs:
            gained_set = ids.get(content) or self._of(content)
            gained[tf] = get(tf, 0) | gained_set
            gained[target] = get(target, 0) | gained_set
        # All but the new are of a status that their proteins have by now.
        for accession in gained:
            gained[accession] |= self._unreviewed
        self._gained, self._shrunk = gained, set()
        for before, key, after in plan.changed_pairs:
            if before.status != ReviewStatus.REJECTED:
                self._replace(key.split("-"), self._of(before.support), self._of(after))
        for site in plan.new_sites:
            gained[site.tf] = get(site.tf, 0) | self._binding_sites

    def _replace(self, pair: Iterable[str], before: int, after: int) -> None:
        for accession in pair:
            self._gained[accession] = self._gained.get(accession, 0) | after
            if before & ~after:
                self._shrunk.add(accession)

    def _of(self, support: SupportContent) -> int:
        if support not in self._of_content:
            self._of_content[support] = self._contents.of(support.evidence)
        return self._of_content[support]

    def of_new(self, accession: str) -> tuple[str, int]:
        """Return the facets of a protein that is new, as its columns hold them."""
        return columns_of(self.alphabet.text(self._gained.get(accession, 0)))

    def write_existing(self, plan: Plan) -> None:
        """Write those of proteins that were there; all else has been written."""
        ids = plan.existing_proteins
        gained = {ids[key]: gained_set for key, gained_set in self._gained.items() if key in ids}
        unite_facets(self.bulk, self.alphabet, gained)
        refacet(ids[accession] for accession in self._shrunk)
