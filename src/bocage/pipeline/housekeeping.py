"""What nobody will ask for again: leftovers of the dead, files of runs that are over, old runs of polled sources."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import Count, Q

from bocage.access.audit import pruning as journal
from bocage.kernel.clock import now
from bocage.kernel.scratch import abandoned
from bocage.organizations.notices.services import forget_old
from bocage.pipeline import aftermath, derived, presence
from bocage.pipeline.checking.kept import sweep
from bocage.pipeline.drafts import expire_drafts
from bocage.pipeline.incoming import attempt_name, incoming_folder, working_folder
from bocage.pipeline.models import Heartbeat, Run
from bocage.pipeline.pushes import retention
from bocage.pipeline.retention.leaving import apply_standards
from bocage.pipeline.reviews import keeping
from bocage.pipeline.vocabulary import LIVE, RunStatus
from bocage.store import documents
from bocage.store.integrity import forget_unknown_copies

KEPT_FOR_RETRY = timedelta(days=7)
"""A dropped file whose run failed, or was withdrawn from a review, stays this long."""

RUNS_KEPT = timedelta(days=90)
RUNS_KEPT_PER_SOURCE = 200
YOUNG_SECONDS = 3600
"""A folder whose run is not in the database may belong to a request that is about to write it. One whose run is over belongs to
nobody, however young: its worker died between the end of the run and the removal."""

log = structlog.get_logger("bocage.pipeline")


def tidy() -> dict[str, int]:
    """Do all of it; how many things each part removed. Safe at any time, and in several processes at once."""
    done = {
        **{name: _remove(folders) for name, folders in leftovers().items()},
        "runs": _prune_runs(),
        "pushed_versions": retention.thin_everything(),
        "old_versions": apply_standards(),
        "reports": aftermath.prune(),
        "check_files": aftermath.remove(aftermath.orphans(YOUNG_SECONDS)),
        "checks_on_request": sweep(),
        "documents": _forget_documents(),
        "journal": journal.prune(),
        "drafts": expire_drafts(),
        "reviews": keeping.sweep(),
        "notices": forget_old(),
        "derived": derived.tidy(),
        "working_copies": forget_unknown_copies(),
        "heartbeats": Heartbeat.objects.filter(beat_at__lt=now() - timedelta(days=1)).delete()[0],
    }
    presence.sweep()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    log.info("housekeeping.done", **done)
    return done


def _forget_documents() -> int:
    """Documents removed long ago, and files that no dataset has any more."""
    count = documents.forget_removed()
    for path in documents.orphans():
        path.unlink(missing_ok=True)
    return count


def leftovers() -> dict[str, list[Path]]:
    """Folders that nothing needs: of attempts and of other work that were killed, and of dropped files whose run is over."""
    return {
        "working_folders": list(_dead_working_folders()),
        "dropped_files": list(_useless_incoming_folders()),
        "scratch_folders": list(abandoned()),
    }


def _remove(folders: Iterable[Path]) -> int:
    count = 0
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        count += 1
    return count


def _dead_working_folders() -> Iterator[Path]:
    """Folders of attempts that were killed. A folder is made after its claim: list first, then ask who is at work."""
    folders = list(working_folder().iterdir()) if working_folder().is_dir() else []
    claims = Run.objects.filter(status=RunStatus.RUNNING).values_list("uid", "lease_owner")
    at_work = {attempt_name(uid, owner) for uid, owner in claims}
    return (folder for folder in folders if folder.name not in at_work)


def _useless_incoming_folders() -> Iterator[Path]:
    """Only folders of runs (`ru_…`); drafts, beside them, have their own life. List first, then ask which runs are over."""
    parent = incoming_folder()
    folders = [one for one in (parent.iterdir() if parent.is_dir() else ()) if one.name.startswith("ru_")]
    waiting = Q(status__in=[*LIVE, RunStatus.REVIEW])
    waiting |= Q(status__in=[RunStatus.FAILED, RunStatus.CANCELLED], ended_at__gte=now() - KEPT_FOR_RETRY)
    for start in range(0, len(folders), 500):
        chunk = {one.name: one for one in folders[start : start + 500]}
        known = Run.objects.filter(uid__in=chunk)
        needed = set(known.filter(waiting).values_list("uid", flat=True))
        over = set(known.exclude(waiting).values_list("uid", flat=True))
        yield from (one for name, one in chunk.items() if name in over or (name not in needed and _is_old(one)))


def _is_old(folder: Path) -> bool:
    try:
        return folder.stat().st_mtime < time.time() - YOUNG_SECONDS
    except FileNotFoundError:
        return False


def _prune_runs() -> int:
    """Runs of polled sources, older than ninety days and beyond the last two hundred of their source."""
    old = Q(created_at__lt=now() - RUNS_KEPT) & ~Q(status__in=[*LIVE, RunStatus.REVIEW]) & Q(file="")
    crowded = (
        Run.objects.filter(source__isnull=False)
        .values("source")
        .annotate(n=Count("pk"))
        .filter(n__gt=RUNS_KEPT_PER_SOURCE)
        .values_list("source", flat=True)
    )
    count = 0
    for source in list(crowded):
        runs = Run.objects.filter(source=source)
        last = list(runs.order_by("-pk").values_list("pk", flat=True)[RUNS_KEPT_PER_SOURCE - 1 : RUNS_KEPT_PER_SOURCE])
        count += runs.filter(old, pk__lt=last[0]).delete()[0]
    return count
