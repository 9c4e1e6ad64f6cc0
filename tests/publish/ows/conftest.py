"""The same published world as that of the OGC API: answers of both doors are compared."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.http import HttpResponse

from tests.publish.ogc.conftest import (  # noqa: F401  fixtures of the same world
    Asking,
    ask,
    data,
    member,
    published,
)

NS = {
    "wfs": "http://www.opengis.net/wfs/2.0", "ows": "http://www.opengis.net/ows/1.1", "gml": "http://www.opengis.net/gml/3.2",
    "fes": "http://www.opengis.net/fes/2.0", "xsd": "http://www.w3.org/2001/XMLSchema", "wms": "http://www.opengis.net/wms",
    "bocage": "urn:bocage:features", "wmts": "http://www.opengis.net/wmts/1.0",
    "ogc": "http://www.opengis.net/ogc", "xlink": "http://www.w3.org/1999/xlink",
}  # fmt: skip


class Service:
    """`service(request="GetFeature", …)` is the root of the answer; `service.raw` the answer itself."""

    def __init__(self, asking: Asking, path: str, **always: str) -> None:
        self.asking, self.path, self.always = asking, path, always

    def raw(self, path: str = "", **given: Any) -> HttpResponse:
        headers = given.pop("headers", None)
        return self.asking.raw(path or self.path, headers=headers, **(self.always | given))

    def __call__(self, status: int = 200, path: str = "", **given: Any) -> ET.Element:
        response = self.raw(path, **given)
        assert response.status_code == status, response.content[:900]
        return ET.fromstring(response.content)


@pytest.fixture
def wfs(ask) -> Service:  # noqa: F811
    return Service(ask, "/wfs", service="WFS", version="2.0.0")


@pytest.fixture
def wms(ask) -> Service:  # noqa: F811
    return Service(ask, "/wms", service="WMS", version="1.3.0")


@pytest.fixture
def wmts(ask) -> Service:  # noqa: F811
    return Service(ask, "/wmts", service="WMTS", version="1.0.0")


def found(root: ET.Element, path: str) -> list[ET.Element]:
    return root.findall(path, NS)


def words(root: ET.Element, path: str) -> list[str]:
    return [one.text or "" for one in root.findall(path, NS)]
