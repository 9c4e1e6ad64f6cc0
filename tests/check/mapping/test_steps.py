"""Each step gives what a few lines of plain Python give, on whatever texts."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.check.mapping.apply import apply
from bocage.check.mapping.kinds.words import NO, YES
from bocage.check.mapping.normal import BLANKS, normal, number_text
from bocage.check.mapping.steps import ColumnMapping, ColumnMappings, Step
from bocage.check.schema import SchemaField, TableSchema
from bocage.store.engine import workshop
from tests.check.mapping.layouts import MONTHS
from tests.check.mapping.workbench import cells, text_table

SCHEMA = TableSchema("s", (SchemaField("out"),))
TEXTS = st.text(alphabet="abcÉéèÀç '\"\\%_{}();,.-/0123\u00a0\u202f\t\nŒ$€", max_size=25)
LISTS = st.lists(TEXTS, min_size=1, max_size=12)
quick = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with workshop(tmp_path_factory.mktemp("bench"), spatial=False) as opened:

        def done(rows, *steps: Step):
            """Rows of texts (a text: one column) through the steps."""
            listed = [row if isinstance(row, tuple) else (row,) for row in rows]
            labels = [f"l{place}" for place in range(len(listed[0]))]
            table = text_table(opened, labels, listed)
            mapping = ColumnMappings((ColumnMapping("out", tuple(labels), steps),))
            return [cell["out"] for cell in cells(opened, apply(table, mapping, SCHEMA, workshop=opened))]

        yield done


def kept(texts: list[str]) -> list[str | None]:
    return [text or None for text in texts]


MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1))  # noqa: DTZ001  a wall clock has no offset


def french(day: date, style: int) -> str:
    first = "1er" if day.day == 1 else str(day.day)
    return (
        day.strftime("%d/%m/%Y"),
        f"{day.day}/{day.month}/{day.year}",
        day.strftime("%d-%m-%Y"),
        day.strftime("%d.%m.%Y"),
        f"{first} {MONTHS[day.month - 1]} {day.year}",
        f" le lundi {first} {MONTHS[day.month - 1].upper()} {day.year} ".replace(" le lundi", "Lundi"),
        day.isoformat(),
        day.strftime("%Y%m%d"),
        day.strftime("%d/%m/%Y 08:30"),
    )[style]


@quick
@given(st.lists(st.tuples(st.dates(date(1850, 1, 1), date(2099, 12, 31)), st.integers(0, 8)), min_size=1, max_size=20))
def test_any_french_date_is_written_in_iso(bench, days):
    assert bench([french(day, style) for day, style in days], Step("date")) == [day.isoformat() for day, _ in days]


@quick
@given(st.lists(st.dates(date(1969, 1, 1), date(2068, 12, 31)), min_size=1, max_size=10))
def test_years_of_two_digits_are_those_of_posix(bench, days):
    assert bench([day.strftime("%d/%m/%y") for day in days], Step("date")) == [day.isoformat() for day in days]


@pytest.mark.parametrize(
    "text", ["30/02/2021", "2021-13-01", "12/2021", "avril", "05-16", "1/1/1", "0/0/2020", "12", "99999999"]
)
def test_what_is_no_date_goes_through_unchanged(bench, text):
    assert bench([text], Step("date")) == [text]


@quick
@given(LISTS)
def test_a_text_that_is_no_date_number_or_boolean_is_never_lost(bench, texts):
    for kind in ("date", "datetime", "time", "number", "point_zero", "boolean"):
        for before, after in zip(kept(texts), bench(texts, Step(kind)), strict=True):
            assert (before is None) == (after is None)


def test_months_come_first_only_when_it_is_said(bench):
    assert bench(["03/04/2021"], Step("date")) == ["2021-04-03"]
    assert bench(["03/04/2021"], Step("date", {"order": "mdy"})) == ["2021-03-04"]
    assert bench(["44197", "44197.0"], Step("date", {"serial": True})) == ["2021-01-01"] * 2


@quick
@given(st.lists(MOMENTS, min_size=1, max_size=10))
def test_a_date_and_time_is_written_in_iso(bench, moments):
    written = [moment.strftime("%d/%m/%Y %H:%M:%S") for moment in moments]
    assert bench(written, Step("datetime")) == [moment.strftime("%Y-%m-%dT%H:%M:%S") for moment in moments]
    assert bench(written, Step("datetime", {"zone": "UTC"})) == [
        moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in moments
    ]


def test_local_times_follow_the_summer(bench):
    zone = Step("datetime", {"zone": "Europe/Paris"})
    assert bench(["01/07/2021 à 8h30", "01/01/2021 08:30"], zone) == ["2021-07-01T06:30:00Z", "2021-01-01T07:30:00Z"]
    assert bench(["2021-07-01T08:30:00+02:00"], zone) == ["2021-07-01T08:30:00+02:00"]


def test_times(bench):
    assert bench(["8h", "8h30", "08:30:15", "25h", "8h75"], Step("time")) == [
        "08:00:00",
        "08:30:00",
        "08:30:15",
        "25h",
        "8h75",
    ]


NUMBERS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)


@quick
@given(
    st.lists(NUMBERS, min_size=1, max_size=20),
    st.sampled_from([" ", "\u00a0", "\u202f", ""]),
    st.sampled_from(["", " €", " m²", "%"]),
)
def test_numbers_as_french_people_write_them(bench, numbers, thousands, unit):
    written = [f"{number:,.2f}".replace(",", thousands).replace(".", ",") + unit for number in numbers]
    assert [Decimal(text) for text in bench(written, Step("number"))] == numbers
    english = [f"{number:,.2f}{unit}" for number in numbers]
    assert [Decimal(text) for text in bench(english, Step("number", {"decimal": "."}))] == numbers


@quick
@given(st.lists(st.integers(0, 10**14), min_size=1, max_size=20))
def test_codes_come_back_from_a_workbook(bench, numbers):
    assert bench([f"{number}.0" for number in numbers], Step("point_zero")) == [str(number) for number in numbers]
    assert bench([f"{number}.0" for number in numbers], Step("number", {"whole": True})) == [
        str(number) for number in numbers
    ]
    small = [number % 100_000 for number in numbers]
    assert bench([str(number) for number in small], Step("pad", {"length": 5})) == [f"{number:05}" for number in small]


def test_codes_with_letters_are_left(bench):
    assert bench(["2A004", "2.1440109E13", "123456"], Step("point_zero"), Step("pad", {"length": 5})) == [
        "2A004", "21440109000000", "123456"
    ]  # fmt: skip


@quick
@given(st.lists(NUMBERS, min_size=1, max_size=20), st.sampled_from([0.01, 1000, 0.3048, -2]))
def test_units(bench, numbers, factor):
    found = bench([number_text(number) for number in numbers], Step("convert", {"factor": factor, "decimals": 6}))
    for number, text in zip(numbers, found, strict=True):
        assert abs(float(text) - float(number) * factor) <= 1e-6 + abs(float(number) * factor) * 1e-12
        assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", text)


def test_yes_and_no_in_the_words_of_the_schema(bench):
    step = Step("boolean", {"true": "vrai", "false": "faux", "yes": ["ok"], "no": ["hors service"]})
    told = [word.upper() for word in (*YES, "ok")]
    assert bench(told, step) == ["vrai"] * len(told)
    told = [f" {word.capitalize()} " for word in (*NO, "hors service")]
    assert bench(told, step) == ["faux"] * len(told)
    assert bench(["peut-être"], step) == ["peut-être"]


@quick
@given(LISTS)
def test_normal_texts_are_the_same_in_sql(bench, texts):
    """By way of a translation: every text is found by its normal form, and by nothing else."""
    table = {text: f"<{normal(text)}>" for text in texts if normal(text)}
    expected = [(f"<{normal(text)}>" if normal(text) else text) or None for text in texts]
    assert bench(texts, Step("vocabulary", {"table": table})) == expected


def test_a_long_table_translates_as_a_short_one(bench):
    table = {f"Libellé n° {rank}": f"{rank:03}" for rank in range(500)}
    told = ["libelle N°7", "LIBELLÉ N° 499", "inconnu"]
    assert bench(told, Step("vocabulary", {"table": table, "otherwise": "empty"})) == ["007", "499", None]


@quick
@given(LISTS)
def test_blanks(bench, texts):
    for params, put in (({}, " "), ({"all": True}, "")):
        expected = [re.sub(f"[{BLANKS}]+", put, text).strip(" ") or None for text in texts]
        assert bench(texts, Step("blanks", params)) == expected


@quick
@given(LISTS, TEXTS.filter(bool), TEXTS)
def test_replacing_is_that_of_python(bench, texts, find, by):
    assert bench(texts, Step("replace", {"find": find, "by": by})) == [
        text.replace(find, by) if text else None for text in texts
    ]  # fmt: skip


@quick
@given(LISTS, st.sampled_from([";", ",", " ", "'", "\\", "é"]), st.sampled_from([1, 2, 3, -1, -2]))
def test_one_part(bench, texts, separator, place):
    def part(text: str) -> str | None:
        parts = text.split(separator)
        rank = place - 1 if place > 0 else place
        return (parts[rank].strip(BLANKS) or None) if -len(parts) <= rank < len(parts) and text else None

    assert bench(texts, Step("split", {"separator": separator, "part": place})) == [part(text) for text in texts]


@quick
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=8), st.sampled_from(["", " ", ", ", "'"]))
def test_joining_leaves_out_what_is_empty(bench, rows, separator):
    expected = [separator.join(part for text in row if (part := text.strip(BLANKS))) or None for row in rows]
    assert bench(rows, Step("concat", {"separator": separator})) == expected
    there = [row for row in rows if any(row)] or [("a", "", "")]  # a blank row is none
    first = [next((text for text in row if text.strip(BLANKS)), "rien") for row in there]
    assert bench(there, Step("first", {"otherwise": "rien"})) == first


def test_lists_change_separator(bench):
    assert bench(["lundi, mardi ,,jeudi", ","], Step("separated", {"from": ","})) == ["lundi|mardi|jeudi", None]
    assert bench(['a "b", c'], Step("separated", {"from": ",", "json": True})) == ['["a \\"b\\"","c"]']


@quick
@given(st.lists(st.sampled_from(["44109", "44143", "2A004"]), min_size=1, max_size=30))
def test_identifiers_are_counted_in_the_order_of_the_file(bench, codes):
    seen: Counter[str] = Counter()
    expected = []
    for code in codes:
        seen[code] += 1
        expected.append(f"{code}-C-{seen[code]:03}")
    assert bench(codes, Step("template", {"template": "{l0}-C-{n:3}"})) == expected
    assert bench(codes, Step("template", {"template": "{1}-C-{n:3}"})) == expected


def test_numbers_longer_than_their_width_are_whole(bench):
    assert bench(["a"] * 12, Step("template", {"template": "{n:1}"}))[-1] == "12"


@quick
@given(LISTS)
def test_digits_case_extraction(bench, texts):
    assert bench(texts, Step("digits")) == [re.sub(r"[^0-9]", "", text) or None for text in texts]
    assert bench(texts, Step("case", {"to": "upper"})) == [text.upper() or None for text in texts]
    found = [re.search(r"([a-c]+)([0-9])", text) for text in texts]
    expected = [one[2] if one else None for one in found]
    assert bench(texts, Step("extract", {"pattern": "([a-c]+)([0-9])", "group": 2})) == expected


DEGREES = st.tuples(st.integers(-1_799_999, 1_799_999), st.integers(-899_999, 899_999)).map(
    lambda pair: (f"{pair[0] / 10_000:.4f}", f"{pair[1] / 10_000:.4f}")
)


@quick
@given(st.lists(DEGREES, min_size=1, max_size=10))
def test_positions_are_moved_digit_for_digit(bench, pairs):
    expected = [f"{lon},{lat}" for lon, lat in pairs]
    swapped = Step("position", {"order": "yx"})
    assert bench([(lon.replace(".", ","), f" {lat}°") for lon, lat in pairs], Step("position")) == expected
    for shape in ("{}, {}", "[{},{}]", "POINT({} {})", "({} ; {})"):
        assert bench([shape.format(lat, lon) for lon, lat in pairs], swapped) == expected
    comma = [f"{lat} ; {lon}".replace(".", ",") for lon, lat in pairs]
    assert bench(comma, swapped) == expected
    assert bench(comma, Step("position", {"order": "yx", "to": "lat"})) == [lat for _lon, lat in pairs]
    arrays = bench([f"{lon} {lat}" for lon, lat in pairs], Step("position", {"to": "array"}))
    assert arrays == [f"[{lon}, {lat}]" for lon, lat in pairs]


@pytest.mark.parametrize(("crs", "x", "y"), [
    ("EPSG:2154", "355577.5", "6689723.2"), ("EPSG:3947", "1355345,3", "6233600"), ("EPSG:27572", "306 105", "2 253 640")
])  # fmt: skip
def test_metres_become_degrees(bench, crs, x, y):
    lon, lat = bench([(x, y)], Step("position", {"crs": crs}))[0].split(",")
    assert abs(float(lon) + 1.55) < 0.06
    assert abs(float(lat) - 47.21) < 0.06
    assert bench([("abc", y)], Step("position", {"crs": crs})) == [None]
