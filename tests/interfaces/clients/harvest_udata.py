"""Run by an environment of its own that has udata (AGPL-3.0, test only): harvest a DCAT feed, as data.gouv.fr would.

    python harvest_udata.py FEED_URL PASSES.json

PASSES.json: for each pass, address → {"body": …, "type": …}, what the network answers then; HARVEST_AUTOARCHIVE_GRACE_DAYS and
more go by between two passes. Prints JSON: what came of each item of each pass, the datasets at the end. MongoDB is replaced by
mongomock.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import mongoengine
import mongomock
import requests_mock

_connect = mongoengine.connect


def _in_memory(*arguments: Any, **options: Any) -> Any:
    options.pop("host", None)
    return _connect("udata", mongo_client_class=mongomock.MongoClient, uuidRepresentation="standard")


mongoengine.connect = _in_memory

from udata import settings  # noqa: E402
from udata.app import create_app, standalone  # noqa: E402


class Settings(settings.Testing):
    HARVESTER_BACKENDS = ["dcat"]
    MONGODB_HOST = MONGODB_HOST_TEST = "mongodb://localhost:27017/udata"


def main(feed: str, passes: list[dict[str, dict[str, str]]]) -> dict[str, Any]:
    app = standalone(create_app(settings.Defaults, override=Settings))
    harvests = []
    with app.app_context(), app.test_request_context():
        for pages in passes:
            with requests_mock.Mocker() as network:
                for address, page in pages.items():
                    network.get(address, content=page["body"].encode(), headers={"Content-Type": page["type"]})
                    network.head(address, headers={"Content-Type": page["type"]})
                _age()
                harvests.append(_harvest(feed))
        return {"harvests": harvests, "datasets": _datasets(), "services": _services()}


def _age() -> None:
    """As if what was harvested had been so ten days ago: beyond the grace that is given to what disappears."""
    from udata.core.dataset.models import Dataset

    for dataset in Dataset.objects:
        dataset.harvest.last_update -= timedelta(days=10)
        dataset.save()


def _harvest(feed: str) -> dict[str, Any]:
    from udata.core.dataset.models import License
    from udata.core.organization.models import Organization
    from udata.harvest.backends.dcat import DcatBackend
    from udata.harvest.models import HarvestSource

    if not License.objects.count():
        for identifier, title, url in (
            (
                "lov2",
                "Licence Ouverte / Open Licence version 2.0",
                "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
            ),
            (
                "odc-odbl",
                "Open Data Commons Open Database License (ODbL)",
                "http://opendatacommons.org/licenses/odbl/summary/",
            ),
            ("notspecified", "License Not Specified", ""),
        ):
            alternates = ["https://opendatacommons.org/licenses/odbl/1-0/"] if identifier == "odc-odbl" else []
            License(id=identifier, title=title, url=url or None, alternate_urls=alternates).save()
    organization = Organization.objects.first() or Organization(name="Métropole", description="x").save()
    source = (
        HarvestSource.objects.first()
        or HarvestSource(name="Bocage", url=feed, backend="dcat", organization=organization).save()
    )
    job = DcatBackend(source).harvest()
    return {
        "status": job.status,
        "errors": [error.message for error in job.errors],
        "items": [
            {"id": item.remote_id, "status": item.status, "errors": [error.message for error in item.errors]}
            for item in job.items
        ],
    }


def _datasets() -> list[dict[str, Any]]:
    from udata.core.dataset.models import Dataset

    return [
        {
            "id": dataset.harvest.remote_id,
            "title": dataset.title,
            "archived": dataset.harvest.archived_reason,
            "licence": dataset.license.id if dataset.license else None,
            "frequency": str(getattr(dataset.frequency, "value", dataset.frequency)),
            "temporal": bool(dataset.temporal_coverage),
            "spatial": bool(dataset.spatial and dataset.spatial.geom),
            "tags": dataset.tags,
            "schema": [resource.schema.url for resource in dataset.resources if resource.schema],
            "quality": {name: value for name, value in dataset.quality.items() if not callable(value)},
            "resources": [
                {"url": resource.url, "title": resource.title, "format": resource.format, "type": str(resource.type)}
                for resource in dataset.resources
            ],
        }
        for dataset in Dataset.objects
    ]


def _services() -> list[dict[str, Any]]:
    from udata.core.dataservices.models import Dataservice

    return [
        {"url": service.base_api_url, "title": service.title, "datasets": len(service.datasets)}
        for service in Dataservice.objects
    ]


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:  # noqa: PTH123
        answered = main(sys.argv[1], json.load(file))
    json.dump(answered, sys.stdout, ensure_ascii=False, default=str)
