"""The IP address of a client behind proxies, and the network that rates and limits count."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

#: A household or an office has all the IP addresses of one such network.
IPV6_NETWORK: Final = 64
#: What one customer of a provider may be given, and so have all the addresses of.
IPV4_PROVIDED: Final = 24
IPV6_PROVIDED: Final = 48


def address_of(request: HttpRequest) -> str:
    """Return the IP address of the client; each proxy appends that of its own client.

    It is that of the connection, or the one that the nearest of our own proxies
    (`TRUSTED_PROXIES` of them) appended. What a client writes into a header never counts.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies > 0 and any(forwarded):
        return forwarded[-min(proxies, len(forwarded))]
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the network of an IPv6 address.

    All that is no IP address, such as a socket's empty one, counts as one client.
    """
    parsed = _without_mapping(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), IPV6_NETWORK), strict=False))
    return str(parsed)


def provider_network_of(address: str) -> str:
    """Return the larger network of an address, of which one customer may have many."""
    parsed = _without_mapping(address)
    if parsed is None:
        return "None"
    prefix = IPV6_PROVIDED if isinstance(parsed, IPv6Address) else IPV4_PROVIDED
    return str(ip_network((str(parsed), prefix), strict=False))


def _without_mapping(address: str) -> IPv4Address | IPv6Address | None:
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    # Some proxies add the port: `192.0.2.1:443`, `[2001:db8::1]:443`.
    bare = address.partition("]")[0].removeprefix("[") if address.startswith("[") else address
    for text in (bare, bare.rpartition(":")[0]):
        try:
            return ip_address(text.partition("%")[0])
        except ValueError:
            continue
    return None
