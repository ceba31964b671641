"""Records for tests, made as the product makes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from curation.records.facets import refacet
from curation.records.statement import StatementRecords
from curation.shared.bulk import bulk_for
from curation.shared.changes import change_set
from curation.shared.evidence import evidence_for
from curation.shared.protein_names import write_primary_names
from curation.shared.support import drop_unused_support, support_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.facets import BINDING_SITES, within
from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE
from proteins.domain.support import Role, SupportContent
from proteins.models import (
    BindingSite,
    ChangeKind,
    ChangeSet,
    Dataset,
    Effect,
    GeneID,
    Interaction,
    Protein,
    ReviewStatus,
    Statement,
    Taxon,
)


def taxon(code: str = "Hs") -> Taxon:
    return Taxon.objects.get(code=code)


def make_change(at: datetime | None = None) -> ChangeSet:
    """A change set as every writer takes one."""
    return ChangeSet.objects.create(kind=ChangeKind.DESK, at=at or timezone.now())


def change_at(moment: datetime | str, *querysets: QuerySet[Any]) -> None:
    """Let all of these have been changed at one moment."""
    change = ChangeSet.objects.create(kind=ChangeKind.EARLIER, at=moment)
    for queryset in querysets:
        queryset.update(change=change)


def make_protein(
    accession: str, name: str = "", *, code: str = "Hs", genes: Iterable[int] = (), **fields: object
) -> Protein:
    protein = Protein.objects.create(
        accession=accession, name=name, taxon=taxon(code), change=make_change(), **fields
    )
    write_primary_names(bulk_for(), {protein.pk: name})
    GeneID.objects.bulk_create(GeneID(protein=protein, ncbi_gene_id=gene) for gene in genes)
    protein.refresh_from_db()
    return protein


def rename(accession: str, name: str) -> None:
    """Give a protein another name behind the back of its history."""
    protein = Protein.objects.get(accession=accession)
    Protein.objects.filter(pk=protein.pk).update(name=name)
    write_primary_names(bulk_for(), {protein.pk: name})


def supported(content: EvidenceContent, role: Role = Role.TABLE) -> dict[str, Any]:
    """What an interaction has that one document supports: support and evidence."""
    support = support_for(SupportContent.of({role: content}))
    return {"support": support, "evidence": support.evidence}


def make_interaction(
    tf: Protein,
    target: Protein,
    *,
    sources: Iterable[str] = ("GTRD",),
    methods: Iterable[str] = ("chromatin immunoprecipitation assay",),
    pmids: Iterable[int] = (27924024,),
    small_scale: SmallScale = SmallScale.NO,
    status: ReviewStatus = ReviewStatus.UNREVIEWED,
    effect: Effect = Effect.UNKNOWN,
) -> Interaction:
    content = EvidenceContent.of(sources, methods, pmids, small_scale)
    interaction = Interaction.objects.create(
        tf=tf,
        target=target,
        **supported(content),
        status=status,
        effect=effect,
        change=make_change(),
    )
    if status != ReviewStatus.REJECTED:
        Protein.objects.filter(pk=tf.pk).update(target_count=F("target_count") + 1)
        Protein.objects.filter(pk=target.pk).update(tf_count=F("tf_count") + 1)
        refacet([tf.pk, target.pk])
    return interaction


def make_statement(
    interaction: Interaction, dataset: Dataset | None = None, **values: Any
) -> Statement:
    """What a dataset says of an interaction, that of what is curated here where none is given;
    what follows for the interaction is left to `restate`."""
    records = StatementRecords()
    dataset = dataset or Dataset.objects.get(fold=fold(CURATED_HERE))
    statement = Statement(interaction=interaction, dataset=dataset)
    for name in ("source_id", "curator", "orcid", "change"):
        if name in values:
            setattr(statement, name, values.pop(name))
    with change_set(ChangeKind.DESK):
        records.fill(statement, values)
        statement.save()
    return statement


def pin_evidence(interaction: Interaction, source: EvidenceContent) -> None:
    """Let a curator's word, what supports it now, be in place of what a document says."""
    curated = interaction.evidence.content()
    stated = SupportContent.of({Role.TABLE: source, Role.PINNED: curated})
    Interaction.objects.filter(pk=interaction.pk).update(support=support_for(stated))
    drop_unused_support([interaction.support_id])


def make_site(
    tf: Protein,
    number: int,
    *,
    sources: Iterable[str] = ("ORegAnno",),
    small_scale: SmallScale = SmallScale.NO,
    **fields: object,
) -> BindingSite:
    scale = "SS" if small_scale == SmallScale.YES else "LS"
    site = BindingSite.objects.create(
        tf=tf,
        tflink_id=f"TFLink{scale}{number:08d}",
        evidence=evidence_for(EvidenceContent.of(sources, small_scale=small_scale)),
        **fields,
    )
    site.refresh_from_db()
    if BINDING_SITES not in within(tf.facets):
        refacet([tf.pk])
        tf.refresh_from_db(fields=["facets", "facet_bits"])
    return site


def accession(number: int) -> str:
    """The accession of a made-up protein: `P00000` to `P99999`, all valid by UniProt's rule."""
    return f"P{number:05d}"


def analyse() -> None:
    """Let PostgreSQL look at what was made, as it does by itself once rows are committed.

    Until then it takes tables for as good as empty, and for some queries of a few thousand
    rows it chooses plans that take minutes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
