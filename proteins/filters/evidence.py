"""The filters by evidence, which interactions and binding sites have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self, TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from proteins.domain import identifiers
from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.filters.fields import FilterSet, number, numbers, truth, words
from proteins.filters.vocabularies import METHOD_CLASSES, TIERS, methods, sources
from proteins.models import Evidence
from proteins.models.querysets import EvidenceQuerySet
from proteins.models.querysets.evidence import (
    Links,
    links_to_methods,
    links_to_other_primaries,
    links_to_other_sources,
    links_to_publications,
    links_to_sources,
)

Rows = TypeVar("Rows", bound="QuerySet[Any]")

SMALL_SCALE = {scale.name.lower(): scale for scale in SmallScale}
#: What the filters by evidence have in common.
_OF_EVIDENCE: Final[dict[str, Any]] = {"field_name": "evidence", "method": "any_of"}


class EvidenceFilterSet(FilterSet):
    """The filters by evidence; `exclude_` leaves out what the filter of the same name chooses."""

    source = sources("supports it", method="any_of", label="Database")
    method = methods("supports it", method="any_of", label="Method")
    pmid = numbers(
        "PubMed ID of a publication that supports it.",
        largest=identifiers.MAX_PMID,
        **_OF_EVIDENCE,
    )
    small_scale = words(
        "Whether a small-scale experiment supports it.",
        SMALL_SCALE,
        label="Small-scale",
        noun="kind of evidence",
        **_OF_EVIDENCE,
    )
    tier = words(
        "Tier of support: supported by a small-scale experiment; repeated in two or more "
        "independent databases or primary publications; strong where both; single where neither.",
        TIERS,
        label="Tier of support",
        noun="tier",
        **_OF_EVIDENCE,
    )
    method_class = words(
        "Class of a detection method that supports it.",
        METHOD_CLASSES,
        label="Class of method",
        noun="class of method",
        **_OF_EVIDENCE,
    )
    single_source = truth(
        "Whether one independent database alone supports it: X via DoRothEA counts as X.",
        label="Number of databases",
        noun="number of databases",
        yes="one only",
        no="two or more",
        **_OF_EVIDENCE,
    )
    min_sources = number(
        "At least so many independent databases support it: X via DoRothEA counts as X.",
        **_OF_EVIDENCE,
    )
    only_source = sources("supports it where no other database does", method="any_of")
    only_pmid = numbers(
        "PubMed ID of a publication that supports it where no other primary publication does.",
        largest=identifiers.MAX_PMID,
        label="Only publication",
        **_OF_EVIDENCE,
    )
    exclude_source = sources("must not support it", method="any_of", label="Not by database")
    exclude_method = methods("must not support it", method="any_of")
    exclude_pmid = numbers(
        "PubMed ID of a publication that must not support it.",
        largest=identifiers.MAX_PMID,
        **_OF_EVIDENCE,
    )
    exclude_tier = words(
        "Tier of support that it must not have.", TIERS, noun="tier", **_OF_EVIDENCE
    )
    exclude_method_class = words(
        "Class of method that must not support it.",
        METHOD_CLASSES,
        noun="class of method",
        **_OF_EVIDENCE,
    )

    controls: Sequence[str] = ("method_class", "small_scale", "tier", "single_source")

    def evidence(self) -> EvidenceChoice | None:
        """The evidence that the filters let through; None where any will do."""
        chosen = EvidenceChoice()
        for name, choose in CHOOSE.items():
            if (value := self.values[name]) not in (None, []):
                chosen = choose(chosen, value)
        return None if chosen == EvidenceChoice() else chosen

    def among(self, evidence: EvidenceQuerySet) -> EvidenceQuerySet:
        """Those of some evidence that the filters let through; the same where any will do."""
        chosen = self.evidence()
        return evidence if chosen is None else chosen.among(evidence)


#: Chooses some of the rows of evidence by their own columns.
ByColumns = Callable[[EvidenceQuerySet], EvidenceQuerySet]


@dataclass(frozen=True)
class EvidenceChoice:
    """What filters let through of evidence: by its columns, and by its links to what it names.

    Of curated statements nearly each has an evidence of its own, so that a set of evidence may
    be as large as the table of interactions. Where few interactions match, they are read from
    the set (`keys`); where many do, each in turn is looked up (`supporting`).
    """

    columns: tuple[ByColumns, ...] = ()
    linked: tuple[Links, ...] = ()
    not_linked: tuple[Links, ...] = ()

    def by(self, column: ByColumns) -> Self:
        return replace(self, columns=(*self.columns, column))

    def link(self, links: Links) -> Self:
        return replace(self, linked=(*self.linked, links))

    def no_link(self, links: Links) -> Self:
        return replace(self, not_linked=(*self.not_linked, links))

    def among(self, evidence: EvidenceQuerySet) -> EvidenceQuerySet:
        evidence = self._by_columns(evidence)
        for links in self.linked:
            evidence = evidence.linked_by(links)
        for links in self.not_linked:
            evidence = evidence.not_linked_by(links)
        return evidence

    def _by_columns(self, evidence: EvidenceQuerySet) -> EvidenceQuerySet:
        for column in self.columns:
            evidence = column(evidence)
        return evidence

    def keys(self) -> QuerySet[Any]:
        """The primary keys of evidence, as a query; of one link from its index alone."""
        if len(self.linked) == 1 and not self.columns and not self.not_linked:
            return self.linked[0].order_by().values_list("evidence", flat=True)
        return self.among(Evidence.objects.all()).order_by().values_list("pk", flat=True)

    def supporting(self, rows: Rows) -> Rows:
        """Those of `rows` that such evidence supports, by lookups for each row."""
        of_row = OuterRef("evidence_id")
        if self.columns:
            rows = rows.filter(Exists(self._by_columns(Evidence.objects.filter(pk=of_row))))
        for links in self.linked:
            rows = rows.filter(Exists(links.filter(evidence=of_row)))
        for links in self.not_linked:
            rows = rows.exclude(Exists(links.filter(evidence=of_row)))
        return rows


def _single(choice: EvidenceChoice, value: bool) -> EvidenceChoice:
    if value:
        return choice.by(lambda rows: rows.from_single_source())
    return choice.by(lambda rows: rows.from_several_sources())


#: How each filter chooses among evidence, by its value.
CHOOSE: Final[dict[str, Callable[[EvidenceChoice, Any], EvidenceChoice]]] = {
    "source": lambda choice, value: choice.link(links_to_sources(*value)),
    "method": lambda choice, value: choice.link(links_to_methods(*value)),
    "pmid": lambda choice, value: choice.link(links_to_publications(*value)),
    "small_scale": lambda choice, value: choice.by(lambda rows: rows.at_scale(*value)),
    "tier": lambda choice, value: choice.by(lambda rows: rows.at_tier(*value)),
    "method_class": lambda choice, value: choice.by(lambda rows: rows.of_class(*value)),
    "single_source": _single,
    "min_sources": lambda choice, value: choice.by(lambda rows: rows.from_at_least(value)),
    "only_source": lambda choice, value: choice.link(links_to_sources(*value)).no_link(
        links_to_other_sources(*value)
    ),
    "only_pmid": lambda choice, value: choice.link(links_to_publications(*value)).no_link(
        links_to_other_primaries(*value)
    ),
    "exclude_source": lambda choice, value: choice.no_link(links_to_sources(*value)),
    "exclude_method": lambda choice, value: choice.no_link(links_to_methods(*value)),
    "exclude_pmid": lambda choice, value: choice.no_link(links_to_publications(*value)),
    "exclude_tier": lambda choice, value: choice.by(
        lambda rows: rows.at_tier(*(set(Tier) - set(value)))
    ),
    "exclude_method_class": lambda choice, value: choice.by(
        lambda rows: rows.of_other_classes(*value)
    ),
}
#: Those that leave out what the filter of the name after `exclude_` chooses.
EXCLUDING: Final = tuple(name for name in CHOOSE if name.startswith("exclude_"))
