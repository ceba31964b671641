"""The admin that curators work in: one file a resource, over a shared base."""

from curation.admin import (
    binding_site,
    citation,
    comment,
    evidence,
    gene_id,
    interaction,
    jaspar_matrix,
    method,
    ortholog,
    pin,
    protein,
    secondary_accession,
    source,
    taxon,
    user,
)
from curation.admin.history import revision
from curation.admin.inbox import admin
from curation.admin.jobs import import_run, release_order, upload

__all__ = [
    "binding_site",
    "citation",
    "comment",
    "evidence",
    "gene_id",
    "import_run",
    "interaction",
    "jaspar_matrix",
    "method",
    "ortholog",
    "pin",
    "proposal",
    "protein",
    "release_order",
    "revision",
    "secondary_accession",
    "source",
    "taxon",
    "upload",
    "user",
]
