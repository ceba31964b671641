"""The sender of a report: keyed hashes of the IP address, which itself is never stored."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from curation.actions.report_limits import Sender
from proteins.client_address import address_of, network_of, provider_network_of

_LENGTH: Final = 32
_SALT: Final = "curation.reports.sender"


def sender_of(request: HttpRequest) -> Sender:
    """Return keyed hashes of the IP address of a request, and of its larger network."""
    ip_address = address_of(request)
    return Sender(_hash(network_of(ip_address)), _hash(provider_network_of(ip_address)))


def _hash(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()[:_LENGTH]
