"""The command line of `manage.py`: Django's, with a sentence and an exit status of its own where
the database or the machine, not the program, is what failed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand, CommandError

from proteins.outages import EXIT_STATUS, outage_of, schema_outage

_OWN: Final = ("curation", "proteins")


class SiteUtility(ManagementUtility):
    """Lets commands of our own run only on a database of this program's version.

    A command that works on any says `needs_current_schema = False`.
    """

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        is_own = type(command).__module__.partition(".")[0] in _OWN
        if is_own and getattr(command, "needs_current_schema", True):
            # By Django only to print a notice, before a command begins and after `--help`.
            command.requires_migrations_checks = True
            command.check_migrations = demand_current_schema  # type: ignore[method-assign]
        return command


def demand_current_schema() -> None:
    """Raise `CommandError`, which says what to do, on a database of another version."""
    outage = schema_outage()
    if outage is not None:
        raise CommandError(str(outage), returncode=EXIT_STATUS)


def run(arguments: Sequence[str]) -> None:
    """Run a command; end with a sentence where it could not work, without a traceback."""
    try:
        SiteUtility(list(arguments)).execute()
    except Exception as error:
        outage = outage_of(error)
        if outage is None:
            raise
        sys.stderr.write(f"{outage}\n({type(error).__name__}: {str(error).strip()})\n")
        sys.exit(EXIT_STATUS)
