"""What changed and what has gone, in the order of change numbers: what a mirror follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from proteins.models import ChangeSet, Gone, Interaction, Protein
from proteins.models.lookups import row_beyond

PROTEIN: Final = "protein"
INTERACTION: Final = "interaction"
KINDS: Final = (PROTEIN, INTERACTION)
#: Within one change: what has gone, then proteins, then interactions, which name proteins.
_GONE, _PROTEINS, _INTERACTIONS = range(3)
#: Beyond every primary key.
_ALL: Final = 2**31 - 1


class Place(NamedTuple):
    """A place in the stream: a row, by its change, its table and its primary key."""

    change: int
    table: int
    pk: int

    @classmethod
    def after(cls, change: int) -> Place:
        """The end of a change."""
        return cls(change, _INTERACTIONS, _ALL)


@dataclass(frozen=True)
class Entry:
    """A record as it is now, or one that is no longer public, and why."""

    change: ChangeSet
    kind: str
    key: str
    why: str = ""
    record: Protein | Interaction | None = None


def newest_change() -> int:
    """Return the newest change number; 0 where nothing was written yet.

    Whoever reads it before the rows sees all that was written under it.
    """
    return ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def places_beyond(place: Place, kinds: Collection[str], limit: int) -> list[Place]:
    """Return the next places of the stream, each table read from its own index."""
    tables = _tables(kinds)
    scans = (_scan(table, rows, place, limit) for table, rows in tables.items())
    return list(islice(merge(*scans), limit))


def _tables(kinds: Collection[str]) -> Mapping[int, QuerySet[Any]]:
    gone = Gone.objects.all()
    tables: dict[int, QuerySet[Any]] = {
        _GONE: gone if len(kinds) == len(KINDS) else gone.filter(kind__in=kinds)
    }
    if PROTEIN in kinds:
        tables[_PROTEINS] = Protein.objects.all()
    if INTERACTION in kinds:
        tables[_INTERACTIONS] = Interaction.objects.public()
    return tables


def _scan(table: int, rows: QuerySet[Any], place: Place, limit: int) -> Iterator[Place]:
    # Of one change the tables before that of the place are done, the others not begun.
    pk = place.pk if table == place.table else (_ALL if table < place.table else 0)
    beyond = rows.filter(row_beyond(("change_id", "id"), (place.change, pk), downward=False))
    keys = beyond.order_by("change_id", "pk").values_list("change_id", "pk")[:limit]
    return (Place(change, table, key) for change, key in keys)


def entries(places: Collection[Place]) -> list[Entry]:
    """Return what is at these places; what was written since is at a later one."""
    changes = ChangeSet.objects.in_bulk({place.change for place in places})
    read: dict[int, QuerySet[Any]] = {
        _GONE: Gone.objects.all(),
        _PROTEINS: Protein.objects.select_related("taxon").prefetch_related(
            "gene_ids", "jaspar_matrices", "orthologs__taxon", "secondary_accessions"
        ),
        _INTERACTIONS: Interaction.objects.public()
        .select_related("tf", "target", "evidence")
        .prefetch_related("evidence__sources", "evidence__methods", "evidence__citations"),
    }
    rows = {
        table: queryset.in_bulk([place.pk for place in places if place.table == table])
        for table, queryset in read.items()
    }
    return [
        _entry(changes[place.change], rows[place.table][place.pk])
        for place in places
        if place.pk in rows[place.table]
    ]


def _entry(change: ChangeSet, row: Gone | Protein | Interaction) -> Entry:
    if isinstance(row, Gone):
        return Entry(change, row.kind, row.record_key, why=row.why)
    if isinstance(row, Protein):
        return Entry(change, PROTEIN, row.accession, record=row)
    return Entry(change, INTERACTION, row.key, record=row)


#: Interactions by the code of their TF's species, by identifier; under an empty code those of
#: which the TF is no more.
InteractionKeys = Mapping[str, Collection[str]]


def interactions_since(change: int, limit: int) -> InteractionKeys | None:
    """Return the interactions that were written or left public view after a change; None where
    they are more than `limit`."""
    written = Interaction.objects.filter(change_id__gt=change).order_by()
    gone = Gone.objects.filter(change_id__gt=change, kind=INTERACTION).order_by()
    rows = list(
        written.values_list("tf__taxon__code", "tf__accession", "target__accession")[: limit + 1]
    )
    keys = list(gone.values_list("record_key", flat=True)[: limit + 1])
    if len(rows) + len(keys) > limit:
        return None
    tfs = {key.partition("-")[0] for key in keys}
    codes = dict(Protein.objects.filter(accession__in=tfs).values_list("accession", "taxon__code"))
    by_species: dict[str, set[str]] = defaultdict(set)
    for code, tf, target in rows:
        by_species[code].add(f"{tf}-{target}")
    for key in keys:
        by_species[codes.get(key.partition("-")[0], "")].add(key)
    return by_species
