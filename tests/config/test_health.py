"""`/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from pydantic import SecretStr

from bocage.config import health, metrics
from bocage.kernel.clock import now
from bocage.pipeline.models import Heartbeat

pytestmark = pytest.mark.django_db


def ask(view, **headers):
    return view(RequestFactory().get("/", headers=headers))


def beat(seconds_ago=0):
    Heartbeat.objects.create(worker="w", beat_at=now() - timedelta(seconds=seconds_ago))


def test_alive_without_a_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = ask(health.healthz)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_ready_when_everything_is_there(data_folder):
    beat()
    assert ask(health.readyz).status_code == 200


@pytest.mark.parametrize("seconds", [None, 61])
def test_not_ready_without_a_worker(data_folder, seconds):
    if seconds:
        beat(seconds)
    response = ask(health.readyz)
    assert response.status_code == 503
    assert health.readiness()["worker"] != ""
    assert health.readiness()["database"] == ""


def test_not_ready_when_the_folder_cannot_be_written(data_folder):
    beat()
    data_folder.rmdir()
    assert "cannot be written" in health.readiness()["store"]


def test_not_ready_when_the_database_is_silent(data_folder, monkeypatch):
    def refuse(*_arguments):
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    faults = health.readiness()
    assert faults["database"] == "the database does not answer"
    assert ask(health.readyz).status_code == 503


def test_the_demonstration_is_waited_for(data_folder, settings):
    beat()
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"demo": True})
    assert ask(health.readyz).status_code == 503
    health.demonstration_marker().touch()
    assert ask(health.readyz).status_code == 200


def test_metrics_say_states_without_names(data_folder, add_version):
    add_version(b"x", slug="secret-dataset")
    body = ask(metrics.metrics).content.decode()
    assert "bocage_versions 1.0" in body
    assert 'bocage_runs{status="waiting"} 0.0' in body
    assert "secret-dataset" not in body


def test_metrics_are_for_this_machine_without_a_key():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    assert metrics.metrics(request).status_code == 403
    assert ask(metrics.metrics, x_forwarded_for="192.0.2.1").status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"x-metrics-key": "wrong"}, 403),
        ({"x-metrics-key": "sésame"}, 200),
        ({"authorization": "Bearer sésame"}, 200),
        ({"authorization": "Basic sésame"}, 403),
    ],
)
def test_metrics_ask_for_the_key_even_here(data_folder, settings, headers, status):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"metrics_key": SecretStr("sésame")})
    assert ask(metrics.metrics, **headers).status_code == status
