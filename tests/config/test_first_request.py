"""A web process opens its engine before anybody asks for it, and answers meanwhile."""

from __future__ import annotations

import gc
import threading

import pytest
from structlog.testing import capture_logs

from bocage.config import first_request, server
from bocage.store import engine, process


@pytest.fixture(autouse=True)
def thawed():
    """What a process sets aside for good, these tests give back."""
    yield
    gc.unfreeze()


@pytest.fixture
def no_engine(data_folder):
    process.close()
    yield
    process.close()


def test_a_web_process_opens_its_engine_without_being_asked(no_engine, monkeypatch):
    threads = []
    start = first_request.prepare_beside
    monkeypatch.setattr(first_request, "prepare_beside", lambda: threads.append(start()))
    server.post_worker_init(None)
    (thread,) = threads
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert process._process.engine is not None
    assert gc.get_freeze_count() > 10_000, "what stays is not looked at again and again"


def test_the_process_does_not_wait_for_it(monkeypatch):
    may_open = threading.Event()

    def slow(*_versions):
        may_open.wait(20)
        raise OSError("no room left")

    monkeypatch.setattr(engine, "session", slow)
    with capture_logs() as logs:
        thread = first_request.prepare_beside()
        assert thread.is_alive(), "started, and not waited for"
        may_open.set()
        thread.join(timeout=20)
    assert [one["event"] for one in logs] == ["web.not_prepared"], "told, and no process dies of it"
