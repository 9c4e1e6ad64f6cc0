"""Files of the State become references: the right rows, once, in the right place, marked, and only where they may be."""

from __future__ import annotations

import gzip
import io
import json
from contextlib import redirect_stdout

import pytest
from structlog.testing import capture_logs

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.catalog.models import Dataset, ReferenceLayer
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import Licence
from bocage.check.models import Reference
from bocage.config.command_line import main
from bocage.organizations.models import Organization
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.pipeline.models import Run
from bocage.pipeline.references.importing.area import area_of
from bocage.pipeline.references.importing.errors import UnknownArea, UnknownDepartment
from bocage.query.relation import DatasetRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from bocage.store.selectors import current_version
from tests.pipeline.references import downloads

pytestmark = pytest.mark.django_db


@pytest.fixture
def metropole(db):
    return create_organization(slug="nantes", name="Nantes Métropole", kind=OrganizationKind.EPCI, siren="244400404")


@pytest.fixture
def bring(metropole, capsys, monkeypatch):
    """A function that runs the command, for the métropole: (exit code, answer, errors)."""
    from bocage.config import logs

    monkeypatch.setattr(logs, "configure", lambda *_a, **_k: None)
    monkeypatch.setenv("LC_ALL", "en")

    def run(source, file, *options):
        with capture_logs():
            code = main(["import-reference", source, str(file), "--organization", "nantes", "--json", *options])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return run


def rows(slug, select, viewer=ANONYMOUS):
    dataset = Dataset.objects.get(slug=slug)
    relation = DatasetRelation(dataset, current_version(dataset))
    return [tuple(row.values()) for row in records(viewer, relation, OdsqlRequest(select=select, limit=50)).rows]


@pytest.fixture
def boundaries(bring, tmp_path):
    file = downloads.admin_express(tmp_path / "ADE-COG-CARTO.gpkg")
    code, answer, _err = bring("admin-express", file, "--layer", "communes")
    assert code == 0, answer
    return answer


def test_admin_express_of_2024(bring, tmp_path):
    code, boundaries, _err = bring("admin-express", downloads.admin_express(tmp_path / "ADE-COG-CARTO.gpkg"))
    assert code == 0, boundaries
    assert [(one["dataset"], one["rows"], one["key"]) for one in boundaries] == [
        ("admin-express-communes", 5, "insee_com"),
        ("admin-express-epci", 4, "code_siren"),
    ]
    found = rows("admin-express-communes", "insee_com, nom, population")
    assert found[0] == ("44109", "Nantes", 1000), "in the order of the keys, codes as texts"
    dataset = Dataset.objects.get(slug="admin-express-communes")
    assert (dataset.licence, dataset.attributions) == (Licence.LICENCE_OUVERTE, "IGN, ADMIN EXPRESS")
    assert (dataset.visibility, dataset.primary_key, dataset.geometry_types) == (
        "open",
        ["insee_com"],
        ["MultiPolygon"],
    )
    west, south, east, north = dataset.bbox
    assert -1.7 < west < east < -1.4
    assert 47.1 < south < north < 47.3, "told in degrees, whatever the file has"
    layer = ReferenceLayer.objects.get(dataset=dataset)
    assert (layer.kind, layer.key, layer.label) == ("boundaries", "insee_com", "nom")
    chosen = Reference.objects.get(name="communes")
    assert chosen.columns == {"code": "insee_com", "nom": "nom", "wkt": "geo_shape", "epci": "siren_epci"}


def test_admin_express_of_2025_narrowed_to_authorities(bring, tmp_path):
    file = downloads.admin_express(tmp_path / "ade.gpkg", edition=4)
    code, answer, _err = bring(
        "admin-express", file, "--within", "244 400 404", "--within", "217500016", "--layer", "communes"
    )
    assert code == 0, answer
    assert rows("admin-express-communes", "code_insee") == [("44109",), ("44143",), ("75056",)], (
        "one is in two authorities"
    )


def test_authorities_alone_are_narrowed_by_the_communes_of_the_file(bring, tmp_path):
    file = downloads.admin_express(tmp_path / "ade.gpkg")
    code, answer, _err = bring("admin-express", file, "--department", "44", "--layer", "epci")
    assert code == 0, answer
    assert rows("admin-express-epci", "code_siren") == [("200000438",), ("244400404",)]
    assert not Dataset.objects.filter(slug="admin-express-communes").exists()


def test_a_shapefile_out_of_its_archive(bring, tmp_path):
    file = downloads.admin_express(tmp_path / "COMMUNE.shp", driver="ESRI Shapefile")
    code, answer, _err = bring("admin-express", file, "--department", "44")
    assert code == 0, answer
    assert rows("admin-express-communes", "insee_com, nom") == [
        ("44109", "Nantes"), ("44143", "Rezé"), ("44154", "Saint-Brevin-les-Pins"),
    ]  # fmt: skip


def test_the_same_file_again_is_no_version(bring, boundaries, tmp_path):
    again = downloads.admin_express(tmp_path / "again.gpkg", communes=downloads.COMMUNES)
    code, answer, _err = bring("admin-express", again, "--layer", "communes")
    assert code == 0, answer
    assert {one["status"] for one in answer} == {"unchanged"}
    assert Dataset.objects.get(slug="admin-express-communes").versions.count() == 1
    assert ReferenceLayer.objects.count() == 1


def test_addresses_of_a_city(bring, boundaries, tmp_path):
    file = downloads.ban(tmp_path / "adresses-44.csv.gz")
    code, answer, _err = bring("ban", file, "--within", "244400404")
    assert code == 0, answer
    assert answer[0]["rows"] == 6, "two communes of the authority, as the boundaries say"
    found = rows("ban-adresses", "id, numero, code_insee, code_postal, geo_point_2d")
    assert found[0][:4] == ("44109_0450_00001", "1", "44109", "44000")
    lon, lat = downloads.middle(0, 1 / 20)
    assert found[0][4] == pytest.approx({"lon": lon, "lat": lat}, abs=1e-6)
    assert ReferenceLayer.objects.get(dataset__slug="ban-adresses").kind == "addresses"


def test_parcels_of_a_department(bring, tmp_path):
    code, answer, _err = bring(
        "cadastre", downloads.cadastre(tmp_path / "cadastre-44-parcelles.json.gz"), "--department", "85"
    )
    assert code == 0, answer
    assert rows("cadastre-parcelles", "id, commune, prefixe, section, numero, contenance") == [
        ("85047000AB0001", "85047", "000", "AB", "1", 535), ("85047000AB0002", "85047", "000", "AB", "2", 535),
    ]  # fmt: skip


def test_roads_and_places_inside_a_commune(bring, boundaries, tmp_path):
    file = downloads.extract(tmp_path / "pays-de-la-loire.osm.pbf")
    code, answer, _err = bring("osm", file, "--within", "44109")
    assert code == 0, answer
    assert rows("osm-routes", "osm_id, name, highway, maxspeed") == [("way/100", "Rue n° 0", "residential", "30")]
    assert rows("osm-lieux", "osm_id, name, amenity") == [
        ("node/50", "Pharmacie de l’Île", "pharmacy"), ("way/201", "École Aristide-Briand", "school"),
    ]  # fmt: skip
    assert Dataset.objects.get(slug="osm-routes").licence == Licence.ODBL
    assert Dataset.objects.get(slug="osm-routes").geometry_types == ["LineString"]
    [(shape,)] = rows("osm-routes", "geo_shape")
    assert shape["geometry"]["coordinates"][1] == pytest.approx(downloads.middle(0, 0.4), abs=1e-6)


def test_a_whole_extract(bring, tmp_path):
    code, answer, _err = bring("osm", downloads.extract(tmp_path / "x.osm.pbf"), "--layer", "routes")
    assert code == 0, answer
    assert [one[0] for one in rows("osm-routes", "osm_id")] == ["way/100", "way/101"], "a way of one node is no line"


def test_a_preview_publishes_nothing_and_tells_who_is_touched(bring, boundaries, tmp_path):
    layer = ReferenceLayer.objects.get(dataset__slug="admin-express-communes")
    organization = Organization.objects.get()
    dataset = create_dataset(viewer=OPERATOR, organization=organization, slug="ecoles", title="Écoles")
    _pointing(dataset, layer, tmp_path)
    fewer = downloads.admin_express(tmp_path / "2026.gpkg", communes=downloads.COMMUNES[:1])
    code, answer, _err = bring("admin-express", fewer, "--preview", "--layer", "communes")
    assert code == 0, answer
    assert answer[0]["keys"] == {"gone": 4}, "same name, same shape: nothing else to tell"
    assert answer[0]["touched"] == [{"dataset": "ecoles", "field": "insee", "gone": 2, "renamed": 0, "redrawn": 0}]
    assert Dataset.objects.get(slug="admin-express-communes").versions.count() == 1


def _pointing(dataset, layer, folder):
    from bocage.catalog.vocabulary import FieldType as T
    from bocage.pipeline.references.services import declare_link
    from bocage.store.services import publish_version
    from tests.store.making import table

    file = table(folder / "staging", "('44109'), ('44143'), ('44143')", insee=T.STRING)
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
    dataset.refresh_from_db()
    declare_link(viewer=OPERATOR, dataset=dataset, field="insee", reference=layer)


REFUSED = {
    "not-that-source": ("ban", lambda folder: _text(folder / "x.csv", "nom;ville\na;b\n"), ()),
    "layer-not-found": (
        "admin-express",
        lambda folder: downloads.admin_express(folder / "a.gpkg"),
        ("--layer", "regions"),
    ),
    "nothing-inside": (
        "admin-express",
        lambda folder: downloads.admin_express(folder / "a.gpkg"),
        ("--within", "01001"),
    ),
    "boundaries-missing": ("osm", lambda folder: downloads.extract(folder / "a.osm.pbf"), ("--within", "44109")),
    "damaged-extract": ("osm", lambda folder: _text(folder / "a.osm.pbf", "<html>"), ()),
    "archive-to-unpack": ("admin-express", lambda folder: _text(folder / "a.7z", "7z\xbc\xaf\x27\x1c"), ()),
    "unknown-area": ("ban", lambda folder: downloads.ban(folder / "b.csv.gz"), ("--within", "44' OR 1=1")),
    "one-layer-only": ("admin-express", lambda folder: downloads.admin_express(folder / "a.gpkg"), ("--dataset", "x")),
}


def _text(path, text):
    path.write_bytes(text.encode("latin-1"))
    return path


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_leaves_nothing(bring, tmp_path, reason):
    source, make, options = REFUSED[reason]
    code, answer, _err = bring(source, make(tmp_path), *options)
    assert (code, answer["error"]["code"]) == (1, f"references.{reason}")
    assert answer["error"]["mend"]
    assert not Dataset.objects.exists()
    assert not Run.objects.exists()


def test_a_cut_extract_and_a_cut_archive(bring, tmp_path):
    whole = downloads.extract(tmp_path / "a.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: len(whole) - 20])
    assert bring("osm", tmp_path / "cut.osm.pbf")[1]["error"]["code"] == "references.damaged-extract"
    packed = downloads.ban(tmp_path / "a.csv.gz").read_bytes()
    (tmp_path / "cut.csv.gz").write_bytes(packed[: len(packed) // 2])
    assert bring("ban", tmp_path / "cut.csv.gz")[0] == 1
    assert not Dataset.objects.exists()


def test_the_work_of_others_is_not_published_over(bring, metropole, tmp_path):
    from bocage.catalog.vocabulary import FieldType as T
    from bocage.store.services import publish_version
    from tests.store.making import table

    mine = create_dataset(viewer=OPERATOR, organization=metropole, slug="ban-adresses", title="À moi")
    publish_version(viewer=OPERATOR, dataset=mine, staged=table(tmp_path / "s", "('a')", x=T.STRING))
    code, answer, _err = bring("ban", downloads.ban(tmp_path / "b.csv.gz"))
    assert (code, answer["error"]["code"]) == (1, "references.identifier-taken")
    assert mine.versions.count() == 1


def test_an_identifier_that_is_none(bring, tmp_path):
    code, answer, _err = bring("ban", downloads.ban(tmp_path / "b.csv.gz"), "--dataset", "Pas Un Slug")
    assert (code, answer["error"]["code"]) == (1, "command.metadata-refused")


def test_keys_that_are_not_unique_are_told(bring, tmp_path):
    file = downloads.ban(tmp_path / "b.csv.gz", rows=[(0, 1), (0, 1), (0, 3)])
    code, answer, _err = bring("ban", file, "--dataset", "mes-adresses")
    assert code == 0, answer
    assert Dataset.objects.get(slug="mes-adresses").primary_key == []
    assert gzip.decompress(file.read_bytes()).count(b"\n") == 4


@pytest.mark.parametrize("code", ["4410", "44109x", "2C004", "1234567890", "", "'", "%"])
def test_codes_that_are_none(code):
    with pytest.raises(UnknownArea):
        area_of([code], [])


@pytest.mark.parametrize("code", ["20", "99", "440", "x", "00", "96"])
def test_departments_that_are_none(code):
    with pytest.raises(UnknownDepartment):
        area_of([], [code])


def test_departments_as_people_write_them():
    assert area_of([], ["1", "2a", "974"]).departments == ("01", "2A", "974")


def test_a_file_is_cut_at_the_boundary_of_an_organisation(bring, boundaries, metropole, tmp_path):
    create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, insee_code="44143")
    create_organization(slug="nulle", name="Nulle", kind=OrganizationKind.PARTNER)
    places = [downloads.middle(rank) for rank in (3, 1, 0, 1)]
    lines = [f"{n};Arbre n° {n};{lon:.6f};{lat:.6f}" for n, (lon, lat) in enumerate(places)]
    file = tmp_path / "arbres.csv"
    file.write_text("\n".join(["Numéro;Nom de l’arbre;longitude;latitude", *lines]), encoding="utf-8")
    for inside, found in (("reze", ["1", "3"]), ("nantes", ["1", "2", "3"])):
        slug = f"arbres-{inside}"
        assert publish(file, slug, "--inside", inside)[0] == 0
        assert [str(one[0]) for one in rows(slug, "numero", OPERATOR)] == found, "in the order of the file"
    dataset = Dataset.objects.get(slug="arbres-reze")
    assert [one.label for one in dataset.fields][:2] == ["Numéro", "Nom de l’arbre"]
    code, error = publish(file, "nulle-part", "--inside", "ailleurs")
    assert (code, error) == (1, "not-found")
    assert publish(file, "x", "--inside", "nulle") == (1, "references.organization-nowhere")
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    assert publish(file, "x", "--inside", "reze") == (1, "references.no-position")
    assert not Dataset.objects.filter(slug__in=["x", "nulle-part"]).exists()


def publish(file, slug, *options):
    out = io.StringIO()
    with capture_logs(), redirect_stdout(out):
        code = main(["publish", str(file), "--organization", "nantes", "--dataset", slug, "--json", *options])
    return code, (json.loads(out.getvalue()).get("error") or {}).get("code")
