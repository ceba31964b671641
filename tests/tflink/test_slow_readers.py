"""Readers who take nothing, at the socket that gunicorn would send by."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import LazySettings

from tflink.slow_readers import SlowReaders

Sockets = tuple[socket.socket, socket.socket]


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    """The server's end of a connection, and that of a reader with little room."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        reader = stack.enter_context(socket.socket())
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(listener.getsockname())
        server = stack.enter_context(listener.accept()[0])
        yield server, reader


def send(server: socket.socket, pieces: list[bytes], **environ: str) -> Any:
    """Send as gunicorn does."""
    content: Any = SlowReaders(lambda *_: pieces)({"gunicorn.socket": server, **environ}, print)
    try:
        for piece in content:
            server.sendall(piece)
    finally:
        content.close()
    return content


def test_a_page_leaves_the_thread_at_once(sockets: Sockets, settings: LazySettings) -> None:
    settings.SEND_SECONDS = 5
    server, reader = sockets
    began = time.monotonic()
    send(server, [b"x" * 120_000])
    assert time.monotonic() - began < 5
    server.close()
    assert sum(len(piece) for piece in iter(lambda: reader.recv(1 << 16), b"")) == 120_000


def test_what_is_not_read_ends(sockets: Sockets, settings: LazySettings) -> None:
    settings.SEND_SECONDS = 0.1
    server, _ = sockets
    with pytest.raises(TimeoutError):
        send(server, [b"x" * 50_000_000])
    assert server.recv(1) == b""  # nobody waits for more


@pytest.mark.parametrize(
    ("environ", "is_last"),
    [
        ({}, False),
        ({"HTTP_CONNECTION": "Close"}, True),
        ({"SERVER_PROTOCOL": "HTTP/1.0"}, True),
        ({"SERVER_PROTOCOL": "HTTP/1.0", "HTTP_CONNECTION": "keep-alive"}, False),
    ],
)
def test_nobody_waits_for_more_on_a_connection_that_ends(
    sockets: Sockets, environ: dict[str, str], *, is_last: bool
) -> None:
    server, reader = sockets
    send(server, [b"x"], **environ)
    if is_last:
        assert server.recv(1) == b""
    else:
        reader.send(b"next")
        assert server.recv(4) == b"next"


def test_another_server_is_left_alone() -> None:
    pieces = [b"x"]
    assert SlowReaders(lambda *_: pieces)({}, print) is pieces
