"""Page metadata: descriptions, canonical URLs, and JSON-LD by
schema.org with the profiles of Bioschemas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator

from proteins.domain import links
from proteins.models import (
    Citation,
    Dataset,
    DetectionMethod,
    Interaction,
    Protein,
    SourceDatabase,
    Taxon,
)

#: Beyond it the gene IDs of a protein (histones have dozens) are left to its page.
MAX_GENES: Final = 10
DOI: Final = "https://doi.org/10.1093/database/baac083"
ABOUT: Final = (
    "Transcription factor–target gene interactions in seven species, with the databases, "
    "detection methods and publications behind each one."
)
_KEYWORDS: Final = [
    "transcription factor",
    "target gene",
    "gene regulation",
    "regulatory interaction",
    "transcription factor binding site",
]

_INTERACTIONS: Final = "Interactions of transcription factors with their target genes"

LinkedData = dict[str, Any]
Record = Interaction | Citation | SourceDatabase | DetectionMethod | Taxon | Dataset


@dataclass(frozen=True)
class PageHead:
    """The metadata in the head of a page; `url` is its canonical URL."""

    title: str
    description: str
    url: str
    kind: str = "website"
    #: Whether search engines are to leave the page out of their lists.
    is_unlisted: bool = False
    linked_data: list[LinkedData] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The title without that of the site."""
        return self.title.removesuffix(" – TFLink")

    @property
    def document(self) -> LinkedData:
        return {"@context": "https://schema.org", "@graph": self.linked_data}


def _conforms_to(profile: str) -> LinkedData:
    return {"@id": f"https://bioschemas.org/profiles/{profile}", "@type": "CreativeWork"}


def home_head(request: HttpRequest) -> PageHead:
    url = request.build_absolute_uri(reverse("home"))
    catalog = {
        "@type": "DataCatalog",
        "@id": f"{url}#catalog",
        "http://purl.org/dc/terms/conformsTo": _conforms_to("DataCatalog/0.3-RELEASE-2019_07_01"),
        "name": "TFLink",
        "description": ABOUT,
        "url": url,
        "keywords": _KEYWORDS,
        "license": _license(url),
        "provider": {"@type": "Organization", "name": "TFLink", "url": url},
        "dataset": {"@id": f"{url}#dataset"},
    }
    return PageHead(
        "TFLink: transcription factors and their target genes",
        ABOUT,
        url,
        linked_data=[catalog, _dataset(url)],
    )


def _license(home: str) -> LinkedData:
    return {"@type": "CreativeWork", "name": "Free for non-commercial use", "url": f"{home}#cite"}


def _dataset(home: str) -> LinkedData:
    return {
        "@type": "Dataset",
        "@id": f"{home}#dataset",
        "http://purl.org/dc/terms/conformsTo": _conforms_to("Dataset/1.0-RELEASE"),
        "name": "TFLink: transcription factor and target gene interactions",
        "description": ABOUT,
        "url": home,
        "identifier": DOI,
        "keywords": _KEYWORDS,
        "license": _license(home),
        "isAccessibleForFree": True,
        "includedInDataCatalog": {"@id": f"{home}#catalog"},
        "creator": {"@type": "Organization", "name": "TFLink", "url": home},
        "citation": {
            "@type": "ScholarlyArticle",
            "@id": DOI,
            "name": (
                "TFLink: an integrated gateway to access transcription factor–target gene "
                "interactions for multiple species"
            ),
            "url": DOI,
        },
    }


def browse_head(request: HttpRequest, *, is_whole: bool) -> PageHead:
    """`is_whole`: all proteins from the first, without a filter; the rest is for people."""
    return PageHead(
        "Browse proteins – TFLink",
        "All transcription factors and target genes of TFLink, by species, role, "
        "evidence, source database, detection method and review status.",
        request.build_absolute_uri(reverse("browse")),
        is_unlisted=not is_whole,
    )


def sites_head(request: HttpRequest, *, is_whole: bool) -> PageHead:
    """`is_whole`: the form alone; lists of sites are for people."""
    return PageHead(
        "Binding sites by region – TFLink",
        "Binding sites of transcription factors in a region of a genome, on either strand, with "
        "their evidence.",
        request.build_absolute_uri(reverse("sites")),
        is_unlisted=not is_whole,
    )


_INDEXES: Final = {
    "datasets": (
        "Datasets",
        "The datasets whose statements TFLink holds, with their versions and licences.",
    ),
    "sources": ("Source databases", "The databases that report interactions in TFLink."),
    "methods": ("Detection methods", "The methods by which interactions in TFLink were detected."),
    "species-list": ("Species", "The species of TFLink, with numbers of TFs and target genes."),
}


def index_head(request: HttpRequest, name: str, *, is_whole: bool) -> PageHead:
    """`name` is that of the index's URL; `is_whole`: all rows in their first order."""
    title, description = _INDEXES[name]
    return PageHead(
        f"{title} – TFLink",
        description,
        request.build_absolute_uri(reverse(name)),
        is_unlisted=not is_whole,
    )


def help_head(request: HttpRequest) -> PageHead:
    return PageHead(
        "Help – TFLink",
        "How to read TFLink's pages and files, what its terms mean, and where its data come from.",
        request.build_absolute_uri(reverse("help")),
    )


def statistics_head(request: HttpRequest) -> PageHead:
    return PageHead(
        "Statistics of gene lists – TFLink",
        "The formulas behind enrichment, sets of genes and conservation in TFLink, with symbols, "
        "sources and limits.",
        request.build_absolute_uri(reverse("help-statistics")),
    )


def dataset_head(request: HttpRequest, dataset: Dataset) -> PageHead:
    return record_head(
        request,
        dataset,
        title=f"{dataset}, dataset",
        description=f"Statements of {dataset} on transcription factors and their target genes.",
    )


def protein_head(
    request: HttpRequest, protein: Protein, gene_ids: Sequence[int], other_names: Sequence[str]
) -> PageHead:
    """Needs the protein's taxon."""
    url = request.build_absolute_uri(protein.get_absolute_url())
    taxon = _taxon(protein.taxon)
    label = protein.name or protein.accession
    genes = [
        {
            "@type": "Gene",
            "@id": f"https://identifiers.org/ncbigene:{gene}",
            "http://purl.org/dc/terms/conformsTo": _conforms_to("Gene/1.0-RELEASE"),
            "identifier": f"ncbigene:{gene}",
            "name": label,
            "url": links.ncbi_gene(gene),
            "taxonomicRange": {"@id": taxon["@id"]},
            "encodesBioChemEntity": {"@id": f"{url}#protein"},
        }
        for gene in gene_ids[:MAX_GENES]
    ]
    description = _protein_description(protein)
    data: LinkedData = {
        "@type": "Protein",
        "@id": f"{url}#protein",
        "http://purl.org/dc/terms/conformsTo": _conforms_to("Protein/0.11-RELEASE"),
        "identifier": f"uniprot:{protein.accession}",
        "name": label,
        "description": description,
        "url": url,
        "sameAs": [
            links.uniprot(protein.accession),
            f"https://identifiers.org/uniprot:{protein.accession}",
        ],
        "taxonomicRange": taxon,
        "subjectOf": {"@id": f"{request.build_absolute_uri(reverse('home'))}#dataset"},
    }
    if other_names:
        data["alternateName"] = list(other_names)
    if genes:
        data["isEncodedByBioChemEntity"] = [{"@id": gene["@id"]} for gene in genes]
    return PageHead(
        f"{protein}, {protein.taxon} – TFLink",
        description,
        url,
        linked_data=[data, *genes],
    )


def record_head(
    request: HttpRequest, record: Record, *, title: str, description: str, is_first: bool = True
) -> PageHead:
    """`is_first`: the first page of what it supports; the others are for people."""
    url = request.build_absolute_uri(record.get_absolute_url())
    return PageHead(f"{title} – TFLink", description, url, is_unlisted=not is_first)


def interaction_head(request: HttpRequest, interaction: Interaction) -> PageHead:
    tf, target = interaction.tf, interaction.target
    names = [protein.label for protein in (tf, target)]
    regulation = f"{tf} regulates itself" if tf == target else " regulates ".join(names)
    description = (
        f"The regulation of {target} by {tf}, {tf.taxon}: the databases, detection methods and "
        "publications that support it."
    )
    return record_head(
        request, interaction, title=f"{regulation}, {tf.taxon}", description=description
    )


def publication_head(request: HttpRequest, citation: Citation, *, is_first: bool) -> PageHead:
    return record_head(
        request,
        citation,
        title=Truncator(citation.title or str(citation)).chars(120),
        description=(f"Interactions and binding sites in TFLink that cite {citation}."),
        is_first=is_first,
    )


def source_head(request: HttpRequest, source: SourceDatabase, *, is_first: bool) -> PageHead:
    return record_head(
        request,
        source,
        title=f"{source}, source database",
        description=f"{_INTERACTIONS} that TFLink took from {source}.",
        is_first=is_first,
    )


def method_head(request: HttpRequest, method: DetectionMethod, *, is_first: bool) -> PageHead:
    return record_head(
        request,
        method,
        title=f"{method}, detection method",
        description=f"{_INTERACTIONS} that were detected by {method}.",
        is_first=is_first,
    )


def species_head(request: HttpRequest, taxon: Taxon) -> PageHead:
    description = f"Transcription factors of {taxon} and their target genes in TFLink."
    return record_head(request, taxon, title=str(taxon), description=description)


def _protein_description(protein: Protein) -> str:
    function = f", {protein.function}" if protein.function else ""
    return (
        f"{protein} of {protein.taxon}{function}: {_number(protein.target_count, 'target')} and "
        f"{_number(protein.tf_count, 'regulating transcription factor')}, with the databases, "
        "detection methods and publications behind them."
    )


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _taxon(taxon: Taxon) -> LinkedData:
    return {
        "@type": "Taxon",
        "@id": f"https://identifiers.org/taxonomy:{taxon.ncbi_taxon_id}",
        "identifier": f"taxonomy:{taxon.ncbi_taxon_id}",
        "name": taxon.scientific_name,
    }
