from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from proteins.domain.fold import fold
from proteins.domain.identifiers import shown
from proteins.domain.statements import CURATED_HERE
from proteins.exports.statement_table import statement_table, statements_of
from proteins.models import Dataset
from proteins.page_export.files import write_whole
from proteins.queries.snapshot import consistent_read


class Command(BaseCommand):
    help = (
        "Write the statements of a dataset as the table that import_statements reads: what "
        "curators state here, unless --dataset names another. Retracted statements, and those "
        "that the dataset no longer states, are left out. "
        "Exit status: 0 written, 1 the file cannot be written, 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dataset", default=CURATED_HERE, metavar="NAME")

    def handle(self, *_: object, file: Path, dataset: str, verbosity: int, **__: object) -> None:
        with consistent_read():
            stored = Dataset.objects.filter(fold=fold(dataset)).first()
            if stored is None:
                raise CommandError(f"There is no dataset {shown(dataset)}.", returncode=2)
            statements = statements_of(stored)
            number, text = statements.count(), "".join(statement_table(statements))
        try:
            write_whole(file, text)
        except OSError as error:
            raise CommandError(f"The table cannot be written: {error}") from error
        if verbosity:
            plural = "" if number == 1 else "s"
            self.stdout.write(f"{number:,} statement{plural} of {stored} written to {file}")
