"""Reports as readers send them."""

from __future__ import annotations

import re
import time
from typing import Any
from unittest import mock

from django.test import Client

from curation.models import PublicReport
from curation.reports import stamp
from proteins.models import Interaction, Protein

PROTEIN = "/report/protein/Q9UK53/"
INTERACTION = "/report/interaction/Q9UK53-Q07812/"
TEXT = "The name should be p33ING1, as HGNC has it."


def stamp_of(record: Protein | Interaction, *, age: float = 10) -> str:
    """The stamp of a form that was opened some seconds ago."""
    opened = time.time() - age
    with mock.patch("time.time", return_value=opened):
        return stamp.stamp(f"{record._meta.model_name} {record.pk}")


def fields(record: Protein | Interaction, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a form that is filled in well."""
    category = "name" if isinstance(record, Protein) else "direction"
    return {
        "category": category,
        "message": TEXT,
        "pmids": "",
        "homepage": "",
        "opened": stamp_of(record),
        **changed,
    }


def send(client: Client, record: Protein | Interaction, /, **changed: Any) -> Any:
    """Send a report; `REMOTE_ADDR` and other capitals are of the connection."""
    connection = {name: changed.pop(name) for name in list(changed) if name.isupper()}
    url = PROTEIN if isinstance(record, Protein) else INTERACTION
    return client.post(url, fields(record, **changed), **connection)


def sent(client: Client, record: Protein | Interaction, /, **changed: Any) -> PublicReport:
    """Send a report that is taken."""
    answer = send(client, record, **changed)
    assert answer.status_code == 302, answer.text
    match = re.fullmatch(r"/report/([\w-]{32})/\?sent", answer["Location"])
    assert match
    return PublicReport.objects.select_related("proposal").get(token=match[1])
