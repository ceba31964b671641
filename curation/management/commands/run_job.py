from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError

from curation.uploads.jobs import KINDS
from curation.uploads.work import work


class Command(BaseCommand):
    help = (
        "Try or carry out what was handed in at the desk: an upload, or an import to take back. "
        "The admin starts this by itself, in a process of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("number", type=int, help="its number in the admin")

    def handle(self, *_: Any, kind: str, number: int, **__: Any) -> None:
        try:
            went_well = work(kind, number)
        except ObjectDoesNotExist as error:
            raise CommandError(f"There is no {kind} {number}.", returncode=2) from error
        if not went_well:
            raise SystemExit(1)
