"""Files cut or altered: refused, never read in part, and never the death of the process (each in a process of its own)."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from bocage.capture.formats.flatgeobuf import FlatGeobuf
from bocage.capture.formats.geopackage import GeoPackage
from bocage.capture.formats.parquet import Parquet
from bocage.capture.formats.shapefile import Shapefile
from bocage.capture.positions.errors import DamagedFile, LoneShapefile
from bocage.capture.positions.errors import IncompleteShapefile as Incomplete
from tests.capture.geo import samples

KINDS = {"gpkg": GeoPackage(), "fgb": FlatGeobuf(), "parquet": Parquet()}
CUTS = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """3,000 shapes: several pages, several nodes of the index."""
    folder = tmp_path_factory.mktemp("large")
    random.seed(4)
    places = np.array([[random.uniform(300_000, 400_000), random.uniform(6_600_000, 6_700_000)] for _ in range(3000)])
    shapes = shapely.to_wkb(shapely.buffer(shapely.points(places), 10))
    names = np.array([f"É{n}" for n in range(3000)], dtype=object)
    for extension, driver in samples.DRIVERS.items():
        pyogrio.raw.write(str(folder / f"a.{extension}"), shapes, [names], ["nom"], crs="EPSG:2154",
                          geometry_type="Polygon", driver=driver, layer="a")  # fmt: skip
    samples._geoparquet(folder / "a.parquet", samples.KINDS["points"], 4326)
    return folder


@pytest.mark.parametrize("extension", KINDS)
def test_a_cut_file_is_refused(shop, large, extension):
    content = (large / f"a.{extension}").read_bytes()
    for cut in CUTS:
        path = shop.write(f"cut{cut}.{extension}", content[: max(12, int(len(content) * cut))])
        with pytest.raises(DamagedFile):
            KINDS[extension].read(path, shop.engine, samples_corrections())


def samples_corrections():
    from bocage.capture.understanding import Corrections

    return Corrections()


@pytest.mark.parametrize("extension", ["gpkg", "fgb"])
def test_a_file_altered_in_the_middle_is_refused(shop, large, extension):
    content = bytearray((large / f"a.{extension}").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 5000] = b"\xff" * 5000
    with pytest.raises(DamagedFile):
        KINDS[extension].read(shop.write(f"a.{extension}", bytes(content)), shop.engine, samples_corrections())


@pytest.mark.parametrize("part", [".shp", ".dbf", ".shx"])
def test_a_shapefile_cut_in_any_part_is_refused(shop, large, part):
    for cut in (0.0, 0.3, 0.99):
        path = shop.bring(large / "a.shp")
        damaged = path.with_suffix(part)
        damaged.write_bytes(damaged.read_bytes()[: int(damaged.stat().st_size * cut)])
        with pytest.raises(DamagedFile):
            Shapefile().read(path, shop.engine, samples_corrections())


def test_a_shapefile_altered_in_the_middle_is_refused(shop, large):
    path = shop.bring(large / "a.shp")
    content = bytearray(path.read_bytes())
    content[100_000:105_000] = b"\xff" * 5000
    path.write_bytes(content)
    with pytest.raises(DamagedFile):
        Shapefile().read(path, shop.engine, samples_corrections())


def test_a_shapefile_alone(shop, large):
    content = (large / "a.shp").read_bytes()
    with pytest.raises(LoneShapefile):
        Shapefile().read(shop.write("b.shp", content), shop.engine, samples_corrections())
    shop.write("b.dbf", (large / "a.dbf").read_bytes())
    with pytest.raises(Incomplete):
        Shapefile().read(shop.directory / "b.shp", shop.engine, samples_corrections())


def test_a_layer_that_computes_is_not_a_layer(shop, large):
    path = shop.write("a.gpkg", (large / "a.gpkg").read_bytes())
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('v', 'attributes', 'v')"
        )
    assert [layer.name for layer in shop.read(GeoPackage(), path).layers] == ["a"]


_SURVIVES = """
import sys, django
from pathlib import Path
django.setup()
from bocage.capture.formats.{module} import {kind}
from bocage.capture.understanding import Corrections
from bocage.kernel.errors import BocageError
from bocage.store.engine import workshop
with workshop(Path(sys.argv[1])) as engine:
    for file in sorted(Path(sys.argv[1]).glob("*.{extension}")):
        try:
            {kind}().read(file, engine, Corrections())
        except BocageError as error:
            assert "/" not in str(error).replace(" / ", ""), str(error)
print("alive")
"""


@pytest.mark.parametrize(("extension", "module", "kind"), [("fgb", "flatgeobuf", "FlatGeobuf"),
                                                           ("gpkg", "geopackage", "GeoPackage"),
                                                           ("shp", "shapefile", "Shapefile")])  # fmt: skip
def test_no_alteration_kills_the_process(tmp_path, extension, module, kind):
    """Bytes changed at random, mostly in the headers, with a fixed seed."""
    random.seed(11)
    source = samples.written(tmp_path, "with null", 2154, extension)
    content = source.read_bytes()
    for number in range(12):
        changed = bytearray(content)
        for _ in range(random.choice([1, 3, 20])):
            changed[random.randrange(min(len(changed), random.choice([200, 2000, len(changed)])))] = random.randrange(
                256
            )
        (tmp_path / f"m{number}.{extension}").write_bytes(changed)
        for part in ("shx", "dbf", "prj"):
            if extension == "shp":
                (tmp_path / f"m{number}.{part}").write_bytes(source.with_suffix(f".{part}").read_bytes())
    script = _SURVIVES.format(extension=extension, module=module, kind=kind)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bocage.config.settings",
        "PYTHONPATH": str(Path("src").resolve()),
    }
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, env=environment,
                          check=False, timeout=60)  # fmt: skip
    assert done.stdout.strip().endswith("alive"), done.stderr[-2000:]
