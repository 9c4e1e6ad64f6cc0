"""A small national schema in the registry, files against it, and a client with no account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage.check.models import Schema, SchemaVersion
from bocage.check.vocabulary import SchemaStatus
from bocage.pipeline.checking import kept

ROOT = "/api/check/v1"
DESCRIPTOR: dict[str, Any] = {
    "name": "lieux",
    "title": "Lieux de covoiturage",
    "version": "1.2.0",
    "fields": [
        {
            "name": "insee",
            "type": "string",
            "example": "44109",
            "constraints": {"required": True, "pattern": "^[0-9]{5}$"},
        },
        {"name": "date_maj", "type": "date", "format": "%Y-%m-%d"},
        {"name": "places", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "type", "type": "string", "constraints": {"enum": ["Aire de covoiturage", "Parking"]}},
    ],
}
HEADER = "insee,date_maj,places,type\n"
VALID = HEADER + "44109,2021-07-05,12,Parking\n44114,2021-07-06,3,Aire de covoiturage\n"
INVALID = HEADER + (
    "44109,05/07/2021,12,Parking\n1234,06/07/2021,3,parking\n44114,31/02/2021,-1,Aire de covoiturage\n44115,2021-07-06,4,Parking\n"
)


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def schema(db: None) -> Schema:
    made = Schema.objects.create(name="test/lieux", title="Lieux de covoiturage")
    SchemaVersion.objects.create(schema=made, number="1.2.0", status=SchemaStatus.ADOPTED, descriptor=DESCRIPTOR)
    return made


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost", "accept-language": "fr"})


@pytest.fixture
def send(client: Client, schema: Schema) -> Any:
    """Send a file to be checked; the answer of the interface."""

    def sent(content: str | bytes, name: str = "lieux.csv", **fields: Any) -> Any:
        body = content.encode() if isinstance(content, str) else content
        given = {"schema": schema.name, "file": SimpleUploadedFile(name, body)} | fields
        return client.post(f"{ROOT}/validate", {key: value for key, value in given.items() if value is not None})

    return sent


@pytest.fixture
def folders() -> Any:
    """Names of the reports kept now."""

    def listed() -> list[Path]:
        return list(kept.home().iterdir()) if kept.home().is_dir() else []

    return listed
