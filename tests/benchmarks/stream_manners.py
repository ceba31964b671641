"""Files from a real gunicorn while others write, and when a reader hangs up.

    DATABASE_URL=... python -m tests.benchmarks.stream_manners

DATABASE_URL names a migrated database with a whole-species table in it, to be written to: a
copy. For each format:

- a write in mid-stream changes nothing: the file is byte for byte the one of before, and the
  next one is another. What was written is taken back.
- whoever hangs up in mid-stream leaves nothing open: no transaction of the server's (on SQLite
  one keeps the log of writes from being taken into the file), within ten seconds.

Exit status 1 where either is not so.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.db import connection

from proteins.api.formats import INTERACTIONS
from proteins.models import Interaction, Protein
from tests.benchmarks.site_servers import Server, site

#: What is read before something happens: less than the rest, which fits into no buffer.
_BEGINNING: Final = 100_000
_WITHIN: Final = 10.0


def main() -> int:
    good = True
    print(f"{connection.vendor}\n{'format':12} {'unchanged':>9} {'next differs':>12} {'closed':>7}")
    with site(os.environ["DATABASE_URL"]) as server:
        for offered in INTERACTIONS:
            path = f"/api/v1/interactions/?format={offered.name}"
            unchanged, differs = _while_written(server, path)
            closed = _hung_up(server, path)
            good &= unchanged and differs and closed
            print(f"{offered.name:12} {unchanged!s:>9} {differs!s:>12} {closed!s:>7}")
    return int(not good)


def _ask(server: Server, path: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    line = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=120)
    line.request("GET", path)
    answer = line.getresponse()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path}: {answer.status} {answer.read(500)!r}")
    return line, answer


def _digest(server: Server, path: str, *, writing: bool = False) -> tuple[str, Protein | None]:
    """The digest of a file; with `writing` its last TF is taken away after the beginning."""
    line, answer = _ask(server, path)
    digest = sha256(answer.read(_BEGINNING))
    last = Interaction.objects.public().order_by("-tf", "-target").first() if writing else None
    if last:
        Interaction.objects.filter(tf=last.tf).update(status=3)
    while piece := answer.read(1 << 16):
        digest.update(piece)
    line.close()
    return digest.hexdigest(), last.tf if last else None


def _while_written(server: Server, path: str) -> tuple[bool, bool]:
    before, _ = _digest(server, path)
    meanwhile, tf = _digest(server, path, writing=True)
    after, _ = _digest(server, path)
    Interaction.objects.filter(tf=tf).update(status=0)
    return before == meanwhile, before != after


def _hung_up(server: Server, path: str) -> bool:
    for _ in range(4):
        line, answer = _ask(server, path)
        answer.read(_BEGINNING)
        if not _is_open():
            raise SystemExit(f"{path} was over before anybody could hang up")
        answer.close()
        line.close()
    ends = time.monotonic() + _WITHIN
    while _is_open() and time.monotonic() < ends:
        time.sleep(0.1)
    return not _is_open()


def _is_open() -> bool:
    """Whether the server has a transaction open."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
                " AND backend_type = 'client backend'"
            )
            return bool(cursor.fetchone()[0])
        # Something for the log, which can be taken into the file if nobody reads before it.
        cursor.execute("UPDATE proteins_taxon SET code = code")
        cursor.execute("PRAGMA busy_timeout=0")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(cursor.fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
