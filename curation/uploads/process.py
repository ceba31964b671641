"""The process that works on a job, apart from the web server's: started, watched.

It holds a lock in the job's folder for as long as it lives, so that one that died (killed, or
the machine was switched off) is distinguished from one that works.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from filelock import FileLock, Timeout

from curation.models import Job, JobState
from curation.uploads.progress import forget_progress
from curation.uploads.store import folder_of

_LOCK = "worker.lock"
_LOG = "worker.log"
#: How long a process may take until it holds its lock: a busy machine starts it slowly.
STARTS_WITHIN = timedelta(seconds=30)
#: Seconds that the process waits for its lock while another process looks whether it has it.
_LOOKED_AT = 10
_LOG_LINES = 12
_LOG_BYTES = 20_000


def start(job: Job) -> None:
    """Start a process for what `job` is now to have done; raises `OSError` where none starts."""
    folder = folder_of(job)
    forget_progress(folder)
    # Without system checks, which load every page of the site: who starts it runs them.
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_job", "--skip-checks"]
    with (folder / _LOG).open("wb") as log:
        worker = subprocess.Popen(  # noqa: S603  (nothing in it is from outside)
            [*manage, str(job._meta.model_name), str(job.pk)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # It goes on when the web server is restarted.
            start_new_session=True,
        )
    # Somebody has to take note of its end, or it stays in the table of processes.
    threading.Thread(target=_note_end, args=(worker, _end_of(job)), daemon=True).start()


def _end_of(job: Job) -> Path:
    """The file that says that the process for this state of a job has ended."""
    return folder_of(job) / f"ended-{job.state_since:%Y%m%d%H%M%S%f}"


def _note_end(worker: subprocess.Popen[bytes], note: Path) -> None:
    worker.wait()
    with suppress(OSError):  # its folder is gone, as it should be after an import
        note.touch()


@contextmanager
def working_on(job: Job) -> Iterator[bool]:
    """Hold the lock of a job's process; yields whether this process got it."""
    if not folder_of(job).is_dir():  # discarded meanwhile; the lock would make it again
        yield False
        return
    lock = FileLock(folder_of(job) / _LOCK)
    try:
        lock.acquire(timeout=_LOOKED_AT)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def has_died(job: Job) -> bool:
    """Whether a job waits for a process that is there no more."""
    if job.state not in (JobState.CHECKING, JobState.RUNNING):
        return False
    starting = timezone.now() - job.state_since < STARTS_WITHIN
    if _is_locked(folder_of(job)) or (starting and not _end_of(job).exists()):
        return False
    # It may have come to its end since the record was read.
    same = type(job)._default_manager.filter(pk=job.pk, state=job.state)
    return same.filter(state_since=job.state_since).exists()


def _is_locked(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # it is being removed in this moment
        return False
    lock.release()
    return False


def last_lines(job: Job) -> list[str]:
    """Return the end of what a job's process wrote."""
    try:
        with (folder_of(job) / _LOG).open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - _LOG_BYTES))
            text = log.read().decode(errors="replace")
    except OSError:
        return []
    return text.splitlines()[-_LOG_LINES:]
