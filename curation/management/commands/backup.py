from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from curation.operations.archive import BackupError
from curation.operations.backup import make_backup


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) >= 1):
        raise ArgumentTypeError(f"{text!r} is not a number of backups")
    return int(text)


class Command(BaseCommand):
    help = (
        "Write the database as it is now, releases and uploads to one file in DIR, while the site "
        "goes on. It appears when it is whole; `restore` puts it back. It holds password hashes: "
        "only its owner may read it."
    )
    # Also before an update, or after one.
    needs_current_schema = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="made where it is missing")
        parser.add_argument("--without-releases", action="store_true")
        parser.add_argument("--without-uploads", action="store_true")
        parser.add_argument(
            "--keep", type=_count, metavar="N", help="then remove all backups but the newest N"
        )

    def handle(self, *_: Any, folder: Path, keep: int | None, **options: Any) -> None:
        try:
            backup = make_backup(
                folder,
                releases=not options["without_releases"],
                uploads=not options["without_uploads"],
                keep=keep,
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{backup.path} ({filesizeformat(backup.size)})")
        self.stdout.write(f"Content digest: {backup.digest or 'none, of another version'}")
