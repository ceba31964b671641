from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from proteins.queries.content_digest import content_parts, digest_of


class Command(BaseCommand):
    help = (
        "Print one SHA-256 over all content. It is the same on SQLite and PostgreSQL and "
        "whatever the order of import; ids, times and the record of imports are not part of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--parts",
            action="store_true",
            help="also print the digest of each kind of record, to find a difference",
        )

    def handle(self, *_: object, parts: bool, **__: object) -> None:
        all_parts = content_parts()
        if parts:
            for part in all_parts:
                self.stdout.write(f"{part.digest}  {part.name} ({part.records:,})")
        self.stdout.write(digest_of(all_parts))
