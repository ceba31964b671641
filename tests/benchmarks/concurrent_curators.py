"""Several curators who save at the same time, and what must be true afterwards.

    DATABASE_URL=... manage.py migrate
    DATABASE_URL=... python -m tests.benchmarks.concurrent_curators [--edits 500]

Serves the site (`--server gunicorn` or Django's own) from a database that is there for this
purpose, with the five documents in it. Each curator is a thread with a browser of its own
that opens a form, types, and saves; a quarter of the edits are to the same ten records. Who
is told that a colleague was faster looks at the form that came back and saves that. Then:

- every edit that was acknowledged is in the history, once, under the name of who made it,
  and changed what was typed and nothing else;
- each revision begins where the one before ended, and records are what their last ones say;
- no answer was an error of the server, and `check_records` finds nothing.

Exit status 1, and a line for each breach, where something is not so.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import django

from tests.places import ROOT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from curation.checks import find_breaches  # noqa: E402
from curation.importing.run import import_pages  # noqa: E402
from curation.models import RecordKind, Revision  # noqa: E402
from curation.permissions import SENIOR_CURATOR  # noqa: E402
from curation.records import records_of  # noqa: E402
from proteins.models import Interaction, Protein  # noqa: E402
from tests.curation.desk_visitor import Fields, Visitor, read_form  # noqa: E402

CONTESTED: Final = 10
#: Of so many edits, one is to a contested record.
ONE_IN: Final = 4
#: How often somebody tries again who is told that a colleague was faster.
TRIES: Final = 50
#: Seconds for which a form is open at most before it is saved.
THINKING: Final = 0.2
BUSY: Final = "An import is being written to the database"
STALE: Final = "While this form was open"
EFFECTS: Final = ("0", "1", "2", "3")
#: The name of the buttons that say something of an interaction.
VERDICTS: Final = "_verb"


@dataclass
class Edit:
    """One edit, and what became of it."""

    number: int
    kind: RecordKind
    record_id: int
    curator: str = ""
    saved: bool = False
    stale: int = 0
    seconds: list[float] = field(default_factory=list)
    trouble: str = ""

    @property
    def reason(self) -> str:
        return f"edit {self.number}"

    @property
    def url(self) -> str:
        return reverse(f"admin:proteins_{self.kind.value}_change", args=[self.record_id])

    @property
    def form_id(self) -> str:
        return f"{self.kind.value}_form"

    @property
    def wanted(self) -> frozenset[str]:
        """The fields that it types into, by the names that the history has for them."""
        if self.kind == RecordKind.PROTEIN:
            return frozenset({"gene_ids"} if self.number % 2 else {"name"})
        return frozenset({"evidence", "effect"} if self.number % 2 else {"status"})

    def type_into(self, form: Fields) -> None:
        """Type something that no other edit types, so that each changes something; or say
        something of an interaction."""
        form.type("reason", self.reason)
        unlike = 1_000_000 + self.number
        if "gene_ids" in self.wanted:
            form.type("gene_ids", f"{form.values['gene_ids'][0]}; {unlike}".strip("; "))
        elif "name" in self.wanted:
            form.type("name", f"name {self.number}")
        elif "effect" in self.wanted:
            form.type("pmids", f"{form.values['pmids'][0]}, {unlike}")
            form.type("effect", EFFECTS[self.number % len(EFFECTS)])
        else:
            self.press_a_button(form)

    def press_a_button(self, form: Fields) -> None:
        """Press one of those that the form offers, which depend on the review status."""
        if self.wanted == {"status"}:
            offered = form.buttons[VERDICTS]
            form.values[VERDICTS] = [offered[self.number // 2 % len(offered)]]


def plan(edits: int, curators: int, wanted: int) -> list[Edit]:
    """Return edits, a quarter of them to a few records, the others to as many as there are.

    All curators come to those few at the same time.
    """
    proteins = list(Protein.objects.order_by("pk").values_list("pk", flat=True))
    interactions = list(Interaction.objects.order_by("pk").values_list("pk", flat=True))
    half = wanted // 2
    contested = [(RecordKind.PROTEIN, key) for key in proteins[:half]]
    contested += [(RecordKind.INTERACTION, key) for key in interactions[:half]]
    others = [(RecordKind.PROTEIN, key) for key in proteins[half:]]
    others += [(RecordKind.INTERACTION, key) for key in interactions[half:]]
    chance = random.Random(4)
    return [
        Edit(number, *chance.choice(others if number // curators % ONE_IN else contested))
        for number in range(edits)
    ]


def work(visitor: Visitor, edits: Sequence[Edit], curator: str) -> None:
    for edit in edits:
        edit.curator = curator
        try:
            save(visitor, edit)
        except Exception as error:  # whatever it is, it is to be reported
            edit.trouble = f"{type(error).__name__}: {error}"


def save(visitor: Visitor, edit: Edit) -> None:
    page = visitor.get(edit.url)
    if page.status != 200:
        edit.trouble = f"the form answers {page.status}"
        return
    form = read_form(page.text, edit.form_id)
    edit.type_into(form)
    time.sleep(random.random() * THINKING)
    typed = {name: values for name, values in form.values.items() if name != "seen"}
    for _ in range(TRIES):
        start = time.perf_counter()
        answer = visitor.post(edit.url, form)
        edit.seconds.append(time.perf_counter() - start)
        if answer.status == 302:
            edit.saved = True
            return
        if answer.status != 200 or STALE not in answer.text:
            edit.trouble = f"saving answers {answer.status}: {errors_of(answer.text)}"
            return
        edit.stale += 1
        form = read_form(answer.text, edit.form_id)
        edit.press_a_button(form)
        if form.values["reason"] != typed["reason"]:
            edit.trouble = "what was typed was lost"
            return
    edit.trouble = f"stale {TRIES} times"


def errors_of(text: str) -> str:
    """Return what a form that came back says is wrong."""
    if BUSY in text:
        return BUSY
    return "; ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*><li>(.*?)</li>', text))


def troubles(edits: Sequence[Edit]) -> Iterator[str]:
    """Yield what must not be, after all is done."""
    for edit in edits:
        if edit.trouble or not edit.saved:
            yield f"{edit.reason} of {edit.curator}: {edit.trouble or 'not saved'}"
            continue
        revisions = list(Revision.objects.filter(reason=edit.reason).select_related("user"))
        if len(revisions) != 1:
            yield f"{edit.reason} is in the history {len(revisions)} times"
            continue
        revision = revisions[0]
        if str(revision.user) != edit.curator or revision.record_id != edit.record_id:
            yield f"{edit.reason} of {edit.curator} is in the history as {revision.user}'s"
        # An effect may have been there already; evidence, a name, a gene or a verdict may not.
        # With a verdict comes the change that it is given in.
        if not revision.changes or revision.changes.keys() - edit.wanted - {"reviewed"}:
            yield f"{edit.reason} changed {sorted(revision.changes)}, not {sorted(edit.wanted)}"
    saved = sum(edit.saved for edit in edits)
    if (stored := Revision.objects.filter(reason__startswith="edit ").count()) != saved:
        yield f"{saved} edits were acknowledged and {stored} are in the history"
    yield from _broken_chains({(edit.kind, edit.record_id) for edit in edits})
    yield from map(str, find_breaches())


def _broken_chains(records: set[tuple[RecordKind, int]]) -> Iterator[str]:
    for kind, record_id in sorted(records):
        last: dict[str, Any] = {}
        for revision in Revision.objects.filter(kind=kind, record_id=record_id).order_by("id"):
            for name, (before, after) in revision.changes.items():
                if name in last and last[name] != before:
                    yield f"{revision} ({revision.reason}): {name} began as {before}, not as left"
                last[name] = after
        now = records_of(kind).values(records_of(kind).get(record_id))
        for name, value in last.items():
            if now[name] != value:
                yield f"{kind} {record_id}: {name} is {now[name]}, and was last made {value}"


@contextmanager
def served(kind: str) -> Iterator[str]:
    """Serve the site from this database on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = {
        "gunicorn": ["-m", "gunicorn", "tflink.wsgi", "--workers=4", "--threads=4", "-b", place],
        "django": ["manage.py", "runserver", "--noreload", place],
    }[kind]
    server = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _wait_for(place, server)
        yield f"http://{place}"
    finally:
        server.terminate()
        _, output = server.communicate(timeout=30)
        if b"Traceback" in output:
            print(output.decode()[-4000:], file=sys.stderr)


def _wait_for(place: str, server: subprocess.Popen[bytes]) -> None:
    host, port = place.split(":")
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit("the server does not start")
        with socket.socket() as attempt:
            if attempt.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server does not answer")


def curators(number: int) -> dict[str, dict[str, str]]:
    """Make so many senior curators; return the cookies of each, who is logged in."""
    logged_in = {}
    for place in range(number):
        user, _ = User.objects.get_or_create(
            username=f"senior-{place}", defaults={"is_staff": True}
        )
        user.groups.add(Group.objects.get(name=SENIOR_CURATOR))
        client = Client()
        client.force_login(user)
        logged_in[user.username] = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value
        }
    return logged_in


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=500)
    parser.add_argument("--curators", type=int, default=8)
    parser.add_argument("--contested", type=int, default=CONTESTED)
    parser.add_argument("--server", choices=["gunicorn", "django"], default="gunicorn")
    given = parser.parse_args()
    if not Protein.objects.exists():
        import_pages([ROOT / "fixtures" / "pages"])
    edits = plan(given.edits, given.curators, given.contested)
    people = curators(given.curators)
    connection.close()
    with served(given.server) as url, ThreadPoolExecutor(given.curators) as pool:
        start = time.perf_counter()
        for place, (name, cookies) in enumerate(people.items()):
            share = edits[place :: given.curators]
            pool.submit(work, Visitor(url, cookies), share, name)
        pool.shutdown(wait=True)
        seconds = time.perf_counter() - start
    breaches = list(troubles(edits))
    report(edits, seconds)
    for trouble in breaches[:50]:
        print(f"BREACH {trouble}")
    return int(bool(breaches))


def report(edits: Sequence[Edit], seconds: float) -> None:
    times = sorted(second for edit in edits for second in edit.seconds)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{connection.vendor}: {sum(edit.saved for edit in edits)} of {len(edits)} edits saved in "
        f"{seconds:.1f} s; {sum(edit.stale for edit in edits)} stale answers, at most "
        f"{max(edit.stale for edit in edits)} to one edit; saving takes "
        f"{statistics.median(times) * 1000:.0f} ms (median), {p95 * 1000:.0f} ms (95th "
        f"percentile), {times[-1] * 1000:.0f} ms (longest)"
    )


if __name__ == "__main__":
    sys.exit(main())
