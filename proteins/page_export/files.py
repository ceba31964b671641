"""Pages into a folder: one file a protein, each there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings

from proteins.models import Protein
from proteins.page_export.reader import PageReader
from proteins.page_export.selection import Subject, subjects_among, subjects_needed
from proteins.page_export.writer import page_text
from proteins.queries.snapshot import consistent_read


class UnknownProteinError(LookupError):
    """Requested accessions that are not in the database."""

    def __init__(self, accessions: Iterable[str]) -> None:
        self.accessions = sorted(accessions)
        super().__init__(f"There is no protein {', '.join(self.accessions)}")


def export_pages(
    folder: Path,
    accessions: Iterable[str] = (),
    *,
    on_start: Callable[[int], None] = lambda _: None,
    on_page: Callable[[], object] = lambda: None,
) -> tuple[int, list[str]]:
    """Write the pages of `accessions`, or of all proteins that need one, into `folder`.

    Returns how many, and what of the database no page can hold. `on_start` is called with
    the number of pages to come. Other files of the folder stay as they are. Raises
    `UnknownProteinError` before anything is written, `OSError` where a file cannot be.
    """
    with consistent_read():
        wanted = set(accessions)
        subjects = _chosen(wanted) if wanted else subjects_needed()
        reader = PageReader(subjects)
        folder.mkdir(parents=True, exist_ok=True)
        on_start(len(subjects))
        for page in reader.pages():
            file = folder / f"{page.accession.lower()}.md"
            size = write_whole(file, page_text(page))
            if size > settings.IMPORT_MAX_PAGE_BYTES:
                reader.losses.append(_too_large(file, size))
            on_page()
    return len(subjects), reader.losses


def _too_large(file: Path, size: int) -> str:
    return (
        f"{file} has {size:,} bytes: an import takes it once the setting IMPORT_MAX_PAGE_BYTES "
        "allows as many"
    )


def _chosen(accessions: set[str]) -> list[Subject]:
    chosen = Protein.objects.filter(accession__in=accessions)
    unknown = accessions.difference(chosen.values_list("accession", flat=True))
    if unknown:
        raise UnknownProteinError(unknown)
    return subjects_among(chosen)


def write_whole(file: Path, text: str) -> int:
    """Write `text` beside `file`, then put it in its place, so that no half of it is there.

    Returns its size in bytes.
    """
    data = text.encode()
    # Not `*.md`: should the process end here, an import of the folder passes it over.
    beside = file.with_name(f".{file.name}.part")
    try:
        beside.write_bytes(data)
        os.replace(beside, file)  # noqa: PTH105  (as Path.replace, without a second Path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return len(data)
