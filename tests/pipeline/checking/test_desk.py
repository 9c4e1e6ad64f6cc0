"""Checks of what is at an address, against a schema at an address: through the guard, within bounds, nothing left behind."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from bocage.check.models import Schema, SchemaVersion
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.vocabulary import SchemaStatus
from bocage.kernel.errors import BocageError, NotFound
from bocage.pipeline.checking import bounds, desk, kept, schemas
from bocage.pipeline.checking.errors import RequestTooLarge, SchemaUnreadable, TooBusy, TooLong
from bocage.pipeline.housekeeping import tidy

pytestmark = pytest.mark.django_db

DESCRIPTOR = {"name": "lieux", "fields": [{"name": "nom", "type": "string"}, {"name": "places", "type": "integer"}]}
SCHEMA = TableSchema("lieux", (SchemaField("nom"), SchemaField("places", "integer")), descriptor=DESCRIPTOR)


def listed() -> set[str]:
    return {one.name for one in kept.home().iterdir()} if kept.home().is_dir() else set()


def test_a_file_and_a_schema_at_addresses(server: Any) -> None:
    server.gives("/lieux.csv", b"nom,places\nA,12.0\n")
    server.gives("/schema.json", json.dumps(DESCRIPTOR).encode())
    before = listed()
    check = desk.check_address(
        server.url("/lieux.csv?key=secret"), schema=schemas.schema_named(server.url("/schema.json"))
    )
    assert check.filename == "lieux.csv"
    assert "secret" not in check.url
    assert [family.rule for family in check.verdict.errors] == ["type.integer"]
    assert listed() - before == {check.uid}
    assert not (check.folder / "download").exists()


def test_what_is_kept_reads_again_the_same(server: Any) -> None:
    server.gives("/lieux.csv", b"nom,places\nA,12.0\nB,x,y\n\nC,1\n")
    made = desk.check_address(server.url("/lieux.csv"), schema=SCHEMA)
    again = kept.kept(made.uid)
    assert again.verdict == made.verdict
    assert again.mends == made.mends
    assert again.table == made.table
    assert again.facts == made.facts


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/x", "http://127.0.0.1:1/x.csv", "http://[::1]/x", "ftp://a/b", "file:///etc/passwd"],
)
def test_the_guard_holds_for_files_and_schemas(address: str) -> None:
    before = listed()
    with pytest.raises(BocageError):
        desk.check_address(address, schema=SCHEMA)
    with pytest.raises(BocageError):
        schemas.schema_named(address)
    assert listed() == before


def test_a_redirect_inside_is_refused(server: Any) -> None:
    server.gives("/out", b"", status=302, Location="http://169.254.169.254/latest/")
    with pytest.raises(BocageError):
        schemas.schema_named(server.url("/out"))


def test_a_download_past_the_limit_is_stopped(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "LIMIT_MB", 1)
    server.gives("/large.csv", b"a\n" + b"1\n" * 2_000_000)
    before = listed()
    with pytest.raises(RequestTooLarge):
        desk.check_address(server.url("/large.csv"), schema=SCHEMA)
    assert listed() == before


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b'{"fields": 3}', b"[" * 100_000, b'{"fields": []}' + b" " * 3_000_000]
)
def test_what_is_no_schema_is_refused(server: Any, body: bytes) -> None:
    server.gives("/schema.json", body)
    with pytest.raises(SchemaUnreadable):
        schemas.schema_named(server.url("/schema.json"))


def test_a_schema_of_the_registry_is_not_fetched_again(server: Any) -> None:
    address = server.url("/never-asked.json")
    schema = Schema.objects.create(name="test/lieux", title="Lieux")
    SchemaVersion.objects.create(
        schema=schema, number="1.0.0", status=SchemaStatus.ADOPTED, descriptor=DESCRIPTOR, origin=address
    )
    assert schemas.schema_named(address).name == "test/lieux"
    assert server.requests == []


def test_a_check_stopped_by_the_clock_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SECONDS", 0.0)
    file = tmp_path / "a.csv"
    file.write_text("nom,places\nA,1\n")
    before = listed()
    with pytest.raises(TooLong):
        desk.check_file(file, filename="a.csv", schema=SCHEMA)
    assert listed() == before
    assert file.is_file()


def test_the_slots_are_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "PATIENCE_SECONDS", 0.01)
    for _attempt in range(bounds.AT_ONCE + 1):
        with pytest.raises(FileNotFoundError):
            desk.check_file(tmp_path / "absent.csv", filename="absent.csv", schema=SCHEMA)
    with bounds.slot(), bounds.slot(), pytest.raises(TooBusy), bounds.slot():
        pass


def test_housekeeping_forgets_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text("nom,places\nA,1\n")
    made = desk.check_file(file, filename="a.csv", schema=SCHEMA)
    later = time.time() + kept.LIFETIME.total_seconds() + 1
    monkeypatch.setattr(kept.time, "time", lambda: later)
    with pytest.raises(NotFound):
        kept.kept(made.uid)
    assert tidy()["checks_on_request"] >= 1
    assert not made.folder.exists()
