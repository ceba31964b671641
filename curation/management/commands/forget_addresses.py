from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.actions import BusyError
from curation.actions.report_limits import RETENTION
from curation.actions.reports import forget_senders


class Command(BaseCommand):
    help = (
        f"Drop what was kept of the addresses of reporters more than {RETENTION.days} days ago. "
        "Each new report does so too; a daily run keeps the promise where none comes."
    )

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            number = forget_senders()
        except BusyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Forgot the senders of {number:,} report{'' if number == 1 else 's'}.")
