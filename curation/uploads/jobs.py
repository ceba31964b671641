"""What may be done with an upload, the wish to take an import back, an ordered release or a batch.

A job goes from state to state in one statement that requires the state it leaves, so that
of two people, or of two clicks, one moves it:

    checking -> ready -> running -> done       discarded: at any rest before it is done
        ^---------+---------+-> failed         again: back to checking (a release: to running)

Each function demands the right to import, or to make releases. Errors are `PermissionDenied`,
`ActionError` (its text is for the person) and `BusyError`, where an import holds the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from curation.actions import ActionError, BusyError
from curation.actions.writing import clean_reason
from curation.models import (
    BatchJob,
    BatchKind,
    ImportRun,
    Job,
    JobState,
    ReleaseOrder,
    RunState,
    RunUndo,
    Upload,
)
from curation.permissions import Right, demand
from curation.shared.large_changes import is_typed, wanted
from curation.shared.lock import is_locked
from curation.uploads import process, store
from curation.uploads.outcome import brings_something, number_to_type

IMPORTS: Final[tuple[type[Job], ...]] = (Upload, RunUndo)
KINDS: Final[dict[str, type[Job]]] = {
    "upload": Upload,
    "runundo": RunUndo,
    "releaseorder": ReleaseOrder,
    "batchjob": BatchJob,
}
UNDER_WAY: Final = (JobState.CHECKING, JobState.RUNNING)
_AT_REST: Final = (JobState.READY, JobState.FAILED)


def right_to(job: Job) -> Right:
    """Return the right that deciding about a job requires."""
    if isinstance(job, BatchJob):
        # What it takes to undo a batch, its records say (`curation.actions.batches`).
        return Right.CHANGE if job.kind == BatchKind.REJECT else Right.REVIEW
    return Right.RELEASE if isinstance(job, ReleaseOrder) else Right.IMPORT


def is_tried(job: Job) -> bool:
    """Whether a job is tried first and then decided upon."""
    if isinstance(job, BatchJob):
        return job.kind == BatchKind.UNDO
    return not isinstance(job, ReleaseOrder)


def under_way(kinds: Iterable[type[Job]] = IMPORTS) -> Job | None:
    """Return the job that a process works on now, if there is one."""
    for kind in kinds:
        for job in kind._default_manager.filter(state__in=UNDER_WAY):
            if not process.has_died(job):
                return job
    return None


def check_idle() -> None:
    """Raise `ActionError` while a process works on another job: one import runs at a time."""
    job = under_way()
    if job is not None:
        doing = "is being tried" if job.state == JobState.CHECKING else "is being carried out"
        raise ActionError(
            f"One import runs at a time: {job} {doing} since "
            f"{job.state_since:%Y-%m-%d %H:%M:%S} UTC. Nothing was started; try again when that "
            "has ended."
        )


def start(job: Job) -> None:
    """Start the process for a job that has just come to be tried or carried out."""
    try:
        process.start(job)
    except OSError as error:
        failure = f"No process could be started ({error.strerror})."
        move(job, [job.state], JobState.FAILED, failure=failure)


def move(job: Job, leaves: Iterable[str], to: JobState, **values: Any) -> bool:
    """Move a job from one of the states `leaves`; return whether it was there still."""
    now = timezone.now()
    rows = type(job)._default_manager.filter(
        pk=job.pk, state__in=list(leaves), state_since=job.state_since
    )
    if not rows.update(state=to, state_since=now, **values):
        return False
    job.state, job.state_since = to, now
    return True


def version_of(job: Job) -> str:
    """Return what distinguishes one preview of a job from the next."""
    return job.state_since.isoformat()


@contextmanager
def deciding(user: User, right: Right) -> Iterator[dict[str, Any]]:
    """Check who decides and yield the fields that record it."""
    demand(user, right)
    try:
        yield {"decided_by": user, "decided_at": timezone.now()}
    except OperationalError as error:
        if not is_locked(error):
            raise
        raise BusyError from error


def confirm(*, user: User, job: Job, seen: str, reason: str = "", number: str = "") -> None:
    """Have carried out what was tried; `seen` says which preview the person saw (`version_of`),
    `reason` why an import is taken back, `number` how large a change it is, where it is large."""
    with deciding(user, right_to(job)) as who:
        if isinstance(job, IMPORTS):
            check_idle()
        if isinstance(job, RunUndo | BatchJob):
            who["reason"] = clean_reason(reason)
        if job.state == JobState.READY and version_of(job) != seen:
            raise ActionError("The preview was made again meanwhile. Look at it, and decide again.")
        if job.state == JobState.READY and not brings_something(job.preview):
            raise ActionError("There is nothing to carry out: nothing could be read.")
        if job.state == JobState.READY:
            who["confirmed_number"] = _confirmed_number(job, number)
        if not move(job, [JobState.READY], JobState.RUNNING, **who):
            raise ActionError("It has been decided already: see below.")
    start(job)


def _confirmed_number(job: Job, typed: str) -> int | None:
    """Return the number that was typed to confirm a large change; None where none is needed."""
    number = number_to_type(job.preview)
    if number is not None and not is_typed(number, typed):
        raise ActionError(wanted(number))
    return number


def discard(*, user: User, job: Job) -> None:
    """Drop a job that was not carried out, with its files."""
    with deciding(user, right_to(job)) as who:
        leaves = [*_AT_REST, *(UNDER_WAY if process.has_died(job) else ())]
        if not move(job, leaves, JobState.DISCARDED, **who):
            raise ActionError("It cannot be discarded now: see below.")
    store.remove(store.folder_of(job))


def try_again(*, user: User, job: Job) -> None:
    """Run the preview again: the records have changed since, or the last trial failed. A
    release, which has none, is made."""
    with deciding(user, right_to(job)) as who:
        begins = JobState.CHECKING
        values: dict[str, Any] = {"preview": {}}
        if not is_tried(job):
            begins, values = JobState.RUNNING, who
        elif isinstance(job, IMPORTS):
            check_idle()
        leaves = [*_AT_REST, *(UNDER_WAY if process.has_died(job) else ())]
        try:
            with transaction.atomic():
                moved = move(job, leaves, begins, failure="", **values)
        except IntegrityError:  # the same release was ordered meanwhile
            moved = False
        if not moved:
            raise ActionError("It cannot be tried now: see below.")
    start(job)


def ask_undo(*, user: User, run: ImportRun) -> RunUndo:
    """Begin to take an import back: its preview. One that waits already is returned."""
    with deciding(user, Right.IMPORT):
        if run.state == RunState.UNDONE:
            raise ActionError(f"Run {run.pk} was taken back before.")
        waiting = RunUndo.objects.filter(run=run, state__in=[*UNDER_WAY, JobState.READY]).first()
        if waiting is not None:
            return waiting
        check_idle()
        name = store.new_folder()
        try:
            with transaction.atomic():
                undo = RunUndo.objects.create(folder=name, run=run, started_by=user)
        except IntegrityError:  # another request at this moment
            store.remove(store.folder_named(name))
            return RunUndo.objects.get(run=run, state__in=[*UNDER_WAY, JobState.READY])
        except OperationalError:
            store.remove(store.folder_named(name))
            raise
    start(undo)
    return undo


def discard_forgotten() -> None:
    """Drop jobs that have waited too long for a decision, with their files."""
    since = timezone.now() - timedelta(days=settings.UPLOAD_KEEP_DAYS)
    for kind in KINDS.values():
        for job in kind._default_manager.filter(state__in=_AT_REST, state_since__lt=since):
            if move(job, _AT_REST, JobState.DISCARDED):
                store.remove(store.folder_of(job))
