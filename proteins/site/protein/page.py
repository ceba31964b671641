"""What a protein's page shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.safestring import SafeString

from proteins import hooks
from proteins.domain import identifiers, links
from proteins.models import Ortholog, Protein
from proteins.queries.evidence import Vocabulary
from proteins.queries.prepared import Parameter, Prepared
from proteins.queries.protein_names import NamesOfProtein
from proteins.queries.protein_publications import TopPublications
from proteins.queries.protein_summary import Tally
from proteins.queries.side_facets import SideFacets
from proteins.site import page_figures
from proteins.site.protein import cells
from proteins.site.protein.databases import Databases, databases_of
from proteins.site.protein.notes import Note, notes
from proteins.site.protein.summary import Summary
from proteins.site.protein.table_choice import Side
from proteins.site.protein.tables import Tables

#: Orthologs that are named on the page; the file of them holds all.
ORTHOLOGS_SHOWN: Final = 120


@dataclass(frozen=True)
class OrthologRow:
    #: The scientific name of its species.
    species: str
    identifier: str
    #: Whether the protein is here, so that its page can be linked to.
    is_ours: bool
    #: Whether it is at least an accession, so that UniProt can be linked to.
    is_accession: bool


def _orthologs() -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = Ortholog.objects.filter(protein=Parameter(0)).with_protein()
    return rows.values_list("taxon__scientific_name", "identifier", "is_ours")


_ORTHOLOGS: Final = Prepared(_orthologs)


@dataclass(frozen=True)
class ProteinPage:
    protein: Protein
    gene_ids: SafeString
    orthologs: list[OrthologRow]
    ortholog_total: int
    tables: Tables
    tally: Tally
    publications: TopPublications
    notes: list[Note]
    names: NamesOfProtein
    summary: Summary
    databases: list[Databases]
    #: The PubMed IDs of the databases' own papers.
    database_papers: set[int]
    history: hooks.History

    @classmethod
    def read(cls, protein: Protein, query: QueryDict, path: str) -> ProteinPage:
        vocabulary = Vocabulary.read()
        tally = Tally.read(protein)
        names = NamesOfProtein.read(protein)
        orthologs = _ORTHOLOGS.rows(protein.pk)
        facets: dict[Side, SideFacets] = {
            "targets": tally.facets(tally.targets),
            "tfs": tally.facets(tally.tfs),
        }
        tables = Tables.read(protein, query, path, vocabulary, facets)
        return cls(
            protein,
            cells.gene_ids(names.gene_ids),
            [
                OrthologRow(species, identifier, is_ours, identifiers.is_accession(identifier))
                for species, identifier, is_ours in orthologs[:ORTHOLOGS_SHOWN]
            ],
            len(orthologs),
            tables,
            tally,
            TopPublications.of(tally, vocabulary.database_papers),
            notes(protein, tally, hooks.open_reports("protein", protein.pk), names),
            names,
            Summary.of(protein, tally, tables),
            databases_of(protein, facets, vocabulary.sources),
            vocabulary.database_papers,
            hooks.history("protein", protein.pk),
        )

    @property
    def role(self) -> str:
        """Its role as a word of the style sheet; empty where none is known."""
        tf, target = self.protein.is_tf, self.protein.is_target
        return "both" if tf and target else "tf" if tf else "target" if target else ""

    @property
    def role_in_words(self) -> str:
        return {"both": "TF and target", "tf": "TF", "target": "Target", "": ""}[self.role]

    @property
    def pubmed_url(self) -> str:
        """All primary publications at PubMed; empty where they are none, or too many for a URL."""
        papers = self.tally.ranked(self.database_papers, primary=True)
        if not 0 < len(papers) <= links.MAX_PUBMED:
            return ""
        return links.pubmed_list(paper.pmid for paper in papers)

    @property
    def label(self) -> str:
        return self.protein.label

    @property
    def support_files(self) -> page_figures.Files:
        return page_figures.support_files(self.protein)

    @property
    def degree_figures(self) -> list[page_figures.ShownFigure]:
        return page_figures.degree_figures(self.protein)

    @property
    def years_figure(self) -> page_figures.ShownFigure | None:
        return page_figures.years_figure(
            self.protein, [one.citation for one in self.publications.primary]
        )

    @property
    def chromosomes_figure(self) -> page_figures.ShownFigure | None:
        table = self.tables.sites
        sites = [row.site for row in table.rows] if table else []
        return page_figures.chromosomes_figure(self.protein, sites)

    @property
    def reviewed_at(self) -> datetime | None:
        """When a curator last worked on the record, among the public changes."""
        events = self.history.events
        return next((event.at for event in events if event.is_by_curator), None)
