"""The signed time at which a form was opened: a person takes some seconds to fill it in."""

from __future__ import annotations

import time
from typing import Final

from django.core.signing import BadSignature, Signer

#: Seconds after which a form is taken, and after which it is opened anew.
LEAST: Final = 2
MOST: Final = 24 * 60 * 60
_SALT: Final = "curation.reports.form"


class StampError(Exception):
    """A form that is not taken; the text says what to do."""


def stamp(about: str) -> str:
    """Return a stamp for a form about a record, opened now."""
    # Not Django's TimestampSigner, which counts whole seconds: 1.1 of them pass for 2.
    return Signer(salt=_SALT).sign_object([about, time.time()])


def check(text: str, about: str) -> None:
    """Raise `StampError` unless a form about this record was opened a fitting time ago."""
    try:
        signed, opened = Signer(salt=_SALT).unsign_object(text)
    except BadSignature:
        signed, opened = "", 0.0
    if signed != about:
        raise StampError("This form did not come from this page. Please send it again.")
    age = time.time() - opened
    if age < LEAST:
        raise StampError("That was very quick. Please wait a moment, and send it again.")
    if age > MOST:
        raise StampError("This page had been open for more than a day. Please send it again.")
