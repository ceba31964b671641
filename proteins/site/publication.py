"""The page of a publication: what cites it in a sentence, by support, TF and species."""

from __future__ import annotations

from dataclasses import dataclass

from proteins.analysis.coverage import read_coverage
from proteins.drawing.count_bars import DRAWN, Count, CountBars
from proteins.drawing.support_strip import SupportStrip
from proteins.models import Citation, SourceDatabase, Statement
from proteins.queries.coverage import Coverage
from proteins.queries.publication_page import Part, PublicationPage, Supported
from proteins.site.page_figures import Files, files_of


def support_strip(coverage: Coverage) -> SupportStrip:
    return SupportStrip.of([("Interactions", coverage.tiers)])


def tf_bars(coverage: Coverage) -> CountBars:
    return CountBars([Count(*tf) for tf in coverage.tfs])


@dataclass(frozen=True)
class ShownPublication:
    content: PublicationPage

    @classmethod
    def read(cls, citation: Citation, part: Part) -> ShownPublication:
        return cls(PublicationPage.read(citation, part, read_coverage(citation.pmid)))

    @property
    def is_public(self) -> bool:
        return self.content.is_public

    @property
    def supported(self) -> Supported:
        return self.content.supported

    @property
    def describes(self) -> list[SourceDatabase]:
        return self.content.describes

    @property
    def coverage(self) -> Coverage | None:
        """What cites it; None where nothing does, too."""
        coverage = self.content.coverage
        return coverage if coverage and coverage.interactions else None

    @property
    def statements(self) -> list[Statement]:
        return self.content.statements

    @property
    def has_more_statements(self) -> bool:
        return self.content.has_more_statements

    @property
    def only(self) -> int:
        """Interactions of which it is the only primary publication."""
        return self.coverage.only if self.coverage and not self.describes else 0

    @property
    def strip(self) -> SupportStrip | None:
        return support_strip(self.coverage) if self.coverage else None

    @property
    def bars(self) -> CountBars | None:
        """The TFs of most interactions; nothing to compare where it is one."""
        coverage = self.coverage
        return tf_bars(coverage) if coverage and len(coverage.tfs) > 1 else None

    @property
    def support_files(self) -> Files:
        return files_of("publication-support", self._pmid, "Interactions by tier of support")

    @property
    def tf_files(self) -> Files:
        tfs = self.coverage.tfs if self.coverage else ()
        caption = (
            f"The {DRAWN} TFs with most interactions, of {len(tfs):,}"
            if len(tfs) > DRAWN
            else "Interactions of each TF"
        )
        return files_of("publication-tfs", self._pmid, caption)

    @property
    def _pmid(self) -> str:
        return str(self.content.citation.pmid)

    @property
    def one_species(self) -> str:
        """The species where all interactions are of one, so that it is no column."""
        species = self.coverage.species if self.coverage else ()
        return species[0].name if len(species) == 1 else ""

    @property
    def sentence(self) -> str:
        """What cites it, and for how much of that there is nothing else."""
        coverage = self.coverage
        if coverage is None:
            return ""
        what = (
            f"{_number(coverage.interactions, 'interaction')} of {_tfs(coverage)} with "
            f"{_number(coverage.targets, 'target')} in {_species(coverage)}"
        )
        if self.describes:
            cite = "cites" if coverage.interactions == 1 else "cite"
            names = " and ".join(map(str, self.describes))
            return f"{what} {cite} this paper because {names} reports them."
        return f"It supports {what}. {self._alone(coverage)}"

    def _alone(self, coverage: Coverage) -> str:
        if coverage.only == coverage.interactions:
            them = "it" if coverage.only == 1 else "all of them"
            return f"It is the only primary publication for {them}."
        if not coverage.only:
            return "Each of them has another primary publication as well."
        return f"For {coverage.only:,} of them it is the only primary publication."


def _tfs(coverage: Coverage) -> str:
    return coverage.tfs[0].label if len(coverage.tfs) == 1 else f"{len(coverage.tfs):,} TFs"


def _species(coverage: Coverage) -> str:
    species = coverage.species
    return species[0].name if len(species) == 1 else f"{len(species)} species"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
