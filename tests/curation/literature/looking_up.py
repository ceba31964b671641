"""What tests of look-ups do: cite publications, run the command, see what became of them."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import call_command

from proteins.models import Citation


def cite(*pmids: int) -> None:
    Citation.objects.bulk_create(Citation(pmid=pmid) for pmid in pmids)


def run(*arguments: object, exit_status: int = 0, **options: Any) -> str:
    out = io.StringIO()
    with pytest.raises(SystemExit) if exit_status else nullcontext() as ended:
        call_command("fetch_citations", *map(str, arguments), stdout=out, stderr=out, **options)
    assert ended is None or ended.value.code == exit_status
    return out.getvalue()


def standing(*pmids: int) -> list[str]:
    result = {one.pmid: one.get_pubmed_status_display() for one in Citation.objects.all()}
    return [result[pmid].split()[0] for pmid in pmids]
