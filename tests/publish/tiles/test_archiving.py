"""Archives are made by the worker: asked for, made whole or not at all, bounded, forgotten with their version."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.utils import timezone

from bocage.access.models import DataRule
from bocage.kernel.errors import TransientError
from bocage.pipeline import derived
from bocage.pipeline.retention.removal import remove
from bocage.publish.tiles import archive, archiving, building
from bocage.publish.tiles.archiving import Archives
from bocage.publish.tiles.orders import FORGIVEN, MOST_ATTEMPTS, Orders, Refusal, orders
from bocage.publish.tiles.shelf import Shelf, archives_folder, shelf
from bocage.query import tiles
from bocage.query.tiles.requests import Tile
from bocage.store.models import Head, Version

ARCHIVE = "/tiles/arbres.pmtiles"


@pytest.fixture(autouse=True)
def quick(ask, settings, monkeypatch, tmp_path):
    """Another folder for each test, and tiles that cost nothing: what they hold is looked at elsewhere."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(archive, "DEEPEST", 2)
    drawn = []

    def tile(_viewer, _relation, query):
        drawn.append((query.zoom, query.column, query.row))
        return Tile(b"tile" if query.column == 0 == query.row else b"", "")

    monkeypatch.setattr(tiles, "tile", tile)
    return drawn


@pytest.fixture
def version(arbres):
    return Head.objects.get(dataset=arbres).version


def once(interrupted=lambda: False):
    return Archives().make_next(interrupted)


def files():
    """What is there beside the locks and the folders."""
    return sorted(one.name for one in archives_folder().rglob("*") if one.is_file() and one.suffix != ".lock")


def test_a_reader_is_told_to_come_back_and_then_given_it(ask, quick, version):
    for method in ("get", "head", "get"):
        answer = ask.raw(ARCHIVE, method)
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "15", "no-store")
    assert orders().waiting() == [version.uid]
    assert not quick, "no tile is drawn while somebody waits"
    assert once()
    assert len(quick) == 1 + 4 + 4
    assert not once()
    assert ask.raw(ARCHIVE).status_code == 200
    assert files() == ["body", "facts.json"]
    orders().ask(version.uid)
    assert not once()
    assert not orders().waiting(), "it is there already"


def test_who_may_not_read_it_asks_for_nothing(ask, arbres):
    DataRule.objects.create(dataset=arbres.uid, audience="everyone", reason="RGPD", grid_m=50_000)
    assert ask.raw(ARCHIVE).status_code == 403
    assert ask.raw("/tiles/agents.pmtiles").status_code == 404
    assert not files()


def test_it_is_made_after_a_publication_of_what_is_large_and_lasts(ask, version, monkeypatch):
    Archives().published(version)
    assert not orders().waiting(), "small"
    monkeypatch.setattr(archiving, "MANY", version.row_count)
    Archives().published(version)
    assert orders().waiting() == [version.uid]
    orders().done(version.uid)
    before = Version.objects.get(pk=version.pk)
    before.pk, before.uid, before.number = None, "ve_before", version.number - 1
    before.save()
    Archives().published(version)
    assert not orders().waiting(), "another one came just before"
    Version.objects.filter(uid="ve_before").update(created_at=version.created_at - dt.timedelta(hours=2))
    Archives().published(version)
    assert orders().waiting() == [version.uid]


def test_what_is_said_anew_makes_another_one_in_its_place(ask, arbres, version):
    ask.raw(ARCHIVE)
    once()
    first = ask.raw(ARCHIVE)
    arbres.title = "Arbres de la ville"
    arbres.save()
    assert ask.raw(ARCHIVE).status_code == 503
    once()
    second = ask.raw(ARCHIVE)
    assert (second.status_code, second["ETag"] == first["ETag"]) == (200, False)
    assert files() == ["body", "facts.json"]


def test_killed_in_the_middle_leaves_nothing_half_written(ask, version, monkeypatch):
    """As `kill -9`: no handler runs, the folders and the count of attempts stay as they are."""
    ask.raw(ARCHIVE)
    folder = building._making() / str(building.crc32(version.uid.encode()) % building.AT_ONCE)
    (folder / "entry").mkdir(parents=True)
    (folder / "entry" / "body").write_bytes(b"half")
    orders().begin(version.uid)
    assert ask.raw(ARCHIVE).status_code == 503
    assert Archives().tidy() == 1
    assert files() == [version.uid]
    (folder / "entry").mkdir(parents=True)
    (folder / "entry" / "body").write_bytes(b"half")
    assert once()
    assert ask.raw(ARCHIVE).status_code == 200
    assert files() == ["body", "facts.json"]


def test_one_that_kills_its_maker_is_not_begun_for_ever(ask, version):
    ask.raw(ARCHIVE)
    for _death in range(MOST_ATTEMPTS):
        assert orders().waiting() == [version.uid]
        orders().begin(version.uid)
    assert not once()
    answer = ask.raw(ARCHIVE)
    assert (answer.status_code, answer["Retry-After"]) == (503, "3600")
    assert not orders().waiting(), "asking again changes nothing"
    old = timezone.now().timestamp() - FORGIVEN - 60
    os.utime(orders().folder / version.uid, (old, old))
    assert Archives().tidy() == 1
    ask.raw(ARCHIVE)
    assert orders().waiting() == [version.uid]


def test_work_that_comes_is_done_first(ask, version, quick):
    ask.raw(ARCHIVE)
    for _time in range(MOST_ATTEMPTS + 1):
        assert not once(lambda: len(quick) >= 3)
        quick.clear()
    assert orders().waiting() == [version.uid], "it is no fault of its own"
    assert files() == [version.uid]
    assert once()


@pytest.mark.parametrize(("fault", "worked", "left"), [(RuntimeError("no"), True, 2), (TransientError(), False, 3)])
def test_a_fault_is_tried_again(ask, version, monkeypatch, fault, worked, left):
    ask.raw(ARCHIVE)

    def fail(*_asked):
        raise fault

    monkeypatch.setattr(tiles, "tile", fail)
    assert once() is worked
    assert MOST_ATTEMPTS - int((orders().folder / version.uid).read_text()) == left
    assert files() == [version.uid]


def test_where_nothing_is_drawn_there_is_none(ask, version, monkeypatch):
    ask.raw(ARCHIVE)
    monkeypatch.setattr(tiles, "tile", lambda *_asked: Tile(b"", ""))
    assert once()
    assert ask.raw(ARCHIVE).status_code == 404
    assert not once()


def test_one_that_is_too_large_is_refused(ask, version, monkeypatch):
    ask.raw(ARCHIVE)
    monkeypatch.setattr(building, "shelf", lambda: Shelf(archives_folder() / "made", limit=100))
    assert once()
    answer = ask.raw(ARCHIVE)
    assert (answer.status_code, "FlatGeobuf" in answer.content.decode()) == (400, True)
    assert files() == [version.uid]


def test_it_leaves_with_its_version(ask, arbres, version):
    ask.raw(ARCHIVE)
    once()
    other = Version.objects.get(pk=version.pk)
    other.pk, other.uid, other.number = None, "ve_other", version.number + 1
    other.save()
    Archives().published(other)
    orders().ask(other.uid)
    shelf().folder.mkdir(parents=True, exist_ok=True)
    (shelf().folder / "ve_other.abc").mkdir()
    assert remove(other)
    assert files() == ["body", "facts.json"]
    assert shelf().versions() == {version.uid}


def test_it_leaves_with_its_dataset(ask, version):
    ask.raw(ARCHIVE)
    once()
    for uid in ("ve_gone", "ve_away"):
        (shelf().folder / f"{uid}.abc").mkdir()
    orders().ask("ve_gone")
    assert Archives().tidy() == 2
    assert (shelf().versions(), orders().versions()) == ({version.uid}, set())


def test_the_least_recently_read_go_first(tmp_path):
    kept = Shelf(tmp_path / "made", limit=1_000)
    kept.folder.mkdir()
    for number, uid in enumerate(("ve_a", "ve_b", "ve_c", "ve_d")):
        made = tmp_path / uid
        made.mkdir()
        (made / "body").write_bytes(b"x" * 250)
        assert kept.put(uid, "1", made, 1)
        os.utime(kept.folder / f"{uid}.1", (number, number))
    assert kept.find("ve_a", "1"), "read now"
    made = tmp_path / "ve_e"
    made.mkdir()
    (made / "body").write_bytes(b"x" * 100)
    kept.put("ve_e", "1", made, 1)
    assert kept.versions() == {"ve_a", "ve_c", "ve_d", "ve_e"}


def test_what_is_cut_short_is_not_read(tmp_path):
    kept, made = Shelf(tmp_path / "made"), tmp_path / "new"
    kept.folder.mkdir()
    made.mkdir()
    (made / "body").write_bytes(b"whole")
    found = kept.put("ve_a", "1", made, 1)
    assert found is not None
    found.path.write_bytes(b"who")
    assert kept.find("ve_a", "1") is None
    made.mkdir()
    (made / "body").write_bytes(b"whole")
    assert kept.put("ve_a", "1", made, 1), "made again in its place"


def test_orders_are_taken_in_turn(tmp_path):
    asked = Orders(tmp_path)
    for number, uid in enumerate(("ve_b", "ve_a", "ve_c")):
        asked.ask(uid)
        os.utime(tmp_path / uid, (number, number))
    asked.refuse("ve_a", Refusal.EMPTY)
    assert asked.waiting() == ["ve_b", "ve_c"]
    asked.begin("ve_b")
    assert asked.waiting() == ["ve_c", "ve_b"], "what was begun gives its turn"


def test_the_worker_takes_it_when_it_has_nothing_else_to_do(ask, version):
    ask.raw(ARCHIVE)
    assert derived.make_next(lambda: False)
    assert not derived.make_next(lambda: False)
    assert ask.raw(ARCHIVE).status_code == 200
