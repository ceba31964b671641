"""The plan of merging two proteins: computed only, nothing is written.

Evidence is united. Of two review verdicts the more severe stays (rejected before disputed
before confirmed), and any verdict wins over none; of two effects both stay (activation
and repression make "both"), and any effect wins over unknown. What one of two is reported
as by a source, both are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from curation.records import Values
from curation.shared.three_way import united_orthologs
from proteins.models import BindingSite, Effect, Interaction, Protein, ReviewStatus


class Row(NamedTuple):
    """An interaction as it is stored."""

    id: int
    tf: int
    target: int
    support: int
    effect: int
    status: int
    reporting: int


_COLUMNS = ("id", "tf_id", "target_id", "support_id", "effect", "status", "reporting")


@dataclass(frozen=True)
class Union:
    """The interactions that become one: `rows[0]` stays, the others are absorbed by it."""

    tf: int
    target: int
    rows: tuple[Row, ...]

    @property
    def stays(self) -> Row:
        return self.rows[0]

    @property
    def absorbed(self) -> tuple[Row, ...]:
        return self.rows[1:]

    @property
    def effect(self) -> int:
        """Activation (1) and repression (2) are both (3)."""
        effect = 0
        for row in self.rows:
            effect |= row.effect
        return effect

    @property
    def status(self) -> int:
        return max(row.status for row in self.rows)

    @property
    def reporting(self) -> int:
        """Reported before no longer reported before added by a curator."""
        return min(row.reporting for row in self.rows)

    @property
    def verdicts_differ(self) -> bool:
        """Whether curators came to different verdicts, of which one is overruled."""
        verdicts = {row.status for row in self.rows} - {ReviewStatus.UNREVIEWED}
        effects = {row.effect for row in self.rows} - {Effect.UNKNOWN}
        return len(verdicts) > 1 or len(effects) > 1


@dataclass(frozen=True)
class MergePlan:
    """What a merge of `secondary` into `primary` would do."""

    secondary: Protein
    primary: Protein
    unions: Sequence[Union] = field(repr=False)
    binding_sites: int

    @property
    def moved(self) -> int:
        """How many interactions only change their name."""
        return sum(not union.absorbed for union in self.unions)

    @property
    def united(self) -> int:
        """The number of interactions that both accessions have, and that become one."""
        return sum(bool(union.absorbed) for union in self.unions)

    @property
    def conflicts(self) -> int:
        return sum(union.verdicts_differ for union in self.unions)


def why_not_merged(secondary: Protein, primary: Protein) -> str:
    """Return why these two cannot be merged; empty where they can."""
    if secondary.pk == primary.pk:
        return "a protein cannot be merged into itself."
    if secondary.taxon_id != primary.taxon_id:
        return (
            f"{secondary} is a protein of {secondary.taxon}, {primary} of {primary.taxon}: "
            "accessions of two species never become one."
        )
    return ""


def plan_merge(secondary: Protein, primary: Protein) -> MergePlan:
    """Return what would become of the two; a few queries, however many interactions."""
    sites = BindingSite.objects.filter(tf=secondary).count()
    return MergePlan(secondary, primary, _unions(secondary.pk, primary.pk), sites)


def touched(secondary: int, primary: int) -> QuerySet[Interaction]:
    """Return the interactions of either protein."""
    both = [secondary, primary]
    return Interaction.objects.filter(Q(tf__in=both) | Q(target__in=both)).order_by()


def _unions(secondary: int, primary: int) -> list[Union]:
    groups: dict[tuple[int, int], list[Row]] = {}
    rows = touched(secondary, primary).order_by("id").values_list(*_COLUMNS)
    for row in map(Row._make, rows.iterator(chunk_size=5000)):
        pair = (
            primary if row.tf == secondary else row.tf,
            primary if row.target == secondary else row.target,
        )
        groups.setdefault(pair, []).append(row)
    unions = []
    for (tf, target), group in groups.items():
        if any(secondary in (row.tf, row.target) for row in group):
            # The primary's own stays where there is one, else the oldest.
            group.sort(key=lambda row: ((row.tf, row.target) != (tf, target), row.id))
            unions.append(Union(tf, target, tuple(group)))
    return unions


def count_changes(unions: Iterable[Union]) -> Iterator[tuple[int, int, int]]:
    """Yield what the counters of proteins gain: targets, TFs, protein's id."""
    targets: Counter[int] = Counter()
    tfs: Counter[int] = Counter()
    for union in unions:
        for row in union.rows:
            if row.status != ReviewStatus.REJECTED:
                targets[row.tf] -= 1
                tfs[row.target] -= 1
        if union.status != ReviewStatus.REJECTED:
            targets[union.tf] += 1
            tfs[union.target] += 1
    for key in sorted({*targets, *tfs}):
        if targets[key] or tfs[key]:
            yield targets[key], tfs[key], key


def partners_of_united(plan: MergePlan) -> set[int]:
    """Return the proteins whose interactions with both become one: what supports them, taken
    together, may have changed."""
    united = (union for union in plan.unions if union.absorbed)
    return {end for union in united for end in (union.tf, union.target)}


#: Fields of a protein that are sets, and those that are yes or no.
_SETS = ("gene_ids", "jaspar_matrices")
_FLAGS = ("declared_tf", "declared_target")
_SINGLE = ("name", "declared_interactions")


@dataclass(frozen=True)
class Side:
    """One of the two proteins: its values, and what its sources gave for pinned fields."""

    accession: str
    values: Values
    pins: Mapping[str, Any]

    def source(self, name: str) -> Any:
        """Return the sources' value of a field, without a curator's change."""
        return self.pins.get(name, self.values[name])


def united_protein(old: Side, new: Side) -> tuple[Values, Values]:
    """Return the values of the one protein, and for its pinned fields what sources gave.

    The primary's values, and a curator's, stay; lists are united.
    """
    values = dict(new.values)
    sources = dict(new.pins)
    for name in _SINGLE:
        if new.values[name] in ("", None) and name not in new.pins:
            values[name] = old.values[name]
            if name in old.pins:
                sources[name] = old.pins[name]
    for name in _FLAGS:
        if name not in new.pins:
            values[name] = new.values[name] or old.values[name]
        _pin(name, new.source(name) or old.source(name), values, sources, (old, new))
    for name in _SETS:
        values[name] = sorted({*new.values[name], *old.values[name]})
        source = sorted({*new.source(name), *old.source(name)})
        _pin(name, source, values, sources, (old, new))
    values["names"] = sorted({*new.values["names"], *old.values["names"]})
    both = {old.accession, new.accession}
    values["orthologs"] = _orthologs(new.values["orthologs"], old.values["orthologs"], both)
    source = _orthologs(new.source("orthologs"), old.source("orthologs"), both)
    _pin("orthologs", source, values, sources, (old, new))
    names = {old.accession, *new.values["secondary_accessions"]}
    values["secondary_accessions"] = sorted(names | {*old.values["secondary_accessions"]})
    return values, sources


def _pin(name: str, source: Any, values: Values, sources: Values, sides: tuple[Side, Side]) -> None:
    """Leave a field pinned where a curator changed it and the sources differ."""
    sources.pop(name, None)
    if any(name in side.pins for side in sides) and source != values[name]:
        sources[name] = source


def _orthologs(one: list[list[Any]], other: list[list[Any]], itself: set[str]) -> list[list[Any]]:
    """Return two lists of orthologs as one; what has become the protein itself is none."""
    return united_orthologs(item for item in (*one, *other) if item[1] not in itself)
