"""How well the values of a column would do for a field of a schema, and the steps that they need for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bocage.check.mapping.code_lengths import code_length
from bocage.check.mapping.columns import Column, Content, content_of
from bocage.check.mapping.kinds.words import NO, YES
from bocage.check.mapping.normal import BLANKS, normal
from bocage.check.mapping.position_pairs import latitude_first
from bocage.check.mapping.steps import Step
from bocage.store.engine import EngineError, literal

if TYPE_CHECKING:
    from bocage.check.schema import SchemaField
    from bocage.store.engine import Workshop

NEAR_WORD = 0.86


@dataclass(frozen=True)
class Fit:
    """`share`: of the distinct values, those that do, once the steps are done. `telling`: 0 when anything would do as well
    (a text), 1 when only the right column does (SIRET, a list of values)."""

    share: float
    steps: tuple[Step, ...] = ()
    telling: float = 0.0


class Patterns:
    """The patterns of a schema, tried by the engine: its time is linear, whatever the pattern is."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._known: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}

    def accepted(self, pattern: str, values: Sequence[str]) -> frozenset[str]:
        """Those of `values` that the pattern accepts; all of them when the engine does not know the pattern."""
        key = (pattern, tuple(values))
        if key not in self._known:
            self._known[key] = self._asked(pattern, values)
        return self._known[key]

    def _asked(self, pattern: str, values: Sequence[str]) -> frozenset[str]:
        anchored = literal(f"^(?:{pattern})$")
        try:
            rows = self._workshop.execute(
                f"SELECT value FROM (SELECT unnest(?::VARCHAR[]) AS value) AS tried WHERE regexp_matches(value, {anchored})",
                [list(values)],
            )
        except EngineError:
            return frozenset(values)
        return frozenset(str(row[0]) for row in rows)


def fit(field: SchemaField, column: Column, patterns: Patterns) -> Fit | None:
    """None: the column is empty, its values say nothing."""
    if column.is_empty:
        return None
    values = [value for value in column.values if value not in (field.missing_values or ())]
    if not values:
        return None
    if field.type == "string" and field.constraints.get("enum"):
        return _listed(field, values)
    return _FITS.get(field.type, _text)(field, column, values, patterns)


def _listed(field: SchemaField, values: Sequence[str]) -> Fit:
    wanted = [str(one) for one in field.constraints["enum"]]
    exact = sum(1 for value in values if value in wanted)
    few = 1.0 if any(len(one) >= 4 for one in wanted) else 0.4
    if exact == len(values):
        return Fit(1.0, (), few)
    length = code_length(field)
    if length and all((value.zfill(length) if value.isdigit() else value) in wanted for value in values):
        return Fit(1.0, (Step("pad", {"length": length}),), few)
    table = {value: meant for value in values if (meant := _meant(value, wanted)) is not None and meant != value}
    share = (exact + len(table)) / len(values)
    return Fit(share, (Step("vocabulary", {"table": table}),) if table else (), few * share)


def _meant(value: str, wanted: Sequence[str]) -> str | None:
    """The value of the list that is meant: the same letters, or so near that no other is."""
    if value in wanted:
        return value
    plain = {normal(one): one for one in wanted}
    said = normal(value)
    if said in plain:
        return plain[said]
    if len(said) < 5:
        return None
    near = get_close_matches(said, plain, n=2, cutoff=NEAR_WORD)
    return plain[near[0]] if len(near) == 1 else None


def _boolean(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    right = {*field.true_values, *field.false_values}
    if all(value in right for value in values):
        return Fit(1.0, (), 0.3)
    words = {*YES, *NO}
    share = sum(1 for value in values if value in right or normal(value) in words) / len(values)
    yes = "true" if "true" in field.true_values else field.true_values[0] if field.true_values else "true"
    no = "false" if "false" in field.false_values else field.false_values[0] if field.false_values else "false"
    return Fit(share, (Step("boolean", {"true": yes, "false": no}),), 0.3)


_WHOLE = re.compile(r"[+-]?\d+")
_PLAIN = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d+)?")
_WRITTEN = re.compile(
    r"[+-]?[\d\s]*\d([.,]\d+)?\s*(€|euros?|%|mm|cm|m|km|m2|m²|m3|ha|kg|t|l|h|min|kw|kva|places?)?", re.IGNORECASE
)


def _integer(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    if all(_WHOLE.fullmatch(value) for value in values):
        return Fit(_in_bounds(field, values), (), 0.1)
    written = [value for value in values if _WRITTEN.fullmatch(value)]
    whole = [value for value in written if (number := _number(value)) is not None and number.is_integer()]
    share = len(whole) / len(values) * _in_bounds(field, whole)
    return Fit(share, (Step("number", {"whole": True}),), 0.1)


def _decimal(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    if all(_PLAIN.fullmatch(value) for value in values):
        return Fit(_in_bounds(field, values), (), 0.1)
    written = [value for value in values if _WRITTEN.fullmatch(value) or _PLAIN.fullmatch(value)]
    return Fit(len(written) / len(values) * _in_bounds(field, written), (Step("number"),), 0.1)


def _in_bounds(field: SchemaField, values: Sequence[str]) -> float:
    low, high = field.constraints.get("minimum"), field.constraints.get("maximum")
    if not values or (low is None and high is None):
        return 1.0
    numbers = [_number(value) for value in values]
    least, most = _number(str(low)) if low is not None else None, _number(str(high)) if high is not None else None
    inside = [
        one for one in numbers if one is not None and (least is None or one >= least) and (most is None or one <= most)
    ]
    return len(inside) / len(values)


def _number(text: str) -> float | None:
    found = re.match(r"[+-]?\d+([.,]\d+)?", "".join(text.split()))
    return float(found[0].replace(",", ".")) if found else None


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _date(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    wanted = field.format if field.format not in ("default", "any", "") else "%Y-%m-%d"
    if wanted == "%Y-%m-%d" and all(_ISO_DAY.fullmatch(value) for value in values):
        return Fit(1.0, (), 0.6)
    days = [value for value in values if content_of([value]) in (Content.DATE, Content.DATETIME)]
    params = {"order": "mdy"} if _month_first(days) else {}
    if wanted != "%Y-%m-%d":
        params["to"] = wanted
    return Fit(len(days) / len(values), (Step("date", params),), 0.6)


def _month_first(days: Sequence[str]) -> bool:
    pairs = [
        (int(found[1]), int(found[2])) for day in days if (found := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2}", day))
    ]
    return any(second > 12 for _first, second in pairs) and not any(first > 12 for first, _second in pairs)


def _datetime(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    if all(re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", value) for value in values):
        return Fit(1.0, (), 0.6)
    moments = [value for value in values if content_of([value]) in (Content.DATE, Content.DATETIME)]
    return Fit(len(moments) / len(values), (Step("datetime"),), 0.6)


def _year(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    if column.content is Content.YEAR:
        return Fit(1.0, (Step("point_zero"),) if any("." in value for value in values) else (), 0.5)
    if column.content in (Content.DATE, Content.DATETIME):
        return Fit(0.8, (Step("date", {"to": "%Y"}),), 0.3)
    return Fit(sum(1 for value in values if re.fullmatch(r"\d{4}", value)) / len(values), (), 0.2)


def _time(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    share = sum(1 for value in values if content_of([value]) is Content.TIME) / len(values)
    return Fit(share, (Step("time"),), 0.6)


def _geopoint(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    written = [value for value in values if content_of([value]) is Content.POSITION]
    order = "yx" if latitude_first(column.label, written) else "xy"
    to = "array" if field.format == "array" else "lonlat"
    shape = r"\[[^\]]*\]" if to == "array" else r"[-+.\d]+, ?[-+.\d]+"
    if order == "xy" and all(re.fullmatch(shape, value) for value in values):
        return Fit(1.0, (), 1.0)
    return Fit(len(written) / len(values), (Step("position", {"order": order, "to": to}),), 1.0)


Mend = Callable[[str], str]
_SPACES = str.maketrans("", "", BLANKS)


def _variants(length: int) -> list[tuple[tuple[Step, ...], Mend]]:
    """Ways of mending a code, the lightest first."""
    point = re.compile(r"^(\d+)[.]0+$")

    def unpointed(value: str) -> str:
        return point.sub(r"\1", value)

    found: list[tuple[tuple[Step, ...], Mend]] = [
        ((), lambda value: value),
        ((Step("blanks", {"all": True}),), lambda value: value.translate(_SPACES)),
        ((Step("point_zero"),), unpointed),
        ((Step("case", {"to": "upper"}),), str.upper),
        ((Step("case", {"to": "lower"}),), str.lower),
    ]
    if length:

        def padded(value: str) -> str:
            bare = unpointed(value.translate(_SPACES))
            return bare.zfill(length) if bare.isdigit() else value

        found[3:3] = [
            ((Step("pad", {"length": length}),), lambda value: padded(value) if "." not in value else value),
            ((Step("point_zero"), Step("pad", {"length": length})), padded),
        ]
    return found


COMMUNE_PATTERN = re.compile(r"\[013-9\]\\d\|2\[AB1-9\]|\\d\[AB\\d\]\\d\{3\}")


def _text(field: SchemaField, column: Column, values: Sequence[str], patterns: Patterns) -> Fit:
    pattern = field.constraints.get("pattern")
    if isinstance(pattern, str) and pattern:
        return _patterned(pattern, code_length(field), values, patterns)
    if field.format in ("email", "uri"):
        asked = Content.EMAIL if field.format == "email" else Content.URL
        return Fit(sum(1 for value in values if content_of([value]) is asked) / len(values), (), 1.0)
    if length := code_length(field):
        return _measured(length, values)
    steps = (Step("point_zero"),) if all(re.fullmatch(r"\d+[.]0+", value) for value in values) else ()
    return Fit(_plausible(field, column), steps, 0.0)


def _measured(length: int, values: Sequence[str]) -> Fit:
    """Any text of that length would do."""
    tried = [(steps, [mend(value) for value in values]) for steps, mend in _variants(length)]
    shares = [(sum(len(value) == length for value in mended) / len(values), steps) for steps, mended in tried]
    share, steps = max(shares, key=lambda pair: pair[0])
    return Fit(share, steps, 0.2)


def _patterned(pattern: str, length: int, values: Sequence[str], patterns: Patterns) -> Fit:
    best = Fit(-1.0)
    tried = [(steps, [mend(value) for value in values]) for steps, mend in _variants(length)]
    accepted = patterns.accepted(pattern, sorted({value for _steps, mended in tried for value in mended}))
    for steps, mended in tried:
        share = sum(1 for value in mended if value in accepted) / len(values)
        if share > best.share + 0.01:
            best = Fit(share, steps, {14: 1.0, 9: 0.9, 5: 0.7}.get(length, 0.5) if len(pattern) > 4 else 0.2)
        if best.share == 1:
            break
    return best


_STRONG = frozenset(
    {Content.SIRET, Content.EMAIL, Content.URL, Content.PHONE, Content.POSITION, Content.BOOLEAN, Content.RNA}
)


def _plausible(field: SchemaField, column: Column) -> float:
    """Of a text without any constraint: does the example of the schema look like what the column holds?"""
    example = str(field.example or "")
    expected = content_of([example]) if example else Content.TEXT
    if expected is column.content:
        return 1.0
    if expected in _STRONG and column.content in _STRONG:
        return 0.2
    if column.content in _STRONG:
        return 0.35
    return 0.85 if expected is Content.TEXT or column.content is Content.TEXT else 0.7


_FITS: dict[str, Callable[[SchemaField, Column, Sequence[str], Patterns], Fit]] = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _decimal,
    "date": _date,
    "datetime": _datetime,
    "year": _year,
    "time": _time,
    "geopoint": _geopoint,
    "string": _text,
}
