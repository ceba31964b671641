"""Whether a table is complete for its species, and what it then no longer reports.

A table is complete only where its name says All, or the operator says so; every other file is
a part, which completes and withdraws nothing. What is called complete is compared with what is
stored before anything is written: a file that holds one scale of evidence where the database
has both, or that would withdraw a large share of a species' interactions, is stopped with the
figure, and goes on only where that was confirmed.

A row that is refused still counts as reported, so that one bad row does not withdraw its pair.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, QuerySet

from curation.importing.source.records import Withdrawal
from curation.shared.large_changes import is_large, public_by_species
from proteins.domain.evidence import SmallScale
from proteins.domain.statements import StatementState
from proteins.models import (
    Interaction,
    Protein,
    Reporting,
    SecondaryAccession,
    Statement,
    Taxon,
)

_FETCH = 10_000


@dataclass(slots=True)
class ReportedPairs:
    """Pairs of TF and target that tables report, by accession, some six bytes each."""

    targets: dict[str, array[int]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, tf: str, target: str) -> None:
        number = self._numbers.setdefault(target, len(self._numbers))
        targets = self.targets.get(tf)
        if targets is None:
            targets = self.targets[tf] = array("I")
        targets.append(number)

    def sizes(self) -> dict[str, int]:
        """Return how many rows each TF has so far."""
        return {tf: len(targets) for tf, targets in self.targets.items()}

    def repeated_since(self, sizes: Mapping[str, int]) -> frozenset[tuple[str, str]]:
        """Return the pairs that were added more than once since there were so many."""
        repeated = []
        for tf, targets in self.targets.items():
            added = targets[sizes.get(tf, 0) :]
            if len(set(added)) < len(added):
                numbers = Counter(added)
                repeated += [(tf, number) for number in numbers if numbers[number] > 1]
        if not repeated:
            return frozenset()
        accessions = list(self._numbers)
        return frozenset((tf, accessions[number]) for tf, number in repeated)

    def missing(self, taxa: Iterable[Taxon]) -> Iterator[tuple[int, str]]:
        """Yield id and public identifier of the stored, reported interactions of these species
        that no table reports and nothing states; one ordered index scan, and a set of one TF's
        targets."""
        current = dict(SecondaryAccession.objects.values_list("accession", "protein__accession"))
        numbers = self._current_numbers(current)
        accessions = dict(
            Protein.objects.filter(taxon__in=list(taxa)).order_by().values_list("pk", "accession")
        )
        reported: dict[str, set[int]] = {}
        for tf, targets in self.targets.items():
            if tf in current:
                reported.setdefault(current[tf], set()).update(targets)
        stated = _stated()
        rows = self._stored(taxa).order_by("tf", "target").values_list("tf_id", "target_id", "pk")
        for tf_id, group in groupby(rows.iterator(chunk_size=_FETCH), key=itemgetter(0)):
            tf = accessions[tf_id]
            here = {*self.targets.get(tf, ()), *reported.get(tf, ())}
            for _, target_id, key in group:
                target = accessions.get(target_id, "")
                if here.isdisjoint(numbers.get(target, ())) and key not in stated:
                    yield key, f"{tf}-{target}"

    def _current_numbers(self, current: dict[str, str]) -> dict[str, tuple[int, ...]]:
        """Return the numbers of each target under its present and former accessions."""
        numbers: dict[str, tuple[int, ...]] = {}
        for accession, number in self._numbers.items():
            for name in {accession, current.get(accession, accession)}:
                numbers[name] = (*numbers.get(name, ()), number)
        return numbers

    @staticmethod
    def _stored(taxa: Iterable[Taxon]) -> QuerySet[Interaction]:
        return Interaction.objects.filter(tf__taxon__in=list(taxa), reporting=Reporting.REPORTED)

    def withdrawals(self, taxa: Iterable[Taxon]) -> list[Withdrawal]:
        """Return what each species would lose, those that lose nothing left out."""
        withdrawals = []
        for taxon in taxa:
            number = sum(1 for _ in self.missing([taxon]))
            if number:
                stored = self._stored([taxon]).count()
                withdrawals.append(Withdrawal(taxon.scientific_name, number, stored))
        return withdrawals


def _stated() -> set[int]:
    """Return the interactions with active statements, by which their sources report them."""
    active = Statement.objects.filter(state=StatementState.ACTIVE).order_by()
    return set(active.values_list("interaction_id", flat=True).iterator(chunk_size=_FETCH))


def scales_stored(taxon: Taxon) -> set[SmallScale]:
    """Return which of small-scale and large-scale evidence a species' interactions have."""
    rows = Interaction.objects.public().filter(tf__taxon=taxon)
    return {
        scale
        for scale in (SmallScale.YES, SmallScale.NO)
        if rows.filter(evidence__small_scale=scale).exists()
    }


def reported_by_species() -> dict[str, int]:
    """Return how many interactions of each species are public and reported, from the counters
    of proteins and the index of what is not reported."""
    unreported = Interaction.objects.public().exclude(reporting=Reporting.REPORTED)
    lacking = dict(
        unreported.order_by().values_list("tf__taxon__scientific_name").annotate(number=Count("pk"))
    )
    return {
        species: number - lacking.get(species, 0) for species, number in public_by_species().items()
    }


def large_losses(before: Mapping[str, int]) -> list[Withdrawal]:
    """Return which species have lost a large share of what `reported_by_species` counted
    `before`."""
    now = reported_by_species()
    losses = [
        Withdrawal(species, stored - now.get(species, 0), stored)
        for species, stored in before.items()
    ]
    return [loss for loss in losses if is_large(loss.number, loss.stored)]
