"""The sender of a report: a keyed hash of the IP address, which itself is never stored."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from proteins.client_address import address_of, network_of

_LENGTH: Final = 32
_SALT: Final = "curation.reports.sender"


def sender_of(request: HttpRequest) -> str:
    """Return a keyed hash of the IP address of a request."""
    return salted_hmac(_SALT, network_of(address_of(request)), algorithm="sha256").hexdigest()[
        :_LENGTH
    ]
