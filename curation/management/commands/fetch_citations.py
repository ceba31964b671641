from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from curation.actions import BusyError
from curation.literature.entrez import PubMed
from curation.literature.lookup import (
    LookupReport,
    cited_pmids,
    look_up,
    service_from_settings,
    take_in_files,
)
from curation.literature.publication import PublicationError
from proteins.domain import identifiers
from proteins.models import Citation
from proteins.models.querysets import CitationQuerySet


def _pmid(text: str) -> int:
    try:
        return identifiers.parse_pmid(text)
    except identifiers.IdentifierError as error:
        raise ArgumentTypeError(str(error)) from error


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text[:9]) > 100_000:
        raise ArgumentTypeError(f"{text!r} is not a number of days")
    return int(text)


class Command(BaseCommand):
    help = (
        "Fill in title, authors, journal, year, DOI and retraction of publications from PubMed. "
        "Without arguments: of those that were not looked up yet, so that a run that was "
        "interrupted goes on where it stopped. What curators changed stays. Exit status: 0 all "
        "were looked up, 1 some were not, 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "pmids", nargs="*", type=_pmid, metavar="PMID", help="only these, looked up or not"
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--all", action="store_true", help="look all up, those looked up longest ago first"
        )
        which.add_argument(
            "--stale",
            type=_days,
            metavar="DAYS",
            help="look up those that were not looked up in the last DAYS days",
        )
        parser.add_argument(
            "--file",
            type=Path,
            action="append",
            default=[],
            dest="files",
            metavar="PATH",
            help=(
                "read a file that PubMed saved (XML or MEDLINE; .gz too) instead of a request to "
                "PubMed; may be given several times"
            ),
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="do everything, then take it all back"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        pmids = self._chosen(options)
        if not pmids:
            self.stdout.write("Every publication was looked up already; --all repeats it.")
            return
        if options["files"]:
            report = self._from_files(options["files"], pmids, dry_run=options["dry_run"])
        else:
            report = self._from_pubmed(pmids, dry_run=options["dry_run"])
        for line in report.lines():
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was stored.")
        if report.failures:
            raise SystemExit(1)

    def _chosen(self, options: dict[str, Any]) -> list[int]:
        """Return what to look up, in order; `CommandError` where something is not here."""
        named = sorted(set(options["pmids"]))
        if named:
            if options["all"] or options["stale"] is not None:
                raise CommandError("Name PMIDs, or give --all or --stale.", returncode=2)
            strangers = set(named) - set(cited_pmids(named))
            if strangers:
                raise CommandError(
                    f"No publication here has PMID {', '.join(map(str, sorted(strangers)))}.",
                    returncode=2,
                )
            return named
        chosen = self._by_age(options).longest_ago_first()
        return list(chosen.values_list("pmid", flat=True))

    def _by_age(self, options: dict[str, Any]) -> CitationQuerySet:
        if options["all"]:
            return Citation.objects.all()
        if options["stale"] is not None:
            since = timezone.now() - timedelta(days=options["stale"])
            return Citation.objects.looked_up_before(since)
        if options["files"]:
            return Citation.objects.not_found_yet()
        return Citation.objects.not_looked_up()

    def _from_files(self, paths: list[Path], pmids: list[int], *, dry_run: bool) -> LookupReport:
        try:
            return take_in_files(paths, pmids, dry_run=dry_run)
        except (PublicationError, BusyError) as error:
            raise CommandError(str(error)) from error

    def _from_pubmed(self, pmids: list[int], *, dry_run: bool) -> LookupReport:
        try:
            pubmed = PubMed(service_from_settings())
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        # `disable=None` shows the bar on a terminal only.
        with tqdm(total=len(pmids), unit="PMID", file=sys.stderr, disable=None) as bar:

            def show(failure: str) -> None:
                bar.clear()
                self.stderr.write(failure)

            try:
                return look_up(
                    pmids, pubmed, dry_run=dry_run, on_progress=bar.update, on_failure=show
                )
            except KeyboardInterrupt:
                raise CommandError(
                    "Stopped; what had been looked up is stored. Run it again for the rest.",
                    returncode=130,
                ) from None
