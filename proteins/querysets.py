"""Every read has a name here; views, serializers and admin call these and spell no filters.

The manager types are written out as strings where a model is named, because the models
import this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from proteins import identifiers
from proteins.evidence_content import SmallScale

if TYPE_CHECKING:
    from proteins.models import (
        BindingSite,
        Citation,
        DetectionMethod,
        Evidence,
        Interaction,
        Ortholog,
        Protein,
        SourceDatabase,
    )

#: `ReviewStatus.REJECTED`, which lives in a module that imports this one.
REJECTED = 3


def _model(name: str) -> type[models.Model]:
    return apps.get_model("proteins", name)


class ProteinQuerySet(models.QuerySet["Protein"]):
    def matching(self, text: str) -> Self:
        """Those that a reader who types `text` means, each way answered from an index.

        Digits alone are an NCBI gene ID; anything else begins an accession or a name, in
        capitals or not.
        """
        text = text.strip()
        if text.isascii() and text.isdigit():
            gene_id = int(text) if len(text) <= 10 else 0
            if gene_id > identifiers.MAX_INTEGER:
                return self.none()
            return self.filter(gene_ids__ncbi_gene_id=gene_id)
        if not text or "\x00" in text:
            return self.none()
        return self.filter(
            Q(accession__prefix=text.upper()) | Q(name_key__prefix=text.lower())
        )

    def exactly(self, text: str) -> Self:
        """Those whose accession or whole name (or gene ID) is `text`."""
        text = text.strip()
        if text.isdigit() or "\x00" in text:
            return self.matching(text)
        return self.filter(Q(accession=text.upper()) | Q(name_key=text.lower()))

    def with_gene(self, gene_id: int) -> Self:
        return self.filter(gene_ids__ncbi_gene_id=gene_id)

    def with_matrix(self, matrix_id: str) -> Self:
        return self.filter(jaspar_matrices__matrix_id=matrix_id)

    def with_details(self) -> Self:
        """With its taxon, gene IDs and JASPAR matrices, in a fixed number of queries."""
        return self.select_related("taxon").prefetch_related("gene_ids", "jaspar_matrices")

    def with_row_details(self) -> Self:
        """What a list shows of each: its taxon and gene IDs."""
        return self.select_related("taxon").prefetch_related("gene_ids")


class OrthologQuerySet(models.QuerySet["Ortholog"]):
    def with_protein(self) -> Self:
        """Each with `is_ours`: whether its identifier is the accession of a protein here."""
        ours = _model("Protein")._default_manager.filter(accession=OuterRef("identifier"))
        return self.select_related("taxon").annotate(is_ours=Exists(ours))


class CitationQuerySet(models.QuerySet["Citation"]):
    def with_kind(self) -> Self:
        """Each with `is_database_paper`: the paper of a source database, which says which
        database supports a row and not which experiment."""
        described = _model("SourceDatabase")._default_manager.filter(publication=OuterRef("pk"))
        return self.annotate(is_database_paper=Exists(described))

    def primary_first(self) -> Self:
        return self.with_kind().order_by("is_database_paper", "pmid")

    def cited(self) -> Self:
        """Those that support something here (vocabularies bring some that do not)."""
        links = _model("EvidenceCitation")._default_manager.filter(citation=OuterRef("pk"))
        return self.filter(Exists(links))


class SourceDatabaseQuerySet(models.QuerySet["SourceDatabase"]):
    def with_publication(self) -> Self:
        return self.select_related("via", "publication")

    def supporting(self) -> Self:
        """Those that support something here."""
        links = _model("EvidenceSource")._default_manager.filter(source=OuterRef("pk"))
        return self.filter(Exists(links))


class DetectionMethodQuerySet(models.QuerySet["DetectionMethod"]):
    def used(self) -> Self:
        """Those that support something here."""
        links = _model("EvidenceMethod")._default_manager.filter(method=OuterRef("pk"))
        return self.filter(Exists(links))


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def from_source(self, *keys: str) -> Self:
        links = _model("EvidenceSource")._default_manager.filter(source__key__in=keys)
        return self.filter(pk__in=links.values("evidence"))

    def by_method(self, *names: str) -> Self:
        links = _model("EvidenceMethod")._default_manager.filter(method__name__in=names)
        return self.filter(pk__in=links.values("evidence"))

    def citing(self, *pmids: int) -> Self:
        links = _model("EvidenceCitation")._default_manager.filter(citation__pmid__in=pmids)
        return self.filter(pk__in=links.values("evidence"))

    def at_scale(self, *scales: SmallScale) -> Self:
        return self.filter(small_scale__in=scales)

    def with_content(self) -> Self:
        """With its databases, methods and publications (primary ones first)."""
        source, citation = _model("SourceDatabase"), _model("Citation")
        return self.prefetch_related(
            Prefetch("sources", source._default_manager.with_publication()),  # type: ignore[attr-defined]
            "methods",
            Prefetch("citations", citation._default_manager.primary_first()),  # type: ignore[attr-defined]
        )


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def public(self) -> Self:
        """Those that the public sees: all but the rejected."""
        return self.exclude(status=REJECTED)

    def of_tf(self, protein: Protein) -> Self:
        """What `protein` regulates."""
        return self.filter(tf=protein)

    def of_target(self, protein: Protein) -> Self:
        """What regulates `protein`."""
        return self.filter(target=protein)

    def between(self, tf: str, target: str) -> Self:
        """The interaction of two accessions, as it stands in the public identifier."""
        return self.filter(tf__accession=tf.upper(), target__accession=target.upper())

    def supported_by(self, evidence: EvidenceQuerySet) -> Self:
        """Those whose evidence is among `evidence`: a filter on a few thousand rows."""
        return self.filter(evidence__in=evidence.values("pk"))

    def with_partners(self) -> Self:
        return self.select_related("tf__taxon", "target__taxon", "evidence").prefetch_related(
            "tf__gene_ids", "target__gene_ids"
        )

    def with_support(self) -> Self:
        """With both proteins and all that supports each, in a fixed number of queries."""
        source, citation = _model("SourceDatabase"), _model("Citation")
        return self.with_partners().prefetch_related(
            Prefetch(
                "evidence__sources",
                source._default_manager.with_publication(),  # type: ignore[attr-defined]
            ),
            "evidence__methods",
            Prefetch(
                "evidence__citations",
                citation._default_manager.primary_first(),  # type: ignore[attr-defined]
            ),
        )

    def best_supported_first(self) -> Self:
        """Small-scale evidence first, then by number of publications, then by pair."""
        return self.order_by(
            F("evidence__small_scale").desc(),
            F("evidence__citation_count").desc(),
            "tf__accession",
            "target__accession",
        )


class BindingSiteQuerySet(models.QuerySet["BindingSite"]):
    def of_tf(self, protein: Protein) -> Self:
        return self.filter(tf=protein)

    def with_support(self) -> Self:
        """With all that supports each, in a fixed number of queries."""
        citation = _model("Citation")
        return self.select_related("tf", "evidence").prefetch_related(
            "evidence__sources",
            "evidence__methods",
            Prefetch(
                "evidence__citations",
                citation._default_manager.primary_first(),  # type: ignore[attr-defined]
            ),
        )
