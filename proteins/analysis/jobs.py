"""The job that lays species out as arrays: which are due, and a process of its own that does it.

It runs after an import, never within a request. A request that finds a species without arrays
starts it too: on a host that shares no folder with the one that imported, or where it was killed.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db.models import Sum
from filelock import FileLock, Timeout

from proteins.analysis.places import folder, on_this_host
from proteins.models import Interaction, Protein, SpeciesArrays, Taxon

#: Species of fewer interactions are read from the tables in a tenth of a second.
WORTH_IT: Final = 20_000
#: Interactions of any species that have changed since, from which laying them over takes long, and
#: those of all TFs of which some have, which lists count in the tables.
CHANGED: Final = 20_000
OF_CHANGED_TFS: Final = 150_000
#: Seconds for which the job waits for one that is at work, whose import may be an earlier one.
_PATIENCE: Final = 3_600
logger = logging.getLogger(__name__)


def start() -> None:
    """Start a process that lays out what is due, if anything is and none is at work."""
    if not settings.ANALYSIS_JOBS or next(due(), None) is None or is_at_work():
        return
    # Without system checks, which load every page of the site: who starts it runs them.
    manage = str(settings.BASE_DIR / "manage.py")
    command = [sys.executable, manage, "lay_out_arrays", "--skip-checks"]
    try:
        subprocess.Popen(  # noqa: S603  (nothing in it is from outside)
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It goes on when an import's process, or the web server, ends.
            start_new_session=True,
        )
    except OSError:
        logger.exception("The job that prepares species for analysis did not start")


def run() -> Iterator[SpeciesArrays]:
    """Lay out what is due, one species after the other."""
    # Here, because imports start this job, which loads NumPy, and do not run it.
    from proteins.analysis import store

    with _lock().acquire(timeout=_PATIENCE):
        for taxon in list(due()):
            yield store.lay_out(taxon.pk)


def is_at_work() -> bool:
    try:
        with _lock().acquire(timeout=0):
            return False
    except Timeout:
        return True


def due() -> Iterator[Taxon]:
    """Species whose arrays are not on this host, or of which much has changed since."""
    counted = Protein.objects.order_by().values("taxon").annotate(rows=Sum("target_count"))
    rows_of = dict(counted.values_list("taxon", "rows"))
    for taxon in Taxon.objects.order_by("pk"):
        rows = rows_of.get(taxon.pk) or 0
        if rows < WORTH_IT:
            continue
        stored = next(on_this_host(taxon.pk), None)
        if stored is None or _changed_much(stored.change_number):
            yield taxon


def _changed_much(number: int) -> bool:
    later = Interaction.objects.filter(change__gt=number).order_by("change", "pk")
    tfs = list(later.values_list("tf", flat=True)[: CHANGED + 1])
    if len(tfs) > CHANGED:
        return True
    rows = Protein.objects.filter(pk__in=set(tfs)).aggregate(rows=Sum("target_count"))["rows"]
    return (rows or 0) > OF_CHANGED_TFS


def _lock() -> FileLock:
    folder().mkdir(parents=True, exist_ok=True)
    return FileLock(folder() / "job.lock")
