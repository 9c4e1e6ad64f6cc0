"""Adding to the journal: one short transaction, or the one of the change that is told.

The row of the head is locked from the reading of the last hash to the commit (on SQLite the whole database is: transactions are
IMMEDIATE), so that several processes make one chain. What was acknowledged is in the database, sealed: a process that dies
loses nothing and leaves no half of a link. Within a transaction, tell last: others who tell wait for its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from bocage.access.audit.chain import COLUMNS, GENESIS, sealed, written
from bocage.access.audit.circumstances import Circumstances, present
from bocage.access.audit.guards import ENTRIES, HEAD
from bocage.access.audit.vocabulary import Kind
from bocage.kernel.clock import now

Value = int | str | None


@dataclass(frozen=True)
class Happening:
    """What is to be told. See `JournalEntry`; `person` None: whoever asks."""

    kind: Kind
    person: int | None = None
    organization: str = ""
    dataset: str = ""
    version: str = ""
    restriction: str = ""
    rows: int | None = None
    agreements: str = ""
    party: str = ""
    subject: str = ""
    facts: str = "{}"


_NAMES = ", ".join(f'"{name}"' for name in (*COLUMNS, "hash"))
_INSERT = f"INSERT INTO {ENTRIES} ({_NAMES}) VALUES ({', '.join(['%s'] * (len(COLUMNS) + 1))})"


def append(happenings: Iterable[Happening], *, reading: bool = False) -> None:
    """In this order. Plain statements: every reading of what is not open waits for them.

    `reading`: nothing else hangs on this transaction, so that PostgreSQL need not wait for its disk, as SQLite does not: a process
    may be killed, ours or one of the server, and nothing is lost; when the machine loses its power, the last instant may be."""
    happenings = list(happenings)
    if not happenings:
        return
    at, around = written(now()), present()
    alone = reading and connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        number, last = _head(cursor)
        rows = []
        for one in happenings:
            number += 1
            values = _values(number, at, one, around)
            last = sealed(last, values)
            rows.append((*values, last))
        cursor.executemany(_INSERT, rows)
        cursor.execute(f"UPDATE {HEAD} SET number = %s, hash = %s WHERE id = 1", [number, last])


def _values(number: int, at: str, one: Happening, around: Circumstances) -> tuple[Value, ...]:
    """In the order of COLUMNS. The key is told with its owner alone."""
    person = around.person if one.person is None else one.person
    key = around.key if person == around.person else None
    return (
        number, at, one.kind.value, person, key, around.door.value, around.origin, one.organization, one.dataset,
        one.version, one.restriction, one.rows, one.agreements, one.party, one.subject, one.facts,
    )  # fmt: skip


def _head(cursor: Any) -> tuple[int, str]:
    """Number and hash of the last entry, which nobody else follows until the end of the transaction."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    asked = f"SELECT number, hash FROM {HEAD} WHERE id = 1{lock}"
    cursor.execute(asked)
    found = cursor.fetchone()
    if found is None:  # the first entry of all, perhaps of several processes at once
        cursor.execute(
            f"INSERT INTO {HEAD} (id, number, hash, anchor, anchor_hash) VALUES (1, 0, %s, 0, %s) ON CONFLICT DO NOTHING",
            [GENESIS, GENESIS],
        )
        cursor.execute(asked)
        found = cursor.fetchone()
    return found[0], found[1]
