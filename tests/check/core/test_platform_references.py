"""Checks that look values up in datasets of the platform: chosen by the operator, read with the rights of the person."""

from __future__ import annotations

import pytest

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.capture.text import text_table
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.references.models import ReferenceLayer
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.check.descriptor import read_schema
from bocage.check.models import Reference
from bocage.check.references import references_for
from bocage.check.services import check
from bocage.kernel.clock import now
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store.engine import literal, workshop
from bocage.store.staged import StagedGeometry
from tests.check.mapping.test_lookups import published

pytestmark = pytest.mark.django_db

SQUARES = """SELECT code_insee, nom, ST_GeomFromText(wkt) AS geometry FROM (VALUES
    ('44143', 'Rezé', 'POLYGON((-1.6 47.1, -1.5 47.1, -1.5 47.2, -1.6 47.2, -1.6 47.1))'),
    ('44109', 'Nantes', 'POLYGON((-1.6 47.2, -1.5 47.2, -1.5 47.3, -1.6 47.3, -1.6 47.2))')) AS t(code_insee, nom, wkt)"""
FIELDS = [Field(name, FieldType.STRING) for name in ("code_insee", "nom")] + [Field("geometry", FieldType.GEOMETRY)]
COLUMNS = {"code": "code_insee", "wkt": "geometry"}
KEY = {"fields": "commune", "reference": {"resource": "communes", "fields": "code"}}


@pytest.fixture
def commune(db):
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, insee_code="44143")


@pytest.fixture
def outlines(commune):
    box = StagedGeometry("geometry", ("POLYGON",), (-1.6, 47.1, -1.5, 47.3), 2)
    return published(commune, "contours", "Contours", SQUARES, FIELDS, geometry=box)


def schema_of(fields: dict[str, str], **more):
    return read_schema({"name": "s", "fields": [{"name": name, "type": kind} for name, kind in fields.items()], **more})


def verdict_of(tmp_path, schema, content, *, profile="validata", viewer=ANONYMOUS, dataset=None):
    """(rule, level, row) of each fault."""
    (tmp_path / "f.csv").write_text(content, encoding="utf-8")
    references = references_for(viewer, schema, profile, dataset)
    with workshop(tmp_path, readable=references.files, spatial=False) as shop:
        known = references.lay_out(shop)
        table = text_table(tmp_path / "f.csv", filename="f.csv", workshop=shop, directory=tmp_path)
        verdict = check(table, schema, workshop=shop, directory=tmp_path, profile=profile,
                        resources=known.resources, producer=known.producer)  # fmt: skip
        if verdict.faults is None:
            return [(one.rule, one.level, None) for one in verdict.families]
        sql = f"SELECT rule, level, row FROM read_parquet({literal(str(verdict.faults))}) ORDER BY row, rule"
        return shop.execute(sql)


def test_a_foreign_key_is_looked_up_in_the_dataset_chosen_by_the_operator(tmp_path, outlines):
    schema = schema_of({"commune": "string"}, foreignKeys=[KEY])
    content = "commune\n44143\n99999\n44109\n"
    assert verdict_of(tmp_path, schema, content) == [("foreign-key.resource", "warning", None)], "nobody chose it"
    Reference.objects.create(name="communes", dataset=outlines, columns=COLUMNS)
    assert verdict_of(tmp_path, schema, content) == [("foreign-key", "error", 3)]


def test_a_reference_that_lacks_the_column_asked_is_as_if_absent(tmp_path, outlines):
    Reference.objects.create(name="communes", dataset=outlines, columns={"code": "gone"})
    schema = schema_of({"commune": "string"}, foreignKeys=[KEY])
    assert verdict_of(tmp_path, schema, "commune\n44143\n") == [("foreign-key.resource", "warning", None)]


def test_what_a_person_may_not_read_is_not_looked_up(tmp_path, commune):
    select = "SELECT * FROM (VALUES ('secret')) AS t(code)"
    private = published(commune, "p", "P", select, [Field("code", FieldType.STRING)], visibility=Visibility.PRIVATE)
    Reference.objects.create(name="staff", dataset=private)
    checks = [{"name": "exists-in", "params": {"column": "code", "resource": "staff"}}]
    schema = schema_of({"code": "string"}, custom_checks=checks)
    assert verdict_of(tmp_path, schema, "code\nsecret\nguess\n") == [("exists-in.resource", "warning", None)]
    assert verdict_of(tmp_path, schema, "code\nsecret\nguess\n", viewer=OPERATOR) == [("exists-in", "error", 3)]


PLACES = "insee,lon,lat\n44109,-1.55,47.25\n44109,-1.55,47.15\n44143,-1.55,47.15\n44143,-1.0,47.15\n"
LOCATED = {"insee": "string", "lon": "number", "lat": "number"}


def faults_about_places(found):
    return [(rule, row) for rule, _level, row in found if "outside" in rule]


def test_positions_in_two_columns_are_compared_with_boundaries(tmp_path, outlines):
    schema = schema_of(LOCATED)
    assert faults_about_places(verdict_of(tmp_path, schema, PLACES, profile="strict")) == []
    Reference.objects.create(name="communes", dataset=outlines, columns=COLUMNS)
    found = verdict_of(tmp_path, schema, PLACES, profile="strict")
    assert faults_about_places(found) == [("strict.outside-commune", 3), ("strict.outside-commune", 5)]
    assert faults_about_places(verdict_of(tmp_path, schema, PLACES)) == []


def test_the_territory_is_that_of_the_producer_when_all_of_it_is_known(tmp_path, outlines):
    Reference.objects.create(name="communes", dataset=outlines, columns=COLUMNS)
    schema = schema_of({"lon": "number", "lat": "number"})
    content = "\n".join(line.split(",", 1)[1] for line in PLACES.splitlines())
    seen = verdict_of(tmp_path, schema, content, profile="strict", dataset=outlines)
    assert faults_about_places(seen) == [("strict.outside-territory", 2), ("strict.outside-territory", 5)]
    outlines.territory = ["44143", "44109"]
    seen = verdict_of(tmp_path, schema, content, profile="strict", dataset=outlines)
    assert faults_about_places(seen) == [("strict.outside-territory", 5)]
    outlines.territory = ["44143", "44162"]
    assert faults_about_places(verdict_of(tmp_path, schema, content, profile="strict", dataset=outlines)) == []


def test_addresses_of_elsewhere_are_not_refused_for_a_reference_of_one_territory(tmp_path, outlines):
    Reference.objects.create(name="communes", dataset=outlines, columns=COLUMNS)
    names = "cle_interop;commune_insee;commune_nom;voie_nom;numero;long;lat;x;y;source;date_der_maj;position;suffixe"
    rows = [("44143", "Rezé"), ("44143", "Reze-les-Flots"), ("29019", "Brest")]
    lines = [f"{code}_0001_0000{n};{code};{name};rue;{n};;;;;;2024-01-01;;" for n, (code, name) in enumerate(rows, 1)]
    schema = schema_of(dict.fromkeys(names.split(";"), "string"), custom_checks=[{"name": "bal", "params": {}}])
    found = verdict_of(tmp_path, schema, "\n".join([names, *lines, ""]))
    about = [(rule, row) for rule, _level, row in found if "commune" in rule and "invalide" in rule]
    assert about == [("bal.row.commune_nom_invalide", 3)]


def test_nothing_is_asked_for_a_schema_that_looks_nothing_up(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert references_for(ANONYMOUS, schema_of({"code": "string"}), "strict").files == []


def test_geometry_is_opened_before_the_table_is_made(tmp_path):
    schema = schema_of({"g": "string"}, custom_checks=[{"name": "geometry", "params": {"column": "g"}}])
    bow = "POLYGON((0 0,1 1,1 0,0 1,0 0))"
    assert ("geometry.invalid", "error", 2) in verdict_of(tmp_path, schema, f'g\n"{bow}"\n')


def test_a_schema_names_a_reference_layer_by_its_identifier(tmp_path, outlines):
    key = {"fields": "commune", "reference": {"resource": "reference:contours", "fields": "code_insee"}}
    schema = schema_of({"commune": "string"}, foreignKeys=[key])
    content = "commune\n44143\n99999\n"
    assert verdict_of(tmp_path, schema, content) == [("foreign-key.resource", "warning", None)], "nobody marked it"
    ReferenceLayer.objects.create(dataset=outlines, kind=ReferenceKind.BOUNDARIES, key="code_insee", marked_at=now())
    assert verdict_of(tmp_path, schema, content) == [("foreign-key", "error", 3)]
    Dataset.objects.filter(pk=outlines.pk).update(visibility=Visibility.PRIVATE)
    assert verdict_of(tmp_path, schema, content) == [("foreign-key.resource", "warning", None)]


def test_the_territory_of_an_intercommunal_authority_is_that_of_its_communes(tmp_path, commune):
    metropole = create_organization(
        slug="nantes", name="Nantes Métropole", kind=OrganizationKind.EPCI, siren="244400404"
    )
    select = SQUARES.replace("code_insee, nom,", "code_insee, nom, '200000000/244400404' AS epci,", 1)
    fields = [*FIELDS[:2], Field("epci", FieldType.STRING), FIELDS[2]]
    box = StagedGeometry("geometry", ("POLYGON",), (-1.6, 47.1, -1.5, 47.3), 2)
    known = published(commune, "contours", "Contours", select, fields, geometry=box)
    Reference.objects.create(name="communes", dataset=known, columns=COLUMNS)
    bins = create_dataset(viewer=OPERATOR, organization=metropole, slug="bacs", title="Bacs")
    geography = {"fields": ["lon", "lat"], "insideTerritory": True}
    references = references_for(
        ANONYMOUS, schema_of({"lon": "number", "lat": "number"}, geography=geography), "strict", bins
    )
    with workshop(tmp_path, readable=references.files, spatial=False) as shop:
        producer = references.lay_out(shop).producer
    assert producer["insee"] == ["44109", "44143"]
    assert producer["bbox"] == [-1.6, 47.1, -1.5, 47.3]
