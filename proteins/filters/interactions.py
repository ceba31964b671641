"""The FilterSets of what evidence supports: interactions and binding sites.

They are the largest tables (12 and 9 million rows), so each answer is an ordered scan of one
index. Measured on three million interactions, on both databases:

- Proteins become lists of primary keys first. Both databases then scan (TF, target)
  over that list in order; given a subquery, PostgreSQL scans the whole table.
- A cursor's TF bounds that list. SQLite would begin at its first TF on every page.
- Evidence that supports few rows is where the answer starts, and its rows are
  sorted. Evidence that supports many is met soon enough on an ordered scan, and SQLite
  would sort them all: each row's is looked up (`EvidenceChoice`). Adding zero to a column
  takes an index out of the choice.
- Where the interactions of each TF have been counted by their evidence (`proteins.hooks.tallies`),
  that decides between the two, and the scan is over the few TFs that have the rows of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db import connection
from django.db.models import F, Model, Q, QuerySet

from proteins import hooks
from proteins.filters import interaction_totals
from proteins.filters.evidence import CHOOSE, EvidenceChoice, EvidenceFilterSet
from proteins.filters.fields import (
    CHANGED_SINCE,
    ParameterFilter,
    QueryState,
    by_row,
    named_proteins,
    since,
    text,
    words,
)
from proteins.filters.vocabularies import (
    PUBLIC_STATUSES,
    rows_of,
    taxa,
)
from proteins.hooks import Tallies
from proteins.models import (
    ChangeSet,
    Effect,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
)
from proteins.models.querysets import InteractionQuerySet, ProteinQuerySet
from proteins.queries.totals import Total, share

#: Rows that are sorted in a tenth of a second; more are met on an ordered scan.
FEW = 250_000
#: Rows that are sorted where it is known which TFs have them: more are read TF by TF.
FEW_OF_KNOWN_TFS = 10_000
#: The part of all rows that is most of them.
MOST = 0.6
#: Rows of evidence that PostgreSQL is given by primary key. Given a query instead, it takes
#: each to support as many rows as the next, and reads the whole table. (SQLite begins at the
#: index in any case, and keys are more for it to read.)
LISTED = 10_000
#: TFs that are stored for the next page of a query: those of any one species.
MAX_STORED_TFS = 2_000
EFFECTS = {effect.name.lower(): effect for effect in Effect}
REPORTINGS = {reporting.label.replace(" ", "_"): reporting for reporting in Reporting}


def _listed(evidence: EvidenceChoice) -> list[int] | QuerySet[Any]:
    keys = evidence.keys()
    if connection.vendor != "postgresql":
        return keys
    listed = list(keys[: LISTED + 1])
    return listed if len(listed) <= LISTED else keys


def _is_met_soon(rows: QuerySet[Any]) -> bool:
    """Whether an ordered scan soon has a page of `rows`, without counting them: most rows are of
    them, or few are not."""
    estimate = share(rows)
    return estimate.part > MOST or estimate.others < FEW


class SupportedFilterSet(EvidenceFilterSet):
    """What interactions and binding sites have in common: a TF, and evidence."""

    tf = named_proteins("The TF", method="any_of")
    taxon = taxa("NCBI taxon ID of the TF's species.", field_name="tf", method="any_of")

    takes_proteins = {"tf": "taxon"}

    #: A page reads all rows that match, so that to count them costs no more.
    reads_all = False
    #: The evidence that the filters let through, once it has been read.
    evidence_keys: list[int] | QuerySet[Any] | None = None

    def possible_tfs(self, proteins: ProteinQuerySet) -> ProteinQuerySet:
        """Those of a species' `proteins` that can be the TF of a row."""
        return proteins.filter(is_tf=True)

    def names_proteins(self) -> bool:
        """Whether proteins are given by accession, so that few rows can match."""
        return self.has("tf")

    def are_few_scanned(self) -> bool:
        """Whether a scan in order ends soon, whatever evidence it looks for."""
        return self.names_proteins()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        self._tfs, bounds = self._read_tfs(), self.state.bounds
        self.count_by_tf()
        queryset = self._by_evidence(super().filter_queryset(queryset))
        self._tf_is_indexed = not self.few
        self._of_any_tf = self.by_partners(queryset)
        if (tfs := self.tfs_of_page()) is not None:
            return self.of_tfs(tfs)
        if self._tfs is None or bounds is None:
            return self.all_pages()
        return self.of_tfs([tf for tf in self._tfs if tf in bounds])

    def count_by_tf(self) -> None:
        """Count the rows of each TF that match, where no table has to be read for that."""

    def tfs_of_page(self) -> list[int] | None:
        """TFs that have all rows of the page that is requested; None where that is not known."""
        return None

    def by_partners(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the other proteins that are given, if any."""
        return queryset

    def of_tfs(self, tfs: Sequence[int]) -> QuerySet[Any]:
        """Those of some TFs that the other filters let through, wherever a page begins."""
        return by_row(self._of_any_tf, "tf_id", tfs, indexed=self._tf_is_indexed)

    def all_pages(self) -> QuerySet[Any]:
        """What the filters let through, without what a cursor implies."""
        return self._of_any_tf if self._tfs is None else self.of_tfs(self._tfs)

    def total(self, filtered: QuerySet[Any]) -> Total:
        return super().total(self.all_pages())

    def _read_tfs(self) -> Sequence[int] | None:
        """The primary keys of the TFs on all pages; None where any will do."""
        values, tfs = self.values, self.state.tfs
        if tfs is not None or not (values["tf"] or values["taxon"]):
            return tfs
        proteins = Protein.objects.all()
        if values["taxon"]:
            proteins = proteins.filter(taxon__in=values["taxon"])
        if values["tf"]:
            tfs = tuple(rows_of(values["tf"], proteins))
        else:
            tfs = tuple(self.possible_tfs(proteins).values_list("pk", flat=True))
        if len(tfs) <= MAX_STORED_TFS:
            self.state = replace(self.state, tfs=tfs)
        return tfs

    def _by_evidence(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        evidence = self.evidence()
        if evidence is None:
            return queryset
        self.evidence_keys = _listed(evidence)
        if self.state.is_evidence_rare is None:
            self.state = self._with_rarity(queryset.model, evidence)
        if self.state.is_evidence_rare:
            self.few = True
            return queryset.filter(evidence__in=self.evidence_keys)
        return self._supported(queryset, evidence)

    def _supported(self, rows: QuerySet[Any], evidence: EvidenceChoice) -> QuerySet[Any]:
        """Those of rows that are read in order which the evidence supports."""
        if isinstance(self.evidence_keys, list):
            return by_row(rows, "evidence_id", self.evidence_keys, indexed=False)
        return evidence.supporting(rows)

    def _with_rarity(self, model: type[Model], evidence: EvidenceChoice) -> QueryState:
        table = model._default_manager.all()
        if self.are_few_scanned() or _is_met_soon(self._supported(table, evidence)):
            return replace(self.state, is_evidence_rare=False)
        rows = table.filter(evidence__in=self.evidence_keys).order_by()
        supported = rows.values("evidence")[:FEW].count()
        return replace(self.state, is_evidence_rare=supported < FEW, supported=supported)


#: What most interactions have; the others are in indexes of their own.
_USUAL: Final = {
    "effect": Effect.UNKNOWN,
    "status": ReviewStatus.UNREVIEWED,
    "reporting": Reporting.REPORTED,
}
#: The filters by what interactions have in common, as arrays of them hold it.
OF_KIND: Final = frozenset({*CHOOSE, *_USUAL})
_BESIDE_KIND: Final = frozenset({"taxon", "changed_since"})


class InteractionFilterSet(SupportedFilterSet):
    target = named_proteins("The target", method="any_of")
    either = named_proteins("The TF or the target", field_name="tf", method="any_of")
    effect = words(
        "What the TF does to the expression of the target.",
        EFFECTS,
        method="curated",
        label="Effect",
        noun="effect",
    )
    status = words(
        "A curator's verdict.",
        PUBLIC_STATUSES,
        method="curated",
        label="Review status",
        noun="review status",
    )
    reporting = words(
        "Whether the sources still report it.",
        REPORTINGS,
        method="curated",
        label="Reported",
        noun="state of reporting",
    )
    changed_since = since(CHANGED_SINCE, field_name="change", method="changed")
    q = ParameterFilter(
        "Text within the name or accession of the target; of the TF, where tf is not given.",
        text,
        method="with_partner_like",
        label="Name or accession",
    )

    # Both ends are of one species.
    takes_proteins = {"tf": "taxon", "target": "taxon", "either": "taxon"}
    needs = {"q": ("tf", "target")}
    controls = (
        "q",
        "source",
        "exclude_source",
        "method",
        "method_class",
        "small_scale",
        "tier",
        "single_source",
        "effect",
        "status",
        "reporting",
    )

    class Meta:
        model = Interaction
        fields: list[str] = []

    def changed(
        self, queryset: InteractionQuerySet, name: str, value: datetime
    ) -> InteractionQuerySet:
        first = ChangeSet.objects.first_since(value)
        changed = Interaction.objects.filter(change__gte=first)
        if changed.order_by().values("pk")[:FEW].count() == FEW:
            # As many are met soon enough on an ordered scan.
            return queryset.alias(changed=F("change_id") + 0).filter(changed__gte=first)
        self.few = True
        return queryset.filter(pk__in=changed.values("pk"))

    def curated(
        self, queryset: InteractionQuerySet, name: str, value: list[int]
    ) -> InteractionQuerySet:
        # In the words of the partial index, without which SQLite does not use it.
        if _USUAL[name] not in value:
            self.reads_all = True
            queryset = queryset.exclude(**{name: _USUAL[name]})
        return queryset.filter(**{f"{name}__in": value})

    def with_partner_like(
        self, queryset: InteractionQuerySet, name: str, value: str
    ) -> InteractionQuerySet:
        return queryset.with_partner_like(value, "target" if self.has("tf") else "tf")

    def count_by_tf(self) -> None:
        if self.state.tally is None and self._are_in_arrays():
            verdicts = {name: self.values[name] for name in _USUAL if self.values[name]}
            evidence = self.evidence()
            keys = None if evidence is None else evidence.keys()
            self.state = replace(self.state, tally=hooks.tallies(keys, verdicts, self._tfs))
        if (tally := self.state.tally) is not None and self.evidence() is None:
            self.few |= sum(tally.numbers) < FEW_OF_KNOWN_TFS

    def _are_in_arrays(self) -> bool:
        """Whether what arrays hold bounds which rows match."""
        others = self._named - OF_KIND
        return bool(self._named & OF_KIND) and others <= _BESIDE_KIND and not self.given

    @property
    def _named(self) -> set[str]:
        return {name for name, value in self.values.items() if value not in (None, [])}

    @property
    def _exact_tally(self) -> Tallies | None:
        """The numbers of rows that match, where they are not but a bound of these."""
        return None if "changed_since" in self._named else self.state.tally

    def tfs_of_page(self) -> list[int] | None:
        tally, wanted = self._exact_tally, self.wanted
        if tally is None or wanted is None or not wanted.by_tf or self.few:
            return None
        return interaction_totals.tfs_of_page(tally, wanted, self.state.bounds)

    def _with_rarity(self, model: type[Model], evidence: EvidenceChoice) -> QueryState:
        if self.state.tally is None:
            return super()._with_rarity(model, evidence)
        # Of some species alone, the evidence may support far more than is to be sorted.
        is_rare = self._tfs is None and sum(self.state.tally.numbers) < FEW_OF_KNOWN_TFS
        return replace(self.state, is_evidence_rare=is_rare)

    def names_proteins(self) -> bool:
        return self.has("tf", "target", "either")

    def are_few_scanned(self) -> bool:
        if self.names_proteins() or self._tfs is None:
            return self.names_proteins()
        return interaction_totals.targets_of(self._tfs) < FEW

    def by_partners(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.values["target"]:
            queryset = queryset.filter(target__in=self.targets)
        if self.values["either"]:
            rows = self.eithers
            self.few |= interaction_totals.ends_among(rows) < FEW
            queryset = queryset.filter(Q(tf__in=rows) | Q(target__in=rows))
        return queryset

    @cached_property
    def targets(self) -> list[int]:
        return rows_of(self.values["target"], Protein.objects.all())

    @cached_property
    def eithers(self) -> list[int]:
        return rows_of(self.values["either"], Protein.objects.all())

    def tfs_of_all_pages(self) -> ProteinQuerySet:
        proteins = Protein.objects.all()
        if self.values["tf"]:
            return proteins.filter(pk__in=self._tfs or ())
        if self.values["taxon"]:
            return by_row(proteins, "taxon_id", self.values["taxon"], indexed=False)
        return proteins

    def total(self, filtered: QuerySet[Any]) -> Total:
        if (tally := self._exact_tally) is not None:
            others = self.of_tfs(sorted(tally.uncounted)).order_by()
            return Total(sum(tally.numbers) + (others.count() if tally.uncounted else 0))
        named = frozenset(self._named)
        query = interaction_totals.InteractionQuery(
            named=named,
            state=self.state,
            rows=self.all_pages(),
            rows_of_tfs=self.of_tfs,
            tfs=self.tfs_of_all_pages(),
            targets=self.targets if "target" in named else (),
            eithers=self.eithers if "either" in named else (),
            evidence=self.evidence_keys,
            is_read_whole=self.few or self.reads_all,
        )
        total = interaction_totals.total(query)
        most = sum(self.state.tally.numbers) if self.state.tally else total.count
        return total if total.count <= most else replace(total, count=most)
