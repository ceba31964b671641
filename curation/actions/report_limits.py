"""How much may be sent, counted among the reports that are stored, so that all workers see
the same, and an hour after is an hour after."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from curation.models import PublicReport

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
#: How long a sender's hash is stored.
RETENTION: Final = timedelta(days=7)


class TooManyReportsError(Exception):
    """Too much was sent; `seconds` is the time until another try."""

    def __init__(self, seconds: int, *, by_all: bool) -> None:
        self.seconds, self.by_all = seconds, by_all
        who = "Too many reports reach us just now" if by_all else "You have sent many reports"
        super().__init__(f"{who}. Please send it again {_in_words(seconds)}.")


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes > 90:
        return f"in {-(-minutes // 60)} hours"
    return "in a minute" if minutes == 1 else f"in {minutes} minutes"


class Sender(NamedTuple):
    """A sender, as keyed hashes: of the IP address, and of the larger network that it is in."""

    ip_address: str
    network: str = ""


def demand_room(sender: Sender) -> None:
    """Raise `TooManyReportsError` where a sender, its network, or all together, have sent enough.

    The last of what all may send is a reserve for networks that have sent nothing for a day: a
    flood, from however many addresses of a few networks, leaves it to honest readers.
    """
    of_all = PublicReport.objects.all()
    of_sender = of_all.filter(sender=sender.ip_address)
    of_network = of_all.filter(network=sender.network)
    for reports, most, window in (
        (of_sender, settings.REPORTS_PER_HOUR, HOUR),
        (of_sender, settings.REPORTS_PER_DAY, DAY),
        (of_network, settings.REPORTS_PER_HOUR_BY_NETWORK, HOUR),
    ):
        if seconds := _seconds_to_wait(reports, most, window):
            raise TooManyReportsError(seconds, by_all=False)
    in_all = settings.REPORTS_PER_HOUR_IN_ALL
    seconds = _seconds_to_wait(of_all, max(1, in_all - settings.REPORTS_RESERVE), HOUR)
    if seconds and not of_network.filter(sent_at__gt=timezone.now() - DAY).exists():
        seconds = _seconds_to_wait(of_all, in_all, HOUR)
    if seconds:
        raise TooManyReportsError(seconds, by_all=True)


def _seconds_to_wait(reports: QuerySet[PublicReport], most: int, window: timedelta) -> int:
    """Return the seconds until fewer than `most` were sent in a window; 0 where it is so now."""
    now = timezone.now()
    times = reports.filter(sent_at__gt=now - window).order_by("-sent_at")
    oldest_that_counts = times.values_list("sent_at", flat=True)[most - 1 : most].first()
    if oldest_that_counts is None:
        return 0
    return max(1, round((oldest_that_counts + window - now).total_seconds()))


def forget_senders() -> int:
    """Drop the hashes of senders that are older than `RETENTION`; return how many there were."""
    old = PublicReport.objects.filter(sender__gt="", sent_at__lt=timezone.now() - RETENTION)
    return old.update(sender="", network="")
