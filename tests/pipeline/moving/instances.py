"""Whole instances of Bocage, each with its own data folder and processes of its own: the portal that is left, and the one that
comes after it.

    python -m tests.pipeline.moving.instances source    fills the data folder of BOCAGE_DATA_DIR, and writes `source.json`
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent.parent
BOCAGE = (sys.executable, "-m", "bocage.config.command_line")
START_SECONDS = 60

SMALL = 4
"""Datasets of a few rows, beside the ones that have a reason."""
ROWS = 1_500

SELECT = f"""SELECT
    CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'é"à; ''x''' WHEN 2 THEN '=1+1' WHEN 3 THEN '00' || i
        ELSE 'a' || chr(10) || '😀' END AS "texte",
    printf('%05d', i) AS "code",
    CASE WHEN i % 7 > 0 THEN (i - 500)::BIGINT * 1000003 END AS "2024",
    CASE WHEN i % 11 > 0 THEN i / 7.0 - 100 END AS "prix",
    CASE WHEN i % 3 > 0 THEN i % 2 = 0 END AS "ouvert",
    CASE WHEN i % 13 > 0 THEN DATE '1988-01-01' + i::INTEGER END AS "jour",
    CASE WHEN i % 17 > 0 THEN TIMESTAMPTZ '2024-03-31 00:30:00+00' + to_milliseconds(i * 250) END AS "date",
    CASE WHEN i % 4 > 0 THEN ['a, b', 'é', 'v' || (i % 6)][: i % 4] END AS "tags",
    CASE WHEN i % 9 > 0 THEN '{{"k": [' || i || ', null], "é": "x"}}' END AS "detail",
    'région/' || (i % 3) || '/commune ' || (i % 9) AS "lieu",
    CASE WHEN i % 6 > 0 THEN ST_Point(-1.55 + i / 100000.0, 47.21) END AS "geo_point_2d",
    CASE WHEN i % 8 > 0 THEN ST_MakeEnvelope(i / 1000.0, 47, i / 1000.0 + 0.5, 48) END AS "contour"
    FROM range({ROWS}) AS r(i)"""
TYPES = {
    "texte": "string", "code": "string", "2024": "integer", "prix": "number", "ouvert": "boolean", "jour": "date",
    "date": "datetime", "tags": "array", "detail": "object", "lieu": "string", "geo_point_2d": "geopoint",
    "contour": "geojson",
}  # fmt: skip


def _heeding() -> None:
    """A shell starts what it leaves in the background deaf to Ctrl-C, and so are its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Instance:
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOCAGE_", "ODS_"))}
        return kept | {
            "BOCAGE_DATA_DIR": str(self.folder),
            "BOCAGE_CAPTURE_PRIVATE_HOSTS": "127.0.0.1",
            "BOCAGE_WEB_PROCESSES": "1",
            "DJANGO_SETTINGS_MODULE": "bocage.config.settings",
            "LC_ALL": "en",
        }

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment | environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=_heeding,  # noqa: PLW1509  one thread here
        )  # fmt: skip

    def run(self, *command: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*command, **environment)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Of the database of this instance."""
        import sqlite3

        with sqlite3.connect(f"file:{self.folder / 'bocage.sqlite3'}?mode=ro", uri=True) as database:
            found = database.execute(statement).fetchall()
        database.close()
        return found

    def published(self) -> dict[str, Path]:
        """The file of the current version of each dataset."""
        rows = self.query(
            "SELECT d.slug, d.uid, v.number, v.uid FROM catalog_dataset d JOIN store_head h ON h.dataset_id = d.id "
            "JOIN store_version v ON v.id = h.version_id"
        )
        return {slug: self.folder / "versions" / d / f"{number}-{v}.parquet" for slug, d, number, v in rows}


@dataclass(frozen=True)
class Portal(Instance):
    """The instance that is left, answering. `key`: of somebody who may read everything there."""

    url: str
    key: str

    def change(self, statements: str) -> None:
        """Run Python inside the instance, with `publish`, `SELECT`, `Dataset` and `OPERATOR` at hand."""
        head = (
            "import django; django.setup()\n"
            "from tests.pipeline.moving.instances import publish, SELECT\n"
            "from bocage.catalog.models import Dataset\n"
            "from bocage.catalog.services import update_metadata\n"
            "from bocage.access.viewer import OPERATOR\n"
        )
        code, out, err = self.run(sys.executable, "-c", head + statements)
        assert code == 0, out + err


@contextmanager
def portal(folder: Path) -> Iterator[Portal]:
    """In a data folder after the migrations."""
    instance = Instance(folder)
    code, out, err = instance.run(sys.executable, "-m", "tests.pipeline.moving.instances", "source")
    assert code == 0, out + err
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    log = (folder / "web.log").open("wb")
    process = subprocess.Popen(
        [*BOCAGE, "web", "--port", str(port)], cwd=ROOT, env=instance.environment, stdout=log, stderr=log
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/api/explore/v2.1/catalog/datasets?limit=1", process, folder / "web.log")
        yield Portal(folder, url, json.loads((folder / "source.json").read_text())["key"])
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        assert process.poll() is None, log.read_text("utf-8", "replace")[-3000:]
        try:
            with urlopen(url, timeout=20):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace")[-3000:])


# Inside the instance that is left -----------------------------------------------------------------------------------


def _fill() -> None:
    import django

    django.setup()
    from bocage.access.services import create_key
    from bocage.access.standing import viewer_of
    from bocage.access.vocabulary import Visibility
    from bocage.organizations.models import User
    from bocage.organizations.services import create_organization
    from bocage.organizations.vocabulary import OrganizationKind

    organization = create_organization(slug="metropole", name="Métropole d’avant", kind=OrganizationKind.EPCI)
    _everything(organization)
    _dataset(organization, "sans-ligne", f"{SELECT} LIMIT 0")
    _dataset(organization, "agents", f"{SELECT} LIMIT 40", visibility=Visibility.PRIVATE)
    _dataset(organization, "sans_donnees", None, description="Rien encore.")
    for n in range(SMALL):
        _dataset(organization, f"petit-{n}", f"{SELECT} LIMIT {200 + n}")
    user = User.objects.create_user("o@example.fr", is_superuser=True)
    _key, text = create_key(viewer=viewer_of(user), owner=user, name="import")
    folder = Path(os.environ["BOCAGE_DATA_DIR"])
    (folder / "source.json").write_text(json.dumps({"key": text}), encoding="utf-8")


def _everything(organization: Any) -> None:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.annotations import Annotations
    from bocage.catalog.services import annotate_fields
    from bocage.store.documents import attach

    dataset = _dataset(
        organization, "tout@2024", SELECT, title="Tout, ou presque", description="Des **mots** & 3 < 4.",
        themes=["mobilite", "eau"], keywords=["été", "voiture"], licence="odc-odbl", territory=["44109", "244400404"],
        source="https://exemple.fr/origine", attributions="Un service", primary_key=["code"], update_frequency="DAILY",
    )  # fmt: skip
    said = {
        "texte": Annotations(facet=True, facet_sort="-count", disjunctive=True, sortable=True),
        "tags": Annotations(facet=True, multivalued="|"),
        "lieu": Annotations(facet=True, separator="/"),
        "prix": Annotations(unit="€"),
        "jour": Annotations(timeserie_precision="month"),
    }
    annotate_fields(viewer=OPERATOR, dataset=dataset, annotations=said)
    folder = Path(os.environ["BOCAGE_DATA_DIR"])
    for name, content in (("Notice d’usage.pdf", b"%PDF-1.4 " + b"x" * 1000), ("lisez-moi.txt", "Été".encode())):
        (folder / "joined").write_bytes(content)
        attach(viewer=OPERATOR, dataset=dataset, title=f"À lire : {name}", file=folder / "joined", filename=name)


def _dataset(
    organization: Any, slug: str, select: str | None, *, title: str = "", visibility: str = "open", **metadata: Any
) -> Any:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.models import Dataset
    from bocage.catalog.services import create_dataset

    dataset = create_dataset(
        viewer=OPERATOR,
        organization=organization,
        slug=slug,
        title=title or slug.title(),
        visibility=visibility,
        **metadata,
    )
    if select:
        publish(dataset, select)
    return Dataset.objects.get(pk=dataset.pk)


def publish(dataset: Any, select: str) -> None:
    from bocage.access.viewer import OPERATOR
    from bocage.catalog.fields import Field
    from bocage.catalog.vocabulary import FieldType
    from bocage.store.engine import workshop
    from bocage.store.layout import staging_directory
    from bocage.store.services import publish_version
    from bocage.store.staged import StagedFile, StagedGeometry

    folder = staging_directory()
    path = folder / f"{dataset.uid}.parquet"
    with workshop(folder) as shop:
        [(rows,)] = shop.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    fields = tuple(
        Field(name, FieldType(kind), f"Libellé de {name}", f"Ce qu’est {name}") for name, kind in TYPES.items()
    )
    geometry = StagedGeometry("contour", ("Polygon",), (0, 47, 3.5, 48)) if rows else None
    publish_version(viewer=OPERATOR, dataset=dataset, staged=StagedFile(path, rows, fields, geometry))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bocage.config.settings")
    _fill()
