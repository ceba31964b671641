"""Processor time that a release takes for each megabyte of its text, beside gzip alone.

    DATABASE_URL=... python -m tests.benchmarks.release_speed

DATABASE_URL names a migrated database with content, such as a whole-species table; 80,000
interactions take half a minute. The release goes to a temporary folder. Gzip alone packs the text
of the same files once more, which is the least that any release must do. Printed are megabytes of
text, seconds of this process, both for a megabyte, and their ratio; exit status 1 says that the
ratio is over its limit.
"""

from __future__ import annotations

import gzip
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.test import override_settings

from proteins.releases.making import make_release
from proteins.releases.writing import LEVEL

#: Seconds of a release for one of gzip: 4.5 were measured, and 6.5 where each file was written from
#: rows that it read and made itself.
LIMIT: Final = 5.5


def seconds_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def pack(files: list[Path]) -> int:
    """Pack the text of files again, a piece at a time; return its bytes."""
    size = 0
    for path in files:
        with gzip.open(path) as text, gzip.open(os.devnull, "wb", LEVEL) as packed:
            while piece := text.read(1 << 16):
                size += packed.write(piece)
    return size


def unpack(files: list[Path]) -> None:
    for path in files:
        with gzip.open(path) as text:
            while text.read(1 << 16):
                pass


def main() -> int:
    with tempfile.TemporaryDirectory() as name, override_settings(RELEASES_DIR=Path(name)):
        release = seconds_of(lambda: make_release("2026.12"))
        folder = Path(name) / "2026.12"
        files = sorted(folder.glob("*.gz"))
        sizes: list[int] = []
        packing = seconds_of(lambda: sizes.append(pack(files)))
        packing -= seconds_of(lambda: unpack(files))
        folder.chmod(0o755)
    megabytes = sizes[0] / 1e6
    ratio = release / packing
    print(
        f"{megabytes:.0f} MB of text in {len(files)} files: {release:.1f} s, "
        f"{release / megabytes:.4f} s/MB; gzip alone {packing:.1f} s, "
        f"{packing / megabytes:.4f} s/MB: {ratio:.1f} (at most {LIMIT})"
    )
    return int(ratio > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
