"""Which source database reports which regulator, or target, of a protein: those of most databases.

The matrix has the rows of most cells first, and the databases of most interactions of the whole
side, so that its size follows from what the protein's page has read already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from proteins.domain.names import short_name
from proteins.domain.tiers import Tier
from proteins.models import Interaction, Protein, SourceDatabase
from proteins.models.querysets import Partner
from proteins.queries.protein_summary import read_facets

#: Rows and columns that are drawn.
MOST_ROWS: Final = 25
MOST_COLUMNS: Final = 30


class Column(NamedTuple):
    """A database, and how many interactions of the side it reports."""

    key: int
    label: str
    number: int


class Row(NamedTuple):
    accession: str
    label: str
    tier: Tier
    #: The databases that report it, by primary key.
    sources: frozenset[int]


def columns_of(numbers: Mapping[int, int], sources: Mapping[int, SourceDatabase]) -> list[Column]:
    """The databases of a side by how many of its interactions each reports (`numbers`)."""
    columns = [Column(key, str(sources[key]), number) for key, number in numbers.items()]
    columns.sort(key=lambda column: (-column.number, column.label))
    return columns[:MOST_COLUMNS]


@dataclass(frozen=True)
class SourceMatrix:
    protein: Protein
    side: str
    #: How many interactions the side has.
    total: int
    columns: list[Column]
    rows: list[Row]

    @classmethod
    def read(cls, protein: Protein, side: str) -> SourceMatrix:
        facets = read_facets(protein, side).popitem()[1]
        sources = SourceDatabase.objects.select_related("via").in_bulk(list(facets.sources))
        return cls(
            protein,
            side,
            facets.tiers.total(),
            columns_of(facets.sources, sources),
            _rows(protein, "target" if side == "targets" else "tf"),
        )


def _rows(protein: Protein, partner: Partner) -> list[Row]:
    public = Interaction.objects.public()
    rows = public.of_tf(protein) if partner == "target" else public.of_target(protein)
    ordered = rows.order_by("-evidence__source_count", "-evidence__tier", f"{partner}__accession")
    listed = list(
        ordered.select_related("evidence", partner).prefetch_related("evidence__sources")[
            :MOST_ROWS
        ]
    )
    return [_row(interaction, getattr(interaction, partner)) for interaction in listed]


def _row(interaction: Interaction, partner: Protein) -> Row:
    evidence = interaction.evidence
    sources = frozenset(source.pk for source in evidence.sources.all())
    label = short_name(partner.name) or partner.accession
    return Row(partner.accession, label, Tier(evidence.tier), sources)
