"""A `.zip` of pages: looked through before anything of it is written, then unpacked.

What an archive says of itself is checked first (names, sizes, how many); what comes out of
it is counted again, because an archive can lie. The format is PKWARE's APPNOTE; its table of
contents is bounded here before `zipfile` reads it, which would take all of it into memory.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from curation.uploads.limits import Limits, UploadError, size_in_words
from curation.uploads.names import check_entry, clean_name, is_archive, is_page
from proteins.domain.identifiers import shown

_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_END64_LOCATOR_MARK: Final = b"PK\x06\x07"
_END64_LOCATOR_SIZE: Final = 20
_MAX_COMMENT: Final = 65_535
_ENTRY_SIZE: Final = 46
_ENTRY_MARK: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
#: How many entries may be beside the pages: folders, a README, what a Mac adds.
_OTHERS: Final = 1_000
_COPIED_AT_ONCE: Final = 1 << 16
#: How many of the files left out are named.
_NAMED: Final = 50


@dataclass(frozen=True)
class Listing:
    """The pages of an archive with what they are called, and the names of what is left out."""

    pages: tuple[tuple[ZipInfo, str], ...]
    skipped: tuple[str, ...]


def list_archive(file: Path, limits: Limits) -> Listing:
    """Return what an archive holds; raises `UploadError` where it is none or is not safe."""
    try:
        with file.open("rb") as opened:
            _check_contents_size(opened, limits)
            opened.seek(0)
            with ZipFile(opened) as archive:
                return _listed(archive.infolist(), limits)
    except (BadZipFile, struct.error, UnicodeDecodeError, ValueError, NotImplementedError) as error:
        raise UploadError(f"This is not a .zip file that can be read ({error}).") from None


def unpack(
    file: Path, folder: Path, limits: Limits, on_file: Callable[[int], None]
) -> dict[str, str]:
    """Write the pages of an archive to `folder`; return what each of its files is called.

    `on_file` receives the number of files done. Raises `UploadError` as `list_archive` does,
    and where what comes out is not what the archive says.
    """
    listing = list_archive(file, limits)
    names: dict[str, str] = {}
    left = limits.unpacked
    try:
        with ZipFile(file) as archive:
            for number, (info, name) in enumerate(listing.pages, 1):
                own = f"{number:06}.md"
                with archive.open(info) as packed, (folder / own).open("xb") as page:
                    left -= _copied(packed, page, min(left, limits.page), name)  # type: ignore[arg-type]
                names[own] = name
                on_file(number)
    except (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise UploadError(f"The archive is damaged: {error}.") from None
    return names


def _copied(packed: BinaryIO, page: BinaryIO, most: int, name: str) -> int:
    """Copy one entry and return its size; raises `UploadError` past `most` bytes."""
    size = 0
    while chunk := packed.read(_COPIED_AT_ONCE):
        size += len(chunk)
        if size > most:
            raise UploadError(f"{name} holds more than it should: over {size_in_words(most)}.")
        page.write(chunk)
    return size


def _check_contents_size(opened: BinaryIO, limits: Limits) -> None:
    """Raise `UploadError` where the table of contents is longer than it may be."""
    end = opened.seek(0, 2)
    start = opened.seek(max(0, end - _END64_LOCATOR_SIZE - _END.size - _MAX_COMMENT - 1))
    tail = opened.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise UploadError("This is not a .zip file, whatever its name says.")
    if tail[max(0, at - _END64_LOCATOR_SIZE) : at].startswith(_END64_LOCATOR_MARK):
        raise UploadError(
            "This .zip file is of the form for very large archives (ZIP64), which is not taken. "
            "Make smaller ones."
        )
    _, _, _, _, _, size, _, _ = _END.unpack_from(tail, at)
    most = limits.files + _OTHERS
    if size > start + at:
        raise UploadError("This .zip file is damaged: its table of contents is cut short.")
    opened.seek(start + at - size)
    entries = 0
    while size > 0:
        head = opened.read(_ENTRY_SIZE)
        if len(head) < _ENTRY_SIZE or not head.startswith(_ENTRY_MARK):
            raise UploadError("This .zip file is damaged: its table of contents cannot be read.")
        more = sum(struct.unpack_from("<3H", head, 28))
        opened.seek(more, 1)
        size -= _ENTRY_SIZE + more
        entries += 1
        if entries > most:
            raise UploadError(_too_many(limits))


def _too_many(limits: Limits) -> str:
    return f"The archive holds more than {limits.files:,} files, which are the most. Divide it."


def _listed(entries: list[ZipInfo], limits: Limits) -> Listing:
    pages: dict[str, tuple[ZipInfo, str]] = {}
    skipped: list[str] = []
    unpacked = packed = 0
    for info in entries:
        check_entry(info.orig_filename)
        _check_kind(info)
        if info.is_dir():
            continue
        if not _is_wanted(info.filename):
            if is_archive(info.filename):
                raise UploadError(
                    f"The archive holds another archive, {shown(info.filename)}. Unpack that "
                    "first, and hand in the pages."
                )
            skipped.append(info.filename)
            continue
        name = clean_name(info.filename)
        if name.lower() in pages:
            raise UploadError(
                f"The archive holds two pages called {shown(name)} (large and small letters are "
                "one). Which of them counts is unclear."
            )
        pages[name.lower()] = (info, name)
        _check_size(info, name, limits)
        unpacked += info.file_size
        packed += info.compress_size
    _check_whole(len(pages), packed, unpacked, limits)
    return Listing(tuple(pages.values()), tuple(skipped[:_NAMED]) + _more(len(skipped) - _NAMED))


def _more(number: int) -> tuple[str, ...]:
    return (f"and {number:,} more",) if number > 0 else ()


def _is_wanted(path: str) -> bool:
    """Whether an entry is a page; a Mac puts shadows of files (`._x.md`) into `__MACOSX`."""
    folders, _, name = path.rpartition("/")
    return is_page(name) and not name.startswith("._") and "__MACOSX" not in folders.split("/")


def _check_kind(info: ZipInfo) -> None:
    """Raise `UploadError` for what is neither a file nor a folder, and what cannot be read."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    reason = ""
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        reason = "is a link" if kind == stat.S_IFLNK else "is not a usual file"
    elif info.flag_bits & _ENCRYPTED:
        reason = "is encrypted"
    elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        reason = "is compressed in an unusual manner"
    if reason:
        raise UploadError(f"The archive is not taken: its entry {shown(info.filename)} {reason}.")


def _check_size(info: ZipInfo, name: str, limits: Limits) -> None:
    if info.file_size > limits.page:
        raise UploadError(
            f"{shown(name)} has {size_in_words(info.file_size)}; a page has "
            f"{size_in_words(limits.page)} at most."
        )
    limits.check_ratio(shown(name), info.compress_size, info.file_size)


def _check_whole(pages: int, packed: int, unpacked: int, limits: Limits) -> None:
    if not pages:
        raise UploadError("The archive holds no page (a file whose name ends in .md).")
    if pages > limits.files:
        raise UploadError(_too_many(limits))
    if unpacked > limits.unpacked:
        raise UploadError(
            f"The archive unpacks to {size_in_words(unpacked)}; {size_in_words(limits.unpacked)} "
            "are the most. Divide it."
        )
    limits.check_ratio("The archive", packed, unpacked)
