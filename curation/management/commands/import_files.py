from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from curation.importing.run import find_files, import_files
from curation.management.imports import ImportCommand


class Command(ImportCommand):
    help = (
        "Import files of every kind that TFLink publishes, in one run: protein pages, tables of "
        "interactions, downloads of one protein (targets_of, tfs_of), binding sites and their "
        "sequences, lists of proteins (browse.csv). What a file is, its header and its name say. "
        "A table whose name says All is complete for its species; every other file is a part. "
        "Exit status: 0 everything went in, 1 something was refused, 2 wrong usage, "
        "3 it could not be carried out now."
    )
    unit = "row"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files"
        )
        self.add_table_arguments(parser)
        super().add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        paths: list[Path] = options["paths"]
        try:
            if not find_files(paths):
                raise CommandError("There is no file to import in what was named.", returncode=2)
        except FileNotFoundError as error:
            raise CommandError(f"There is no file or folder {error}", returncode=2) from error
        complete, confirmed = options["complete"], options["yes"]
        self.carry_out(
            lambda **how: import_files(paths, complete=complete, confirmed=confirmed, **how),
            options,
        )
