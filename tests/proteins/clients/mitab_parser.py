"""A strict reader of PSI-MITAB 2.8, from the text of the format, sharing nothing with our writer.

    row    = column (TAB column){45}
    column = "-" | field ("|" field)*
    field  = part (":" part ("(" part ")")?)?
    part   = bare | quoted
    bare   = one or more characters, none of | ( ) : " and TAB
    quoted = '"' (any but '"' and '\\', or '\\' and any character)* '"'

Columns 8 (authors), 31, 32 (dates), 36 (true or false) and 39, 40 (numbers) hold no fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

COLUMNS: Final = 46
_RESERVED: Final = frozenset('|():"\t')
_PSI_MI: Final = re.compile(r"MI:\d{4}")
_DATE: Final = re.compile(r"\d{4}/(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])")
#: By number, as the format counts them: what each may hold.
_TERMS: Final = frozenset({7, 12, 16, 17, 18, 19, 20, 21, 22, 41, 42, 45, 46})
_DATES: Final = frozenset({31, 32})
_AUTHORS: Final = 8
_TAXA: Final = frozenset({10, 11, 29})
_NEGATIVE: Final = 36
_NEVER_EMPTY: Final = (1, 2)


class MitabError(ValueError):
    pass


class Field(NamedTuple):
    database: str
    value: str = ""
    text: str = ""


Row = dict[int, list[Field]]


class _Reader:
    """Reads one column from its first character to its last."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def fields(self) -> list[Field]:
        line_fields = [self.field()]
        while self.skips("|"):
            line_fields.append(self.field())
        if self.at != len(self.text):
            raise self.error("something after the last field")
        return line_fields

    def field(self) -> Field:
        database = self.part()
        if not self.skips(":"):
            return Field(database)
        value = self.part()
        if not self.skips("("):
            return Field(database, value)
        text = self.part()
        if not self.skips(")"):
            raise self.error("no closing bracket")
        return Field(database, value, text)

    def part(self) -> str:
        if self.skips('"'):
            return self.quoted()
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in _RESERVED:
            self.at += 1
        if self.at == start:
            raise self.error("an empty part")
        return self.text[start : self.at]

    def quoted(self) -> str:
        letters = list[str]()
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            if letter == '"':
                return "".join(letters)
            if letter == "\\":
                letter = self.text[self.at : self.at + 1]
                self.at += 1
            letters.append(letter)
        raise self.error("a quote that is not closed")

    def skips(self, letter: str) -> bool:
        if self.text[self.at : self.at + 1] != letter:
            return False
        self.at += 1
        return True

    def error(self, reason: str) -> MitabError:
        return MitabError(f"{reason} at {self.at} of {self.text!r}")


def rows(text: str) -> list[Row]:
    """Return the rows of a file by column number; empty columns are empty lists."""
    if not text.endswith("\n"):
        raise MitabError("the last line has no end")
    header, *lines = text[:-1].split("\n")
    if not header.startswith("#") or len(header.split("\t")) != COLUMNS:
        raise MitabError("no header of 46 columns")
    return [_row(line) for line in lines]


def _row(line: str) -> Row:
    cells = line.split("\t")
    if len(cells) != COLUMNS:
        raise MitabError(f"{len(cells)} columns in {line!r}")
    if any(cell != cell.strip() or not cell for cell in cells):
        raise MitabError(f"an empty column, or space around one, in {line!r}")
    row = {number: _column(number, cell) for number, cell in enumerate(cells, start=1)}
    if not all(row[number] for number in _NEVER_EMPTY):
        raise MitabError(f"no identifier in {line!r}")
    return row


def _column(number: int, cell: str) -> list[Field]:
    if cell == "-":
        return []
    if number == _AUTHORS:
        _check(number, cell, lambda text: '"' not in text and ":" not in text)
        return [Field(author) for author in cell.split("|")]
    if number in _DATES:
        _check(number, cell, lambda text: _DATE.fullmatch(text) is not None)
        return [Field(cell)]
    if number == _NEGATIVE:
        _check(number, cell, lambda text: text in ("true", "false"))
        return [Field(cell)]
    fields = _Reader(cell).fields()
    if number in _TAXA:
        _check(number, cell, lambda _: all(one.database == "taxid" for one in fields))
    if number in _TERMS:
        _check(number, cell, lambda _: all(map(_is_term, fields)))
    return fields


def _is_term(field: Field) -> bool:
    """A term of PSI-MI with its name, or one of another list that does not claim to be."""
    if field.database == "psi-mi":
        return bool(_PSI_MI.fullmatch(field.value) and field.text)
    return not field.value.startswith("MI:")


def _check(number: int, cell: str, holds: Callable[[str], bool]) -> None:
    if not holds(cell):
        raise MitabError(f"column {number} cannot be {cell!r}")
