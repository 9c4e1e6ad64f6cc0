"""Schemas written elsewhere: all versions, where they come from, nothing twice, and one bad file stops nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bocage.check.models import Schema, SchemaVersion
from bocage.check.registry import descriptors
from bocage.check.registry.errors import NothingFound, RegistrySilent
from bocage.check.registry.importing import SILENCES_MOST, Imported, Outcome, import_schemas
from bocage.check.registry.selectors import schema_version
from bocage.check.vocabulary import SchemaKind, SchemaLanguage
from tests.check.registry.conftest import make_draft
from tests.check.registry.making import SOUND, write
from tests.kernel.local_server import LocalServer, local_server

pytestmark = pytest.mark.django_db


def outcomes(done: list[Imported]) -> list[str]:
    return [one.outcome.value for one in done]


def test_a_folder_of_the_registry_keeps_every_version(tmp_path: Path) -> None:
    for number in ("1.0.0", "1.10.0", "1.9.0"):
        write(tmp_path, "scdl/prenoms", number, SOUND | {"version": number, "title": f"Prénoms {number}"})
    assert outcomes(list(import_schemas(str(tmp_path)))) == ["new"] * 3
    schema = Schema.objects.get()
    assert (schema.name, schema.kind, schema.title) == ("scdl/prenoms", SchemaKind.NATIONAL, "Prénoms 1.10.0")
    latest = schema_version("scdl/prenoms")
    assert latest.number == "1.10.0"
    assert latest.origin.endswith("scdl/prenoms/1.10.0/schema.json")
    assert len(latest.sha256) == 64
    assert latest.descriptor["version"] == "1.10.0"


def test_twice_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "scdl/prenoms", "1.0.0", SOUND)
    list(import_schemas(str(tmp_path)))
    before = list(SchemaVersion.objects.values()) + list(Schema.objects.values())
    assert outcomes(list(import_schemas(str(tmp_path)))) == ["known"]
    assert list(SchemaVersion.objects.values()) + list(Schema.objects.values()) == before


def test_a_version_that_changed_is_told_and_left(tmp_path: Path) -> None:
    write(tmp_path, "scdl/prenoms", "1.0.0", SOUND)
    list(import_schemas(str(tmp_path)))
    write(tmp_path, "scdl/prenoms", "1.0.0", SOUND | {"title": "Autre"})
    done = list(import_schemas(str(tmp_path)))
    assert [one.error.code for one in done if one.error] == ["registry.version-differs"]
    assert schema_version("scdl/prenoms").descriptor["title"] == "Composteurs"


def test_the_same_content_written_otherwise_is_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, "scdl/prenoms", "1.0.0", SOUND)
    list(import_schemas(str(tmp_path)))
    path.write_text(json.dumps(SOUND, indent=4), encoding="utf-8-sig")
    assert outcomes(list(import_schemas(str(tmp_path)))) == ["known"]


HOSTILE: dict[str, bytes] = {
    "registry.schema-unreadable": b'{"fields": [',
    "registry.schema-too-deep": b'{"fields": [{"name": "a", "x": ' + b"[" * 200 + b"]" * 200 + b"}]}",
    "registry.not-a-schema": b'{"fields": "all of them"}',
    "registry.too-many-fields": json.dumps({"fields": [{"name": f"f{n}"} for n in range(10_000)]}).encode(),
    "registry.schema-too-large": b'{"fields": [{"name": "a", "description": "' + b"x" * 50 * 1024 * 1024 + b'"}]}',
}


@pytest.mark.parametrize("code", HOSTILE)
def test_a_hostile_file_is_refused_and_stops_nobody(tmp_path: Path, code: str) -> None:
    write(tmp_path, "a/before", "1.0.0", SOUND)
    write(tmp_path, "b/hostile", "1.0.0", {}).write_bytes(HOSTILE[code])
    write(tmp_path, "c/after", "1.0.0", SOUND)
    done = list(import_schemas(str(tmp_path)))
    assert outcomes(done) == ["new", "refused", "new"]
    assert done[1].error is not None
    assert done[1].error.code == code
    assert str(done[1].error)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": NaN}', '{"a": "\\ud800"}', '{"a": "\\u0000"}', '{"a": ' + "9" * 9999 + "}", "\x80"]
)
def test_no_json_is_too_strange_to_be_refused_politely(tmp_path: Path, text: str) -> None:
    write(tmp_path, "b/hostile", "1.0.0", {}).write_bytes(text.encode("latin-1"))
    assert outcomes(list(import_schemas(str(tmp_path)))) == ["refused"]


def test_a_schema_that_refers_to_itself_is_kept_and_told(tmp_path: Path) -> None:
    write(tmp_path, "a/self", "1.0.0", SOUND | {"fields": [{"name": "a", "$ref": "#/fields/0"}, {"$ref": "#"}]})
    assert outcomes(list(import_schemas(str(tmp_path)))) == ["new"]
    assert "reference-without-effect" in {one["code"] for one in schema_version("a/self").lint}


@pytest.mark.parametrize("name", ["..", "a b", "<script>", "x/../y"])
def test_a_strange_name_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(SOUND), encoding="utf-8")
    with pytest.raises(Exception, match=r"name|nom"):
        list(import_schemas(str(file), name=name))


def test_one_file_says_who_it_is(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    file.write_text(
        json.dumps(SOUND | {"homepage": "https://github.com/NaturalSolutions/schema-arbre"}), encoding="utf-8"
    )
    assert [(one.name, one.number) for one in import_schemas(str(file))] == [("NaturalSolutions/schema-arbre", "1.0.0")]
    file.write_text(json.dumps({"fields": [{"name": "a"}], "title": "Été à la mer"}), encoding="utf-8")
    assert [(one.name, one.number) for one in import_schemas(str(file))] == [("autres/ete-a-la-mer", "0.0.0")]
    assert [one.name for one in import_schemas(str(file), name="moi/mer")] == ["moi/mer"]


def test_a_local_schema_is_not_overwritten(tmp_path: Path, metropole) -> None:
    draft = make_draft(metropole)
    write(tmp_path, draft.schema.name, "9.9.9", SOUND)
    done = list(import_schemas(str(tmp_path)))
    assert done[0].error is not None
    assert done[0].error.code == "registry.name-held-locally"


def test_nothing_to_import_is_said(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}', encoding="utf-8")
    for source in (tmp_path, tmp_path / "absent"):
        with pytest.raises(NothingFound):
            list(import_schemas(str(source)))


def catalogue(base: str, *versions: str, **more: Any) -> dict[str, Any]:
    listed = [
        {"version_name": number, "schema_url": f"{base}/schemas/scdl/prenoms/{number}/schema.json"}
        for number in versions
    ]
    entry = {
        "name": "scdl/prenoms",
        "title": "Prénoms",
        "schema_type": "tableschema",
        "labels": ["SCDL"],
        "versions": listed,
    }
    other = {
        "name": "etalab/schema-bal",
        "schema_type": "other",
        "versions": [{"version_name": "1", "schema_url": f"{base}/x.yml"}],
    }
    return {"version": 1, "schemas": [entry | more, other, "?"]}


class Site:
    """A registry on the loopback: `put` a page, see who came."""

    def __init__(self, server: LocalServer) -> None:
        self.server, self.base = server, f"http://{server.address}"

    def put(self, path: str, data: Any) -> None:
        self.server.gives(path, json.dumps(data).encode())

    def break_down(self, path: str) -> None:
        self.server.gives(path, b"", status=500)

    @property
    def asked(self) -> list[str]:
        return [path for path, _headers in self.server.requests]


@pytest.fixture
def site(settings) -> Iterator[Site]:
    with local_server() as server:
        settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": server.address})
        yield Site(server)


def test_a_catalogue_is_fetched_version_by_version_and_only_the_new_ones(site: Site) -> None:
    for number in ("1.0.0", "1.1.0"):
        site.put(f"/schemas/scdl/prenoms/{number}/schema.json", SOUND | {"version": number})
    site.put("/schemas.json", catalogue(site.base, "1.0.0"))
    assert outcomes(list(import_schemas(f"{site.base}/schemas.json"))) == ["new"]
    site.put("/schemas.json", catalogue(site.base, "1.0.0", "1.1.0"))
    site.server.requests.clear()
    assert outcomes(list(import_schemas(f"{site.base}/schemas.json"))) == ["known", "new"]
    assert site.asked == ["/schemas.json", "/schemas/scdl/prenoms/1.1.0/schema.json"]
    schema = Schema.objects.get()
    assert (schema.title, schema.entry["labels"], schema.catalogue) == (
        "Prénoms",
        ["SCDL"],
        f"{site.base}/schemas.json",
    )


def _take(imported: Iterator[Imported], into: list[Imported]) -> None:
    for one in imported:
        into.append(one)  # noqa: PERF402  what came before the error is what is looked at


def test_an_interrupted_catalogue_goes_on_where_it_stopped(site: Site) -> None:
    numbers = [f"1.{n}.0" for n in range(SILENCES_MOST + 3)]
    site.put("/schemas.json", catalogue(site.base, *numbers))
    site.put("/schemas/scdl/prenoms/1.0.0/schema.json", SOUND)
    for number in numbers[1:]:
        site.break_down(f"/schemas/scdl/prenoms/{number}/schema.json")
    done: list[Imported] = []
    with pytest.raises(RegistrySilent):
        _take(import_schemas(f"{site.base}/schemas.json"), done)
    assert outcomes(done) == ["new"] + ["refused"] * SILENCES_MOST
    for number in numbers:
        site.put(f"/schemas/scdl/prenoms/{number}/schema.json", SOUND | {"version": number})
    assert outcomes(list(import_schemas(f"{site.base}/schemas.json"))) == ["known"] + ["new"] * (len(numbers) - 1)


def test_one_address_is_fetched_once(site: Site) -> None:
    site.put("/schemas/scdl/prenoms/latest/schema.json", SOUND)
    done = list(import_schemas(f"{site.base}/schemas/scdl/prenoms/latest/schema.json"))
    assert [(one.outcome, one.name, one.number) for one in done] == [(Outcome.NEW, "scdl/prenoms", "1.0.0")]
    assert len(site.asked) == 1


def test_what_is_fetched_is_bounded_while_it_comes(site: Site, monkeypatch) -> None:
    monkeypatch.setattr("bocage.check.registry.candidates.MOST_BYTES", 2_000)
    monkeypatch.setattr("bocage.kernel.http.CHUNK_BYTES", 1_000)
    site.put("/schemas.json", catalogue(site.base, "1.0.0"))
    site.put("/schemas/scdl/prenoms/1.0.0/schema.json", SOUND | {"description": "x" * 400_000})
    done = list(import_schemas(f"{site.base}/schemas.json"))
    assert [one.error.code for one in done if one.error] == ["registry.schema-too-large"]


def test_a_private_address_in_a_catalogue_is_not_visited(tmp_path: Path) -> None:
    file = tmp_path / "schemas.json"
    file.write_text(json.dumps(catalogue("http://127.0.0.1:9", "1.0.0")), encoding="utf-8")
    done = list(import_schemas(str(file)))
    assert [one.error.code for one in done if one.error] == ["http.address-refused"]


def test_every_national_schema_is_imported(shared_data: Path) -> None:
    done = list(import_schemas(str(shared_data / "schemas")))
    assert {one.outcome for one in done} == {Outcome.NEW}
    assert len(done) >= 84
    assert Schema.objects.filter(language=SchemaLanguage.JSON).count() == 6
    assert Schema.objects.get(name="scdl/deliberations").entry["labels"]
    assert schema_version("scdl/menus-collectifs").number == "1.2.3"
    assert {one.outcome for one in import_schemas(str(shared_data / "schemas"))} == {Outcome.KNOWN}


def test_the_limits_are_above_every_real_schema(shared_data: Path) -> None:
    largest = max(path.stat().st_size for path in (shared_data / "schemas").rglob("*/*/*/*.json"))
    assert largest * 20 < descriptors.MOST_BYTES
