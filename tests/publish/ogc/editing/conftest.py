"""The layers of `tests.pipeline.edits`, and people who hold a key."""

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


@pytest.fixture(scope="session")
def edited_layers(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return world_in(tmp_path_factory.mktemp("edited"))


@pytest.fixture
def bornes(edited_layers, settings, db) -> Layer:
    edited_layers.take(settings)
    return Layer("bornes")


class Holder:
    """A person at their GIS: what their key lets them do. `key` empty: a stranger."""

    def __init__(self, user: User | None = None, *, read_only: bool = False) -> None:
        self.user = user
        self.client = Client()
        self.key = create_key(viewer=viewer_of(user), owner=user, name="QGIS", read_only=read_only)[1] if user else ""

    def ask(
        self, method: str, path: str, body: Any = None, kind: str = "application/geo+json", **headers: str
    ) -> HttpResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            sent["Authorization"] = f"Apikey {self.key}"
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        return self.client.generic(method, f"/ogc/collections/{path}", data, content_type=kind, headers=sent)


@pytest.fixture
def contributor(bornes) -> Holder:
    return Holder(member("contributor"))
