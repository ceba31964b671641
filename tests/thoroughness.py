"""How many examples hypothesis tries: fewer on PostgreSQL, where the suite is run once more;
HYPOTHESIS_PROFILE=thorough tries thirty times as many on either, and others each time. Without it
they are the same each time: whether a change passes hangs on the change, and not on luck."""

from __future__ import annotations

import os
from typing import Final

from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings

_SLOW: Final = (
    HealthCheck.too_slow,
    HealthCheck.function_scoped_fixture,
    HealthCheck.data_too_large,
)
_PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "quick")
#: Whether this is the suite on the second database.
ONCE_MORE: Final = "postgresql" in django_settings.DATABASES["default"]["ENGINE"]


def examples(number: int) -> int:
    """Return how many to try where `number` are tried on SQLite."""
    if _PROFILE == "thorough":
        return 30 * number
    return max(number // 4, 5) if ONCE_MORE else number


def load_profile() -> None:
    """Let this be what a test does that says nothing else."""
    # A case may be a whole import into a database, so that single ones may take their time.
    settings.register_profile(
        _PROFILE,
        max_examples=examples(40),
        deadline=None,
        suppress_health_check=_SLOW,
        derandomize=_PROFILE == "quick",
    )
    settings.load_profile(_PROFILE)
