"""Old versions on their way out: marked, told, removed when the time to undo is over.

Nothing is removed that was not first on the pages for `UNDO` as about to leave. What is marked and is held again, or is not
superfluous any more, is not marked any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from bocage.kernel.clock import now
from bocage.organizations.models import Organization, Standards
from bocage.organizations.standards.rules import Limits
from bocage.organizations.standards.selectors import standards_in
from bocage.pipeline.publishing import nobody_copying
from bocage.pipeline.retention.holds import held
from bocage.pipeline.retention.models import LeavingVersion
from bocage.pipeline.retention.removal import remove
from bocage.pipeline.retention.rules import superfluous
from bocage.pipeline.retention.telling import tell
from bocage.store.models import Version

UNDO = timedelta(days=14)
"""How long a version that is about to leave may still be kept."""

MARKED_AT_ONCE, REMOVED_AT_ONCE, CHUNK = 5_000, 1_000, 500
"""The next round does the rest."""

log = structlog.get_logger("bocage.pipeline")


def apply_standards() -> int:
    """Mark, unmark, remove; how many versions were removed. Safe at any time, and in several processes at once."""
    wanted = set()
    for within, limits in branches():
        wanted |= set(superfluous(within, limits, now()).values_list("pk", flat=True))
    _unmark(wanted)
    _mark(wanted)
    return _remove_due()


def branches() -> Iterator[tuple[Q, Limits]]:
    """The organisations where old versions leave by themselves, gathered by what holds there: a condition on versions, and the
    limits. Three queries, then one for each kind of limits."""
    removing = Q(pk__in=[])
    paths = Standards.objects.exclude(most_days=None, most_versions=None).values_list("organization__path", flat=True)
    for path in set(paths):
        removing |= Q(path__startswith=path)
    gathered: dict[Limits, list[int]] = {}
    concerned = list(Organization.objects.filter(removing).only("pk", "path"))
    for pk, standards in standards_in(concerned).items():
        if standards.limits.removes:
            gathered.setdefault(_of_retention(standards.limits), []).append(pk)
    for limits, pks in gathered.items():
        yield Q(dataset__organization__in=pks), limits


def leave(version: Version, *, user_id: int | None) -> LeavingVersion:
    """Marked by somebody: it is removed after the time to undo, whatever the rules say."""
    instant = now()
    marked, _created = LeavingVersion.objects.update_or_create(
        version=version,
        defaults={"by_hand": True, "asked_by_id": user_id, "marked_at": instant, "leaves_at": instant + UNDO},
    )
    return marked


def stay(version: Version) -> None:
    LeavingVersion.objects.filter(version=version).delete()


def _of_retention(limits: Limits) -> Limits:
    """The part of them that counts here."""
    return Limits(
        least_days=limits.least_days,
        least_versions=limits.least_versions,
        most_days=limits.most_days,
        most_versions=limits.most_versions,
    )


def _unmark(wanted: set[int]) -> None:
    """What rules marked and do not want any more; and what is held again, whoever marked it."""
    marked = dict(LeavingVersion.objects.values_list("version", "by_hand"))
    back = {pk for pk, by_hand in marked.items() if not by_hand and pk not in wanted}
    for chunk in _chunks(sorted(set(marked) - back)):
        back |= held(chunk)
    for chunk in _chunks(sorted(back)):
        LeavingVersion.objects.filter(version__in=chunk).delete()


def _mark(wanted: set[int]) -> None:
    """New ones, told to those who may keep them."""
    marked = set(LeavingVersion.objects.values_list("version", flat=True))
    fresh = []
    for chunk in _chunks(sorted(wanted - marked)):
        fresh += sorted(set(chunk) - held(chunk))
        if len(fresh) >= MARKED_AT_ONCE:
            break
    instant = now()
    with transaction.atomic():
        LeavingVersion.objects.bulk_create(
            [LeavingVersion(version_id=pk, marked_at=instant, leaves_at=instant + UNDO) for pk in fresh],
            batch_size=CHUNK,
            ignore_conflicts=True,  # another process has just done so
        )
        for chunk in _chunks(fresh):
            tell(chunk, instant + UNDO)


def _remove_due() -> int:
    due = LeavingVersion.objects.filter(leaves_at__lte=now()).select_related("version__dataset").order_by("leaves_at")
    with nobody_copying() as free:
        if not free:
            return 0  # a backup under way has promised to save what the database names
        removed = [one.version.uid for one in due[:REMOVED_AT_ONCE] if remove(one.version)]
    if removed:
        log.info("versions.removed", count=len(removed), uids=removed[:20])
    return len(removed)


def _chunks(pks: list[int]) -> Iterable[list[int]]:
    return (pks[start : start + CHUNK] for start in range(0, len(pks), CHUNK))
