"""What the database itself refuses: an entry of the journal changed, or removed otherwise than by age; a chain that goes back.

Whoever owns the database can take these away: they stop mistakes, the hashes show the rest. A migration that remakes the
tables on SQLite loses them, and must call `install` again; `bocage doctor` tells when they are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ENTRIES, HEAD = "access_journalentry", "access_journalhead"
GUARDS = ("journal_entry_unchanged", "journal_entry_kept", "journal_head_forward", "journal_head_kept")

_BACK = (
    "NEW.number < OLD.number OR NEW.anchor < OLD.anchor OR (NEW.number = OLD.number AND NEW.hash <> OLD.hash) "
    "OR (NEW.anchor = OLD.anchor AND NEW.anchor_hash <> OLD.anchor_hash)"
)
_YOUNG = f"OLD.number > (SELECT anchor FROM {HEAD} WHERE id = 1)"
_RULES = (
    (GUARDS[0], "UPDATE", ENTRIES, "", "an entry of the journal is never changed"),
    (GUARDS[1], "DELETE", ENTRIES, _YOUNG, "an entry of the journal is only removed behind its anchor"),
    (GUARDS[2], "UPDATE", HEAD, _BACK, "the journal never goes back"),
    (GUARDS[3], "DELETE", HEAD, "OLD.number > OLD.anchor", "the journal keeps its head"),
)


def install(connection: Any) -> None:
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def missing(connection: Any) -> list[str]:
    """Names of the guards that are not there."""
    known = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    if connection.vendor not in known:
        return []
    with connection.cursor() as cursor:
        cursor.execute(known[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in GUARDS if name not in there]


def _statements(vendor: str) -> Iterator[str]:
    if vendor == "sqlite":
        for name, action, table, condition, words in _RULES:
            yield f"DROP TRIGGER IF EXISTS {name}"
            when = f"WHEN {condition} " if condition else ""
            yield f"CREATE TRIGGER {name} BEFORE {action} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{words}'); END"
    elif vendor == "postgresql":
        yield from _of_postgresql()


def _of_postgresql() -> Iterator[str]:
    """A condition with a query is not allowed in WHEN: it is asked in the function. Emptying a table at once is removing too."""
    for name, action, table, condition, words in _RULES:
        kept = "OLD" if action == "DELETE" else "NEW"
        body = f"IF {condition or 'true'} THEN RAISE EXCEPTION '{words}'; END IF; RETURN {kept};"
        yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    emptied = (
        f"IF EXISTS (SELECT FROM {HEAD} WHERE number > anchor) THEN RAISE EXCEPTION 'the journal is kept'; END IF;"
    )
    yield (
        "CREATE OR REPLACE FUNCTION journal_never_emptied() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {emptied} RETURN NULL; END $$"
    )
    for table in (ENTRIES, HEAD):
        yield f"DROP TRIGGER IF EXISTS journal_never_emptied ON {table}"
        yield (
            f"CREATE TRIGGER journal_never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION journal_never_emptied()"
        )
