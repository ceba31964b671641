from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from proteins.domain.identifiers import IdentifierError, parse_accession
from proteins.page_export.files import UnknownProteinError, export_pages


class Command(BaseCommand):
    help = (
        "Write the database as pages of the newest generation, one file a protein. Without "
        "--accession every protein gets a page of which no other page says all, so that an "
        "import of the folder gives the same content. All interactions are written, however "
        "many, also those that sources no longer report. Not part of a page: rejected "
        "interactions, review status, effect, whether an interaction is still reported, "
        "texts of citations. Other files in the folder stay. Exit status: 0 "
        "written, 1 something known has no place on a page (it is named), 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="made where it is missing")
        parser.add_argument(
            "--accession",
            nargs="+",
            action="extend",
            default=[],
            metavar="A",
            dest="accessions",
            help="write the pages of these proteins only, each with all its interactions",
        )

    def handle(
        self, *_: object, folder: Path, accessions: list[str], verbosity: int, **__: object
    ) -> None:
        # `disable=None` shows the bar on a terminal only.
        with tqdm(unit="page", file=sys.stderr, disable=None) as bar:
            try:
                count, losses = export_pages(
                    folder,
                    [parse_accession(accession) for accession in accessions],
                    on_start=lambda total: bar.reset(total),
                    on_page=bar.update,
                )
            except (IdentifierError, UnknownProteinError) as error:
                raise CommandError(f"{error}.", returncode=2) from error
            except OSError as error:
                raise CommandError(f"The pages cannot be written: {error}") from error
        for loss in losses:
            self.stderr.write(loss)
        if verbosity:
            self.stdout.write(f"{count:,} page{'s' if count != 1 else ''} written to {folder}")
        if losses:
            raise SystemExit(1)
