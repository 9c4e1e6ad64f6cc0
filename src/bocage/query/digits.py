"""Numbers as text, written by the engine for whole columns at once. Every function takes and returns SQL."""

from __future__ import annotations


def finite(column: str) -> str:
    """Neither JSON nor a spreadsheet has NaN or infinity: they are missing values."""
    quick = f"CASE WHEN {is_plain(column)} THEN to_json({column})::VARCHAR"
    return f"{quick} WHEN isfinite({column}::DOUBLE) THEN {column}::VARCHAR END"


def digits(number: str) -> str:
    """The text of a number, as `::VARCHAR` gives it."""
    return f"CASE WHEN {is_plain(number)} THEN to_json({number})::VARCHAR ELSE {number}::VARCHAR END"


def is_plain(number: str) -> str:
    """SQL: is it a double that JSON writes as `::VARCHAR` does? Both give the fewest digits that read back as the same number, but
    JSON takes two fifths of the time; small and large numbers, which `::VARCHAR` writes with an exponent, are left to it. The type
    is known before the rows are read: the condition costs nothing for the others."""
    ranges = (f"{number} BETWEEN 0.0001 AND 1e15", f"{number} BETWEEN -1e15 AND -0.0001", f"{number} = 0")
    return f"(typeof({number}) = 'DOUBLE' AND ({' OR '.join(ranges)}))"


def is_plain_pair(position: str) -> str:
    """The same of both sides of a {lon, lat}."""
    return f"{is_plain(f'{position}.lon')} AND {is_plain(f'{position}.lat')}"


def sides(position: str) -> tuple[str, str]:
    """The texts of the longitude and of the latitude of a pair."""
    return digits(f"{position}.lon"), digits(f"{position}.lat")
