"""A text file -> its numbered lines, streamed: plain or gzip, UTF-8 or UTF-16, any line ends.

UTF-16 is recognised by its byte order mark. Line ends are LF, CRLF, or CR alone (old Macintosh;
only where the file begins without any LF, for a single CR within a line is a stray
control character there, and the row's readers refuse it). A byte that is not UTF-8 becomes a
surrogate (PEP 383), so that the row that holds it is refused in words, and no other.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from curation.importing.source.problems import TableError

#: The longest line that is read; published ones have under 10,000 characters.
MAX_LINE_LENGTH: Final = 1_000_000
_CHUNK: Final = 1 << 16
_GZIP_MAGIC: Final = b"\x1f\x8b"
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_lines(file: Path, name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file with their numbers, from 1 and without line ends.

    Raises `TableError` where the file, called `name` in messages, cannot be read or ends too
    early; lines before the fault have been yielded: they are whole, so they count.
    """
    line = 0
    try:
        with file.open("rb") as opened, _decompressed(opened) as data:
            for text in _texts(data):
                line += 1
                if len(text) > MAX_LINE_LENGTH:
                    reason = f"the line is longer than {MAX_LINE_LENGTH:,} characters"
                    raise TableError(name, line, reason)
                yield line, text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = f"the compressed file is damaged or cut short after this line ({error})"
        raise TableError(name, max(line, 1), reason) from None
    except UnicodeDecodeError:
        reason = "the file begins as UTF-16 does, but the text after this line is none"
        raise TableError(name, max(line, 1), reason) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise TableError(name, line or None, f"the file cannot be read: {reason}") from None


def _decompressed(opened: io.BufferedReader) -> io.BufferedReader:
    start = opened.read(2)
    opened.seek(0)
    if start == _GZIP_MAGIC:
        return io.BufferedReader(gzip.GzipFile(fileobj=opened), _CHUNK)
    return opened


def _texts(data: io.BufferedReader) -> Iterator[str]:
    """Yield the lines of decompressed data; the last may be one that is longer than allowed."""
    rest, line_end, held = "", "", ""
    for chunk in _decoded(data):
        text = held + chunk
        held = ""
        if not line_end and text:
            line_end = "\r" if "\r" in text[:-1] and "\n" not in text else "\n"
        if text[-1:] == "\r":  # the LF of a CRLF may be the next character
            text, held = text[:-1], "\r"
        if "\r" in text:
            text = text.replace("\r\n", "\n")
            if line_end == "\r":
                text = text.replace("\r", "\n")
        lines = (rest + text).split("\n")
        rest = lines.pop()
        yield from lines
        if len(rest) > MAX_LINE_LENGTH:
            break
    if rest:
        yield rest


def _decoded(data: io.BufferedReader) -> Iterator[str]:
    chunk = data.read1(_CHUNK)
    if chunk.startswith(_UTF_16_MARKS):
        decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    else:
        decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    while chunk:
        yield decoder.decode(chunk)
        chunk = data.read1(_CHUNK)
    yield decoder.decode(b"", final=True)
