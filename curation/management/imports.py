"""What the import commands share: options, progress, what is printed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from curation.importing.event_report import EventReport, FirstChanges
from curation.importing.loading.report import RunReport
from curation.importing.source.records import Problem
from curation.importing.source.refusals import Refusals
from curation.shared.large_changes import LargeChangeError
from curation.shared.lock import ImportBusyError
from proteins.outages import EXIT_STATUS

#: How many changes a dry run prints; `--report` writes all.
SHOWN_CHANGES = 20


class ImportCommand(BaseCommand):
    """A command that imports files: it parses, calls `run` and prints."""

    unit = "page"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="read files that have not changed as well"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="do everything, print what changed, then take it all back",
        )
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="write every record created, changed, proposed or refused as JSON",
        )

    def add_table_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of imports that may withdraw what a complete table lacks."""
        parser.add_argument(
            "--complete",
            action="store_true",
            help="take each table as complete for its species, whatever its name says",
        )
        parser.add_argument(
            "--yes",
            action="store_true",
            help="mark as no longer reported even a large share of a species' interactions",
        )

    def carry_out(
        self,
        run: Callable[..., RunReport],
        options: Mapping[str, Any],
        *,
        total: int | None = None,
    ) -> None:
        """Run an import and end with its exit status: 1 where something was refused."""
        dry_run: bool = options["dry_run"]
        with (
            self._events(options["report"], dry_run=dry_run) as events,
            self._refusals() as refusals,
            self._bar(total) as bar,
        ):

            def refused(problem: Problem) -> None:
                refusals.add(problem)
                events.refused(problem)

            try:
                report = run(
                    on_progress=bar.update,
                    on_problem=refused,
                    events=events,
                    dry_run=dry_run,
                    force=options["force"],
                )
            except ImportBusyError as error:
                raise CommandError(str(error), returncode=EXIT_STATUS) from error
            except LargeChangeError as error:
                raise CommandError(
                    f"{error} Nothing was changed. If that is meant, use --yes."
                ) from error
            events.summarise(report)
        if options["verbosity"]:
            self._print(report, events.first, dry_run=dry_run)
        if not report.clean:
            raise SystemExit(1)

    def _bar(self, total: int | None) -> tqdm[Any]:
        # `disable=None` shows the bar on a terminal only.
        return tqdm(total=total, unit=self.unit, unit_scale=True, file=sys.stderr, disable=None)

    @contextmanager
    def _refusals(self) -> Iterator[Refusals]:
        """Print at the end, however it comes, what was refused: like refusals as one line."""
        refusals = Refusals()
        try:
            yield refusals
        finally:
            for line in refusals.lines():
                self.stderr.write(line)

    @contextmanager
    def _events(self, report_file: Path | None, *, dry_run: bool) -> Iterator[EventReport]:
        with ExitStack() as stack:
            try:
                events = stack.enter_context(
                    EventReport(
                        report_file, self.command_name(), SHOWN_CHANGES if dry_run else 0, dry_run
                    )
                )
            except OSError as error:
                raise CommandError(f"--report: {error}", returncode=2) from error
            yield events

    def command_name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def _print(self, report: RunReport, first: FirstChanges, *, dry_run: bool) -> None:
        for line in first.lines():
            self.stdout.write(line)
        self.stdout.write(report.summary())
        if dry_run:
            self.stdout.write("This was a dry run: nothing was stored.")
        else:
            self.stdout.write(f"This was run {report.run_id}; undo_import takes it back.")
