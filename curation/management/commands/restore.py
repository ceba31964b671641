from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.operations.archive import BackupError
from curation.operations.restore import restore_backup


class Command(BaseCommand):
    help = (
        "Put a file that `backup` wrote in place of an empty database, and releases and uploads "
        "where they are missing. Every sum, the content digest and the records are checked. Stop "
        "the site first. Exit status: 0 as it was, 1 not restored, or records do not hold."
    )
    needs_current_schema = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="put it in place of what the database holds"
        )
        parser.add_argument("--without-releases", action="store_true")
        parser.add_argument("--without-uploads", action="store_true")

    def handle(self, *_: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            restored = restore_backup(
                file,
                replace=replace,
                releases=not options["without_releases"],
                uploads=not options["without_uploads"],
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored as it was on {restored.made}.")
        if restored.is_older:
            self.stdout.write(
                "It is of an older version: run `manage.py migrate`, then `check_records`."
            )
            return
        self.stdout.write(f"Content digest, the same as then: {restored.digest}")
        for breach in restored.breaches:
            self.stdout.write(breach)
        self.stdout.write(f"check_records: {len(restored.breaches) or 'no'} breaches.")
        if restored.breaches:
            raise SystemExit(1)
