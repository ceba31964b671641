"""Pages of the newest generation from a table, for volume: what the published site made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.benchmarks.table_rows import table_rows

#: Rows that a page lists in a section; the published ones end there.
LISTED = 100
SPECIES = {
    "Hs": "Homo sapiens",
    "Mm": "Mus musculus",
    "Rn": "Rattus norvegicus",
    "Dr": "Danio rerio",
    "Dm": "Drosophila melanogaster",
    "Ce": "Caenorhabditis elegans",
    "Sc": "Saccharomyces cerevisiae",
}


@dataclass
class _Protein:
    name: str
    genes: str
    species: str
    orthologs: str
    tfs: list[tuple[bool, str]] = field(default_factory=list)
    targets: list[tuple[bool, str]] = field(default_factory=list)


def write_pages(table: Path, folder: Path) -> int:
    """Write a page for each protein of `table` into `folder`; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    proteins = _proteins(table)
    for accession, protein in proteins.items():
        text = yaml.dump(
            _front_matter(accession, protein),
            Dumper=yaml.CSafeDumper,
            sort_keys=False,
            allow_unicode=True,
        )
        (folder / f"{accession.lower()}.md").write_text(f"---\n{text}\n---\n", encoding="utf-8")
    return len(proteins)


def _proteins(table: Path) -> dict[str, _Protein]:
    proteins: dict[str, _Protein] = {}
    for row in table_rows(table):
        (
            tf, target, tf_genes, target_genes, tf_name, target_name, methods, pmids, species,
            sources, scale, tf_listed, tf_others, target_listed, target_others,
        ) = row  # fmt: skip
        for accession, name, genes, listed, others in (
            (tf, tf_name, tf_genes, tf_listed, tf_others),
            (target, target_name, target_genes, target_listed, target_others),
        ):
            if accession not in proteins:
                orthologs = _orthologs(listed, others)
                proteins[accession] = _Protein(name.replace(",", "_"), genes, species, orthologs)
        query = "+OR+".join(f"{pmid}%5Buid%5D" for pmid in pmids.split(";"))
        support = f"{sources},{methods},{query},{scale}"
        for own, section, accession, genes in (
            (proteins[tf].targets, proteins[target], target, target_genes),
            (proteins[target].tfs, proteins[tf], tf, tf_genes),
        ):
            own.append((scale != "Yes", f"{section.name},{accession},{genes},{support}"))
    return proteins


def _orthologs(listed: str, others: str) -> str:
    by_species: dict[str, list[str]] = {}
    for species, identifier, linked in ortholog_items(listed, others):
        link = f'<a href="/protein/{identifier.lower()}">{identifier}</a>'
        by_species.setdefault(species, []).append(link if linked else identifier)
    groups = [{"species": species, "id": items} for species, items in by_species.items()]
    return json.dumps(groups) if groups else ""


def ortholog_items(listed: str, others: str) -> Iterator[tuple[str, str, bool]]:
    """Yield species, identifier and whether TFLink lists it, from a table's two cells."""
    for cell, linked in ((listed, True), (others, False)):
        for item in cell.split(";"):
            code, colon, identifier = item.partition(":")
            if colon:
                yield SPECIES[code], identifier, linked


def _listed(rows: list[tuple[bool, str]]) -> Iterable[str]:
    """The first rows, those with small-scale evidence before the others."""
    return (text for _, text in sorted(rows, key=lambda row: row[0])[:LISTED])


def _front_matter(accession: str, protein: _Protein) -> dict[str, str]:
    words = {"transcription factor": protein.targets, "target gene": protein.tfs}
    many = {name: f"{name}_of_{accession}.tsv" for name in ("tfs", "targets")}
    return {
        "type": "protein",
        "layout": "protein",
        "title": accession,
        "protein_name": protein.name,
        "uniprot_accession": accession,
        "ncbi_gene_id": protein.genes,
        "organism": protein.species,
        "function": " and ".join(word for word, rows in words.items() if rows),
        "number_of_interactions": str(len(protein.tfs) + len(protein.targets)),
        "orthologs": protein.orthologs,
        "jaspar_matrices": "",
        "tfs": "\n".join(_listed(protein.tfs)),
        "targets": "\n".join(_listed(protein.targets)),
        "tfs_download": many["tfs"] if len(protein.tfs) > LISTED else "",
        "targets_download": many["targets"] if len(protein.targets) > LISTED else "",
        "bindingSites_download": "",
        "binding_sites_ls": "",
    }
