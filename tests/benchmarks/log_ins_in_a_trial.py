"""People who log in, and readers of the home page, while an import is tried.

    python -m tests.benchmarks.log_ins_in_a_trial DATABASE_URL TABLE [--people 8]

The URL names the kind of database, and the server if it has one. Prints how long the trial, pages,
log-ins and a curator's edits took. Exit status 1 where the 95th percentile of the home page is 300
ms or more, or an answer is an error; then, with `--wrong`, a walk through 13 wrong passwords.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.benchmarks.databases import databases
from tests.benchmarks.site_servers import Server, site
from tests.curation.desk_visitor import Answer, Fields, Visitor, read_form
from tests.machine import Machine
from tests.places import PAGES

PASSWORD: Final = "a-long-password-of-the-drill"
LIMIT_MS: Final = 300
_LOG_IN: Final = "/admin/login/?next=/admin/"
_PEOPLE: Final = """
import sys, django; django.setup()
from django.contrib.auth.models import Group, User
from curation.permissions import SENIOR_CURATOR
for number in range(int(sys.argv[1])):
    user = User.objects.create_user(f"person-{number}", password=sys.argv[2], is_staff=True)
    user.groups.add(Group.objects.get(name=SENIOR_CURATOR))
"""


class Times:
    """Seconds of answers, by what they were to, and what was no answer."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {"home": [], "log-in": [], "edit": []}
        self.troubles: list[str] = []

    def take(self, what: str, call: Callable[[], Answer], wanted: int) -> Answer:
        start = time.perf_counter()
        answer = call()
        self.seconds[what].append(time.perf_counter() - start)
        if answer.status != wanted:
            self.troubles.append(f"{what} answers {answer.status}, not {wanted}")
        return answer

    def report(self) -> None:
        for what, seconds in self.seconds.items():
            if len(seconds) > 1:
                print(
                    f"{what:7} {len(seconds):5} answers, median "
                    f"{statistics.median(seconds) * 1000:.0f} ms, p95 {p95_ms(seconds):.0f} ms, "
                    f"longest {max(seconds) * 1000:.0f} ms"
                )


def p95_ms(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def log_in(visitor: Visitor, name: str, password: str) -> Answer:
    form = read_form(visitor.get(_LOG_IN).text, "login-form")
    fields = Fields({**form.values, "username": [name], "password": [password]})
    return visitor.post(_LOG_IN, fields)


def person(server: Server, number: int, times: Times, ended: threading.Event) -> None:
    """Log in, look at the home page ten times, and begin again."""
    while not ended.is_set():
        visitor = Visitor(server.url, {})
        times.take("log-in", lambda: log_in(visitor, f"person-{number}", PASSWORD), 302)  # noqa: B023
        for _ in range(10):
            times.take("home", lambda: visitor.get("/"), 200)  # noqa: B023
            ended.wait(0.1)


def curator(server: Server, times: Times, ended: threading.Event) -> None:
    """Edit a record that the trial changes as well, again and again."""
    visitor = Visitor(server.url, {})
    log_in(visitor, "person-0", PASSWORD)
    number = 0
    while not ended.wait(0.5):
        number += 1
        url = "/admin/proteins/protein/1/change/"
        form = read_form(visitor.get(url).text, "protein_form")
        form.type("name", f"name {number}")
        form.type("reason", f"edit {number}")
        times.take("edit", lambda: visitor.post(url, form), 302)  # noqa: B023


def tried(machine: Machine, server: Server, table: Path, people: int) -> Times:
    """Let all do what they do for as long as a trial of a table takes."""
    times, ended = Times(), threading.Event()
    threads = [
        threading.Thread(target=person, args=(server, number, times, ended))
        for number in range(people)
    ]
    threads.append(threading.Thread(target=curator, args=(server, times, ended)))
    start = time.perf_counter()
    trial = machine.start("import_tables", "--dry-run", "--force", "--yes", str(table))
    for thread in threads:
        thread.start()
    _, error = trial.communicate()
    print(f"trial   {time.perf_counter() - start:.1f} s, exit status {trial.returncode}")
    ended.set()
    for thread in threads:
        thread.join()
    if trial.returncode:
        times.troubles.append(error[-500:])
    return times


def wrong_passwords(machine: Machine, server: Server) -> list[str]:
    """Type 13 wrong passwords, wait, and log in; return what was not as it should be."""
    statuses = [log_in(Visitor(server.url, {}), "person-1", "wrong").status for _ in range(13)]
    page = log_in(Visitor(server.url, {}), "person-1", PASSWORD)
    print(f"13 wrong passwords: {statuses}; then the right one: {page.status}")
    troubles = [] if page.status == 429 and "minute" in page.text else ["it is not locked"]
    machine.manage("axes_reset_username", "person-1")
    machine.manage("axes_reset_ip", "127.0.0.1")
    status = log_in(Visitor(server.url, {}), "person-1", PASSWORD).status
    print(f"unlocked by an administrator: {status}")
    troubles += [] if status == 302 else ["an administrator cannot unlock it"]
    for _ in range(13):
        log_in(Visitor(server.url, {}), "person-2", "wrong")
    locked = log_in(Visitor(server.url, {}), "person-2", PASSWORD).status
    time.sleep(63)
    status = log_in(Visitor(server.url, {}), "person-2", PASSWORD).status
    print(f"locked: {locked}; after its minute: {status}")
    return troubles + ([] if (locked, status) == (429, 302) else ["it is not unlocked by itself"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("table", type=Path)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--wrong", action="store_true")
    given = parser.parse_args()
    with databases(given.url) as made, tempfile.TemporaryDirectory() as folder:
        machine = Machine(made.fresh(), Path(folder))
        machine.manage("import_tables", str(given.table))
        machine.manage("import_pages", str(PAGES))
        result = machine.program(_PEOPLE, str(max(given.people, 3)), PASSWORD)
        assert result.returncode == 0, result.stderr
        environment = {"TFLINK_DATA_DIR": folder, "LOGIN_WAIT_MINUTES": "1"}
        with site(machine.url, **environment) as server:
            times = tried(machine, server, given.table, given.people)
            times.report()
            troubles = times.troubles
            if p95_ms(times.seconds["home"]) >= LIMIT_MS:
                troubles.append("the home page is slow")
            if given.wrong:
                troubles += wrong_passwords(machine, server)
    for trouble in troubles[:20]:
        print(f"BREACH {trouble}")
    return int(bool(troubles))


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    sys.exit(main())
