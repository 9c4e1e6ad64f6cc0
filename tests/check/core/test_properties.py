# ruff: noqa: E501  long lists of spellings read better so
"""Generated tables and schemas: our verdict is that of a naive reading."""

from __future__ import annotations

import csv
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.capture.text import text_table
from bocage.check.descriptor import read_schema
from bocage.check.services import check
from bocage.store.engine import literal, workshop
from tests.check.core.reading import table_errors

SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TYPES = ("string", "integer", "number", "boolean", "date", "year")
TEXTS = st.one_of(
    st.sampled_from((
        "", " ", "NA", "0", "1", "01", "-5", "+7", "1_000", "1.5", "1,5", ".5", "5.", "1e3", "NaN", "-Infinity", "true", "FALSE", "oui",
        "2021-07-05", "2021-7-5", "05/07/2021", "2021-02-30", "0000-01-01", "10000-01-01", "9999-12-31", "2021", " 201", "é", "É", "e\u0301",
        "٣", "１２", "\u00a05", "A", "AXX", "xB", "12\n", "a\nb", '"', "a,b", "a;b", "1" * 25, "-" + "9" * 39, "90.00000000000000000001", "90",
        "0.1", "0.10", "1E+2", "🚲", "0x10", "1 250", "1\u202f250",
    )),
    st.integers(-200, 200).map(str),
    st.integers(-(10**40), 10**40).map(str),
    st.decimals(-200, 200, allow_nan=False, places=3).map(str),
    st.dates().map(str),
    st.dates().map(lambda day: day.strftime("%d/%m/%Y") if day.year > 999 else ""),
    st.text("ab1é .,-\u00a0_", max_size=6),
)  # fmt: skip
PATTERNS = (r"\d{2}", r"A|B", r"^[a-zé]*$", r"\w+", r"[^\s]+", r".*\d", r"(?=.*1).+", r"(.)\1", r"[\d.,-]+")


@st.composite
def fields(draw):
    kind = draw(st.sampled_from(TYPES))
    asked = draw(st.fixed_dictionaries({}, optional=_constraints(kind)))
    field = {"type": kind, "constraints": {name: value for name, value in asked.items() if value is not None}}
    if kind == "number" and draw(st.booleans()):
        field["decimalChar"] = ","
        field["constraints"] = {name: one for name, one in field["constraints"].items() if isinstance(one, int)}
    if kind == "date" and draw(st.booleans()):
        field["format"] = "%d/%m/%Y"
        field["constraints"] = {"required": True}
    if kind == "boolean" and draw(st.booleans()):
        field |= {"trueValues": ["oui", "1"], "falseValues": ["non", "0"]}
    return field


def _constraints(kind):
    common = {"required": st.booleans(), "unique": st.booleans()}
    number = st.integers(-100, 100)
    return {
        "string": common | {"minLength": st.integers(0, 4), "maxLength": st.integers(0, 6), "pattern": st.sampled_from(PATTERNS),
                            "enum": st.lists(st.sampled_from(("A", "é", "NA", "1", "xB")), min_size=1, unique=True)},
        "integer": common | {"minimum": number, "maximum": st.one_of(number, st.just(10**30)), "enum": st.just([1, 5, -5, 7])},
        "number": {"required": st.booleans(), "minimum": number, "maximum": st.sampled_from((90, "90", "0.1")), "enum": st.just([1, "1.5"])},
        "boolean": {"required": st.booleans()},
        "date": common | {"minimum": st.just("2000-01-01"), "maximum": st.just("2030-12-31")},
        "year": common | {"minimum": st.integers(0, 3000)},
    }[kind]  # fmt: skip


@contextmanager
def bench():
    with tempfile.TemporaryDirectory() as name, workshop(Path(name), spatial=False) as shop:
        yield Path(name), shop


def errors_of(folder, shop, rows, schema, *, delimiter=","):
    """(row, label, rule) of every error; the table is written as a CSV file."""
    file = folder / "table.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    table = text_table(file, filename="table.csv", workshop=shop, directory=folder)
    verdict = check(table, read_schema(schema), workshop=shop, directory=folder)
    if verdict.faults is None:
        return []
    found = shop.execute(f"SELECT row, label, rule FROM read_parquet({literal(verdict.faults)}) WHERE level = 'error'")
    assert sum(family.count for family in verdict.errors) == len(found)
    return sorted(
        (
            row,
            "" if rule == "blank-row" else label,
            {"unique-error": "unique"}.get(rule, rule.split(".")[0] if rule.startswith("type.") else rule),
        )
        for row, label, rule in found
    )


@pytest.mark.parametrize("kind", ["year", "integer"])
def test_the_same_number_is_the_same_however_python_spells_it(kind):
    rows = (
        [[" 201"], ["+201"], ["٠٢٠١"], ["2_01"], ["0201"]] if kind == "year" else [["12"], ["１２"], [" 12"], ["1_2"]]
    )
    schema = {"fields": [{"name": "f0", "type": kind, "constraints": {"unique": True}}]}
    with bench() as (folder, shop):
        found = errors_of(folder, shop, [["f0"], *rows], schema)
    assert found == [(row, "f0", "unique") for row in range(3, len(rows) + 2)]


@SETTINGS
@given(st.data())
def test_our_verdict_is_that_of_a_naive_reading(data):
    described = [
        field | {"name": f"f{place}"}
        for place, field in enumerate(data.draw(st.lists(fields(), min_size=2, max_size=5)))
    ]
    rows = data.draw(st.lists(st.tuples(*[TEXTS] * len(described)), min_size=3, max_size=12))
    missing = data.draw(st.sampled_from((("",), ("", "NA"), ("", "NA", "-5"))))
    with bench() as (folder, shop):
        found = errors_of(
            folder,
            shop,
            [[one["name"] for one in described], *rows],
            {"fields": described, "missingValues": list(missing)},
        )
    assert found == table_errors(described, rows, missing)


@SETTINGS
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=3, max_size=8), st.sampled_from(",;\t|"))
def test_a_table_is_read_as_it_was_written(rows, delimiter):
    """Every cell, whatever it holds, and the number of its row."""
    with bench() as (folder, shop):
        file = folder / "table.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
                [("nom", "b", "c"), *rows]
            )
        table = text_table(file, filename="table.csv", workshop=shop, directory=folder)
        names = ", ".join(table.names)
        found = shop.execute(f"SELECT row, {names} FROM ({table.with_rows}) ORDER BY row")
    assert found == [(number, *(cell or None for cell in row)) for number, row in enumerate(rows, start=2)]
