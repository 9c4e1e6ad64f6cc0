"""Longitude and latitude of a column of type geopoint, in SQL doubles (degrees, CRS84), for each of its three formats."""

from __future__ import annotations

from bocage.check.rules.kinds import Cell


def position_of(cell: Cell) -> tuple[str, str]:
    """SQL doubles, NULL when the text does not give them."""
    text = cell.text
    if cell.field.format == "array":
        return _number(_json(text, "$[0]")), _number(_json(text, "$[1]"))
    if cell.field.format == "object":
        return _number(_json(text, "$.lon")), _number(_json(text, "$.lat"))
    return _number(f"split_part({text}, ',', 1)"), _number(f"split_part({text}, ',', 2)")


def _json(text: str, path: str) -> str:
    # JSON that cannot be read raises: asked only of what can.
    return f"CASE WHEN json_valid({text}) THEN json_extract_string({text}, '{path}') END"


def _number(text: str) -> str:
    return f"TRY_CAST(trim({text}) AS DOUBLE)"
