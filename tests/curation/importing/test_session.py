"""A chunk that meets somebody else's write starts again, and is never half in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from curation.checks import find_breaches
from curation.importing import session
from curation.importing.completeness import ReportedPairs
from curation.importing.loading.load import Loader
from curation.importing.planning.planned import Plan
from curation.importing.run import import_pages, import_tables
from curation.importing.session import ATTEMPTS
from curation.models import ImportRun
from proteins.models import Interaction, Protein, Taxon
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.importing.test_tables import table_row, write_table


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


@pytest.mark.django_db(transaction=True)
def test_what_is_new_is_analysed_before_all_of_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL took a minute over what a table of 240,000 rows lacks, and now a second."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans as well without")
    steps: list[str] = []
    analyze, missing = session._analyze, ReportedPairs.missing

    def look(pairs: ReportedPairs, taxa: list[Taxon]) -> Iterator[tuple[int, str]]:
        steps.append("read")
        return missing(pairs, taxa)

    def analyse() -> None:
        steps.append("analysed")
        analyze()

    monkeypatch.setattr(session, "_analyze", analyse)
    monkeypatch.setattr(ReportedPairs, "missing", look)
    table = write_table(tmp_path / "All.tsv", table_row("Q9UK53", "Q07812"))
    assert import_tables([table], complete=True).clean
    # Once before anything is written: of what it would withdraw.
    assert steps[:3] == ["read", "analysed", "read"]
