"""All publications that support a protein's interactions, the most-citing first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from proteins.models import Protein
from proteins.queries.evidence import Vocabulary
from proteins.queries.protein_publications import SupportingPaper, papers
from proteins.queries.protein_summary import Tally
from proteins.site.forms import ProteinPublicationsForm
from proteins.site.paging import PageLink, numbered

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class PublicationsPage:
    protein: Protein
    path: str
    form: ProteinPublicationsForm
    papers: list[SupportingPaper]
    #: The databases' own papers, on the first page alone.
    database_papers: list[SupportingPaper]
    #: Of primary publications: how many there are, the number of the first on this page, and
    #: how many of them are retracted.
    total: int
    first: int
    retracted: int
    links: list[PageLink]

    @classmethod
    def read(cls, protein: Protein, query: QueryDict) -> PublicationsPage:
        own = Vocabulary.read().database_papers
        tally = Tally.read(protein)
        ranked = tally.ranked(own, primary=True)
        databases = tally.ranked(own, primary=False)
        form = ProteinPublicationsForm(query)
        if form.state.get("retracted"):
            ranked = [cited for cited in ranked if cited.pmid in tally.retracted]
            databases = [cited for cited in databases if cited.pmid in tally.retracted]
        pages = max(1, -(-len(ranked) // PAGE_SIZE))
        number = form.number(pages)
        first = (number - 1) * PAGE_SIZE
        path = reverse("protein-publications", args=[protein.accession.lower()])
        shown = papers(ranked[first : first + PAGE_SIZE])
        return cls(
            protein,
            path,
            form,
            shown,
            papers(databases) if number == 1 else [],
            len(ranked),
            first + 1,
            len(tally.retracted),
            numbered(number, pages, lambda word, n: PageLink(word, _url(path, form.state, n))),
        )

    @property
    def last(self) -> int:
        return self.first + len(self.papers) - 1


def _url(path: str, state: dict[str, str], page: int) -> str:
    query = {**state, "page": str(page)}
    if page == 1:
        del query["page"]
    return f"{path}?{urlencode(query)}" if query else path
