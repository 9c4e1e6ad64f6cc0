"""Downloads, against a server on the loopback that behaves well, badly, and hostilely."""

from __future__ import annotations

import base64
import gzip
import hashlib
import socket
import time

import pytest

from bocage.kernel import http
from bocage.kernel.guard import AddressRefused
from tests.kernel.local_server import local_server


@pytest.fixture
def server():
    with local_server() as running:
        yield running


@pytest.fixture
def listed(server, settings):
    """The operator has listed the server of the test."""
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": server.address})
    return server


def test_a_file_is_downloaded_with_its_labels(listed, tmp_path):
    listed.gives("/a.csv", b"a;b\n1;2\n", ETag='"v1"', Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")
    got = http.fetch(listed.url("/a.csv?key=secret"), tmp_path)
    assert got.path is not None
    assert got.path.read_bytes() == b"a;b\n1;2\n"
    assert (got.etag, got.filename, got.size) == ('"v1"', "a.csv", 8)
    assert got.sha256 == hashlib.sha256(b"a;b\n1;2\n").hexdigest()
    assert [path.name for path in tmp_path.iterdir()] == ["download"]


def test_conditions_are_sent_and_304_brings_nothing(listed, tmp_path):
    listed.gives("/a.csv", b"", status=304, ETag='"v1"')
    got = http.fetch(listed.url("/a.csv"), tmp_path, etag='"v1"', last_modified="Mon, 02 Nov 2026 10:00:00 GMT")
    assert (got.status, got.path) == (304, None)
    sent = listed.requests[0][1]
    assert sent["If-None-Match"] == '"v1"'
    assert sent["If-Modified-Since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_content_disposition_is_a_label_never_a_path(listed, tmp_path):
    listed.gives("/x", b"1", Content_Disposition="attachment; filename*=UTF-8''..%2F..%2F%C3%A9coles.csv")
    got = http.fetch(listed.url("/x"), tmp_path)
    assert got.filename == "écoles.csv"
    assert got.path == tmp_path / "download"


def test_compressed_answers_are_opened_and_counted_opened(listed, settings, tmp_path):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"upload_limit_mb": 1})
    listed.gives("/small", gzip.compress(b"x" * 1000), Content_Encoding="gzip")
    assert http.fetch(listed.url("/small"), tmp_path).size == 1000
    listed.gives("/bomb", gzip.compress(b"x" * 20_000_000), Content_Encoding="gzip")
    with pytest.raises(http.DownloadTooLarge):
        http.fetch(listed.url("/bomb"), tmp_path)
    assert not (tmp_path / "download.part").exists()


def test_too_large_is_refused_before_it_is_read(listed, settings, tmp_path):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"upload_limit_mb": 1})
    listed.gives("/big", b"", Content_Length=str(5 * 1024 * 1024))
    with pytest.raises(http.DownloadTooLarge, match="1 M"):
        http.fetch(listed.url("/big"), tmp_path)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "localhost", "0"]
)
def test_loopback_is_refused_in_every_spelling(server, tmp_path, host):
    server.gives("/secret", b"secret")
    port = server.server_address[1]
    with pytest.raises(AddressRefused):
        http.fetch(f"http://{host}:{port}/secret", tmp_path)
    assert server.requests == []


def test_the_address_checked_is_the_address_connected_to(server, tmp_path, monkeypatch):
    """A name that resolves to a public address first and to the loopback next gains nothing: it is resolved once."""
    answers = iter([("93.184.216.34", 80), ("127.0.0.1", server.server_address[1])])
    asked = []

    def resolve(host, port, **_options):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", next(answers))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Exception) as caught:  # noqa: PT011  the public address is out of reach of a test
        http.fetch("http://rebinding.example/", tmp_path)
    assert asked == ["rebinding.example"]
    assert not isinstance(caught.value, AssertionError)
    assert server.requests == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(tmp_path, monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        http.fetch("http://mixed.example/", tmp_path)


def test_a_redirect_inside_is_refused(listed, tmp_path):
    with local_server() as inside:
        inside.gives("/metadata", b"secret")
        listed.gives("/go", b"", status=302, Location=inside.url("/metadata"))
        with pytest.raises(AddressRefused):
            http.fetch(listed.url("/go"), tmp_path)
        assert inside.requests == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/x", "http://"])
def test_only_http_is_spoken_even_after_a_redirect(listed, tmp_path, target):
    listed.gives("/go", b"", status=302, Location=target)
    with pytest.raises(http.AddressInvalid):
        http.fetch(target, tmp_path)
    if ":///" in target or "ftp" in target or "gopher" in target:
        with pytest.raises(http.AddressInvalid):
            http.fetch(listed.url("/go"), tmp_path)


def test_redirects_are_followed_five_times(listed, tmp_path):
    for n in range(7):
        listed.gives(f"/{n}", b"", status=302, Location=f"/{n + 1}")
    listed.gives("/7", b"end")
    assert http.fetch(listed.url("/2"), tmp_path).size == 3
    with pytest.raises(http.TooManyRedirects):
        http.fetch(listed.url("/1"), tmp_path)


def test_credentials_stay_at_their_origin(server, settings, tmp_path):
    with local_server() as other:
        settings.BOCAGE = settings.BOCAGE.model_copy(
            update={"capture_private_hosts": f"{server.address},{other.address}"}
        )
        server.gives("/a", b"", status=302, Location="/b")
        server.gives("/b", b"", status=302, Location=other.url("/c"))
        other.gives("/c", b"data")
        http.fetch(f"http://me:p%40ss@{server.address}/a", tmp_path)
        expected = "Basic " + base64.b64encode(b"me:p@ss").decode()
        assert [headers.get("Authorization") for _path, headers in server.requests] == [expected, expected]
        assert "Authorization" not in other.requests[0][1]


def test_no_secret_in_an_error(listed, tmp_path):
    listed.gives("/a", b"", Content_Length=str(10**12))
    with pytest.raises(http.DownloadTooLarge) as caught:
        http.fetch(f"http://me:hunter2@{listed.address}/a?token=abc", tmp_path)
    assert "hunter2" not in str(caught.value.as_dict())
    assert "abc" not in str(caught.value.as_dict())


def test_the_environment_changes_nothing(listed, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    listed.gives("/a", b"ok")
    assert http.fetch(listed.url("/a"), tmp_path).size == 2


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (404, http.RequestRefused),
        (401, http.RequestRefused),
        (500, http.ServerFault),
        (503, http.ServerFault),
        (429, http.ServerFault),
    ],
)
def test_answers_that_may_change_are_told_from_those_that_will_not(listed, tmp_path, status, fault):
    listed.gives("/a", b"no", status=status)
    with pytest.raises(fault, match=str(status)):
        http.fetch(listed.url("/a"), tmp_path)


def test_a_download_cut_short_keeps_nothing(listed, tmp_path):
    def cut(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")
        handler.close_connection = True

    listed.answers["/a"] = cut
    with pytest.raises(http.DownloadInterrupted):
        http.fetch(listed.url("/a"), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("in_headers", [True, False])
def test_a_server_that_drips_is_left_in_time(listed, tmp_path, in_headers):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"X-Slow: " if in_headers else b"\r\n"))
        for _ in range(200):
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.02)

    listed.answers["/slow"] = drip
    start = time.monotonic()
    with pytest.raises(http.TimedOut):
        http.fetch(listed.url("/slow"), tmp_path, seconds=0.3)
    assert time.monotonic() - start < 2
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_stops_the_download(listed, tmp_path):
    class Stop(Exception):
        pass

    def checkpoint():
        raise Stop

    listed.gives("/a", b"data")
    with pytest.raises(Stop):
        http.fetch(listed.url("/a"), tmp_path, checkpoint=checkpoint)
    assert list(tmp_path.iterdir()) == []


def test_nobody_there_is_worth_another_try(settings, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": address})
        with pytest.raises(http.Unreachable):
            http.fetch(f"http://{address}/", tmp_path)
