"""Which source database reports which regulator, or target: the matrices of a protein's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from proteins.drawing.figure import Size
from proteins.drawing.matrix import place_of
from proteins.models import Protein, SourceDatabase
from proteins.queries.side_facets import SideFacets
from proteins.queries.source_matrix import MOST_ROWS, Column, columns_of
from proteins.site.page_figures import ShownFigure
from proteins.site.protein.table_choice import Side

#: Rows and databases from which a matrix shows more than the numbers of the filters do.
_LEAST_ROWS: Final = 2
_LEAST_COLUMNS: Final = 3
#: Databases that the text names.
_NAMED: Final = 3
_SIDES: Final[tuple[tuple[Side, str], ...]] = (("tfs", "regulator"), ("targets", "target"))


class Databases(NamedTuple):
    """The matrix of one side."""

    #: What its rows are.
    noun: str
    figure: ShownFigure
    #: What it shows, in a sentence or two.
    reading: str


def databases_of(
    protein: Protein, facets: Mapping[Side, SideFacets], sources: Mapping[int, SourceDatabase]
) -> list[Databases]:
    """The matrices of both sides, where there is something to compare."""
    listed = []
    for side, noun in _SIDES:
        total = facets[side].tiers.total()
        reporting = {key: number for key, number in facets[side].sources.items() if key in sources}
        columns = columns_of(reporting, sources)
        if total >= _LEAST_ROWS and len(columns) >= _LEAST_COLUMNS:
            listed.append(_databases(protein, noun, total, columns))
    return listed


def _databases(protein: Protein, noun: str, total: int, columns: list[Column]) -> Databases:
    reading = _reading(noun, total, columns)
    drawn = min(total, MOST_ROWS)
    caption = (
        f"The {drawn} {noun}s of {protein.label} in most databases, of {total:,}"
        if total > drawn
        else f"{noun.capitalize()}s of {protein.label} by source database"
    )
    figure = ShownFigure(
        f"protein-{noun}-databases",
        protein.accession.lower(),
        caption,
        f"Matrix of {drawn} {noun}s of {protein.label} and {len(columns)} databases. {reading}",
        place_of(total, Size.WIDE),
        place_of(total, Size.NARROW),
    )
    return Databases(noun, figure, reading)


def _reading(noun: str, total: int, columns: list[Column]) -> str:
    """Which databases report most."""
    first, *others = columns[:_NAMED]
    rest = ", ".join(f"{column.label} {column.number:,}" for column in others)
    more = f", and {len(columns) - _NAMED} other databases fewer" if len(columns) > _NAMED else ""
    return f"{first.label} reports {first.number:,} of the {total:,} {noun}s, {rest}{more}."
