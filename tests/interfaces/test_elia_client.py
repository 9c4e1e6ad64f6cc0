"""`elia-py`, unmodified: a double slash, a bare array, `[date'…'..date'…'[AND …` without a blank."""

from __future__ import annotations

import json

import pytest

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.organizations.models import Organization
from bocage.store import engine
from bocage.store.layout import staging_directory
from bocage.store.services import publish_version
from bocage.store.staged import StagedFile
from tests.interfaces.conftest import CLIENTS
from tests.oracles import ELIA

ROWS = 96
FIELDS = (
    Field("datetime", FieldType.DATETIME),
    Field("predictiontimeutc", FieldType.DATETIME),
    Field("region", FieldType.STRING),
    Field("fuel", FieldType.STRING),
    Field("measured", FieldType.NUMBER),
)
SELECT = f"""SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_hours(i::INTEGER) AS datetime, datetime AS predictiontimeutc,
    CASE WHEN i % 2 = 0 THEN 'Federal' ELSE 'Flanders' END AS region,
    CASE WHEN i % 4 = 0 THEN 'Wind' ELSE 'Gas' END AS fuel, i / 2.0 AS measured FROM range({ROWS}) AS r(i)"""
READ_BY_THE_CLIENT = (3, 31, 32, 33, 47, 86, 87, 134, 136, 147, 161, 162, 169)


@pytest.mark.django_db(transaction=True)
def test_every_method_reads_the_rows_asked(portal):
    folder = staging_directory()
    folder.mkdir(parents=True, exist_ok=True)
    for number in READ_BY_THE_CLIENT:
        dataset = create_dataset(
            viewer=OPERATOR, organization=Organization.objects.get(), slug=f"ods{number:03}", title=f"Elia {number}",
            visibility=Visibility.OPEN,
        )  # fmt: skip
        path = folder / f"{dataset.slug}.parquet"
        with engine.workshop(folder) as workshop:
            workshop.execute(f"COPY ({SELECT}) TO '{path}' (FORMAT parquet)")
        publish_version(viewer=OPERATOR, dataset=dataset, staged=StagedFile(path, ROWS, FIELDS))
    read = json.loads(ELIA.run(CLIENTS / "read_elia.py", portal))
    assert len(read) >= 12
    for name, found in read.items():
        assert found["rows"] == expected(found["given"]), (name, found)
        assert found["first"].startswith("2024-01-01 00:00:00"), name
        assert {"region", "measured"} <= set(found["columns"]), name
    assert {tuple(sorted(found["given"])) for found in read.values()} >= {
        (),
        ("end", "start"),
        ("end", "region", "start"),
    }


def expected(given: list[str]) -> int:
    """The rows that plain Python keeps."""
    hours = [hour for hour in range(ROWS) if "start" not in given or hour < 48]
    hours = [hour for hour in hours if "region" not in given or hour % 2 == 0]
    hours = [hour for hour in hours if "fuel" not in given or hour % 4 == 0]
    return len(hours[:7]) if "limit" in given else len(hours)
