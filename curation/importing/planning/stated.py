"""Records of a file of statements -> what is stated of which pair of proteins; no Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from curation.importing.planning.name_map import NameMap, UnmappedError
from curation.importing.source.records import Problem, StatementRecord
from curation.importing.source.statement_cells import is_psi_mi
from curation.shared.spellings import Spellings
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.fold import fold
from proteins.domain.statements import StatementContent, StatementState

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DatasetTerms:
    """What its dataset says of every statement: its name, its database (empty for what is
    curated here), and the scale of those that state none."""

    name: str
    source: str = ""
    default_scale: SmallScale = SmallScale.NOT_STATED


class Methods:
    """Detection methods in their canonical spelling, by name or PSI-MI ID."""

    def __init__(self, spellings: Spellings, by_psi_mi: Mapping[str, str]) -> None:
        self._spellings = spellings
        self._by_psi_mi = by_psi_mi

    def name(self, method: str) -> str | None:
        """Return the name of a method, empty for none; None for an ID that none has."""
        if is_psi_mi(method):
            return self._by_psi_mi.get(method)
        return self._spellings.method(method) if method else ""

    def canonical(self, content: EvidenceContent) -> EvidenceContent:
        return self._spellings.canonical(content)


class Entry(NamedTuple):
    """Who entered a new statement, and whether it counts: on pages that were exported."""

    curator: str = ""
    orcid: str = ""
    state: StatementState = StatementState.ACTIVE
    state_reason: str = ""


class Stated(NamedTuple):
    """A statement of a pair by accession, what makes it one of its pair's, and its evidence."""

    pair: Pair
    key: str
    content: StatementContent
    evidence: EvidenceContent
    line: int
    entry: Entry = Entry()


@dataclass(slots=True)
class Reading:
    """What a chunk of a file states, and what of it is refused."""

    stated: list[Stated] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Pairs with a line that was read in part only, or not at all.
    damaged: set[Pair] = field(default_factory=set)
    species: set[str] = field(default_factory=set)


class StatementMapper:
    """Maps the records of one file; what repeats is mapped once."""

    def __init__(
        self,
        file: str,
        terms: DatasetTerms,
        names: NameMap,
        methods: Methods,
    ) -> None:
        self._file = file
        self._terms = terms
        self._folded = fold(terms.name)
        self._names = names
        self._methods = methods
        self._refused_line = 0

    def read(self, items: Sequence[StatementRecord | Problem]) -> Reading:
        """Return what a chunk states; a line that makes several statements is refused once."""
        reading = Reading()
        self._names.read({text for item in items for text in _texts(item)})
        for item in items:
            if isinstance(item, Problem):
                reading.problems.append(item)
                reading.damaged.update(self._damaged(item))
            else:
                self._take(item, reading)
        return reading

    def _take(self, record: StatementRecord, reading: Reading) -> None:
        try:
            tf = self._names.protein(record.tf, record.species)
            target = self._names.protein(record.target, record.species)
        except UnmappedError as error:
            self._refuse(record, str(error), reading)
            return
        if tf.species != target.species:
            reason = (
                f"the TF {tf.accession} is of {tf.species}, the target {target.accession} of "
                f"{target.species}"
            )
            self._refuse(record, reason, reading)
        elif not self._terms.source and record.content.pmid is None:
            self._refuse(record, "what is curated here needs a publication", reading)
        else:
            reading.species.add(tf.species)
            pair = tf.accession, target.accession
            reading.stated.append(self._stated(record, pair, reading))

    def _stated(self, record: StatementRecord, pair: Pair, reading: Reading) -> Stated:
        content = record.content
        method = self._methods.name(content.method)
        if method is None:
            reason = f"no detection method here has the PSI-MI ID {content.method}"
            problem = Problem(self._file, "table", record.line, reason, cell="method")
            reading.problems.append(problem)
        scale = content.small_scale or self._terms.default_scale
        if (method, scale) != (content.method, content.small_scale):
            content = replace(content, method=method or "", small_scale=scale)
        evidence = self._methods.canonical(content.evidence(self._terms.source, record.resources))
        return Stated(pair, content.key(self._folded), content, evidence, record.line)

    def _refuse(self, record: StatementRecord, reason: str, reading: Reading) -> None:
        if record.line != self._refused_line:
            reading.problems.append(Problem(self._file, "table", record.line, reason))
            self._refused_line = record.line

    def _damaged(self, problem: Problem) -> Iterator[Pair]:
        """Yield the pair of a damaged row, where that is certain."""
        if all(problem.pair):
            try:
                tf, target = (self._names.protein(text).accession for text in problem.pair)
            except UnmappedError:
                return
            yield tf, target


def _texts(item: StatementRecord | Problem) -> tuple[str, str]:
    return item.pair if isinstance(item, Problem) else (item.tf, item.target)
