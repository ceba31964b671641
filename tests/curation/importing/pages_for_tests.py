"""Pages made for tests, in the published forms."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml


def query(*pmids: int) -> str:
    return "+OR+".join(f"{pmid}%5Buid%5D" for pmid in pmids)


def link(*pmids: int) -> str:
    return (
        f'&ensp;<a href="https://www.ncbi.nlm.nih.gov/pubmed/?term={query(*pmids)}" '
        'target="_blank"><i uk-icon="icon: link"></i>Pubmed</a>'
    )


def row(
    name: str,
    accession: str,
    gene: str = "-",
    *,
    sources: str = "GTRD",
    methods: str = "chromatin immunoprecipitation assay",
    publications: str = query(27924024),
    scale: str | None = "No",
) -> str:
    cells = [name, accession, gene, sources, methods, publications]
    return ",".join(cells if scale is None else [*cells, scale])


def page(
    accession: str,
    name: str = "-",
    *,
    tfs: Iterable[str] = (),
    targets: Iterable[str] = (),
    body: str = "",
    **keys: object,
) -> str:
    values: dict[str, object] = {
        "type": "protein",
        "layout": "protein",
        "title": accession,
        "protein_name": name,
        "uniprot_accession": accession,
        "ncbi_gene_id": "-",
        "organism": "Homo sapiens",
        "function": "transcription factor and target gene",
        "number_of_interactions": "12",
        "orthologs": "",
        "jaspar_matrices": "",
        "tfs": "\n".join(tfs),
        "targets": "\n".join(targets),
        **keys,
    }
    given = {key: value for key, value in values.items() if value is not None}
    return f"---\n{yaml.safe_dump(given, sort_keys=False, allow_unicode=True)}\n---\n{body}"


def write(folder: Path, **pages: str) -> Path:
    """Write pages as `name.md` into `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder
