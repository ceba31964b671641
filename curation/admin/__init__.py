"""The admin that curators work in: one file a resource.

base/       what every list shares: columns, search, filters, paging, CSV, links, autocompletion
editing/    the form of a record: seen versions, evidence, pasted lists, deletion, differences
inbox/      proposals: the list, a proposal's page, its filters, several at once
history/    a record's history, revisions, its values at a given time
papers/     add from a publication: a table entered, proposed and reviewed as a whole
jobs/       imports, uploads and release orders that run in a process of their own
protein, interaction, statement, binding_site, citation, vocabularies, protein_parts, comment, pin,
            stored_result, user:
            one file a resource; verbs and merge add what may be done with a record
"""

from curation.admin import (
    binding_site,
    citation,
    comment,
    fates,
    interaction,
    pin,
    protein,
    protein_parts,
    statement,
    stored_result,
    user,
    vocabularies,
)
from curation.admin.history import batch, revision
from curation.admin.inbox import admin as inbox_admin
from curation.admin.jobs import batch_job, import_run, release_order, upload
from curation.admin.papers import submission

__all__ = [
    "batch",
    "batch_job",
    "binding_site",
    "citation",
    "comment",
    "fates",
    "import_run",
    "inbox_admin",
    "interaction",
    "pin",
    "protein",
    "protein_parts",
    "release_order",
    "revision",
    "statement",
    "stored_result",
    "submission",
    "upload",
    "user",
    "vocabularies",
]
