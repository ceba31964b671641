from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from curation.actions import merge_stated
from curation.importing.run import NameOptions, import_names
from curation.importing.source.names import parse_version
from curation.management.imports import ImportCommand
from proteins.domain.identifiers import IdentifierError


class Command(ImportCommand):
    help = (
        "Import names of the proteins that are here, and what became of accessions and gene IDs: "
        "UniProt TSV, NCBI gene_info and gene_history, UniProt's sec_ac.txt and delac_*.txt, "
        "plain or gzip. Each is recognised by its first lines. The name of a page is never "
        "overwritten; names that a newer version of a source no longer states go. "
        "Exit status: 0 everything went in, 1 something was refused, 2 wrong usage, "
        "3 it could not be carried out now."
    )
    unit = "row"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--of-version",
            default="",
            metavar="VERSION",
            help="of the source, such as 2026_04; needed once for UniProt and once for NCBI Gene, "
            "then only for a newer one",
        )
        parser.add_argument(
            "--apply",
            action="store_true",
            help="merge proteins whose accession UniProt merged into that of another, and replace "
            "gene IDs that NCBI replaced; else both are proposed",
        )
        super().add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        for file in files:
            if not file.is_file():
                raise CommandError(f"There is no file {file}", returncode=2)
        try:
            version = parse_version(options["of_version"])
        except IdentifierError as error:
            raise CommandError(f"--of-version: {error}", returncode=2) from error
        names = NameOptions(version, merge_stated if options["apply"] else None)
        self.carry_out(lambda **how: import_names(files, names, **how), options)
