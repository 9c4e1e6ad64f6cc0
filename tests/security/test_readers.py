"""A file that kills its reader kills nobody else: GDAL reads drafts in a process apart."""

from __future__ import annotations

import json
import signal
import stat
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bocage.capture import apart, services
from bocage.capture.understanding import Corrections
from bocage.pipeline import drafts
from tests.capture.geo.samples import written

HEADS = {
    "a.fgb": (b"fgb\x03fgb\x01", True), "a.gpkg": (b"SQLite format 3\x00", True), "a.zip": (b"PK\x03\x04..a.shp", True),
    "a.csv.gz": (b"\x1f\x8b\x08", True), "a.xlsx": (b"PK\x03\x04....[Content_Types].xml", False), "a.csv": (b"a;b\n", False),
    "a.geojson": (b'{"type"', False), "a.parquet": (b"PAR1", False), "fgb.csv": (b"x;fgb", False), "a.shp.csv": (b"", False),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_who_is_read_apart(tmp_path: Path, name: str) -> None:
    """By the content: the name proves nothing."""
    head, risky = HEADS[name]
    (tmp_path / "content").write_bytes(head)
    assert apart.is_risky(tmp_path / "content", name) is risky


@pytest.mark.parametrize("extension", ["gpkg", "fgb"])
def test_apart_or_not_a_file_is_understood_alike(tmp_path: Path, extension: str) -> None:
    file = written(tmp_path, "points", 2154, extension)
    corrections = Corrections(crs="EPSG:2154")
    there = apart.inspect_apart(file, filename=file.name, corrections=corrections)["understanding"]
    here = services.inspect(file, filename=file.name, corrections=corrections).as_dict()
    assert there == json.loads(json.dumps(here, default=str))


def test_a_refusal_is_told_in_the_language_of_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.fgb").write_bytes(b"fgb\x03fgb\x01" + b"\xff" * 500)
    from django.utils.translation import override

    said = []
    for language in ("fr", "en"):
        with override(language):
            said.append(apart.inspect_apart(tmp_path / "a.fgb", filename="a.fgb", corrections=Corrections())["error"])
    assert said[0]["code"] == said[1]["code"]
    assert said[0]["message"] != said[1]["message"]


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch) -> Path:
    """A reader that writes beside, then dies of a fault of memory."""
    program = tmp_path / "python"
    lines = (
        f"#!{sys.executable}", "import os, sys", "open(os.path.join(sys.argv[-1], 'half'), 'w').write('x')",
        f"os.kill(os.getpid(), {signal.SIGSEGV.value})",
    )  # fmt: skip
    program.write_text("\n".join(lines))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(program))
    return program


def test_a_reader_that_dies_is_told_and_leaves_nothing(territory, deadly, settings) -> None:
    client = territory.viewers["contributor here"]
    file = SimpleUploadedFile("a.fgb", b"fgb\x03fgb\x01" + b"\x00" * 100)
    answer = client.post("/console/publish/", {"file": file, "organization": "ici"})
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "s’est arrêtée brutalement" in page.content.decode()
    assert not list((settings.DATA_DIR / "tmp").glob("capture-*"))
    draft = territory.people["contributor here"].drafts.get()
    assert drafts.inspect_draft(draft).error["code"] == "capture.reader-died"


def test_a_reader_that_lasts_is_stopped(tmp_path: Path, monkeypatch) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(apart, "SECONDS", 0.2)
    (tmp_path / "a.fgb").write_bytes(b"fgb")
    with pytest.raises(apart.ReaderTooSlow):
        apart.inspect_apart(tmp_path / "a.fgb", filename="a.fgb", corrections=Corrections())
