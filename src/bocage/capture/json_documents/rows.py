"""JSON objects, one per row, turned into columns without losing anything: codes, big integers, nested values, mixed types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bocage.capture.errors import TooManyColumns
from bocage.capture.positions.notices import MIXED_TYPES, notice
from bocage.capture.reading import Column
from bocage.capture.sql import identifier, literal
from bocage.capture.tables.rows_file import CODE_TEXT, unique_names, write_rows
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop
from bocage.store.staged import Notice

MOST_KEYS = 2_000
_INTEGERS = {"BIGINT", "UBIGINT"}
_NUMBERS = _INTEGERS | {"DOUBLE"}


@dataclass(frozen=True)
class Rows:
    """`relation`: SQL of the rows as written to disk; `select`: what to select from it, one expression per column."""

    relation: str
    select: tuple[str, ...]
    columns: tuple[Column, ...]
    notices: tuple[Notice, ...]
    row_count: int


def pointer(key: str) -> str:
    """JSON pointer (RFC 6901) of a top-level key: any character may be in a key."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _sql_text(text: str) -> str:
    """An SQL string of any text: SQL itself cannot hold a NUL, JSON can."""
    return " || chr(0) || ".join(literal(part) for part in text.split("\x00"))


def keys_of(workshop: Workshop, source: str, value: str) -> list[str]:
    """Keys of the objects `value` (an expression over the relation `source`), in the order of their first appearance."""
    found = workshop.execute(f"""
        SELECT key, min(r * {MOST_KEYS * 10} + place) AS first FROM (
            SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS place, r
            FROM (SELECT json_keys({value}) AS keys, row_number() OVER () AS r FROM {source}))
        GROUP BY key ORDER BY first LIMIT {MOST_KEYS + 1}""")
    if len(found) > MOST_KEYS:
        raise TooManyColumns(columns=f"{MOST_KEYS}+", limit=MOST_KEYS)
    return [key for key, _ in found]


def read_objects(
    workshop: Workshop,
    source: str,
    value: str,
    *,
    leading: Mapping[str, str] | None = None,
    extra: str = "",
    typed: bool = True,
) -> Rows:
    """Columns of the objects `value` of the relation `source`.

    `leading`: JSON values outside the object that come first, label → SQL (the `id` of a Feature), kept when one row has it.
    `extra`: SQL of more columns to keep in the relation (a geometry), with their names.
    `typed`: a number is written without quotes, so digits between quotes are codes; false where all is text (KML).
    """
    leading = dict(leading or {})
    keys = keys_of(workshop, source, value)
    labels = [*leading, *keys]
    names = unique_names(labels, reserved=("geometry", "unread"))
    pointers = "[" + ", ".join(_sql_text(pointer(key)) for key in keys) + "]"
    parts = [f"CAST({sql} AS VARCHAR)" for sql in leading.values()]
    parts += [f"CAST(v[{place}] AS VARCHAR)" for place in range(1, len(keys) + 1)]
    picked = ", ".join(
        [f"{_value(part)} AS {identifier(name)}" for part, name in zip(parts, names, strict=True)]
        + ([extra] if extra else [])
    )
    values = f"json_extract({value}, {pointers})" if keys else "[]"
    relation = write_rows(
        workshop, f"SELECT {picked or 'NULL AS nothing'} FROM (SELECT *, {values} AS v FROM {source})"
    )
    rows = _typed(workshop, relation, names, labels, optional=set(names[: len(leading)]))
    return rows if typed else replace(rows, columns=tuple(replace(column, type=None) for column in rows.columns))


def _value(text: str) -> str:
    """NULL for what means nothing: `null`, and the NaN and Infinity that some languages write although JSON has none."""
    return f"CASE WHEN {text} NOT IN ('null', 'NaN', 'Infinity', '-Infinity') THEN {text} END"


def _typed(workshop: Workshop, relation: str, names: Sequence[str], labels: Sequence[str], optional: set[str]) -> Rows:
    select, columns, notices = [], [], []
    for name, label, kinds, facts in _kinds(workshop, relation, names, labels):
        if not kinds and name in optional:
            continue
        column, expression, mixed = _column(name, label, kinds, facts)
        columns.append(column)
        select.append(f"{expression} AS {identifier(name)}")
        if mixed:
            notices.append(notice(MIXED_TYPES, column=label))
    [(count,)] = workshop.execute(f"SELECT count(*) FROM {relation}")
    return Rows(relation, tuple(select), tuple(columns), tuple(notices), count)


def _kinds(
    workshop: Workshop, relation: str, names: Sequence[str], labels: Sequence[str]
) -> list[tuple[str, str, set[str], tuple[bool | None, ...]]]:
    """For each column: the JSON types seen, and whether all texts are made of digits, all numbers are 64-bit integers,
    all numbers are written as integers, all lists hold only texts."""
    found = []
    for at in range(0, len(names), 100):  # a bounded number of aggregates at once
        some = names[at : at + 100]
        tests = ", ".join(_tests(identifier(name)) for name in some)
        [row] = workshop.execute(f"SELECT {tests} FROM {relation}")
        for place, name in enumerate(some):
            kinds, *facts = row[place * 5 : place * 5 + 5]
            found.append((name, labels[at + place], set(kinds or ()) - {"NULL", None}, tuple(facts)))
    return found


def _tests(column: str) -> str:
    kind = f"json_type({column})"
    number = f"{kind} IN ('BIGINT', 'UBIGINT', 'DOUBLE')"
    return f"""list(DISTINCT {kind}),
        bool_and(regexp_full_match({column}, {literal('"' + CODE_TEXT + '"')})) FILTER ({kind} = 'VARCHAR'),
        bool_and(TRY_CAST({column} AS BIGINT) IS NOT NULL AND NOT contains({column}, '.')) FILTER ({number}),
        bool_and(regexp_full_match({column}, '-?[0-9]+')) FILTER ({number}),
        bool_and(len(list_filter(json_type({column}, '$[*]'), lambda t: t <> 'VARCHAR')) = 0) FILTER ({kind} = 'ARRAY')"""


def _column(name: str, label: str, kinds: set[str], facts: tuple[bool | None, ...]) -> tuple[Column, str, bool]:
    """The column, the SQL that reads its JSON text, and whether types were mixed."""
    numeric_texts, fit_64_bits, whole, text_lists = facts
    quoted = identifier(name)
    text = f"CASE WHEN {quoted}[1] = '\"' THEN {quoted}->>'$' ELSE {quoted} END"
    if kinds <= {"VARCHAR"}:  # nothing but texts: their type is to be inferred, unless they are codes
        return Column(name, label, FieldType.STRING if kinds and numeric_texts else None), text, False
    kind, expression = FieldType.STRING, text
    if kinds <= _NUMBERS and fit_64_bits:
        kind, expression = FieldType.INTEGER, f"CAST({quoted} AS BIGINT)"
    elif kinds <= _NUMBERS and not whole:  # an integer beyond 64 bits is an identifier
        kind, expression = FieldType.NUMBER, f"CAST({quoted} AS DOUBLE)"
    elif kinds == {"BOOLEAN"}:
        kind, expression = FieldType.BOOLEAN, f"CAST({quoted} AS BOOLEAN)"
    elif kinds == {"ARRAY"} and text_lists:
        kind, expression = FieldType.ARRAY, f"from_json({quoted}, '[\"VARCHAR\"]')"
    elif kinds <= {"ARRAY", "OBJECT"}:
        kind, expression = FieldType.OBJECT, quoted
    return Column(name, label, kind), expression, kind == FieldType.STRING and not kinds <= _NUMBERS
