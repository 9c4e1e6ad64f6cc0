"""Addresses polled on a schedule, against a server on the loopback."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.kernel.http import AddressInvalid
from bocage.pipeline import claims
from bocage.pipeline.errors import NothingToRetry, PolledTooOften
from bocage.pipeline.housekeeping import RUNS_KEPT_PER_SOURCE, tidy
from bocage.pipeline.models import Run, Source
from bocage.pipeline.rules import next_due
from bocage.pipeline.schedules import create_due_runs
from bocage.pipeline.services import carry_out, follow_url, request_publication, request_run
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.models import Version
from tests.kernel.local_server import local_server

pytestmark = pytest.mark.django_db
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def server(settings):
    with local_server() as running:
        settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": running.address})
        yield running


@pytest.fixture
def poll(dataset, workbench, server):
    """A function that polls the address once more and returns the run."""

    def once():
        source = Source.objects.filter(dataset=dataset).first()
        if source is None:
            follow_url(viewer=OPERATOR, dataset=dataset, url=server.url("/a.csv"), every=FIVE_MINUTES)
        else:
            request_run(viewer=OPERATOR, source=source)
        return carry_out(claims.claim_next())

    return once


def test_the_first_poll_publishes(poll, server):
    server.gives("/a.csv", b"a\n1\n", ETag='"1"')
    run = poll()
    assert (run.status, run.filename, run.version.provenance["url"]) == ("done", "a.csv", server.url("/a.csv"))
    assert run.source.seen["etag"] == '"1"'


def test_an_unchanged_etag_spares_the_download(poll, server):
    server.gives("/a.csv", b"a\n1\n", ETag='"1"', Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT")
    poll()
    server.gives("/a.csv", b"", status=304)
    assert poll().status == RunStatus.UNCHANGED
    asked = server.requests[-1][1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', "Mon, 02 Nov 2026 10:00:00 GMT")
    assert Version.objects.count() == 1


def test_the_same_content_makes_no_version_whatever_the_server_says(poll, server, workbench):
    server.gives("/a.csv", b"a\n1\n", ETag='"1"')
    poll()
    server.gives("/a.csv", b"a\n1\n", ETag='"2"')
    workbench.during = lambda: pytest.fail("read again")
    assert poll().status == RunStatus.UNCHANGED
    assert Version.objects.count() == 1


def test_a_new_content_makes_a_version(poll, server):
    for n in (1, 2):
        server.gives("/a.csv", b"a\n%d\n" % n)
        assert poll().version.number == n


def test_a_server_out_of_order_is_asked_again(poll, server, dataset):
    server.gives("/a.csv", b"", status=500)
    with time_machine.travel("2026-11-20 10:00Z", tick=False) as clock:
        run = poll()
        assert (run.status, run.error["code"]) == ("waiting", "http.server-fault")
        server.gives("/a.csv", b"a\n1\n")
        clock.shift(run.due_at - now())
        run = carry_out(claims.claim_next())
    assert (run.status, run.attempt, run.error) == ("done", 2, {})


def test_an_address_inside_is_refused_and_said_so(poll, server, settings):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": ""})
    run = poll()
    assert (run.status, run.error["code"]) == ("failed", "http.address-refused")
    assert server.requests == []


def test_another_address_starts_anew(poll, server, dataset):
    server.gives("/a.csv", b"a\n1\n", ETag='"1"')
    poll()
    server.gives("/b.csv", b"a\n2\n", ETag='"1"')
    follow_url(viewer=OPERATOR, dataset=dataset, url=server.url("/b.csv"), every=None)
    assert carry_out(claims.claim_next()).version.number == 2
    assert "If-None-Match" not in server.requests[-1][1]


def test_a_source_has_one_live_run(dataset, server):
    source = follow_url(viewer=OPERATOR, dataset=dataset, url=server.url("/a.csv"), every=FIVE_MINUTES)
    first = request_run(viewer=OPERATOR, source=source)
    assert request_run(viewer=OPERATOR, source=source).pk == first.pk
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        assert create_due_runs() == 0
    assert Run.objects.count() == 1


def test_a_source_that_is_due_gets_a_run_and_keeps_its_beat(dataset):
    with time_machine.travel("2026-11-20 10:00Z", tick=False) as clock:
        source = follow_url(viewer=OPERATOR, dataset=dataset, url="https://example.org/a.csv", every=FIVE_MINUTES)
        Run.objects.update(status=RunStatus.DONE)
        assert create_due_runs() == 0
        clock.shift(timedelta(minutes=17))
        assert create_due_runs() == 1
        assert create_due_runs() == 0
    source.refresh_from_db()
    assert source.next_due_at == datetime(2026, 11, 20, 10, 20, tzinfo=UTC)


def test_a_paused_source_and_one_without_period_wait(dataset):
    source = follow_url(viewer=OPERATOR, dataset=dataset, url="https://example.org/a.csv", every=FIVE_MINUTES)
    Run.objects.all().delete()
    Source.objects.update(paused=True)
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        assert create_due_runs() == 0
        Source.objects.update(paused=False, every=None)
        assert create_due_runs() == 0
    assert request_run(viewer=OPERATOR, source=source).status == RunStatus.WAITING


def test_what_is_refused(dataset, workbench, dropped):
    with pytest.raises(AccessDenied):
        follow_url(viewer=ANONYMOUS, dataset=dataset, url="https://example.org/", every=None)
    with pytest.raises(AddressInvalid):
        follow_url(viewer=OPERATOR, dataset=dataset, url="file:///etc/passwd", every=None)
    with pytest.raises(PolledTooOften):
        follow_url(viewer=OPERATOR, dataset=dataset, url="https://example.org/", every=timedelta(seconds=5))
    run = request_publication(viewer=OPERATOR, dataset=dataset, **dropped())
    with pytest.raises(NothingToRetry):
        request_run(viewer=OPERATOR, source=run.source)


@given(
    late=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=400)),
    every=st.timedeltas(min_value=timedelta(seconds=60), max_value=timedelta(days=30)),
)
def test_the_beat_is_kept_and_missed_polls_are_not_made_up(late, every):
    due = datetime(2026, 1, 1, tzinfo=UTC)
    following = next_due(due, every, due + late)
    assert due + late < following <= due + late + every
    assert (following - due) % every == timedelta()


def test_old_polls_are_forgotten_but_for_the_last(dataset):
    source = Source.objects.create(dataset=dataset, kind="url", url="https://example.org/")
    extra = 3
    long_ago = now() - timedelta(days=100)
    runs = [
        Run(dataset=dataset, source=source, status=RunStatus.UNCHANGED, due_at=long_ago)
        for _ in range(RUNS_KEPT_PER_SOURCE + extra)
    ]
    Run.objects.bulk_create(runs)
    assert tidy()["runs"] == 0
    Run.objects.update(created_at=long_ago)
    assert tidy()["runs"] == extra
    assert Run.objects.count() == RUNS_KEPT_PER_SOURCE
