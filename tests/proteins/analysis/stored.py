"""A cut of a published table in the database, written in bulk as an import writes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from curation.shared.bulk import bulk_for
from curation.shared.protein_names import write_primary_names
from curation.shared.support import support_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.support import Role, SupportContent
from proteins.models import ChangeSet, GeneID, Interaction, Ortholog, Protein, Support, Taxon
from tests.factories import make_change, taxon
from tests.proteins.analysis.cuts import Cut, CutKind

_COLUMNS = (
    "tf_id", "target_id", "evidence_id", "support_id", "effect", "status", "reporting",
    "change_id",
)  # fmt: skip


def store(cut: Cut) -> Taxon:
    """Write proteins, names, gene IDs, orthologs, evidence and interactions of a cut."""
    keys, kinds = write_parts(cut)
    change = make_change()
    rows = [
        (keys[tf], keys[target], kinds[kind].evidence_id, kinds[kind].pk, 0, 0, 0, change.pk)
        for tf, target, kind in cut.pairs()
    ]
    bulk_for().insert(Interaction, _COLUMNS, rows)
    return taxon(cut.code)


def write_parts(cut: Cut) -> tuple[Sequence[int], list[Support]]:
    """Write all but the interactions; return proteins by place, and support by kind."""
    return _write_proteins(cut, make_change()), [_support(kind) for kind in cut.kinds]


def _write_proteins(cut: Cut, change: ChangeSet) -> Sequence[int]:
    """Return the primary key of each protein, by its place in the cut."""
    species = taxon(cut.code)
    regulators = Counter(target for _, target, _ in cut.pairs())
    proteins = Protein.objects.bulk_create(
        Protein(
            accession=one.accession,
            name=one.name,
            taxon=species,
            in_table=True,
            target_count=len(cut.targets.get(place, ())),
            tf_count=regulators[place],
            change=change,
        )
        for place, one in enumerate(cut.proteins)
    )
    keys = [protein.pk for protein in proteins]
    of_place = list(zip(keys, cut.proteins, strict=True))
    bulk = bulk_for()
    write_primary_names(bulk, {key: one.name for key, one in of_place}, new=True)
    genes = [(key, gene) for key, one in of_place for gene in one.gene_ids]
    bulk.insert(GeneID, ("protein_id", "ncbi_gene_id"), genes)
    taxa = dict(Taxon.objects.values_list("code", "pk"))
    orthologs = [
        (key, taxa[code], identifier, True)
        for key, one in of_place
        for code, identifier in one.orthologs
    ]
    bulk.insert(Ortholog, ("protein_id", "taxon_id", "identifier", "in_tflink"), orthologs)
    return keys


def _support(kind: CutKind) -> Support:
    """A table's row of this kind; its primary publications are PMIDs 1 and 2."""
    scale = SmallScale.YES if kind.is_small_scale else SmallScale.NO
    content = EvidenceContent.of(kind.sources, (), range(1, kind.primary + 1), scale)
    return support_for(SupportContent.of({Role.TABLE: content}))
