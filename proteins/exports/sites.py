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
from proteins.exports.lines import Lines
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


def _texts(
    batches: Batches[SiteFacts],
    make: Callable[[EvidenceFacts], Made],
    text: Callable[[SiteFacts, ProteinFacts, Made], str],
) -> Iterator[list[str]]:
    """The text of each site, of what `make` makes of its evidence."""
    for batch in batches.made(lambda tf: tf, make):
        yield [
            text(site, batch.proteins[site.tf], batch.evidence[site.evidence])
            for site in batch.rows
        ]


def _is_placed(site: SiteFacts) -> bool:
    return bool(site.chromosome) and site.start is not None and site.end is not None


def _gff3_line(site: SiteFacts, tf: ProteinFacts, support: _Support) -> str:
    if not _is_placed(site):
        return ""
    way = _convention(site, support.counting)
    start, end = gff3_interval(site.start or 0, site.end or 0, way.counting)
    cells = (
        _seqid(site.chromosome), "TFLink", FEATURE, str(max(start, 1)), str(max(end, 1)),
        ".", site.strand or ".", ".",
        f"{_attributes(site, tf, support)};counting={way.description}",
    )  # fmt: skip
    return "\t".join(cells) + "\n"


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


def _bed_line(site: SiteFacts, _: ProteinFacts, support: tuple[Counting, int]) -> str:
    if not _is_placed(site):
        return ""
    counting, score = support
    chromosome = "_".join(site.chromosome.split())
    way = _convention(site, counting).counting
    start, end = bed_interval(site.start or 0, site.end or 0, way)
    cells = (chromosome, start, end, site.tflink_id, score)
    return "\t".join(map(str, cells)) + f"\t{site.strand or '.'}\n"


def _bed_support(evidence: EvidenceFacts) -> tuple[Counting, int]:
    return _counting(evidence), _score(evidence)


def _score(evidence: EvidenceFacts) -> int:
    return 1000 if evidence.small_scale == SmallScale.YES else 0


def _fasta_record(site: SiteFacts, tf: ProteinFacts, counting: Counting) -> str:
    if not site.sequence:
        return ""
    place = f"{site.chromosome}:{site.start}-{site.end}" if _is_placed(site) else NONE
    parts = (site.tflink_id, tf.accession, tf.name or NONE, site.assembly or NONE, place)
    starts = range(0, len(site.sequence), _FASTA_LINE)
    counted = f" counting={counting.value.replace(' ', '_')}" * _is_placed(site)
    lines = "".join(site.sequence[at : at + _FASTA_LINE] + "\n" for at in starts)
    return f">{one_line(';'.join(parts))}{counted}\n{lines}"


#: How a source counts, then the cells of evidence.
_Cells = tuple[str, str, str, str, str]


def _tsv_line(site: SiteFacts, tf: ProteinFacts, support: _Cells) -> str:
    return tsv_text([_cells(site, tf, support)])


def _csv_line(site: SiteFacts, tf: ProteinFacts, support: _Cells) -> str:
    return csv_text([[harmless(cell) for cell in _cells(site, tf, support)]])


def _cells(site: SiteFacts, tf: ProteinFacts, support: _Cells) -> tuple[str, ...]:
    counting, *cells = support
    return (
        site.tflink_id, tf.accession, one_line(tf.name) or NONE,
        one_line(tf.taxon.scientific_name),
        one_line(site.assembly) or NONE, one_line(site.chromosome) or NONE,
        *(NONE if number is None else str(number) for number in (site.start, site.end)),
        site.strand or NONE,
        *cells,
        NONE if site.overlaps is None else str(site.overlaps),
        site.sequence or NONE,
        counting if _is_placed(site) else NONE,
    )  # fmt: skip


def _support_cells(evidence: EvidenceFacts) -> _Cells:
    return (
        _counting(evidence).value,
        joined(method.name for method in evidence.methods),
        joined(citation.pmid for citation in evidence.citations),
        joined(source.key for source in evidence.sources),
        SMALL_SCALE[evidence.small_scale],
    )


def _lines(
    head: str,
    make: Callable[[EvidenceFacts], Made],
    text: Callable[[SiteFacts, ProteinFacts, Made], str],
) -> Lines[Batches[SiteFacts]]:
    return Lines(head, lambda batches: _texts(batches, make, text))


#: GFF3 1.26; the assembly is an attribute, because a file may hold several.
gff3: Final = _lines(
    "\n".join(("##gff-version 3", *_GFF3_COMMENTS, "")), _support_attributes, _gff3_line
)
#: BED6; the score is 1000 for small-scale evidence and 0 for the rest.
bed: Final = _lines("\n".join((*BED_COMMENTS, "")), _bed_support, _bed_line)
#: FASTA with the headers of TFLink's own files, and how the source counts after them.
fasta: Final = _lines("", _counting, _fasta_record)
#: A header, then a line for each site; positions as the documents give them.
tsv: Final = _lines(tsv_text([COLUMNS]), _support_cells, _tsv_line)
#: The same columns, for spreadsheets.
csv_table: Final = _lines(BYTE_ORDER_MARK + csv_text([COLUMNS]), _support_cells, _csv_line)
