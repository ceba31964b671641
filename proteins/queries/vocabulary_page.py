"""What the pages of a source database, a detection method and a species show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from proteins.models import DetectionMethod, Evidence, Protein, SourceDatabase, Taxon
from proteins.queries.home import SUMS
from proteins.queries.publication_page import Part, Supported

#: Proteins of a species that are named.
BEST: Final = 10


def source_of(key: str) -> SourceDatabase | None:
    """The database of a key, in whatever spelling."""
    return SourceDatabase.objects.with_publication().by_fold(key).first()


def method_of(text: str) -> DetectionMethod | None:
    """The method of a PSI-MI ID or a name, in whatever spelling."""
    methods = DetectionMethod.objects.all()
    return methods.filter(psi_mi_id=text.upper()).first() or methods.by_fold(text).first()


@dataclass(frozen=True)
class SourcePage:
    source: SourceDatabase
    #: Databases that TFLink reached through this one.
    reaches: list[SourceDatabase]
    supported: Supported

    @classmethod
    def read(cls, source: SourceDatabase, part: Part) -> SourcePage:
        # A database that only a rejected record names is not public, unless it is described.
        described = ~Q(publication=None) | ~Q(url="")
        reached = SourceDatabase.objects.with_publication().filter(described, via=source)
        evidence = Evidence.objects.from_source(source.key)
        return cls(source, list(reached), Supported.read(evidence, part))

    @property
    def is_public(self) -> bool:
        """Whether it supports something that is not rejected, or is described."""
        described = self.source.publication is not None or bool(self.source.url)
        return described or self.supported.is_anything


@dataclass(frozen=True)
class MethodPage:
    method: DetectionMethod
    supported: Supported

    @classmethod
    def read(cls, method: DetectionMethod, part: Part) -> MethodPage:
        evidence = Evidence.objects.by_method(method.name)
        return cls(method, Supported.read(evidence, part))

    @property
    def is_public(self) -> bool:
        return bool(self.method.psi_mi_id) or self.supported.is_anything


@dataclass(frozen=True)
class SpeciesPage:
    taxon: Taxon
    totals: dict[str, int]
    #: The TFs with most targets, the targets with most TFs.
    tfs: list[Protein]
    targets: list[Protein]

    @classmethod
    def read(cls, taxon: Taxon) -> SpeciesPage:
        """Read all proteins of the species; the page is cached until the next write."""
        proteins = Protein.objects.filter(taxon=taxon)
        return cls(
            taxon,
            proteins.aggregate(**SUMS),
            list(proteins.filter(target_count__gt=0).order_by("-target_count", "accession")[:BEST]),
            list(proteins.filter(tf_count__gt=0).order_by("-tf_count", "accession")[:BEST]),
        )
