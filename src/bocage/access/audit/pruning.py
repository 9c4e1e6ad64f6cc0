"""What is too old goes, and the chain stays verifiable: the hash of the last entry that went is kept, as its anchor."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from bocage.access.audit.chain import written
from bocage.access.audit.guards import ENTRIES, HEAD
from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.kernel.clock import now

AT_ONCE = 5_000
"""Entries removed in one transaction: those who write to the journal wait for it."""


def prune() -> int:
    """Remove the entries older than BOCAGE_JOURNAL_DAYS; how many. That they went is itself told."""
    limit = written(now() - timedelta(days=settings.BOCAGE.journal_days))
    count = last = 0
    while removed := _remove(limit):
        last, some = removed
        count += some
    if count:
        record(Kind.JOURNAL_PRUNED, subject=str(last), count=count, older_than=limit)
    return count


@transaction.atomic
def _remove(limit: str) -> tuple[int, int] | None:
    """The oldest, up to the first that is young enough: the number of the last one removed, and how many were."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT anchor FROM {HEAD} WHERE id = 1{lock}")
        found = cursor.fetchone()
        if found is None:
            return None
        cursor.execute(
            f"SELECT number, at, hash FROM {ENTRIES} WHERE number > %s ORDER BY number LIMIT %s", [found[0], AT_ONCE]
        )
        old: list[tuple[int, str]] = []
        for number, at, sealed in cursor.fetchall():
            if at >= limit:
                break
            old.append((number, sealed))
        if not old:
            return None
        number, sealed = old[-1]
        cursor.execute(f"UPDATE {HEAD} SET anchor = %s, anchor_hash = %s WHERE id = 1", [number, sealed])
        cursor.execute(f"DELETE FROM {ENTRIES} WHERE number <= %s", [number])
    return number, len(old)
