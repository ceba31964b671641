"""A file that PubMed saved, XML or MEDLINE, compressed or not: read in pieces, in bounds."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Protocol

from curation.literature.medline import read_medline
from curation.literature.publication import Publication, PublicationError
from curation.literature.pubmed_xml import PubMedXML

_PIECE: Final = 1 << 16
#: Characters of a line of MEDLINE; they are broken after 80 or so.
_MAX_LINE: Final = 100_000
_GZIP: Final = b"\x1f\x8b"


def read_publications(
    path: Path, wanted: Iterable[int], *, max_bytes: int
) -> dict[int, Publication]:
    """Return those of a file that are wanted, by PubMed ID; the last where one comes twice.

    The whole file is read first, so that a broken one changes nothing. Raises
    `PublicationError`, which names the file, and says why.
    """
    numbers = frozenset(wanted)
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(path.open("rb"))
            start = raw.read(len(_GZIP))
            raw.seek(0)
            file: Readable = raw
            if start == _GZIP:
                file = stack.enter_context(gzip.GzipFile(fileobj=raw))
            publications = _publications(_Bounded(file, max_bytes))
            return {item.pmid: item for item in publications if item.pmid in numbers}
    except PublicationError as error:
        raise PublicationError(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise PublicationError(f"{path}: not text in UTF-8: {error.reason}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise PublicationError(f"{path}: the compressed file is broken: {error}") from error
    except OSError as error:
        raise PublicationError(f"{path}: {error.strerror or error}") from error


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Bounded(io.RawIOBase):
    """Reads a file up to a limit, and refuses to go beyond it."""

    def __init__(self, file: Readable, limit: int) -> None:
        self._file, self._left, self._limit = file, limit, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview[int], /) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise PublicationError(f"larger than {self._limit:,} bytes (NCBI_MAX_FILE_BYTES)")
        buffer[: len(data)] = data
        return len(data)


def _publications(file: _Bounded) -> Iterator[Publication]:
    buffered = io.BufferedReader(file, _PIECE)
    start = buffered.peek(_PIECE).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<", b"\xfe\xff", b"\xff\xfe")):
        yield from _xml(buffered)
    elif start.startswith(b"PMID"):
        text = io.TextIOWrapper(buffered, encoding="utf-8-sig")
        yield from read_medline(_lines(text))
    else:
        raise PublicationError("neither PubMed's XML nor the MEDLINE format")


def _xml(file: Readable) -> Iterator[Publication]:
    reader = PubMedXML()
    while piece := file.read(_PIECE):
        yield from reader.feed(piece)
    yield from reader.close()


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(_MAX_LINE):
        if len(line) == _MAX_LINE:
            raise PublicationError(f"a line has more than {_MAX_LINE:,} characters")
        yield line
