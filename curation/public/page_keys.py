"""Keys of published pages that no record holds, for pages that are written anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from curation.models import FORMER_ACCESSION, SourcePage
from proteins.hooks import PageKeys


def page_keys(protein_ids: Collection[int]) -> Mapping[int, PageKeys]:
    """Return the keys of the pages of each protein, united: of the newest page where two have
    one. A page of a former accession says nothing here."""
    downloads: defaultdict[int, dict[str, str]] = defaultdict(dict)
    unknown: defaultdict[int, dict[str, object]] = defaultdict(dict)
    pages = SourcePage.objects.filter(protein__in=protein_ids)
    rows = pages.order_by("generation", "imported_at", "pk").values_list(
        "protein_id", "downloads", "unknown_keys"
    )
    for protein, names, keys in rows:
        if FORMER_ACCESSION not in keys:
            downloads[protein] |= names
            unknown[protein] |= keys
    return {key: PageKeys(downloads[key], unknown[key]) for key in downloads}
