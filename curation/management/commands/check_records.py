from __future__ import annotations

from django.core.management.base import BaseCommand

from curation.checks import find_breaches, notes, record_counts


class Command(BaseCommand):
    help = (
        "Check what must hold of the records: counters and flags, evidence that never "
        "changes and is there once, references, species, orphans, pins and proposals. Prints a "
        "line for each breach; nothing is changed. Exit status: 0 no breach, 1 some."
    )

    def handle(self, *_: object, **__: object) -> None:
        count = 0
        for breach in find_breaches():
            self.stdout.write(str(breach))
            count += 1
        for note in notes():
            self.stdout.write(f"Note: {note}.")
        counted = ", ".join(f"{number:,} {kind}" for kind, number in record_counts().items())
        breaches = "no breach" if not count else f"{count:,} breach{'es' if count > 1 else ''}"
        self.stdout.write(f"{counted} checked; {breaches}.")
        if count:
            raise SystemExit(1)
