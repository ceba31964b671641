from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.actions import BusyError
from curation.actions.report_limits import RETENTION
from curation.actions.reports import forget_senders
from curation.models import RETENTION as RESULT_RETENTION
from curation.results.store import remove_expired


class Command(BaseCommand):
    help = (
        f"Drop what was kept of the addresses of reporters more than {RETENTION.days} days ago, "
        f"and results about lists of genes that are {RESULT_RETENTION.days} days old. Each new "
        "report or result does so too; a daily run keeps the promise where none comes."
    )

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            number = forget_senders()
        except BusyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Forgot the senders of {number:,} report{'' if number == 1 else 's'}.")
        if results := remove_expired():
            self.stdout.write(f"Removed {results:,} expired result{'' if results == 1 else 's'}.")
