"""Readers who take their time, where no web server in front waits for them.

Gunicorn sends an answer from the thread that made it, and waits for its reader without an end.
So the kernel gets room for the whole of a page, which frees the thread at once; of what is larger,
a reader takes each piece within SEND_SECONDS or is cut off.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from django.conf import settings

#: A list of 1,000 records, the largest answer that is not streamed. The system may give less
#: (Linux: net.core.wmem_max).
SEND_BUFFER: Final = 1_500_000

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SlowReaders:
    """A WSGI application around another; does nothing under another server."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        content = self._application(environ, start_response)
        sock = environ.get("gunicorn.socket")
        if not isinstance(sock, socket.socket):
            return content
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        sock.settimeout(settings.SEND_SECONDS)
        return _Body(content, sock, is_last=_is_last(environ))


def _is_last(environ: dict[str, Any]) -> bool:
    """Whether the connection ends with this answer."""
    wishes = environ.get("HTTP_CONNECTION", "").lower()
    is_old = environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
    return "close" in wishes or (is_old and "keep-alive" not in wishes)


class _Body:
    """The content of an answer. Nothing more is read from a connection that ends with it: the
    main thread of the worker would wait two seconds for the reader to close, each time."""

    def __init__(self, content: Iterable[bytes], sock: socket.socket, *, is_last: bool) -> None:
        self._content, self._sock, self._ends = content, sock, is_last

    def __iter__(self) -> Iterator[bytes]:
        was_last, self._ends = self._ends, True
        yield from self._content
        self._ends = was_last

    def close(self) -> None:
        if self._ends:
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RD)
        close = getattr(self._content, "close", None)
        if close is not None:
            close()
