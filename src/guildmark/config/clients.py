"""From where somebody asks, and how often: one answer for all doors."""

from __future__ import annotations

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from guildmark.config.environment import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
CHECKS_PER_MINUTE = 20
"""How many foreign documents one address may have checked."""
_WINDOW_SECONDS = 60
# What one household or one machine gets of IPv6; counting single addresses would count nothing.
_IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str | None:
    """The network address of whoever asks; None when the connection has none.

    That is the peer, unless the peer is a proxy of GUILDMARK_TRUSTED_PROXIES. Then it is the last
    one in X-Forwarded-For that is no such proxy: each proxy writes at the right end what it has
    seen itself, and what stands further left anybody may have made up. A header that cannot be
    read counts for nothing.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if peer is None:
        return None
    trusted: tuple[Network, ...] = settings.TRUSTED_PROXIES
    found, hops = peer, request.META.get("HTTP_X_FORWARDED_FOR", "")
    while hops and any(found in network for network in trusted):
        hops, _comma, hop = hops.rpartition(",")
        forwarded = _address(hop.strip())
        if forwarded is None:
            return str(peer)
        found = forwarded
    return str(found)


def counted_address(request: HttpRequest) -> str:
    """What the limits count by: the address, of IPv6 the network; one for all that have none."""
    address = client_address(request)
    if address is None:
        return "unknown"
    if ":" not in address:
        return address
    network = ipaddress.IPv6Network((address, _IPV6_PREFIX), strict=False)
    return str(network.network_address)


def has_checked_too_often(request: HttpRequest) -> bool:
    """Count this check; whether its address has asked too often in this minute.

    Counted per clock minute in the cache that all processes share. Two requests at the same
    instant may be counted as one: it bounds load and is no security boundary.
    """
    minute = int(time.time()) // _WINDOW_SECONDS
    key = f"verify:{counted_address(request)}:{minute}"
    if cache.add(key, 1, timeout=2 * _WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > CHECKS_PER_MINUTE
    except ValueError:
        # It ran out between the two calls.
        return False


def _address(text: str) -> Address | None:
    """One way to write each: IPv4 seen through an IPv6 socket is IPv4, an interface is left out."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
