"""Read changes again and again while an import writes; print what a copy has missed at the end.

Run as a process of its own, on the database of DATABASE_URL:
`python -m tests.curation.importing.poll changes|changed_since FOLDER`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

#: Pages in a chunk, and the seconds for which it is written but not there yet: long enough to be
#: read around.
CHUNK, SECONDS = 25, 0.8

#: Seconds between two readings: several in each of those, and none at the cost of the import.
PAUSE = 0.1


def poll(way: str, folder: Path) -> dict[str, int]:
    from proteins.models import Interaction

    read, copied = {"changes": by_changes, "changed_since": by_changed_since}[way]()
    importing = subprocess.Popen([sys.executable, "-m", str(__spec__.name), "import", str(folder)])
    sizes = []
    while importing.poll() is None:
        read()
        sizes.append(len(copied()))
        time.sleep(PAUSE)
    assert importing.returncode == 0
    read()
    rows = Interaction.objects.values_list("tf__accession", "target__accession")
    stored = {f"{tf}-{target}" for tf, target in rows}
    return {"stored": len(stored), "missed": len(stored - copied()), "readings": len({*sizes})}


def take_in(folder: Path) -> None:
    from curation.importing import pages, run
    from curation.importing.loading.journal import Journal
    from curation.models import ImportRun

    store = Journal.store

    def store_and_wait(journal: Journal, run: ImportRun) -> None:
        store(journal, run)
        time.sleep(SECONDS)

    pages.PAGES_IN_CHUNK = CHUNK
    setattr(Journal, "store", store_and_wait)  # noqa: B010  (mypy forbids an assignment)
    run.import_pages([folder])


def by_changes() -> tuple[Callable[[], None], Callable[[], set[str]]]:
    from tests.curation.mirror import Mirror

    mirror = Mirror()
    return mirror.read, lambda: set(mirror.records["interaction"])


def by_changed_since() -> tuple[Callable[[], None], Callable[[], set[str]]]:
    """As a careful client does: the time is taken before what was read until then."""
    from django.test import Client
    from django.utils import timezone

    copy: set[str] = set()
    client, since = Client(), ["2000-01-01T00:00:00Z"]

    def read() -> None:
        begun = timezone.now().isoformat().replace("+00:00", "Z")
        url = f"/api/v1/interactions/?fields=id&page_size=1000&changed_since={since[0]}"
        while url:
            page = client.get(url).json()
            copy.update(row["id"] for row in page["results"])
            url = page["next"]
        since[0] = begun

    return read, lambda: copy


if __name__ == "__main__":
    django.setup()
    from django.conf import settings
    from django.test.utils import setup_test_environment

    setup_test_environment()
    settings.API_RATES = dict.fromkeys(settings.API_RATES, "")
    if sys.argv[1] == "import":
        take_in(Path(sys.argv[2]))
    else:
        print(json.dumps(poll(sys.argv[1], Path(sys.argv[2]))))
