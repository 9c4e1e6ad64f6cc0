"""What a column shows to a reader from whom its values are kept: SQL of the mask, and the field as the reader knows it.

A mask that cannot be applied to the type of its column hides it: a rule written for a former version never shows more. A value
of which nothing can be made is missing: masks are applied to rows that the reader does not see too, and no fault may tell of them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

from bocage.access.vocabulary import Mask
from bocage.catalog.vocabulary import FieldType
from bocage.query.places import METRES_PER_DEGREE
from bocage.query.rendering import literal
from bocage.query.rendering import name as quoted

if TYPE_CHECKING:
    from bocage.access.restrictions import Masked
    from bocage.catalog.fields import Field

NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
SIMPLE = (FieldType.STRING, *NUMBERS, FieldType.BOOLEAN, FieldType.DATE, FieldType.DATETIME)
PSEUDONYM_LENGTH = 16
"""Hexadecimal digits: two of a million values share one with a probability of one in forty million."""
BOUNDS = ("xmin", "ymin", "xmax", "ymax")


def masked_field(field: Field, masked: Masked) -> Field | None:
    """The field as the reader knows it; None when it does not exist for them."""
    match masked.mask:
        case Mask.HASH if field.type in SIMPLE:
            return dataclasses.replace(field, type=FieldType.STRING)
        case Mask.TRUNCATE if field.type == FieldType.STRING and masked.to.isascii() and masked.to.isdigit():
            return field
        case Mask.ROUND if field.type in NUMBERS and _step(masked.to, field.type) is not None:
            return field
        case Mask.PERIOD if field.type in (FieldType.DATE, FieldType.DATETIME) and masked.to in ("month", "year"):
            return field
        case _:
            return None


def masked_sql(field: Field, masked: Masked, salt: str) -> str:
    """The value shown, of a column that `masked_field` keeps. `salt`: pseudonyms of two datasets are never the same."""
    value = quoted(field.name)
    match masked.mask:
        case Mask.HASH:
            secret = salted_hmac("bocage.query.pseudonyms", f"{salt} {field.name}", algorithm="sha256").hexdigest()
            text = f"TRY(epoch_us({value}))::VARCHAR" if field.type == FieldType.DATETIME else f"{value}::VARCHAR"
            return f"left(sha256({literal(secret)} || {text}), {PSEUDONYM_LENGTH})"
        case Mask.TRUNCATE:
            return f"left({value}, {int(masked.to)})"
        case Mask.ROUND:
            return _rounded(value, masked.to, field.type)
        case _:
            return _period(value, masked.to, field.type)


def _step(text: str, kind: FieldType) -> float | int | None:
    try:
        step = int(text) if kind == FieldType.INTEGER else float(text)
    except ValueError:
        return None
    return step if 0 < step < (2**62 if kind == FieldType.INTEGER else float("inf")) else None


def _rounded(value: str, to: str, kind: FieldType) -> str:
    step = _step(to, kind)
    if kind == FieldType.INTEGER:  # of negative numbers too, down; a fault would tell that one is at the end of 64 bits
        return f"TRY({value} - (({value} % {step}) + {step}) % {step})"
    return f"floor({value} / {step!r}) * {step!r}"


_DAYS_SINCE = {"month": "day", "year": "dayofyear"}


def _period(value: str, to: str, kind: FieldType) -> str:
    """The first day of the period. Counting back the days costs a fifth of `date_trunc`, which filters ask of every row."""
    day = value if kind == FieldType.DATE else f"timezone('UTC', {value})::DATE"
    first = f"TRY({day} - ({_DAYS_SINCE[to]}({day})::INTEGER - 1))"
    return first if kind == FieldType.DATE else f"timezone('UTC', {first}::TIMESTAMP)"


def blurred_sql(field: Field, grid_m: int) -> list[str]:
    """The position, or the middle of the bounds of a shape, as the middle of the square of the grid where it is; with its
    bounds. The squares are as wide as high: their width in degrees grows with the latitude of their row."""
    side = grid_m / METRES_PER_DEGREE
    low, high = (f"({quoted(f'_{field.name}_{axis}min')} + {quoted(f'_{field.name}_{axis}max')}) / 2" for axis in "xy")
    lat = _within(high, f"(floor(({high}) / {side!r}) + 0.5) * {side!r}", 90)
    wide = f"({side!r} / greatest(cos(radians({lat})), 0.01))"
    lon = _within(low, f"(floor(({low}) / {wide}) + 0.5) * {wide}", 180)
    shown = [f"ST_Point({lon}, {lat})::GEOMETRY('OGC:CRS84') AS {quoted(field.name)}"]
    return shown + [
        f"{lon if bound.startswith('x') else lat} AS {quoted(f'_{field.name}_{bound}')}" for bound in BOUNDS
    ]


def _within(there: str, angle: str, most: int) -> str:
    """`there`: missing where the angle is, which `least` and `greatest` would take a limit for. The angle is written once: the one
    of a longitude holds that of its latitude, twice."""
    return f"(CASE WHEN ({there}) IS NOT NULL THEN greatest(-{most}, least({most}, {angle})) END)"


def plain_sql(field: Field) -> list[str]:
    """The column as it is, with its bounds when it has some."""
    columns = [quoted(field.name)]
    if field.type.is_geographic:
        columns += [quoted(f"_{field.name}_{bound}") for bound in BOUNDS]
    return columns
