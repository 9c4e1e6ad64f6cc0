"""An interface as its clients meet it: from its first page, by the links it gives and by the description it publishes.

Nothing here knows our addresses: the abstract tests of the standards start from a landing page, and so do these."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client

GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HOST = "http://testserver"
SPEC = "http://www.opengis.net/spec/"


@dataclass
class Service:
    """`client`: of Django, or one that has signed in. `root`: path of the landing page. `met`: documents by address."""

    client: Client
    root: str = "/ogc/"
    met: dict[str, Any] = field(default_factory=dict)

    def get(self, address: str, accept: str = "", method: str = "get", **given: Any) -> HttpResponse:
        """A stream is read to its end. `given`: parameters added to those of the address; `__` stands for a hyphen."""
        headers = {"Accept": accept} if accept else None
        path = path_of(address)
        if given:
            query = urlencode({name.replace("__", "-"): value for name, value in given.items()})
            path += ("&" if "?" in path else "?") + query
        response = getattr(self.client, method)(path, headers=headers)
        if not response.streaming:
            return response
        whole = HttpResponse(b"".join(response.streaming_content), status=response.status_code)
        whole.headers = response.headers
        return whole

    def json(self, address: str, accept: str = "application/json", status: int = 200, **given: Any) -> Any:
        response = self.get(address, accept, **given)
        assert response.status_code == status, (address, given, response.content[:800])
        return json.loads(response.content)

    def once(self, address: str, accept: str = "application/json") -> Any:
        """A document that other tests have read, perhaps."""
        if address not in self.met:
            self.met[address] = self.json(address, accept)
        return self.met[address]

    @cached_property
    def landing(self) -> dict[str, Any]:
        return self.once(self.root)

    @cached_property
    def classes(self) -> set[str]:
        """Conformance classes, without the beginning that all share."""
        found = self.once(self.follow(self.landing, "conformance"))["conformsTo"]
        return {one.removeprefix(SPEC) for one in found}

    @cached_property
    def description(self) -> dict[str, Any]:
        return self.once(self.follow(self.landing, "service-desc"), OPENAPI)

    @cached_property
    def listed(self) -> dict[str, Any]:
        return self.once(self.follow(self.landing, "data"))

    def collection(self, identifier: str) -> dict[str, Any]:
        """As it says itself when alone."""
        listed = next(one for one in self.listed["collections"] if one["id"] == identifier)
        return self.once(self.follow(listed, "self", "collection"))

    def items(self, identifier: str) -> str:
        """Where the features of a collection are, in GeoJSON."""
        return self.follow(self.collection(identifier), "items", kind=GEOJSON)

    def follow(self, document: dict[str, Any], *relations: str, kind: str = "") -> str:
        """The first link of one of these relations, of this media type when one is given."""
        for relation in relations:
            for one in document["links"]:
                if one["rel"] == relation and (not kind or one.get("type", "").partition(";")[0] == kind):
                    return one["href"]
        raise AssertionError(f"no link {relations} {kind} in {document['links']}")

    def features(self, address: str, **given: Any) -> list[dict[str, Any]]:
        """All of them, page after page by the links named next."""
        found, pages = [], 0
        page = self.json(address, GEOJSON, **given)
        while True:
            found += page["features"]
            following = [one["href"] for one in page["links"] if one["rel"] == "next"]
            if not following:
                return found
            pages += 1
            assert pages < 500, "a chain of pages without an end"
            page = self.json(following[0], GEOJSON)

    def operation(self, path: str) -> dict[str, Any]:
        """GET of a path of the description, its parameters by name, references resolved."""
        told = self.description["paths"][path]["get"]
        return told | {"parameters": {one["name"]: one for one in map(self.resolved, told["parameters"])}}

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: Any = self.description
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return dict(found)


def path_of(address: str) -> str:
    """An absolute address must be of this very server."""
    if "://" not in address:
        return address
    assert address.startswith(HOST), address
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
