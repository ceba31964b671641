"""Retired words are not in the names that the code gives; the field's and the web's are.

A word that was given up for the field's, or the web's, does not come back as a part of a name:
a protein that a lookup returns is `protein`, not `found`; a cached page is `cached`, not `kept`.
Only names that this project gives are read, where it gives them: what Django, hypothesis or the
standard library call theirs (`NOT_FOUND`, `sampled_from`) is used, and not named, here.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.places import ROOT

#: Parts of a name, each with what to write instead.
RETIRED: Final = {
    "found": "the noun itself: protein, matches, rows",
    "known": "the noun itself: existing, stored, possible",
    "asked": "requested, query, lookup",
    "told": "reported, message, distinguished",
    "said": "message, value, content",
    "kept": "cached, stored, remaining, limit",
    "remembered": "memo, cached",
    "anew": "again",
    "deed": "change context, action, operation",
    "deeds": "actions, operations",
    "nobody": "anonymous, unassigned",
    "somebody": "user, authenticated",
    "everybody": "public, all",
    "anybody": "public, all",
    "address": "url, path",
    "addresses": "urls, paths",
    "estimated": "estimate",
}
#: Names of functions that said too little of what is done: read in application code alone, and
#: whole, since each of these words has a proper use as a part of a name.
RETIRED_FUNCTIONS: Final = {
    "note": "record_revision, record",
    "remember": "cache, store",
    "take_turn": "take_write_lock",
    "turn": "write_lock",
    "walk": "scan, read",
    "ask": "request, confirm",
    "tell": "report, message",
    "say": "report, message",
}
#: What docstrings and comments of application code do not say any more, each with what they do.
RETIRED_PHRASES: Final = {
    "told apart": "distinguished",
    "asked for": "requested",
    "made anew": "rendered again, made again",
    "kept pages": "page cache",
    "stands for": "represents",
    "row number": "primary key",
}
#: Compounds with a meaning of their own: the answer of HTTP, and of PubMed, that something is
#: not there; the addresses of networks and of mail.
COMPOUNDS: Final = re.compile(
    r"not_found|(client|contact|e_?mail|ip|ipv4|ipv6|network|remote|sender|server)_address(es)?"
)
#: Single names that stay, by file: what is stored or sent under its name, and what overrides
#: another's.
ALLOWED: Final[dict[str, set[str]]] = {
    "proteins/client_address.py": {"address", "address_of"},  # of a network
    "proteins/models/evidence.py": {"FOUND"},  # a state of a publication, as stored
    "proteins/api/lookup.py": {"found"},  # a field of the answer
}
#: Not read: history (migrations), and programs that stand by themselves as a reader copies them.
LEFT_OUT: Final = ("/migrations/", "/recipes/")


def parts_of(name: str) -> list[str]:
    """Return the words that a name is made of, in lower case."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def names_given(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that a module gives: of functions and classes, what they take, and what is
    assigned or imported under another name."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name, node
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name, node
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node


def retired_in(source: str, *, is_test: bool = False) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and what to write instead, of each name with a retired word."""
    for name, node in names_given(ast.parse(source)):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and is_test and name.startswith("test_"):
            # These read as sentences, of whatever words a sentence needs.
            continue
        words = COMPOUNDS.sub("", "_".join(parts_of(name))).split("_")
        better = next((RETIRED[word] for word in words if word in RETIRED), None)
        if better is None and is_function and not is_test:
            better = RETIRED_FUNCTIONS.get(name.lstrip("_"))
        if better is not None:
            yield getattr(node, "lineno", 0), name, better


def prose_of(source: str) -> Iterator[str]:
    """Yield the docstrings and the comments of a module, each on one line and in lower case."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield " ".join((ast.get_docstring(node) or "").lower().split())
    comments = [
        token.string.lstrip("#: ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    yield " ".join(" ".join(comments).lower().split())


def retired_phrases_in(source: str) -> Iterator[str]:
    for text in prose_of(source):
        yield from (phrase for phrase in RETIRED_PHRASES if phrase in text)


def files_to_read() -> Iterator[Path]:
    for room in ("proteins", "curation", "tflink", "tests"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(part in f"/{name}" for part in LEFT_OUT):
                yield Path(name)


def test_no_name_has_a_retired_word() -> None:
    breaches = []
    for path in files_to_read():
        name = path.as_posix()
        source = (ROOT / path).read_text(encoding="utf-8")
        breaches += [
            f"{name}:{line}: {given}: better {better}"
            for line, given, better in retired_in(source, is_test=path.parts[0] == "tests")
            if given not in ALLOWED.get(name, ())
        ]
    assert breaches == []


def test_no_docstring_or_comment_has_a_retired_phrase() -> None:
    breaches = []
    for path in files_to_read():
        name = path.as_posix()
        if path.parts[0] != "tests":
            source = (ROOT / path).read_text(encoding="utf-8")
            breaches += [
                f"{name}: {phrase}: better {RETIRED_PHRASES[phrase]}"
                for phrase in retired_phrases_in(source)
            ]
    assert breaches == []


@pytest.mark.parametrize(
    "source",
    [
        '"""What is\n    asked for."""',
        'def read():\n    """They are told\n    apart."""',
        "#: A page that is made\n#: anew.\nPAGES = 1",
        "rows = 1  # the row number",
    ],
)
def test_prose_is_read_over_the_ends_of_lines(source: str) -> None:
    assert len(list(retired_phrases_in(source))) == 1


def test_texts_for_readers_are_not_read_as_prose() -> None:
    assert list(retired_phrases_in('message = "What is asked for."')) == []


@pytest.mark.parametrize(
    "source",
    [
        "found = 1",
        "for known, other in pairs: pass",
        "self.kept_pages = {}",
        "def look(asked): pass",
        "def look(*, nobody=None): pass",
        "def page_address(): pass",
        "def _ask(): pass",
        "async def take_turn(): pass",
        "class KeptPage: pass",
        "class Rows:\n    said: str",
        "KEPT_FOR = 7",
        "import this as told",
        "with lock() as known: pass",
        "{found for found in rows}",
        "(found := 1)",
    ],
)
def test_each_way_to_give_a_name_is_read(source: str) -> None:
    assert len(list(retired_in(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "protein = 1",
        "unknown = other.found",
        "call(found=1)",
        "NOT_FOUND = 404",
        "class FileNotFoundProblem: pass",
        "client_address = ip_address(text)",
        "email_addresses = []",
        "from package import kept",
        "values = st.sampled_from([])",
        "notes = [note for note in page.notes]",
    ],
)
def test_what_others_named_and_proper_uses_pass(source: str) -> None:
    assert list(retired_in(source)) == []


def test_sentences_of_tests_are_free() -> None:
    source = "def test_what_was_said_is_kept(found): pass"
    assert [name for _, name, _ in retired_in(source, is_test=True)] == ["found"]
