"""A number in the database that grows with every change that somebody may have kept an answer of.

SQLite says whether *anything* was written; each reading of what is not open writes a line of the journal, so that this alone would
have everything read again each time. Triggers on every table, but those of `ASIDE`, count the changes of the others: a table that
is added tomorrow is counted without anybody's having to think of it. They are made again after each migration, and taken away
before it: SQLite refuses to remove a column that a trigger names. Where one of them is lacking, nothing is kept.

PostgreSQL has no number that says at no cost that nothing was written: there, nothing is kept and nothing is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TABLE = "kernel_epoch"
PREFIX = "epoch_of_"
ASIDE = frozenset(
    {
        "access_journalentry",
        "access_journalhead",
        "catalog_countedfile",
        "catalog_datasetuse",
        "django_session",
        "pipeline_heartbeat",
    }
)
"""What is written while others only read: the journal, the counters of uses, sessions, the worker's sign of life. Nothing that is
kept is made of them."""
IN_PASSING = frozenset({"last_used_at", "last_login"})
"""Columns that say when something was last used: of a key, of an account."""


def counted_in(connection: Any) -> Any:
    """The connection of the driver to a database whose changes can be counted; None for another one."""
    if connection.vendor != "sqlite":
        return None
    connection.ensure_connection()
    return connection.connection


def install(database: Any) -> None:
    """On a connection of SQLite. Counts once, for whatever was written meanwhile."""
    database.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE} (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL)"
    )
    database.execute(
        f"INSERT INTO {TABLE} (id, number) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET number = number + 1"
    )
    remove(database)
    for statement in _expected(database).values():
        database.execute(statement)


def remove(database: Any) -> None:
    for name in _there(database):
        database.execute(f'DROP TRIGGER "{name}"')


def complete(database: Any) -> bool:
    """Whether every change is counted, in the tables as they are now."""
    there = _there(database)
    return bool(there) and there == _expected(database)


def number(database: Any) -> int:
    """Two equal numbers: nothing that counts was committed in between. To be asked outside a transaction."""
    found: tuple[int] = database.execute(f"SELECT number FROM {TABLE} WHERE id = 1").fetchone()
    return found[0]


def _there(database: Any) -> Mapping[str, str]:
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, ?) = ?"
    return dict(database.execute(asked, (len(PREFIX), PREFIX)).fetchall())


def _expected(database: Any) -> Mapping[str, str]:
    """Name of each trigger → the statement that makes it, as SQLite keeps it."""
    columns: dict[str, list[str]] = {}
    asked = (
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND substr(m.name, 1, 7) <> 'sqlite_'"
    )
    for table, column in database.execute(asked).fetchall():
        columns.setdefault(table, []).append(column)
    found = {}
    for table, names in columns.items():
        if table in ASIDE or table == TABLE:
            continue
        counted = [f'"{name}"' for name in names if name not in IN_PASSING]
        of = f" OF {', '.join(counted)}" if len(counted) < len(names) else ""
        for action, when in (("insert", "INSERT"), ("delete", "DELETE"), ("update", f"UPDATE{of}")):
            name = f"{PREFIX}{table}_{action}"
            found[name] = (
                f'CREATE TRIGGER "{name}" AFTER {when} ON "{table}" '
                f"BEGIN UPDATE {TABLE} SET number = number + 1 WHERE id = 1; END"
            )
    return found
