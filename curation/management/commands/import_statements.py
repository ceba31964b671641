from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from curation.importing.run import StatementOptions, import_statements
from curation.management.imports import ImportCommand
from proteins.domain.identifiers import IdentifierError, parse_partial_date, shown
from proteins.models import Taxon


class Command(ImportCommand):
    help = (
        "Import what sources state of single interactions: TRRUST, CollecTRI, DoRothEA, SIGNOR, "
        "or a table with columns for TF, target, and an effect, method or PMID. Names map only "
        "where they are exact and unambiguous. A file of one of the four is complete: what it "
        "lacks of its dataset, of its species, is withdrawn. "
        "Exit status: 0 everything went in, 1 something was refused, 2 wrong usage."
    )
    unit = "row"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--dataset",
            default="",
            metavar="NAME",
            help="the dataset that states it (default: TRRUST, CollecTRI, DoRothEA, SIGNOR as the "
            "file is; of any other table, Curated here)",
        )
        parser.add_argument(
            "--source",
            default="",
            metavar="KEY",
            help="the source database of a new dataset (default: of the same name)",
        )
        parser.add_argument(
            "--species", default="", help="of names whose line and file state none (human, 9606)"
        )
        parser.add_argument(
            "--new-interactions",
            action="store_true",
            help="add pairs that are not here, as reported by this source; else they are listed",
        )
        self._add_terms(parser)
        whole = parser.add_mutually_exclusive_group()
        whole.add_argument(
            "--complete", action="store_true", help="take each file as all of its dataset"
        )
        whole.add_argument(
            "--part", action="store_true", help="take each file as a part: withdraw nothing"
        )
        parser.add_argument(
            "--yes",
            action="store_true",
            help="withdraw even a large share of the dataset's statements",
        )
        super().add_arguments(parser)

    def _add_terms(self, parser: ArgumentParser) -> None:
        """Add what a dataset is described by; a new one needs the first two."""
        parser.add_argument("--of-version", default="", metavar="VERSION", help="of the file")
        parser.add_argument("--licence", default="", help="such as CC BY 4.0")
        parser.add_argument("--licence-url", default="", metavar="URL")
        parser.add_argument(
            "--date", default="", metavar="YYYY-MM-DD", help="of the version, as far as stated"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        for file in files:
            if not file.is_file():
                raise CommandError(f"There is no file {file}", returncode=2)
        statements = StatementOptions(
            dataset=options["dataset"].strip(),
            source=options["source"].strip(),
            species=_species(options["species"]),
            version=options["of_version"].strip(),
            version_date=_date(options["date"]),
            licence=options["licence"].strip(),
            licence_url=options["licence_url"].strip(),
            new_interactions=options["new_interactions"],
            complete=True if options["complete"] else False if options["part"] else None,
        )
        self.carry_out(
            lambda **how: import_statements(files, statements, confirmed=options["yes"], **how),
            options,
        )


def _species(text: str) -> str:
    name = Taxon.objects.species_names().scientific(text) if text else ""
    if name is None:
        raise CommandError(f"--species: {shown(text)} is no species here.", returncode=2)
    return name


def _date(text: str) -> str:
    try:
        return parse_partial_date(text) if text else ""
    except IdentifierError as error:
        raise CommandError(f"--date: {error}", returncode=2) from error
