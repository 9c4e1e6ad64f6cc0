"""Telling, marking as read, forgetting."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.http import url_has_allowed_host_and_scheme

from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.organizations.notices.kinds import NoticeKind
from bocage.organizations.notices.models import ADDRESS_LENGTH, FACT_LENGTH, Notice

log = logging.getLogger(__name__)

MOST_PEOPLE = 500
"""Told by one call: a team, a working group. More would be a publication, not a notice."""
MOST_FACTS = 12
CHUNK = 200
AGAIN_AFTER = timedelta(minutes=30)
"""The same thing is not told again to somebody who was told it, and has not read it, so short a time ago."""
KEPT = timedelta(days=180)
FORGOTTEN_AT_ONCE = 5000


def notify(people: Iterable[int], kind: NoticeKind, *, address: str = "", **facts: str) -> None:
    """Tell these people (ids of accounts) something that concerns them.

    Written in the caller's transaction: what is undone was not told, and what is done was, whatever happens to the process
    afterwards. Accounts that are closed or suspended are left out. `address`: path on this site. A handful of statements.
    """
    if len(facts) > MOST_FACTS:
        raise ValueError(f"{kind.code}: more than {MOST_FACTS} facts")
    if address and not (address.startswith("/") and url_has_allowed_host_and_scheme(address, None)):
        raise ValueError(f"{kind.code}: {address!r} is not a path on this site")
    if len(address) > ADDRESS_LENGTH:
        raise ValueError(f"{kind.code}: the address is too long")
    wanted = sorted({pk for pk in people if pk})
    if len(wanted) > MOST_PEOPLE:
        log.warning("notices.too-many", extra={"code": kind.code, "people": len(wanted), "told": MOST_PEOPLE})
        wanted = wanted[:MOST_PEOPLE]
    short = {name: _short(str(value)) for name, value in sorted(facts.items())}
    mark = _mark(kind.code, address, short)
    instant = now()
    Notice.objects.bulk_create(
        [
            Notice(recipient_id=pk, code=kind.code, facts=short, address=address, mark=mark, created_at=instant)
            for pk in _to_tell(wanted, mark, instant)
        ],
        batch_size=CHUNK,
    )


def mark_read(user: User, *, notices: Iterable[int] | None = None) -> datetime:
    """These notices of this person are read, or all of them. Gives the instant by which `mark_unread` takes it back."""
    instant = now()
    unread = Notice.objects.filter(recipient=user, read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=list(notices)[:CHUNK])
    unread.update(read_at=instant)
    return instant


def mark_unread(user: User, instant: datetime) -> int:
    """Take back one `mark_read` of this person; how many notices."""
    return Notice.objects.filter(recipient=user, read_at=instant).update(read_at=None)


def forget_old() -> int:
    """Notices of another season; bounded, called again by the next round of the worker."""
    old = Notice.objects.filter(created_at__lt=now() - KEPT).order_by("created_at")
    pks = list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    removed = 0
    for start in range(0, len(pks), CHUNK):
        removed += Notice.objects.filter(pk__in=pks[start : start + CHUNK]).delete()[0]
    return removed


def _to_tell(wanted: list[int], mark: str, instant: datetime) -> list[int]:
    """Of these accounts, those that are active and do not have the same notice, fresh and unread."""
    active = User.objects.filter(pk__in=wanted, is_active=True)
    told = Notice.objects.filter(
        recipient__in=wanted, mark=mark, read_at=None, created_at__gte=instant - AGAIN_AFTER
    ).values("recipient")
    return list(active.exclude(pk__in=told).order_by("pk").values_list("pk", flat=True))


def _short(value: str) -> str:
    return value if len(value) <= FACT_LENGTH else f"{value[: FACT_LENGTH - 1]}…"


def _mark(code: str, address: str, facts: dict[str, str]) -> str:
    told = json.dumps([code, address, facts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
