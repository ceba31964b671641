"""What the interactions that cite a publication add up to: TFs, targets, species, support.

Evidence is shared: what cites a publication is at most a few thousand rows of it, and each
interaction counts by its own. Few interactions are read one by one; of more,
`proteins.analysis.coverage` counts in the arrays of species.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from proteins.domain.names import short_name
from proteins.domain.tiers import Tier
from proteins.models import Evidence, Interaction, Protein
from proteins.models.querysets.evidence import links_to_other_primaries
from proteins.queries.side_facets import LISTED
from proteins.queries.supported_interactions import COUNTED


class Citing(NamedTuple):
    """An Evidence row that cites a publication."""

    tier: Tier
    #: Whether it names no other primary publication.
    is_only: bool


class CoveredTF(NamedTuple):
    accession: str
    label: str
    number: int


class CoveredSpecies(NamedTuple):
    code: str
    name: str
    number: int


@dataclass(frozen=True)
class Counts:
    """Interactions by TF and by evidence (both by primary key), and the number of targets."""

    tfs: Counter[int]
    evidence: Counter[int]
    targets: int


@dataclass(frozen=True)
class Coverage:
    interactions: int
    targets: int
    tiers: Counter[Tier]
    #: Interactions that cite no other primary publication.
    only: int
    #: All TFs, and species, with most interactions first.
    tfs: tuple[CoveredTF, ...]
    species: tuple[CoveredSpecies, ...]

    @classmethod
    def of(cls, counts: Counts, citing: Mapping[int, Citing]) -> Coverage:
        """Read names and species of the TFs that are counted."""
        columns = ("pk", "accession", "name", "taxon__code", "taxon__scientific_name")
        rows = Protein.objects.filter(pk__in=list(counts.tfs)).order_by().values_list(*columns)
        tfs, species, tiers = [], Counter[tuple[str, str]](), Counter[Tier]()
        for pk, accession, name, code, scientific_name in rows if counts.tfs else ():
            number = counts.tfs[pk]
            tfs.append(CoveredTF(accession, short_name(name) or accession, number))
            species[code, scientific_name] += number
        for key, number in counts.evidence.items():
            tiers[citing[key].tier] += number
        only = sum(number for key, number in counts.evidence.items() if citing[key].is_only)
        return cls(
            counts.evidence.total(),
            counts.targets,
            tiers,
            only,
            tuple(sorted(tfs, key=lambda tf: (-tf.number, tf.label, tf.accession))),
            tuple(CoveredSpecies(*each, number) for each, number in species.most_common()),
        )


def read_citing(pmid: int) -> dict[int, Citing]:
    """The evidence that cites a publication, by primary key, in one query."""
    others = links_to_other_primaries(pmid).filter(evidence=OuterRef("pk"))
    rows = Evidence.objects.citing(pmid).annotate(has_others=Exists(others.order_by()))
    values = rows.order_by().values_list("pk", "tier", "has_others")
    return {pk: Citing(Tier(tier), not has_others) for pk, tier, has_others in values}


def read_few(pmid: int, citing: Mapping[int, Citing]) -> Counts | None:
    """Count the interactions of some evidence in their table; None where they are many."""
    rows = Interaction.objects.public().order_by()
    rows = (
        rows.filter(evidence__in=list(citing))
        if len(citing) <= LISTED
        else rows.supported_by(Evidence.objects.citing(pmid))
    )
    listed = list(rows.values_list("tf", "target", "evidence")[: COUNTED + 1]) if citing else []
    if len(listed) > COUNTED:
        return None
    tfs, targets, evidence = zip(*listed, strict=True) if listed else ((), (), ())
    return Counts(Counter(tfs), Counter(evidence), len(set(targets)))
