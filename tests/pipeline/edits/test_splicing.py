"""An edit writes the row groups that it changes; the file is the one that writing everything again would have given."""

from __future__ import annotations

import json
import random

import pytest
from django.db import transaction
from django.test import override_settings

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.ids import new_uid
from bocage.organizations.models import Organization
from bocage.organizations.services import create_organization
from bocage.pipeline.edits import splicing
from bocage.pipeline.edits.changes import Change, Create, Delete, Drawing
from bocage.pipeline.edits.models import EditPolicy
from bocage.pipeline.edits.policies import allow_edits
from bocage.store import process
from bocage.store.changes import fill
from bocage.store.engine import literal
from bocage.store.integrity import verify_version
from bocage.store.layout import version_path
from bocage.store.models import Head, Version
from bocage.store.row_groups import metadata_of, rows_of_groups
from bocage.store.services import publish_version
from bocage.store.staged import StagedFile, StagedGeometry
from tests.pipeline.edits.world import Layer, World
from tests.store.making import bench

GROUP, ROWS = 2_048, 9_000
FIELDS = (Field("id", T.INTEGER), Field("nom", T.STRING), Field("prises", T.ARRAY), Field("lieu", T.GEOMETRY))
SQL = f"""SELECT i AS id, 'Lieu ' || i AS nom, ['T2', 'CCS'][:1 + i % 2] AS prises, CASE
    WHEN i = 5000 THEN ST_SetCRS(ST_MakeEnvelope(-8.123456789, 40.1, -8, 40.2), 'OGC:CRS84') WHEN i % 10 = 0 THEN NULL
    ELSE ST_SetCRS(ST_Point(-1.5 - i / 7e4, 47.2 + i / 3e5), 'OGC:CRS84') END AS lieu FROM range({ROWS}) t(i)"""
BOX = (-8.123456789, 40.1, -1.5000142857142857, 47.229996666666665)


@pytest.fixture(scope="module")
def large(django_db_setup, django_db_blocker, tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("large")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        process.close()
        engine, place = bench()
        path = place / f"{new_uid('large')}.parquet"
        engine.execute(
            f"COPY ({SQL}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
        )
        (folder / "staging").mkdir()
        path = path.rename(folder / "staging" / path.name)
        organization = create_organization(slug="metropole", name="Métropole", kind="epci")
        dataset = create_dataset(
            viewer=OPERATOR, organization=organization, slug="lieux", visibility=Visibility.OPEN, title="Lieux",
            primary_key=["id"],
        )  # fmt: skip
        geometry = StagedGeometry("lieu", ("Point", "Polygon"), BOX)
        publish_version(viewer=OPERATOR, dataset=dataset, staged=StagedFile(path, ROWS, FIELDS, geometry))
        allow_edits(viewer=OPERATOR, dataset=dataset, key=["id"])
        rows = [row for model in (Organization, Dataset, Version, Head, EditPolicy) for row in model.objects.all()]
        transaction.set_rollback(True)
    process.close()
    return World(folder, rows)


@pytest.fixture
def lieux(large, settings, db, monkeypatch) -> Layer:
    large.take(settings)
    monkeypatch.setattr(splicing, "group_rows", lambda _geometry: GROUP)
    return Layer("lieux")


def point(x, y):
    return Drawing({"type": "Point", "coordinates": [x, y]})


def many(layer: Layer):
    """Everything at once, over most groups but the second."""
    known = {key: layer.identifier(id=key) for key in (0, 1, 10, 4_100, 4_101, 8_999, 8_998)}
    return [
        Change(known[1], {"nom": "Autre", "prises": []}), Delete(known[0]), Change(known[10], {}, point(-3, 48)),
        Delete(known[8_999]), Change(known[8_998], {}, Drawing(None)), Create({"nom": "Une"}, point(-2, 46)),
        Create({"nom": "Deux"}),
    ]  # fmt: skip


CASES = {
    "everything": many,
    "one value": lambda layer: [Change(layer.identifier(id=4_100), {"nom": "Autre"})],
    "the only polygon goes": lambda layer: [Delete(layer.identifier(id=5_000))],
    "the only polygon becomes a point": lambda layer: [Change(layer.identifier(id=5_000), {}, point(-1.6, 47.21))],
    "further than all": lambda layer: [Change(layer.identifier(id=3), {}, point(-0.5, 48.9))],
    "at the end": lambda layer: [Create({"nom": str(rank)}, point(-1.7, 47.3)) for rank in range(3)],
    "here and there": lambda layer: [
        Delete(one) for one in identifiers(layer, random.Random(5).sample(range(2_048, 4_096), 40))
    ],
}  # fmt: skip


def identifiers(layer, keys):
    return [layer.identifier(id=key) for key in keys]


def told(layer: Layer):
    """All that a version is, but its bytes."""
    version = layer.version
    assert verify_version(version) == []
    return everything(layer), version.row_count, version.geometry, metadata_of(version_path(version))


def everything(layer: Layer):
    engine, folder = bench()
    copy = folder / f"{new_uid('copy')}.parquet"
    copy.write_bytes(version_path(layer.version).read_bytes())
    stored = engine.execute(f"SELECT * REPLACE (ST_AsText(lieu) AS lieu) FROM read_parquet({literal(str(copy))})")
    kept = [row[:2] for row in layer.rows("id", "nom")]
    assert [row[:2] for row in stored] == kept  # the working copy says the same
    return stored


@pytest.mark.parametrize("case", CASES)
def test_it_is_the_table_that_would_have_been_written(lieux, case, monkeypatch):
    first = lieux.version
    edits = CASES[case](lieux)
    lieux.apply(*edits)
    spliced, groups = told(lieux), rows_of_groups(version_path(lieux.version))
    assert len(groups) >= len(rows_of_groups(version_path(first)))  # it was not written at once
    Head.objects.update(version=first)
    monkeypatch.setattr(splicing.Splicing, "spliced", lambda _self: None)
    lieux.apply(*edits)
    written = told(lieux)
    assert spliced[:3] == written[:3]
    assert {name: sorted_types(value) for name, value in spliced[3].items()} == {
        name: sorted_types(value) for name, value in written[3].items()
    }


def sorted_types(value: bytes):
    """Of the `geo` metadata, whose list of types has no order."""
    read = json.loads(value)
    for column in read["columns"].values():
        column["geometry_types"].sort()
    return read


def test_only_what_changes_is_written(lieux):
    before = rows_of_groups(version_path(lieux.version))
    lieux.apply(Delete(lieux.identifier(id=4_100)), Create({"nom": "Neuve"}))
    assert rows_of_groups(version_path(lieux.version)) == [*before[:2], before[2] - 1, before[3], before[4] + 1]


def test_identifiers_stay_whatever_comes_after(lieux):
    """Values change, then rows: whoever holds an identifier finds its feature, by the tables of either version."""
    known = {key: lieux.identifier(id=key) for key in (7, 4_100, 8_999)}
    lieux.apply(Change(known[7], {"nom": "Un"}))
    lieux.apply(Change(known[7], {"nom": "Deux"}))
    lieux.apply(Delete(known[4_100]))
    lieux.apply(Change(known[8_999], {"nom": "Dernier"}))
    seen = lieux.seen(*known.values())
    assert {one: seen[one].values["nom"] for one in seen} == {known[7]: "Deux", known[8_999]: "Dernier"}
    assert {known[key] for key in (7, 8_999)} == {lieux.identifier(id=key) for key in (7, 8_999)}


def test_what_changed_is_known_without_comparing(lieux):
    version = lieux.apply(*many(lieux)).version
    known, version.changes = version.changes, None
    fill(version)
    assert known == version.changes
    assert (known["added"], known["removed"], known["changed"]) == (2, 2, 3)


def test_edits_that_undo_themselves_make_no_version(lieux):
    identifier, version = lieux.identifier(id=7), lieux.version
    done = lieux.apply(Change(identifier, {"nom": "Autre"}), Change(identifier, {"nom": "Lieu 7"}))
    assert (done.version, lieux.version) == (version, version)
