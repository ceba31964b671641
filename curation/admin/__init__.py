"""The admin that curators work in: one file a resource, over a shared base."""

from curation.admin import (
    binding_site,
    citation,
    evidence,
    gene_id,
    import_run,
    interaction,
    jaspar_matrix,
    method,
    ortholog,
    protein,
    review,
    revision,
    source,
    taxon,
    upload,
)

__all__ = [
    "binding_site",
    "citation",
    "evidence",
    "gene_id",
    "import_run",
    "interaction",
    "jaspar_matrix",
    "method",
    "ortholog",
    "protein",
    "review",
    "revision",
    "source",
    "taxon",
    "upload",
]
