from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import LazySettings
from django.utils import timezone

from curation.literature import entrez
from curation.literature.pace import Time
from proteins.models import Citation, PubMedStatus
from tests.curation.literature.service import Service


@pytest.fixture
def service(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A local service, which the settings name; no proxy stands before it."""
    monkeypatch.setenv("no_proxy", "*")
    with Service() as running:
        settings.NCBI_EUTILS_URL = running.url
        settings.NCBI_EMAIL = "curators@tflink.example"
        settings.NCBI_API_KEY = ""
        settings.NCBI_TIMEOUT = 5.0
        settings.NCBI_TRIES = 3
        yield running


@dataclass
class MadeUpTime:
    """A clock that only sleeping moves, and that keeps how long each sleep was."""

    seconds: float = 1000.0
    sleeps: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds

    @property
    def time(self) -> Time:
        return Time(now=lambda: self.seconds, sleep=self.sleep, chance=lambda: 1.0)


@pytest.fixture
def clock() -> MadeUpTime:
    return MadeUpTime()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch, clock: MadeUpTime) -> MadeUpTime:
    """Whatever asks PubMed waits by a made-up clock."""
    monkeypatch.setattr(entrez, "Time", lambda: clock.time)
    return clock


@pytest.fixture
def only_these(db: None) -> None:
    """Publications that vocabularies bring count as looked up."""
    Citation.objects.update(pubmed_status=PubMedStatus.FOUND, looked_up_at=timezone.now())
