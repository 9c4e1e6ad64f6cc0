"""Older versions: read, restored, described. The rules of today hold for all of them."""

# ruff: noqa: E501  addresses are read better on one line
from __future__ import annotations

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.clock import now
from bocage.store.services import move_head, publish_version
from tests.security.hidden.world import BOUNDS, KEPT, MINE, THEIRS, World, v1, v2
from tests.store.making import staged

pytestmark = pytest.mark.django_db
NEEDED = ("colonnes", "lignes", "comptes")
PATHS = (
    ("/records", {"limit": "20"}), ("/records", {"select": "max(age), min(ne), avg(age)"}), ("/records", {"where": "nom like 'Z*'"}),
    ("/records", {"where": "search('zacharie')"}), ("/records", {"select": "bbox(centre)"}), ("/records", {"order_by": "nom"}),
    ("/facets", {"facet": "adresse"}), ("/exports/csv", {}), ("/exports/parquet", {}), ("/exports/xlsx", {}), ("/exports/geojson", {}),
)  # fmt: skip
READERS = ("stranger", "member", "contributor", "reading key of the steward")


def tells(body: bytes) -> bool:
    return any(value.encode() in body for value in KEPT)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("asked", ["1", "2", "{today}"])
def test_an_older_version_is_masked_as_the_one_of_today(world: World, reader: str, asked: str) -> None:
    asked = asked.format(today=now().date().isoformat())
    for path, given in PATHS:
        status, body, _headers = world.ask(reader, v2("colonnes", path, as_of=asked, **given))
        assert not tells(body), (path, given)
        assert reader != "contributor" or status in (200, 400), "those who publish read older versions"
    assert tells(world.ask("steward", v2("colonnes", as_of="1", limit="20"))[1])


@pytest.mark.parametrize("path", ["/records", "/exports/csv", "/facets"])
def test_an_older_version_has_the_rows_of_the_reader(world: World, path: str) -> None:
    for version in ("1", "2"):
        body = world.ask("contributor", v2("lignes", path, as_of=version, limit="50" if path == "/records" else ""))[1]
        assert MINE.encode() not in body
        body = world.ask("stranger", v2("lignes", path, as_of=version))[1]
        assert THEIRS.encode() not in body


@pytest.mark.parametrize("reader", ["stranger", "member", "partner", "nobody"])
def test_a_version_that_was_replaced_does_not_exist(world: World, reader: str) -> None:
    absent = world.ask(reader, v2("colonnes", as_of="9"))
    for path in ("/records", "/exports/csv", "/exports/parquet", "/facets"):
        assert world.ask(reader, v2("colonnes", path, as_of="1"))[0] == 404
    world.become("b")
    assert world.ask(reader, v2("colonnes", as_of="1"))[1].replace(b"1", b"9") == absent[1].replace(b"1", b"9")


@pytest.mark.parametrize("slug", ["colonnes", "lignes", "comptes"])
def test_a_version_put_back_is_masked(world: World, slug: str) -> None:
    first = world.versions[slug, "a"]
    move_head(viewer=OPERATOR, dataset=world.datasets[slug], version=first)
    for reader in ("stranger", "member"):
        for path in ("/records", "/exports/csv", "/facets"):
            assert not tells(world.ask(reader, v2(slug, path))[1])
    whole = {"colonnes": b"Zacharie", "lignes": b"Prosper", "comptes": b"7654321"}
    assert whole[slug] in world.ask("steward", v2(slug, "/exports/csv"))[1]


@pytest.fixture
def renamed(world: World, tmp_path) -> World:
    """The column of names, which rules hide, was called `prenom` in the version before; the age was a text."""
    for names, values in (
        (("prenom", T.STRING, "age", T.STRING), "('Zacharie', '41 ans', 'Nord')"),
        (("nom", T.STRING, "age", T.INTEGER), "('Zacharie', 41::BIGINT, 'Nord')"),
    ):
        fields = dict(zip(names[::2], names[1::2], strict=True)) | {"quartier": T.STRING}
        described = tuple(Field(name, kind, label=name) for name, kind in fields.items())
        file = staged(tmp_path, f"SELECT * FROM (VALUES {values}) t({', '.join(fields)})", described)
        publish_version(viewer=OPERATOR, dataset=world.datasets["colonnes"], staged=file)
    world.datasets["colonnes"].refresh_from_db()
    return world


@pytest.mark.parametrize(("path", "given"), PATHS[:3] + PATHS[6:10])
def test_a_column_that_no_rule_can_name_any_more_is_hidden_with_the_others(
    renamed: World, path: str, given: dict[str, str]
) -> None:
    body = renamed.ask("contributor", v2("colonnes", path, as_of="3", **given))[1]
    assert b"Zacharie" not in body
    assert b"prenom" not in body
    assert b"41 ans" not in body
    assert b"Zacharie" in renamed.ask("steward", v2("colonnes", as_of="3"))[1]
    assert b"prenom" not in renamed.ask("contributor", v2("colonnes", where="prenom = 'x'", as_of="3"))[1].replace(
        b"field: prenom", b""
    )


@pytest.mark.parametrize("reader", ["stranger", "member", "contributor"])
def test_the_history_says_nothing_of_what_changed(world: World, reader: str) -> None:
    """Neither sizes, nor numbers of rows, nor what was added, removed or changed."""
    for slug in ("lignes", "comptes"):
        page = world.ask(reader, f"/explore/dataset/{slug}/history/")[1].decode()
        for version in (world.versions[slug, "a"], world.versions[slug, "b"]):
            assert f"{version.row_count} ligne" not in page
            assert version.sha256 not in page
        assert "octets" not in page
        assert "changes" not in page
    assert "ligne" in world.ask("steward", "/explore/dataset/lignes/history/")[1].decode()


@pytest.mark.parametrize("reader", [*READERS, "partner"])
def test_bounds_of_no_version_are_told(world: World, reader: str) -> None:
    for address in (
        v2("colonnes", ""), "/explore/dataset/colonnes/", "/explore/dataset/colonnes/map/", "/api/datasets/1.0/colonnes/",
        v1("colonnes", "boundingbox"), "/catalog.ttl", "/catalog.jsonld", "/api/explore/v2.1/catalog/exports/json",
        "/organizations/ici/catalog.ttl", "/api/explore/v2.1/catalog/datasets?select=dataset_id,bbox",
    ):  # fmt: skip
        body = world.ask(reader, address)[1].decode()
        assert not any(str(bound) in body for bounds in BOUNDS.values() for bound in bounds), address
