"""Documents for contributors: every path, constant and link that they name exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.places import ROOT

DOCUMENTS: Final = sorted({ROOT / "README.md", *(ROOT / ".github").rglob("*.md")})
#: Folders of the project, of whose content a document may speak.
FOLDERS: Final = "curation|fixtures|proteins|templates|tests|tflink|\\.ci|\\.github|\\.requirements"
PATHS: Final = re.compile(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./-]*)")
#: "`NAME` in `path`", "`name()` in `path`".
NAMED: Final = re.compile(r"((?:`\w+(?:\(\))?`(?: and )?)+) in `([\w./-]+\.\w+)`")
LINKS: Final = re.compile(r"\]\((?!https?:)([^)#]+)")
MOST_LINES: Final = 60


def _name(document: Path) -> str:
    return str(document.relative_to(ROOT))


def _missing(document: Path) -> Iterator[str]:
    text = document.read_text(encoding="utf-8")
    for path in PATHS.findall(text):
        if not (ROOT / path.rstrip(".")).exists():
            yield path
    for link in LINKS.findall(text):
        if not (document.parent / link).exists():
            yield link
    for names, path in NAMED.findall(text):
        source = (ROOT / path).read_text(encoding="utf-8")
        yield from (
            f"{name} in {path}"
            for name in re.findall(r"`(\w+)", names)
            if not re.search(rf"\b{name}\b", source)
        )


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_what_a_document_names_exists(document: Path) -> None:
    assert list(_missing(document)) == []


def test_a_name_without_its_file_is_reported(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("`proteins/none.py`, [b](b.md), `NO` in `tests/places.py`")
    assert list(_missing(document)) == ["proteins/none.py", "b.md", "NO in tests/places.py"]


@pytest.mark.parametrize("record", sorted((ROOT / ".github/decisions").glob("0*.md")), ids=_name)
def test_a_decision_is_short_and_listed(record: Path) -> None:
    assert len(record.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    assert record.name in (record.parent / "README.md").read_text(encoding="utf-8")
