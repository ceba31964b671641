"""Cells of tables of statements -> values; alike for every source.

A line with k publications is k statements. A cell that breaks a rule is lost alone, except for
what makes the statement: TF and target, and publications of which none can be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from curation.importing.source.delimited import undecoded
from curation.importing.source.problems import LostCell, cell_or
from curation.importing.source.records import Problem, StatementRecord
from proteins.domain.identifiers import (
    MAX_TERM_LENGTH,
    PSI_MI_PATTERN,
    IdentifierError,
    is_absent,
    parse_pmid,
    parse_text,
    shown,
    without_invisible,
)
from proteins.domain.names import parse_name
from proteins.domain.statements import (
    MAX_CONTEXT,
    MAX_QUOTATION,
    MAX_SOURCE_ID,
    Basis,
    Sign,
    StatementContent,
)

T = TypeVar("T")

#: The most publications of one line; CollecTRI's longest has under 1,000.
MAX_PUBLICATIONS: Final = 10_000

_PSI_MI = re.compile(PSI_MI_PATTERN)
#: `psi-mi:"MI:0402"(chromatin immunoprecipitation assay)`, `MI:0402 (...)`, `MI_0402`.
_MI_WITHIN = re.compile(r"\bMI[:_]([0-9]{4})(?![0-9])", re.IGNORECASE)
_ECO_WITHIN = re.compile(r"\bECO[:_]([0-9]{7})(?![0-9])", re.IGNORECASE)
#: Joins publications: `;` (TRRUST, CollecTRI), `|` (SIGNOR), `,` and blanks (people).
_BETWEEN = re.compile(r"[;|,\s]+")
#: Before a PubMed ID: `PMID:`, `pubmed:`, or the resource that CollecTRI has it from.
_BEFORE_PMID = re.compile(r"^[A-Za-z][\w.-]*:(?!//)")


class Publications:
    """PubMed IDs of a cell, and those that cannot be read."""

    __slots__ = ("bad", "pmids")

    def __init__(self, text: str) -> None:
        #: In ascending order, each once.
        self.pmids: list[int] = []
        self.bad: list[str] = []
        items = [item for item in _BETWEEN.split(_labelled(text)) if not is_absent(item)]
        if len(items) > MAX_PUBLICATIONS:
            self.bad.append(f"{len(items):,} publications are not read in one row")
            return
        unique = set[int]()
        for item in items:
            try:
                unique.add(pmid(item))
            except IdentifierError as error:
                self.bad.append(str(error))
        self.pmids = sorted(unique)


def _labelled(text: str) -> str:
    """Return a cell without the blank that people leave after a label: `PMID: 123`."""
    return without_invisible(text).replace(": ", ":")


@lru_cache(maxsize=65_536)
def pmid(text: str) -> int:
    """Return the PubMed ID of `123`, `PMID:123`, `ExTRI:123` or a PubMed URL."""
    if "://" in text:
        url = urlsplit(text) if "[" not in text else None
        if url is None or "pubmed" not in url.netloc + url.path:
            raise IdentifierError(f"{shown(text)} is not a PubMed ID")
        return parse_pmid(url.path.strip("/").rpartition("/")[2])
    return parse_pmid(_BEFORE_PMID.sub("", text))


def protein(text: str, role: str) -> str:
    """Return the name or accession of the `role` of a statement; raises `IdentifierError` where
    there is none."""
    name = parse_name(text)
    if not name or is_absent(name):
        raise IdentifierError(f"the row names no {role}")
    return name


def optional_text(text: str, what: str, longest: int = MAX_TERM_LENGTH) -> str:
    """Return the text of a cell in one line, or an empty text where it has no value."""
    value = parse_text(" ".join(text.split()), what, longest)
    return "" if is_absent(value) else value


def quotation(text: str) -> str:
    """Return a quotation in one line, shortened where it is long; the source writes some in
    quotation marks."""
    value = " ".join(without_invisible(text).split())
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('""', '"').strip()
    if len(value) > MAX_QUOTATION:
        value = value[: MAX_QUOTATION - 1].rstrip() + "…"
    value = parse_text(value, "quotation", MAX_QUOTATION)
    return "" if is_absent(value) else value


def method(text: str) -> str:
    """Return a detection method: its PSI-MI ID where the cell has one, else its name."""
    value = optional_text(text, "detection method")
    match = _MI_WITHIN.search(value)
    return f"MI:{match[1]}" if match else value


def is_psi_mi(text: str) -> bool:
    """Whether a method is given by its PSI-MI ID."""
    return _PSI_MI.match(text) is not None


def eco(text: str) -> str:
    """Return an evidence code (`ECO:0000314`)."""
    value = optional_text(text, "evidence code")
    match = _ECO_WITHIN.search(value)
    if value and not match:
        raise IdentifierError(f"{shown(value)} is not an ECO ID such as ECO:0000314")
    return f"ECO:{match[1]}" if match else ""


def source_id(text: str) -> str:
    return optional_text(text, "ID", MAX_SOURCE_ID)


def cell_line(text: str) -> str:
    return optional_text(text, "cell line", MAX_CONTEXT)


def tissue(text: str) -> str:
    return optional_text(text, "tissue", MAX_CONTEXT)


def condition(text: str) -> str:
    return optional_text(text, "condition", MAX_CONTEXT)


def sign_of_weight(text: str) -> Sign:
    """Return the effect of a weight (`1`, `-1.0`): of none, and of zero, no effect."""
    value = without_invisible(text)
    if is_absent(value):
        return Sign.UNKNOWN
    try:
        weight = float(value)
    except ValueError:
        weight = float("nan")
    if weight != weight or len(value) > 40:  # not a number
        raise IdentifierError(f"{shown(text)} is not a weight such as 1 or -1")
    return Sign.ACTIVATION if weight > 0 else Sign.REPRESSION if weight < 0 else Sign.UNKNOWN


class Line:
    """One line of a table of statements: what it lost, and the statements that it makes."""

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.lost: list[LostCell] = []

    def cell(self, parse: Callable[[str], str], text: str, cell: str) -> str:
        """Return the parsed text of a cell, or nothing, which makes it a lost cell."""
        return cell_or("", parse, text, cell, self.lost)

    def cell_or(self, otherwise: T, parse: Callable[[str], T], text: str, cell: str) -> T:
        """Return the parsed value of a cell, or `otherwise`, which makes it a lost cell."""
        return cell_or(otherwise, parse, text, cell, self.lost)

    def refused(self, reason: object, *cells: str) -> Problem:
        """Return the refusal of the line; bytes that are no text are the first reason."""
        return Problem(self.name, "table", self.line, undecoded("\t".join(cells)) or str(reason))

    def statements(
        self, record: StatementRecord, publications: str, effects: Sequence[Effect]
    ) -> Iterator[StatementRecord | Problem]:
        """Yield a statement for each publication of a cell (one without any, where it has none)
        and each of `effects`, after a problem for each cell that was lost.

        A line of which no publication can be read is refused whole.
        """
        read = Publications(publications)
        pair = record.tf, record.target
        if read.bad and not read.pmids:
            yield replace(self.refused(read.bad[0], publications), pair=pair)
            return
        self.lost += [LostCell("publications", reason) for reason in read.bad]
        for cell, reason in self.lost:
            yield Problem(self.name, "table", self.line, reason, cell=cell, pair=pair)
        pmids: list[int | None] = [*read.pmids] or [None]
        for one in pmids:
            for effect in effects:
                varying = (
                    str(one) if len(read.pmids) > 1 else "",
                    effect.sign.name.lower() if len(effects) > 1 else "",
                )
                yield record._replace(content=_of(record.content, one, effect, varying))


class Effect(NamedTuple):
    """An effect with its basis."""

    sign: Sign
    basis: Basis | None

    @classmethod
    def of(cls, sign: Sign, basis: Basis) -> Effect:
        """Return an effect; one that is unknown has no basis."""
        return cls(sign, basis if sign != Sign.UNKNOWN else None)


def _of(
    content: StatementContent, pmid: int | None, effect: Effect, varying: Iterable[str]
) -> StatementContent:
    """Return one of the statements of a line; where these are several, each has its own ID."""
    source_id = content.source_id
    if source_id:
        source_id = ":".join(filter(None, (source_id, *varying)))
    return replace(content, pmid=pmid, effect=effect.sign, basis=effect.basis, source_id=source_id)
