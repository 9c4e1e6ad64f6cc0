"""The peers of the maps: tipg and pygeoapi on one PostGIS, each in an environment of its own, as their manuals say to run them.

PostgreSQL with PostGIS comes from the system (`apt-get install postgresql-15-postgis-3`), in a cluster of its own on loopback that
is thrown away; the servers come from the index of packages. What is absent is said, and the others are measured without it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.gis_data import Layer
from benchmarks.systems import Server, free_port

PACKAGES = {
    "tipg": ("tipg==1.6.1", "uvicorn==0.54.0"),
    "pygeoapi": ("pygeoapi==0.21.0", "gunicorn==27.0.1", "psycopg2-binary==2.9.13", "geoalchemy2==0.20.0"),
}
MOST = 300_000
"""Features that one answer may hold: both have lower limits, that a whole layer would meet."""
SETTINGS = {
    "shared_buffers": "1GB", "work_mem": "64MB", "jit": "off", "random_page_cost": "1.1", "max_connections": "100", "fsync": "off",
    "statement_timeout": "15s",
}  # fmt: skip
"""What nobody waits for any more is ended: it would take the processors from the next that is measured."""


class PeerAbsent(Exception):
    """It cannot be installed here; the sentence says what is missing."""


def environment(folder: Path, name: str) -> Path:
    """The programs of a peer, installed when first asked for. Raises PeerAbsent."""
    home, ready = folder / "environments" / name, folder / "environments" / f"{name}.ready"
    if ready.is_file():
        return home / "bin"
    home.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
    pip = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *PACKAGES[name]]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerAbsent(f"{name} cannot be installed: {done.stderr.strip().rpartition(chr(10))[2][:200]}")
    ready.touch()
    return home / "bin"


class PostGIS:
    """A cluster of its own, with the layers, indexed and in the order of their index."""

    def __init__(self, folder: Path, layers: list[Layer], files: dict[str, Path]) -> None:
        self.programs = self._programs()
        self.data, self.port = folder / "postgis", free_port()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True)
        self.data.chmod(0o700)
        self.as_owner: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to be run by root
            shutil.chown(self.data, "postgres", "postgres")
            self.as_owner = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as written:
            written.write("".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items()))
            written.write(f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.data / "log"), "start")
        try:
            self._fill(layers, files)
        except BaseException:
            self.stop()
            raise

    def _fill(self, layers: list[Layer], files: dict[str, Path]) -> None:
        self.sql("CREATE DATABASE geo", "postgres")
        self.sql("CREATE EXTENSION postgis")
        for layer in layers:
            self._load(layer, files[layer.name])

    @staticmethod
    def _programs() -> Path:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        controls = list(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
        if not found or not controls:
            raise PeerAbsent("PostGIS is absent: apt-get install postgresql-15-postgis-3")
        return found[-1].parent

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/geo"

    def _run(self, program: str, *arguments: str, given: Path | None = None) -> None:
        command = [*self.as_owner, str(self.programs / program), *arguments]
        with (given or Path(os.devnull)).open() as entry:
            done = subprocess.run(
                command, stdin=entry, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/"
            )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()[-1000:]}")

    def sql(self, text: str, database: str = "geo", given: Path | None = None) -> None:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        self._run("psql", *where, "-q", "-v", "ON_ERROR_STOP=1", "-c", text, given=given)

    def _load(self, layer: Layer, csv: Path) -> None:
        name = layer.name
        self.sql(f"CREATE TABLE {name} (id bigint PRIMARY KEY, nom text, categorie text, valeur double precision, releve date, "
                 f"geom geometry({layer.kind}, 4326))")  # fmt: skip
        self.sql(f"COPY {name} FROM STDIN (FORMAT csv, HEADER)", given=csv)
        self.sql(f"CREATE INDEX {name}_geom ON {name} USING gist (geom); CREATE INDEX ON {name} (categorie, valeur); "
                 f"CLUSTER {name} USING {name}_geom")  # fmt: skip
        self.sql(f"VACUUM ANALYZE {name}")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")
        shutil.rmtree(self.data, ignore_errors=True)


class Tipg:
    name = "tipg"

    def __init__(self, folder: Path, postgis: PostGIS, _layers: list[Layer]) -> None:
        programs, port = environment(folder, self.name), free_port()
        environ = os.environ | {
            "DATABASE_URL": postgis.address, "TIPG_MAX_FEATURES_PER_QUERY": str(MOST), "TIPG_DEFAULT_FEATURES_LIMIT": "10",
        }  # fmt: skip
        root = f"http://127.0.0.1:{port}"
        # One process: with more, each small answer waits 40 ms for the network (reference: gis.md, finding 8).
        command = [
            str(programs / "uvicorn"),
            "tipg.main:app",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--log-level",
            "error",
        ]
        self.server = Server(command, root, f"{root}/healthz", environ)

    def items(self, layer: str, given: dict[str, object]) -> str:
        return f"/collections/public.{layer}/items?{urlencode(given | {'f': 'geojson'})}"

    def tile(self, layer: str, zoom: int, column: int, row: int) -> str:
        return f"/collections/public.{layer}/tiles/WebMercatorQuad/{zoom}/{column}/{row}"

    def stop(self) -> None:
        self.server.stop()


class Pygeoapi:
    name = "pygeoapi"

    def __init__(self, folder: Path, postgis: PostGIS, layers: list[Layer]) -> None:
        programs, port = environment(folder, self.name), free_port()
        root = f"http://127.0.0.1:{port}"
        configuration, description = folder / "pygeoapi.yml", folder / "pygeoapi-openapi.yml"
        configuration.write_text(pygeoapi_configuration(root, postgis.port, layers), encoding="utf-8")
        environ = os.environ | {"PYGEOAPI_CONFIG": str(configuration), "PYGEOAPI_OPENAPI": str(description)}
        generate = [
            str(programs / "pygeoapi"),
            "openapi",
            "generate",
            str(configuration),
            "--output-file",
            str(description),
        ]
        done = subprocess.run(generate, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PeerAbsent(f"pygeoapi does not describe itself: {done.stderr[-300:]}")
        command = [str(programs / "gunicorn"), "-w", "2", "-k", "gthread", "--threads", "4", "--timeout", "600",
                   "-b", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"]  # fmt: skip
        self.server = Server(command, root, f"{root}/conformance?f=json", environ)

    def items(self, layer: str, given: dict[str, object]) -> str:
        kept = {
            name: value for name, value in given.items() if name != "filter-lang"
        }  # refused by its name, read all the same
        return f"/collections/{layer}/items?{urlencode(kept | {'f': 'json'})}"

    def tile(self, layer: str, zoom: int, column: int, row: int) -> str:
        return f"/collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}?f=mvt"

    def stop(self) -> None:
        self.server.stop()


def pygeoapi_configuration(root: str, port: int, layers: list[Layer]) -> str:
    """YAML, as its manual writes it."""
    host, _, number = root.removeprefix("http://").partition(":")
    resources = "".join(_resource(layer, port) for layer in layers)
    return f"""server:
  bind: {{host: {host}, port: {number}}}
  url: {root}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en-US]
  limits: {{default_items: 10, max_items: {MOST}, on_exceed: throttle}}
  map: {{url: "{root}/none", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    title: bench
    description: bench
    keywords: [bench]
    keywords_type: theme
    terms_of_service: none
    url: {root}
  license: {{name: none, url: {root}}}
  provider: {{name: bench, url: {root}}}
  contact: {{name: bench, email: bench@example.org}}
resources:
{resources}"""


def _resource(layer: Layer, port: int) -> str:
    database = f"{{host: 127.0.0.1, port: {port}, dbname: geo, user: postgres, password: none, search_path: [public]}}"
    return f"""  {layer.name}:
    type: collection
    title: {layer.name}
    description: {layer.name}
    keywords: [bench]
    links: []
    extents:
      spatial: {{bbox: [-2.1, 46.8, -1.0, 47.6], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    providers:
      - type: feature
        name: PostgreSQL
        data: {database}
        id_field: id
        table: {layer.name}
        geom_field: geom
      - type: tile
        name: MVT-postgresql
        data: {database}
        id_field: id
        table: {layer.name}
        geom_field: geom
        storage_crs: http://www.opengis.net/def/crs/EPSG/0/4326
        options:
          zoom: {{min: 0, max: 20}}
        format: {{name: pbf, mimetype: application/vnd.mapbox-vector-tile}}
"""
