"""A crowd that means no good, against a real gunicorn with two workers on loopback.

    DATABASE_URL=... python -m tests.benchmarks.hostile_crowd [--seconds 20] [--only PART...]

DATABASE_URL names a migrated database with a whole-species table in it. Nothing is written to it
but failed log-ins and the changes of `writes`: name a copy.

- `crowd`: eight who read whole files over and over, sixteen who read slowly (pages, lists and
  files), sixteen who guess passwords, first all from one IP address, then each from its own.
  Meanwhile a reader opens protein pages: percentiles of its waiting, calm and attacked.
- `junk`: pages a second with random parameters that mean nothing and known ones in another order,
  as a share of the rate of the cached page; taken in turns.
- `writes`: the share of answers from the page cache, of readers whose choice of proteins follows
  Zipf, without writes and with one each ten seconds.

Rates and times depend on the machine and on what else it does: ratios are comparable.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import itertools
import os
import random
import re
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from multiprocessing import get_context
from statistics import median, quantiles
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from curation.actions import amend_protein
from proteins.models import Protein
from tests.benchmarks.site_servers import WORKERS, Server, fetch, site
from tests.curation.people import make_person

PARTS: Final = ("crowd", "junk", "writes")
FILES, SLOW, GUESSERS = 8, 16, 16
FILE: Final = "/api/v1/interactions/?format=tsv"
LONG_LIST: Final = "/api/v1/interactions/?page_size=1000"
LOGIN: Final = "/admin/login/"
READER: Final = "127.0.2.1"
ROUNDS: Final = 5
#: Readers of `writes`: pages a second, and how steep their choice is.
READS_A_SECOND: Final = 40
PROTEINS: Final = 3_000
_TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')

Attacker = Callable[[int, str, Counter[str]], Coroutine[Any, Any, None]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=20, help="for each figure (20)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    given = parser.parse_args()
    print(f"load {os.getloadavg()}, {os.cpu_count()} processors, {WORKERS} workers")
    hubs = list(Protein.objects.order_by("-target_count").values_list("accession", flat=True))
    pages = [f"/protein/{accession.lower()}/" for accession in hubs[:PROTEINS]]
    for part in given.only:
        {"crowd": crowd, "junk": junk, "writes": writes}[part](pages, given.seconds)
    print(f"load at the end {os.getloadavg()}")


def crowd(pages: Sequence[str], seconds: int) -> None:
    with site(os.environ["DATABASE_URL"], {}) as server:
        calm = _reading(server, pages[:40], seconds)
        _print_times("calm", calm)
        for name, spread in (("one IP address", False), ("each its own", True)):
            with _attacking(server, spread, seconds + 5) as seen:
                time.sleep(3)
                attacked = _reading(server, pages[:40], seconds)
            _print_times(f"crowd, {name}", attacked)
            print(f"    the crowd saw {seen()}")


def _print_times(name: str, times: Sequence[float]) -> None:
    cut = quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    print(
        f"{name:28} {len(times):5} pages, ms: p50 {cut[49] * 1000:7.1f}"
        f"  p95 {cut[94] * 1000:7.1f}  longest {max(times) * 1000:7.1f}"
    )


def _reading(server: Server, pages: Sequence[str], seconds: float) -> list[float]:
    """Open one page after another from an IP address of one's own; return how long each took."""
    times: list[float] = []
    ends = time.monotonic() + seconds
    for path in itertools.cycle(pages):
        if time.monotonic() > ends:
            return times
        began = time.monotonic()
        line = http.client.HTTPConnection(
            urlsplit(server.url).netloc, timeout=seconds, source_address=(READER, 0)
        )
        try:
            line.request("GET", path)
            answer = line.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise SystemExit(f"{path}: {answer.status}")
        except OSError:
            pass  # As long as it was waited for.
        finally:
            line.close()
        times.append(time.monotonic() - began)
        time.sleep(0.02)
    return times


class _attacking:  # noqa: N801  (used as a statement)
    """Attackers in a process of their own, while the context lasts."""

    def __init__(self, server: Server, spread: bool, seconds: float) -> None:
        self._context = get_context("fork")
        self._queue: Any = self._context.Queue()
        arguments = (server.url, spread, seconds, self._queue)
        self._process = self._context.Process(target=_attack, args=arguments)

    def __enter__(self) -> Callable[[], str]:
        self._process.start()
        return lambda: str(self._seen)

    def __exit__(self, *_: object) -> None:
        self._seen = self._queue.get()
        self._process.join()


def _attack(url: str, spread: bool, seconds: float, queue: Any) -> None:
    port = urlsplit(url).port or 80
    seen: Counter[str] = Counter()

    async def all_of_them() -> None:
        crowd: list[Attacker] = [*[_read_file] * FILES, *[_read_slowly] * SLOW]
        crowd += [_guess] * GUESSERS
        tasks = [
            asyncio.create_task(
                _forever(attacker, port, f"127.0.1.{number + 1 if spread else 1}", seen)
            )
            for number, attacker in enumerate(crowd)
        ]
        await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(all_of_them())
    queue.put(dict(sorted(seen.items())))


async def _forever(attacker: Attacker, port: int, source: str, seen: Counter[str]) -> None:
    while True:
        try:
            await attacker(port, source, seen)
        except (OSError, asyncio.IncompleteReadError):
            seen[f"{attacker.__name__[1:]} cut off"] += 1
        await asyncio.sleep(0.05)


async def _read_file(port: int, source: str, seen: Counter[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        status, _ = await _request(reader, writer, "GET", FILE)
        seen[f"file {status}"] += 1
        while await reader.read(1 << 16):
            pass
    finally:
        writer.close()


async def _read_slowly(port: int, source: str, seen: Counter[str]) -> None:
    """Take a few bytes a second of something large."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(0)
    sock.bind((source, 0))
    path = random.choice(["/protein/p04637/", "/browse/", LONG_LIST, FILE])
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_connect(sock, ("127.0.0.1", port))
        text = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        await loop.sock_sendall(sock, text.encode())
        piece = await loop.sock_recv(sock, 20)
        seen[f"slow {piece[9:12].decode()}"] += 1
        while await loop.sock_recv(sock, 16):
            await asyncio.sleep(1)
    finally:
        sock.close()


async def _guess(port: int, source: str, seen: Counter[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        status, body = await _request(reader, writer, "GET", LOGIN, close=False)
        token = _TOKEN.search(body)
        if token:
            fields = {
                "csrfmiddlewaretoken": token[1].decode(),
                "username": f"person{random.randrange(10_000)}",
                "password": "password",
                "next": "/admin/",
            }
            cookie = f"csrftoken={seen_cookie(body)}"
            status, _ = await _request(
                reader, writer, "POST", LOGIN, urlencode(fields), cookie=cookie
            )
        seen[f"guess {status}"] += 1
    finally:
        writer.close()


def seen_cookie(answer: bytes) -> str:
    cookie = re.search(rb"csrftoken=(\w+)", answer)
    return cookie[1].decode() if cookie else ""


async def _request(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    method: str,
    path: str,
    body: str = "",
    *,
    cookie: str = "",
    close: bool = True,
) -> tuple[str, bytes]:
    """Send a request; return its status, and for one that leaves the line open all of it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"Connection: {'close' if close else 'keep-alive'}"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    writer.write("\r\n".join([*lines, "", body]).encode())
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    rest = b""
    if not close:
        length = re.search(rb"(?i)content-length: (\d+)", head)
        rest = await reader.readexactly(int(length[1]) if length else 0)
    return head[9:12].decode(), head + rest


def junk(pages: Sequence[str], seconds: int) -> None:
    """The same page under its own URL, and under others that mean the same."""
    page = pages[0]
    meaningful = ["targets-sort=name", "tfs-sort=accession", "sites-page=1"]
    names: dict[str, Callable[[], str]] = {
        "cached": lambda: page,
        "junk": lambda: f"{page}?utm_source={random.random()}&x{random.random()}=1",
        "cached, known": lambda: f"{page}?{'&'.join(meaningful)}",
        "another order": lambda: (
            f"{page}?{'&'.join(random.sample(meaningful, 3))}&y={random.random()}"
        ),
    }
    rates: dict[str, list[float]] = {name: [] for name in names}
    with site(os.environ["DATABASE_URL"]) as server:
        for path in names.values():
            for _ in range(6 * WORKERS):
                fetch(server.url + path())
        for _ in range(ROUNDS):
            for name, path in names.items():
                rates[name].append(_rate(server, path, seconds / ROUNDS))
    for name, other in (("junk", "cached"), ("another order", "cached, known")):
        ratio = median(a / b for a, b in zip(rates[name], rates[other], strict=True))
        print(f"{name:28} {median(rates[name]):7.1f} a second, {ratio:.2f} of {other}")


def _rate(server: Server, path: Callable[[], str], seconds: float) -> float:
    line = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    ends, number = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        line.request("GET", path())
        answer = line.getresponse()
        answer.read()
        number += answer.status == http.HTTPStatus.OK
    line.close()
    return number / seconds


def writes(pages: Sequence[str], seconds: int) -> None:
    for name, interval in (("no writes", 0.0), ("a write each 10 s", 10.0)):
        with tempfile.TemporaryDirectory() as folder:
            metrics = {"PROMETHEUS_MULTIPROC_DIR": folder}
            with site(os.environ["DATABASE_URL"], **metrics) as server:
                _read_by_zipf(server, pages, seconds, interval)
                hits, others = _hits(server)
        print(f"{name:28} {hits + others:5.0f} pages, {hits / (hits + others):.3f} from the cache")


def _read_by_zipf(server: Server, pages: Sequence[str], seconds: int, interval: float) -> None:
    """Read at a steady rate; with an interval, something is written each time it is over."""
    chance = random.Random(1)
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(pages))))
    began = time.monotonic()
    written, editor, last = 0, None, Protein.objects.order_by("pk").last()
    for number in range(seconds * READS_A_SECOND):
        time.sleep(max(0.0, began + number / READS_A_SECOND - time.monotonic()))
        fetch(server.url + chance.choices(pages, cum_weights=weights)[0])
        if interval and last and (time.monotonic() - began) // interval > written:
            written += 1
            editor = editor or make_person("hostile_crowd")
            last = Protein.objects.get(pk=last.pk)
            amend_protein(user=editor, protein=last, values={"name": f"NEW{time.time_ns()}"})


def _hits(server: Server) -> tuple[float, float]:
    """How many protein pages came from the page cache, and how many were rendered."""
    counts: Counter[str] = Counter()
    for line in fetch(f"{server.url}/metrics")[0].decode().splitlines():
        if line.startswith("tflink_requests_total{") and 'view="protein"' in line:
            counts["hit" if 'cache="hit"' in line else "miss"] += int(float(line.split()[-1]))
    return counts["hit"], counts["miss"]


if __name__ == "__main__":
    main()
