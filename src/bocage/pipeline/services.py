"""Writes of the pipeline: ask for a run, carry it out, cancel it, try it again."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.capture.understanding import Corrections
from bocage.kernel.clock import now
from bocage.kernel.http import split_address
from bocage.pipeline import carrying, incoming
from bocage.pipeline.errors import NothingToRetry, PolledTooOften, RunIsOver
from bocage.pipeline.models import Run, Source, new_run_uid
from bocage.pipeline.reviews.deciding import withdraw_run
from bocage.pipeline.rules import SHORTEST_PERIOD
from bocage.pipeline.schedules import ensure_live_run
from bocage.pipeline.vocabulary import LIVE, RunStatus, SourceKind

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset


def request_publication(
    *,
    viewer: Viewer,
    dataset: Dataset,
    file: Path,
    filename: str,
    corrections: Corrections = Corrections(),
    comment: str = "",
    keep: bool = False,
) -> Run:
    """Ask the worker to publish `file` as the next version of `dataset`.

    The file is moved (copied, with `keep`) below the data folder first: once this returns, it is safe. Raises FileTooLarge.
    """
    decide(viewer, Action.PUBLISH, dataset).require()
    uid = new_run_uid()
    try:
        path = incoming.receive(file, filename=filename, run_uid=uid, keep=keep)
        return _record_publication(viewer, dataset, uid, path, filename, corrections.as_dict(), comment)
    except BaseException:
        if keep:
            incoming.forget(uid)
        raise


@transaction.atomic
def _record_publication(
    viewer: Viewer, dataset: Dataset, uid: str, path: str, filename: str, corrections: dict[str, object], comment: str
) -> Run:
    source, _created = Source.objects.get_or_create(dataset=dataset, defaults={"kind": SourceKind.FILE})
    if source.kind == SourceKind.FILE:
        Source.objects.filter(pk=source.pk).update(corrections=corrections | {"declared": []})
    return Run.objects.create(
        uid=uid,
        dataset=dataset,
        source=source if source.kind == SourceKind.FILE else None,
        file=path,
        filename=filename[:255],
        corrections=corrections,
        comment=comment[:500],
        requested_by_id=viewer.user_id,
        due_at=now(),
    )


@transaction.atomic
def follow_url(
    *, viewer: Viewer, dataset: Dataset, url: str, every: timedelta | None, corrections: Corrections = Corrections()
) -> Source:
    """Poll `url` every `every` (never by itself when None); the first run is due at once."""
    decide(viewer, Action.PUBLISH, dataset).require()
    split_address(url)
    if every is not None and every < SHORTEST_PERIOD:
        raise PolledTooOften(seconds=round(SHORTEST_PERIOD.total_seconds()))
    instant = now()
    source, _created = Source.objects.update_or_create(
        dataset=dataset,
        defaults={
            "kind": SourceKind.URL,
            "url": url,
            "every": every,
            "corrections": corrections.as_dict(),
            "followed_by_id": viewer.user_id,
            "seen": {},  # other corrections give other data from the same file
            "paused": False,
            "next_due_at": instant + every if every is not None else None,
        },
    )
    ensure_live_run(source, requested_by_id=viewer.user_id)
    return source


@transaction.atomic
def request_run(*, viewer: Viewer, source: Source) -> Run:
    """Poll now. The run already under way, when there is one. Raises NothingToRetry when there is nothing to poll."""
    decide(viewer, Action.PUBLISH, source.dataset).require()
    if source.kind == SourceKind.FILE:
        raise NothingToRetry
    run, created = ensure_live_run(source, requested_by_id=viewer.user_id)
    if not created and run.status == RunStatus.WAITING:
        Run.objects.filter(pk=run.pk, status=RunStatus.WAITING).update(due_at=now())
        run.refresh_from_db()
    return run


def cancel_run(*, viewer: Viewer, run: Run) -> None:
    """Ask a waiting or running run to stop, withdraw what waits for a review; the published version is untouched.

    Raises RunIsOver, AlreadyDecided, PushesStay."""
    decide(viewer, Action.PUBLISH, run.dataset).require()
    rows = Run.objects.filter(pk=run.pk)
    if rows.filter(status=RunStatus.REVIEW).exists():
        withdraw_run(viewer=viewer, run=run)
    elif rows.filter(status=RunStatus.WAITING).update(
        status=RunStatus.CANCELLED, ended_at=now(), cancel_requested=True
    ):
        incoming.forget(run.uid)
    elif not rows.filter(status=RunStatus.RUNNING).update(cancel_requested=True):
        raise RunIsOver
    run.refresh_from_db()


def retry_run(*, viewer: Viewer, run: Run) -> Run:
    """Try again what failed or was cancelled, as a new run: same file, or the source as it is now. Raises NothingToRetry."""
    decide(viewer, Action.PUBLISH, run.dataset).require()
    if run.status in (*LIVE, RunStatus.REVIEW):
        return run
    if run.pushed:
        return _retry_pushes(run)
    if run.source is not None and run.source.kind != SourceKind.FILE and not run.file:
        return request_run(viewer=viewer, source=run.source)
    if not run.file:  # it polled an address that is followed no more: there never was a dropped file
        raise NothingToRetry
    uid = new_run_uid()
    try:
        path = incoming.hold_again(run.file, uid)
    except FileNotFoundError:
        incoming.forget(uid)
        raise NothingToRetry from None
    return _record_publication(viewer, run.dataset, uid, path, run.filename, run.corrections, run.comment)


@transaction.atomic
def _retry_pushes(run: Run) -> Run:
    """The journal still has what this run could not publish."""
    busy = [*LIVE, RunStatus.REVIEW]
    live = Run.objects.filter(dataset=run.dataset, pushed=True, status__in=busy).first()
    return live or Run.objects.create(dataset=run.dataset, pushed=True, due_at=now())


def carry_out(run: Run, *, stopping: threading.Event | None = None) -> Run:
    """Execute a run that this process has claimed: fetch, stage, publish; never raises on a fault of the data."""
    return carrying.carry_out(run, stopping or threading.Event())
