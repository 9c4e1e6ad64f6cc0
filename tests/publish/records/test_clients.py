"""Unmodified clients against a real server: OWSLib is what QGIS MetaSearch reads catalogues with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from bocage.catalog.models import Dataset, Revision
from tests.publish.ogc.test_clients import OWSLIB
from tests.publish.records.territory import NANTES

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = Path(__file__).parent / "clients"
TITLES = ["Pistes cyclables d’été", "Arbres", "Alarmes", "Budget"]


@pytest.fixture
def server(live_server, described, settings) -> str:
    """Address of a server on loopback, whose first answer is not that of an import."""
    Revision.objects.all().delete()
    described.take(settings)
    assert Client().get("/csw", {"request": "GetRecords", "typeNames": "csw:Record"}).status_code == 200
    return live_server.url


def test_owslib_reads_csw(server):
    dataset = Dataset.objects.get(slug="pistes")
    found = json.loads(OWSLIB.run(CLIENTS / "read_csw.py", server, dataset.uid))
    iso = found.pop("iso")
    assert (found["type"], found["version"], found["spatial"], found["like"]) == ("CSW", "2.0.2", True, True)
    assert found["operations"] == ["DescribeRecord", "GetCapabilities", "GetDomain", "GetRecordById", "GetRecords"]
    assert found["everything"] == sorted(TITLES)
    assert [float(one) for one in found["box"]] == NANTES
    assert (found["publisher"], found["by_id"]) == ("Métropole de l’Ouest", TITLES[:1])
    for name in ("words", "marks", "subject", "boxed", "both"):
        assert found[name] == TITLES[:1], name
    assert (found["title_like"], found["none"]) == (["Arbres"], [])
    assert found["cql"] == ["Arbres", "Pistes cyclables d’été"]
    assert (found["sorted"], found["hits"]) == (sorted(TITLES, reverse=True), [4, 0])
    assert (found["pages"], found["unknown"]) == (TITLES, "InvalidParameterValue")
    assert "vélo" in found["subjects"]
    links = dict(found["links"])
    assert links["OGC:WFS"].endswith("/wfs/pistes")
    assert links["OGC:WMS"].endswith("/wms/pistes")
    assert links["http://www.isotc211.org/2005/gmd"].endswith("/explore/dataset/pistes/iso19139.xml")
    mandatory_of_inspire(iso, dataset, server)


def mandatory_of_inspire(iso, dataset, server):
    """The elements that the INSPIRE guidelines want of every dataset, as a catalogue reads them."""
    assert (iso["identifier"], iso["language"], iso["hierarchy"]) == (dataset.uid, "fre", "dataset")
    assert (iso["title"], iso["abstract"]) == (dataset.title, dataset.description)
    assert iso["uri"] == [f"{server}/explore/dataset/pistes/"]
    assert iso["topics"] == ["transportation"]
    assert iso["keywords"] == [["Réseaux de transport"], ["vélo", "Mobilité"], ["44109"]]
    assert iso["thesauri"] == ["GEMET - INSPIRE themes, version 1.0"]
    assert [float(one) for one in iso["box"]] == NANTES
    assert iso["temporal"] == ["2020-01-01", "2021-12-31"]
    assert {kind for kind, _date in iso["dates"]} == {"publication", "revision"}
    assert "© Métropole" in iso["constraints"]
    assert any("ODbL" in one for one in iso["constraints"])
    assert iso["lineage"] == "Relevés des services"
    assert any("1089/2010" in one for one in iso["conformity"])
    assert (iso["contact"], iso["role"]) == ("velo@example.org", "pointOfContact")
    assert iso["organization"] == "Métropole de l’Ouest"
    assert iso["system"] is not None
    assert {protocol for protocol, _address, _name in iso["online"]} >= {
        "OGC:WFS",
        "OGC:WMS",
        "WWW:DOWNLOAD-1.0-http--download",
    }


def test_owslib_reads_records(server):
    dataset = Dataset.objects.get(slug="pistes")
    found = json.loads(OWSLIB.run(CLIENTS / "read_records.py", server, dataset.uid))
    assert (found["name"], found["openapi"], found["matched"]) == ("catalogue", "3.0.3", 4)
    assert found["titles"] == TITLES
    assert found["searched"] == found["boxed"] == [dataset.uid]
    assert (found["filtered"], found["type"], found["corners"]) == (1, "dataset", NANTES)
    assert f"{server}/explore/dataset/pistes/" in found["links"]
    assert {"title", "keywords", "geometry"} <= set(found["queryables"])


def test_gdal_reads_csw(server):
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(CLIENTS / "read_gdal.py"), server], capture_output=True, text=True, timeout=120,
        check=False, env=kept,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert (found["layers"], found["titles"]) == (["records"], TITLES)
    assert (found["boxed"], found["like"]) == (TITLES[:1], ["Arbres"])
