"""The environment of a server that is asked as often as a test, or a measurement, likes."""

from __future__ import annotations

from typing import Final

_RATES: Final = (
    *("API_RATE", "API_FILES_RATE", "API_LOOKUPS_RATE"),
    *("PAGE_RATE", "TABLE_RATE", "LOGIN_RATE"),
)
_SLOTS: Final = (
    *("FILE_SLOTS", "FILE_SLOTS_BY_CLIENT", "LOGIN_SLOTS"),
    *("ANALYSIS_SLOTS", "ANALYSIS_SLOTS_BY_CLIENT"),
)
UNLIMITED: Final = {**dict.fromkeys(_RATES, ""), **dict.fromkeys(_SLOTS, "0")}
