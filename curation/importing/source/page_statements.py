"""Statements on the page of their TF, as `export_pages` writes them:

    datasets:
    - {"name": "TRRUST", "source": "TRRUST", "version": "2", "licence": "CC BY-SA 4.0"}
    statements:
    - {"target": "Q07812", "dataset": "TRRUST", "pmid": 10490031, "effect": "activation",
       "basis": "stated"}

What is not stated has no key. A statement of which a value breaks a rule is refused whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from curation.importing.source import statement_cells as cells
from curation.importing.source.front_matter import Content, RawValue
from curation.importing.source.problems import Problems
from curation.importing.source.records import PageDataset, PageStatement
from proteins.domain.evidence import SmallScale
from proteins.domain.identifiers import (
    MAX_TERM_LENGTH,
    IdentifierError,
    parse_accession,
    parse_orcid,
    parse_partial_date,
    parse_pmid,
    parse_text,
    shown,
)
from proteins.domain.statements import (
    MAX_CONTEXT,
    MAX_QUOTATION,
    MAX_SOURCE_ID,
    Basis,
    Sign,
    StatementContent,
    StatementState,
)

T = TypeVar("T")

#: The key of a page under which each of the two is.
STATEMENTS: Final = "statements"
DATASETS: Final = "datasets"
_YES: Final = {"yes": True, "no": False, "": False}
_SCALES: Final = {scale.label: scale for scale in SmallScale}
_STATES: Final = {state.name.lower(): state for state in StatementState}
#: As long as a reason of curators may be.
_MAX_REASON: Final = 5000
_MAX_CURATOR: Final = 150
_MAX_URL: Final = 200


def read_statements(value: RawValue | None, problems: Problems) -> tuple[PageStatement, ...]:
    """Return what is under the key of statements; what cannot be read is a problem."""
    return tuple(_read(STATEMENTS, value, _statement, problems))


def read_datasets(value: RawValue | None, problems: Problems) -> tuple[PageDataset, ...]:
    """Return what is under the key of datasets."""
    return tuple(_read(DATASETS, value, _dataset, problems))


def _read(
    key: str, value: RawValue | None, parse: Callable[[_Item], T], problems: Problems
) -> Iterator[T]:
    if value is None or value.is_null or value.content == "":
        return
    if not isinstance(value.content, list):
        problems.add(key, value.line, f"{key} should be a list of mappings")
        return
    for number, item in enumerate(value.content, 1):
        try:
            yield parse(_Item(item))
        except IdentifierError as error:
            problems.add(key, value.line, f"item {number}: {error}")


class _Item:
    """One mapping of a list."""

    def __init__(self, content: Content) -> None:
        if not isinstance(content, dict):
            raise IdentifierError("it should be a mapping")
        self._content = content

    def text(self, key: str, longest: int) -> str:
        return parse_text(self._raw(key), key.replace("_", " "), longest)

    def parsed(self, key: str, parse: Callable[[str], T], otherwise: T) -> T:
        text = self._raw(key)
        return parse(text) if text else otherwise

    def chosen(self, key: str, words: Mapping[str, T], otherwise: T) -> T:
        text = self._raw(key)
        if text and text not in words:
            raise IdentifierError(f"{shown(text)} is no {key.replace('_', ' ')}")
        return words.get(text, otherwise)

    def listed(self, key: str) -> tuple[str, ...]:
        items = self._content.get(key, [])
        if not isinstance(items, list):
            raise IdentifierError(f"{key} should be a list")
        return tuple(parse_text(str(item), key, MAX_TERM_LENGTH) for item in items)

    def _raw(self, key: str) -> str:
        value = self._content.get(key, "")
        if not isinstance(value, str):
            raise IdentifierError(f"{key} should be a text")
        return value


def _statement(item: _Item) -> PageStatement:
    effect = item.chosen("effect", {sign.name.lower(): sign for sign in Sign}, Sign.UNKNOWN)
    bases: dict[str, Basis | None] = {basis.name.lower(): basis for basis in Basis}
    basis = item.chosen("basis", bases, None)
    if (effect is Sign.UNKNOWN) != (basis is None):
        raise IdentifierError("an effect, and nothing else, has a basis")
    content = StatementContent(
        source_id=item.text("source_id", MAX_SOURCE_ID),
        pmid=item.parsed("pmid", parse_pmid, None),
        method=item.text("method", MAX_TERM_LENGTH),
        eco=item.parsed("eco", cells.eco, ""),
        effect=effect,
        basis=basis,
        small_scale=item.chosen("small_scale", _SCALES, SmallScale.NOT_STATED),
        cell_line=item.text("cell_line", MAX_CONTEXT),
        tissue=item.text("tissue", MAX_CONTEXT),
        condition=item.text("condition", MAX_CONTEXT),
        quotation=item.text("quotation", MAX_QUOTATION),
    )
    state = item.chosen("state", _STATES, StatementState.ACTIVE)
    reason = item.parsed("state_reason", _reason, "")
    if (state is StatementState.RETRACTED) != bool(reason):
        raise IdentifierError("what is retracted, and nothing else, has a reason")
    return PageStatement(
        parse_accession(item.text("target", MAX_TERM_LENGTH)),
        _named(item.text("dataset", MAX_TERM_LENGTH)),
        content,
        item.parsed("key", _key, ""),
        item.listed("resources"),
        item.text("curator", _MAX_CURATOR),
        item.parsed("orcid", parse_orcid, ""),
        state,
        reason,
    )


def _dataset(item: _Item) -> PageDataset:
    bases = {basis.name.lower(): basis for basis in Basis}
    return PageDataset(
        _named(item.text("name", MAX_TERM_LENGTH)),
        item.text("source", MAX_TERM_LENGTH),
        item.text("version", MAX_TERM_LENGTH),
        item.parsed("version_date", parse_partial_date, ""),
        item.text("licence", _MAX_URL),
        item.text("licence_url", _MAX_URL),
        item.chosen("is_share_alike", _YES, otherwise=False),
        item.chosen("default_scale", _SCALES, SmallScale.NOT_STATED),
        item.chosen("default_basis", bases, Basis.STATED),
    )


def _named(name: str) -> str:
    if not name:
        raise IdentifierError("it names no dataset")
    return name


def _key(text: str) -> str:
    if len(text) != 32 or set(text) - set("0123456789abcdef"):
        raise IdentifierError(f"{shown(text)} is no key of a statement")
    return text


def _reason(text: str) -> str:
    """Return a reason as it was written; it may have several lines."""
    if len(text) > _MAX_REASON or "\x00" in text:
        raise IdentifierError("the reason of a retraction cannot be stored")
    return text.strip()
