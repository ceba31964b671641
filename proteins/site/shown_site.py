"""A binding site as a row of a page."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.safestring import SafeString

from proteins.domain import links
from proteins.domain.binding_sites import convention_of, counting_of, gff3_interval
from proteins.models import BindingSite
from proteins.queries.evidence import EvidenceFacts

#: Bases of a sequence that a row shows, and the limit of those folded away in it.
SHORT_SEQUENCE: Final = 60
MOST_BASES: Final = 500


class ShownSite(NamedTuple):
    """A binding site as a row; `genome_browser` leads to its place, as its source counts."""

    site: BindingSite
    counting: str = ""
    genome_browser: str = ""
    support: SafeString = SafeString("")

    @classmethod
    def of(cls, site: BindingSite, support: EvidenceFacts) -> ShownSite:
        start, end = site.start, site.end
        if not site.chromosome or start is None or end is None:
            return cls(site)
        sources = [source.key for source in support.sources]
        way = convention_of(sources, start, end, len(site.sequence)).counting
        url = links.ucsc(site.assembly, site.chromosome, *gff3_interval(start, end, way))
        return cls(site, counting_of(sources).value, url if site.assembly else "")

    @property
    def sequence(self) -> str:
        return self.site.sequence[:MOST_BASES]

    @property
    def is_long(self) -> bool:
        """Whether it is folded away."""
        return len(self.site.sequence) > SHORT_SEQUENCE

    @property
    def is_cut(self) -> bool:
        return len(self.site.sequence) > MOST_BASES
