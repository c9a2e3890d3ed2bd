"""Which addresses of the network may be asked.

A URL in a credential is its writer's choice: it must not make this machine ask its own services,
its neighbours, or the metadata service of its cloud (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from guildmark.credentials.errors import NotAvailableError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MAX_URL = 2_000
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# In the registries of special-purpose addresses (RFC 6890), but not in every Python's.
_RESERVED = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "2002::/16")
)
# Public by its number, and yet a service of the machine's own host (Microsoft Azure).
_SERVICES = frozenset({ipaddress.ip_address("168.63.129.16")})


@dataclass(frozen=True, kw_only=True)
class Place:
    """An https address, taken apart: what to connect to and what to ask for there."""

    url: str
    host: str
    port: int
    target: str


def place_of(url: str) -> Place:
    """The address taken apart, its fragment left out.

    Raises NotAvailableError for another scheme than https, for credentials in the URL, a host that
    is no plain ASCII name, and what is no URL.
    """
    if len(url) > _MAX_URL or not url.isascii() or any(not "!" <= sign <= "~" for sign in url):
        raise NotAvailableError(f"{url[:200]!r} is too long, or has signs that no URL has")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError as error:
        raise NotAvailableError(f"{url[:200]!r} is no URL: {error}") from error
    if parts.scheme != "https":
        raise NotAvailableError(f"{url[:200]!r} does not begin with https://")
    if "@" in parts.netloc:
        raise NotAvailableError("a URL with a user name or password in it is not asked")
    if not host or "\\" in parts.netloc or "%" in parts.netloc:
        raise NotAvailableError(f"{url[:200]!r} names no host")
    target = parts.path or "/"
    if parts.query:
        target = f"{target}?{parts.query}"
    return Place(url=url.partition("#")[0], host=host, port=port, target=target)


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet.

    IPv6 forms that carry an IPv4 address (mapped, NAT64) go by that one.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return (
        address.is_global
        and not address.is_multicast
        and address not in _SERVICES
        and not any(address in network for network in _RESERVED)
    )
