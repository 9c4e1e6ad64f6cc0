"""Which network addresses an outgoing connection may reach. Pure rules; `kernel.http` applies them as it connects."""

from __future__ import annotations

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address
IPV4_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291 2.5.5.1, deprecated, still routed by some hosts


def is_public(address: IPAddress) -> bool:
    """Reachable by anyone on the Internet, and so no door into the machine or its network.

    `is_global` alone would let multicast through, and would judge an IPv6 address that merely wraps an IPv4 one
    (mapped, 6to4, Teredo, NAT64) by its wrapping.
    """
    inner = embedded_ipv4(address)
    if inner is not None and not is_public(inner):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address in NAT64:
            return True  # the wrapping is never global by itself; what it wraps has just been judged
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def embedded_ipv4(address: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a packet to this IPv6 address would end at."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64 or address in IPV4_COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def is_listed(host: str, port: int, listed: str) -> bool:
    """Did the operator list `host`, or `host:port`, among the private hosts (`a.example,[::1]:8000`)?"""
    name = host.lower().strip("[]").rstrip(".")
    allowed = {entry.strip().lower() for entry in listed.split(",") if entry.strip()}
    return bool(allowed & {name, f"[{name}]", f"{name}:{port}", f"[{name}]:{port}"})
