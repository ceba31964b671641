"""URLs at UniProt, NCBI, PubMed, JASPAR and UCSC (standard library only)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote


def is_web(url: str) -> bool:
    """Whether a supplied URL leads to a page of the web, and neither runs a script
    (`javascript:`) nor leads back here."""
    return url.lower().startswith(("https://", "http://"))


def uniprot(accession: str) -> str:
    return f"https://www.uniprot.org/uniprotkb/{quote(accession, safe='')}/entry"


def ncbi_gene(gene_id: int) -> str:
    return f"https://www.ncbi.nlm.nih.gov/gene/{gene_id}"


def pubmed(pmid: int) -> str:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def europe_pmc(pmid: int) -> str:
    return f"https://europepmc.org/article/MED/{pmid}"


def pmc(pmid: int) -> str:
    """The full text in PubMed Central, where it is there: a search, which needs no other number."""
    return f"https://pmc.ncbi.nlm.nih.gov/search/?term={pmid}%5Bpmid%5D"


#: PubMed IDs in one URL: some 2,000 characters, which every browser and server takes.
MAX_PUBMED: Final = 200


def pubmed_list(pmids: Iterable[int]) -> str:
    """Several publications as one list at PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/?term={','.join(map(str, pmids))}"


def jaspar(matrix_id: str) -> str:
    return f"https://jaspar.elixir.no/matrix/{quote(matrix_id, safe='')}/"


def ucsc(assembly: str, chromosome: str, start: int, end: int) -> str:
    """`start` and `end` in base pairs, 1-based, both included, as UCSC's positions are."""
    place = f"{quote(chromosome, safe='')}:{start}-{end}"
    return (
        f"https://genome.ucsc.edu/cgi-bin/hgTracks?db={quote(assembly, safe='')}&position={place}"
    )
