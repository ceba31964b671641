"""What a trial found or an import did (`curation.uploads.outcome`), as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from curation.admin.base.difference_html import difference_table
from curation.models import Upload
from curation.shared.species_counts import BY_SPECIES
from curation.uploads import store


def refused_url(upload: Upload) -> str:
    """Return the URL of the table of all that an upload was refused; empty without one."""
    if not store.refusals_of(store.folder_of(upload)).is_file():
        return ""
    return reverse("admin:curation_upload_refused", args=[upload.pk])


@dataclass(frozen=True)
class ShownCount:
    kind: str
    created: int
    changed: int
    unchanged: int


def shown_counts(counts: Mapping[str, Mapping[str, int]]) -> list[ShownCount]:
    """Return the rows of the table of numbers."""
    return [
        ShownCount(kind, *(number.get(name, 0) for name in ("created", "changed", "unchanged")))
        for kind, number in counts.items()
        if kind not in BY_SPECIES
    ]


def shown_changes(records: Iterable[Mapping[str, Any]]) -> list[SafeString]:
    """Return the first changes, a table for each record."""
    return [
        difference_table(
            record["kind"], record["changes"], caption=f"{record['kind']} {record['key']}"
        )
        for record in records
    ]


def shown_outcome(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Return an outcome with its parts made ready for the page; empty where there is none."""
    if "read" not in outcome:
        return dict(outcome)
    return {
        **outcome,
        "document": outcome["documents"].removesuffix("s"),
        "count_rows": shown_counts(outcome["counts"]),
        "refused": outcome["refused_whole"] + outcome["rows_refused"],
        "unlisted": outcome["refused_whole"]
        + outcome["rows_refused"]
        # Outcomes of before have each refusal by itself.
        - sum(group.get("count", 1) for group in outcome["problems"]),
        "change_tables": shown_changes(outcome["changes"]),
        "proposal_tables": shown_changes(outcome["proposals"]),
        "created_names": {kind: names for kind, names in outcome["created"].items() if names},
        "withdrawn_more": outcome["withdrawn"] - len(outcome["withdrawn_first"]),
        "changes_nothing": not outcome["withdrawn"]
        and not outcome["proposed"]
        and not any(c["created"] or c["changed"] for c in outcome["counts"].values()),
    }
