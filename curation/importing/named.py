"""A file that is to be read, and the name under which it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from curation.importing.loading.report import shown_path
from curation.importing.source.kinds import FileKind
from curation.importing.source.problems import PageError
from curation.models import SourcePage

OnProgress = Callable[[int], None]
#: What a file (or folder) is called in records and messages, where that is not its place.
NameOf = Callable[[Path], str]


class NamedFile(NamedTuple):
    """A file, and what it is called in records and messages."""

    file: Path
    path: str
    kind: FileKind


def check_name(path: str) -> None:
    """Raise `PageError` where a file's name cannot be stored."""
    longest = SourcePage._meta.get_field("path").max_length or 0
    reason = ""
    if shown_path(path) != path:
        reason = "the file's name is not UTF-8"
    elif len(path) > longest:
        reason = f"the file's name has {len(path):,} characters; {longest:,} are the most"
    if reason:
        raise PageError(shown_path(path), "page", None, reason)
