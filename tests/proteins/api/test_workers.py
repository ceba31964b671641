"""Questions about lists of genes on real servers: what another process writes counts at the next
request of every worker, on each database, and analyses keep nobody's pages waiting."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from tests.benchmarks.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.curation.importing.test_kill import postgres_url
from tests.limits import UNLIMITED
from tests.places import PAGES, ROOT
from tests.proteins.analysis import cuts
from tests.proteins.api.contract import fill, serving

FILLING: Final = "from tests.proteins.api.test_workers import fill_site; fill_site()"
#: Clients that analyse lists without a pause, each from an address of its own.
CROWD: Final = 20
SECONDS: Final = 3.0
#: A writer in a process of its own: does what each line of its input says.
WRITER: Final = """
import sys, django
django.setup()
from curation.actions import add_statement, reject_interaction
from curation.importing.undo.run import undo_import
from proteins.domain.statements import Basis, Sign
from proteins.models import Interaction
from tests.curation.people import make_person
user = make_person("senior")
for line in sys.stdin:
    verb, _, value = line.strip().partition(" ")
    if verb == "undo":
        undo_import(int(value), confirmed=True)
    else:
        pair = dict(zip(("tf__accession", "target__accession"), value.split("-")))
        interaction = Interaction.objects.get(**pair)
        if verb == "reject":
            reject_interaction(user=user, interaction=interaction, reason="No such binding")
        else:
            values = {"pmid": 5, "effect": Sign.ACTIVATION, "basis": Basis.STATED}
            add_statement(user=user, interaction=interaction, values=values)
    print("done", flush=True)
"""


def fill_site() -> None:
    """Import the default pages, and yeast as arrays; both lie in the data folder as arrays."""
    from curation.importing.run import import_pages
    from proteins.analysis import store
    from tests.factories import taxon
    from tests.proteins.api.test_reference_values import lay_out_yeast

    assert import_pages([PAGES]).run_id == 1
    lay_out_yeast()
    store.lay_out(taxon("Hs").pk)


BOTH: Final = pytest.mark.parametrize(
    "made", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
#: How long pages wait hangs on the workers, not on the database.
SQLITE: Final = pytest.mark.parametrize("made", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest) -> Iterator[Databases]:
    sqlite = request.param == "sqlite"
    with SqliteDatabases() if sqlite else PostgresDatabases(postgres_url()) as made:
        yield made


@pytest.fixture(scope="module")
def environment(made: Databases, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "DATABASE_URL": made.fresh(), **UNLIMITED}
    environment |= {"TFLINK_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    environment |= {"ANALYSIS_JOBS": "False", "DJANGO_SETTINGS_MODULE": "tflink.settings"}
    fill(environment, FILLING)
    return environment


@pytest.fixture
def write(environment: dict[str, str]) -> Iterator[Callable[[str], None]]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER],
        cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert writer.stdin is not None
    assert writer.stdout is not None
    stdin, stdout = writer.stdin, writer.stdout

    def send(line: str) -> None:
        stdin.write(f"{line}\n")
        stdin.flush()
        assert stdout.readline() == "done\n"

    yield send
    stdin.close()
    assert writer.wait(60) == 0


def request(url: str, body: Any = None, path: str = "", client: int = 1) -> tuple[int, Any, float]:
    """Return status, headers or document, and seconds."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(
        urlsplit(url).netloc, timeout=60, source_address=(f"127.0.3.{client}", 0)
    )
    if body is None:
        connection.request("GET", path)
    else:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/api/v1/enrichment/", json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    is_document = answer.status == 200 and body is not None
    read = json.loads(content) if is_document else dict(answer.headers)
    return answer.status, read, time.monotonic() - began


@BOTH
def test_what_another_process_writes_counts_in_every_worker(
    environment: dict[str, str], write: Callable[[str], None]
) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(serving(environment, workers=1)) for _ in range(2)]

        def numbers() -> tuple[int, int, int] | None:
            """x, K and activated of ING1, for the list of BAX and of TP53: each worker's."""
            body = {"taxon": 9606, "identifiers": ["BAX", "TP53"]}
            answers = []
            for url, _ in workers:
                rows = {row["tf"]: row for row in request(url, body)[1]["results"]}
                row = rows.get("Q9UK53")
                answers.append(row and (row["overlap"], row["targets"], row["activated"]))
            assert answers[0] == answers[1]
            return answers[0]

        before = numbers()
        assert before is not None
        assert {is_mapped(pid) for _, pid in workers} == {True}
        overlap, targets, activated = before
        write("state Q9UK53-Q07812")
        assert numbers() == (overlap, targets, activated + 1)
        write("reject Q9UK53-Q07812")
        assert numbers() == (overlap - 1, targets - 1, activated)
        write("undo 1")
        assert numbers() is None


def is_mapped(master: int) -> bool:
    """Whether the worker of a gunicorn has arrays in memory, by Linux's /proc."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return any("target.i4" in Path(f"/proc/{pid}/maps").read_text() for pid in children)


@SQLITE
def test_twenty_analyses_at_once_keep_no_page_waiting(
    environment: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    slots = {"ANALYSIS_SLOTS": "1", "ANALYSIS_SLOTS_BY_CLIENT": "2"}
    with serving({**environment, **slots}) as (url, _):
        genes = [protein.accession for protein in cuts.read("yeast").proteins[:5_000]]
        body = {"taxon": 559292, "identifiers": genes, "background": "species"}
        assert request(url, body)[0] == 200
        calm = sorted(pages(url))
        ended = Event()
        refused: list[dict[str, str]] = []
        with ThreadPoolExecutor(CROWD) as crowd:
            runs = [
                crowd.submit(analyse, url, body, client, ended, refused)
                for client in range(10, 10 + CROWD)
            ]
            busy = sorted(pages(url))
            ended.set()
            statuses = sum((run.result() for run in runs), Counter())
    assert statuses.keys() == {200, 503}
    assert {headers["Retry-After"] for headers in refused} == {"2"}
    figures = (
        f"{statuses[200]} analyses of {len(genes):,} genes, {statuses[503]} refused; a page took "
        f"{median(calm):.0f} ms, and {median(busy):.0f} (at most {1000 * busy[-1]:.0f}) beside "
        f"{CROWD} clients that analyse without a pause"
    )
    record_property("20 analyses at once", figures)
    print(figures)
    # Each page was answered, and not after the crowd had gone: how soon depends on the machine.
    assert calm
    assert busy


def median(seconds: list[float]) -> float:
    return 1000 * seconds[len(seconds) // 2]


def pages(url: str) -> Iterator[float]:
    """Open pages one after the other, each its own, as a reader does."""
    ends = time.monotonic() + SECONDS
    for number in range(1_000):
        if time.monotonic() > ends:
            return
        status, _, seconds = request(url, path=f"/browse/?q=G{number}", client=2)
        assert status == 200
        yield seconds


def analyse(
    url: str, body: Any, client: int, ended: Event, refused: list[dict[str, str]]
) -> Counter[int]:
    statuses: Counter[int] = Counter()
    while not ended.is_set():
        status, headers, _ = request(url, body, client=client)
        statuses[status] += 1
        if status == 503:
            refused.append(headers)
            # Sooner than the answer asks for.
            ended.wait(0.2)
    return statuses
