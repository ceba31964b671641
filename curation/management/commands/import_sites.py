from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from curation.importing.run import import_sites
from curation.management.imports import ImportCommand


class Command(ImportCommand):
    help = (
        "Import binding sites: TFLink's annotation tables and the downloads of one TF (.tsv or "
        ".tsv.gz), and FASTA of sequences, which go to sites that are stored. One physical site "
        "is one record, whatever IDs documents give it; no site is ever deleted. "
        "Exit status: 0 everything went in, 1 something was refused, 2 wrong usage, "
        "3 it could not be carried out now."
    )
    unit = "row"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a table, or FASTA")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="take each table as complete for its species, and note which sites it lacks",
        )
        super().add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        for file in files:
            if not file.is_file():
                raise CommandError(f"There is no file {file}", returncode=2)
        complete = options["complete"]
        self.carry_out(
            lambda **how: import_sites(files, complete=complete, **how),
            options,
        )
