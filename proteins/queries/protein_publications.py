"""The publications that support a protein's interactions, the most-citing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from proteins.models import Citation
from proteins.queries.protein_summary import Cited, Tally

#: Publications that the page of a protein names.
TOP: Final = 10


class SupportingPaper(NamedTuple):
    citation: Citation
    #: How many of the protein's interactions it supports.
    number: int


def papers(cited: Sequence[Cited]) -> list[SupportingPaper]:
    """The publications themselves, in the order given."""
    citations = {
        citation.pmid: citation
        for citation in Citation.objects.with_pmids(one.pmid for one in cited)
    }
    return [SupportingPaper(citations[pmid], number) for pmid, number in cited if pmid in citations]


@dataclass(frozen=True)
class TopPublications:
    """The most-citing primary publications, and the databases' own papers."""

    primary: list[SupportingPaper]
    primary_total: int
    database_papers: list[SupportingPaper]

    @classmethod
    def of(cls, tally: Tally, own: set[int]) -> TopPublications:
        primary, databases = tally.top(own, TOP), tally.ranked(own, primary=False)
        # There are as many of the latter as there are databases.
        listed = papers([*primary, *databases])
        cut = len(primary)
        return cls(listed[:cut], len(tally.cited) - len(databases), listed[cut:])

    @property
    def total(self) -> int:
        return self.primary_total + len(self.database_papers)
