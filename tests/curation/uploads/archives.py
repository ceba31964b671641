"""Archives for tests: honest ones, and those that mean harm."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.curation.importing.pages_for_tests import page, row

PAGE = page("Q9UK53", "ING1", targets=[row("BAX", "Q07812")]).encode()


def entry(name: str, data: bytes = PAGE, change: Callable[[ZipInfo], None] | None = None) -> bytes:
    """An archive of one entry, with its name as it is given."""
    return archive((name, data), change=change)


def archive(*entries: tuple[str, bytes], change: Callable[[ZipInfo], None] | None = None) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as opened:
        for name, data in entries:
            info = ZipInfo("x", (2026, 1, 1, 0, 0, 0))
            info.filename = name  # as it is, where ZipInfo would cut it at a NUL
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            if change is not None:
                change(info)
            opened.writestr(info, data)
    return packed.getvalue()


def link(info: ZipInfo) -> None:
    info.external_attr = 0o120777 << 16


def device(info: ZipInfo) -> None:
    info.external_attr = 0o020666 << 16


def bzip2(info: ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_BZIP2


def marked(data: bytes, **fields: int) -> bytes:
    """An archive of one entry whose two heads say something else of it."""
    offsets = {"flags": (6, 8, "<H"), "size": (22, 24, "<L"), "packed": (18, 20, "<L")}
    changed = bytearray(data)
    central = data.index(b"PK\x01\x02")
    for name, value in fields.items():
        local_at, central_at, form = offsets[name]
        struct.pack_into(form, changed, local_at, value)
        struct.pack_into(form, changed, central + central_at, value)
    return bytes(changed)


def write(folder: Path, data: bytes) -> Path:
    file = folder / "a.zip"
    file.write_bytes(data)
    return file
