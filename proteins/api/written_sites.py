"""Binding sites as JSON text, for any number of them (see `written`)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet

from proteins.api.written import RecordWriter, as_json
from proteins.domain import links
from proteins.exports.rows import BATCH, SITE_FIELDS, SiteFacts


class SiteWriter(RecordWriter):
    """Writes binding sites as `BindingSiteSerializer` does."""

    list_name = "api-binding-site-list"

    def lines(self, queryset: QuerySet[Any]) -> Iterator[str]:
        """JSON Lines in the order of `queryset`, some at a time."""
        self.begin_file(queryset)
        rows = map(SiteFacts._make, queryset.values_list(*SITE_FIELDS).iterator(chunk_size=BATCH))
        while batch := list(islice(rows, BATCH)):
            tfs = self.proteins({row.tf for row in batch})
            supports = self.evidence({row.evidence for row in batch})
            yield "".join(
                f"{{{_of_itself(row, tfs[row.tf].reference)},"
                f'"small_scale":{support.small_scale},"sources":{support.sources},'
                f'"methods":{support.methods},"publications":{support.publications},'
                f'"url":"{self._list}{quote(row.tflink_id)}/","ucsc":{as_json(_ucsc(row))}}}\n'
                for row in batch
                for support in (supports[row.evidence],)
            )


def _of_itself(row: SiteFacts, tf: str) -> str:
    """What a site says but for its evidence; null for what is not known."""
    values = {
        "assembly": row.assembly or None,
        "chromosome": row.chromosome or None,
        "start": row.start,
        "end": row.end,
        "strand": row.strand or None,
        "overlaps": row.overlaps,
        "sequence": row.sequence or None,
    }
    return f'"tflink_id":{as_json(row.tflink_id)},"tf":{tf},{as_json(values)[1:-1]}'


def _ucsc(row: SiteFacts) -> str | None:
    if not row.assembly or not row.chromosome or row.start is None or row.end is None:
        return None
    return links.ucsc(row.assembly, row.chromosome, row.start, row.end) or None
