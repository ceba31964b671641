"""Whether the denormalised facets and tiers of proteins follow from their interactions and
sites."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from django.db.models import Exists, OuterRef

from curation.records.facets import EvidenceFacets, Tiers, columns_of, counters_of
from proteins.domain import facets
from proteins.models import TIER_COUNTERS, BindingSite, Evidence, Interaction, Protein
from proteins.queries.snapshot import FETCH

_COUNTERS: Final = tuple(TIER_COUNTERS.values())
_COLUMNS: Final = ("pk", "accession", "facets", "facet_bits", *_COUNTERS)


def wrong_facets() -> Iterator[tuple[str, str]]:
    """Yield the accession of each protein whose facets or tiers are wrong, and what is wrong."""
    alphabet = facets.Alphabet()
    right, tiers = _facets_of_all(alphabet)
    rows = Protein.objects.order_by("pk").values_list(*_COLUMNS)
    for key, accession, stored, bits, *counted in rows:
        for column, number, counter in zip(
            _COUNTERS, counted, counters_of(tiers[key]), strict=True
        ):
            if number != counter:
                yield accession, f"its {column} is {number}, and should be {counter}"
        text, right_bits = columns_of(alphabet.text(right[key]))
        if stored != text:
            yield accession, f"its facets are “{stored.strip()}”, and should be “{text.strip()}”"
        elif bits != right_bits:
            yield accession, f"its facet_bits are {bits}, and should be {right_bits}"


def _facets_of_all(
    alphabet: facets.Alphabet,
) -> tuple[defaultdict[int, int], defaultdict[int, Tiers]]:
    """Return the facets of each protein as a set of `alphabet`, and its tiers, by one pass over
    all interactions; what is in memory grows with the number of proteins only."""
    evidence_facets = EvidenceFacets(alphabet)
    evidence_facets.learn(Evidence.objects.values_list("pk", flat=True))
    facet_sets: defaultdict[int, int] = defaultdict(int)
    tiers: defaultdict[int, Tiers] = defaultdict(Counter)
    rows = Interaction.objects.public().order_by()
    columns = ("tf_id", "target_id", "evidence_id", "status")
    for tf, target, evidence, status in rows.values_list(*columns).iterator(chunk_size=FETCH):
        gained = evidence_facets.of(evidence, status)
        facet_sets[tf] |= gained
        facet_sets[target] |= gained
        tier = evidence_facets.tiers[evidence]
        tiers[tf][tier] += 1
        tiers[target][tier] += 1
    with_sites = alphabet.set_of([facets.BINDING_SITES])
    # A lookup for each protein: there are millions of sites.
    sites = Exists(BindingSite.objects.filter(tf=OuterRef("pk")))
    for tf in Protein.objects.filter(sites).values_list("pk", flat=True):
        facet_sets[tf] |= with_sites
    return facet_sets, tiers
