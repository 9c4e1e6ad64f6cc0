"""Calls and aggregates of a plan as SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from sqlglot import exp

from bocage.catalog.vocabulary import FieldType
from bocage.query import distances, folds, places, times
from bocage.query.plan import Aggregate, Call, Operation, Summary
from bocage.query.rendering import JSON_STRING, NOT_JSON
from bocage.query.sql import Sql, Writer, binary, call, case, cast, column, concatenated, is_null, null, number, text

_OPERATORS: dict[Operation, type[exp.Binary]] = {
    Operation.ADD: exp.Add,
    Operation.SUBTRACT: exp.Sub,
    Operation.MULTIPLY: exp.Mul,
    Operation.DIVIDE: exp.Div,
}


def call_sql(writer: Writer, node: Call) -> Sql:
    return _WRITERS[node.operation](writer, node)


def _arithmetic(writer: Writer, node: Call) -> Sql:
    """Whole numbers stay whole; one too large for 64 bits is missing, as is a division by zero."""
    left, right = (writer.value(argument) for argument in node.arguments)
    if node.type == FieldType.INTEGER:
        return call("TRY", binary(_OPERATORS[node.operation], cast(left, "BIGINT"), cast(right, "BIGINT")))
    left, right = cast(left, "DOUBLE"), cast(right, "DOUBLE")
    if node.operation is Operation.DIVIDE:
        right = call("nullif", right, number(0))
    return binary(_OPERATORS[node.operation], left, right)


def _negate(writer: Writer, node: Call) -> Sql:
    """The least of the whole numbers of 64 bits has no opposite: it is missing."""
    opposite = exp.Paren(this=exp.Neg(this=exp.Paren(this=writer.value(node.arguments[0]))))
    return call("TRY", opposite) if node.type == FieldType.INTEGER else opposite


def _modulo(writer: Writer, node: Call) -> Sql:
    left, right = _same(writer, node)
    return exp.Paren(this=exp.Mod(this=left, expression=call("nullif", right, number(0))))


def _whole_divide(writer: Writer, node: Call) -> Sql:
    """Of whole numbers in whole numbers throughout; the least of them has no quotient by -1."""
    left, right = _same(writer, node)
    right = call("nullif", right, number(0))
    if node.type == FieldType.INTEGER:
        return call("TRY", exp.Paren(this=exp.IntDiv(this=left, expression=right)))
    return call("trunc", binary(exp.Div, left, right))


def _same(writer: Writer, node: Call) -> tuple[Sql, Sql]:
    kind = "BIGINT" if node.type == FieldType.INTEGER else "DOUBLE"
    left, right = (cast(writer.value(argument), kind) for argument in node.arguments)
    return left, right


def _power(writer: Writer, node: Call) -> Sql:
    """Missing where it is no number: the engine would say NaN, which it finds greater than all others."""
    base, exponent = (cast(writer.value(argument), "DOUBLE") for argument in node.arguments)
    power = call("TRY", call("pow", base, exponent))
    return case([(call("isfinite", power), power.copy())])


def _plain(name: str) -> Callable[[Writer, Call], Sql]:
    return lambda writer, node: call(name, *(writer.value(argument) for argument in node.arguments))


def _bytes(writer: Writer, node: Call) -> Sql:
    written = [
        call("ST_AsText", writer.value(one)) if one.type.is_geographic else cast(writer.value(one), "VARCHAR")
        for one in node.arguments
    ]
    return call("strlen", call("concat", text(""), *written))


def _coalesce(writer: Writer, node: Call) -> Sql:
    values = [writer.value(argument) for argument in node.arguments]
    if node.type == FieldType.DATETIME:
        values = [
            times.instant(cast(value, "TIMESTAMP"), "UTC") if argument.type == FieldType.DATE else value
            for value, argument in zip(values, node.arguments, strict=True)
        ]
    return call("coalesce", *values)


def _parse_json(writer: Writer, node: Call) -> Sql:
    """The text, or when it is no JSON the fallback (option 0): None is the text all the same, "" is nothing."""
    (otherwise,) = node.options
    first = writer.value(node.arguments[0])
    if otherwise is None:
        return first
    fallback = writer.parameters.bind(otherwise) if otherwise else null()
    return case([(is_null(first), null()), (_is_json(first.copy()), first.copy())], fallback)


def _is_json(value: Sql) -> Sql:
    """The engine reads NaN and infinities, which no JSON has: they are looked for outside of strings."""
    bare = call("regexp_replace", value.copy(), text(JSON_STRING), text('""'), text("g"))
    strange = exp.Not(this=call("regexp_matches", bare, text(NOT_JSON)))
    return binary(exp.And, call("json_valid", value), strange)


def _step(writer: Writer, node: Call) -> Sql:
    (width,) = node.options
    value = writer.value(node.arguments[0])
    if node.type == FieldType.INTEGER:  # in whole numbers throughout: those of 64 bits are more precise than decimals
        size = number(width)
        value = cast(value, "HUGEINT")
        above = call("mod", binary(exp.Add, call("mod", value.copy(), size), size.copy()), size.copy())
        return binary(exp.Sub, value, above)
    return binary(exp.Mul, call("floor", _ratio(value, width, writer)), writer.parameters.bind(float(width)))


def _ratio(value: Sql, width: float, writer: Writer) -> Sql:
    return binary(exp.Div, cast(value, "DOUBLE"), writer.parameters.bind(float(width)))


def _step_label(writer: Writer, node: Call) -> Sql:
    """Whole numbers: `[0, 14]`; others: `[20.0, 40.0[`."""
    (width,) = node.options
    low = writer.value(node.arguments[0])
    if node.arguments[0].type == FieldType.INTEGER:
        high = binary(exp.Add, low.copy(), number(width - 1))
        return concatenated([text("["), cast(low, "VARCHAR"), text(", "), cast(high, "VARCHAR"), text("]")])
    high = binary(exp.Add, low.copy(), writer.parameters.bind(float(width)))
    return concatenated([text("["), cast(low, "VARCHAR"), text(", "), cast(high, "VARCHAR"), text("[")])


def _bins(writer: Writer, node: Call) -> Sql:
    """How many bounds are at or under the value."""
    operand = node.arguments[0]
    value = writer.value(operand)
    if operand.type == FieldType.DATE:
        value = times.instant(cast(value, "TIMESTAMP"), node.timezone)
    branches: list[tuple[Sql, Sql]] = [(is_null(value), null())]
    uppers = list(node.options[1:])
    for index, upper in enumerate(uppers):
        if upper is not None:
            bound = writer.parameters.bind(float(upper) if isinstance(upper, float) else upper)
            branches.append((exp.LT(this=value.copy(), expression=bound), number(index)))
    return case(branches, number(len(uppers) - 1))


def _bins_label(writer: Writer, node: Call) -> Sql:
    whole, *bounds = node.options
    index = writer.value(node.arguments[0])
    pairs = pairwise(bounds)
    labels = [_interval(low, high, whole, node.timezone) for low, high in pairs]
    return call(
        "list_extract", exp.Array(expressions=[text(label) for label in labels]), binary(exp.Add, index, number(1))
    )


def _interval(low: Any, high: Any, whole: bool, timezone: str) -> str:
    if whole:
        return f"[{'*' if low is None else low}, {'*' if high is None else high - 1}]"
    return f"[{_bound(low, timezone)}, {_bound(high, timezone)}["


def _bound(value: Any, timezone: str) -> str:
    if value is None:
        return "*"
    if isinstance(value, datetime):
        from bocage.query.odsql.dates import zone

        local = value.astimezone(UTC if timezone == "UTC" else zone(timezone))
        return local.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(float(value))


def _shuffle(writer: Writer, node: Call) -> Sql:
    of = [writer.value(argument) for argument in node.arguments] or [column("_row")]
    return call("hash", *of, number(node.options[0]))


def _list(writer: Writer, node: Call) -> Sql:
    values = exp.Array(expressions=[writer.value(argument) for argument in node.arguments])
    texts = exp.DataType(
        this=exp.DataType.Type.ARRAY, expressions=[exp.DataType(this=exp.DataType.Type.TEXT)], nested=True
    )
    return exp.Cast(this=values, to=texts)


def _each(writer: Writer, node: Call) -> Sql:
    return writer.each(writer.value(node.arguments[0]))


_WRITERS: dict[Operation, Callable[[Writer, Call], Sql]] = {
    Operation.ADD: _arithmetic,
    Operation.SUBTRACT: _arithmetic,
    Operation.MULTIPLY: _arithmetic,
    Operation.DIVIDE: _arithmetic,
    Operation.NEGATE: _negate,
    Operation.POWER: _power,
    Operation.MODULO: _modulo,
    Operation.WHOLE_DIVIDE: _whole_divide,
    Operation.LENGTH: _plain("length"),
    Operation.BYTES: _bytes,
    Operation.LOWER: _plain("lower"),
    Operation.FOLD_CASE: folds.case_folded,
    Operation.FOLD_ACCENTS: folds.accents_folded,
    Operation.COALESCE: _coalesce,
    Operation.PARSE_JSON: _parse_json,
    Operation.YEAR: times.part,
    Operation.MONTH: times.part,
    Operation.DAY: times.part,
    Operation.HOUR: times.part,
    Operation.MINUTE: times.part,
    Operation.SECOND: times.part,
    Operation.DAY_END: times.day_end,
    Operation.FORMAT_DATE: times.formatted,
    Operation.DISTANCE: distances.distance_call,
    Operation.STEP: _step,
    Operation.STEP_LABEL: _step_label,
    Operation.DATE_STEP: times.step,
    Operation.DATE_STEP_LABEL: times.step_label,
    Operation.BINS: _bins,
    Operation.BINS_LABEL: _bins_label,
    Operation.CLUSTER: places.cluster,
    Operation.CENTROID: places.centroid,
    Operation.SHUFFLE: _shuffle,
    Operation.EACH: _each,
    Operation.LIST: _list,
    Operation.SHAPE: places.shape_call,
}


def aggregate_sql(writer: Writer, node: Aggregate) -> Sql:
    if node.argument is None:
        return exp.Count(this=exp.Star())
    if node.summary in (Summary.HULL, Summary.BOX, Summary.LONGITUDE, Summary.LATITUDE):
        return places.aggregate(writer, node)
    value = writer.value(node.argument)
    return _SUMMARIES[node.summary](value, node)


def _count(value: Sql, node: Aggregate) -> Sql:
    """Of lists, the different values that they hold, as their groups and facets are."""
    if node.distinct and node.argument is not None and node.argument.type == FieldType.ARRAY:
        lists = call("list", exp.Distinct(expressions=[value]))
        return call("coalesce", call("len", call("list_distinct", call("flatten", lists))), number(0))
    return exp.Count(this=exp.Distinct(expressions=[value]) if node.distinct else value)


def _sum(value: Sql, node: Aggregate) -> Sql:
    """Of whole numbers, a whole number of 64 bits; missing beyond."""
    total = call("sum", value)
    if node.type != FieldType.INTEGER:
        return total
    return exp.TryCast(this=total, to=exp.DataType(this=exp.DataType.Type.BIGINT))


def _percentile(value: Sql, node: Aggregate) -> Sql:
    fraction = exp.Literal.number(format(node.fraction, ".17f"))
    if node.type == FieldType.NUMBER:
        return call("quantile_cont", cast(value, "DOUBLE"), fraction)
    return call("quantile_disc", value, fraction)


LARGEST_SQUARED = 1e150


def _deviation(value: Sql, _node: Aggregate) -> Sql:
    """The engine fails on what it cannot square, rather than say that it does not know."""
    number = cast(value, "DOUBLE")
    bound = exp.Literal.number(f"{LARGEST_SQUARED:.0f}")
    small = exp.LT(this=call("abs", number), expression=bound)
    every = exp.LT(this=call("max", call("abs", number.copy())), expression=bound.copy())
    return case([(every, call("stddev_pop", case([(small, number.copy())])))])


_SUMMARIES: dict[Summary, Callable[[Sql, Aggregate], Sql]] = {
    Summary.COUNT: _count,
    Summary.SUM: _sum,
    Summary.PERCENTILE: _percentile,
    Summary.DEVIATION: _deviation,
    Summary.AVERAGE: lambda value, _node: call("avg", cast(value, "DOUBLE")),
    Summary.MINIMUM: lambda value, _node: call("min", value),
    Summary.MAXIMUM: lambda value, _node: call("max", value),
}
