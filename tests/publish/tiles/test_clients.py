"""Unmodified clients against a real server: GDAL by HTTP ranges, the reader of PMTiles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pmtiles.reader import Reader

from bocage.publish.tiles import archive
from bocage.publish.tiles.archiving import Archives
from bocage.publish.tiles.orders import orders
from bocage.store.models import Head

pytestmark = pytest.mark.django_db(transaction=True)
CLIENT = Path(__file__).parent / "clients" / "read_tiles.py"


@pytest.fixture
def server(live_server, settings, published, monkeypatch):
    monkeypatch.setattr(archive, "DEEPEST", 7)
    published.take(settings)
    orders().ask(Head.objects.get(dataset__slug="arbres").version.uid)
    Archives().make_next(lambda: False)
    return live_server.url


def trees_in(west, south, east, north):
    found = []
    for i in range(300):
        x, y = -2 + ((i * 7919) % 1009) / 500.0, 46.5 + ((i * 104729) % 1013) / 500.0
        if west <= x <= east and south <= y <= north:
            found.append(f"T{i}")
    return sorted(found)


def test_gdal_reads_parts_of_the_files(server):
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(CLIENT), server, "arbres"], capture_output=True, text=True, timeout=120,
        check=False, env=kept,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert (found["all"], found["archive"]) == (300, ["arbres"])
    assert found["boxed"] == trees_in(-1.5, 47.0, -1.0, 47.5)
    assert len(found["boxed"]) > 5
    assert found["near"] > 0
    assert found["standard"] == 300  # by OGC API – Tiles


def test_the_reader_of_archives_asks_for_parts(server):
    connection = HTTPConnection(urlsplit(server).netloc)
    lengths = []

    def part(offset, length):
        connection.request("GET", "/tiles/arbres.pmtiles", headers={"Range": f"bytes={offset}-{offset + length - 1}"})
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 206
        lengths.append(len(content))
        return content

    reader = Reader(part)
    assert reader.header()["tile_type"].name == "MVT"
    assert reader.get(0, 0, 0)
    assert reader.get(7, 0, 0) is None
    connection.close()
    assert max(lengths) <= 20_000
