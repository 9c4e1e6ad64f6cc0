"""The second lock of a session: one SELECT at a time, on tables, and no function that reads anything else.

The engine under it is hardened already, but the configuration does not stop everything: `SELECT * FROM
enable_logging(…)` can make every later query of the process fail, `read_duckdb(…)` opens another version's copy.
So every table function is refused unless listed here: what the next DuckDB adds is refused until looked at.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import duckdb

HARMLESS = frozenset({"unnest", "json_each", "json_tree", "st_generatepoints"})
"""Table functions that only look at their arguments."""

BEGINNINGS = ("select", "with", "from", "values", "describe")
"""The engine counts PRAGMA and SHOW as SELECTs."""

_FIRST = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(\w*)", re.DOTALL)
_NAME = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>\w+)')
_NAMES = (duckdb.token_type.identifier, duckdb.token_type.keyword)


class StatementRefused(RuntimeError):
    """A programming error: a session was given something else than one SELECT on tables."""


def reaching_functions(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Lower-case names of the functions of this engine that reach for something: every table function but HARMLESS.

    A name that is a scalar function too (`repeat`, `range`) is left alone: none of those reaches for anything.
    """
    rows = connection.execute(
        "SELECT lower(function_name) FROM duckdb_functions() "
        "GROUP BY 1 HAVING bool_and(function_type IN ('table', 'pragma'))"
    ).fetchall()
    return frozenset(name for (name,) in rows) - HARMLESS


def one_select(connection: duckdb.DuckDBPyConnection, sql: str, refused: frozenset[str]) -> duckdb.Statement:
    """Parse `sql`, ready to execute. Raises StatementRefused unless it is one SELECT that calls nothing of `refused`."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise StatementRefused("a session runs one SELECT at a time")
    first = _FIRST.match(sql)
    if first is None or first[1].lower() not in BEGINNINGS:
        raise StatementRefused(f"a session runs SELECTs, which begin with one of {', '.join(BEGINNINGS)}")
    called = _called(sql)
    if reaching := called & refused:
        raise StatementRefused(f"a session does not call {', '.join(sorted(reaching))}")
    return statements[0]


@lru_cache(maxsize=256)
def _called(sql: str) -> frozenset[str]:
    """Lower-case names followed by a parenthesis, found by the engine's own tokenizer: texts and comments are skipped. Statements
    whose values are bound come back, and are looked at once: a long one takes some milliseconds."""
    raw = sql.encode()
    tokens = duckdb.tokenize(sql)
    names: set[str] = set()
    for (start, kind), (following, _kind) in pairwise(tokens):
        if kind in _NAMES and raw[following : following + 1] == b"(":
            match = _NAME.match(raw[start:following].decode())
            if match:
                names.add((match["plain"] or match["quoted"].replace('""', '"')).lower())
    return frozenset(names)
