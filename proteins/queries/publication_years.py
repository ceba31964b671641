"""Publications by year, of all interactions and sites or of one protein's interactions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from proteins.models import Citation, Protein, SourceDatabase
from proteins.models.querysets import CitationQuerySet
from proteins.queries import visibility
from proteins.queries.protein_summary import Tally


@dataclass(frozen=True)
class YearNumbers:
    """Primary publications by year, and those without a year."""

    by_year: dict[int, int]
    undated: int

    @classmethod
    def of(cls, citations: CitationQuerySet) -> YearNumbers:
        rows = citations.order_by().values_list("year").annotate(Count("pk"))
        numbers: dict[int | None, int] = dict(rows)
        undated = numbers.pop(None, 0)
        return cls({year: number for year, number in numbers.items() if year}, undated)

    @classmethod
    def read(cls) -> YearNumbers:
        """Of all that support something public: each is looked up once."""
        return cls.of(visibility.citations().exclude(pk__in=_papers("publication")))

    @classmethod
    def of_protein(cls, protein: Protein) -> YearNumbers:
        own = set(_papers("publication__pmid"))
        cited: Collection[int] = Tally.read(protein).cited.keys() - own
        return cls.of(Citation.objects.with_pmids(cited))


def _papers(column: str) -> list[int]:
    """The databases' own papers."""
    rows = SourceDatabase.objects.filter(publication__isnull=False).order_by()
    return list(rows.values_list(column, flat=True))


def has_years() -> bool:
    """Whether the year of any primary publication that supports something is stored."""
    dated = visibility.citations().filter(year__isnull=False)
    return dated.exclude(pk__in=_papers("publication")).exists()
