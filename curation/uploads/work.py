"""What the process of a job does: try it, or carry it out, and leave word of the outcome."""

from __future__ import annotations

import gzip
import logging
import shutil
import time
import zlib
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection

from curation.actions import BusyError
from curation.importing.run import import_files
from curation.importing.source.records import Problem
from curation.importing.undo.report import UndoReport
from curation.importing.undo.run import UndoError, undo_import
from curation.models import (
    BatchJob,
    ImportRun,
    Job,
    JobState,
    ReleaseOrder,
    RunUndo,
    Upload,
    UploadKind,
)
from curation.permissions import demand
from curation.shared.large_changes import LargeChangeError
from curation.shared.lock import ImportBusyError
from curation.uploads import batches, ordering, process, store
from curation.uploads.archive import unpack
from curation.uploads.jobs import KINDS, UNDER_WAY, move, right_to
from curation.uploads.limits import Limits, UploadError, size_in_words
from curation.uploads.names import is_packed, is_page
from curation.uploads.outcome import Outcome, undo_as_json
from curation.uploads.progress import ProgressWriter
from curation.uploads.refusals import RefusalTable
from proteins.outages import outage_of
from proteins.releases.making import ReleaseError

logger = logging.getLogger(__name__)

#: How often the outcome is written where another process holds the database (each attempt waits
#: for some seconds by itself), and the seconds between.
_ATTEMPTS: Final = 60
_PAUSE: Final = 5.0
_READ_AT_ONCE: Final = 1 << 20


def work(kind: str, number: int) -> bool:
    """Do the work of a job in its state; return whether it succeeded.

    A failure is stored with the job, for the person; an unforeseen one is logged as well.
    """
    job = KINDS[kind]._default_manager.select_related("started_by", "decided_by").get(pk=number)
    with process.working_on(job) as alone:
        job.refresh_from_db(fields=["state", "state_since"])
        if not alone or job.state not in UNDER_WAY:
            logger.error("There is nothing to do for %s: it is %s.", job, job.state)
            return False
        try:
            outcome = _outcome(job)
        except LargeChangeError as error:
            # The records have changed since the preview.
            return _fail(job, f"{error} Try again, look at the preview, and confirm the number.")
        except (
            UploadError, ImportBusyError, UndoError, ReleaseError, PermissionDenied, BusyError,
        ) as error:  # fmt: skip
            return _fail(job, str(error))
        except ValidationError as error:
            return _fail(job, " ".join(error.messages))
        except Exception as error:
            if (outage := outage_of(error)) is not None:
                return _fail(job, str(outage))
            logger.exception("%s failed", job)
            return _fail(job, f"Something went wrong ({type(error).__name__}: {error}).")
        if job.state == JobState.CHECKING:
            _leave(job, JobState.READY, preview=outcome)
        else:
            _leave(job, JobState.DONE, result=outcome)
            store.remove_files(store.folder_of(job))
    return True


def _fail(job: Job, why: str) -> bool:
    logger.error("%s: %s", job, why)
    _leave(job, JobState.FAILED, failure=why.replace("\x00", "\\x00"))
    return False


def _leave(job: Job, state: JobState, **values: Any) -> None:
    """Write the end of a job, however long another process holds the database."""
    for attempt in range(_ATTEMPTS):
        try:
            move(job, [job.state], state, **values)
        except OperationalError:
            if attempt + 1 == _ATTEMPTS or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(_PAUSE)
        else:
            return


def _outcome(job: Job) -> dict[str, Any]:
    dry_run = job.state == JobState.CHECKING
    if not dry_run:
        # The user may have lost the right since they confirmed.
        demand(job.decided_by, right_to(job))
    progress = ProgressWriter(store.folder_of(job))
    if isinstance(job, RunUndo):
        progress.begin("Looking at what goes and what stays" if dry_run else "Taking back")
        return undo_as_json(_undo(job, dry_run=dry_run))
    if isinstance(job, ReleaseOrder):
        return ordering.carry_out(job, progress)
    if isinstance(job, BatchJob):
        return batches.carry_out(job, progress, dry_run=dry_run)
    assert isinstance(job, Upload)  # noqa: S101  (there is no fifth kind)
    return _import(job, progress, dry_run=dry_run)


def _undo(job: RunUndo, *, dry_run: bool) -> UndoReport:
    return undo_import(job.run_id, dry_run=dry_run, confirmed=job.confirmed_number is not None)


def _import(upload: Upload, progress: ProgressWriter, *, dry_run: bool) -> dict[str, Any]:
    folder = store.folder_of(upload)
    total = _prepare(folder, progress)
    names = store.read_names(folder)
    files = store.files_of(folder)
    outcome = Outcome()

    def name_of(path: Path) -> str:
        return f"{upload.name} (upload {upload.pk})" if path == files else names[path.name]

    def note_run(run: ImportRun) -> None:
        # Recorded from its start, so that an import that dies half way can be found.
        if not dry_run:
            Upload.objects.filter(pk=upload.pk).update(run=run)

    unit = _UNITS[UploadKind(upload.kind)]
    progress.begin("Trying the import" if dry_run else "Importing", total, unit)
    with RefusalTable(store.refusals_of(folder)) as table:

        def refused(problem: Problem) -> None:
            outcome.refused(problem)
            table.add(problem)

        report = import_files(
            [files],
            # A trial changes nothing, and says how large the change would be.
            confirmed=dry_run or upload.confirmed_number is not None,
            dry_run=dry_run,
            name_of=name_of,
            on_start=note_run,
            on_progress=progress.advance,
            on_problem=refused,
            events=outcome,
        )
    return outcome.as_json(report)


_UNITS: Final = {
    UploadKind.PAGES: "pages",
    UploadKind.TABLE: "rows",
    UploadKind.FILES: "pages and rows",
}


def _prepare(folder: Path, progress: ProgressWriter) -> int:
    """Bring the files of an upload to where they are read; return how much there is to read."""
    limits = Limits.now()
    if not store.has_names(folder):
        files = store.files_of(folder)
        shutil.rmtree(files)  # of a process that died meanwhile
        files.mkdir()
        progress.begin("Unpacking the archive", unit="files")
        names = unpack(store.archive_of(folder), files, limits, progress.reached)
        store.write_names(folder, names)
        store.archive_of(folder).unlink()
    progress.begin("Measuring the files")
    left, total = limits.unpacked, 0
    for file in store.files_of(folder).iterdir():
        size, rows = (0, 1) if is_page(file.name) else _measured(file, left, limits)
        left, total = left - size, total + rows
    return total


def _measured(table: Path, left: int, limits: Limits) -> tuple[int, int]:
    """Return the bytes and rows of a table; raises `UploadError` where it decompresses to more
    than the bytes that are `left`."""
    size = lines_read = 0
    packed = table.stat().st_size
    try:
        with gzip.open(table) if is_packed(table.name) else table.open("rb") as lines:
            while chunk := lines.read(_READ_AT_ONCE):
                size += len(chunk)
                lines_read += chunk.count(b"\n")
                if size > left:
                    raise UploadError(
                        f"What was handed in decompresses to more than "
                        f"{size_in_words(limits.unpacked)}, which is the most."
                    )
                limits.check_ratio("A table", packed, size)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        pass  # damaged or cut short: the import says so, with the line
    return size, max(lines_read - 1, 0)
