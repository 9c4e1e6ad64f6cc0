"""Values found in datasets of the platform and in its code lists, with the rights of the person and no more."""

from __future__ import annotations

import pytest

from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.references.models import ReferenceLayer
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.check.mapping.apply import apply
from bocage.check.mapping.errors import StepRefused
from bocage.check.mapping.known import accepted_for, communes_for, known_for
from bocage.check.mapping.reference_tables import ReferenceUnusable
from bocage.check.mapping.steps import ColumnMapping, ColumnMappings, Step
from bocage.check.models import CodeList, CodeListEdition, Conformity, Schema, SchemaVersion
from bocage.check.schema import SchemaField, TableSchema
from bocage.kernel.clock import now
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.store import engine
from bocage.store.layout import staging_directory
from bocage.store.services import publish_version
from bocage.store.staged import StagedFile, StagedGeometry
from tests.check.mapping.workbench import cells, text_table

SCHEMA = TableSchema("s", (SchemaField("out"),))
TEXT = FieldType.STRING


@pytest.fixture
def commune(db):
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, insee_code="44143")


def published(
    commune, slug: str, title: str, select: str, fields, visibility=Visibility.OPEN, geometry=None
) -> Dataset:
    schema = [field.as_dict() for field in fields]
    dataset = create_dataset(
        viewer=OPERATOR, organization=commune, slug=slug, title=title, visibility=visibility, schema=schema
    )
    folder = staging_directory()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug}.parquet"
    with engine.workshop(folder) as shop:
        rows = shop.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")[0][0]
    publish_version(viewer=OPERATOR, dataset=dataset, staged=StagedFile(path, rows, tuple(fields), geometry))
    return Dataset.objects.get(pk=dataset.pk)


@pytest.fixture
def communes(commune) -> Dataset:
    select = """SELECT * FROM (VALUES ('44143', 'Rezé', '44400'), ('44162', 'Saint-Herblain', '44800'),
        ('01004', 'Le Mans', '01500'),
        ('44009', 'Saint-Denis', '44001'), ('93066', 'Saint-Denis', '93200')) AS t(code_insee, nom, code_postal)"""
    fields = [Field("code_insee", TEXT), Field("nom", TEXT), Field("code_postal", TEXT)]
    return published(commune, "communes", "Communes de France", select, fields)


def made(shop, rows, step: Step, viewer=ANONYMOUS):
    labels = [f"l{rank}" for rank in range(len(rows[0]))]
    mapping = ColumnMappings((ColumnMapping("out", tuple(labels), (step,)),))
    table = apply(text_table(shop, labels, rows), mapping, SCHEMA, workshop=shop, viewer=viewer)
    return [row["out"] for row in cells(shop, table)]


BOTH = Step("lookup", {"dataset": "communes", "keys": ["nom", "code_postal"], "value": "code_insee"})
NAME = Step("lookup", {"dataset": "communes", "keys": ["nom"], "value": "code_insee"})


def test_a_code_is_found_from_a_name_and_a_postcode(shop, communes):
    rows = [["REZE", "44400"], ["St Herblain cedex 2", "44800.0"], ["le mans", "1500"], ["Saint Denis", "93200"], ["Rezé", "75001"],
            ["Rezé", ""], ["Saint-Denis", ""], ["Ailleurs", "44400"], ["", ""]]  # fmt: skip
    assert made(shop, rows, BOTH) == ["44143", "44162", "01004", "93066", None, "44143", None, None, None]


def test_a_name_that_two_communes_have_finds_none(shop, communes):
    assert made(shop, [["Saint-Denis"], ["REZÉ"]], NAME) == [None, "44143"]


def test_what_the_person_may_not_read_is_never_looked_up(shop, communes):
    Dataset.objects.filter(pk=communes.pk).update(visibility=Visibility.PRIVATE)
    with pytest.raises(ReferenceUnusable):
        made(shop, [["Rezé"]], NAME)
    stranger = Viewer(user_id=1, roles={communes.organization_id + 1: Role.ADMINISTRATOR})
    with pytest.raises(ReferenceUnusable):
        made(shop, [["Rezé"]], NAME, viewer=stranger)
    member = Viewer(user_id=1, roles={communes.organization_id: Role.MEMBER})
    assert made(shop, [["Rezé"]], NAME, viewer=member) == ["44143"]


@pytest.mark.parametrize(("params", "error"), [
    ({"dataset": "absent", "keys": ["nom"], "value": "code_insee"}, ReferenceUnusable),
    ({"dataset": "communes", "keys": ["secret"], "value": "code_insee"}, ReferenceUnusable),
    ({"dataset": "communes", "keys": ["nom` FROM x"], "value": "code_insee"}, ReferenceUnusable),
    ({"dataset": "communes", "keys": ["nom", "code_postal"], "value": "code_insee"}, StepRefused),
    ({"keys": ["nom"], "value": "code_insee"}, StepRefused),
])  # fmt: skip
def test_a_lookup_that_cannot_be_is_refused(shop, communes, params, error):
    with pytest.raises(error):
        made(shop, [["Rezé"]], Step("lookup", params))


def test_the_commune_of_a_position(shop, commune):
    select = """SELECT 'A' AS insee, ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))') AS geo_shape
        UNION ALL SELECT 'B', ST_GeomFromText('POLYGON((1 0, 2 0, 2 1, 1 1, 1 0))')"""
    fields = [Field("insee", TEXT), Field("geo_shape", FieldType.GEOMETRY)]
    geometry = StagedGeometry("geo_shape", ("Polygon",), (0, 0, 2, 1))
    published(commune, "contours", "Contours des communes", select, fields, geometry=geometry)
    step = Step("area", {"dataset": "contours", "value": "insee"})
    assert made(shop, [["0,5", "0.5"], ["1.5", "0.5"], ["1", "0.5"], ["5", "5"], ["x", ""]], step) == [
        "A",
        "B",
        None,
        None,
        None,
    ]


@pytest.fixture
def addresses(commune) -> Dataset:
    select = """SELECT * FROM (VALUES (12, NULL, 'Rue du Général de Gaulle', '44143', -1.55::DOUBLE, 47.1::DOUBLE),
        (12, 'bis', 'Rue du Général de Gaulle', '44143', -1.56, 47.2), (3, NULL, 'Avenue des Érables', '44143', -1.57, 47.3),
        (3, NULL, 'Avenue des Érables', '44162', -1.6, 47.4), (7, NULL, 'Place Sarrail', '44143', -1.7, 47.5),
        (7, NULL, 'Place Sarrail', '44143', -1.8, 47.6)) AS t(numero, suffixe, voie_nom, commune_insee, long, lat)"""
    fields = [Field("numero", FieldType.INTEGER), Field("suffixe", TEXT), Field("voie_nom", TEXT), Field("commune_insee", TEXT),
              Field("long", FieldType.NUMBER), Field("lat", FieldType.NUMBER)]  # fmt: skip
    return published(commune, "adresses", "Adresses", select, fields)


def geocode(**more) -> Step:
    label = ["numero", "suffixe", "voie_nom"]
    return Step(
        "geocode", {"dataset": "adresses", "label": label, "insee": "commune_insee", "lon": "long", "lat": "lat"} | more
    )


def test_an_address_is_found_by_its_label_then_by_likeness(shop, addresses):
    rows = [["12 rue du Gal de Gaulle", "44143"], ["12 bis, RUE DU GENERAL DE GAULLE 44400 Rezé", "44143"],
            ["3 av. des Erables", "44143"], ["3 av. des Erables", "44162"], ["3 avenue des Érabless", "44143"],
            ["4 avenue des Érables", "44143"], ["3 rue Inconnue", "44143"], ["7 place Sarrail", "44143"], ["", ""]]  # fmt: skip
    assert made(shop, rows, geocode()) == [
        "-1.55,47.1", "-1.56,47.2", "-1.57,47.3", "-1.6,47.4", "-1.57,47.3", None, None, None, None
    ]  # fmt: skip
    assert made(shop, rows[4:5], geocode(score=1)) == [None]
    assert made(shop, rows[:1], geocode(to="label")) == ["12 Rue du Général de Gaulle"]
    assert made(shop, [["3 av des Erables"]], geocode()) == [None]  # without a commune, two are possible


def test_a_score_that_takes_anything_is_refused(shop, addresses):
    for score in ("0.1", "2", "x"):
        with pytest.raises(StepRefused):
            made(shop, [["a", "b"]], geocode(score=score))


def test_codes_labels_and_synonyms_of_a_list(shop, db):
    wanted = CodeList.objects.create(name="essences", title="Essences")
    codes = [
        {"code": "QUE", "fr": "Chêne", "en": "Oak", "synonyms": ["quercus"]},
        {"code": "FAG", "fr": "Hêtre", "en": "Beech"},
    ]
    CodeListEdition.objects.create(code_list=wanted, number="1", codes=codes)
    said = [["chene"], ["QUERCUS"], ["fag"], ["beech"], ["sapin"]]
    assert made(shop, said, Step("code_list", {"list": "essences"})) == ["QUE", "QUE", "FAG", "FAG", "sapin"]
    assert made(shop, said, Step("code_list", {"list": "essences", "to": "fr", "otherwise": "empty"})) == [
        "Chêne", "Chêne", "Hêtre", "Hêtre", None
    ]  # fmt: skip
    with pytest.raises(StepRefused):
        made(shop, said, Step("code_list", {"list": "absente"}))


def test_what_the_platform_knows(commune, communes, django_assert_max_num_queries):
    schema = Schema.objects.create(name="test/s", title="S")
    version = SchemaVersion.objects.create(schema=schema, number="1", descriptor={"fields": []})
    mapping = ColumnMappings((ColumnMapping("nom", ("Nom du lieu",)), ColumnMapping("id", ("@nom",)))).as_dict()
    Conformity.objects.create(dataset=communes, schema_version=version, mapping=mapping)
    with django_assert_max_num_queries(1):
        assert accepted_for("test/s") == {("nom", "nom du lieu"): 1}
    with django_assert_max_num_queries(12):
        known = known_for(ANONYMOUS, "test/s", commune)
    assert known.organization == {"name": "Rezé", "insee": "44143"}
    assert communes_for(ANONYMOUS) == ()  # five communes are no reference
    Dataset.objects.filter(pk=communes.pk).update(row_count=36_000)
    [found] = communes_for(ANONYMOUS)
    assert (found.insee, found.name, found.postcode) == ("code_insee", "nom", "code_postal")
    assert found.knows(["St Herblain", "REZE", "Ailleurs"]) == pytest.approx(2 / 3)
    Dataset.objects.filter(pk=communes.pk).update(visibility=Visibility.PRIVATE)
    assert communes_for(ANONYMOUS) == ()


def test_a_reference_is_looked_up_by_its_key(shop, communes):
    step = Step("lookup", {"dataset": "communes", "value": "nom"})
    with pytest.raises(StepRefused):
        made(shop, [["44143"]], step)
    _marked(communes, "code_insee", ReferenceKind.BOUNDARIES)
    assert made(shop, [["44143"], ["1004"], ["99999"]], step) == ["Rezé", "Le Mans", None]
    Dataset.objects.filter(pk=communes.pk).update(visibility=Visibility.PRIVATE)
    with pytest.raises(StepRefused):
        made(shop, [["44143"]], step)


def test_an_address_is_found_in_the_ban_without_a_word_on_its_columns(shop, commune):
    select = """SELECT * FROM (VALUES ('12', NULL, 'Rue de l’Église', '44143', -1.55::DOUBLE, 47.1::DOUBLE),
        ('12', NULL, 'Rue de l’Église', '44109', -1.6, 47.2)) AS t(numero, rep, nom_voie, code_insee, lon, lat)"""
    fields = [Field(name, TEXT) for name in ("numero", "rep", "nom_voie", "code_insee")]
    fields += [Field("lon", FieldType.NUMBER), Field("lat", FieldType.NUMBER)]
    _marked(published(commune, "ban", "BAN", select, fields), "numero", ReferenceKind.ADDRESSES)
    step = Step("geocode", {"dataset": "ban"})
    assert made(shop, [["12 r. de l'eglise", "44143"], ["12 rue de l’Église", "44162"]], step) == ["-1.55,47.1", None]


def _marked(dataset, key, kind):
    ReferenceLayer.objects.create(dataset=dataset, kind=kind, key=key, marked_at=now())
