"""A published table that was imported comes out of the API as it was published."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from curation.importing.run import import_tables
from tests.benchmarks.bulk_speed import canonical

#: Rows of TFLink's yeast table (v1.0) with what is rare in it: names with commas and
#: apostrophes or none, several gene IDs, self-interactions, long lists.
EXCERPT = Path(__file__).with_name("yeast-excerpt.tsv")


@pytest.mark.django_db
def test_cell_for_cell(client: Client) -> None:
    """Lists have no order: the published ones follow none, and ours are sorted."""
    assert import_tables([EXCERPT]).clean
    answer = client.get("/api/v1/interactions/?taxon=559292&format=tsv")
    header, *rows = b"".join(cast(StreamingHttpResponse, answer)).decode().splitlines()
    published_header, *published = EXCERPT.read_text().splitlines()
    assert header == published_header
    assert sorted(map(canonical, rows)) == sorted(map(canonical, published))
    assert len(rows) == len(published) > 20
