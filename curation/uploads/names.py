"""What uploaded files may be called (standard library only but for `shown`).

A file is stored under a name of our own; its original name only says which page or table it
is, so that the same one is recognised when it comes a second time.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from curation.uploads.limits import UploadError
from proteins.domain.identifiers import shown

MAX_NAME: Final = 200
#: Under what a page or table of the desk is recorded, apart from those that commands read.
PREFIX: Final = "uploaded"
TABLE_ENDINGS: Final = (".tsv", ".tsv.gz")
#: Archives within an archive are not opened.
ARCHIVE_ENDINGS: Final = (
    *(".zip", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar", ".tar"),
    *(".jar", ".cab", ".iso", ".lz", ".lzma", ".z"),
)


def clean_name(name: str) -> str:
    """Return the name of a file in its canonical form, without any folder.

    Raises `UploadError` where it cannot be stored.
    """
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]).strip()
    if not text or text in (".", ".."):
        raise UploadError(f"{shown(name)} is not the name of a file.")
    if not text.isprintable():
        raise UploadError(f"The file name {shown(name)} holds characters that cannot be stored.")
    if len(text) > MAX_NAME:
        raise UploadError(
            f"The file name {shown(name)} has {len(text):,} characters; {MAX_NAME} are the most."
        )
    return text


def check_entry(name: str) -> None:
    """Raise `UploadError` where an archive's entry points out of its own folder, or might on
    some system: absolute, with a drive, with `..`, with a backslash or a NUL."""
    parts = name.split("/")
    reason = ""
    if "\x00" in name:
        reason = "holds a NUL"
    elif "\\" in name:
        reason = "holds a backslash"
    elif name.startswith("/"):
        reason = "is an absolute path"
    elif ".." in parts:
        reason = "leads out of its folder"
    elif name[1:2] == ":":
        reason = "names a drive"
    elif len(name) > 4 * MAX_NAME:
        reason = f"has {len(name):,} characters"
    if reason:
        raise UploadError(
            f"The archive is not taken: the name of its entry {shown(name)} {reason}."
        )


def is_page(name: str) -> bool:
    return name.lower().endswith(".md")


def is_table(name: str) -> bool:
    return name.lower().endswith(TABLE_ENDINGS)


def is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVE_ENDINGS)
