"""What others know of a record and public pages show: its history, and what is open about it.

A registry of typed callables, so that this package need not know who keeps histories:
whoever does registers when the site starts (`AppConfig.ready`). Where nobody has, a page
shows that there is nothing. A kind is a word such as `interaction` or `protein`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Event:
    """Something that happened to a record: a sentence without a name of anybody, and what
    it changed, a line each."""

    at: datetime
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """The newest events of a record; `is_cut` where there are older ones."""

    events: tuple[Event, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True)
class OpenReport:
    """Something that was said of a record and is not decided yet, as a sentence."""

    at: datetime
    text: str


HistoryReader = Callable[[str, int], History]
ReportReader = Callable[[str, int], tuple[OpenReport, ...]]

_history: list[HistoryReader] = []
_open_reports: list[ReportReader] = []


def register(*, history: HistoryReader, open_reports: ReportReader) -> None:
    """Say who knows; the last one asked to is the one that is asked."""
    _history[:] = [history]
    _open_reports[:] = [open_reports]


def history(kind: str, record_id: int) -> History:
    """What happened to a record, the newest first; bounded by who answers."""
    return _history[0](kind, record_id) if _history else History()


def open_reports(kind: str, record_id: int) -> tuple[OpenReport, ...]:
    """What is open about a record, the newest first; bounded by who answers."""
    return _open_reports[0](kind, record_id) if _open_reports else ()
