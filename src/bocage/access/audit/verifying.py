"""Is the journal whole? Every hash made again, in the order of the numbers, a bounded number of entries at a time.

What is found: an entry changed, removed, inserted, moved, the beginning or the end cut off. What cannot be found from within: a
journal written anew from some entry to its end by somebody who owns the database. Its last hash, kept elsewhere (an export, the
output of `bocage doctor`), tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bocage.access.audit.chain import COLUMNS, sealed
from bocage.access.audit.guards import ENTRIES, HEAD

AT_ONCE = 5_000
MOST_BREAKS = 20
_NAMES = ", ".join(f'"{name}"' for name in (*COLUMNS, "hash"))


@dataclass(frozen=True)
class Break:
    """`code`: stable. `number`: of the entry where it shows."""

    code: str
    number: int
    sentence: str


@dataclass(frozen=True)
class _Bounds:
    """Of the chain, as its head says."""

    number: int = 0
    hash: str = ""
    anchor: int = 0
    anchor_hash: str = ""


def breaks() -> list[Break]:
    """Where the chain breaks, the first ones; none when it is whole. Entries may be added and pruned meanwhile."""
    for _attempt in range(3):
        bounds = _bounds()
        found = list(_broken(bounds))[:MOST_BREAKS]
        after = _bounds()
        if not found or (after is not None and bounds is not None and after.anchor == bounds.anchor):
            return found
    return found


def last_hash() -> tuple[int, str]:
    """Number and hash of the last entry: what to keep elsewhere."""
    bounds = _bounds()
    return (bounds.number, bounds.hash) if bounds is not None else (0, "")


def _bounds() -> _Bounds | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, hash, anchor, anchor_hash FROM {HEAD} WHERE id = 1")
        row = cursor.fetchone()
    return _Bounds(*row) if row is not None else None


def _broken(bounds: _Bounds | None) -> Iterator[Break]:
    if bounds is None:
        if _last_number():
            yield Break("audit.headless", 0, _("The journal has entries, and what says where it ends is gone."))
        return
    yield from _before(bounds.anchor)
    expected, last = bounds.anchor + 1, bounds.anchor_hash
    for values, kept in _entries(bounds):
        number = values[0]
        if number != expected:
            yield _gap(expected, number - 1)
        elif kept != sealed(last, values):
            yield Break(
                "audit.changed", number,
                _("Entry %(number)s of the journal is not what was written, or the one before it is not.") % {"number": number},
            )  # fmt: skip
        expected, last = number + 1, kept
    if expected <= bounds.number:
        yield _gap(expected, bounds.number)
    elif last != bounds.hash:
        yield Break(
            "audit.end", bounds.number, _("The last entry of the journal is not the one that was written last.")
        )
    if (latest := _last_number()) > bounds.number and latest > (_bounds() or bounds).number:
        yield Break("audit.beyond", latest, _("The journal has entries after its end: somebody inserted them."))


def _before(anchor: int) -> Iterator[Break]:
    """What should have been removed with the others of its age."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(number) FROM {ENTRIES} WHERE number <= %s", [anchor])
        (number,) = cursor.fetchone()
    if number is not None:
        yield Break("audit.before", number, _("The journal has entries before its beginning: somebody inserted them."))


def _gap(first: int, last: int) -> Break:
    told = {"first": first, "last": last}
    return Break("audit.missing", first, _("Entries %(first)s to %(last)s of the journal are missing.") % told)


def _entries(bounds: _Bounds) -> Iterator[tuple[tuple[Any, ...], str]]:
    """What is hashed of each entry, and its hash."""
    asked = f"SELECT {_NAMES} FROM {ENTRIES} WHERE number > %s AND number <= %s ORDER BY number LIMIT {AT_ONCE}"
    number = bounds.anchor
    while True:
        with connection.cursor() as cursor:
            cursor.execute(asked, [number, bounds.number])
            rows = cursor.fetchall()
        for row in rows:
            yield row[:-1], row[-1]
        if len(rows) < AT_ONCE:
            return
        number = rows[-1][0]


def _last_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(number) FROM {ENTRIES}")
        (number,) = cursor.fetchone()
    return number or 0
