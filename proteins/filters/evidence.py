"""The filters by evidence, which interactions and binding sites have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from proteins.domain import identifiers
from proteins.domain.evidence import SmallScale
from proteins.domain.tiers import Tier
from proteins.filters.fields import FilterSet, number, numbers, truth, words
from proteins.filters.vocabularies import METHOD_CLASSES, TIERS, methods, sources
from proteins.models import Evidence
from proteins.models.querysets import EvidenceQuerySet

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

    def evidence(self) -> EvidenceQuerySet | None:
        """The evidence that the filters let through; None where any will do."""
        every = Evidence.objects.all()
        chosen = self.among(every)
        return None if chosen is every else chosen

    def among(self, evidence: EvidenceQuerySet) -> EvidenceQuerySet:
        """Those of some evidence that the filters let through; the same where any will do."""
        for name, choose in CHOOSE.items():
            if (value := self.values[name]) not in (None, []):
                evidence = choose(evidence, value)
        return evidence


def _single(evidence: EvidenceQuerySet, value: bool) -> EvidenceQuerySet:
    return evidence.from_single_source() if value else evidence.from_several_sources()


#: How each filter chooses among evidence, by its value.
CHOOSE: Final[dict[str, Callable[[EvidenceQuerySet, Any], EvidenceQuerySet]]] = {
    "source": lambda rows, value: rows.from_source(*value),
    "method": lambda rows, value: rows.by_method(*value),
    "pmid": lambda rows, value: rows.citing(*value),
    "small_scale": lambda rows, value: rows.at_scale(*value),
    "tier": lambda rows, value: rows.at_tier(*value),
    "method_class": lambda rows, value: rows.of_class(*value),
    "single_source": _single,
    "min_sources": lambda rows, value: rows.from_at_least(value),
    "only_source": lambda rows, value: rows.from_no_other_source(*value),
    "exclude_source": lambda rows, value: rows.other_than(_all().from_source(*value)),
    "exclude_method": lambda rows, value: rows.other_than(_all().by_method(*value)),
    "exclude_pmid": lambda rows, value: rows.other_than(_all().citing(*value)),
    "exclude_tier": lambda rows, value: rows.at_tier(*(set(Tier) - set(value))),
    "exclude_method_class": lambda rows, value: rows.other_than(_all().of_class(*value)),
}
#: Those that leave out what the filter of the name after `exclude_` chooses.
EXCLUDING: Final = tuple(name for name in CHOOSE if name.startswith("exclude_"))


def _all() -> EvidenceQuerySet:
    return Evidence.objects.all()
