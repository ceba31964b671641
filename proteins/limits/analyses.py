"""Slots of questions about lists of genes: a tenth of a second to a second of a worker's time each,
so that any number at once leaves the others of the worker to its pages."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from proteins.limits.rates import client_of
from proteins.limits.slots import Slot, Slots

#: Seconds after which to try again, and for which a question is answered at most.
RETRY_AFTER: Final = 2
_SECONDS: Final = 60
REFUSAL: Final = (
    "Too many analyses of gene lists are running, yours or in total. "
    f"Try again in {RETRY_AFTER} seconds."
)

slots: Final = Slots(
    "analysis",
    lambda: settings.ANALYSIS_SLOTS,
    lambda: settings.ANALYSIS_SLOTS_BY_CLIENT,
    lambda: _SECONDS,
)


def take_slot(request: HttpRequest) -> Slot | None:
    """Return a slot for a question, or None where there is none."""
    return slots.take(client_of(request))
