"""From a dropped file to a version, and everything that may stop it on the way."""

from __future__ import annotations

import errno
import threading
from datetime import timedelta

import pytest
import time_machine
from django.utils.translation import override

from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.capture.understanding import Corrections
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, TerminalError, TransientError
from bocage.organizations.models import User
from bocage.pipeline import carrying, claims, faults, housekeeping, journal
from bocage.pipeline.errors import FileTooLarge, NothingToRetry, RunIsOver
from bocage.pipeline.incoming import incoming_folder, safe_name, working_folder
from bocage.pipeline.models import Run, Source
from bocage.pipeline.rules import ATTEMPTS, DEATHS, back_off
from bocage.pipeline.services import cancel_run, carry_out, request_publication, retry_run
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.models import Version

pytestmark = pytest.mark.django_db


class BadLine(TerminalError):
    code = "tests.bad-line"
    message = "Line %(line)s is wrong."


class Busy(TransientError):
    code = "tests.busy"
    message = "Busy."


def ask(dataset, dropped, content=b"a\n1\n", **options):
    return request_publication(viewer=OPERATOR, dataset=dataset, **dropped(content), **options)


def publish(dataset, dropped, content=b"a\n1\n", **options):
    ask(dataset, dropped, content, **options)
    return carry_out(claims.claim_next())


def test_a_dropped_file_becomes_a_version(workbench, dataset, dropped):
    run = ask(dataset, dropped, comment="Rentrée")
    assert (incoming_folder() / run.uid / "Ecoles_2026.csv").read_bytes() == b"a\n1\n"
    run = carry_out(claims.claim_next())
    assert (run.status, run.version.number, run.counts) == ("done", 1, {"rows": 2, "bytes": 4})
    assert run.version.comment == "Rentrée"
    assert run.warnings == [{"code": "csv.guess", "fields": {"n": 1}}]
    assert run.ended_at is not None
    assert run.step == ""
    assert not (incoming_folder() / run.uid).exists()
    assert list(working_folder().iterdir()) == []


def test_the_file_of_a_run_that_is_over_goes_at_once_when_its_worker_died_before(
    workbench, dataset, dropped, monkeypatch
):
    """Killed between the end of the run and the removal: nobody else would remove it before an hour."""
    ask(dataset, dropped)
    with monkeypatch.context() as dying:
        dying.setattr(carrying.incoming, "forget", lambda _uid: None)
        over = carry_out(claims.claim_next())
    waiting = ask(dataset, dropped, b"a\n2\n")
    (incoming_folder() / "ru_being_received").mkdir()
    assert (over.status, (incoming_folder() / over.uid).is_dir()) == ("done", True)
    housekeeping.tidy()
    assert {one.name for one in incoming_folder().iterdir()} == {waiting.uid, "ru_being_received"}
    monkeypatch.setattr(housekeeping, "YOUNG_SECONDS", -1)
    housekeeping.tidy()
    assert {one.name for one in incoming_folder().iterdir()} == {waiting.uid}


def test_a_stranger_may_not_publish(dataset, dropped):
    with pytest.raises(AccessDenied):
        request_publication(viewer=ANONYMOUS, dataset=dataset, **dropped())
    assert not incoming_folder().exists()


def test_rights_are_those_held_when_the_run_is_carried_out(workbench, dataset, dropped, monkeypatch):
    user = User.objects.create_user("agent@reze.fr", "correct horse battery")
    asked = request_publication(viewer=Viewer(user_id=user.pk, operator=True), dataset=dataset, **dropped())
    seen = []
    monkeypatch.setattr(
        carrying,
        "publish_version",
        lambda *, viewer, **rest: seen.append(viewer) or workbench.publish(viewer=viewer, **rest),
    )
    run = carry_out(claims.claim_next())
    assert run.pk == asked.pk
    assert (seen[0].user_id, seen[0].operator) == (user.pk, False)


def test_a_file_over_the_limit_is_refused_before_it_is_kept(dataset, dropped, settings):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"upload_limit_mb": 1})
    with pytest.raises(FileTooLarge, match="1 M"):
        ask(dataset, dropped, b"x" * 1_500_000)
    assert Run.objects.count() == 0


def test_the_same_file_again_makes_no_version(workbench, dataset, dropped):
    publish(dataset, dropped)
    workbench.during = lambda: pytest.fail("read again")
    assert publish(dataset, dropped).status == RunStatus.UNCHANGED
    assert Version.objects.count() == 1


def test_the_same_file_with_other_corrections_is_read_again_and_compared(workbench, dataset, dropped):
    publish(dataset, dropped)
    read = []
    workbench.during = lambda: read.append(1)
    assert publish(dataset, dropped, corrections=Corrections(encoding="cp1252")).status == RunStatus.UNCHANGED
    assert read == [1]
    assert publish(dataset, dropped, b"a\n2\n").version.number == 2


def test_a_fault_of_the_data_is_told_and_touches_nothing(workbench, dataset, dropped):
    first = publish(dataset, dropped).version
    workbench.faults = [BadLine(line=12)]
    run = publish(dataset, dropped, b"a\nb\n")
    assert (run.status, run.attempt, run.version) == ("failed", 1, None)
    assert run.error["code"] == "tests.bad-line"
    assert faults.from_record(run.error)["message"] == "Line 12 is wrong."
    assert workbench.current(dataset) == first
    assert list(working_folder().iterdir()) == []
    assert (incoming_folder() / run.uid).is_dir()


def test_a_failed_run_is_retried_from_the_file_kept(workbench, dataset, dropped):
    workbench.faults = [BadLine(line=1)]
    failed = publish(dataset, dropped)
    again = retry_run(viewer=OPERATOR, run=failed)
    assert carry_out(claims.claim_next()).status == RunStatus.DONE
    assert again.pk != failed.pk
    with pytest.raises(NothingToRetry):
        retry_run(viewer=OPERATOR, run=Run.objects.get(pk=again.pk))


def test_a_poll_that_nothing_follows_any_more_has_no_file_to_try_again(dataset, data_folder):
    """The address was polled, then forgotten or replaced by dropped files: the run has no file, and never had."""
    polled = Run.objects.create(dataset=dataset, status=RunStatus.FAILED, due_at=now(), filename="a.csv")
    dropped_since = Run.objects.create(
        dataset=dataset,
        source=Source.objects.create(dataset=dataset, kind="file"),
        status=RunStatus.CANCELLED,
        due_at=now(),
    )
    for run in (polled, dropped_since):
        with pytest.raises(NothingToRetry):
            retry_run(viewer=OPERATOR, run=run)
    assert Run.objects.count() == 2
    assert not incoming_folder().exists() or list(incoming_folder().iterdir()) == []


def test_what_nobody_foresaw_is_told_with_a_reference(workbench, dataset, dropped):
    workbench.faults = [ZeroDivisionError("secret detail")]
    run = publish(dataset, dropped)
    assert run.status == RunStatus.FAILED
    assert run.error["code"] == "pipeline.unexpected"
    assert "secret detail" not in str(run.error)


@pytest.mark.parametrize("fault", [Busy(), OSError(errno.ENOSPC, "full")])
def test_a_passing_fault_is_tried_again_later_and_later(workbench, dataset, dropped, fault):
    workbench.faults = [fault] * 2
    with time_machine.travel("2026-11-20 10:00Z", tick=False) as clock:
        run = publish(dataset, dropped)
        for attempt in (1, 2):
            assert (run.status, run.attempt, run.lease_owner) == ("waiting", attempt, "")
            delay = run.due_at - now()
            assert back_off(attempt, 0) <= delay <= back_off(attempt, 1)
            assert claims.claim_next() is None
            clock.shift(delay)
            run = carry_out(claims.claim_next())
    assert (run.status, run.attempt, run.error) == ("done", 3, {})


def test_a_fault_that_does_not_pass_is_given_up(workbench, dataset, dropped):
    workbench.faults = [Busy()] * 10
    with time_machine.travel("2026-11-20 10:00Z", tick=False) as clock:
        ask(dataset, dropped)
        tried = 0
        while (run := claims.claim_next()) is not None:
            carry_out(run)
            tried += 1
            clock.shift(timedelta(hours=1))
    run = Run.objects.get()
    assert (tried, run.status, run.error["code"]) == (ATTEMPTS, "failed", "tests.busy")


def test_a_waiting_run_is_cancelled_at_once(workbench, dataset, dropped):
    run = ask(dataset, dropped)
    cancel_run(viewer=OPERATOR, run=run)
    assert claims.claim_next() is None
    assert not (incoming_folder() / run.uid).exists()
    with pytest.raises(RunIsOver):
        cancel_run(viewer=OPERATOR, run=run)


def test_a_running_run_is_cancelled_even_at_its_last_instant(workbench, dataset, dropped):
    run = ask(dataset, dropped)
    workbench.during = lambda: cancel_run(viewer=OPERATOR, run=Run.objects.get(pk=run.pk))
    run = carry_out(claims.claim_next())
    assert (run.status, run.error["code"]) == ("cancelled", "pipeline.cancelled")
    assert Version.objects.count() == 0


def test_a_run_taken_over_by_another_worker_is_left_to_it(workbench, dataset, dropped):
    ask(dataset, dropped)
    run = claims.claim_next()
    workbench.during = lambda: Run.objects.update(lease_owner="other.1.abc/1")
    run = carry_out(run)
    assert (run.status, run.lease_owner) == ("running", "other.1.abc/1")
    assert Version.objects.count() == 0


def test_a_fault_while_publishing_leaves_no_half(workbench, dataset, dropped, monkeypatch):
    """The version row is written, then the transaction fails: neither the version nor the end of the run remains."""

    def fail(**arguments):
        workbench.publish(**arguments)
        raise Busy

    monkeypatch.setattr(carrying, "publish_version", fail)
    run = publish(dataset, dropped)
    assert (run.status, run.version) == ("waiting", None)
    assert Version.objects.count() == 0


def test_a_worker_that_stops_gives_its_run_back(workbench, dataset, dropped):
    ask(dataset, dropped)
    stopping = threading.Event()
    workbench.during = stopping.set
    run = carry_out(claims.claim_next(), stopping=stopping)
    assert (run.status, run.attempt, run.lease_owner) == ("waiting", 0, "")
    assert carry_out(claims.claim_next()).status == RunStatus.DONE


def test_files_of_a_dataset_are_published_in_the_order_they_were_dropped(workbench, dataset, dropped):
    first, second = ask(dataset, dropped), ask(dataset, dropped, b"a\n2\n")
    Run.objects.filter(pk=second.pk).update(due_at=first.due_at - timedelta(minutes=1))
    claimed = claims.claim_next()
    assert claimed.pk == first.pk
    assert claims.claim_next() is None, "one run at work by dataset"
    carry_out(claimed)
    assert claims.claim_next().pk == second.pk


def test_an_expired_lease_is_taken_again(workbench, dataset, dropped):
    ask(dataset, dropped)
    with time_machine.travel("2026-11-20 10:00Z", tick=False) as clock:
        Run.objects.update(due_at=now())
        dead = claims.claim_next()
        assert claims.claim_next() is None
        clock.shift(claims.LEASE - timedelta(seconds=1))
        assert claims.extend(dead)
        clock.shift(claims.LEASE + timedelta(seconds=1))
        again = claims.claim_next()
    assert (again.pk, again.attempt) == (dead.pk, 2)
    assert not claims.extend(dead)
    assert not claims.release(dead)


def test_a_run_that_kills_every_worker_is_given_up(dataset, dropped):
    ask(dataset, dropped)
    for _ in range(DEATHS):
        assert claims.claim_next() is not None
        Run.objects.update(lease_until=now() - timedelta(seconds=1))
    assert claims.claim_next() is None
    claims.recover()
    run = Run.objects.get()
    assert (run.status, run.error["code"]) == ("failed", "pipeline.worker-died")


def test_the_log_is_bounded_and_read_in_the_reader_s_language(workbench, dataset, dropped):
    run = publish(dataset, dropped)
    with override("en"):
        assert [line["text"] for line in journal.lines_of(run)] == [
            "Fetching the file (attempt 1).",
            "Reading “Écoles 2026.csv” (4 bytes).",
            "Publishing 2 rows, 1 fields.",
            "Published.",
        ]
    for _ in range(300):
        run.log = journal.with_line(run, "again")
    assert len(run.log) == journal.LINES


def test_the_source_of_a_file_remembers_its_corrections(workbench, dataset, dropped):
    publish(dataset, dropped, corrections=Corrections(encoding="cp1252"))
    assert Source.objects.get(dataset=dataset).corrections["encoding"] == "cp1252"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Écoles 2026.csv", "Ecoles_2026.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a b.xlsx", "a_b.xlsx"),
        ("..", "file"),
        ("", "file"),
        ("-rf", "rf"),
        (".htaccess", "htaccess"),
        ("x" * 400 + ".geojson", "x" * 142 + ".geojson"),
        ("名前.csv", "csv"),
    ],
)
def test_names_on_the_disk_are_plain(given, kept):
    assert safe_name(given) == kept
