"""Whole answers, in a stream made ahead by a thread: the same rows, once each, in order, and nothing left behind."""

from __future__ import annotations

import threading

import pytest
from django.utils import translation

from bocage.access.viewer import OPERATOR
from bocage.query import streaming
from bocage.query.errors import OdsqlError
from bocage.query.requests import OdsqlRequest
from bocage.query.services import stream
from bocage.store.errors import QueryStopped
from bocage.store.session import EngineSession
from tests.query.table import TABLE

REQUESTS = [
    OdsqlRequest(limit=-1),
    OdsqlRequest(limit=-1, where=["pop > 20"]),
    OdsqlRequest(limit=-1, where=["code > '44050'"]),
    OdsqlRequest(limit=-1, where=["code < '44010'"]),
    OdsqlRequest(limit=-1, where=["pop > 1000"]),
    OdsqlRequest(limit=-1, where=["pop > 10 or ouvert", 'nom = "Nantes"'], exclude=["nom:Orvault"], select="code, nom"),
    OdsqlRequest(limit=-1, where=['search("nantes")']),
    OdsqlRequest(limit=-1, order_by="nom"),
    OdsqlRequest(limit=40, offset=3),
    OdsqlRequest(limit=-1, select="count(*) as code, nom", group_by="nom"),
]


@pytest.fixture
def statements(monkeypatch):
    """What is streamed by the engine, in order."""
    seen, real = [], EngineSession.arrow

    def arrow(self, sql, parameters=(), rows_per_batch=0, **options):
        seen.append((sql, options))
        return real(self, sql, parameters, rows_per_batch, **options)

    monkeypatch.setattr(EngineSession, "arrow", arrow)
    return seen


def codes(request):
    with stream(OPERATOR, TABLE, request) as found:
        got = [code for batch in found.batches for code in batch.column("code").to_pylist()]
    assert len(got) == found.row_count
    return got


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("rows", [1, 7, 4096])
def test_the_same_rows_once_in_the_same_order(monkeypatch, request_, rows):
    found = codes(request_)
    monkeypatch.setattr(streaming, "ROWS_PER_BATCH", rows)
    assert codes(request_) == found


def test_one_statement_whose_first_rows_do_not_wait_for_many_others(statements):
    with stream(OPERATOR, TABLE, OdsqlRequest(limit=-1)):
        pass
    assert [options for sql, options in statements if '"code"' in sql] == [{"frugal": True}]


def test_a_fault_of_the_request_comes_before_the_first_batch():
    with pytest.raises(OdsqlError), stream(OPERATOR, TABLE, OdsqlRequest(limit=-1, where=["pop + 'a' > 1"])):
        pytest.fail("a stream was given")


class Maker:
    """Numbers, and which threads make them. Waits before the one called `held` until it is interrupted."""

    def __init__(self, held: int = -1) -> None:
        self.made: list[int] = []
        self.threads: set[str] = set()
        self.held = held
        self.interrupted = threading.Event()

    def __iter__(self):
        for number in range(5):
            if number == self.held:
                assert self.interrupted.wait(30)
                raise QueryStopped
            self.threads.add(threading.current_thread().name)
            self.made.append(number)
            yield number


def threads_of_streams() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("stream")]


def test_each_is_made_while_the_one_before_is_used():
    maker = Maker()
    with streaming.made_ahead(iter(maker), maker.interrupted.set) as ahead:
        assert maker.made == []
        assert list(ahead) == [0, 1, 2, 3, 4]
        assert len(maker.threads) == 1
        assert threading.current_thread().name not in maker.threads
    assert not maker.interrupted.is_set()
    assert threads_of_streams() == []


def test_nothing_is_begun_for_who_asks_nothing():
    maker = Maker()
    with streaming.made_ahead(iter(maker), maker.interrupted.set):
        pass
    assert (maker.made, maker.interrupted.is_set()) == ([], False)


def test_what_nobody_waits_for_any_more_is_stopped():
    maker = Maker(held=2)
    with streaming.made_ahead(iter(maker), maker.interrupted.set) as ahead:
        assert [next(ahead), next(ahead)] == [0, 1]
    assert maker.interrupted.is_set()
    assert threads_of_streams() == []


def test_a_fault_comes_in_its_place_and_in_the_language_of_the_request():
    def broken():
        yield 1
        raise RuntimeError(translation.get_language())

    with translation.override("fr"), streaming.made_ahead(broken(), lambda: None) as ahead:
        assert next(ahead) == 1
        with pytest.raises(RuntimeError, match="fr"):
            next(ahead)


def test_leaving_a_stream_early_stops_the_engine():
    with stream(OPERATOR, TABLE, OdsqlRequest(limit=-1)) as found:
        next(found.batches)
    assert threads_of_streams() == []
