"""The systems under measure: each is built from the same CSV, started on loopback, asked, stopped."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_spatial

from benchmarks.workload import Question

BIN = Path(sys.executable).parent
PEERS = "datasette==0.65.5"
INDEXES = (
    ("categorie", "montant"), ("commune",), ("montant",), ("nombre",), ("date_maj",), ("latitude", "longitude"), ("id",)
)  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=300) as answer:
        body: bytes = answer.read()
        return body


def timed_download(url: str) -> tuple[float, float, int]:
    """Seconds to the first byte, to the last, and the number of bytes."""
    start = time.perf_counter()
    size, first = 0, 0.0
    with urllib.request.urlopen(url, timeout=600) as answer:
        while chunk := answer.read(1 << 18):
            first = first or time.perf_counter() - start
            size += len(chunk)
    return first, time.perf_counter() - start, size


class Server:
    """A process that answers on loopback."""

    def __init__(self, command: list[str], base: str, ready: str, environ: dict[str, str] | None = None) -> None:
        self.base = base
        self.log = tempfile.TemporaryFile()  # noqa: SIM115  a pipe that nobody reads would stop the server once it is full
        self.process = subprocess.Popen(
            command, env=environ, stdout=subprocess.DEVNULL, stderr=self.log, start_new_session=True
        )
        for _attempt in range(600):
            try:
                get(ready)
                return
            except (urllib.error.URLError, ConnectionError):
                if self.process.poll() is not None:
                    self.log.seek(0)
                    raise RuntimeError(self.log.read().decode()) from None
                time.sleep(0.1)
        raise RuntimeError(f"{ready} never answered")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:  # it still computes what nobody waits for
            self.process.kill()
        self.log.close()


MADE_AFTER = (
    "from bocage.query.warming import warm;from bocage.store.models import Head;"
    "[warm(head.version) for head in Head.objects.select_related('version__dataset')]"
)
"""What the worker makes after a publication, before somebody looks."""


class Bocage:
    name = "Bocage"

    def __init__(self, folder: Path, csv: Path) -> None:
        data = folder / "bocage"
        shutil.rmtree(data, ignore_errors=True)
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BOCAGE_")}
        self.environ = environ | {"BOCAGE_DATA_DIR": str(data), "BOCAGE_LOG_FORMAT": "json"}
        bocage = str(BIN / "bocage")
        migrate = [bocage, "manage", "migrate", "--verbosity", "0", "--skip-checks"]
        subprocess.run(migrate, env=self.environ, check=True)
        make = (
            "from bocage.organizations.services import create_organization as c;"
            "from bocage.organizations.vocabulary import OrganizationKind as K;"
            "c(slug='banc', name='Banc d’essai', kind=K.EPCI)"
        )
        subprocess.run([bocage, "manage", "shell", "-v", "0", "-c", make], env=self.environ, check=True)
        start = time.perf_counter()
        self.publish(csv, "d1")
        self.ingest = time.perf_counter() - start
        self.warmed = self.warm()
        port = free_port()
        root = f"http://127.0.0.1:{port}"
        self.server = Server(
            [bocage, "web", "--host", "127.0.0.1", "--port", str(port)],
            f"{root}/api/explore/v2.1/catalog/datasets/d1/", f"{root}/healthz", self.environ,
        )  # fmt: skip

    def publish(self, csv: Path, slug: str) -> None:
        """The command of the platform, from its start to its end."""
        options = ["--organization", "banc", "--dataset", slug, "--visibility", "open", "--json"]
        command = [str(BIN / "bocage"), "publish", str(csv), *options]
        subprocess.run(command, env=self.environ, check=True, capture_output=True)

    def warm(self) -> float:
        """Seconds that a worker takes after publications, a process to start included."""
        start = time.perf_counter()
        subprocess.run(
            [str(BIN / "bocage"), "manage", "shell", "-v", "0", "-c", MADE_AFTER], env=self.environ, check=True
        )
        return time.perf_counter() - start

    def ask(self, question: Question, key: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(get(self.server.base + question.bocage))[key]
        return rows

    def stop(self) -> None:
        self.server.stop()


class Datasette:
    name = "Datasette"

    def __init__(self, folder: Path, csv: Path) -> None:
        peers = folder / "peers"
        if not (peers / "bin" / "datasette").exists():
            subprocess.run([sys.executable, "-m", "venv", str(peers)], check=True)
            subprocess.run([str(peers / "bin" / "pip"), "install", "--quiet", PEERS, "sqlite-utils==4.2.1"], check=True)
        database, taken = folder / f"{csv.stem}.db", folder / f"{csv.stem}.db.seconds"
        if not taken.exists():  # minutes: kept from one run to the next, for the same file
            taken.write_text(str(self._load(str(peers / "bin" / "sqlite-utils"), database, csv)))
        self.ingest = float(taken.read_text())
        database_name = database.stem
        port = free_port()
        settings = {
            "suggest_facets": "off", "sql_time_limit_ms": "60000", "facet_time_limit_ms": "60000", "max_csv_mb": "0",
            "num_sql_threads": "4", "max_returned_rows": "1000",
        }  # fmt: skip
        options = [part for name, value in settings.items() for part in ("--setting", name, value)]
        root = f"http://127.0.0.1:{port}"
        self.server = Server(
            [str(peers / "bin" / "datasette"), "serve", str(database), "--port", str(port), *options],
            f"{root}/{database_name}", f"{root}/-/versions.json",
        )  # fmt: skip

    @staticmethod
    def _load(tool: str, database: Path, csv: Path) -> float:
        """Seconds of the insertion; indexes on everything that is asked come after."""
        database.unlink(missing_ok=True)
        start = time.perf_counter()
        subprocess.run([tool, "insert", str(database), "d1", str(csv), "--csv", "--silent"], check=True)
        seconds = time.perf_counter() - start
        for columns in INDEXES:
            subprocess.run([tool, "create-index", str(database), "d1", *columns], check=True)
        subprocess.run([tool, "enable-fts", str(database), "d1", "libelle"], check=True)
        return seconds

    def ask(self, question: Question, key: str) -> list[dict[str, Any]]:
        answer = json.loads(get(self.server.base + question.datasette))
        rows: list[dict[str, Any]] = answer if isinstance(answer, list) else [answer]
        return rows

    def stop(self) -> None:
        self.server.stop()


class BareDuckDB:
    """The engine itself, in process, on a native table: the floor."""

    name = "DuckDB"

    def __init__(self, folder: Path, csv: Path) -> None:
        database = folder / "bare.duckdb"
        database.unlink(missing_ok=True)
        self.engine = duckdb.connect(str(database), config={"threads": 2})
        self.engine.execute(f"LOAD '{_spatial()}'")
        start = time.perf_counter()
        self.engine.execute(
            "CREATE TABLE d1 AS SELECT *, ST_Point(longitude, latitude) AS geo_point_2d FROM "
            f"read_csv('{csv}', types={{'id': 'VARCHAR', 'code_insee': 'VARCHAR'}})"
        )
        self.ingest = time.perf_counter() - start

    def ask(self, question: Question, key: str) -> list[dict[str, Any]]:
        cursor = self.engine.cursor().execute(question.sql)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def copy(self, sql: str, path: Path, options: str) -> float:
        start = time.perf_counter()
        self.engine.execute(f"COPY ({sql}) TO '{path}' {options}")
        return time.perf_counter() - start

    def stop(self) -> None:
        self.engine.close()


def _spatial() -> Path:
    root = Path(duckdb_extension_spatial.__file__).parent
    return next(root.rglob("spatial.duckdb_extension"))
