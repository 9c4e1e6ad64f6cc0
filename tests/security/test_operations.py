"""What the machine shows: folders, counters, readiness, the page of an unforeseen fault."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from django.test import Client, RequestFactory

from bocage.config import doctoring, health, metrics
from bocage.config.locality import is_local

PROXIED = (
    {"x-forwarded-for": "203.0.113.7"}, {"x-forwarded-for": ""}, {"x-forwarded-proto": "https"}, {"x-forwarded-host": "x.example"},
    {"x-forwarded": "for=1"}, {"forwarded": "for=203.0.113.7"}, {"via": "1.1 caddy"}, {"x-real-ip": "203.0.113.7"},
    {"cf-connecting-ip": "203.0.113.7"}, {"true-client-ip": "203.0.113.7"}, {"x-client-ip": "203.0.113.7"},
)  # fmt: skip


@pytest.mark.parametrize("headers", PROXIED, ids=lambda headers: next(iter(headers)))
def test_what_comes_through_a_proxy_of_this_machine_is_not_local(headers: dict[str, str]) -> None:
    """The proxy is on this machine, so every stranger seems to come from 127.0.0.1."""
    assert not is_local(RequestFactory().get("/metrics", headers=headers))
    assert metrics.metrics(RequestFactory().get("/metrics", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("127.9.9.9", True),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("nonsense", False),
    ],
)
def test_local_is_this_machine(address: str, local: bool) -> None:
    assert is_local(RequestFactory().get("/", REMOTE_ADDR=address)) is local


@pytest.mark.django_db
def test_why_it_is_not_ready_is_told_on_this_machine_only() -> None:
    inside = health.readyz(RequestFactory().get("/readyz"))
    outside = health.readyz(RequestFactory().get("/readyz", headers={"x-forwarded-for": "203.0.113.7"}))
    assert inside.status_code == outside.status_code == 503
    assert b"worker" in outside.content
    assert b"reason" in inside.content
    assert b"reason" not in outside.content


def settings_with(**environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
    ask = "from django.conf import settings; settings.SECRET_KEY"
    environ = kept | environ | {"DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
    return subprocess.run(
        [sys.executable, "-c", ask], env=environ, capture_output=True, text=True, check=True, umask=0o022
    )


@pytest.mark.parametrize("existing", [None, 0o755, 0o777, 0o750])
def test_the_data_folder_is_its_owners_alone(tmp_path, existing: int | None) -> None:
    """It holds accounts, sessions and private data, whatever the mask of the process that makes it."""
    folder = tmp_path / "data"
    if existing is not None:
        folder.mkdir()
        folder.chmod(existing)
    settings_with(BOCAGE_DATA_DIR=str(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600


def test_doctor_says_that_others_may_read(settings, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(doctoring, "run_checks", list)
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o755)
    settings.DATA_DIR.chmod(0o755)
    assert "settings.folder-readable" in {remark.code for remark in doctoring._settings()}
    settings.DATA_DIR.chmod(0o700)
    assert "settings.folder-readable" not in {remark.code for remark in doctoring._settings()}


@pytest.mark.django_db
def test_a_backup_is_its_owners_alone(settings, tmp_path) -> None:
    from django.db import connection

    from bocage.config import database_copy

    if connection.vendor != "sqlite":
        pytest.skip("the copy of SQLite")
    folder = tmp_path / "backup"
    folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        import sqlite3
        from unittest.mock import patch

        with sqlite3.connect(tmp_path / "x.sqlite3") as made:
            made.execute("CREATE TABLE t (a)")
        with patch.object(database_copy, "_sqlite_file", lambda: tmp_path / "x.sqlite3"):
            copy = database_copy.save(folder, "now")
    finally:
        os.umask(before)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_the_page_of_an_unforeseen_fault_says_nothing_of_it(settings, monkeypatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("s3cret at /var/lib/bocage/secret.key SELECT password")

    monkeypatch.setattr("bocage.portal.views.home.current_portal", broken)
    monkeypatch.setattr("bocage.publish.explore.catalogue.documents", broken)
    client = Client(raise_request_exception=False)
    for address in ("/", "/api/explore/v2.1/catalog/datasets"):
        answer = client.get(address)
        assert answer.status_code == 500
        for inside in ("s3cret", "/var/lib", "SELECT", "RuntimeError", "Traceback", "settings", "python"):
            assert inside not in answer.content.decode()
    assert settings.DEBUG is False


def test_the_server_keeps_its_own_logging() -> None:
    """Django would otherwise set up its own when it starts, and write the paths of the requests again."""
    from django.conf import settings

    assert settings.LOGGING_CONFIG is None


def test_a_query_stops_when_its_reader_has_left() -> None:
    from django.conf import settings

    assert "bocage.config.abandonment.StopAbandonedQueries" in settings.MIDDLEWARE
