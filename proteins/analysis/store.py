"""The arrays of a species as files, named by a token that the database holds.

    <data folder>/analysis/<token>/tfs.i8 starts.i8 target.i4 kind.u2 kinds.i8

(`kind.u4` where there are more than 65,536 kinds, which no species has as published.)

Written to a folder of another name first, which is renamed once it is whole; then its token goes
into the database, and what it replaces is removed. Whoever reads that just now has the files
open, which outlives their names. Readers map them into memory: a host holds them once,
whatever the number of its workers.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from proteins.analysis.core.edges import Edges, Kind, Row
from proteins.analysis.places import folder, on_this_host
from proteins.caching.bounded import BoundedCache
from proteins.models import ChangeSet, Interaction, Protein, SpeciesArrays
from proteins.queries.snapshot import consistent_read

#: Columns of an interaction in the order of `Row` and `Kind`.
COLUMNS: Final = ("tf_id", "target_id", "evidence_id", "effect", "status", "reporting")
#: TFs whose rows are read by one query.
_TFS: Final = 50
_WRITING: Final = ".writing-"
#: Seconds after which a folder that was begun counts as left by a process that was killed.
_LEFT: Final = 24 * 3600
_TYPES: Final[dict[str, np.dtype[Any]]] = {
    "tfs": np.dtype("<i8"),
    "starts": np.dtype("<i8"),
    "target": np.dtype("<i4"),
    "kind": np.dtype("<u4"),
    "kinds": np.dtype("<i8"),
}
#: What is narrower if its values allow it: a quarter of all bytes.
_NARROW: Final = np.dtype("<u2")
#: Numbers that are narrowed at once.
_AT_ONCE: Final = 2**20
#: Open files by token.
_open: Final[BoundedCache[str, Edges]] = BoundedCache(16)


def read(token: str) -> Edges | None:
    """Return the arrays of a token; None where its files are not there."""
    edges = _open.get(token)
    if edges is None:
        try:
            tfs, starts, target, kind, kinds = (_mapped(folder() / token, name) for name in _TYPES)
        except FileNotFoundError:
            return None
        edges = Edges(tfs, starts, target, kind, kinds.reshape(-1, len(Kind._fields)))
        _open.put(token, edges)
    return edges


def _mapped(place: Path, name: str) -> NDArray[Any]:
    path, kind = _path(place, name, _TYPES[name]), _TYPES[name]
    if not path.exists() and name == "kind":
        path, kind = _path(place, name, _NARROW), _NARROW
    if not path.stat().st_size:
        return np.zeros(0, kind)
    # As a plain array: slices of it are taken by the thousand, and those of a map are slow.
    return np.memmap(path, kind, mode="r").view(np.ndarray)


def _path(place: Path, name: str, kind: np.dtype[Any]) -> Path:
    return place / f"{name}.{kind.str[1:]}"


def lay_out(taxon: int) -> SpeciesArrays:
    """Write the arrays of a species as the database is now, in place of earlier ones."""
    _remove_left()
    token = secrets.token_urlsafe(32)
    place = folder() / f"{_WRITING}{token}"
    try:
        place.mkdir(parents=True)
        with consistent_read():
            change = ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            rows = _write(place, public_rows(taxon))
        _narrow(place)
        place.rename(folder() / token)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    earlier = list(on_this_host(taxon))
    arrays = SpeciesArrays.objects.create(
        taxon_id=taxon, token=token, change_number=change, rows=rows
    )
    for one in earlier:
        one.delete()
        shutil.rmtree(folder() / one.token, ignore_errors=True)
    return arrays


def newest(taxon: int) -> tuple[SpeciesArrays, Edges] | None:
    """Return the newest arrays of a species that are in this host's folder, and what they hold."""
    for one in on_this_host(taxon):
        if (edges := read(one.token)) is not None:
            return one, edges
    return None


def newest_of_all() -> dict[int, tuple[SpeciesArrays, Edges]]:
    """Return the same of every species that has any, by primary key, in one query."""
    stored: dict[int, tuple[SpeciesArrays, Edges]] = {}
    for one in SpeciesArrays.objects.order_by("-change_number", "-pk"):
        if one.taxon_id not in stored and (edges := read(one.token)) is not None:
            stored[one.taxon_id] = one, edges
    return stored


def public_rows(taxon: int) -> Iterator[Row]:
    """Every public interaction of a species, in the order of TF and target."""
    proteins = Protein.objects.filter(taxon=taxon, is_tf=True).order_by("pk")
    tfs = list(proteins.values_list("pk", flat=True))
    for start in range(0, len(tfs), _TFS):
        rows = Interaction.objects.public().filter(tf__in=tfs[start : start + _TFS])
        columns = rows.order_by("tf_id", "target_id").values_list(*COLUMNS)
        yield from rows_of(columns.iterator(chunk_size=5_000))


def rows_of(values: Iterable[tuple[int, ...]]) -> Iterator[Row]:
    """Rows of the values of `COLUMNS`."""
    for tf, target, *kind in values:
        yield Row(tf, target, Kind(*kind))


def _write(place: Path, rows: Iterable[Row]) -> int:
    """Write rows that come in order; in memory are those of one TF at a time."""
    numbers: dict[Kind, int] = {}
    tfs: list[int] = []
    starts: list[int] = [0]
    with (place / "target.i4").open("wb") as targets, (place / "kind.u4").open("wb") as kinds:
        for tf, own in _by_tf(rows):
            tfs.append(tf)
            starts.append(starts[-1] + len(own))
            np.array([row.target for row in own], _TYPES["target"]).tofile(targets)
            indices = [numbers.setdefault(row.kind, len(numbers)) for row in own]
            np.array(indices, _TYPES["kind"]).tofile(kinds)
    listed: dict[str, Sequence[Any]] = {"tfs": tfs, "starts": starts, "kinds": list(numbers)}
    for name, values in listed.items():
        np.array(values, _TYPES[name]).tofile(place / f"{name}.i8")
    return starts[-1]


def _narrow(place: Path) -> None:
    """Write the numbers of kinds by two bytes each, where there are few enough."""
    wide = _path(place, "kind", _TYPES["kind"])
    row = len(Kind._fields) * _TYPES["kinds"].itemsize
    if _path(place, "kinds", _TYPES["kinds"]).stat().st_size > row * (np.iinfo(_NARROW).max + 1):
        return
    with wide.open("rb") as numbers, _path(place, "kind", _NARROW).open("wb") as narrow:
        while len(part := np.fromfile(numbers, _TYPES["kind"], _AT_ONCE)):
            part.astype(_NARROW).tofile(narrow)
    wide.unlink()


def _by_tf(rows: Iterable[Row]) -> Iterator[tuple[int, list[Row]]]:
    own: list[Row] = []
    for row in rows:
        if own and own[0].tf != row.tf:
            yield own[0].tf, own
            own = []
        own.append(row)
    if own:
        yield own[0].tf, own


def _remove_left() -> None:
    """Remove what processes left that were killed while they wrote."""
    for place in folder().glob(f"{_WRITING}*"):
        if place.stat().st_mtime < time.time() - _LEFT:
            shutil.rmtree(place, ignore_errors=True)
