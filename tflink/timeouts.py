"""How PostgreSQL runs the statements of the web service: for how long at most, and uncompiled.

Not those of commands: an import or a release may take as long as it does.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connections


def limit_statements() -> None:
    """Let each connection of this process that is opened from now on give up after
    STATEMENT_TIMEOUT seconds, and compile nothing.

    Of the page of a list PostgreSQL compiles the query (JIT) where it expects to read much; the
    page is full long before that has paid: 20 to 90 of 250 ms were the compiler's.
    """
    for connection in connections.all():
        if connection.vendor != "postgresql":
            continue
        # Of a value that somebody gave in DATABASE_URL nothing is taken away.
        options = connection.settings_dict["OPTIONS"]
        parts = ["-c jit=off", options.get("options", "")]
        if settings.STATEMENT_TIMEOUT:
            parts.append(f"-c statement_timeout={settings.STATEMENT_TIMEOUT:d}s")
        options["options"] = " ".join(filter(None, parts))
