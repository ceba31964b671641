"""Releases that are ordered at the desk: a process of its own makes each, and curators may go on
working meanwhile, as nothing is written but its files."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from curation.actions import ActionError
from curation.models import JobState, ReleaseOrder
from curation.permissions import Right
from curation.uploads import jobs, store
from curation.uploads.progress import ProgressWriter
from proteins import release_store
from proteins.releases.freezing import Progress
from proteins.releases.making import ReleaseError, check_name, make_release


def suggested_name() -> str:
    """Return what a release made now would be called: by year and month, and by the next number
    where there is one of that month."""
    month = f"{timezone.now():%Y.%m}"
    newest, now = release_store.version(release_store.latest_name()), release_store.version(month)
    assert now is not None  # noqa: S101  (a date is a name)
    if newest is None or newest < now:
        return month
    year, of_year, more = newest
    return f"{year}.{of_year:02}.{more + 1}"


def order_release(*, user: User, name: str) -> ReleaseOrder:
    """Have a release made. Errors are `PermissionDenied`, `BusyError` and `ActionError`: the
    name is none, the release is there or would come before another, or one is being made."""
    with jobs.deciding(user, Right.RELEASE) as who:
        try:
            check_name(name)
        except ReleaseError as error:
            raise ActionError(str(error)) from None
        if (other := jobs.under_way([ReleaseOrder])) is not None:
            raise ActionError(
                f"One release is made at a time: {other} is being made since "
                f"{other.state_since:%Y-%m-%d %H:%M:%S} UTC. Order the next when that is there."
            )
        folder = store.new_folder()
        values = {"folder": folder, "started_by": user, "state": JobState.RUNNING}
        try:
            with transaction.atomic():
                order = ReleaseOrder.objects.create(name=name, **values, **who)
        except (IntegrityError, OperationalError) as error:
            store.remove(store.folder_named(folder))
            if isinstance(error, OperationalError):
                raise
            # Its process has died, or it was ordered by another request.
            raise ActionError(f"Release {name} is ordered already: see the list.") from None
    jobs.start(order)
    return order


def carry_out(order: ReleaseOrder, progress: ProgressWriter) -> dict[str, Any]:
    """Make the release that was ordered; return how much it is.

    Nobody could order a release that was there. One that is there now was made by a process
    that ended before it could say so, or at the command line.
    """
    progress.begin("Beginning")
    progress_of_release = Progress(
        lambda what, rows: progress.begin(what, rows, "rows"), progress.advance
    )
    release = release_store.release(order.name) or make_release(order.name, progress_of_release)
    return {
        "files": len(release.files),
        "bytes": sum(file.size for file in release.files.values()),
    }
