"""The signed time at which a form was opened: a person takes some seconds to fill it in, once."""

from __future__ import annotations

import secrets
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
    return Signer(salt=_SALT).sign_object([about, time.time(), secrets.token_urlsafe(16)])


def check(text: str, about: str) -> str:
    """Return what is unique of a stamp; raise `StampError` unless a form about this record was
    opened a fitting time ago."""
    try:
        signed, opened, unique = Signer(salt=_SALT).unsign_object(text)
    except (BadSignature, ValueError):  # or of an earlier version
        signed, opened, unique = "", 0.0, ""
    if signed != about:
        raise StampError("This form was not sent from this page. Please send it again.")
    age = time.time() - opened
    if age < LEAST:
        raise StampError("The form was sent too quickly. Please wait a moment and send it again.")
    if age > MOST:
        raise StampError("This page had been open for more than a day. Please send it again.")
    return str(unique)
