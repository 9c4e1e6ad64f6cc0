"""The layers of `tests.pipeline.edits`, asked as clients of the interface ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.organizations.models import User
from tests.pipeline.edits.world import Layer, member, world_in
from tests.publish.published import Published

ROOT = "/arcgis/rest/services"


@pytest.fixture(scope="session")
def served(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return world_in(tmp_path_factory.mktemp("served"))


@pytest.fixture
def bornes(served, settings, db) -> Layer:
    served.take(settings)
    return Layer("bornes")


class Esri:
    """`esri("bornes/FeatureServer/0/query", where="1=1")` is the JSON of the answer."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client()
        self.token = create_key(viewer=viewer_of(user), owner=user, name="ArcGIS", read_only=False)[1] if user else ""

    def raw(self, path: str, method: str = "get", **given: Any) -> HttpResponse:
        told = {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}
        told |= {"token": self.token} if self.token else {}
        return getattr(self.client, method)(
            path if path.startswith("/") else f"{ROOT}/{path}".rstrip("/"), {"f": "json"} | told
        )

    def __call__(self, path: str, method: str = "get", **given: Any) -> Any:
        response = self.raw(path, method, **given)
        assert response.status_code == 200, response.content
        return json.loads(response.content)

    def query(self, name: str, **given: Any) -> Any:
        return self(f"{name}/FeatureServer/0/query", **({"outFields": "*"} | given))

    def found(self, name: str, **given: Any) -> list[Any]:
        """Numbers of the features found."""
        told = self.query(name, **given)
        assert "error" not in told, told
        return [one["attributes"][told["objectIdFieldName"]] for one in told["features"]]


@pytest.fixture
def esri(bornes) -> Esri:
    return Esri()


@pytest.fixture
def writer(bornes) -> Esri:
    return Esri(member("contributor"))
