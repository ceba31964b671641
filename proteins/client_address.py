"""Where a request comes from: the network address of a visitor, and what counts as one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

#: A household or an office has all the addresses of one such network.
IPV6_NETWORK: Final = 64


def client_address(request: HttpRequest) -> str:
    """Return the address of the visitor; each proxy adds whom it heard from at the end.

    The address is that of the connection, or what the nearest of our own proxies
    (`TRUSTED_PROXIES` of them) reports. What a visitor writes into a header never counts.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies > 0 and any(forwarded):
        return forwarded[-min(proxies, len(forwarded))]
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """Return the key of one visitor: an IPv4 address, or the network of an IPv6 address.

    All that is no address, such as a socket's empty one, counts as one visitor.
    """
    ip = _parsed(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if isinstance(ip, IPv6Address):
        return str(ip_network((int(ip), IPV6_NETWORK), strict=False))
    return str(ip)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    # Some proxies add the port: `192.0.2.1:443`, `[2001:db8::1]:443`.
    bare = address.partition("]")[0].removeprefix("[") if address.startswith("[") else address
    for text in (bare, bare.rpartition(":")[0]):
        try:
            return ip_address(text.partition("%")[0])
        except ValueError:
            continue
    return None
