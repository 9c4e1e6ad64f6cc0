"""The workshop reads its folder and nothing else, whatever a foreign file says."""

from __future__ import annotations

import http.server
import itertools
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from bocage.store import hardening
from bocage.store.engine import GDAL_DRIVERS, EngineError, UnsafeRead, literal, workshop

POINT = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},'
    '"geometry":{"type":"Point","coordinates":[1,2]}}]}'
)


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "a.csv").write_text("a,b\n1,2\n")
    (folder / "g.geojson").write_text(POINT)
    return folder


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.csv").write_text("a,b\n1,2\n")
    (folder / "g.geojson").write_text(POINT)
    with zipfile.ZipFile(folder / "g.zip", "w") as archive:
        archive.write(folder / "g.geojson", "g.geojson")
    return folder


class Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    Listener.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def st_read(path: str | Path) -> str:
    return f"SELECT count(*) FROM ST_Read({literal(path)}, allowed_drivers={GDAL_DRIVERS})"


def test_reads_its_folder(inside: Path) -> None:
    with workshop(inside) as engine:
        assert engine.execute("SELECT a, b FROM read_csv(?)", [str(inside / "a.csv")]) == [(1, 2)]
        assert engine.execute(st_read(inside / "g.geojson")) == [(1,)]
        assert engine.execute(
            f"SELECT typeof(geom) FROM ST_Read(?, allowed_drivers={GDAL_DRIVERS})", [str(inside / "g.geojson")]
        ) == [("GEOMETRY('EPSG:4326')",)]
        engine.register("arrived", pa.table({"x": [1, 2]}))
        assert sum(batch.num_rows for batch in engine.arrow("SELECT * FROM arrived")) == 2
    assert sorted(path.name for path in inside.iterdir()) == ["a.csv", "g.geojson"]  # the spill folder is gone


def test_reads_the_extra_files_but_not_their_neighbours(inside: Path, outside: Path) -> None:
    with workshop(inside, readable=[outside / "secret.csv"]) as engine:
        assert engine.execute("SELECT a FROM read_csv(?)", [str(outside / "secret.csv")]) == [(1,)]
        with pytest.raises(EngineError):
            engine.execute(st_read(outside / "g.geojson"))
    with workshop(inside, readable=[outside]) as engine:
        assert engine.execute(st_read(outside / "g.geojson")) == [(1,)]


def test_does_not_read_elsewhere(inside: Path, outside: Path, address: str) -> None:
    (inside / "link.csv").symlink_to(outside / "secret.csv")
    attempts = [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        f"SELECT * FROM read_csv({literal(outside / 'secret.csv')})",
        f"SELECT * FROM read_csv({literal(inside / '../outside/secret.csv')})",
        f"SELECT * FROM read_csv({literal(inside / 'link.csv')})",
        f"SELECT * FROM read_csv('{address}/x.csv')",
        f"ATTACH {literal(outside / 'x.duckdb')}",
        *map(st_read, ("/etc/passwd", outside / "g.geojson", inside / "../outside/g.geojson", f"{address}/g.geojson")),
        *map(
            st_read,
            (f"/vsizip/{outside}/g.zip/g.geojson", f"/vsicurl/{address}/g.geojson", f"WFS:{address}", "/vsistdin/"),
        ),
    ]
    with workshop(inside) as engine:
        for sql in attempts:
            with pytest.raises(EngineError):
                engine.execute(sql)
    assert Listener.asked == []


def test_a_file_that_points_elsewhere_is_not_followed(inside: Path, outside: Path, address: str) -> None:
    layer = '<OGRVRTDataSource><OGRVRTLayer name="g"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    hostile = [
        layer.format(outside / "g.geojson"),
        layer.format(f"/vsicurl/{address}/g.geojson"),
        f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
    ]
    with workshop(inside) as engine:
        for content, name in itertools.product(hostile, ("a.geojson", "a.kml", "a.gpkg", "a.shp")):
            (inside / name).write_text(content)
            with pytest.raises(EngineError):
                engine.execute(st_read(inside / name))
    assert Listener.asked == []


UNSAFE = (
    "SELECT * FROM ST_Read('a.gpkg')",
    "SELECT * FROM st_read ( 'a.gpkg' , layer = 'x')",
    "SELECT * FROM ST_Read_Meta('a.gpkg')",
    "SELECT * FROM ST_ReadSHP('a.shp')",
    "SELECT * FROM 'a.geojson'",
)


def test_refuses_to_open_a_foreign_file_with_every_driver(inside: Path) -> None:
    with workshop(inside) as engine:
        for sql in UNSAFE:
            with pytest.raises(UnsafeRead):
                engine.execute(sql)


def test_does_not_write_elsewhere_nor_unlock(inside: Path, outside: Path) -> None:
    with workshop(inside) as engine:
        engine.execute(f"COPY (SELECT 1 AS x) TO {literal(inside / 'mine.csv')}")
        for sql in (
            f"COPY (SELECT 1 AS x) TO {literal(outside / 'x.csv')}",
            f"COPY (SELECT ST_Point(1, 2) AS g) TO {literal(outside / 'x.geojson')} WITH (FORMAT gdal, DRIVER 'GeoJSON')",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET allowed_directories = ['/']",
            "SET memory_limit = '100GB'",
            "SET threads = 64",
        ):
            with pytest.raises(EngineError):
                engine.execute(sql)
    assert (inside / "mine.csv").exists()
    assert not list(outside.glob("x.*"))


def test_python_variables_are_not_readable(inside: Path) -> None:
    frame = pa.table({"x": [1]})
    with workshop(inside) as engine, pytest.raises(EngineError, match="frame"):
        engine.execute("SELECT * FROM frame")
    assert frame.num_rows == 1


def test_a_tampered_extension_is_told_by_who_verifies(
    inside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = hardening.spatial_extension()
    tampered = tmp_path / "spatial.duckdb_extension"
    content = bytearray(genuine.read_bytes())
    content[len(content) // 2] ^= 1
    tampered.write_bytes(content)
    monkeypatch.setattr(hardening, "spatial_extension", lambda: tampered)
    with pytest.raises(EngineError, match="signature"):
        hardening.connect(allowed=[inside], spill=tmp_path / "spill", verify=True)


def test_nothing_can_be_loaded_by_an_engine_that_trusts_the_extension(inside: Path) -> None:
    with workshop(inside), workshop(inside) as second:
        extension = hardening.spatial_extension()
        (inside / "mine.duckdb_extension").write_bytes(extension.read_bytes())
        for sql in (
            f"LOAD {literal(inside / 'mine.duckdb_extension')}",
            f"INSTALL {literal(inside / 'mine.duckdb_extension')}",
        ):
            with pytest.raises(EngineError):
                second.execute(sql)


def test_spatial_comes_when_it_is_needed_and_nothing_else_does(inside: Path, outside: Path) -> None:
    with workshop(inside, spatial=False) as engine:
        engine.register("arrived", pa.table({"x": [1, 2]}))
        with pytest.raises(EngineError):
            engine.execute("SELECT ST_Point(1, 2)")
        with pytest.raises(EngineError):
            engine.execute(f"LOAD {literal(hardening.spatial_extension())}")
        engine.need_spatial()
        engine.need_spatial()
        assert engine.execute("SELECT ST_X(ST_Point(x, 2)) FROM arrived") == [(1.0,), (2.0,)]
        for sql in ("LOAD httpfs", st_read(outside / "g.geojson"), "SET threads = 64"):
            with pytest.raises(EngineError):
                engine.execute(sql)
    assert sorted(path.name for path in inside.iterdir()) == ["a.csv", "g.geojson"]
