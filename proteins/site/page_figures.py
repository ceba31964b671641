"""Figures on pages: a picture that is loaded late, with files to save.

A page reads nothing for a figure that is a file of its own: it knows the room beforehand, so that
nothing moves when the figure comes, and says in words what it knows of the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from proteins.drawing import histogram, ideogram, overlap, years
from proteins.drawing.evidence_matrix import EvidenceMatrix
from proteins.drawing.figure import Place, Size, Theme
from proteins.models import BindingSite, Citation, Interaction, Protein, Taxon
from proteins.queries.interaction_page import InteractionPage
from proteins.queries.publication_years import has_years

#: Publications with a year from which a page of a protein shows them by year.
_DATED: Final = 3


class Files(NamedTuple):
    """What a figure is saved as: links of its caption."""

    svg: str
    tsv: str
    caption: str


@dataclass(frozen=True)
class ShownFigure:
    """A figure as a picture: `name` is that of its URLs without their end."""

    name: str
    key: str
    caption: str
    #: What is known of the result, for whoever does not see the picture.
    words: str
    wide: Place
    narrow: Place
    assembly: str = ""

    @property
    def svg(self) -> str:
        return self._url("svg")

    @property
    def narrow_svg(self) -> str:
        return self._url("svg", size=Size.NARROW)

    @property
    def files(self) -> Files:
        return Files(self._url("svg", theme=Theme.LIGHT), self._url("tsv"), self.caption)

    def _url(self, suffix: str, **query: str) -> str:
        url = reverse(f"{self.name}-{suffix}", args=[self.key] if self.key else [])
        query |= {"assembly": self.assembly} if self.assembly else {}
        return f"{url}?{urlencode(query)}" if query else url


def support_files(protein: Protein) -> Files:
    key = protein.accession.lower()
    caption = f"Interactions of {protein.label} by tier of support"
    return files_of("protein-support", key, caption)


def files_of(name: str, key: str, caption: str) -> Files:
    """The files of a figure that its page draws itself."""
    return ShownFigure(name, key, caption, "", *_PLACED).files


#: Of a figure that its page draws itself.
_PLACED: Final = (Place(0, 0), Place(0, 0))


def degree_figures(protein: Protein) -> list[ShownFigure]:
    """How many partners it has beside the others of its species, in each of its roles."""
    sides = (
        ("out-degree", "targets", protein.target_count),
        ("in-degree", "tfs", protein.tf_count),
    )
    return [
        _degree(
            f"protein-{name}", protein.accession.lower(), side, str(protein.taxon),
            f"{protein.label} has {number:,} {_plural(side, number)}. ",
        )
        for name, side, number in sides
        if number
    ]  # fmt: skip


def _plural(side: str, number: int) -> str:
    partners = histogram.KINDS[side].partners
    return partners.removesuffix("s") if number == 1 else partners


def _degree(name: str, key: str, side: str, species: str, own: str) -> ShownFigure:
    kind, places = histogram.KINDS[side], histogram.PLACES
    caption = f"{kind.partners.capitalize()} per {kind.counted} in {species}"
    words = f"{own}Histogram of {kind.partners} per {kind.counted} in {species}."
    return ShownFigure(name, key, caption, words, places[Size.WIDE], places[Size.NARROW])


def years_figure(protein: Protein, first: Iterable[Citation]) -> ShownFigure | None:
    """The publications of a protein by year, where years of the `first` of them are stored."""
    if sum(paper.year is not None for paper in first) < _DATED:
        return None
    caption = f"Primary publications on interactions of {protein.label} by year"
    return _years("protein-publications-by-year", protein.accession.lower(), caption)


def _years(name: str, key: str, caption: str) -> ShownFigure:
    places = years.PLACES
    return ShownFigure(
        name, key, caption, f"{caption}, as bars.", places[Size.WIDE], places[Size.NARROW]
    )


def chromosomes_figure(protein: Protein, sites: Sequence[BindingSite]) -> ShownFigure | None:
    """The sites of a TF along the chromosomes of the assembly of most of those `sites`."""
    assemblies = Counter(site.assembly for site in sites if site.start is not None)
    if not assemblies:
        return None
    assembly = max(assemblies, key=lambda name: (assemblies[name], name))
    on = f" of {assembly}" if assembly else ""
    caption = f"Binding sites of {protein.label} along the chromosomes{on}"
    wide, narrow = (ideogram.place_of(assembly, size) for size in Size)
    key, words = protein.accession.lower(), f"{caption}, as ticks."
    return ShownFigure("protein-chromosomes", key, caption, words, wide, narrow, assembly)


def species_figures(taxon: Taxon, *, tfs: bool, targets: bool) -> list[ShownFigure]:
    """How many partners the proteins of a species have, where any has."""
    sides = (("out-degree", "targets", tfs), ("in-degree", "tfs", targets))
    return [
        _degree(f"species-{name}", taxon.code, side, str(taxon), "")
        for name, side, is_there in sides
        if is_there
    ]


def species_overlap(taxon: Taxon) -> ShownFigure:
    """Which combinations of databases report the interactions of a species."""
    caption = f"Combinations of source databases in {taxon}"
    return _overlap("species-overlap", taxon.code, caption)


def _overlap(name: str, key: str, caption: str) -> ShownFigure:
    wide, narrow = (overlap.PLACES[size] for size in Size)
    words = f"{caption}: the most frequent, with numbers of interactions and tiers."
    return ShownFigure(name, key, caption, words, wide, narrow)


def species_support_files() -> Files:
    """The files of the bars of species, which home draws itself."""
    return files_of("all-species-support", "", "Interactions by species and support")


def sources_figures() -> list[ShownFigure]:
    """The overlap of the databases, and publications by year: two looks whether there are any."""
    figures = []
    if Interaction.objects.public().exists():
        caption = "Combinations of source databases that report the same interactions"
        figures.append(_overlap("sources-overlap", "", caption))
    if has_years():
        caption = "Primary publications in TFLink by year"
        figures.append(_years("sources-publications-by-year", "", caption))
    return figures


class ShownMatrix(NamedTuple):
    """The evidence of an interaction by source database, drawn within the page."""

    matrix: EvidenceMatrix
    files: Files


def evidence_figure(page: InteractionPage) -> ShownMatrix | None:
    """Of several databases: one alone reports all that there is."""
    record = page.interaction
    name = f"{record.tf.label} → {record.target.label}"
    matrix = EvidenceMatrix.of(name, page.documents, page.statements)
    if len(matrix.reports) < 2:
        return None
    caption = "Evidence by source database"
    files = ShownFigure("interaction-evidence", record.key, caption, "", *_PLACED).files
    return ShownMatrix(matrix, files)
