"""Commands in forked processes: real ones, which can be killed, with Django loaded once for all."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any, Final, NoReturn

import django
from django.db import connection

from tests.benchmarks.databases import database_name
from tflink.command_line import run

#: What the digest of a database is preceded by: each record must hold.
CHECKED: Final = (("check_records",), ("content_digest",))


class Ended(Exception):  # noqa: N818  (it is no error)
    """How a process ended: its status, what it printed, and its errors."""

    def __init__(self, status: int, output: str, error: str) -> None:
        super().__init__(f"status {status}: {error[-2000:]}")
        self.status, self.output, self.error = status, output, error


@dataclass
class Forked:
    """A process that carries out commands, one after another, until one fails."""

    pid: int
    _output: IO[bytes]
    _error: IO[bytes]
    _ended: Ended | None = field(default=None)

    def wait(self) -> Ended:
        if self._ended is None:
            _, status = os.waitpid(self.pid, 0)
            self._note(status)
        assert self._ended is not None
        return self._ended

    @property
    def is_running(self) -> bool:
        if self._ended is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._note(status)
        return self._ended is None

    def _note(self, status: int) -> None:
        texts = []
        for file in (self._output, self._error):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
            file.close()
        self._ended = Ended(os.waitstatus_to_exitcode(status), *texts)

    def kill(self) -> Ended:
        if self.is_running:
            os.kill(self.pid, signal.SIGKILL)
        return self.wait()


def load(**environment: str) -> None:
    """Load Django with settings of an environment; once, and before anything of it is used."""
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()


def start(
    url: str, *commands: tuple[str, ...], before: Callable[[], None] = lambda: None
) -> Forked:
    """Begin commands on a database of the kind that was loaded; `before` is called within."""
    connection.close()
    # Closed when what is in them is read.
    output, error = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        _work(url, commands, before, output, error)
    return Forked(pid, output, error)


def _work(
    url: str,
    commands: tuple[tuple[str, ...], ...],
    before: Callable[[], None],
    output: IO[bytes],
    error: IO[bytes],
) -> NoReturn:
    os.dup2(output.fileno(), 1)
    os.dup2(error.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    status: Any = 1
    try:
        connection.settings_dict["NAME"] = database_name(url)
        before()
        for words in commands:
            run(["manage.py", *words])
        status = 0
    except SystemExit as ended:
        status = ended.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def carry_out(url: str, *commands: tuple[str, ...]) -> Ended:
    return start(url, *commands).wait()


def succeed(url: str, *commands: tuple[str, ...]) -> str:
    """Carry out commands that must succeed; return what they print."""
    ended = carry_out(url, *commands)
    if ended.status:
        raise ended
    return ended.output


def digest(url: str) -> str:
    """Return the content digest of a database, every record of which must hold."""
    return succeed(url, *CHECKED).split()[-1]


def wait_until(is_so: Callable[[], bool], process: Forked) -> None:
    """Wait until something is so, or the process has ended."""
    while process.is_running and not is_so():
        time.sleep(0.01)
