"""The targets of each TF as a gene set (GMT): a line of name, description and members.

https://docs.gsea-msigdb.org/#GSEA/Data_Formats/#gmt-gene-matrix-transposed-file-format-gmt.
Sets are filled by accession, by NCBI gene ID, or by name; what has none in a way of naming
is left out of that file. Names stand as they are: some programs cut one at a comma (`ADE5,7`),
where Enrichr's files have a weight, so that accessions and gene IDs are the safer choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from proteins.exports.facts import Batch, InteractionFacts, Kept, ProteinFacts
from proteins.exports.simple_format import one_line


class Naming(StrEnum):
    """By what the members of a gene set are named."""

    ACCESSION = "accession"
    GENE_ID = "gene_id"
    NAME = "name"


def names(protein: ProteinFacts, naming: Naming) -> tuple[str, ...]:
    """What a protein is called; several gene IDs are several members."""
    if naming is Naming.ACCESSION:
        return (protein.accession,)
    if naming is Naming.GENE_ID:
        return tuple(map(str, protein.gene_ids))
    return (one_line(protein.name),) if protein.name else ()


def gmt(batches: Iterable[Batch[InteractionFacts]], naming: Naming) -> Iterator[str]:
    """A line for each TF; `batches` must hold the interactions of a TF one after another."""
    current: Batch[InteractionFacts]
    members = Kept(lambda key: names(current.proteins[key], naming))
    tf_id, tf, found = 0, None, dict[str, None]()
    for current in batches:
        for row in current.rows:
            if row.tf != tf_id:
                if tf is not None and found:
                    yield _line(tf, found)
                tf_id, tf, found = row.tf, current.proteins[row.tf], {}
            found.update(dict.fromkeys(members[row.target]))
    if tf is not None and found:
        yield _line(tf, found)


def _line(tf: ProteinFacts, members: Iterable[str]) -> str:
    # Two TFs may share a name: the accession tells their sets from one another.
    label = f"{tf.name}_{tf.accession}" if tf.name else tf.accession
    about = f"Targets of {tf.name or tf.accession} in {tf.taxon.scientific_name} (TFLink)"
    return "\t".join((one_line(label), one_line(about), *members)) + "\n"
