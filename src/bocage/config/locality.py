"""Was a request made on this machine, by somebody who is on it?"""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

PROXIES = frozenset({"forwarded", "via", "x-real-ip", "client-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip"})
"""Headers by which a proxy tells for whom it asks; others begin with `X-Forwarded`."""


def is_local(request: HttpRequest) -> bool:
    """From this machine, and not on behalf of somebody else by a proxy of this machine, whose requests come from here too."""
    names = [name.lower() for name in request.headers]
    if any(name in PROXIES or name.startswith("x-forwarded") for name in names):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1").is_loopback
    except ValueError:
        return False
