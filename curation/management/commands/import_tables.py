from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from curation.importing.run import import_tables
from curation.management.imports import ImportCommand


class Command(ImportCommand):
    help = (
        "Import TFLink tables (simple format, .tsv or .tsv.gz). One whose name says All is "
        "complete for its species: interactions that it lacks are marked as no longer reported, "
        "never deleted. Every other table is a part, and marks nothing. "
        "Exit status: 0 everything went in, 1 something was refused, 2 wrong usage, "
        "3 it could not be carried out now."
    )
    unit = "row"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a table")
        self.add_table_arguments(parser)
        super().add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        for file in files:
            if not file.is_file():
                raise CommandError(f"There is no file {file}", returncode=2)
        complete, confirmed = options["complete"], options["yes"]
        self.carry_out(
            lambda **how: import_tables(files, complete=complete, confirmed=confirmed, **how),
            options,
        )
