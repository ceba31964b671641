"""Front matter as raw values with their lines in the file: YAML syntax, no YAML typing.

PyYAML (libyaml) is read event by event, neither as values nor as a node graph:
composing one recurses in C and ends the process at some 40,000 nested brackets, an alias
can multiply a page without bound, and typing would turn `12:30`, `1e5` or `NO` into
something else than what is written. Events have none of these, and cost less.
"""

from __future__ import annotations

import codecs
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, repeat
from typing import Any, Final, NamedTuple, TypeAlias

import yaml
from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from curation.importing.source.problems import PageError
from proteins.domain.identifiers import shown

Content: TypeAlias = "str | list[Content] | dict[str, Content]"

#: Published pages nest two deep (a list under a key) and hold a few dozen values.
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 100_000

_BOM: Final = b"\xef\xbb\xbf"
_NULLS: Final = frozenset({"~", "null", "Null", "NULL"})
_CORE_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)


class RawValue(NamedTuple):
    """The value of a key as written; lines count from 1 in the file.

    `line` is the key's line, `start` to `end` the value's; `style` is YAML's mark of a
    text (`'`, `"`, `|`, `>`, empty for a plain one, `!` for a tagged one) and None for a
    list or a mapping.
    """

    content: Content
    line: int
    start: int
    end: int
    style: str | None

    @property
    def is_null(self) -> bool:
        """Whether it is YAML's null, which means no text."""
        return self.style == "" and self.content in _NULLS


class RawPage(NamedTuple):
    """A page in raw parts: the front matter's values and lines, and the body."""

    values: Mapping[str, RawValue]
    lines: Sequence[str]
    empty_lines: Sequence[int]
    body: str
    body_line: int

    def rows(self, value: RawValue, text: str) -> Iterable[tuple[str, int]]:
        """Return the rows of a text, each with its line in the file.

        Where lines cannot be told (a quoted text with `\n` escapes), each gets the key's.
        """
        rows = text.rstrip("\n").split("\n")
        if value.style == "|":
            return zip(rows, count(value.start + 1), strict=False)
        first, last = value.start, value.end
        if value.style == ">":
            first, last = first + 1, last - 1
            while last > first and not self.lines[last - 1].strip():
                last -= 1
        # In these styles a line break of the value is a blank line of the file.
        low, high = bisect_left(self.empty_lines, first), bisect_right(self.empty_lines, last)
        breaks = self.empty_lines[low:high]
        if len(breaks) != len(rows) - 1:  # blank lines may hold spaces, though few do
            numbered = enumerate(self.lines[first - 1 : last], first)
            breaks = [number for number, line in numbered if not line.strip()]
        if len(breaks) != len(rows) - 1:
            return zip(rows, repeat(value.line), strict=False)
        return zip(rows, (first, *[number + 1 for number in breaks]), strict=True)


def read_front_matter(data: bytes, path: str) -> RawPage:
    """Return the raw parts of a page.

    Raises `PageError` where `data` is not text, in UTF-8 or in UTF-16 with its mark, that
    begins with YAML front matter.
    """
    text = _decoded(data, path)
    end = _closing_line(text, path)
    front = text[: end + 1]
    lines = front.split("\n")
    after = text.find("\n", end + 1)
    return RawPage(
        _Reader(front, path).page(),
        lines,
        [number for number, line in enumerate(lines, 1) if not line],
        text[after + 1 :] if after >= 0 else "",
        len(lines) + 1,
    )


def _decoded(data: bytes, path: str) -> str:
    """Return the text of a page with LF line ends."""
    if not data:
        raise PageError(path, "page", None, "the file is empty")
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        else:
            text = data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise _undecoded(data, path, error) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _undecoded(data: bytes, path: str, error: UnicodeDecodeError) -> PageError:
    if error.encoding != "utf-8":
        reason = f"the file begins as UTF-16 does, but is none: {error.reason}"
        return PageError(path, "page", 1, reason)
    offset = error.start + (len(_BOM) if data.startswith(_BOM) else 0)
    line = data.count(b"\n", 0, offset) + 1
    reason = f"the file is not UTF-8: byte 0x{data[offset]:02x} at offset {offset}, line {line}"
    return PageError(path, "page", line, reason)


def _closing_line(text: str, path: str) -> int:
    """Return the index of the line break before the closing `---`."""
    first, _, _ = text[:200].partition("\n")
    if first.rstrip() != "---":
        reason = f"the first line should be '---', which opens the front matter, not {shown(first)}"
        raise PageError(path, "page", 1, reason)
    at = text.find("\n---")
    while at >= 0:
        after = text.find("\n", at + 1)
        if not text[at + 4 : after if after >= 0 else None].strip():
            return at
        at = text.find("\n---", at + 1)
    raise PageError(path, "page", 1, "the front matter has no closing line '---'")


class _Reader:
    """Reads the one mapping of a YAML text, which includes its opening `---`."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._next: Callable[[], Any] = yaml.CSafeLoader(text).get_event
        self._values = 0
        # YAML counts these as line breaks too; editors and `grep -n` do not.
        self._odd_breaks = any(mark in text for mark in "\x85\u2028\u2029")

    def page(self) -> dict[str, RawValue]:
        directive = self._text.find("\n%")
        if directive >= 0:  # libyaml takes quadratic time over many, and pages have none
            line = self._text.count("\n", 0, directive) + 2
            raise PageError(self._path, "page", line, "a line begins with '%'")
        try:
            return self._page()
        except yaml.YAMLError as error:
            line, reason = self._explained(error)
            reason = f"the front matter is not YAML, line {line}: {reason}"
            raise PageError(self._path, "page", line, reason) from None

    def _page(self) -> dict[str, RawValue]:
        self._next(), self._next()  # the beginnings of the stream and of the document
        event = self._next()
        if event.__class__ is not MappingStartEvent:
            raise self._refusal(event, "the front matter is not a list of 'key: value' lines")
        self._check(event)
        values: dict[str, RawValue] = {}
        while (event := self._next()).__class__ is ScalarEvent:
            key, line = self._key(event, values), self._line(event.start_mark)
            event = self._next()
            start = self._line(event.start_mark)
            if event.__class__ is ScalarEvent and event.tag is None:
                end = self._line(event.end_mark)
                values[key] = RawValue(event.value, line, start, end, event.style or "")
            else:
                style = "!" if event.__class__ is ScalarEvent else None
                values[key] = RawValue(self._content(event, 1), line, start, start, style)
        if event.__class__ in _NODES:
            self._key(event, values)  # refuses it
        self._next(), self._next()  # a second document would raise here
        return values

    def _content(self, event: Any, depth: int) -> Content:
        self._check(event)
        self._values += 1
        if depth > MAX_DEPTH or self._values > MAX_VALUES:
            raise self._refusal(event, "the front matter nests too deep or holds too many values")
        if event.__class__ is ScalarEvent:
            return str(event.value)
        if event.__class__ is SequenceStartEvent:
            items: list[Content] = []
            while (event := self._next()).__class__ in _NODES:
                items.append(self._content(event, depth + 1))
            return items
        mapping: dict[str, Content] = {}
        while (event := self._next()).__class__ in _NODES:
            key = self._key(event, mapping)
            mapping[key] = self._content(self._next(), depth + 1)
        return mapping

    def _key(self, event: Any, among: Mapping[str, object]) -> str:
        if event.__class__ is not ScalarEvent:
            self._check(event)
            raise self._refusal(event, "a key is not a text")
        if event.tag is not None:
            self._check(event)
        key: str = event.value
        if key == "<<" and not event.style:
            raise self._refusal(event, "merge keys ('<<') are not used in pages")
        if key in among:
            raise self._refusal(event, f"the key {shown(key)} is there twice")
        if len(among) >= MAX_VALUES:
            raise self._refusal(event, f"the front matter holds more than {MAX_VALUES} keys")
        return key

    def _check(self, event: Any) -> None:
        if event.__class__ is AliasEvent:
            raise self._refusal(event, "aliases ('*name') are not used in pages")
        if event.tag is not None and event.tag not in _CORE_TAGS:
            raise self._refusal(event, f"the tag {shown(event.tag)} is not used in pages")

    def _refusal(self, event: Any, reason: str) -> PageError:
        return PageError(self._path, "page", self._line(event.start_mark), reason)

    def _line(self, mark: Any) -> int:
        if self._odd_breaks:
            return self._text.count("\n", 0, mark.index) + 1
        return int(mark.line) + 1

    def _explained(self, error: yaml.YAMLError) -> tuple[int, str]:
        """Return the line that a YAML error is about and what it says."""
        if isinstance(error, yaml.MarkedYAMLError):
            mark = error.problem_mark or error.context_mark
            reason = " ".join(part for part in (error.context, error.problem) if part)
            return (self._line(mark) if mark else 1), reason
        if isinstance(error, yaml.reader.ReaderError):
            line = self._text.encode()[: error.position].count(b"\n") + 1
            return line, f"it holds the control character U+{int(error.character):04X}"
        return 1, shown(str(error))


_NODES: Final = frozenset({ScalarEvent, SequenceStartEvent, MappingStartEvent, AliasEvent})
