"""What is written of a request, and what is not."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory

from bocage.config import logs
from bocage.config.command_line import discover, language_of


@pytest.fixture
def written():
    """A function that gives the events written since the start, one dict each."""
    root = logging.getLogger()
    before, level, config = root.handlers[:], root.level, structlog.get_config()
    logs.configure("json")
    stream = io.StringIO()
    root.handlers[-1].setStream(stream)  # type: ignore[attr-defined]
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**config)


def answer(path, **headers):
    return logs.RequestLog(lambda _request: HttpResponse("ok"))(RequestFactory().get(path, headers=headers))


def test_one_event_per_request_without_the_path_nor_the_query(written):
    response = answer("/explore/secret?q=marie.dupont%40reze.fr")
    (event,) = written()
    assert (event["event"], event["status"], event["method"]) == ("request.answered", 200, "GET")
    assert event["request_id"] == response["X-Request-ID"]
    assert "secret" not in json.dumps(event)
    assert "marie" not in json.dumps(event)


def test_health_is_not_logged(written):
    answer("/healthz")
    assert written() == []


@pytest.mark.parametrize(("given", "kept"), [("abcdef-0123456789", True), ("x\n{}", False), ("a" * 100, False)])
def test_the_identifier_given_is_kept_when_it_is_harmless(written, given, kept):
    assert (answer("/", x_request_id=given)["X-Request-ID"] == given) is kept


def test_fields_outside_the_list_do_not_reach_the_disk(written):
    structlog.get_logger("bocage.x").info("run.step", run="ru_1", email="marie@reze.fr", password="hunter2")
    (event,) = written()
    assert event["run"] == "ru_1"
    assert not {"email", "password"} & set(event)


@pytest.mark.parametrize(
    ("environ", "language"),
    [({}, "fr"), ({"LANG": "en_GB.UTF-8"}, "en"), ({"LANG": "C"}, "fr"), ({"LC_ALL": "fr_FR", "LANG": "en"}, "fr")],
)
def test_the_language_of_the_terminal(environ, language):
    assert language_of(environ) == language


def test_every_command_offers_what_is_asked():
    for name, command in discover().items():
        assert str(command.SUMMARY), name
        assert callable(command.configure)
        assert callable(command.run)
