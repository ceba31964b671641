"""What is said under each ID of binding sites with several, as it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from curation.importing.source.records import BindingSiteRecord
from curation.models import SitePart
from curation.shared.bulk import Bulk
from curation.shared.spellings import Spellings
from curation.shared.three_way import evidence_as_json, evidence_from_json
from proteins.domain.binding_sites import SITE_FIELDS
from proteins.models import FormerSiteID

#: The kind of change in a journal: the former IDs and the parts of a site, before and after.
KIND = "site parts"

Parts = Sequence[BindingSiteRecord]


def as_json(part: BindingSiteRecord) -> dict[str, Any]:
    fields = {name: getattr(part, name) for name in SITE_FIELDS}
    evidence = evidence_as_json(part.evidence)
    return {**fields, "evidence": evidence, "former_ids": list(part.former_ids)}


def read_parts(
    bulk: Bulk, accessions: Mapping[int, str], spellings: Spellings
) -> dict[int, tuple[BindingSiteRecord, ...]]:
    """Return the parts of sites, which are given with the accessions of their TFs."""
    rows = bulk.select(SitePart, ("site_id", "tflink_id", "stated"), "site_id", accessions)
    parts: dict[int, tuple[BindingSiteRecord, ...]] = {}
    for site, tflink_id, stated in sorted(rows):
        values = json.loads(stated) if isinstance(stated, str) else stated
        evidence = spellings.canonical(evidence_from_json(values["evidence"]))
        part = BindingSiteRecord(
            tflink_id,
            accessions[site],
            evidence,
            **{name: values[name] for name in SITE_FIELDS},
            former_ids=tuple(values["former_ids"]),
        )
        parts[site] = (*parts.get(site, ()), part)
    return parts


def state_of(former_ids: Iterable[str], parts: Parts) -> dict[str, Any]:
    """Return the former IDs and the parts of a site as a journal has them."""
    return {
        "former_ids": sorted(former_ids),
        "parts": {part.tflink_id: as_json(part) for part in parts},
    }


def restore(site: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Give a site the former IDs and parts back that a change took, and take those that it
    added."""
    SitePart.objects.filter(site=site).delete()
    SitePart.objects.filter(tflink_id__in=before["parts"]).delete()
    SitePart.objects.bulk_create(
        SitePart(tflink_id=tflink_id, site_id=site, stated=stated)
        for tflink_id, stated in before["parts"].items()
    )
    added = set(after["former_ids"]).difference(before["former_ids"])
    FormerSiteID.objects.filter(site=site, tflink_id__in=added).delete()
    FormerSiteID.objects.bulk_create(
        FormerSiteID(tflink_id=one, site_id=site)
        for one in before["former_ids"]
        if one not in after["former_ids"]
        and not FormerSiteID.objects.filter(tflink_id=one).exists()
    )
