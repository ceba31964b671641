"""The targets of each TF as a gene set (GMT): a line of name, description and members.

https://docs.gsea-msigdb.org/#GSEA/Data_Formats/#gmt-gene-matrix-transposed-file-format-gmt.
Sets are filled by accession, by NCBI gene ID, or by name; what has none in a way of naming
is left out of that file. Where a name is a list of genes (`TEF1;TEF2`), its first is the
member: all of them would count one protein several times. Names are not changed otherwise:
some programs cut one at a comma (`ADE5,7`), where Enrichr's files have a weight, so that
accessions and gene IDs are the safer choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from proteins.domain.names import names_of
from proteins.exports.cells import one_line
from proteins.exports.rows import Batch, Batches, InteractionFacts
from proteins.exports.values import ProteinFacts


class Naming(StrEnum):
    """By what the members of a gene set are named."""

    ACCESSION = "accession"
    GENE_ID = "gene_id"
    NAME = "name"


def names(protein: ProteinFacts, naming: Naming) -> tuple[str, ...]:
    """Return the names of a protein; several gene IDs are several members."""
    if naming is Naming.ACCESSION:
        return (protein.accession,)
    if naming is Naming.GENE_ID:
        return tuple(map(str, protein.gene_ids))
    return tuple(map(one_line, names_of(protein.name)[:1]))


class _Named(NamedTuple):
    """What a protein is called as a member, and how the line of its own set begins."""

    names: tuple[str, ...]
    beginning: str


def gmt(batches: Batches[InteractionFacts], naming: Naming) -> Iterator[str]:
    """A line for each TF; `batches` must hold the interactions of a TF one after another."""
    tf_id, beginning, members = 0, "", dict[str, None]()
    batch: Batch[InteractionFacts, _Named, None]
    for batch in batches.made(lambda protein: _Named(names(protein, naming), _beginning(protein))):
        for row in batch.rows:
            if row.tf != tf_id:
                if members:
                    yield "\t".join((beginning, *members)) + "\n"
                tf_id, beginning, members = row.tf, batch.proteins[row.tf].beginning, {}
            for name in batch.proteins[row.target].names:
                members[name] = None
    if members:
        yield "\t".join((beginning, *members)) + "\n"


def _beginning(tf: ProteinFacts) -> str:
    # Two TFs may share a name: the accession tells their sets from one another.
    label = "_".join((*names_of(tf.name)[:1], tf.accession))
    about = f"Targets of {tf.name or tf.accession} in {tf.taxon.scientific_name} (TFLink)"
    return f"{one_line(label)}\t{one_line(about)}"
