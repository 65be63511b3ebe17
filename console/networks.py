"""Which network a request comes from, enough to slow down who guesses, and whether it came in the clear. No address of
a person is kept.
"""

from __future__ import annotations

import ipaddress

from starlette.requests import Request


def network_of(host: str) -> str:
    """The network of an address, coarse enough for a household that has many IPv6 addresses."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    width = 56 if address.version == 6 else 32
    return str(ipaddress.ip_network(f"{address}/{width}", strict=False))


def in_the_clear(request: Request) -> bool:
    """Whether a request came from another machine without TLS. A proxy that is trusted says how it came to it."""
    if request.url.scheme == "https" or request.client is None:
        return False
    try:
        return not ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return True


def network_behind(request: Request) -> str:
    """The network of whoever sent a request."""
    return network_of(request.client.host if request.client else "")
