from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from curation.checks import find_breaches, observations, quality, record_counts


class Command(BaseCommand):
    help = (
        "Check what must hold of the records: counters and flags, evidence that never "
        "changes and is there once, references, species, orphans, pins and proposals. Prints a "
        "line for each breach; nothing is changed. Exit status: 0 no breach, 1 some."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--quality",
            action="store_true",
            help="print what is no breach and worth a curator's look instead: TFs that have "
            "(nearly) the same targets, most of them two records of one factor",
        )

    def handle(self, *_: object, **options: bool) -> None:
        if options["quality"]:
            for line in quality():
                self.stdout.write(line)
            return
        breach_count = 0
        for breach in find_breaches():
            self.stdout.write(str(breach))
            breach_count += 1
        for observation in observations():
            self.stdout.write(f"Note: {observation}.")
        counted = ", ".join(f"{number:,} {kind}" for kind, number in record_counts().items())
        breaches = (
            "no breach"
            if not breach_count
            else f"{breach_count:,} breach{'es' if breach_count > 1 else ''}"
        )
        self.stdout.write(f"{counted} checked; {breaches}.")
        if breach_count:
            raise SystemExit(1)
