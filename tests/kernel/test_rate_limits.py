"""What servers say of the calls that are left, in all the ways in which they say it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bocage.kernel import http
from bocage.kernel.rate_limits import allowance_of, seconds_until, wait_asked
from tests.kernel.local_server import local_server

NOON = datetime(2026, 7, 27, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("bocage.kernel.rate_limits.now", lambda: NOON)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("0.5", 0.5),
        (str(int(NOON.timestamp()) + 30), 30.0),
        ("2026-07-28 00:00:00+00:00", 43_200.0),
        ("2026-07-27T12:01:00Z", 60.0),
        ("2026-07-27T12:01:00", 60.0),
        ("Mon, 27 Jul 2026 12:00:05 GMT", 5.0),
        ("Sun, 26 Jul 2026 12:00:05 GMT", 0.0),
        ("9" * 13, 86_400.0),
        ("9999-12-31T23:59:59Z", 86_400.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("9" * 400, None),
        ("Mon, 99 Jul 99999 12:00:05 GMT", None),
    ],
)
def test_seconds_to_wait(noon, said, seconds):
    assert seconds_until(said) == seconds


def test_the_shorter_allowance_counts(noon):
    headers = {"X-RateLimit-Remaining": "900", "X-RateLimit-dataset-Remaining": "3", "X-RateLimit-dataset-Reset": "7"}
    found = allowance_of(headers)
    assert (found.remaining, found.reset_seconds) == (3, 7.0)
    assert allowance_of({"X-RateLimit-Remaining": "many"}).remaining is None
    assert wait_asked({"Retry-After": "x", "X-RateLimit-Reset": "9"}) == 9.0


@pytest.fixture
def server(settings):
    with local_server() as running:
        settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": running.address})
        yield running


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_says_how_long_to_wait(server, tmp_path, status):
    server.gives("/a", b"{}", status=status, Retry_After="42")
    with pytest.raises(http.TooManyCalls) as refusal:
        http.fetch(server.url("/a"), tmp_path)
    assert refusal.value.wait == 42.0
    assert list(tmp_path.iterdir()) == []


def test_secrets_go_to_their_origin_alone(server, settings, tmp_path):
    with local_server() as other:
        hosts = f"{server.address},{other.address}"
        settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": hosts})
        server.gives("/same", b"", status=302, Location="/elsewhere")
        server.gives("/elsewhere", b"", status=302, Location=other.url("/there"))
        other.gives("/there", b"1")
        assert http.fetch(server.url("/same"), tmp_path, secrets={"Authorization": "Apikey k"}).size == 1
        assert [sent.get("Authorization") for _path, sent in server.requests] == ["Apikey k", "Apikey k"]
        assert other.requests[0][1].get("Authorization") is None


def test_a_smaller_limit_than_the_platform_s(server, tmp_path):
    server.gives("/a", b"x" * (2 << 20))
    with pytest.raises(http.DownloadTooLarge):
        http.fetch(server.url("/a"), tmp_path, limit_mb=1)
    assert http.fetch(server.url("/a"), tmp_path, limit_mb=3).size == 2 << 20
