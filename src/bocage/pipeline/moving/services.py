"""Leave a portal: list it, say what will be done, do it dataset by dataset, and tell what differs."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.conf import settings

from bocage.access.vocabulary import Visibility
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError, TerminalError
from bocage.kernel.http import DownloadInterrupted, ServerFault, TimedOut, Unreachable
from bocage.pipeline.faults import as_fault, as_record
from bocage.pipeline.moving.catalogue import Catalogue, seen_by_strangers, some_datasets, whole_catalogue
from bocage.pipeline.moving.copying import Copier
from bocage.pipeline.moving.documents import SourceDataset
from bocage.pipeline.moving.errors import AlreadyMoving, PortalLost, StopsEverything
from bocage.pipeline.moving.mapping.losses import as_records
from bocage.pipeline.moving.models import MovedDataset
from bocage.pipeline.moving.outcome import Outcome
from bocage.pipeline.moving.placing import LONGEST_ID
from bocage.pipeline.moving.plan import Planned
from bocage.pipeline.moving.portal import Portal
from bocage.pipeline.moving.vocabulary import MoveState, Step
from bocage.store.selectors import current_version
from bocage.store.staged import Notice

MOST_SILENCES = 3
"""Datasets in a row for which the portal did not answer: it will not for the next one."""
_SILENCE = frozenset(kind.code for kind in (Unreachable, TimedOut, ServerFault, DownloadInterrupted))

log = structlog.get_logger("bocage.pipeline")


@dataclass(frozen=True)
class Selection:
    """`only`: these identifiers; `where`: a condition on the catalogue, in the words of the portal. Neither: everything."""

    only: Sequence[str] = field(default_factory=tuple)
    where: str = ""

    @property
    def is_everything(self) -> bool:
        return not self.only and not self.where


@contextmanager
def alone() -> Iterator[Path]:
    """The folder where answers are put, for one import at a time; what a dead one left there is gone. Raises AlreadyMoving."""
    presence = settings.DATA_DIR / "presence" / "moving"
    presence.parent.mkdir(parents=True, exist_ok=True)
    with presence.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyMoving from None
        folder = settings.DATA_DIR / "tmp" / "moving"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def listed(portal: Portal, selection: Selection) -> Catalogue:
    """What the portal shows of what was asked. Raises NotAPortal, KeyRefused, CatalogueTooLong, WhereRefused."""
    if selection.only:
        return some_datasets(portal, selection.only)
    return whole_catalogue(portal, where=selection.where)


def public_identifiers(portal: Portal, selection: Selection) -> frozenset[str] | None:
    """What strangers may read there; None when we are one: whatever we see, they see."""
    if not portal.apikey:
        return None
    return frozenset(seen_by_strangers(portal, where=selection.where, only=selection.only))


def carry_out_all(planned: Iterable[Planned], copier: Copier) -> Iterator[Outcome]:
    """One dataset after the other. Raises StopsEverything; what was yielded is done."""
    silences = 0
    for one in planned:
        outcome = carried_out(one, copier)
        yield outcome
        silences = silences + 1 if outcome.error.get("code") in _SILENCE else 0
        if silences == MOST_SILENCES:
            raise PortalLost(host=copier.portal.host)


def carried_out(planned: Planned, copier: Copier) -> Outcome:
    """One dataset, to its end. Raises StopsEverything alone: any other fault is told, and the next dataset may fare better."""
    try:
        if planned.error is not None:
            return _stopped(planned, copier, planned.error)
        if planned.step is Step.UNCHANGED:
            return _as_it_was(planned)
        placed = copier.copy(planned.source)
    except StopsEverything:
        raise
    except BocageError as error:
        return _stopped(planned, copier, error)
    except Exception as error:  # noqa: BLE001  a dataset that nobody foresaw does not stop the others
        return _stopped(planned, copier, as_fault(error))
    return _outcome(planned.source, planned.step, placed.row)


def refused_item(name: str, error: BocageError) -> Outcome:
    """An item of the catalogue that is not even a dataset."""
    return Outcome(source_id=name, title=name, step=Step.REFUSED, error=error.as_dict())


def gone(portal: Portal, catalogue: Catalogue) -> list[MovedDataset]:
    """Datasets copied before that the whole catalogue no longer shows. They stay here. A stranger says nothing of those that
    strangers never saw."""
    present = {source.id for source in catalogue.datasets} | {name for name, _error in catalogue.refused}
    rows = [row for row in _copied(portal) if row.source_id not in present and (portal.apikey or _was_public(row))]
    MovedDataset.objects.filter(pk__in=[row.pk for row in rows], gone_at=None).update(gone_at=now())
    return rows


def _was_public(row: MovedDataset) -> bool:
    return bool(row.written.get("visibility") == Visibility.OPEN)


def _copied(portal: Portal) -> Iterator[MovedDataset]:
    rows = MovedDataset.objects.filter(portal=portal.origin, dataset__isnull=False)
    return rows.select_related("dataset").iterator()


def _as_it_was(planned: Planned) -> Outcome:
    row = planned.row
    if row is None or row.dataset is None:
        told = as_records([Notice("removed-here")])
        return Outcome(planned.source.id, planned.source.title, Step.UNCHANGED, losses=told)
    return _outcome(planned.source, Step.UNCHANGED, row)


def _outcome(source: SourceDataset, step: Step, row: MovedDataset) -> Outcome:
    version = current_version(row.dataset) if row.dataset else None
    return Outcome(
        source_id=source.id,
        title=source.title,
        step=step,
        slug=row.dataset.slug if row.dataset else "",
        rows=version.row_count if version else None,
        fields=len(source.fields),
        attachments=len(row.seen.get("attachments", {})),
        comparison=row.comparison,
        losses=row.losses,
    )


def _stopped(planned: Planned, copier: Copier, error: BocageError) -> Outcome:
    """Why, in the journal and in the report. What was published stays."""
    state = MoveState.REFUSED if isinstance(error, TerminalError) else MoveState.FAILED
    source = planned.source
    if len(source.id) <= LONGEST_ID:
        MovedDataset.objects.update_or_create(
            portal=copier.portal.origin,
            source_id=source.id,
            defaults={"state": state, "error": as_record(error)},
        )
    log.warning("moving.stopped", code=error.code)
    step = Step.REFUSED if state is MoveState.REFUSED else Step.FAILED
    return Outcome(source.id, source.title, step, fields=len(source.fields), error=error.as_dict())
