"""What follows edits and is not needed before their answer: the worker does it once, when whoever draws has paused.

Fifty features drawn one by one are fifty versions, and one profile, one score, one message. An edit leaves a row that says when
its dataset is to be looked at; killed at any instant, the row stays, and another worker looks."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db.models import F

from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.check.models import Report
from bocage.kernel.clock import now
from bocage.kernel.scratch import scratch
from bocage.pipeline import aftermath, afterwards, derived
from bocage.pipeline.conforming import conformity_of
from bocage.pipeline.edits.models import EditsAwaiting
from bocage.pipeline.models import Run
from bocage.pipeline.pushes import applying, retention
from bocage.pipeline.warming import warm_version
from bocage.store import hot_files
from bocage.store.layout import version_path
from bocage.store.models import Version
from bocage.store.selectors import current_version
from bocage.store.staged import StagedFile, StagedGeometry

QUIET = timedelta(seconds=60)
LONGEST = timedelta(minutes=15)
"""Whoever never pauses is looked at all the same."""

AGAIN = timedelta(minutes=10)
"""After a worker that took it and was killed."""

log = structlog.get_logger("bocage.pipeline")


def await_look(dataset: Dataset) -> None:
    """In the transaction of the version."""
    instant = now()
    row, made = EditsAwaiting.objects.select_for_update().get_or_create(
        dataset=dataset, defaults={"since": instant, "due_at": instant + QUIET}
    )
    if not made:
        due = min(instant + QUIET, max(row.since + LONGEST, instant))
        EditsAwaiting.objects.filter(pk=row.pk).update(due_at=due, edits=F("edits") + 1)


def look_at_edited() -> bool:
    """One dataset whose writers have paused; False when there is none. Several workers may ask at once: one looks."""
    instant = now()
    row = EditsAwaiting.objects.filter(due_at__lte=instant).select_related("dataset").order_by("due_at").first()
    if row is None:
        return False
    taken = EditsAwaiting.objects.filter(pk=row.pk, due_at=row.due_at, edits=row.edits)
    if not taken.update(due_at=instant + AGAIN, since=instant):
        return True  # edited, or taken by another, meanwhile
    version = current_version(row.dataset)
    if version is not None:
        _look_at(version)
    EditsAwaiting.objects.filter(pk=row.pk, due_at=instant + AGAIN, edits=row.edits).delete()
    return True


def _look_at(version: Version) -> None:
    """Each part whatever becomes of the others: a failure changes nothing of what is published."""
    for part in (_check, _build_again, afterwards.look_at_version, derived.tell_version):
        try:
            part(version)
        except Exception:
            log.exception("edits.not_followed", version=version.uid, part=part.__name__)
    retention.thin(version.dataset)


def _build_again(version: Version) -> None:
    """The working copy, which was made from another: in the order of the rows, and without what was removed from it. While it is
    read, it stays as it is. Then what is derived from it."""
    hot_files.remove(version.uid)
    warm_version(version)


def _check(version: Version) -> None:
    """The report on the schema that the dataset follows, where the edit left it to us."""
    conformity = conformity_of(version.dataset)
    known = conformity and Report.objects.filter(version=version, schema_version=conformity.schema_version).exists()
    if conformity is None or known:
        return
    run = Run.objects.filter(version=version).select_related("requested_by").first()
    viewer = viewer_of(run.requested_by) if run is not None and run.requested_by else OPERATOR
    with scratch("check") as directory:
        conformed = applying.checked(version.dataset, _as_staged(version), directory, viewer=viewer)
        with aftermath.in_place(version.dataset, conformed) as kept:
            if conformed is not None:
                aftermath.record(conformed, kept, run=run.uid if run is not None else "", version=version)


def _as_staged(version: Version) -> StagedFile:
    """A published file, described as one that is not yet."""
    told = version.geometry
    geometry = StagedGeometry(told["column"], tuple(told["types"]), None, told["original_crs"]) if told else None
    fields = tuple(Field.from_dict(one) for one in version.schema)
    return StagedFile(version_path(version), version.row_count, fields, geometry)
