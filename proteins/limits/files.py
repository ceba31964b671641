"""Whole files: what is streamed, in whatever format, takes a slot until it is sent.

A stream does its work while it is sent, and holds a thread of the worker as long as its reader
takes. So a small file is made at once, and its slot is free before it is sent; of a large one the
time is limited. Between its pieces a file gives way to other answers of the same worker, which
would wait for the interpreter at each of their queries.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from proteins.limits.rates import client_of
from proteins.limits.slots import Slot, Slots

#: Files of no more bytes are made before they are sent.
SPOOLED_BYTES: Final = 1_000_000
#: Seconds after which to try again.
RETRY_AFTER: Final = 10
BLOCK: Final = 65_536
#: Seconds for which a file waits before each of its pieces, at most, and between two looks.
GIVES_WAY: Final = 0.2
_PAUSE: Final = 0.003
REFUSAL: Final = (
    f"Too many files are being downloaded, by you or in total. Try again in {RETRY_AFTER} seconds."
)

slots: Final = Slots(
    "file",
    lambda: settings.FILE_SLOTS,
    lambda: settings.FILE_SLOTS_BY_CLIENT,
    lambda: settings.FILE_SECONDS,
)


class _Answers:
    """How many answers this worker is making, beside the files that it sends."""

    def __init__(self) -> None:
        self.number = 0
        self._lock = Lock()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._lock:
            self.number += 1
        try:
            yield
        finally:
            with self._lock:
                self.number -= 1


answers: Final = _Answers()


def is_free(request: HttpRequest) -> bool:
    """Whether a client would get a slot of this worker now; to refuse before any work."""
    return slots.is_free(client_of(request))


def take_slot(request: HttpRequest) -> Slot | None:
    """Return a slot for a file, or None where there is none."""
    return slots.take(client_of(request))


def without_body(response: Any) -> None:
    """Let an answer to HEAD make nothing of its file."""
    response.streaming_content = ()


def drop(response: HttpResponseBase) -> None:
    """Close what a response that is not sent holds; its request goes on, which `close` would end
    and its database connection with it."""
    closers = [*response._resource_closers]  # type: ignore[attr-defined]
    response._resource_closers.clear()  # type: ignore[attr-defined]
    for close in closers:
        close()


def send_within(response: StreamingHttpResponse, slot: Slot) -> None:
    """Let a file give its slot back once it is sent, at the latest after FILE_SECONDS."""
    response._resource_closers.append(slot.release)  # type: ignore[attr-defined]
    if isinstance(response, FileResponse):
        # One that lies there. Not by `sendfile`, which waits for its reader without an end.
        response.block_size = BLOCK
        _limit(response, _content(response))
        return
    begun, chunks = _begun(_content(response))
    if sum(map(len, begun)) > SPOOLED_BYTES:
        _limit(response, chain(begun, chunks))
        return
    slot.release()
    whole = b"".join(begun)
    response["Content-Length"] = str(len(whole))
    response.streaming_content = [whole]


def _content(response: StreamingHttpResponse) -> Iterator[bytes]:
    content: Any = response.streaming_content
    return iter(content)


def _begun(content: Iterable[bytes]) -> tuple[list[bytes], Iterator[bytes]]:
    """Read chunks until they are more than is spooled, or all; return them, and the rest."""
    chunks, begun, size = iter(content), [], 0
    for chunk in _giving_way(chunks):
        begun.append(chunk)
        size += len(chunk)
        if size > SPOOLED_BYTES:
            break
    return begun, chunks


def _limit(response: StreamingHttpResponse, chunks: Iterable[bytes]) -> None:
    response.streaming_content = _in_time(chunks, time.monotonic() + settings.FILE_SECONDS)


def _in_time(chunks: Iterable[bytes], ends: float) -> Iterator[bytes]:
    for chunk in _giving_way(chunks):
        if time.monotonic() > ends:
            # A server closes the connection, by which the reader sees that the file is not whole.
            raise ConnectionResetError(errno.ECONNRESET, "A file was not read in FILE_SECONDS")
        yield chunk


def _giving_way(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk
        ends = time.monotonic() + GIVES_WAY
        while answers.number and time.monotonic() < ends:
            time.sleep(_PAUSE)
