"""A chunk that meets somebody else's write starts again, and is never half in."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError

from curation.checks import find_breaches
from curation.importing.loading.load import Loader
from curation.importing.planning.planned import Plan
from curation.importing.run import import_pages
from curation.importing.session import ATTEMPTS
from curation.models import ImportRun
from proteins.models import Interaction, Protein
from tests.curation.importing.pages_for_tests import page, row, write


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the loader fail at the end of its work, as a deferred constraint would."""
    whole, left = Loader.write, [times]

    def write_then_fail(loader: Loader, plan: Plan) -> dict[str, int]:
        ids = whole(loader, plan)
        if left[0]:
            left[0] -= 1
            raise IntegrityError("a curator was quicker")
        return ids

    monkeypatch.setattr(Loader, "write", write_then_fail)


@pytest.mark.django_db(transaction=True)
def test_it_starts_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ATTEMPTS - 1)
    folder = write(tmp_path, a=page("Q9UK53", "ING1", targets=[row("BAX", "Q07812")]))
    report = import_pages([folder])
    assert report.clean
    # What was rolled back is not counted, though PostgreSQL gave its numbers away.
    assert report.counts()["interactions"] == {"created": 1, "changed": 0, "unchanged": 0}
    assert report.counts()["proteins"]["created"] == 2
    assert Interaction.objects.count() == 1
    assert Protein.objects.get(accession="Q9UK53").target_count == 1
    assert not list(find_breaches())


@pytest.mark.django_db(transaction=True)
def test_it_gives_up_with_nothing_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ATTEMPTS)
    folder = write(tmp_path, a=page("Q9UK53", "ING1", targets=[row("BAX", "Q07812")]))
    with pytest.raises(IntegrityError):
        import_pages([folder])
    assert not Protein.objects.exists()
    assert ImportRun.objects.get().state == "failed"
