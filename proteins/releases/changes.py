"""What differs between two releases: their JSON Lines, both in order, read side by side.

Lines that are the same are not parsed, nor are those of interactions that were not written since
(`proteins.queries.changes`), where both releases have a change number. Of others only the fields
of the record itself are compared: the name of a protein is no change of its interactions, and
neither is the moment at which a record was changed.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

Value = dict[str, Any]
Key = tuple[str, ...]


class Difference(NamedTuple):
    """One record that was `added`, `changed` or `withdrawn`."""

    kind: str
    entry: Value


class Kind(NamedTuple):
    """How the records of a resource are distinguished, and which fields are compared."""

    resource: str
    begins: str
    compared: Callable[[Value], Value]
    named: Callable[[Value], Value]


def _protein(record: Value) -> Value:
    listed = [
        f"{ortholog['species']}:{ortholog['identifier']}" + "*" * ortholog["in_tflink"]
        for ortholog in record["orthologs"]
    ]
    names = ("name", "taxon", "gene_ids", "secondary_accessions", "jaspar_matrices")
    declared = ("has_page", "declared_interactions")
    return {name: record.get(name) for name in (*names, *declared)} | {"orthologs": listed}


def _interaction(record: Value) -> Value:
    own = {name: record[name] for name in ("effect", "status", "reporting", "small_scale")}
    return own | {
        "sources": [source["key"] for source in record["sources"]],
        "methods": [method["name"] for method in record["methods"]],
        "publications": [publication["pmid"] for publication in record["publications"]],
    }


KINDS: Final = (
    Kind(
        "proteins",
        '{"accession":"',
        _protein,
        lambda record: {"id": record["accession"], "name": record["name"]},
    ),
    Kind("interactions", '{"id":"', _interaction, lambda record: {"id": record["id"]}),
)


def differences(
    kind: Kind, before: Path | None, after: Path | None, among: Container[str] | None = None
) -> Iterator[Difference]:
    """What became of the records of a species from one file of JSON Lines to another; none
    holds nothing. `among` are the only identifiers that can differ, where that is known."""
    old, new = (_lines(path, kind, among) if path else iter(()) for path in (before, after))
    ours, theirs = next(old, None), next(new, None)
    while ours or theirs:
        if theirs is None or (ours and ours[0] < theirs[0]):
            assert ours is not None  # noqa: S101  (one of the two is there)
            yield Difference("withdrawn", kind.named(json.loads(ours[1])))
            ours = next(old, None)
        elif ours is None or theirs[0] < ours[0]:
            yield Difference("added", kind.named(json.loads(theirs[1])))
            theirs = next(new, None)
        else:
            if ours[1] != theirs[1]:
                yield from _changed(kind, json.loads(ours[1]), json.loads(theirs[1]))
            ours, theirs = next(old, None), next(new, None)


def _lines(path: Path, kind: Kind, among: Container[str] | None) -> Iterator[tuple[Key, str]]:
    """Each line with its sort key, which is read without parsing the line."""
    start = len(kind.begins)
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if not line.startswith(kind.begins):
                raise ValueError(f"{path.name} does not hold {kind.resource} as JSON Lines")
            identifier = line[start : line.index('"', start)]
            if among is None or identifier in among:
                yield tuple(identifier.split("-")), line


def _changed(kind: Kind, before: Value, after: Value) -> Iterable[Difference]:
    then, now = kind.compared(before), kind.compared(after)
    fields = {name: [then[name], now[name]] for name in now if then[name] != now[name]}
    if fields:
        yield Difference("changed", kind.named(after) | {"fields": fields})
