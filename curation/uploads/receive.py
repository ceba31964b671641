"""Files handed in at the desk: checked, written to a folder of their own, and tried.

The name of a file on a curator's computer decides nothing but what it is and how it is known
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

from curation.actions import BusyError
from curation.models import Upload, UploadKind
from curation.permissions import Right, demand
from curation.shared.lock import is_locked
from curation.shared.private_files import create_private
from curation.uploads import jobs, store
from curation.uploads.archive import list_archive
from curation.uploads.limits import Limits, UploadError, size_in_words
from curation.uploads.names import (
    clean_name,
    is_packed,
    is_page,
    is_taken,
    is_zip,
    own_name,
)
from proteins.domain.identifiers import shown

_GZIP_MAGIC = b"\x1f\x8b"
#: Enough of a file to distinguish text from anything else.
_START = 4096
_TAKEN = (
    "pages (.md), tables and downloads (.tsv, .csv) and sequences (.fasta), also compressed (.gz), "
    "or one .zip of such files"
)
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
    except BaseException as error:
        store.remove(folder)
        if is_locked(error):
            raise BusyError from error
        raise
    jobs.start(upload)
    return upload


def _checked_names(files: Sequence[UploadedFile[Any]], size: int, limits: Limits) -> list[str]:
    """Return what the files are called; raises `UploadError` where they do not go together."""
    if not files:
        raise UploadError(f"Choose what to import: {_TAKEN}.")
    names = [clean_name(file.name or "") for file in files]
    for file, name in zip(files, names, strict=True):
        if not (is_taken(name) or is_zip(name)):
            raise UploadError(f"{shown(name)} is not taken. What is: {_TAKEN}.")
        if not file.size:
            raise UploadError(f"{shown(name)} is empty.")
    if len(names) > 1 and any(map(is_zip, names)):
        raise UploadError("Hand a .zip in by itself.")
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
        kind = _kind_of([name for _, name in listing.files], in_archive=True)
        return _Received(kind, first, listing.skipped)
    names_by_file: dict[str, str] = {}
    for number, (file, name) in enumerate(zip(files, names, strict=True), 1):
        own = own_name(number, name)
        stored = store.files_of(folder) / own
        _write(file, stored)
        if is_page(name):
            _check_page(stored, name, limits)
        else:
            _check_table(stored, name)
        names_by_file[own] = name
    store.write_names(folder, names_by_file)
    kind = _kind_of(names)
    others = len(names) - 1
    what = "page" if kind == UploadKind.PAGES else "file"
    also = f" and {others:,} other {what}{'s' if others > 1 else ''}" if others else ""
    return _Received(kind, f"{first}{also}")


def _kind_of(names: Sequence[str], *, in_archive: bool = False) -> UploadKind:
    if all(map(is_page, names)):
        return UploadKind.PAGES
    return UploadKind.TABLE if len(names) == 1 and not in_archive else UploadKind.FILES


def _write(file: UploadedFile[Any], to: Path) -> None:
    with create_private(to) as opened:
        for chunk in file.chunks():
            opened.write(chunk)


def _check_page(file: Path, name: str, limits: Limits) -> None:
    size = file.stat().st_size
    if size > limits.page:
        raise UploadError(
            f"{shown(name)} has {size_in_words(size)}; a page has {size_in_words(limits.page)} "
            "at most."
        )
    _check_text(_start_of(file), name)


def _check_table(file: Path, name: str) -> None:
    """Raise `UploadError` where a table is not what its name says; its rows are read later."""
    start = _start_of(file)
    packed = is_packed(name)
    if packed != start.startswith(_GZIP_MAGIC):
        what = "is not compressed by gzip, as .gz says" if packed else "is compressed: call it .gz"
        raise UploadError(f"{shown(name)} {what}.")
    if packed:
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, _START)
        except zlib.error:
            raise UploadError(f"{shown(name)} is damaged: it cannot be decompressed.") from None
    # Any encoding but UTF-16 has no NUL in a text; a row that is not UTF-8 is refused by itself.
    if b"\x00" in start and not start.startswith(_UTF_16_MARKS):
        raise UploadError(f"{shown(name)} is not a table: it does not hold text.")


def _start_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_START)


def _check_text(start: bytes, name: str) -> None:
    """Raise `UploadError` where a page does not begin as text: an image, a program."""
    try:
        # A character may be cut at the end: more is expected there.
        codecs.getincrementaldecoder("utf-8")().decode(start)
        text = b"\x00" not in start
    except UnicodeDecodeError:
        text = False
    if not text:
        raise UploadError(f"{shown(name)} is not a page: it does not hold text (UTF-8).")
