"""Lists as files: in which formats, how one is chosen, and how any number of rows is sent.

A format is requested by `?format=` or the header Accept; JSON, in pages, is the
default. A file holds all rows that pass the filters of the list, in its order, as they
were at one moment. It is written while it is sent, so that memory does not grow with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import StreamingHttpResponse

from proteins.api import tables
from proteins.api.tables import FileRows
from proteins.exports import gmt, graphs, interaction_table, mitab, sites
from proteins.exports.lines import Lines
from proteins.exports.rows import (
    Batches,
    InteractionFacts,
    SiteFacts,
    binding_sites,
    interactions,
)
from proteins.queries.snapshot import consistent_read

#: Writes a file: of a neighbourhood from its network, of a list from its rows; `Lines` where each
#: row has a text of its own.
Writer = Callable[[Any], Iterator[str]]


@dataclass(frozen=True)
class Format:
    """A way to write a list; `name` is its value of `?format=`."""

    name: str
    media_type: str
    suffix: str
    about: str
    write: Writer
    #: Whether it can be of some fields only; the others have columns of their own.
    takes_fields: bool = False
    #: Whether its rows can come in any order; in the others those of a TF are together.
    takes_sort: bool = True


def _interactions(
    lines: Lines[Batches[InteractionFacts]], *, with_orthologs: bool = False
) -> Lines[FileRows]:
    return lines.of(lambda file: interactions(file.rows, with_orthologs=with_orthologs))


def _sites(lines: Lines[Batches[SiteFacts]]) -> Lines[FileRows]:
    return lines.of(lambda file: binding_sites(file.rows))


def _gene_sets(naming: gmt.Naming) -> Writer:
    return lambda file: gmt.gmt(interactions(file.rows), naming)


def _graph(name: str, about: str) -> Format:
    """A format of graphs, of interactions."""
    form = graphs.FORMATS[name]
    write = form.interactions
    if isinstance(write, Lines):
        return Format(name, form.media_type, name, about, write.of(lambda file: file.rows))
    return Format(name, form.media_type, name, about, lambda file: write(file.rows))


_TSV: Final = "text/tab-separated-values"
_CSV: Final = "text/csv"
_JSONL: Final = "application/jsonl"
_ABOUT_JSONL: Final = "JSON Lines: each line a record as in the list."
#: Those of a list that has none of its own.
TABLES: Final = (
    Format(
        "tsv", _TSV, "tsv",
        "A table, a line for each record: lists joined by semicolons, an empty cell for nothing.",
        tables.tsv, takes_fields=True,
    ),
    Format(
        "csv", _CSV, "csv", "The same table, for spreadsheets.", tables.csv, takes_fields=True
    ),
    Format("jsonl", _JSONL, "jsonl", _ABOUT_JSONL, tables.jsonl, takes_fields=True),
)  # fmt: skip
INTERACTIONS: Final = (
    Format(
        "tsv", _TSV, "tsv",
        "TFLink's own table: its 15 columns, lists joined by semicolons, a hyphen for nothing.",
        _interactions(interaction_table.tsv, with_orthologs=True),
    ),
    Format(
        "csv", _CSV, "csv",
        "The same columns and what curators know (effect, review status, reporting), for "
        "spreadsheets.",
        _interactions(interaction_table.csv_table, with_orthologs=True),
    ),
    Format(
        "jsonl", _JSONL, "jsonl", _ABOUT_JSONL, tables.jsonl, takes_fields=True,
    ),
    Format(
        "mitab", "application/vnd.psi.mi.tab28", "mitab.txt", "PSI-MITAB 2.8, 46 columns.",
        _interactions(mitab.mitab),
    ),
    Format(
        "gmt", "application/vnd.tflink.gmt", "gmt",
        "Gene sets (GMT): the targets of each TF, by UniProt accession.",
        _gene_sets(gmt.Naming.ACCESSION), takes_sort=False,
    ),
    Format(
        "gmt-gene-id", "application/vnd.tflink.gmt-gene-id", "gene-id.gmt",
        "Gene sets (GMT): the targets of each TF, by NCBI gene ID.",
        _gene_sets(gmt.Naming.GENE_ID), takes_sort=False,
    ),
    Format(
        "gmt-name", "application/vnd.tflink.gmt-name", "name.gmt",
        "Gene sets (GMT): the targets of each TF, by name.",
        _gene_sets(gmt.Naming.NAME), takes_sort=False,
    ),
    _graph("cx2", "CX2, for Cytoscape and NDEx: each edge from the TF to its target."),
    _graph("sif", "SIF, for Cytoscape: a line of TF, effect and target by accession."),
    _graph("graphml", "GraphML, for network software of all kinds."),
)  # fmt: skip
BINDING_SITES: Final = (
    Format("tsv", _TSV, "tsv", "A table, a line for each site.", _sites(sites.tsv)),
    Format(
        "csv", _CSV, "csv", "The same columns, for spreadsheets.",
        _sites(sites.csv_table),
    ),
    Format("jsonl", _JSONL, "jsonl", _ABOUT_JSONL, tables.jsonl, takes_fields=True),
    Format(
        "gff3", "text/x-gff3", "gff3", "GFF3: placed sites, all counted from 1.", _sites(sites.gff3)
    ),
    Format("bed", "text/x-bed", "bed", "BED: placed sites, all counted from 0.", _sites(sites.bed)),
    Format("fasta", "text/x-fasta", "fasta", "FASTA: sites with a sequence.", _sites(sites.fasta)),
)  # fmt: skip


def file_response(file_format: Format, file: FileRows, name: str) -> StreamingHttpResponse:
    """All rows, in their order, as a file called `tflink-<name>.<suffix>`."""
    response = StreamingHttpResponse(
        _whole(file_format.write, file), content_type=f"{file_format.media_type}; charset=utf-8"
    )
    filename = f"tflink-{name}.{file_format.suffix}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _whole(write: Writer, file: FileRows) -> Iterator[str]:
    with consistent_read():
        yield from write(file)
