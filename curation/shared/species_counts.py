"""Counts by species, stored with an import: each takes a pass over everything."""

from __future__ import annotations

from typing import Final

from curation.models import ImportRun, RunState
from proteins.hooks import PublicationCounts

#: How many of the newest imports are searched for one that counted.
RUNS: Final = 50
#: The keys under which an import stores them among its counts.
PUBLICATIONS: Final = "publications by species"
ALL_PUBLICATIONS: Final = "publications"
SITES: Final = "binding sites by species"
SCALES: Final = "interactions by species and scale"
SOURCES: Final = "support by source database"
METHODS: Final = "support by detection method"
#: What is counted of all records, not of what an import did.
BY_SPECIES: Final = frozenset({PUBLICATIONS, ALL_PUBLICATIONS, SITES, SCALES, SOURCES, METHODS})


def publication_counts() -> PublicationCounts | None:
    """Return what the last import that finished counted, unless it was undone."""
    for run in newest_runs():
        numbers = run.counts.get(PUBLICATIONS)
        if run.state == RunState.FINISHED and run.finished_at and numbers is not None:
            total = run.counts.get(ALL_PUBLICATIONS, {}).get("all")
            others = (run.counts.get(key) for key in (SITES, SCALES, SOURCES, METHODS))
            return PublicationCounts(run.finished_at, numbers, total, *others)
    return None


def newest_runs() -> list[ImportRun]:
    """Return the newest imports, without their problems and paths."""
    return list(ImportRun.objects.order_by("-id").defer("problems", "paths")[:RUNS])
