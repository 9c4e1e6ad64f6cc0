"""One run from its claim to its end: fetch, read, publish; and what becomes of it when something goes wrong.

Exactly once: the row that marks the run done and the row of the version are written in one transaction, after the files.
Killed at any instant, the run is either done with its version, or still claimable without one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from bocage import __version__
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR, Viewer
from bocage.capture.connectors.delivery import Delivery, Origin
from bocage.capture.connectors.kinds import CONNECTORS
from bocage.capture.declared.staging import stage_declared
from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
from bocage.check.models import Conformity
from bocage.pipeline import aftermath, claims, conforming, endings, incoming, journal, replaying
from bocage.pipeline.conforming import Conformed
from bocage.pipeline.errors import Interrupted, LeaseLost, RunCancelled
from bocage.pipeline.faults import as_fault, as_record
from bocage.pipeline.lease import Lease
from bocage.pipeline.models import Run
from bocage.pipeline.publishing import publishing
from bocage.pipeline.pushes import applying
from bocage.pipeline.reviews import condition, proposing
from bocage.pipeline.reviews.errors import ReviewRequired
from bocage.pipeline.reviews.requirements import is_required
from bocage.pipeline.sameness import already_published
from bocage.pipeline.vocabulary import RunStatus, SourceKind, Step
from bocage.store.files import flush
from bocage.store.selectors import same_content
from bocage.store.services import publish_version
from bocage.store.staged import StagedFile
from bocage.store.workshop import interrupt_workshops

log = structlog.get_logger("bocage.pipeline")


def carry_out(run: Run, stopping: threading.Event) -> Run:
    """Execute a claimed run to its end, whatever that is. `stopping`, once set, gives the run back to the queue."""
    with Lease(run, stopping) as lease, _folder(run) as folder:
        lease.on_stop = lambda: interrupt_workshops(folder)
        try:
            _bring_version_or_stop(run, lease, folder)
        except LeaseLost:
            log.warning("run.lease_lost", run=run.uid)
        except Interrupted:
            claims.release(run)
        except RunCancelled as cancelled:
            endings.end(run, RunStatus.CANCELLED, gettext_noop("Cancelled."), error=as_record(cancelled))
        except Exception as error:  # noqa: BLE001  any other fault is the run's, told to its steward, never the worker's
            endings.fail(run, as_fault(error))
    run.refresh_from_db()
    log.info("run.left", run=run.uid, status=run.status, attempt=run.attempt, rows=run.counts.get("rows"))
    if run.status in (RunStatus.DONE, RunStatus.UNCHANGED, RunStatus.CANCELLED):
        incoming.forget(run.uid)
    return run


def _bring_version_or_stop(run: Run, lease: Lease, folder: Path) -> None:
    """A fault that comes of having been interrupted is told as the interruption."""
    try:
        _bring_version(run, lease, folder)
    except (LeaseLost, Interrupted, RunCancelled):
        raise
    except Exception:
        lease.checkpoint()
        raise


def _bring_version(run: Run, lease: Lease, folder: Path) -> None:
    lease.checkpoint()
    conformity = conforming.conformity_of(run.dataset)
    run.conformity = conforming.record_of(conformity)
    if run.quarantine:
        return _replay(run, lease, folder)
    if run.pushed:
        return _publish_pushes(run, lease, folder)
    delivery = _fetch(run, lease, folder)
    if delivery is None:
        return endings.unchanged(run, gettext_noop("Nothing new since the last time."))
    if already_published(run, delivery):
        return endings.unchanged(run, gettext_noop("This very file is the one already published."), delivery)
    lease.checkpoint()
    conformed = _conform(run, conformity, delivery, folder) if conformity else None
    staged = _completed(run, delivery, conformed.staged) if conformed else _read(run, delivery, folder)
    lease.checkpoint()
    if same_content(run.dataset, staged) and not (conformed and conformed.aside_rows):
        return endings.unchanged(run, gettext_noop("The data is the same as in the published version."), delivery)
    return _publish(run, staged, delivery, conformed)


def _replay(run: Run, lease: Lease, folder: Path) -> None:
    """Rows mended in the quarantine join those of the current version."""
    journal.enter(run, Step.CHECK, gettext_noop("Checking the mended rows with those already published."))
    replay = replaying.replay(run, folder / "check", viewer=_viewer(run))
    _note(run, replay.conformed.staged)
    lease.checkpoint()
    _publish(run, replay.conformed.staged, None, replay.conformed, settle=replay.settle)


def _publish_pushes(run: Run, lease: Lease, folder: Path) -> None:
    """Records pushed since the last version make the next one. They leave the journal in its transaction."""
    journal.enter(run, Step.READ, gettext_noop("Gathering the records pushed."))
    last = proposing.last_push_of(run)
    ready = applying.prepare(run.dataset, folder / "push", viewer=_viewer(run), last=last)
    if ready is None:
        return endings.unchanged(run, gettext_noop("No pushed record waits."))
    run.counts = {"pushes": len(ready.batch.pushes), "records": ready.batch.records}
    _note(run, ready.staged)
    lease.checkpoint()
    if same_content(run.dataset, ready.staged):
        message = gettext_noop("The pushed records change nothing in the published version.")
        return endings.unchanged(run, message, settle=ready.settle)
    last = ready.batch.pushes[-1].pk
    return _publish(run, ready.staged, None, ready.conformed, settle=ready.settle, last_push=last)


def _fetch(run: Run, lease: Lease, folder: Path) -> Delivery | None:
    kind = SourceKind.FILE.value if run.file else run.source.kind if run.source else SourceKind.FILE.value
    journal.enter(run, Step.FETCH, gettext_noop("Fetching the file (attempt %(attempt)s)."), attempt=run.attempt)
    origin = Origin(
        url=run.source.url if run.source else "",
        file=settings.DATA_DIR / run.file if run.file else None,
        filename=run.filename,
        seen=run.source.seen if run.source else {},
        checkpoint=lease.checkpoint,
    )
    return CONNECTORS.get(kind).deliver(origin, folder)


def _read(run: Run, delivery: Delivery, folder: Path) -> StagedFile:
    _enter_reading(run, delivery)
    corrections = Corrections.from_dict(run.corrections)
    staged = (stage_declared if corrections.declared else stage)(
        delivery.path,
        filename=delivery.filename,
        directory=folder,
        corrections=corrections,
        digest=delivery.digest,
    )
    return _completed(run, delivery, staged)


def _enter_reading(run: Run, delivery: Delivery) -> None:
    run.filename = delivery.filename[:255]
    run.counts = {"bytes": delivery.size_bytes}
    message = gettext_noop("Reading “%(filename)s” (%(bytes)s bytes).")
    journal.enter(run, Step.READ, message, filename=run.filename, bytes=delivery.size_bytes)


def _conform(run: Run, conformity: Conformity, delivery: Delivery, folder: Path) -> Conformed:
    """Map, check and judge. Raises DeliveryRefused, its report kept."""
    _enter_reading(run, delivery)
    message = gettext_noop("Checking against the schema “%(schema)s”, version %(version)s.")
    named = {"schema": conformity.schema_version.schema.title, "version": conformity.schema_version.number}
    journal.enter(run, Step.CHECK, message, **named)
    corrections = Corrections.from_dict(run.corrections)
    found = conforming.conform(
        conformity,
        delivery.path,
        filename=delivery.filename,
        corrections=corrections,
        directory=folder / "check",
        viewer=_viewer(run),
    )
    run.counts |= {"problems": found.judgement.problems, "wrong_rows": found.judgement.rows}
    if not found.judgement.publishes:
        aftermath.record_refusal(found, run=run.uid)
        raise conforming.refusal(found)
    run.counts |= {"aside": found.aside_rows}
    return found


def _completed(run: Run, delivery: Delivery, staged: StagedFile) -> StagedFile:
    """The same, with what is known of where it comes from."""
    known: dict[str, Any] = {
        "sha256": delivery.sha256,
        "bytes": delivery.size_bytes,
        "software": f"Bocage {__version__}",
    }
    if address := delivery.address or _held_from(run):
        known["url"] = address
    _note(run, staged)
    return dataclasses.replace(staged, provenance=staged.provenance | known)


def _held_from(run: Run) -> str:
    """Where a file that waited for its review was fetched."""
    return run.source.url if run.file and run.source is not None else ""


def _note(run: Run, staged: StagedFile) -> None:
    run.counts |= {"rows": staged.row_count}
    run.warnings = [notice.as_dict() for notice in staged.notices]


def _publish(
    run: Run,
    staged: StagedFile,
    delivery: Delivery | None,
    conformed: Conformed | None = None,
    settle: Callable[[], None] | None = None,
    last_push: int | None = None,
) -> None:
    """Publish, or wait until somebody else than the author has accepted it. The condition is asked before the work, and again,
    for good, by the transaction that moves the pointer."""
    ready = True
    if is_required(run.dataset):
        staged = proposing.as_accepted(run, staged)
        ready = condition.is_accepted(run.dataset, staged)
    if ready:
        with contextlib.suppress(ReviewRequired):  # asked for, or the published version replaced, in between
            return _put_in_place(run, staged, delivery, conformed, settle)
    journal.enter(run, Step.PUBLISH, gettext_noop("Comparing with the published version, for a review."))
    return proposing.propose(run, staged, delivery, conformed, last_push)


def _put_in_place(
    run: Run,
    staged: StagedFile,
    delivery: Delivery | None,
    conformed: Conformed | None,
    settle: Callable[[], None] | None,
) -> None:
    message = gettext_noop("Publishing %(rows)s rows, %(columns)s fields.")
    journal.enter(run, Step.PUBLISH, message, rows=staged.row_count, columns=len(staged.fields))
    flush(staged.path)  # slow on a slow disk: not while the transaction keeps other writers waiting
    with publishing(), _kept(run, conformed) as kept, transaction.atomic():
        endings.mark_over(run, RunStatus.DONE, gettext_noop("Published."))
        run.version = publish_version(viewer=_viewer(run), dataset=run.dataset, staged=staged, comment=run.comment)
        Run.objects.filter(pk=run.pk).update(version=run.version)
        if conformed is not None:
            aftermath.forget_refusal(run.uid)
            aftermath.record(conformed, kept, run=run.uid, version=run.version)
        if settle is not None:
            settle()
        if delivery is not None:
            endings.remember(run, delivery)


@contextmanager
def _kept(run: Run, conformed: Conformed | None) -> Iterator[aftermath.Kept]:
    """The files of a check, in place while the transaction names them; gone if it does not."""
    kept = aftermath.put_in_place(run.dataset, conformed) if conformed else aftermath.Kept()
    try:
        yield kept
    except BaseException:
        kept.discard()
        raise


def _viewer(run: Run) -> Viewer:
    """Rights are those that the person has now, not when they asked. Polls and the command line belong to the platform."""
    return viewer_of(run.requested_by) if run.requested_by else OPERATOR


@contextmanager
def _folder(run: Run) -> Iterator[Path]:
    """Where this attempt works; nothing of it remains."""
    folder = incoming.working_folder() / incoming.attempt_name(run.uid, run.lease_owner)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
