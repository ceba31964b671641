from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from filelock import Timeout

from proteins.analysis import jobs


class Command(BaseCommand):
    help = (
        "Prepare species for questions about lists of genes: write their interactions as arrays, "
        "where there are none on this host or many interactions have changed since. Imports start "
        "it by themselves (ANALYSIS_JOBS); the site works on meanwhile."
    )

    def handle(self, *_: object, **__: object) -> None:
        try:
            for arrays in jobs.run():
                self.stdout.write(f"{arrays}, up to change {arrays.change_number}")
        except Timeout:
            raise CommandError("Another such job has been at work for an hour.") from None
