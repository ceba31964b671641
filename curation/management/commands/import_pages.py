from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from curation.importing.run import find_pages, import_pages
from curation.management.imports import ImportCommand


class Command(ImportCommand):
    help = (
        "Import protein pages (Markdown with YAML front matter). What is stored already is "
        "completed, never lost; a second run over the same pages changes nothing. Exit "
        "status: 0 everything went in, 1 something was refused, 2 wrong usage, "
        "3 it could not be carried out now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a page, or a folder of pages"
        )
        super().add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        paths: list[Path] = options["paths"]
        try:
            total = len(find_pages(paths))
        except FileNotFoundError as error:
            raise CommandError(f"There is no file or folder {error}", returncode=2) from error
        if not total:
            raise CommandError("There is no page (*.md) in what was named.", returncode=2)
        self.carry_out(lambda **how: import_pages(paths, **how), options, total=total)
