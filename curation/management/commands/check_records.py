from __future__ import annotations

from django.core.management.base import BaseCommand

from curation.checks import find_breaches, observations, record_counts


class Command(BaseCommand):
    help = (
        "Check what must hold of the records: counters and flags, evidence that never "
        "changes and is there once, references, species, orphans, pins and proposals. Prints a "
        "line for each breach; nothing is changed. Exit status: 0 no breach, 1 some."
    )

    def handle(self, *_: object, **__: object) -> None:
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
