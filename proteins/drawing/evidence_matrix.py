"""Which source database reports which kind of evidence for one interaction: a matrix.

The documents list databases, methods and publications side by side: where one names several
databases, its methods are theirs together (hollow squares), and are never divided among them. Of
a document that names one database, and of a statement, what belongs to which is certain (filled).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from django.utils.safestring import SafeString

from proteins.domain.methods import MARKED, MethodClass
from proteins.domain.statements import StatementState
from proteins.domain.support import Role
from proteins.drawing.figure import NARROW_WIDTH, Drawing, Place, Size, box, path, shortened, text
from proteins.models import Statement
from proteins.queries.documents import Document

CLASSES: Final = (*MARKED, MethodClass.OTHER)
#: Pixels: where cells begin, their width and height, and where the first row is.
_LEFT: Final = {Size.WIDE: 150, Size.NARROW: 104}
_STEP: Final = {Size.WIDE: 86, Size.NARROW: 27}
_HEAD: Final = {Size.WIDE: 30, Size.NARROW: 118}
_WIDTH: Final = {Size.WIDE: 760, Size.NARROW: NARROW_WIDTH}
_LABEL_LENGTH: Final = {Size.WIDE: 22, Size.NARROW: 15}
_ROW, _SQUARE, _FOOT = 26, 15, 30


@dataclass
class Reported:
    """What one database reports: by itself, or together with others."""

    own: set[MethodClass] = field(default_factory=set)
    joint: set[MethodClass] = field(default_factory=set)
    own_papers: set[int] = field(default_factory=set)
    joint_papers: set[int] = field(default_factory=set)

    def word(self, method_class: MethodClass) -> str:
        if method_class in self.own:
            return "reported"
        return "reported jointly" if method_class in self.joint else ""


@dataclass(frozen=True)
class EvidenceMatrix:
    name: str
    #: By the label of each database.
    reports: Mapping[str, Reported]

    columns: ClassVar[Mapping[str, str]] = {
        "database": "Source database.",
        **{
            each.label: "“reported” for this database, “reported jointly” with others of the same "
            f"document; else empty. {each.meaning.capitalize()}."
            for each in CLASSES
        },
        "publications": "Primary publications that the database cites.",
        "publications cited jointly": "Primary publications that it cites together with others.",
    }

    @classmethod
    def of(
        cls, name: str, documents: Iterable[Document], statements: Iterable[Statement]
    ) -> EvidenceMatrix:
        reports: dict[str, Reported] = {}
        for document in documents:
            # What statements report together follows, one by one.
            if not document.is_superseded and document.role is not Role.STATEMENTS:
                _add_document(reports, document)
        for statement in statements:
            if statement.state == StatementState.ACTIVE and statement.dataset.source:
                _add_statement(
                    reports.setdefault(str(statement.dataset.source), Reported()), statement
                )
        return cls(name, dict(sorted(reports.items())))

    @property
    def rows(self) -> list[tuple[object, ...]]:
        return [
            (
                source,
                *(reported.word(each) for each in CLASSES),
                len(reported.own_papers),
                len(reported.joint_papers - reported.own_papers),
            )
            for source, reported in self.reports.items()
        ]

    @property
    def label(self) -> str:
        words = "; ".join(_in_words(*each) for each in self.reports.items())
        return f"Evidence of {self.name} by source database. {words}."

    def place(self, size: Size) -> Place:
        return Place(_WIDTH[size], _HEAD[size] + _ROW * len(self.reports) + _FOOT)

    @property
    def wide(self) -> Drawing:
        return self.drawn(Size.WIDE)

    @property
    def narrow(self) -> Drawing:
        return self.drawn(Size.NARROW)

    def drawn(self, size: Size) -> Drawing:
        return Drawing.of(self.place(size), self._shapes(size))

    def _shapes(self, size: Size) -> Iterator[SafeString]:
        left, step, head = _LEFT[size], _STEP[size], _HEAD[size]
        heads = [*(each.label for each in CLASSES), "publications"]
        for place, words in enumerate(heads):
            yield from _head(left + place * step, head, words, size)
        for row, (source, reported) in enumerate(self.reports.items()):
            y = head + row * _ROW
            yield text(0, y + 13, shortened(source, _LABEL_LENGTH[size]))
            for place, each in enumerate(CLASSES):
                yield _cell(left + place * step, y + 1, reported.word(each))
            yield text(left + len(CLASSES) * step, y + 13, _papers(reported))
        y = head + len(self.reports) * _ROW + 8
        yield _cell(0, y, "reported")
        yield text(21, y + 12, "reported")
        yield _cell(90, y, "reported jointly")
        yield text(111, y + 12, "with other databases (in brackets)")


def _add_document(reports: dict[str, Reported], document: Document) -> None:
    facts = document.evidence
    papers = {paper.pmid for paper in facts.primary}
    for source in facts.sources:
        reported = reports.setdefault(source.label, Reported())
        alone = len(facts.sources) == 1
        (reported.own if alone else reported.joint).update(facts.method_classes)
        (reported.own_papers if alone else reported.joint_papers).update(papers)


def _add_statement(reported: Reported, statement: Statement) -> None:
    if statement.method:
        reported.own.add(MethodClass(statement.method.method_class))
    if statement.citation:
        reported.own_papers.add(statement.citation.pmid)


def _in_words(source: str, reported: Reported) -> str:
    own = [each.label for each in CLASSES if each in reported.own]
    joint = [each.label for each in CLASSES if each in reported.joint - reported.own]
    parts = [", ".join(own)] if own else []
    parts += [f"{', '.join(joint)} with other databases"] if joint else []
    return f"{source}: {'; '.join(parts) or 'no method stated'}"


def _papers(reported: Reported) -> str:
    """How many primary publications; those of several databases together in brackets."""
    own, joint = len(reported.own_papers), len(reported.joint_papers - reported.own_papers)
    in_brackets = f"({joint:,})" if joint else ""
    return f"{own:,} {in_brackets}".strip() if own or not joint else in_brackets


def _head(x: float, foot: float, words: str, size: Size) -> Iterator[SafeString]:
    if size is Size.WIDE:
        yield text(x, foot - 12, words.capitalize(), sub=True)
        return
    upright = text(0, 0, words.capitalize(), sub=True)
    yield SafeString(f'<g transform="translate({x + 11} {foot - 8}) rotate(-90)">{upright}</g>')


def _cell(x: float, y: float, word: str) -> SafeString:
    if word == "reported jointly":
        return path("hollow", f"M{x + 1} {y + 1}h{_SQUARE - 2}v{_SQUARE - 2}h-{_SQUARE - 2}z")
    return box("strong" if word else "chr", x, y, _SQUARE, _SQUARE)
