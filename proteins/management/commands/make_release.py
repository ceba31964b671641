from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from tqdm import tqdm

from proteins import release_store
from proteins.releases.freezing import Progress
from proteins.releases.making import ReleaseError, make_release


class Command(BaseCommand):
    help = (
        "Freeze the public content, as it is now, into files that never change (RELEASES_DIR): "
        "one for each species, class of evidence and format, with SHA-256 sums, a manifest and "
        "the changes since the release before. Whatever stops it leaves nothing behind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="year and month, such as 2026.12 or 2026.12.1")

    def handle(self, *_: object, name: str, **__: object) -> None:
        with tqdm(unit="row", unit_scale=True, file=sys.stderr, disable=None) as bar:
            try:
                release = make_release(name, Progress(lambda *what: _begin(bar, *what), bar.update))
            except ReleaseError as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt:
                raise CommandError(_stopped(name)) from None
        size = filesizeformat(sum(file.size for file in release.files.values()))
        self.stdout.write(f"Release {name}: {len(release.files)} files, {size}, in {release.path}")


def _stopped(name: str) -> str:
    """Tell what is left: a signal may come after the release is whole, and then it stays."""
    if (release_store.folder() / name).exists():
        return f"Stopped; release {name} was whole already, and stays."
    return "Stopped; nothing of the release is left."


def _begin(bar: tqdm[Any], what: str, rows: int) -> None:
    bar.set_description(what)
    bar.reset(rows)
