"""Whoever reads what is not open to everyone is told in the journal, by whatever way they read it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bocage
from bocage.access.models import DataRule, JournalEntry
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.query.catalogue import CatalogueRelation
from bocage.query.relation import DatasetRelation
from bocage.query.rights import source_for
from bocage.store import engine
from bocage.store.documents import attach
from bocage.store.selectors import current_version, open_parquet
from tests.security.conftest import consumed

API, OLD = "/api/explore/v2.1/catalog/datasets/secret", "/api/records/1.0"
READS = {
    f"{API}/records": ("api", 4),
    f"{API}/records?where=nom%3D'Gare'": ("api", 1),
    f"{API}/records?select=count(*)": ("api", 1),
    f"{API}/facets?facet=nom": ("api", None),
    f"{API}/exports/csv": ("export", 4),
    f"{API}/exports/json?limit=2": ("export", 2),
    f"{API}/exports/parquet": ("export", 4),
    f"{API}/exports/xlsx": ("export", 4),
    f"{API}/exports/geojson?epsg=2154": ("export", 4),
    f"{OLD}/search/?dataset=secret": ("api", None),
    f"{OLD}/download/?dataset=secret&format=csv": ("export", 4),
    f"{OLD}/analyze/?dataset=secret&x=nom&y.c.func=COUNT": ("api", None),
    "/explore/dataset/secret/table/": ("page", None),
    "/explore/dataset/secret/download/?format=json": ("export", 4),
}


@pytest.fixture
def secret(territory, publish):
    return publish(territory.here, "secret", Visibility.PRIVATE)


def readings() -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(kind="read").order_by("number"))


@pytest.mark.parametrize("address", READS)
def test_every_way_is_told(territory, secret, address):
    door, rows = READS[address]
    reader = territory.viewers["member here"]
    for times in (1, 2):  # the second may come from a cache
        answer = reader.get(address)
        assert answer.status_code == 200
        consumed(answer)
        told = readings()
        assert len(told) >= times
    last = told[-1]
    assert (last.person, last.key, last.door) == (territory.people["member here"].pk, None, door)
    assert (last.dataset, last.organization, last.restriction) == (secret.uid, "ici", "all")
    assert last.version == current_version(secret).uid
    assert "Gare" not in str(vars(last))
    if rows is not None:
        assert last.rows == rows


@pytest.mark.parametrize("address", READS)
def test_who_is_refused_reads_nothing(territory, secret, address):
    for viewer in ("stranger", "nobody", "coordinator elsewhere", "suspended"):
        assert territory.viewers[viewer].get(address).status_code in (404, 302)
    assert readings() == []


def test_an_answer_that_gives_nothing(territory, secret):
    """304, and what is refused for its words. HEAD is told: it says how many rows there are."""
    reader = territory.viewers["member here"]
    for part in ("records", "exports/csv", "exports/parquet"):
        first = reader.get(f"{API}/{part}")
        consumed(first)
        count = len(readings())
        assert reader.get(f"{API}/{part}", headers={"if-none-match": first["ETag"]}).status_code == 304
        assert reader.get(f"{API}/{part}?where=nowhere%20=%201").status_code in (400, 200)
        assert len(readings()) <= count + (part == "exports/parquet")
        assert reader.head(f"{API}/{part}").status_code == 200
        assert len(readings()) > count


def test_with_a_key(territory, secret):
    owner = territory.people["member here"]
    key, text = create_key(viewer=viewer_of(owner), owner=owner, name="Carnet")
    client = territory.viewers["stranger"]
    assert client.get(f"{API}/records", headers={"authorization": f"Apikey {text}"}).status_code == 200
    [told] = readings()
    assert (told.person, told.key) == (owner.pk, key.pk)
    assert text not in str(vars(told))


def test_the_key_of_another_is_not_told_with_a_session(territory, secret):
    """A request that carries both is the key's."""
    owner = territory.people["steward here"]
    _key, text = create_key(viewer=viewer_of(owner), owner=owner, name="Carnet")
    territory.viewers["member here"].get(f"{API}/records", headers={"authorization": f"Apikey {text}"})
    assert [told.person for told in readings()] == [owner.pk]


def test_what_everyone_reads_is_not_told(territory, publish):
    dataset = publish(territory.here, "lieux", Visibility.OPEN)
    address = API.replace("secret", "lieux")
    for viewer in territory.viewers.values():
        for part in ("records", "exports/csv", "exports/parquet"):
            consumed(viewer.get(f"{address}/{part}"))
    assert readings() == []
    DataRule.objects.create(dataset=dataset.uid, audience="everyone", reason="RGPD", columns={"nom": {"mask": "hide"}})
    consumed(territory.viewers["stranger"].get(f"{address}/records"))  # only what everyone sees
    assert readings() == []
    consumed(territory.viewers["member elsewhere"].get(f"{address}/records"))
    consumed(territory.viewers["steward here"].get(f"{address}/exports/parquet"))  # the whole of it
    part, whole = readings()
    assert part.restriction not in ("all", "")
    assert whole.restriction == "all"


def test_documents_of_what_is_not_open(territory, secret, tmp_path):
    file = tmp_path / "notice.txt"
    file.write_text("À lire.", encoding="utf-8")
    name = attach(viewer=OPERATOR, dataset=secret, title="Notice", file=file).identifier
    consumed(territory.viewers["member here"].get(f"{API}/attachments/{name}"))
    [told] = readings()
    assert (told.door, told.subject) == ("file", name)


def test_the_file_itself(territory, secret):
    viewer = viewer_of(territory.people["member here"])
    open_parquet(viewer, current_version(secret))
    assert [told.rows for told in readings()] == [4]
    open_parquet(OPERATOR, current_version(secret))
    assert len(readings()) == 1


def test_data_are_only_read_where_the_journal_is_told(secret):
    relation = DatasetRelation(secret, current_version(secret))
    with engine.session(*relation.versions) as session, pytest.raises(TypeError):
        source_for(OPERATOR, relation, session)
    with engine.session() as session:
        assert source_for(OPERATOR, CatalogueRelation(), session).rows


TOLD_OR_DERIVED = {
    "query/rights.py", "query/warming.py", "query/lookups/writing.py", "query/tiles/packing.py", "query/tiles/cutting.py",
    "query/tiles/blurring.py",
}  # fmt: skip
"""`opened`, which tells, and what indexes are made of; what is made ready, of which nobody is given anything; what pages are looked
up in, and what tiles are composed of, once `services`, `features` and `serving` have told."""


def test_nobody_else_opens_the_engine():
    """A new door of the data goes through `query.rights.opened`; a new entry here is a decision to be taken."""
    found = set()
    root = Path(bocage.__file__).parent
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "engine" in text and "session" in text else ():
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if called and node.args and node.func.attr == "session" and getattr(node.func.value, "id", "") == "engine":
                found.add(path.relative_to(root).as_posix())
    assert found == TOLD_OR_DERIVED


@pytest.mark.parametrize(("kept", "seen"), [("none", ""), ("clear", "127.0.0.1"), ("pseudonym", None)])
def test_where_it_was_asked_from(territory, secret, settings, kept, seen):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"journal_addresses": kept})
    territory.viewers["member here"].get(f"{API}/records")
    [told] = readings()
    assert told.origin == seen if seen is not None else (len(told.origin) == 16 and "127" not in told.origin[:3])
