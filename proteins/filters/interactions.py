"""The FilterSets of what evidence supports: interactions and binding sites.

They are the largest tables (12 and 9 million rows), so each answer is a walk along one
index. Measured on three million interactions, on both databases:

- Proteins become lists of their rows' numbers first. Both databases then walk
  (TF, target) over that list in order; given a subquery, PostgreSQL walks the whole table.
- A cursor's TF bounds that list. SQLite would begin at its first TF on every page.
- Evidence that supports few rows is where the answer starts, and the rows found are
  sorted. Evidence that supports many is met soon enough on a walk in order, and SQLite
  would sort them all. Adding zero to a column takes an index out of the choice.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection
from django.db.models import F, Q, QuerySet

from proteins.domain import identifiers
from proteins.domain.evidence import SmallScale
from proteins.filters import interaction_totals
from proteins.filters.fields import (
    FilterSet,
    ParameterFilter,
    accessions,
    numbers,
    since,
    text,
    words,
)
from proteins.filters.vocabularies import PUBLIC_STATUSES, method_names, rows_of, source_keys, taxa
from proteins.models import (
    Effect,
    Evidence,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
)
from proteins.models.querysets import EvidenceQuerySet, InteractionQuerySet, ProteinQuerySet
from proteins.queries.totals import Total

#: So many rows are sorted in a tenth of a second; more are met on a walk.
FEW = 250_000
#: So many rows of evidence PostgreSQL is told by their numbers. Given a query instead, it takes
#: each to support as many rows as the next, and reads the whole table. (SQLite begins at the
#: index in any case, and numbers are more for it to read.)
LISTED = 10_000
#: So many TFs are kept for the next page of a question: those of any one species.
TFS_KEPT = 2_000
SMALL_SCALE = {scale.name.lower(): scale for scale in SmallScale}
EFFECTS = {effect.name.lower(): effect for effect in Effect}
REPORTINGS = {reporting.label.replace(" ", "_"): reporting for reporting in Reporting}

Rows = TypeVar("Rows", bound="QuerySet[Any]")


def by_row(queryset: Rows, column: str, values: Any, *, indexed: bool) -> Rows:
    """Those whose `column` is among `values`; without its index where that is said."""
    if indexed:
        return queryset.filter(**{f"{column}__in": values})
    unindexed = f"unindexed_{column}"
    return queryset.alias(**{unindexed: F(column) + 0}).filter(**{f"{unindexed}__in": values})


def _listed(evidence: EvidenceQuerySet) -> list[int] | QuerySet[Any]:
    if connection.vendor != "postgresql":
        return evidence.values("pk")
    keys = list(evidence.order_by().values_list("pk", flat=True)[: LISTED + 1])
    return keys if len(keys) <= LISTED else evidence.values("pk")


class SupportedFilterSet(FilterSet):
    """What interactions and binding sites have in common: a TF, and evidence."""

    tf = accessions("UniProt accession of the TF.", method="any_of")
    taxon = taxa("NCBI taxon ID of the TF's species.", field_name="tf", method="any_of")
    source = ParameterFilter(
        "Key of a source database that supports it, such as GTRD.",
        text,
        field_name="evidence",
        many=True,
        resolve=source_keys,
        method="any_of",
    )
    method = ParameterFilter(
        "Name or PSI-MI ID of a detection method that supports it.",
        text,
        {"type": "string", "example": "MI:0402"},
        field_name="evidence",
        many=True,
        resolve=method_names,
        method="any_of",
    )
    pmid = numbers(
        "PubMed ID of a publication that supports it.",
        largest=identifiers.MAX_PMID,
        field_name="evidence",
        method="any_of",
    )
    small_scale = words(
        "Whether a small-scale experiment supports it.",
        SMALL_SCALE,
        field_name="evidence",
        method="any_of",
    )

    #: A page reads all rows that match, so that to count them costs no more.
    reads_all = False
    #: The TFs that stand for all, where rows are counted to estimate how many there are.
    sample: list[int] | None = None
    #: The evidence asked for, once that is known.
    evidence_keys: list[int] | QuerySet[Any] | None = None

    def known_tfs(self, proteins: ProteinQuerySet) -> ProteinQuerySet:
        """Those of a species' `proteins` that can be the TF of a row."""
        return proteins.filter(is_tf=True)

    def tfrows_of(self) -> list[int] | None:
        """The TFs asked for, by row number; None where any will do."""
        asked = self.form.cleaned_data
        if self.sample is not None:
            return self.sample
        if not asked["tf"] and not asked["taxon"]:
            return None
        tfs = self.known.tfs
        if tfs is None:
            tfs = self._tfs_of_all_pages()
            if len(tfs) <= TFS_KEPT:
                self.known.tfs = tfs
        bounds = self.bounds
        return tfs if bounds is None else [tf for tf in tfs if tf in bounds]

    def _tfs_of_all_pages(self) -> list[int]:
        asked = self.form.cleaned_data
        proteins = Protein.objects.all()
        if asked["taxon"]:
            proteins = proteins.filter(taxon__in=asked["taxon"])
        if asked["tf"]:
            return rows_of(asked["tf"], proteins)
        return list(self.known_tfs(proteins).values_list("pk", flat=True))

    def evidence(self) -> EvidenceQuerySet | None:
        """The evidence asked for; None where any will do."""
        asked = self.form.cleaned_data
        evidence = Evidence.objects.all()
        if asked["source"]:
            evidence = evidence.from_source(*asked["source"])
        if asked["method"]:
            evidence = evidence.by_method(*asked["method"])
        if asked["pmid"]:
            evidence = evidence.citing(*asked["pmid"])
        if asked["small_scale"]:
            evidence = evidence.at_scale(*asked["small_scale"])
        any_asked = any(asked[name] for name in ("source", "method", "pmid", "small_scale"))
        return evidence if any_asked else None

    def names_proteins(self) -> bool:
        """Whether proteins are asked for by accession, so that few rows can match."""
        return bool(self.form.cleaned_data["tf"])

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = super().filter_queryset(queryset)
        evidence = self.evidence()
        if evidence is not None:
            rows = self.evidence_keys
            if rows is None:
                rows = self.evidence_keys = _listed(evidence)
            few = self.known.evidence_is_few
            if few is None:
                few = not self.names_proteins() and self._are_few(queryset, rows)
            self.known.evidence_is_few = few
            queryset = by_row(queryset, "evidence_id", rows, indexed=few)
            self.few |= few
        tfs = self.tfrows_of()
        if tfs is not None:
            queryset = by_row(queryset, "tf_id", tfs, indexed=not self.few)
        return queryset

    def whole(self, sample: list[int] | None = None) -> QuerySet[Any]:
        """What the filters let through wherever a page begins, of all TFs or of some."""
        other = type(self)(self.data, self.queryset)
        other.sample, other.known = sample, self.known
        other.evidence_keys = self.evidence_keys
        filtered: QuerySet[Any] = other.qs
        return filtered

    def total(self, filtered: QuerySet[Any]) -> Total:
        return super().total(self.all_pages(filtered))

    def all_pages(self, filtered: QuerySet[Any]) -> QuerySet[Any]:
        """What was let through, without what a cursor implies."""
        return self.whole() if self.bounds is not None else filtered

    def rejected(self) -> int:
        """How many interactions that the evidence asked for supports the public does not see."""
        if self.evidence_keys is None:
            return 0
        rows = Interaction.objects.rejected().filter(evidence__in=self.evidence_keys)
        return rows.order_by().count()

    def _are_few(self, queryset: QuerySet[Any], evidence: Any) -> bool:
        rows = queryset.model._default_manager.filter(evidence__in=evidence).order_by()
        self.known.supported = rows.values("evidence")[:FEW].count()
        return self.known.supported < FEW


class InteractionFilterSet(SupportedFilterSet):
    target = accessions("UniProt accession of the target.", method="any_of")
    either = accessions(
        "UniProt accession of the TF or the target.", field_name="tf", method="any_of"
    )
    effect = words(
        "What the TF does to the expression of the target.", EFFECTS, method="with_effect"
    )
    status = words("A curator's verdict.", PUBLIC_STATUSES, method="with_status")
    reporting = words("Whether the sources still report it.", REPORTINGS, method="with_reporting")
    changed_since = since(
        "Changed at or after this date or time.", field_name="changed_at", method="changed"
    )

    class Meta:
        model = Interaction
        fields: list[str] = []

    def changed(
        self, queryset: InteractionQuerySet, name: str, value: datetime
    ) -> InteractionQuerySet:
        changed = Interaction.objects.filter(changed_at__gte=value)
        if changed.order_by().values("pk")[:FEW].count() == FEW:
            # So many are met soon enough on a walk in order.
            return queryset.filter(changed_at__gte=value)
        self.few = True
        return queryset.filter(pk__in=changed.values("pk"))

    def with_effect(
        self, queryset: InteractionQuerySet, name: str, value: list[int]
    ) -> InteractionQuerySet:
        # In the words of the partial index, without which SQLite does not use it.
        if Effect.UNKNOWN not in value:
            self.reads_all = True
            queryset = queryset.exclude(effect=Effect.UNKNOWN)
        return queryset.filter(effect__in=value)

    def with_status(
        self, queryset: InteractionQuerySet, name: str, value: list[int]
    ) -> InteractionQuerySet:
        if ReviewStatus.UNREVIEWED not in value:
            self.reads_all = True
            queryset = queryset.exclude(status=ReviewStatus.UNREVIEWED)
        return queryset.filter(status__in=value)

    def with_reporting(
        self, queryset: InteractionQuerySet, name: str, value: list[int]
    ) -> InteractionQuerySet:
        if Reporting.REPORTED not in value:
            self.reads_all = True
            queryset = queryset.exclude(reporting=Reporting.REPORTED)
        return queryset.filter(reporting__in=value)

    def names_proteins(self) -> bool:
        asked = self.form.cleaned_data
        return bool(asked["tf"] or asked["target"] or asked["either"])

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if asked["target"]:
            queryset = queryset.filter(target__in=self.targets)
        if asked["either"]:
            rows = self.eithers
            self.few |= interaction_totals.ends_among(rows) < FEW
            queryset = queryset.filter(Q(tf__in=rows) | Q(target__in=rows))
        return queryset

    @cached_property
    def targets(self) -> list[int]:
        return rows_of(self.form.cleaned_data["target"], Protein.objects.all())

    @cached_property
    def eithers(self) -> list[int]:
        return rows_of(self.form.cleaned_data["either"], Protein.objects.all())

    def all_tfs(self) -> ProteinQuerySet:
        """The TFs asked for, on whatever page."""
        asked = self.form.cleaned_data
        proteins = Protein.objects.all()
        if asked["taxon"]:
            proteins = by_row(proteins, "taxon_id", asked["taxon"], indexed=False)
        if asked["tf"]:
            proteins = proteins.filter(pk__in=rows_of(asked["tf"], Protein.objects.all()))
        return proteins

    def total(self, filtered: QuerySet[Any]) -> Total:
        return interaction_totals.total(self, filtered)
