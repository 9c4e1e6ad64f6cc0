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
    """Start of the interval, on the wall."""
    count, unit = node.options
    moment = local(writer, node.arguments[0], node.timezone)
    if count == 1:
        return call("date_trunc", text(unit), moment)
    width = number(count * _MILLISECONDS[unit])
    elapsed = call("epoch_ms", moment)
    start = binary(
        exp.Sub, elapsed, call("mod", binary(exp.Add, call("mod", elapsed.copy(), width), width.copy()), width.copy())
    )
    return call("make_timestamp", binary(exp.Mul, start, number(1000)))


def step_label(writer: Writer, node: Call) -> Sql:
    """`[2020-01-01T00:00:00.000Z, 2020-01-02T00:00:00.000Z[`"""
    count, unit = node.options
    start = writer.value(node.arguments[0])
    size = exp.Interval(this=text(str(count)), unit=exp.var(unit))
    end = binary(exp.Add, start.copy(), size)
    return concatenated([text("["), stamp(start, node.timezone), text(", "), stamp(end, node.timezone), text("[")])


def stamp(value: Sql, timezone: str) -> Sql:
    """ISO 8601 of a time on the wall, with milliseconds and its offset (Z in UTC)."""
    written = call("strftime", value, text("%Y-%m-%dT%H:%M:%S.%g"))
    if timezone == "UTC":
        return concatenated([written, text("Z")])
    utc = call("make_timestamp", call("epoch_us", instant(value.copy(), timezone)))
    minutes = call("date_diff", text("minute"), utc, value.copy())
    size = call("abs", minutes)
    sign = case([(exp.LT(this=minutes.copy(), expression=number(0)), text("-"))], text("+"))
    hours = call("lpad", cast(exp.IntDiv(this=size, expression=number(60)), "VARCHAR"), number(2), text("0"))
    rest = call("lpad", cast(call("mod", size.copy(), number(60)), "VARCHAR"), number(2), text("0"))
    return concatenated([written, sign, hours, text(":"), rest])
