"""Binding sites as GFF3, BED, FASTA and tab-separated text.

The documents do not say from where they count. The sequences that they give are `end -
start` bases long, so that their starts seem to be counted from 0. So a start is written
unchanged into BED, which counts from 0, and one higher into GFF3, which counts from 1; GFF3,
which has comments, says so in the file. Sites without a place on a genome have no line in
either, and sites without a sequence no FASTA record; the table has them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeVar
from urllib.parse import quote

from proteins.domain.evidence import SmallScale
from proteins.exports.cells import (
    BYTE_ORDER_MARK,
    NONE,
    csv_text,
    harmless,
    joined,
    one_line,
    tsv_text,
)
from proteins.exports.rows import Batch, Batches, SiteFacts
from proteins.exports.tflink_table import SMALL_SCALE
from proteins.exports.values import ProteinFacts
from proteins.queries.evidence import EvidenceFacts

#: Sequence Ontology's term for what a TF binds (SO:0000235).
FEATURE: Final = "TF_binding_site"
#: What GFF3 wants escaped within an attribute; it forbids to escape anything else.
_GFF3_RESERVED: Final = re.compile(r"[\x00-\x1f\x7f%;=&,]")
#: Comments at the beginning of GFF3.
_COUNTING: Final = (
    "# Binding sites of transcription factors from TFLink, placed ones only.",
    "# The source does not say from where it counts. Its sequences are (end - start) bases long,",
    "# so its starts are taken as counted from 0, and are one higher here, where GFF3 counts",
    "# from 1. The attribute assembly says of which genome a line is.",
)
_FASTA_LINE: Final = 60
Made = TypeVar("Made")
COLUMNS: Final = (
    "TFLinkID", "UniprotID.TF", "Name.TF", "Organism", "Assembly", "Chromosome", "Start",
    "End", "Strand", "Detection.method", "PubmedID", "Source.database",
    "Small-scale.evidence", "Overlapping.sites", "Sequence",
)  # fmt: skip


def _rows(
    batches: Batches[SiteFacts], make: Callable[[EvidenceFacts], Made]
) -> Iterator[tuple[SiteFacts, ProteinFacts, Made]]:
    for batch in batches.made(lambda tf: tf, make):
        for site in batch.rows:
            yield site, batch.proteins[site.tf], batch.evidence[site.evidence]


def _sites(batches: Batches[SiteFacts]) -> Iterator[tuple[SiteFacts, ProteinFacts]]:
    """Sites alone, whose evidence is not read."""
    batch: Batch[SiteFacts, ProteinFacts, None]
    for batch in batches.made(lambda tf: tf):
        for site in batch.rows:
            yield site, batch.proteins[site.tf]


def _is_placed(site: SiteFacts) -> bool:
    return bool(site.chromosome) and site.start is not None and site.end is not None


def gff3(batches: Batches[SiteFacts]) -> Iterator[str]:
    """GFF3 1.26; the assembly is an attribute, because a file may hold several."""
    yield "\n".join(("##gff-version 3", *_COUNTING, ""))
    for site, tf, support in _rows(batches, _support_attributes):
        # A site of no length lies between two bases, for which GFF3 writes start = end.
        if _is_placed(site):
            start, end = site.start or 0, site.end or 0
            cells = (
                _seqid(site.chromosome), "TFLink", FEATURE, str(min(start + 1, end) or 1),
                str(max(end, 1)), ".", site.strand or ".", ".", _attributes(site, tf, support),
            )  # fmt: skip
            yield "\t".join(cells) + "\n"


def _seqid(chromosome: str) -> str:
    return quote(chromosome, safe=".:^*$@!+_?|-")


def _escaped(text: str) -> str:
    return _GFF3_RESERVED.sub(lambda match: f"%{ord(match[0]):02X}", text)


class _Support(NamedTuple):
    """What evidence says in an attribute that it shares, and in those of its own."""

    publications: list[str]
    attributes: str


def _support_attributes(evidence: EvidenceFacts) -> _Support:
    return _Support(
        [f"PMID:{citation.pmid}" for citation in evidence.citations],
        _written(
            ("methods", [method.name for method in evidence.methods]),
            ("sources", [source.key for source in evidence.sources]),
            ("small_scale", [evidence.small_scale.label]),
        ),
    )


def _attributes(site: SiteFacts, tf: ProteinFacts, support: _Support) -> str:
    own = _written(
        ("ID", [site.tflink_id]),
        ("Name", [tf.name or tf.accession]),
        ("Dbxref", [f"UniProtKB:{tf.accession}", *support.publications]),
        ("tf", [tf.accession]),
        ("assembly", [site.assembly] if site.assembly else []),
    )
    return f"{own};{support.attributes}"


def _written(*attributes: tuple[str, list[str]]) -> str:
    return ";".join(
        f"{name}=" + ",".join(map(_escaped, values)) for name, values in attributes if values
    )


def bed(batches: Batches[SiteFacts]) -> Iterator[str]:
    """BED6; the score is 1000 for small-scale evidence and 0 for the rest."""
    for site, _, score in _rows(batches, _score):
        if _is_placed(site):
            chromosome = "_".join(site.chromosome.split())
            cells = (chromosome, site.start, site.end, site.tflink_id, score)
            yield "\t".join(map(str, cells)) + f"\t{site.strand or '.'}\n"


def _score(evidence: EvidenceFacts) -> int:
    return 1000 if evidence.small_scale == SmallScale.YES else 0


def fasta(batches: Batches[SiteFacts]) -> Iterator[str]:
    """FASTA with the headers of TFLink's own files."""
    for site, tf in _sites(batches):
        if site.sequence:
            place = f"{site.chromosome}:{site.start}-{site.end}" if _is_placed(site) else NONE
            parts = (site.tflink_id, tf.accession, tf.name or NONE, site.assembly or NONE, place)
            lines = range(0, len(site.sequence), _FASTA_LINE)
            yield f">{one_line(';'.join(parts))}\n"
            yield "".join(site.sequence[at : at + _FASTA_LINE] + "\n" for at in lines)


def tsv(batches: Batches[SiteFacts]) -> Iterator[str]:
    """A header, then a line for each site; positions as the documents give them."""
    yield tsv_text([COLUMNS])
    for cells in _table(batches):
        yield tsv_text([cells])


def csv_table(batches: Batches[SiteFacts]) -> Iterator[str]:
    """The same columns, for spreadsheets."""
    yield BYTE_ORDER_MARK + csv_text([COLUMNS])
    for cells in _table(batches):
        yield csv_text([[harmless(cell) for cell in cells]])


def _table(batches: Batches[SiteFacts]) -> Iterator[tuple[str, ...]]:
    for site, tf, support in _rows(batches, _support_cells):
        yield (
            site.tflink_id, tf.accession, one_line(tf.name) or NONE,
            one_line(tf.taxon.scientific_name),
            one_line(site.assembly) or NONE, one_line(site.chromosome) or NONE,
            *(NONE if number is None else str(number) for number in (site.start, site.end)),
            site.strand or NONE,
            *support,
            NONE if site.overlaps is None else str(site.overlaps),
            site.sequence or NONE,
        )  # fmt: skip


def _support_cells(evidence: EvidenceFacts) -> tuple[str, str, str, str]:
    return (
        joined(method.name for method in evidence.methods),
        joined(citation.pmid for citation in evidence.citations),
        joined(source.key for source in evidence.sources),
        SMALL_SCALE[evidence.small_scale],
    )
