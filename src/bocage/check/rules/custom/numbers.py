"""Numbers of a column in SQL, as exact as they were written: what comparing and adding up need."""

from __future__ import annotations

from bocage.check.rules.kinds import Cell
from bocage.store.engine import literal

# What Python reads as a number, but infinities and NaN, which no comparison of columns can use.
_DIGITS = r"[0-9](?:_?[0-9])*"
_LOOKS_NUMERIC = rf"\s*[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?\s*"
_EXACT = 18  # decimals kept: beyond, and beyond 20 digits before the point, a double is compared instead


def looks_numeric(text: str) -> str:
    """SQL boolean: the text would be read as a number, with a point and without separators of thousands."""
    return f"regexp_full_match({text}, {literal(_LOOKS_NUMERIC)})"


def plain(text: str) -> str:
    return f"replace(trim({text}), '_', '')"


def number_text(cell: Cell) -> str:
    """SQL text of a numeric column in plain notation, whatever its decimal mark."""
    written, field = cell.text, cell.field
    if field.type == "boolean":
        return f"CAST(CAST({cell.value} AS INTEGER) AS VARCHAR)"
    if field.type != "number":
        return f"CAST({cell.value} AS VARCHAR)"
    if not field.bare_number:
        written = f"regexp_replace({written}, '^[^0-9+.-]*|[^0-9]*$', '', 'g')"
    if field.group_char:
        written = f"replace({written}, {literal(field.group_char)}, '')"
    if field.decimal_char != ".":
        written = f"replace({written}, {literal(field.decimal_char)}, '.')"
    return plain(written)


def exact(text: str) -> str:
    """SQL decimal of a plain text; NULL when it does not fit."""
    # 1e3 and the like go through a double, which holds them.
    return (
        f"COALESCE(TRY_CAST({text} AS DECIMAL(38,{_EXACT})), "
        f"CASE WHEN contains(lower({text}), 'e') THEN TRY_CAST(TRY_CAST({text} AS DOUBLE) AS DECIMAL(38,{_EXACT})) END)"
    )


def double(text: str) -> str:
    return f"TRY_CAST({text} AS DOUBLE)"


def compared(one: str, other: str, operator: str) -> str:
    """SQL boolean: two plain texts compared as numbers; whole ones whatever their size, decimals exactly when they fit."""
    whole = f"CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {{0}} {operator} {{1}} END"
    integers = whole.format(_integer(one), _integer(other))
    decimals = whole.format(exact(one), exact(other))
    return f"COALESCE({integers}, {decimals}, {double(one)} {operator} {double(other)}, FALSE)"


def _integer(text: str) -> str:
    return rf"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+') THEN TRY_CAST({text} AS HUGEINT) END"
