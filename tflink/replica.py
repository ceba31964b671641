"""Reads of anonymous visitors from a replica of PostgreSQL's own (DATABASE_REPLICA_URL).

The router gives the replica to what a request reads once the middleware has said so: to GET and
HEAD of a visitor who can have written nothing here, having no cookie of ours and no token. All else
is of the primary: commands, the desk, sessions, accounts, and what a request reads after a write.

How far the replica is behind is known by the number of its newest change (`ChangeSet`). One that
is too far behind, or away, is not read; where it fails in the middle of a request, the request is
answered from the primary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Count, Min, Model
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from proteins.limits.files import drop
from proteins.models import ChangeSet
from proteins.outages import SLOW, outage_of

REPLICA: Final = "replica"
#: Seconds until it is looked again how far the replica is.
LOOK_AGAIN: Final = 1.0
#: Accounts and sessions are of the primary: a password that was changed is so at once.
_CONTENT: Final = frozenset({"proteins", "curation"})

_database: Final[ContextVar[str]] = ContextVar("database of reads", default=DEFAULT_DB_ALIAS)


class ReplicaRouter:
    """settings.DATABASE_ROUTERS."""

    def db_for_read(self, model: type[Model], **_: Any) -> str:
        return _database.get() if model._meta.app_label in _CONTENT else DEFAULT_DB_ALIAS

    def db_for_write(self, *_: Any, **__: Any) -> str:
        # Who writes reads it, too.
        _database.set(DEFAULT_DB_ALIAS)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_: Any, **__: Any) -> bool:
        return True

    def allow_migrate(self, database: str, *_: Any, **__: Any) -> bool:
        return database == DEFAULT_DB_ALIAS


@dataclass(frozen=True)
class Standing:
    """How a replica compares with its primary."""

    is_up: bool
    #: Changes that it lacks, and seconds since the first of them began; None where the primary
    #: is away, and nobody knows.
    changes: int | None = None
    seconds: float | None = None

    @property
    def may_be_read(self) -> bool:
        # While the primary is away, readers have what the replica has.
        return self.is_up and (
            (self.changes or 0) <= settings.REPLICA_MAX_CHANGES
            and (self.seconds or 0) <= settings.REPLICA_MAX_SECONDS
        )

    def __str__(self) -> str:
        if not self.is_up:
            return "away; all reads go to the primary"
        if self.changes is None or self.seconds is None:
            return "the primary is away; anonymous reads go on"
        lag = f"{self.changes:,} changes, {self.seconds:.1f} seconds behind"
        return lag if self.may_be_read else f"{lag}; all reads go to the primary"


_AWAY: Final = Standing(is_up=False)


def look() -> Standing:
    """Compare the newest change of the replica with those of the primary, by two short queries."""
    newest = _newest()
    if newest is None:
        return _AWAY
    lacking = ChangeSet.objects.using(DEFAULT_DB_ALIAS).filter(pk__gt=newest).order_by()
    try:
        lag = lacking.aggregate(changes=Count("pk"), since=Min("at"))
    except Error:
        connections[DEFAULT_DB_ALIAS].close()
        return Standing(is_up=True)
    since = (timezone.now() - lag["since"]).total_seconds() if lag["since"] else 0.0
    return Standing(is_up=True, changes=lag["changes"], seconds=max(since, 0.0))


def _newest() -> int | None:
    """Return the number of the newest change that the replica has; None where it is away."""
    numbers = ChangeSet.objects.using(REPLICA).order_by("-pk").values_list("pk", flat=True)
    try:
        return numbers.first() or 0
    except Error:
        connections[REPLICA].close()
        return None


class _Watch:
    """The standing of the replica, at most `LOOK_AGAIN` old. One thread looks; others go by what
    the last one saw."""

    def __init__(self) -> None:
        self._looking = Lock()
        self._standing, self._until = _AWAY, 0.0

    def may_be_read(self) -> bool:
        if time.monotonic() >= self._until and self._looking.acquire(blocking=False):
            try:
                self._standing = look()
                # To look at what does not answer may take its connection's time-out.
                self._until = time.monotonic() + LOOK_AGAIN
            finally:
                self._looking.release()
        return self._standing.may_be_read

    def failed(self) -> None:
        """Read the primary until somebody has looked again."""
        self._standing, self._until = _AWAY, time.monotonic() + LOOK_AGAIN


class ReplicaReads:
    """The middleware: says of which database a request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not is_configured():
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._watch = _Watch()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (_is_anonymous_read(request) and self._watch.may_be_read()):
            return self.get_response(request)
        connection, errors = connections[REPLICA], _Errors()
        connection.errors_occurred = False
        token = _database.set(REPLICA)
        with connection.execute_wrapper(errors):
            response = self.get_response(request)
        if connection.errors_occurred and not errors.too_slow:
            # It is away, or its replay took away what a query was reading. Nothing was sent.
            _database.reset(token)
            connection.close()
            self._watch.failed()
            drop(response)
            return self.get_response(request)
        if response.streaming:
            # A file is read while it is sent.
            response._resource_closers.append(lambda: _database.reset(token))  # type: ignore[attr-defined]
        else:
            _database.reset(token)
        return response


class _Errors:
    """Sees whether a statement took too long, which it would on the primary as well."""

    too_slow = False

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return execute(*arguments)
        except Error as error:
            self.too_slow = outage_of(error) is SLOW
            raise


def _is_anonymous_read(request: HttpRequest) -> bool:
    """Whether a visitor who can have written nothing reads: every form needs a cookie of ours."""
    own = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, CookieStorage.cookie_name}
    return (
        request.method in ("GET", "HEAD")
        and own.isdisjoint(request.COOKIES)
        and "Authorization" not in request.headers
    )


def is_configured() -> bool:
    return REPLICA in settings.DATABASES


class ReplicaMetrics(Collector):
    """How far the replica is, looked at when metrics are read."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: to register it reads no database."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if not is_configured():
            return
        standing = look()
        yield GaugeMetricFamily(
            "tflink_replica_read", "1 where anonymous reads go to it.", standing.may_be_read
        )
        for name, about, value in (
            ("changes", "Changes that the replica lacks.", standing.changes),
            ("seconds", "Seconds since the first of them began.", standing.seconds),
        ):
            if value is not None:
                yield GaugeMetricFamily(f"tflink_replica_lag_{name}", about, value)
