"""How long PostgreSQL may take over one statement of the web service.

Not of commands: an import or a release may take as long as it does.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connections


def limit_statements() -> None:
    """Let each connection of this process that is opened from now on give up after
    STATEMENT_TIMEOUT seconds."""
    for connection in connections.all():
        if connection.vendor == "postgresql" and settings.STATEMENT_TIMEOUT:
            # Of a value that somebody gave in DATABASE_URL nothing is taken away.
            options = connection.settings_dict["OPTIONS"]
            given = options.get("options", "")
            limit = f"-c statement_timeout={settings.STATEMENT_TIMEOUT:d}s"
            options["options"] = f"{given} {limit}".strip()
