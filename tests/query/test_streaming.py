"""Whole answers whose first rows come by themselves: the same rows, once each, in the same order."""

from __future__ import annotations

import pyarrow as pa
import pytest

from bocage.access.viewer import OPERATOR
from bocage.query import streaming
from bocage.query.errors import OdsqlError
from bocage.query.requests import OdsqlRequest
from bocage.query.services import stream
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

    def arrow(self, sql, parameters=(), rows_per_batch=0):
        seen.append(sql)
        return real(self, sql, parameters, rows_per_batch)

    monkeypatch.setattr(EngineSession, "arrow", arrow)
    return seen


def codes(request):
    with stream(OPERATOR, TABLE, request) as found:
        got = [code for batch in found.batches for code in batch.column("code").to_pylist()]
    assert len(got) == found.row_count
    return got


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("first", [1, 30, 80, 1000])
def test_the_same_rows_once_in_the_same_order(monkeypatch, request_, first):
    monkeypatch.setattr(streaming, "FIRST_ROWS", first)
    found = codes(request_)
    monkeypatch.setattr(streaming, "_splits", lambda *_: False)
    assert found == codes(request_)


def test_the_first_rows_do_not_wait_for_the_others(monkeypatch, statements):
    monkeypatch.setattr(streaming, "FIRST_ROWS", 30)
    with stream(OPERATOR, TABLE, OdsqlRequest(limit=-1)) as found:
        assert [("< 30" in sql, ">= 30" in sql) for sql in statements if "SELECT" in sql][-1:] == [(True, False)]
        first = next(found.batches)
        assert first.column("code").to_pylist()[-1] == "44029"
        asked = len(statements)
        rest = pa.Table.from_batches(found.batches)
        assert (rest.num_rows, len(statements)) == (50, asked + 1)


def test_an_order_of_its_own_is_one_statement(monkeypatch, statements):
    monkeypatch.setattr(streaming, "FIRST_ROWS", 30)
    codes(OdsqlRequest(limit=-1, order_by="pop desc"))
    assert not any("< 30" in sql for sql in statements)


def test_a_fault_of_the_request_comes_before_the_first_batch():
    with pytest.raises(OdsqlError), stream(OPERATOR, TABLE, OdsqlRequest(limit=-1, where=["pop + 'a' > 1"])):
        pytest.fail("a stream was given")
