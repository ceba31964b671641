r"""A pattern of an identifier as patterns of GLOB, which SQLite knows without Python.

    ^MI:[0-9]{4}\Z          ->  MI:[0-9][0-9][0-9][0-9]
    ^[A-Z](X|[0-9]{1,2})\Z  ->  [A-Z]X, [A-Z][0-9], [A-Z][0-9][0-9]

Characters, classes, groups and bounded repetition only: what can be written out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_ATOM: Final = re.compile(r"\[[^\]]+\]|\\.|[^\\()|\[\]{}?*+.^$]")
_REPEAT: Final = re.compile(r"\{([0-9]+)(?:,([0-9]+))?\}|\?")
#: A pattern that is written out as more is none for this.
_MOST: Final = 100


@cache
def globs_of(pattern: str) -> tuple[str, ...]:
    """Return the patterns, one of which matches where `pattern` does; `ValueError` for others."""
    if not (pattern.startswith("^") and pattern.endswith(r"\Z")):
        raise ValueError(f"{pattern!r} does not hold from beginning to end")
    globs, end = _choices(pattern, 1)
    if end != len(pattern) - 2:
        raise ValueError(f"{pattern!r} cannot be written out")
    return tuple(globs)


def _choices(pattern: str, at: int) -> tuple[list[str], int]:
    """Read alternatives until a group, or all, ends."""
    globs, at = _sequence(pattern, at)
    while pattern[at] == "|":
        more, at = _sequence(pattern, at + 1)
        globs += more
    return globs, at


def _sequence(pattern: str, at: int) -> tuple[list[str], int]:
    globs = [""]
    while pattern[at] not in "|)" and pattern[at:] != r"\Z":
        parts, at = _repeated(pattern, at)
        globs = [glob + part for glob in globs for part in parts]
        if len(globs) > _MOST:
            raise ValueError(f"{pattern!r} is too long once written out")
    return globs, at


def _repeated(pattern: str, at: int) -> tuple[list[str], int]:
    """Read one thing and how often it stands there."""
    things, at = _thing(pattern, at)
    repeat = _REPEAT.match(pattern, at)
    if repeat is None:
        return things, at
    least, most = (0, 1) if repeat[1] is None else (int(repeat[1]), int(repeat[2] or repeat[1]))
    parts, grown = [""] if least == 0 else [], [""]
    for number in range(1, most + 1):
        grown = [part + thing for part in grown for thing in things]
        if number >= least:
            parts += grown
    return parts, repeat.end()


def _thing(pattern: str, at: int) -> tuple[list[str], int]:
    if pattern[at] == "(":
        things, at = _choices(pattern, at + 1)
        return things, at + 1
    atom = _ATOM.match(pattern, at)
    if atom is None:
        raise ValueError(f"{pattern!r} cannot be written out")
    text = atom[0]
    if text[0] == "\\":
        text = text[1] if text[1] not in "*?[" else f"[{text[1]}]"
    return [text], atom.end()
