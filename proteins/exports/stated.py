"""Statements beside the rows of a file: what each says, and what none of an interaction's covers.

Active ones only: those that no longer hold support nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from proteins.domain.statements import Basis, StatementState
from proteins.models import Statement
from proteins.queries.evidence import EvidenceFacts, read_evidence


class StatedFacts(NamedTuple):
    """A statement as files write it; `facts` is what it adds to its interaction."""

    key: str
    dataset: str
    source: str
    source_id: str
    eco: str
    effect: int
    basis: int | None
    cell_line: str
    tissue: str
    condition: str
    quotation: str
    facts: EvidenceFacts

    @property
    def stated_effect(self) -> int:
        """The effect that the source states itself, else 0."""
        return self.effect if self.basis == Basis.STATED else 0


class Stated(NamedTuple):
    """The statements of an interaction, its whole evidence, and what of it none covers."""

    statements: list[StatedFacts]
    rest: EvidenceFacts
    #: What the effects that are stated come to.
    effect: int

    @property
    def covers_all(self) -> bool:
        rest = self.rest
        return not (rest.sources or rest.methods or rest.citations)


_COLUMNS = (
    "interaction_id", "evidence_id", "key", "dataset__name", "dataset__source__key", "source_id",
    "eco", "effect", "basis", "cell_line", "tissue", "condition", "quotation",
)  # fmt: skip


def any_statements() -> bool:
    """Whether files have anything to read here: most databases have no statements."""
    return Statement.objects.filter(state=StatementState.ACTIVE).exists()


def read_stated(evidence_of: Iterable[tuple[int, int]]) -> dict[int, Stated]:
    """Return what is stated of those interactions (primary key, evidence) that have
    statements: one query for these, and three for what they and their interactions rest on."""
    evidence = dict(evidence_of)
    active = Statement.objects.filter(state=StatementState.ACTIVE, interaction__in=list(evidence))
    rows = list(active.order_by("interaction", "key").values_list(*_COLUMNS))
    named = {row[0] for row in rows}
    facts = read_evidence({evidence[key] for key in named} | {row[1] for row in rows})
    statements: defaultdict[int, list[StatedFacts]] = defaultdict(list)
    for interaction, stated, key, dataset, source, *texts in rows:
        one = StatedFacts._make((key, dataset, source or "", *texts, facts[stated]))
        statements[interaction].append(one)
    return {
        key: Stated(listed, _rest(facts[evidence[key]], listed), _effect(listed))
        for key, listed in statements.items()
    }


def _effect(statements: Collection[StatedFacts]) -> int:
    """Activation (1) and repression (2) are both (3)."""
    effect = 0
    for statement in statements:
        effect |= statement.stated_effect
    return effect


def _rest(whole: EvidenceFacts, statements: Collection[StatedFacts]) -> EvidenceFacts:
    """Return what of an interaction's evidence no statement has."""
    stated = [statement.facts for statement in statements]
    sources = {source.key for facts in stated for source in facts.sources}
    methods = {method.id for facts in stated for method in facts.methods}
    pmids = {paper.pmid for facts in stated for paper in facts.citations}
    return replace(
        whole,
        sources=tuple(one for one in whole.sources if one.key not in sources),
        methods=tuple(one for one in whole.methods if one.id not in methods),
        citations=tuple(one for one in whole.citations if one.pmid not in pmids),
    )


def stated_texts(statement: StatedFacts) -> Iterator[tuple[str, str]]:
    """Yield what no column of a file has, by name."""
    for name in ("cell_line", "tissue", "condition", "quotation"):
        if text := getattr(statement, name):
            yield name.replace("_", " "), text
