"""The vocabulary as tiers and method classes follow from it."""

from __future__ import annotations

from proteins.domain.tiers import SupportRules
from proteins.models import DetectionMethod, SourceDatabase

#: The columns of `SupportRules.of`.
SOURCE_COLUMNS = ("key", "name", "via__key", "is_aggregator", "publication__pmid")
METHOD_COLUMNS = ("name", "method_class")


def read_support_rules() -> SupportRules:
    """Return the rules as they are now, in two queries."""
    return SupportRules.of(
        SourceDatabase.objects.order_by().values_list(*SOURCE_COLUMNS),
        DetectionMethod.objects.order_by().values_list(*METHOD_COLUMNS),
    )
