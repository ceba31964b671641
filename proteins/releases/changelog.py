"""The changelog of a release against the one before: all of it as JSON, the first of each
kind as Markdown for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from proteins.queries.changes import InteractionKeys
from proteins.release_store import Release, ReleaseFile
from proteins.releases.changes import KINDS, differences

JSON: Final = "changelog.json"
TEXT: Final = "CHANGELOG.md"
#: Changes of each kind that the text names; the JSON names all.
SHOWN: Final = 200
WHAT: Final = ("added", "changed", "withdrawn")

Counts = dict[str, dict[str, int]]


@dataclass
class Changelog:
    """Counts of changes; the changes themselves, which may be millions, wait in files."""

    release: str
    previous: str
    folder: Path
    counts: Counts = field(default_factory=dict)
    species: dict[str, list[str]] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        return {
            "release": self.release,
            "previous": self.previous or None,
            "counts": self.counts,
            "species": self.species,
        }


def compare(
    release: str,
    previous: Release | None,
    folder: Path,
    files: Sequence[ReleaseFile],
    written: InteractionKeys | None = None,
) -> Changelog:
    """Compare what was written into `folder` with the release before.

    A species that only one of the two has is named as a whole: each of its records would be
    new, or gone. `written` are the interactions that were written since, where that is known.
    Proteins are compared one by one in any case: they are few, and that one has a page of its
    own is no change with a number.
    """
    changelog = Changelog(release, previous.name if previous else "", folder)
    if previous is None:
        return changelog
    before, after = _tables(previous.files.values()), _tables(files)
    had, has = ({species for _, species in tables} for tables in (before, after))
    changelog.species = {"added": sorted(has - had), "withdrawn": sorted(had - has)}
    if had != has:
        written = None  # what came with a species, or went, may have been another's before
    moved: Counter[str] = Counter()
    for kind in KINDS:
        counts: Counter[str] = Counter()
        among_of: Callable[[str], Collection[str] | None]
        # A protein of another species than before has its interactions there, too.
        if kind.resource != "interactions" or max(moved.values(), default=0) > 1:
            among_of = _any
        else:
            among_of = partial(_among, written)
        with _Waiting(folder, kind.resource) as waiting:
            for species in sorted(had & has):
                key = kind.resource, species
                old = previous.path / before[key] if key in before else None
                new = folder / after[key] if key in after else None
                among = among_of(species)
                if among is not None and not among:
                    continue
                for difference in differences(kind, old, new, among):
                    counts[difference.kind] += 1
                    if difference.kind != "changed" and kind.resource == "proteins":
                        moved[difference.entry["id"]] += 1
                    waiting.add(difference.kind, {"species": species, **difference.entry})
        changelog.counts[kind.resource] = {what: counts[what] for what in WHAT}
    return changelog


def _any(species: str) -> None:
    """Any record may differ."""


def _among(written: InteractionKeys | None, species: str) -> Collection[str] | None:
    return None if written is None else {*written.get(species, ()), *written.get("", ())}


def _tables(files: Any) -> dict[tuple[str, str], str]:
    """The names of the files of JSON Lines that hold all of a species, by what they hold."""
    return {
        (file.resource, file.species): file.name
        for file in files
        if file.format == "jsonl" and file.evidence_class in ("", "all")
    }


class _Waiting:
    """Changes in files of their own, a line each, until all are counted."""

    def __init__(self, folder: Path, resource: str) -> None:
        self._files = {what: _waiting(folder, resource, what).open("x") for what in WHAT}

    def __enter__(self) -> _Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def add(self, what: str, entry: dict[str, Any]) -> None:
        self._files[what].write(json.dumps(entry, ensure_ascii=False) + "\n")


def _waiting(folder: Path, resource: str, what: str) -> Path:
    return folder / f"{resource}-{what}"


def as_json(changelog: Changelog) -> Iterator[str]:
    """One object: the summary, then of each resource all that was added, changed, withdrawn."""
    yield json.dumps(changelog.summary(), ensure_ascii=False, indent=1).removesuffix("\n}")
    for resource in changelog.counts:
        yield f',\n "{resource}": {{'
        for number, what in enumerate(WHAT):
            yield f'{"," * bool(number)}\n  "{what}": ['
            for at, line in enumerate(_lines(changelog, resource, what)):
                yield f"{',' * bool(at)}\n   {line}"
            yield "]"
        yield "\n }"
    yield "\n}\n"


def as_text(changelog: Changelog) -> Iterator[str]:
    yield f"# TFLink {changelog.release}\n"
    if not changelog.previous:
        yield "\nThe first release: there is none before to compare it with.\n"
        return
    yield f"\nCompared with release {changelog.previous}. All changes are in {JSON}.\n"
    for what, codes in changelog.species.items():
        if codes:
            yield f"\nSpecies {what}: {', '.join(codes)}.\n"
    for resource, counts in changelog.counts.items():
        for what in WHAT:
            yield f"\n## {resource.capitalize()} {what}: {counts[what]:,}\n\n"
            for line in islice(_lines(changelog, resource, what), SHOWN):
                yield f"- {_sentence(json.loads(line))}\n"
            if counts[what] > SHOWN:
                yield f"- and {counts[what] - SHOWN:,} more\n"


def _lines(changelog: Changelog, resource: str, what: str) -> Iterator[str]:
    with _waiting(changelog.folder, resource, what).open() as lines:
        for line in lines:
            yield line.rstrip("\n")


def clear(changelog: Changelog) -> None:
    for resource in changelog.counts:
        for what in WHAT:
            _waiting(changelog.folder, resource, what).unlink()


def _sentence(entry: dict[str, Any]) -> str:
    name = f" {entry['name']}" if entry.get("name") else ""
    fields = "; ".join(
        f"{field.replace('_', ' ')}: {_shown(before)} -> {_shown(after)}"
        for field, (before, after) in entry.get("fields", {}).items()
    )
    text = f"{entry['id']}{name} ({entry['species']})" + (f": {fields}" if fields else "")
    # Names are anybody's text: none may end its line, or be taken for markup.
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>&" else letter for letter in text)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)
