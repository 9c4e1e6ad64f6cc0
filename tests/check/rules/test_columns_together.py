"""Rules between columns: the answers recorded from the reference, and naive Python where it has none."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.check.rules import beyond
from tests.check.rules.benches import bench_of, found


def faults(
    directory: Path,
    types: dict[str, str],
    check: str,
    params: dict[str, Any],
    rows: list[list[str]],
    *,
    labels: list[str] | None = None,
) -> list[tuple[str, int | None]]:
    descriptor = {
        "fields": [{"name": name, "type": kind} for name, kind in types.items()],
        "custom_checks": [{"name": check, "params": params}],
    }
    with bench_of(directory, descriptor, labels or list(types), rows) as bench:
        return [(rule, row) for rule, row, _, _ in found(bench, beyond.tests(bench))]


# one, other, and the operators among > == < that the reference accepts between them
TEXTS = [
    ("10", "9", ">"), ("9", "10", "<"), ("9", "9", "="), ("", "1", "<=>"), ("1", "", "<=>"), ("a", "b", "<"),
    ("a", "1", ">"), ("1", "a", "<"), ("1.5", "1,4", ">"), ("1,5", "1.4", "<"), (" 10", "9", ">"), ("1e3", "999", ">"),
    ("2020-01-02", "2020-01-01", ">"), ("é", "z", ">"), ("Z", "a", "<"), ("1_0", "9", ">"), ("-1", "1", "<"),
    ("+5", "4", ">"), ("0x10", "1", "<"), ("10 ", "9", ">"), ("12345678901234567890", "12345678901234567891", "<"),
    ("1.0", "1", "="), ("1.", "1", "="), (".5", "0", ">"), ("a'b", "a", ">"), ("5", "05.0", "="), ("1e400", "1", ">"),
    ("1 000", "2", "<"), ("0.1", "0.10", "="), ("10", "+9", ">"), ("1e5", "1e4", ">"), ("-", "-", "="), ('a"b', "a", ">"),
    ("True", "False", ">"),
]  # fmt: skip


@pytest.mark.parametrize("operator", [">", "==", "<"])
def test_two_texts_compare_as_in_the_reference(operator: str, tmp_path: Path) -> None:
    params = {"column": "a", "op": operator, "column2": "b"}
    rows = [[one, other] for one, other, _ in TEXTS]
    refused = faults(tmp_path, {"a": "string", "b": "string"}, "compare-columns-value", params, rows)
    expected = [place for place, (_, _, kept) in enumerate(TEXTS, 2) if operator[0] not in kept]
    assert [row for _, row in refused] == expected


@pytest.mark.parametrize(
    ("types", "operator", "rows", "refused"),
    [
        (("integer", "number"), ">=", [("10", "9.5"), ("9", "9.5"), ("9", "9.0")], {3: ""}),
        (("date", "date"), ">", [("2021-01-02", "2021-01-01"), ("2021-01-01", "2021-01-02")], {3: ""}),
        (("date", "string"), ">", [("2021-01-02", "2021-01-01")], {2: ".mixed"}),
        (("date", "datetime"), ">", [("2021-01-02", "2021-01-01T00:00:00")], {2: ".mixed"}),
        (("date", "integer"), ">", [("2021-01-02", "5")], {2: ".mixed"}),
        (("string", "integer"), ">", [("7", "5"), ("a", "5"), ("4", "5")], {3: ".mixed", 4: ""}),
        (("boolean", "boolean"), ">", [("true", "false"), ("false", "true"), ("true", "true")], {3: "", 4: ""}),
        (("integer", "boolean"), ">", [("1", "true"), ("2", "true")], {2: ".mixed", 3: ".mixed"}),
        (("year", "integer"), "<=", [("2022", "2021"), ("2020", "2021")], {2: ""}),
        (("datetime", "datetime"), ">", [("2021-01-02T00:00:00Z", "2021-01-02T00:00:00+02:00")], {2: ""}),
        (("time", "time"), ">", [("10:00:00", "09:00:00"), ("08:00:00", "09:00:00")], {3: ""}),
    ],
)
def test_typed_columns_compare_as_in_the_reference(
    types: tuple[str, str], operator: str, rows: list[tuple[str, str]], refused: dict[int, str], tmp_path: Path
) -> None:
    params = {"column": "a", "op": operator, "column2": "b"}
    told = faults(
        tmp_path, {"a": types[0], "b": types[1]}, "compare-columns-value", params, [list(row) for row in rows]
    )
    assert told == [(f"compare-columns-value{suffix}", row) for row, suffix in refused.items()]


@pytest.mark.parametrize(
    ("check", "params", "labels", "rows", "expected"),
    [
        # filled together
        ("cohesive-columns-value", {"column": "a", "othercolumns": ["b"]}, "abz",
         ["1.x", ".2x", "12x", "..x", "0.x"], [("", 2), ("", 3), ("", 6)]),
        ("cohesive-columns-value", {"column": "a", "othercolumns": ["b", "c"]}, "abz", ["12x", "12x"], [(".columns", 1)]),
        ("cohesive-columns-value", {"column": "a", "othercolumns": ["b", "c"]}, "bz", ["1x"], [(".columns", 1)]),
        ("cohesive-columns-value", {"column": "a", "othercolumns": ["b", "c"]}, "z", ["x"], []),
        ("cohesive-columns-value", {"column": "a", "othercolumns": ["b", "q"]}, "ab", [], []),
        # one of two
        ("one-of-required", {"column1": "a", "column2": "b"}, "abz", ["1.x", ".2x", "12x", "..x", "0.x"], [("", 5)]),
        ("one-of-required", {"column1": "a", "column2": "b"}, "az", ["1x", ".x", "0x"], [("", 3)]),
        ("one-of-required", {"column1": "a", "column2": "b"}, "bz", ["1x", ".x"], [("", 3)]),
        ("one-of-required", {"column1": "a", "column2": "b"}, "z", ["x", "x"], [(".columns", 1)]),
        ("one-of-required", {"column1": "a", "column2": "b"}, "z", [], []),
        ("one-of-required", {"column1": "a", "column2": "q"}, "az", ["1x", ".x"], [("", 3)]),
        # a column that the file lacks
        ("compare-columns-value", {"column": "a", "op": ">", "column2": "b"}, "bz", ["1x"], []),
        ("siren", {"column": "a"}, "bz", ["1x"], []),
        ("french-gps-coordinates", {"column": "q"}, "az", ["1x"], []),
    ],
)  # fmt: skip
def test_what_must_be_filled(
    check: str, params: dict[str, Any], labels: str, rows: list[str], expected: list[tuple[str, int]], tmp_path: Path
) -> None:
    cells = [["" if letter == "." else letter for letter in row] for row in rows]
    types = {"a": "string", "b": "string", "c": "string", "z": "string"}
    told = faults(tmp_path, types, check, params, cells, labels=list(labels))
    assert told == [(f"{check}{suffix}", row) for suffix, row in expected]


def test_zero_fills_no_column_of_numbers(tmp_path: Path) -> None:
    rows = [["0", ""], ["", "false"], ["q", ""], ["0", "0"], ["1", ""], ["", "true"]]
    told = faults(tmp_path, {"a": "integer", "b": "boolean"}, "one-of-required", {"column1": "a", "column2": "b"}, rows)
    assert [row for _, row in told] == [2, 3, 4, 5]


def test_a_column_of_the_file_that_the_schema_ignores_is_compared(tmp_path: Path) -> None:
    params = {"column": "a", "op": ">", "column2": "q"}
    told = faults(
        tmp_path, {"a": "string"}, "compare-columns-value", params, [["1", "3"], ["10", "9"]], labels=["a", "q"]
    )
    assert told == [("compare-columns-value", 2)]


@pytest.mark.parametrize(
    ("check", "params", "rule"),
    [
        ("compare-columns-value", {"column": "a", "op": "!=", "column2": "b"}, "check-error.value"),
        ("compare-columns-value", {"column": "a", "op": ">"}, "check-error.parameter"),
        ("siren", {}, "check-error.parameter"), ("phone-number-value", {}, "check-error.parameter"),
        ("nope", {"column": "a"}, "check-error.unknown"),
        ("sum-columns-value", {"column": "a"}, "check-error.parameter"),
        ("sum-columns-value", {"column": "a", "columns": "b"}, "check-error.parameter"),
        ("sum-columns-value", {"column": "a", "columns": ["b"]}, "check-error.type"),
        ("cohesive-columns-value", {"column": "a", "othercolumns": "b"}, "check-error.parameter"),
        ("one-of-required", {"column1": "a"}, "check-error.parameter"),
        ("year-interval-value", {"column": "a", "allow-year-only": True}, "check-error.parameter"),
        ("code-commune-insee", {"column": "q"}, "check-error.parameter"),
        ("code-commune-insee", {"column": "a", "cog": "1999"}, "check-error.value"),
        ("code-commune-insee", {"column": "a", "cog": 2024}, "check-error.parameter"),
        ("pays", {"column": "a", "cog": "2023"}, "check-error.value"),
        ("french-gps-coordinates", {"column": "a"}, "check-error.type"),
    ],
)  # fmt: skip
def test_a_check_that_cannot_run_makes_the_file_invalid(
    check: str, params: dict[str, Any], rule: str, tmp_path: Path
) -> None:
    assert faults(tmp_path, {"a": "string", "b": "string"}, check, params, [["1", "2"]]) == [(rule, None)]


SUMS = [
    (["3", "1", "2"], True), (["4", "1", "2"], False), (["", "1", "2"], True), (["3", "", "2"], True),
    (["0.3", "0.1", "0.2"], True), (["3.0", "1", "2"], True), (["12", "1", "2"], False), (["1e1", "5", "5.0"], True),
    (["NaN", "1", "NaN"], False), (["INF", "1", "INF"], True),
]  # fmt: skip


def test_sums_are_exact(tmp_path: Path) -> None:
    params = {"column": "a", "columns": ["b", "c"]}
    told = faults(tmp_path, dict.fromkeys("abc", "number"), "sum-columns-value", params, [row for row, _ in SUMS])
    assert [row for _, row in told] == [place for place, (_, right) in enumerate(SUMS, 2) if not right]


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False).map(lambda one: format(one, "f"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(amounts, amounts, amounts, st.booleans()), min_size=1, max_size=20))
def test_sums_agree_with_decimals(tmp_path: Path, drawn: list[tuple[str, str, str, bool]]) -> None:
    rows = [[str(Decimal(b) + Decimal(c)) if right else a, b, c] for a, b, c, right in drawn]
    told = faults(
        tmp_path, dict.fromkeys("abc", "number"), "sum-columns-value", {"column": "a", "columns": ["b", "c"]}, rows
    )
    wrong = [place for place, (a, b, c) in enumerate(rows, 2) if Decimal(a) != Decimal(b) + Decimal(c)]
    assert [row for _, row in told] == wrong
