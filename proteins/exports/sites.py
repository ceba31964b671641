"""Binding sites as GFF3, BED, FASTA and tab-separated text.

Coordinates are the sources', and sources count in different ways (`domain.binding_sites`).
GFF3, which counts from 1, and BED, which counts from 0, are written by how each site's source
counts, and say in comments where that is assumed. FASTA and tables have the coordinates as the
sources give them, with how they count. Sites without a place on a genome have no line in GFF3
and BED, and sites without a sequence no FASTA record; the table has them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeVar
from urllib.parse import quote

from proteins.domain.binding_sites import (
    Convention,
    Counting,
    bed_interval,
    convention,
    counting_of,
    explained,
    gff3_interval,
)
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
from proteins.exports.interaction_table import SMALL_SCALE
from proteins.exports.rows import Batches, SiteFacts
from proteins.exports.values import ProteinFacts
from proteins.queries.evidence import EvidenceFacts

#: Sequence Ontology's term for what a TF binds (SO:0000235).
FEATURE: Final = "TF_binding_site"
#: What GFF3 wants escaped within an attribute; it forbids to escape anything else.
_GFF3_RESERVED: Final = re.compile(r"[\x00-\x1f\x7f%;=&,]")
#: Comments at the beginning of GFF3.
_GFF3_COMMENTS: Final = (
    "# Binding sites of transcription factors from TFLink, placed ones only; positions count from",
    "# 1, both ends included. The attribute counting states how the source counts, assembly of",
    "# which genome a line is.",
    *(f"# {sentence}" for sentence in explained()),
)
#: Comments at the beginning of BED, which readers skip.
BED_COMMENTS: Final = (
    "# Positions count from 0, the end not included.",
    *(f"# {sentence}" for sentence in explained()),
)
_FASTA_LINE: Final = 60
Made = TypeVar("Made")
COLUMNS: Final = (
    "TFLinkID", "UniprotID.TF", "Name.TF", "Organism", "Assembly", "Chromosome", "Start",
    "End", "Strand", "Detection.method", "PubmedID", "Source.database",
    "Small-scale.evidence", "Overlapping.sites", "Sequence", "Counting",
)  # fmt: skip


def _rows(
    batches: Batches[SiteFacts], make: Callable[[EvidenceFacts], Made]
) -> Iterator[tuple[SiteFacts, ProteinFacts, Made]]:
    for batch in batches.made(lambda tf: tf, make):
        for site in batch.rows:
            yield site, batch.proteins[site.tf], batch.evidence[site.evidence]


def _is_placed(site: SiteFacts) -> bool:
    return bool(site.chromosome) and site.start is not None and site.end is not None


def gff3(batches: Batches[SiteFacts]) -> Iterator[str]:
    """GFF3 1.26; the assembly is an attribute, because a file may hold several."""
    yield "\n".join(("##gff-version 3", *_GFF3_COMMENTS, ""))
    for site, tf, support in _rows(batches, _support_attributes):
        if _is_placed(site):
            way = _convention(site, support.counting)
            start, end = gff3_interval(site.start or 0, site.end or 0, way.counting)
            cells = (
                _seqid(site.chromosome), "TFLink", FEATURE, str(max(start, 1)), str(max(end, 1)),
                ".", site.strand or ".", ".",
                f"{_attributes(site, tf, support)};counting={way.description}",
            )  # fmt: skip
            yield "\t".join(cells) + "\n"


def _seqid(chromosome: str) -> str:
    return quote(chromosome, safe=".:^*$@!+_?|-")


def _escaped(text: str) -> str:
    return _GFF3_RESERVED.sub(lambda match: f"%{ord(match[0]):02X}", text)


def _convention(site: SiteFacts, counting: Counting) -> Convention:
    return convention(counting, site.start or 0, site.end or 0, len(site.sequence))


def _counting(evidence: EvidenceFacts) -> Counting:
    return counting_of(source.key for source in evidence.sources)


class _Support(NamedTuple):
    """What evidence says in an attribute that it shares, in those of its own, and how its
    sources count."""

    counting: Counting
    publications: list[str]
    attributes: str


def _support_attributes(evidence: EvidenceFacts) -> _Support:
    return _Support(
        _counting(evidence),
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
    yield "\n".join((*BED_COMMENTS, ""))
    for site, _, (counting, score) in _rows(batches, _bed_support):
        if _is_placed(site):
            chromosome = "_".join(site.chromosome.split())
            way = _convention(site, counting).counting
            start, end = bed_interval(site.start or 0, site.end or 0, way)
            cells = (chromosome, start, end, site.tflink_id, score)
            yield "\t".join(map(str, cells)) + f"\t{site.strand or '.'}\n"


def _bed_support(evidence: EvidenceFacts) -> tuple[Counting, int]:
    return _counting(evidence), _score(evidence)


def _score(evidence: EvidenceFacts) -> int:
    return 1000 if evidence.small_scale == SmallScale.YES else 0


def fasta(batches: Batches[SiteFacts]) -> Iterator[str]:
    """FASTA with the headers of TFLink's own files, and how the source counts after them."""
    for site, tf, counting in _rows(batches, _counting):
        if site.sequence:
            place = f"{site.chromosome}:{site.start}-{site.end}" if _is_placed(site) else NONE
            parts = (site.tflink_id, tf.accession, tf.name or NONE, site.assembly or NONE, place)
            lines = range(0, len(site.sequence), _FASTA_LINE)
            counted = f" counting={counting.value.replace(' ', '_')}" * _is_placed(site)
            yield f">{one_line(';'.join(parts))}{counted}\n"
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
    for site, tf, (counting, *support) in _rows(batches, _support_cells):
        yield (
            site.tflink_id, tf.accession, one_line(tf.name) or NONE,
            one_line(tf.taxon.scientific_name),
            one_line(site.assembly) or NONE, one_line(site.chromosome) or NONE,
            *(NONE if number is None else str(number) for number in (site.start, site.end)),
            site.strand or NONE,
            *support,
            NONE if site.overlaps is None else str(site.overlaps),
            site.sequence or NONE,
            counting if _is_placed(site) else NONE,
        )  # fmt: skip


def _support_cells(evidence: EvidenceFacts) -> tuple[str, str, str, str, str]:
    return (
        _counting(evidence).value,
        joined(method.name for method in evidence.methods),
        joined(citation.pmid for citation in evidence.citations),
        joined(source.key for source in evidence.sources),
        SMALL_SCALE[evidence.small_scale],
    )
