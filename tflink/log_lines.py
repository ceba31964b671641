"""How lines of the log look: the access log as JSON, all others with the ID of their request.

Apart from the middleware, because logging is set up before there are models.
"""

from __future__ import annotations

import contextvars
import json
import logging
import re
import time
from typing import Any, Final

current_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")

#: Paths whose end is all that it takes to read what somebody stored.
_SECRET_PATH: Final = re.compile(r"(/(?:results|report)/)[A-Za-z0-9_-]{16,}")


def without_token(path: str) -> str:
    """A path as it is written to a log."""
    return _SECRET_PATH.sub(r"\1…", path)


class AccessFormatter(logging.Formatter):
    """A line of JSON, whatever a client put into its request."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return json.dumps({"time": f"{moment}.{record.msecs:03.0f}Z", **record.access})  # type: ignore[attr-defined]


def add_request_id(record: logging.LogRecord) -> bool:
    """Give each line of the log the ID of the request that it is about (a filter)."""
    record.request_id = current_id.get()
    return True


def hide_tokens(record: logging.LogRecord) -> bool:
    """Hide in a line, such as Django's of a refused request, what opens a page (a filter)."""
    if isinstance(record.args, tuple):
        record.args = tuple(map(_without_token, record.args))
    record.msg = _without_token(record.msg)
    return True


def _without_token(value: Any) -> Any:
    return without_token(value) if isinstance(value, str) else value


def quieten(record: logging.LogRecord) -> bool:
    """Drop the lines of missing pages; an outage is one line, without a traceback (a filter)."""
    status = getattr(record, "status_code", None)
    if status == 503:
        record.exc_info = None
    return status != 404
