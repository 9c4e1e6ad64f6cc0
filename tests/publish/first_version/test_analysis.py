"""Analyses: every point against what Python computes over the rows."""

from __future__ import annotations

import statistics
from collections import defaultdict
from zoneinfo import ZoneInfo

import pytest

from tests.query.table import ROWS

pytestmark = pytest.mark.django_db


def groups(key, rows=ROWS):
    """Rows by key, in the order of keys; what has none is in no group."""
    found = defaultdict(list)
    for row in rows:
        if (value := key(row)) is not None:
            found[value].append(row)
    return dict(sorted(found.items()))


def values(rows, name="pop"):
    return [row[name] for row in rows if row[name] is not None]


def name(row):
    return row["nom"]


FUNCTIONS = {
    "SUM": sum,
    "AVG": statistics.fmean,
    "MIN": min,
    "MAX": max,
    "STDDEV": statistics.pstdev,
    "SUMSQUARES": lambda numbers: sum(number * number for number in numbers),
}


def test_counts_by_a_field_are_in_the_order_of_its_values(ask):
    found = ask("analyze", x="nom", y__n__func="COUNT")
    assert found == [{"x": value, "n": len(rows)} for value, rows in groups(name).items()]
    assert ask("analyze", x="nom") == [{"x": point["x"], "count": point["n"]} for point in found]
    assert ask("analyze", x="nom", y__n__func="COUNT", y__n__expr="pop") == found


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function(ask, function):
    for expression, of in (("pop", lambda number: number), ("pop * 2 - 1", lambda number: 2 * number - 1)):
        found = ask("analyze", x="nom", y__s__func=function.lower(), y__s__expr=expression)
        for point, (value, rows) in zip(found, groups(name).items(), strict=True):
            assert point["x"] == value
            assert point["s"] == pytest.approx(FUNCTIONS[function]([of(number) for number in values(rows)]))


def test_quantiles(ask):
    one = ask("analyze", x="nom", y__s__func="QUANTILES", y__s__expr="pop", y__s__subsets="50")
    assert [point["s"] for point in one] == [statistics.median(values(rows)) for rows in groups(name).values()]
    several = ask("analyze", y__s__func="QUANTILES", y__s__expr="pop", y__s__subsets="0,12.5,100")
    numbers = sorted(values(ROWS))
    assert several[0]["s"].keys() == {"0", "12.5", "100"}
    assert (several[0]["s"]["0"], several[0]["s"]["100"]) == (numbers[0], numbers[-1])


def test_several_series_without_x(ask):
    found = ask("analyze", **{"y.serie1-1.func": "SUM", "y.serie1-1.expr": "pop", "y.serie1-2.func": "COUNT"})
    assert found == [{"serie1-1": sum(values(ROWS)), "serie1-2": len(ROWS)}]


def test_the_first_and_the_last_day(ask):
    found = ask("analyze", y__a__func="MIN", y__a__expr="jour", y__b__func="MAX", y__b__expr="jour")
    days = values(ROWS, "jour")
    assert found == [{"a": min(days).isoformat(), "b": max(days).isoformat()}]


def month(row):
    return (row["jour"].year, row["jour"].month) if row["jour"] else None


MONTHS = [
    {"x": {"year": year, "month": number}, "n": len(rows)} for (year, number), rows in groups(month).items()
]  # fmt: skip


@pytest.mark.parametrize(
    "parameters",
    [
        {"x": ["jour.year", "jour.month"]},
        {"x": "jour", "precision": "month"},
        {"x": "jour", "x.jour.precision": "month"},
        {"x": "jour", "precision": "month", "periodic": "year"},
        {"x": ["jour.year", "jour.month"], "sort": "x.jour.year,x.jour.month"},
    ],
)
def test_months(ask, parameters):
    assert ask("analyze", **parameters, **{"y.n.func": "COUNT"}) == MONTHS


@pytest.mark.parametrize(
    ("parameters", "key"),
    [
        ({"x": "jour"}, lambda day: {"year": day.year, "month": day.month, "day": day.day}),
        ({"x": "jour", "precision": "year"}, lambda day: {"year": day.year}),
        ({"x": "jour.year"}, lambda day: {"year": day.year}),
        ({"x": "jour", "periodic": "month", "precision": "month"}, lambda day: {"month": day.month}),
        ({"x": "jour", "periodic": "month", "precision": "day"}, lambda day: {"month": day.month, "day": day.day}),
        ({"x": "jour", "periodic": "weekday"}, lambda day: {"weekday": day.weekday()}),
        ({"x": "jour.weekday"}, lambda day: {"weekday": day.weekday()}),
        ({"x": "jour.yearday"}, lambda day: {"yearday": day.timetuple().tm_yday}),
        ({"x": "jour", "precision": "week"}, lambda day: {"year": day.isocalendar().year, "week": day.isocalendar().week}),
        ({"x": "jour.week"}, lambda day: {"week": day.isocalendar().week}),
        ({"x": "jour", "x.jour.pattern": "yyyy-MM"}, lambda day: f"{day:%Y-%m}"),
    ],
)  # fmt: skip
def test_parts_of_dates(ask, parameters, key):
    shown = groups(lambda row: tuple(key(row["jour"]).values()) if row["jour"] and isinstance(key(row["jour"]), dict)
                   else row["jour"] and key(row["jour"]))  # fmt: skip
    found = ask("analyze", **parameters, **{"y.n.func": "COUNT"})
    assert [point["n"] for point in found] == [len(rows) for rows in shown.values()]
    for point, rows in zip(found, shown.values(), strict=True):
        assert point["x"] == key(rows[0]["jour"])


def test_hours_are_those_of_the_time_zone(ask):
    paris = ZoneInfo("Europe/Paris")
    found = ask("analyze", x="maj", periodic="weekday", precision="hour", y__n__func="COUNT", timezone="Europe/Paris")

    def key(row):
        local = row["maj"] and row["maj"].astimezone(paris)
        return (local.weekday(), local.hour) if local else None

    assert {(point["x"]["weekday"], point["x"]["hour"]): point["n"] for point in found} == {
        key: len(rows) for key, rows in groups(key).items()
    }


def test_several_fields_are_told_by_name(ask):
    found = ask("analyze", x=["jour.year", "nom"], y__n__func="COUNT")
    wanted = groups(lambda row: (row["jour"].year, row["nom"]) if row["jour"] and row["nom"] else None)
    assert found == [
        {"x": {"jour": {"year": year}, "nom": nom}, "n": len(rows)} for (year, nom), rows in wanted.items()
    ]


def test_order_and_number_of_points(ask):
    counts = {value: len(rows) for value, rows in groups(name).items()}
    for sort, backwards in (("n", True), ("-n", False)):
        found = ask("analyze", x="nom", y__n__func="COUNT", sort=sort)
        assert [point["n"] for point in found] == sorted(counts.values(), reverse=backwards)
    for sort in ("-x", "-x.nom", "-nom"):
        assert [point["x"] for point in ask("analyze", x="nom", sort=sort)] == sorted(counts, reverse=True)
    assert [point["x"] for point in ask("analyze", x="nom", maxpoints=3)] == sorted(counts)[:3]
    for everything in ("", "0", "-1", "100000"):
        assert len(ask("analyze", x="nom", maxpoints=everything)) == len(counts)
    assert [point["x"] for point in ask("analyze", x="nom", sort="modified")] == sorted(counts)  # a sort of records


def test_under_the_same_conditions_as_a_search(ask):
    kept = [row for row in ROWS if row["pop"] is not None and row["pop"] > 20 and row["nom"] != "Nantes"]
    found = ask("analyze", x="nom", y__n__func="COUNT", q="pop>20", exclude__nom="Nantes")
    assert found == [{"x": value, "n": len(rows)} for value, rows in groups(name, kept).items()]


def test_running_sums(ask):
    totals, total = [], 0
    for rows in groups(name).values():
        total += len(rows)
        totals.append(total)
    assert [point["n"] for point in ask("analyze", x="nom", y__n__func="COUNT", y__n__cumulative="true")] == totals
    found = ask("analyze", x=["jour.year", "nom"], y__n__func="COUNT", y__n__cumulative="true")
    last = {point["x"]["nom"]: point["n"] for point in found}
    assert last == {v: n for v, rows in groups(name).items() if (n := sum(row["jour"] is not None for row in rows))}


def test_aggregations_over_the_points(ask):
    found = ask("analyze", x="nom", y__s__func="SUM", y__s__expr="pop", agg__a__expr="s", agg__a__func="MIN,MAX")
    sums = [sum(values(rows)) for rows in groups(name).values()]
    assert found["aggregations"] == {"a": {"min": min(sums), "max": max(sums)}}
    assert [point["s"] for point in found["results"]] == sums


def test_as_csv(client, lieux):
    answer = client.get(
        "/api/records/1.0/analyze/", {"dataset": "lieux", "x": "nom", "y.n.func": "COUNT", "format": "csv"}
    )
    wanted = ["x;n", *(f"{value};{len(rows)}" for value, rows in groups(name).items())]
    assert answer.content.decode().splitlines() == wanted


def test_more_groups_than_a_page_holds_is_said(client, lieux, monkeypatch):
    monkeypatch.setattr("bocage.publish.first_version.analysis.MOST_GROUPS", 3)
    answer = client.get("/api/records/1.0/analyze/", {"dataset": "lieux", "x": "nom"})
    assert len(answer.json()) == 3
    assert answer["ODS-Analyze-Truncated"] == "true"
    assert "ODS-Analyze-Truncated" in answer["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"y.s.func": "SUM"},
        {"y.s.func": "SUM", "y.s.expr": "nom"},
        {"y.s.func": "AVG", "y.s.expr": "jour"},
        {"y.s.func": "SUM", "y.s.expr": "absent"},
        {"y.s.func": "MODE", "y.s.expr": "pop"},
        {"y.s.func": "SUM", "y.s.expr": "sin(pop)"},
        {"y.s.func": "SUM", "y.s.expr": "sum(pop)"},
        {"y.s.func": "SUM", "y.s.expr": "pop, pop"},
        {"y.s.func": "SUM", "y.s.expr": "*"},
        {"y.s.func": "SUM", "y.s.expr": "pop)"},
        {"y.s.func": "MAX", "y.s.expr": "max(pop, 1)"},
        {"y.s.func": "SUM", "y.s.expr": "(" * 3000},
        {"y.s.func": "SUM", "y.s.expr": "-" * 3000 + "pop"},
        {"y.s.func": "SUM", "y.s.expr": "+".join(["pop"] * 2000)},
        {"y.s.func": "SUM", "y.s.expr": "1; DROP TABLE x"},
        {"y.s.func": "QUANTILES", "y.s.expr": "pop", "y.s.subsets": "101"},
        {"y.s.func": "QUANTILES", "y.s.expr": "pop", "y.s.subsets": "nan"},
        {"y.s.func": "QUANTILES", "y.s.expr": "pop", "y.s.subsets": "1," * 30},
        {"x": "absent"},
        {"x": "centre"},
        {"x": "meta"},
        {"x": "nom.year"},
        {"x": "jour", "precision": "century"},
        {"x": "jour", "periodic": "never"},
        {"x": "jour", "x.jour.pattern": "Q"},
        {"x": [f"jour.{p}" for p in ("year", "month", "day")] + [f"a{n}" for n in range(9)]},
        {"maxpoints": "many"},
        {"y.a b.func": "COUNT"},
        {"y.s": "COUNT"},
        {"join.agg1.remotedataset": "x"},
        {"agg.a.expr": "absent", "agg.a.func": "MIN"},
        {"agg.a.expr": "count", "agg.a.func": "X"},
        {f"y.s{n}.func": "COUNT" for n in range(51)},
        {"y." + "s" * 5000 + ".func": "COUNT"},
        {"x": "nom", "q": "("},
    ],
)
def test_what_cannot_be_computed_is_a_clear_refusal(ask, parameters):
    refusal = ask("analyze", status=400, **parameters)
    assert refusal.keys() == {"errorcode", "error"}
    assert len(refusal["error"]) > 10
