"""Which addresses are refused, in all their spellings."""

from __future__ import annotations

import ipaddress

import pytest

from bocage.kernel.addresses import is_listed, is_public

PRIVATE = """127.0.0.1 127.255.255.254 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 239.1.1.1
255.255.255.255 240.0.0.1 198.18.0.1 192.0.2.1 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:c0a8:101::1 2001:db8::1 fec0::1"""
PUBLIC = ["1.1.1.1", "217.70.184.55", "2a01:cb00::1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", PRIVATE.split())
def test_inside_addresses_are_refused(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_internet_addresses_are_reached(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("host", "port", "listed", "expected"),
    [
        ("sig.local", 80, "sig.local", True),
        ("SIG.local.", 80, " sig.LOCAL ", True),
        ("sig.local", 8080, "sig.local:8080", True),
        ("sig.local", 80, "sig.local:8080", False),
        ("::1", 9000, "[::1]:9000", True),
        ("evil-sig.local", 80, "sig.local", False),
        ("sig.local", 80, "", False),
        ("", 80, ",", False),
    ],
)
def test_operator_lists_hosts(host, port, listed, expected):
    assert is_listed(host, port, listed) is expected
