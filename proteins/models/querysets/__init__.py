"""Every read has a name here; views, serializers and admin call these and spell no filters.

The manager types are written out as strings where a model is named, because the models
import this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from django.db import models
from django.db.models import (
    F,
    Prefetch,
    Q,
)
from django.db.models.functions import Coalesce

from proteins.domain.binding_sites import COUNTING, Counting
from proteins.domain.regions import Region, bins_over, chromosome_spellings
from proteins.models.querysets.evidence import (
    CitationQuerySet,
    DetectionMethodQuerySet,
    EvidenceQuerySet,
    SourceDatabaseQuerySet,
    model,
)
from proteins.models.querysets.proteins import (
    BROWSE_ORDERS,
    OrthologQuerySet,
    ProteinQuerySet,
    browse_columns,
    full_name_of,
)
from proteins.models.querysets.statements import DatasetQuerySet, StatementQuerySet
from proteins.models.querysets.taxa import TaxonQuerySet

if TYPE_CHECKING:
    from proteins.models import (
        BindingSite,
        Interaction,
        Protein,
    )

__all__ = [
    "BROWSE_ORDERS",
    "BindingSiteQuerySet",
    "CitationQuerySet",
    "DatasetQuerySet",
    "DetectionMethodQuerySet",
    "EvidenceQuerySet",
    "InteractionQuerySet",
    "OrthologQuerySet",
    "ProteinQuerySet",
    "SourceDatabaseQuerySet",
    "StatementQuerySet",
    "TaxonQuerySet",
    "browse_columns",
    "full_name_of",
]

#: The other protein of an interaction, where one is given.
Partner = Literal["tf", "target"]
#: By what a table of interactions can be sorted, and which column that is.
ROW_ORDERS = {
    "name": "{partner}__name_key",
    "accession": "{partner}__accession",
    "sources": "evidence__source_count",
    "publications": "evidence__citation_count",
    "small_scale": "evidence__small_scale",
    "tier": "evidence__tier",
    "status": "status",
}
#: Of `ReviewStatus`, which lives in a module that imports this one.
UNREVIEWED, REJECTED = 0, 3


def _evidence_content() -> tuple[Prefetch[str] | str, ...]:
    """The databases, methods and publications (primary ones first) of each row's evidence."""
    source, citation = model("SourceDatabase"), model("Citation")
    return (
        Prefetch(
            "evidence__sources",
            source._default_manager.with_publication(),  # type: ignore[attr-defined]
        ),
        "evidence__methods",
        Prefetch(
            "evidence__citations",
            citation._default_manager.primary_first(),  # type: ignore[attr-defined]
        ),
    )


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def public(self) -> Self:
        """Those that the public sees: all but the rejected."""
        return self.exclude(status=REJECTED)

    def rejected(self) -> Self:
        """The others; in the words of the partial index, without which SQLite does not use it."""
        return self.exclude(status=UNREVIEWED).filter(status=REJECTED)

    def of_tf(self, protein: Protein) -> Self:
        """What `protein` regulates."""
        return self.filter(tf=protein)

    def of_target(self, protein: Protein) -> Self:
        """What regulates `protein`."""
        return self.filter(target=protein)

    def of_itself(self, protein: Protein) -> Self:
        """The regulation of `protein` by itself."""
        return self.filter(tf=protein, target=protein)

    def with_partner_like(self, text: str, partner: Partner) -> Self:
        """Those whose partner has `text` within its name or accession, in capitals or not."""
        return self.filter(
            Q(**{f"{partner}__accession__contains": text.upper()})
            | Q(**{f"{partner}__name__icontains": text})
        )

    def in_order(self, order: str, partner: Partner) -> Self:
        """By a key of `ROW_ORDERS`, descending where `-` stands before it.

        Rows that are equal by it follow each other by the partner's accession; without a
        key the best-supported come first.
        """
        accession = f"{partner}__accession"
        if not order:
            return self.order_by("-evidence__small_scale", "-evidence__citation_count", accession)
        descending = order.startswith("-")
        if order.removeprefix("-") == "name":
            # Those without one last, from either end.
            nameless = F(f"{partner}__is_unnamed").asc()
            field = F(f"{partner}__name_key")
            return self.order_by(nameless, field.desc() if descending else field.asc(), accession)
        field = F(ROW_ORDERS[order.removeprefix("-")].format(partner=partner))
        return self.order_by(field.desc() if descending else field.asc(), accession)

    def between(self, tf: str, target: str) -> Self:
        """The interaction of two accessions, as it is in the public identifier."""
        return self.filter(tf__accession=tf.upper(), target__accession=target.upper())

    def supported_by(self, evidence: EvidenceQuerySet) -> Self:
        """Those whose evidence is among `evidence`: a filter on a few thousand rows."""
        return self.filter(evidence__in=evidence.values("pk"))

    def with_partners(self) -> Self:
        return self.select_related(
            "tf__taxon", "target__taxon", "evidence", "change"
        ).prefetch_related("tf__gene_ids", "target__gene_ids")

    def with_support(self) -> Self:
        """With both proteins and all that supports each, in a fixed number of queries."""
        return self.with_partners().prefetch_related(*_evidence_content())


def counted_from_zero() -> models.QuerySet[Any, Any]:
    """Evidence all of whose sources count positions from 0, as a set to look into."""
    counting = [name for name, way in COUNTING.items() if way is Counting.FROM_0]
    links = model("EvidenceSource")._default_manager.order_by()
    others = links.exclude(source__key__in=counting).values("evidence")
    return links.filter(source__key__in=counting).exclude(evidence__in=others).values("evidence")


class BindingSiteQuerySet(models.QuerySet["BindingSite"]):
    def of_tf(self, protein: Protein) -> Self:
        return self.filter(tf=protein)

    def in_region(self, region: Region, assembly: str = "") -> Self:
        """Those that overlap a region, on either strand; from the index by bins.

        A source that counts from 0 writes a start one base before the first that it means.
        """
        bins = Q()
        for first, last in bins_over(max(region.start - 1, 0), region.end):
            bins |= Q(bin=first) if first == last else Q(bin__range=(first, last))
        starts_before = Q(start__lt=region.end) | (
            Q(start=region.end) & ~Q(evidence__in=counted_from_zero())
        )
        placed = Q(assembly=assembly) if assembly else Q()
        return self.filter(
            bins, starts_before, placed,
            chromosome__in=chromosome_spellings(region.chromosome), end__gte=region.start,
        )  # fmt: skip

    def by_place(self, *, backward: bool = False) -> Self:
        """In the order of starts, those that are not placed first. Rows of a region or of a TF
        are sorted: no index has this order."""
        placed = self.annotate(place=Coalesce(F("start"), 0))
        columns = (F("place"), F("tflink_id"))
        return placed.order_by(*(one.desc() if backward else one.asc() for one in columns))

    def small_scale_first(self) -> Self:
        """Those of small-scale evidence, which have sequences, first; answered from an index.

        TFLink's IDs say it: `TFLinkSS` begins those of small-scale evidence, `TFLinkLS` the
        others.
        """
        return self.order_by("tf", "-tflink_id")

    def small_scale_last(self) -> Self:
        return self.order_by("tf", "tflink_id")
