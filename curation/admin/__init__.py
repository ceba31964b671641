"""The admin that curators work in: one file a resource, over a shared base."""

from django.contrib import admin

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
    source,
    taxon,
)

admin.site.site_header = "TFLink curation"
admin.site.site_title = "TFLink curation"
admin.site.index_title = "Records"

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
    "source",
    "taxon",
]
