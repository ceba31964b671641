"""Files handed in at the desk: checked, written to a folder of their own, and tried.

The name of a file on a curator's computer decides nothing but how its page or table is known
again; it is never a path here.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError

from curation.actions import BusyError
from curation.models import Upload, UploadKind
from curation.permissions import Right, demand
from curation.uploads import jobs, store
from curation.uploads.archive import list_archive
from curation.uploads.limits import Limits, UploadError, size_in_words
from curation.uploads.names import clean_name, is_page, is_table, is_zip
from proteins.domain.identifiers import shown

_GZIP_MAGIC = b"\x1f\x8b"
#: Enough of a file to distinguish text from anything else.
_START = 4096
_TAKEN = "pages (.md, several at once), one .zip of pages, or one table (.tsv or .tsv.gz)"


@dataclass(frozen=True)
class _Received:
    kind: UploadKind
    name: str
    skipped: tuple[str, ...] = ()


def receive(*, user: User, files: Sequence[UploadedFile[Any]]) -> Upload:
    """Keep what was handed in and begin its preview.

    Raises `PermissionDenied`, `UploadError` where the files are not taken, `ActionError` while
    another import is tried or carried out from the desk, and `BusyError`.
    """
    demand(user, Right.IMPORT)
    jobs.check_idle()
    jobs.discard_forgotten()
    limits = Limits.now()
    size = sum(file.size or 0 for file in files)
    names = _checked_names(files, size, limits)
    name = store.new_folder()
    folder = store.folder_named(name)
    try:
        received = _keep(files, names, folder, limits)
        upload = Upload.objects.create(
            folder=name,
            kind=received.kind,
            name=received.name,
            size=size,
            skipped=list(received.skipped),
            started_by=user,
        )
    except OperationalError as error:
        store.remove(folder)
        raise BusyError from error
    except BaseException:
        store.remove(folder)
        raise
    jobs.start(upload)
    return upload


def _checked_names(files: Sequence[UploadedFile[Any]], size: int, limits: Limits) -> list[str]:
    """Return what the files are called; raises `UploadError` where they do not go together."""
    if not files:
        raise UploadError(f"Choose what to import: {_TAKEN}.")
    names = [clean_name(file.name or "") for file in files]
    for file, name in zip(files, names, strict=True):
        if not (is_page(name) or is_table(name) or is_zip(name)):
            raise UploadError(f"{shown(name)} is not taken. What is: {_TAKEN}.")
        if not file.size:
            raise UploadError(f"{shown(name)} is empty.")
    if len(names) > 1 and not all(is_page(name) for name in names):
        raise UploadError(f"Hand these in one by one. What is taken at once: {_TAKEN}.")
    if len({name.lower() for name in names}) < len(names):
        raise UploadError("Two of the files have the same name.")
    if size > limits.received:
        raise UploadError(
            f"That is {size_in_words(size)}; {size_in_words(limits.received)} are the most at once."
        )
    return names


def _keep(
    files: Sequence[UploadedFile[Any]], names: Sequence[str], folder: Path, limits: Limits
) -> _Received:
    first = names[0]
    if is_zip(first):
        _write(files[0], store.archive_of(folder))
        listing = list_archive(store.archive_of(folder), limits)
        return _Received(UploadKind.PAGES, first, listing.skipped)
    if is_table(first):
        own = "table.tsv.gz" if first.lower().endswith(".gz") else "table.tsv"
        _write(files[0], store.files_of(folder) / own)
        _check_table(store.files_of(folder) / own, first)
        store.write_names(folder, {own: first})
        return _Received(UploadKind.TABLE, first)
    names_by_file: dict[str, str] = {}
    for number, (file, name) in enumerate(zip(files, names, strict=True), 1):
        own = f"{number:06}.md"
        page = store.files_of(folder) / own
        _write(file, page)
        _check_page(page, name, limits)
        names_by_file[own] = name
    store.write_names(folder, names_by_file)
    others = len(names) - 1
    also = f" and {others:,} other page{'s' if others > 1 else ''}" if others else ""
    return _Received(UploadKind.PAGES, f"{first}{also}")


def _write(file: UploadedFile[Any], to: Path) -> None:
    with to.open("xb") as opened:
        for chunk in file.chunks():
            opened.write(chunk)


def _check_page(file: Path, name: str, limits: Limits) -> None:
    size = file.stat().st_size
    if size > limits.page:
        raise UploadError(
            f"{shown(name)} has {size_in_words(size)}; a page has {size_in_words(limits.page)} "
            "at most."
        )
    _check_text(_start_of(file), name, "a page")


def _check_table(file: Path, name: str) -> None:
    """Raise `UploadError` where a table is not what its name says; its rows are read later."""
    start = _start_of(file)
    packed = name.lower().endswith(".gz")
    if packed != start.startswith(_GZIP_MAGIC):
        what = "is not compressed by gzip, as .gz says" if packed else "is compressed: call it .gz"
        raise UploadError(f"{shown(name)} {what}.")
    if packed:
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, _START)
        except zlib.error:
            raise UploadError(f"{shown(name)} is damaged: it cannot be decompressed.") from None
    _check_text(start, name, "a table")


def _start_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_START)


def _check_text(start: bytes, name: str, what: str) -> None:
    """Raise `UploadError` where a file does not begin as text: an image, a program."""
    try:
        # A character may be cut at the end: more is expected there.
        codecs.getincrementaldecoder("utf-8")().decode(start)
        text = b"\x00" not in start
    except UnicodeDecodeError:
        text = False
    if not text:
        raise UploadError(f"{shown(name)} is not {what}: it does not hold text (UTF-8).")
