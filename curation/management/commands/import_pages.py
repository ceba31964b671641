from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from curation.importing.records import Problem
from curation.importing.run import find_pages, import_pages


class Command(BaseCommand):
    help = (
        "Import protein pages (Markdown with YAML front matter). What is stored already is "
        "completed, never lost; a second run over the same pages changes nothing. Exit "
        "status: 0 everything went in, 1 something was refused, 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="a page, or a folder of pages"
        )

    def handle(self, *_: Any, paths: list[Path], verbosity: int, **__: Any) -> None:
        try:
            total = len(find_pages(paths))
        except FileNotFoundError as error:
            raise CommandError(f"There is no file or folder {error}", returncode=2) from error
        if not total:
            raise CommandError("There is no page (*.md) in what was named.", returncode=2)
        # `disable=None` shows the bar on a terminal only.
        with tqdm(total=total, unit="page", file=sys.stderr, disable=None) as bar:

            def show(problem: Problem) -> None:
                bar.clear()
                self.stderr.write(str(problem))

            report = import_pages(paths, on_page=lambda: bar.update() and None, on_problem=show)
        if verbosity:
            self.stdout.write(report.summary())
        if not report.clean:
            raise SystemExit(1)
