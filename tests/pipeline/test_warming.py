"""What a worker builds once a version is published, so that its first reader does not wait."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bocage.access.viewer import OPERATOR
from bocage.demo.publishing import publish as publish_demonstration
from bocage.kernel.errors import TransientError
from bocage.pipeline import claims, lookups, warming
from bocage.pipeline.services import carry_out, request_publication
from bocage.pipeline.worker import Worker
from bocage.query import search
from bocage.query.lookups import writing
from bocage.query.relation import DatasetRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from bocage.store import engine, hot_copies, hot_files, process, side_copies
from bocage.store.layout import hot_path, side_key
from bocage.store.selectors import current_version

pytestmark = pytest.mark.django_db
CONTENT = ("nom;habitants\n" + "\n".join(f"École {n};{n}" for n in range(50))).encode()


@pytest.fixture(autouse=True)
def fresh_engine(data_folder):
    process.close()
    yield
    process.close()


@pytest.fixture
def take_one():
    """One turn of a thread of the worker, here."""
    return Worker(1)._take_one


def waiting(dataset, dropped):
    return request_publication(viewer=OPERATOR, dataset=dataset, **dropped(CONTENT, "ecoles.csv"))


def is_warm(version, side="words"):
    return hot_path(version.uid).exists(), hot_path(side_key(version.uid, side)).exists()


def test_the_worker_builds_what_readers_will_ask(dataset, dropped, take_one, monkeypatch):
    monkeypatch.setattr(search, "LARGE", 50)
    waiting(dataset, dropped)
    assert take_one()
    version = current_version(dataset)
    assert is_warm(version) == (True, True)
    process.close()
    for module, name in ((hot_copies, "build"), (side_copies, "drafted")):
        monkeypatch.setattr(module, name, lambda *_: pytest.fail("a reader has built"))
    found = records(OPERATOR, DatasetRelation(dataset, version), OdsqlRequest(where=['search("ecole 7")']))
    assert found.rows[0] == {"nom": "École 7", "habitants": 7}


def test_the_words_of_a_small_version_wait_for_a_search(dataset, dropped, take_one):
    waiting(dataset, dropped)
    assert take_one()
    assert is_warm(current_version(dataset)) == (True, False)


@pytest.mark.parametrize("fault", [RuntimeError("out of disk"), TransientError()])
def test_a_failure_is_logged_and_changes_nothing(dataset, dropped, take_one, monkeypatch, fault):
    def fail(_version):
        raise fault

    monkeypatch.setattr(warming, "warm", fail)
    run = waiting(dataset, dropped)
    with capture_logs() as logs:
        assert take_one()
    run.refresh_from_db()
    assert (run.status, run.error) == ("done", {})
    assert [line["version"] for line in logs if line["event"] == "version.not_warmed"] == [run.version.uid]
    assert is_warm(run.version) == (False, False)
    with engine.session(run.version) as opened:
        assert opened.execute(f"SELECT count(*) FROM {opened.table(run.version)}") == [(50,)]


def test_only_what_is_new_is_warmed(dataset, dropped, take_one, monkeypatch):
    warmed = []
    monkeypatch.setattr(warming, "warm", warmed.append)
    for _ in range(2):
        waiting(dataset, dropped)
        assert take_one()
    request_publication(viewer=OPERATOR, dataset=dataset, **dropped(b"\x00" * 10, "rien.xlsx"))
    assert take_one()
    assert warmed == [current_version(dataset)]


def test_a_publication_that_somebody_waits_for_is_not_lengthened(dataset, dropped):
    waiting(dataset, dropped)
    carry_out(claims.claim_next())
    assert is_warm(current_version(dataset)) == (False, False)


def test_a_worker_asked_to_stop_at_once_leaves_it_to_readers(dataset, dropped, take_one, monkeypatch):
    def and_stop(run, *, stopping):
        done = carry_out(run, stopping=stopping)
        stopping.set()
        return done

    monkeypatch.setattr("bocage.pipeline.worker.services.carry_out", and_stop)
    waiting(dataset, dropped)
    assert take_one()
    assert is_warm(current_version(dataset)) == (False, False)


def test_the_demonstration_ends_warm(dataset, tmp_path):
    file = tmp_path / "ecoles.csv"
    file.write_bytes(CONTENT)
    assert is_warm(publish_demonstration(dataset, file).version) == (True, False)
    file.write_bytes(CONTENT + b"\nParc;3")
    assert is_warm(publish_demonstration(dataset, file, warm=False).version) == (False, False)


def test_what_was_published_before_is_looked_up_when_nothing_waits(dataset, dropped, take_one, monkeypatch):
    """Once: what cannot be made is not tried again, and nothing is made where there is no room."""
    monkeypatch.setattr(lookups, "MANY", 50)
    monkeypatch.setattr(lookups.make_next.__self__, "_next", 0.0)
    waiting(dataset, dropped)
    assert take_one()
    version = current_version(dataset)
    path = hot_path(side_key(version.uid, "lookup"))
    assert not path.exists()
    monkeypatch.setattr(writing, "MANY", 50)
    monkeypatch.setattr(hot_files, "room", lambda: 0)
    assert not lookups.Lacking().make_next()
    monkeypatch.undo()
    monkeypatch.setattr(lookups, "MANY", 50)
    monkeypatch.setattr(writing, "MANY", 50)
    lacking = lookups.Lacking()
    assert lacking.make_next()
    assert path.exists()
    assert not lacking.make_next()
    path.unlink()
    monkeypatch.setattr(lacking, "_next", 0.0)
    assert not lacking.make_next()
    assert lookups.Lacking().make_next()
