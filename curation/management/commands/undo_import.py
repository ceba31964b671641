from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.importing.undo.run import UndoError, undo_import
from curation.shared.large_changes import LargeChangeError
from curation.shared.lock import ImportBusyError
from proteins.outages import EXIT_STATUS


class Command(BaseCommand):
    help = (
        "Take back one import: what it created and nothing since depends on goes, what it "
        "changed returns to its earlier value; what has been curated since stays and is listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="the number of the run, as the import printed it")
        parser.add_argument(
            "--yes",
            action="store_true",
            help="take it back even where a species loses a large share of its interactions",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *_: Any, run: int, dry_run: bool, yes: bool, **__: Any) -> None:
        try:
            report = undo_import(run, dry_run=dry_run, confirmed=yes)
        except UndoError as error:
            raise CommandError(str(error)) from error
        except ImportBusyError as error:
            raise CommandError(str(error), returncode=EXIT_STATUS) from error
        except LargeChangeError as error:
            raise CommandError(
                f"{error} Nothing was changed. If that is meant, use --yes."
            ) from error
        for line in report.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("This was a dry run: nothing was taken back.")
