"""A database written as pages and read again, for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from curation.importing.run import import_pages
from proteins.page_export.files import export_pages
from proteins.queries.content_digest import Part, content_parts


@contextmanager
def undone() -> Iterator[None]:
    """Take back all that is written within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def round_trip(build: Callable[[], object], folder: Path) -> tuple[list[Part], list[Part]]:
    """Return the content that `build` makes of an empty database, and of import(export)."""
    with undone():
        build()
        before = content_parts()
        _, losses = export_pages(folder)
        assert losses == []
    with undone():
        report = import_pages([folder])
        assert report.clean, report.problems
        after = content_parts()
    return before, after
