"""The columns of Evidence rows: of a content, and computed again when the vocabulary changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, Self

from django.db.models import Q

from curation.shared.bulk import bulk_for
from curation.shared.changes import this_change
from proteins.domain.evidence import EvidenceContent
from proteins.domain.tiers import SupportRules
from proteins.models import Evidence, EvidenceCitation, EvidenceMethod, EvidenceSource, Interaction
from proteins.queries.evidence import read_evidence
from proteins.queries.support_rules import read_support_rules

#: Evidence rows that are read, and whose interactions are written, at once.
_BATCH: Final = 500
#: The columns that follow from the vocabulary, too.
_OF_VOCABULARY: Final = ("tier", "method_classes", "independent_sources")


class EvidenceColumns(NamedTuple):
    """All columns of an Evidence row but its primary key."""

    digest: str
    small_scale: int
    source_count: int
    method_count: int
    citation_count: int
    tier: int
    method_classes: int
    independent_sources: int

    @classmethod
    def of(cls, content: EvidenceContent, rules: SupportRules) -> Self:
        return cls(
            content.digest,
            int(content.small_scale),
            len(content.sources),
            len(content.methods),
            len(content.pmids),
            *rules.columns(content),
        )


@contextmanager
def recomputed_evidence() -> Iterator[list[int]]:
    """Compute evidence again whose tier or method classes follow from what is written within.

    The caller is within a change set, under whose number the interactions are that such
    evidence supports: their API rows show it, and mirrors follow change numbers. At the end
    the list has the evidence whose tier became another.
    """
    retiered: list[int] = []
    before = read_support_rules()
    yield retiered
    after = read_support_rules()
    if before != after:
        retiered += _recompute(_concerned(before, after), after)


def interactions_concerned(after: SupportRules) -> int:
    """Return how many public interactions would have another tier, class of method or number of
    databases if the vocabulary were as in `after`."""
    number = 0
    for batch in _batches(_concerned(read_support_rules(), after)):
        changed = [row[-1] for row in _changed(batch, after)]
        number += Interaction.objects.public().filter(evidence__in=changed).count()
    return number


def _concerned(before: SupportRules, after: SupportRules) -> list[int]:
    """Return the evidence that names what the rules have otherwise now."""
    sources = _differing(before.sources, after.sources)
    methods = _differing(before.methods, after.methods)
    papers = before.own_papers ^ after.own_papers
    by_source = EvidenceSource.objects.filter(source__key__in=sources)
    by_method = EvidenceMethod.objects.filter(method__name__in=methods)
    by_paper = EvidenceCitation.objects.filter(citation__pmid__in=papers)
    named = Q()
    for links in (by_source, by_method, by_paper):
        named |= Q(pk__in=links.order_by().values("evidence"))
    return list(Evidence.objects.filter(named).order_by("pk").values_list("pk", flat=True))


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]


def _recompute(keys: Sequence[int], rules: SupportRules) -> Iterator[int]:
    """Write the right columns; yield the evidence whose tier became another."""
    bulk, change = bulk_for(), this_change()
    for batch in _batches(keys):
        changed = list(_changed(batch, rules))
        before: dict[int, int] = dict(
            bulk.select(Evidence, ("id", "tier"), "id", [row[-1] for row in changed])
        )
        yield from (row[-1] for row in changed if row[0] != before[row[-1]])
        bulk.update(Evidence, _OF_VOCABULARY, changed)
        supported = Interaction.objects.filter(evidence__in=[row[-1] for row in changed])
        supported.update(change=change)


def _changed(keys: Sequence[int], rules: SupportRules) -> Iterable[tuple[int, ...]]:
    """Yield the right columns, then the primary key, of those that have others stored."""
    contents = read_evidence(keys)
    stored = Evidence.objects.filter(pk__in=keys).order_by("pk").values_list("pk", *_OF_VOCABULARY)
    for key, *columns in stored:
        right = rules.columns(contents[key].content)
        if tuple(columns) != right:
            yield (*right, key)


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
