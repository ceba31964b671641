"""From a record in the admin to the public page that shows it.

The way back ("Edit this record") is `proteins/site/edit_links.py`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import models

from proteins.models import (
    BindingSite,
    Dataset,
    GeneID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    Statement,
)


def public_url(record: models.Model | None) -> str | None:
    """Return the URL of the public page of a record; None where no page shows it.

    An interaction is on its TF's page, among the targets; a binding site there too.
    """
    if record is None or record.pk is None:
        return None
    if isinstance(record, Protein):
        return record.get_absolute_url()
    if isinstance(record, Interaction):
        page = record.tf.get_absolute_url()
        return f"{page}?{urlencode({'targets-q': record.target.accession})}#targets"
    if isinstance(record, Statement | Dataset):
        return record.get_absolute_url()
    if isinstance(record, BindingSite):
        return f"{record.tf.get_absolute_url()}#sites"
    if isinstance(record, GeneID | JasparMatrix | Ortholog):
        return record.protein.get_absolute_url()
    return None
