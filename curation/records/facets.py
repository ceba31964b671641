"""Denormalised facets of proteins, and their numbers of interactions by tier of support, updated
with their interactions and binding sites."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from django.db.models import Count, Exists, OuterRef

from curation.shared.bulk import Bulk, bulk_for
from curation.shared.evidence_columns import recomputed_evidence
from curation.shared.evidence_rows import EvidenceRows
from proteins.domain import facets
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.facets import Alphabet
from proteins.domain.tiers import SupportRules, Tier
from proteins.models import (
    TIER_COUNTERS,
    BindingSite,
    Evidence,
    EvidenceMethod,
    EvidenceSource,
    Interaction,
    Protein,
    ReviewStatus,
)
from proteins.queries.support_rules import read_support_rules

#: Proteins, or rows of evidence, that are queried at once.
_BATCH: Final = 500
#: Interactions by tier of support.
Tiers = Counter[Tier]


def counters_of(tiers: Mapping[Tier, int]) -> tuple[int, ...]:
    """Return interactions by tier as the columns `TIER_COUNTERS` hold them."""
    return tuple(tiers.get(tier, 0) for tier in TIER_COUNTERS)


class ContentFacets:
    """The facets of contents of evidence as sets of an alphabet; each is computed once.

    `rows` has the databases and methods that they name; tiers follow from the vocabulary, too.
    """

    def __init__(self, alphabet: Alphabet, rows: EvidenceRows) -> None:
        self.alphabet = alphabet
        self._rows = rows
        self._sets: dict[EvidenceContent, int] = {}
        self._rules = SupportRules()

    def read_rules(self) -> bool:
        """Read the vocabulary's rules; return whether contents have other facets for it."""
        rules = read_support_rules()
        if rules == self._rules:
            return False
        self._rules, self._sets = rules, {}
        return True

    def of(self, content: EvidenceContent) -> int:
        facet_set = self._sets.get(content)
        if facet_set is None:
            words = [facets.source(self._rows.sources[key]) for key in content.sources]
            words += [facets.method(self._rows.methods[name]) for name in content.methods]
            if content.small_scale == SmallScale.YES:
                words.append(facets.SMALL_SCALE)
            words.append(facets.TIERS[self.tier(content)])
            facet_set = self._sets[content] = self.alphabet.set_of(words)
        return facet_set

    def tier(self, content: EvidenceContent) -> Tier:
        return self._rules.tier(content)


def unite_facets(bulk: Bulk, alphabet: Alphabet, gained: Mapping[int, int]) -> None:
    """Unite the facets of proteins, by their ids, with what they gain."""
    rows = []
    for key, text in bulk.select(Protein, ("id", "facets"), "id", gained):
        stored = alphabet.set_of_text(text)
        if gained[key] & ~stored:
            rows.append((*columns_of(alphabet.text(gained[key] | stored)), key))
    bulk.update(Protein, ("facets", "facet_bits"), rows)


class EvidenceFacets:
    """The facets of rows of evidence as sets of an alphabet; each is read once."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.tiers: dict[int, Tier] = {}
        self._sets: dict[int, int] = {}
        self._statuses = [alphabet.set_of([word]) for word in facets.STATUSES]

    def learn(self, ids: Iterable[int]) -> None:
        """Read those of these rows that are not read yet."""
        for batch in _batches({key for key in ids if key not in self._sets}):
            self._learn(batch)

    def _learn(self, ids: Sequence[int]) -> None:
        words: dict[int, list[str]] = {}
        evidence = Evidence.objects.filter(pk__in=ids)
        for key, scale, tier in evidence.values_list("pk", "small_scale", "tier"):
            self.tiers[key] = Tier(tier)
            words[key] = [facets.TIERS[tier]]
            if scale == SmallScale.YES:
                words[key].append(facets.SMALL_SCALE)
        sources = EvidenceSource.objects.filter(evidence__in=ids)
        for key, source in sources.values_list("evidence_id", "source_id"):
            words[key].append(facets.source(source))
        methods = EvidenceMethod.objects.filter(evidence__in=ids)
        for key, method in methods.values_list("evidence_id", "method_id"):
            words[key].append(facets.method(method))
        for key, members in words.items():
            self._sets[key] = self.alphabet.set_of(members)

    def of(self, evidence: int, status: int) -> int:
        """Return the facets that an interaction gives to both of its proteins."""
        return self._sets[evidence] | self._statuses[status]


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


#: Proteins whose facets are computed when a batch ends; None where none is being written.
_waiting: Final[ContextVar[set[int] | None]] = ContextVar("proteins to refacet", default=None)


@contextmanager
def facets_at_end() -> Iterator[None]:
    """Compute facets once for all that is written within: a hub has most interactions of a
    batch, and to read all of its own takes a second."""
    if _waiting.get() is not None:
        yield
        return
    proteins: set[int] = set()
    token = _waiting.set(proteins)
    try:
        yield
    finally:
        _waiting.reset(token)
    refacet(proteins)


class StatusChange(NamedTuple):
    """An interaction whose review status becomes another, and its evidence."""

    tf: int
    target: int
    evidence: int
    before: int
    after: int

    @property
    def proteins(self) -> tuple[int, int]:
        return self.tf, self.target


def refacet_reviewed(changes: Collection[StatusChange]) -> None:
    """Let the facets of proteins follow the stored statuses of their interactions.

    What they gain is united with what they have. What they may have lost is looked up, and
    computed again only for those where no other interaction has it.
    """
    alphabet, bulk = Alphabet(), bulk_for()
    evidence_facets = EvidenceFacets(alphabet)
    evidence_facets.learn({change.evidence for change in changes})
    gained: dict[int, int] = {}
    shrunk: set[int] = set()
    lost: set[tuple[int, int]] = set()
    for change in changes:
        if ReviewStatus.REJECTED in (change.before, change.after):
            shrunk.update(change.proteins)
            continue
        facet_set = evidence_facets.of(change.evidence, change.after)
        for protein in change.proteins:
            gained[protein] = gained.get(protein, 0) | facet_set
        lost.update((protein, change.before) for protein in change.proteins)
    unite_facets(bulk, alphabet, gained)
    for end in ("tf_id", "target_id"):
        lost -= bulk.used_among(Interaction, (end, "status"), lost) if lost else set()
    refacet(shrunk | {protein for protein, _ in lost})


def refacet(protein_ids: Iterable[int]) -> None:
    """Compute the facets and tiers of these proteins again, from all that is theirs."""
    if (waiting := _waiting.get()) is not None:
        waiting.update(protein_ids)
        return
    alphabet = Alphabet()
    evidence_facets = EvidenceFacets(alphabet)
    bulk = bulk_for()
    for batch in _batches(protein_ids):
        right, tiers = _of_interactions(batch, evidence_facets)
        sites = Exists(BindingSite.objects.filter(tf=OuterRef("pk")))
        proteins = Protein.objects.filter(pk__in=batch).annotate(has_sites=sites).order_by("pk")
        rows = []
        columns = ("pk", "has_sites", "facets", *TIER_COUNTERS.values())
        for key, has_sites, *stored in proteins.values_list(*columns):
            facet_set = right.get(key, 0)
            if has_sites:
                facet_set |= alphabet.set_of([facets.BINDING_SITES])
            text, counters = alphabet.text(facet_set), counters_of(tiers[key])
            if stored != [text, *counters]:
                rows.append((*columns_of(text), *counters, key))
        bulk.update(Protein, ("facets", "facet_bits", *TIER_COUNTERS.values()), rows)


@contextmanager
def vocabulary_change() -> Iterator[None]:
    """Let evidence follow the vocabulary that is written within, and facets follow its tiers."""
    with recomputed_evidence() as retiered:
        yield
    refacet(_proteins_of(retiered))


def _proteins_of(evidence: Iterable[int]) -> set[int]:
    """Return the proteins of the public interactions that some evidence supports."""
    proteins: set[int] = set()
    for batch in _batches(evidence):
        rows = Interaction.objects.public().filter(evidence__in=batch).order_by()
        for end in ("tf_id", "target_id"):
            proteins.update(rows.values_list(end, flat=True).distinct())
    return proteins


def columns_of(text: str) -> tuple[str, int]:
    """Return a text of facets as the two columns hold it."""
    return text, facets.bits(facets.within(text))


def _of_interactions(
    proteins: Sequence[int], evidence_facets: EvidenceFacets
) -> tuple[dict[int, int], defaultdict[int, Tiers]]:
    facet_sets: dict[int, int] = {}
    tiers: defaultdict[int, Tiers] = defaultdict(Counter)
    for protein, evidence, status, number in _supports(proteins, evidence_facets):
        facet_sets[protein] = facet_sets.get(protein, 0) | evidence_facets.of(evidence, status)
        tiers[protein][evidence_facets.tiers[evidence]] += number
    return facet_sets, tiers


def _supports(
    proteins: Sequence[int], evidence_facets: EvidenceFacets
) -> Iterator[tuple[int, int, int, int]]:
    """Yield by what interactions of these proteins, at either end, are supported: each once, with
    how many interactions."""
    for end in ("tf_id", "target_id"):
        rows = Interaction.objects.public().filter(**{f"{end}__in": proteins}).order_by()
        grouped = rows.values(end, "evidence_id", "status").annotate(number=Count("pk"))
        supports = list(grouped.values_list(end, "evidence_id", "status", "number"))
        evidence_facets.learn({evidence for _, evidence, *_ in supports})
        yield from supports
