"""Which network a request comes from: enough to slow down who guesses. No address of a person is kept."""

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


def network_behind(request: Request) -> str:
    """The network of whoever sent a request."""
    return network_of(request.client.host if request.client else "")
