"""Dates and instants in SQL, always in a named time zone: nothing depends on a setting of the engine."""

from __future__ import annotations

from sqlglot import exp

from bocage.catalog.vocabulary import FieldType
from bocage.query.odsql.date_formats import Piece
from bocage.query.plan import Call, Expression
from bocage.query.sql import Parameters, Sql, Writer, binary, call, case, cast, concatenated, number, text

_PARTS = {
    "year": "year", "weekyear": "isoyear", "week": "weekofyear", "weekday_number": "isodow", "day_of_year": "dayofyear",
    "month": "month", "day": "day", "hour": "hour", "minute": "minute", "second": "second",
    "short_year": "year", "short_weekyear": "isoyear",
}  # fmt: skip
_MILLISECONDS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}
_HOURS = {"millisecond", "second", "minute", "hour"}
"""Units that do not follow the calendar: they last as long whatever a clock on the wall does."""


def local(writer: Writer, expression: Expression, timezone: str) -> Sql:
    """The time on the wall: TIMESTAMP. A date is its midnight everywhere."""
    value = writer.value(expression)
    if expression.type == FieldType.DATE:
        return cast(value, "TIMESTAMP")
    if timezone == "UTC":  # much cheaper than the calendar of a time zone
        return call("make_timestamp", call("epoch_us", value))
    return call("timezone", text(timezone), value)


def instant(value: Sql, timezone: str) -> Sql:
    """The instant of a time on the wall: TIMESTAMPTZ."""
    return call("timezone", text(timezone), value)


def part(writer: Writer, node: Call) -> Sql:
    return call(node.operation.value, local(writer, node.arguments[0], node.timezone))


def day_end(writer: Writer, node: Call) -> Sql:
    """TIMESTAMPTZ, to the microsecond."""
    last = exp.Interval(this=text("86399999999"), unit=exp.var("microsecond"))
    return instant(binary(exp.Add, local(writer, node.arguments[0], node.timezone), last), node.timezone)


def formatted(writer: Writer, node: Call) -> Sql:
    moment = local(writer, node.arguments[0], node.timezone)
    pieces = [_piece(piece, moment, writer.parameters) for piece in node.options]
    nothing = case([(exp.Not(this=exp.Is(this=moment.copy(), expression=exp.Null())), text(""))])
    return concatenated([nothing, *pieces])  # missing when the date is, even when only text is written


def _piece(piece: Piece, moment: Sql, parameters: Parameters) -> Sql:
    if piece.part == "text":
        return parameters.bind(piece.text)
    if piece.names:
        index = call("month" if piece.part.startswith("month") else "isodow", moment.copy())
        return call("list_extract", exp.Array(expressions=[text(name) for name in piece.names]), index)
    value = call(_PARTS[piece.part], moment.copy())
    if piece.part in ("short_year", "short_weekyear"):
        value = call("mod", value, number(100))
    digits = cast(value, "VARCHAR")
    if piece.width == 1:
        return digits
    return call(
        "lpad", digits, cast(call("greatest", number(piece.width), call("length", digits.copy())), "INTEGER"), text("0")
    )


def step(writer: Writer, node: Call) -> Sql:
    """Start of the interval: on the wall; in UTC for the hours of a time zone, of which a wall may show one twice."""
    count, unit = node.options
    moment = local(writer, node.arguments[0], node.timezone)
    if _is_in_utc(node):
        start = binary(exp.Sub, call("epoch_us", writer.value(node.arguments[0])), _since(moment, 1000 * _width(node)))
        return call("make_timestamp", start)
    if count == 1:
        return call("date_trunc", text(unit), moment)
    start = binary(exp.Sub, call("epoch_us", moment), _since(moment.copy(), 1000 * _width(node)))
    return call("make_timestamp", start)


def _width(node: Call) -> int:
    """Milliseconds of an interval of fixed length."""
    count, unit = node.options
    return int(count * _MILLISECONDS[unit])


def _is_in_utc(node: Call) -> bool:
    _, unit = node.options
    return unit in _HOURS and node.timezone != "UTC" and node.arguments[0].type == FieldType.DATETIME


def _since(moment: Sql, width: int) -> Sql:
    """Microseconds since the interval began; `mod` is negative before 1970."""
    size = number(width)
    return call("mod", binary(exp.Add, call("mod", call("epoch_us", moment), size), size.copy()), size.copy())


def step_label(writer: Writer, node: Call) -> Sql:
    """`[2020-01-01T00:00:00.000Z, 2020-01-02T00:00:00.000Z[`"""
    key = node.arguments[0]
    assert isinstance(key, Call)  # noqa: S101  plans are made so
    count, unit = node.options
    start = writer.value(key)
    size = exp.Interval(this=text(str(count)), unit=exp.var(unit))
    ends = [start, binary(exp.Add, start.copy(), size)]
    stamps = [_stamp_of_utc(end, key.timezone) if _is_in_utc(key) else stamp(end, key.timezone) for end in ends]
    return concatenated([text("["), stamps[0], text(", "), stamps[1], text("[")])


def stamp(wall: Sql, timezone: str) -> Sql:
    """ISO 8601 of a time on the wall, with milliseconds and its offset (Z in UTC)."""
    if timezone == "UTC":
        return concatenated([_written(wall), text("Z")])
    utc = call("make_timestamp", call("epoch_us", instant(wall.copy(), timezone)))
    return concatenated([_written(wall), *_offset(wall.copy(), utc)])


def _stamp_of_utc(utc: Sql, timezone: str) -> Sql:
    """The same from the time in UTC."""
    wall = call("timezone", text(timezone), instant(utc, "UTC"))
    return concatenated([_written(wall), *_offset(wall.copy(), utc.copy())])


def _written(wall: Sql) -> Sql:
    return call("strftime", wall, text("%Y-%m-%dT%H:%M:%S.%g"))


def _offset(wall: Sql, utc: Sql) -> list[Sql]:
    """`+02:00`"""
    minutes = call("date_diff", text("minute"), utc, wall)
    size = call("abs", minutes)
    sign = case([(exp.LT(this=minutes.copy(), expression=number(0)), text("-"))], text("+"))
    hours = call("lpad", cast(exp.IntDiv(this=size, expression=number(60)), "VARCHAR"), number(2), text("0"))
    rest = call("lpad", cast(call("mod", size.copy(), number(60)), "VARCHAR"), number(2), text("0"))
    return [sign, hours, text(":"), rest]
