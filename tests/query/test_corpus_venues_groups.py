"""The same corpus: groups, ranges, summaries, refinements and facets over `venues`."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any

import pytest

from bocage.access.viewer import OPERATOR
from bocage.query.requests import FacetRequest, FacetValue, OdsqlRequest
from bocage.query.services import facets
from tests.query.venues import ADAK, PARIS, ROWS, VENUES, Row, Test, Value, ask, of, ranked

ZONES = {"UTC": UTC, "Europe/Paris": PARIS, "America/Adak": ADAK}
Summary = Callable[[Sequence[Row]], Any]


def grouped(key: Value, rows: Sequence[Row] = ROWS) -> dict[Any, list[Row]]:
    """In order; `...` is in no group."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        if (value := key(row)) is not ...:
            found.setdefault(value, []).append(row)
    return {value: found[value] for value in sorted(found, key=ranked)}


def held(name: str, rows: Sequence[Row]) -> list[Any]:
    return [row[name] for row in rows if row[name] is not None]


def over(name: str, made: Callable[[list[Any]], Any]) -> Summary:
    return lambda rows: made(held(name, rows)) if held(name, rows) else None


def percentile(rank: float) -> Callable[[list[float]], float]:
    def found(values: list[float]) -> float:
        place = (len(values) - 1) * rank / 100
        low, values = math.floor(place), sorted(values)
        return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (place - low)

    return found


def products(rows: Sequence[Row]) -> list[int]:
    return [row["n"] * row["m"] for row in rows if None not in (row["n"], row["m"])]


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, float) and isinstance(found, float | int):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return bool(found == expected)


def alike(found: Sequence[Row], expected: Sequence[Row]) -> bool:
    return len(found) == len(expected) and all(
        list(one) == list(other) and all(same(one[key], other[key]) for key in other)
        for one, other in zip(found, expected, strict=True)
    )


SUMMARIES: dict[str, Summary] = {
    "count(*)": len,
    "count(x)": lambda rows: len(held("x", rows)),
    "sum(n)": over("n", sum),
    "avg(x)": over("x", statistics.mean),
    "min(x)": over("x", min),
    "max( n )": over("n", max),
    "median(m)": over("m", statistics.median),
    "percentile(x, 25)": over("x", percentile(25)),
    "percentile(n,99.5)": over("n", percentile(99.5)),
    "count(distinct nom)": lambda rows: len(set(held("nom", rows))),
    "count(distinct ifnull(select,'b'))": lambda rows: len({row["select"] or "b" for row in rows}),
    "sum(n*m)": lambda rows: sum(products(rows)) if products(rows) else None,
    "sum(n)/count(*)": lambda rows: sum(held("n", rows)) / len(rows) if held("n", rows) else None,
    "max(n)-min(n)": over("n", lambda values: max(values) - min(values)),
    "avg(length(nom))": over("nom", lambda values: statistics.mean(map(len, values))),
    "sum(n)/0": lambda rows: None,
    "min(d)": over("d", lambda values: str(min(values))),
    "max(year(d))": over("d", lambda values: max(value.year for value in values)),
}


def local(name: str, made: Callable[[datetime], Any]) -> Callable[[tzinfo], Value]:
    """Of an instant in the zone of the request, of a day as it is."""
    return lambda zone: of(
        lambda v: made(
            v.astimezone(zone) if isinstance(v, datetime) else datetime.combine(v, datetime.min.time(), zone)
        ),
        name,
    )


def fixed(value: Value) -> Callable[[tzinfo], Value]:
    return lambda zone: value


def bounds(name: str, *limits: float | None) -> Callable[[tzinfo], Value]:
    """The rank of the range of the value; `...` outside."""

    def rank(value: float) -> Any:
        pairs = enumerate(pairwise(limits))
        return next(
            (n for n, (low, high) in pairs if (low is None or value >= low) and (high is None or value < high)), ...
        )

    return fixed(of(rank, name))


def month(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


KEYS: dict[str, Callable[[tzinfo], Value]] = {
    **{name: fixed(of(lambda v: v, name)) for name in ("genre", "n", "ok", "x")},
    "ifnull(genre, 'autre')": fixed(lambda r: r["genre"] or "autre"),
    "ifnull(n,-1)": fixed(lambda r: -1 if r["n"] is None else r["n"]),
    "lower( select )": fixed(of(str.lower, "select")),
    "year(d)": local("d", lambda v: v.year),
    "month(t)": local("t", lambda v: v.month),
    "day(t)": local("t", lambda v: v.day),
    "hour(t)": local("t", lambda v: v.hour),
    "date_format(t,'yyyy-MM-dd HH')": local("t", lambda v: f"{v:%Y-%m-%d %H}"),
    "date_format(d, 'xxxx/ww')": local("d", lambda v: "{}/{:02}".format(*v.isocalendar())),
    "range(n, 0, 5, 10, 50)": bounds("n", 0, 5, 10, 50),
    "RANGE(n,*,5,*)": bounds("n", None, 5, None),
    "range(n, 20, *)": bounds("n", 20, None),
    "range(x, *, -10, .5, 20, *)": bounds("x", None, -10, 0.5, 20, None),
    "range(n, 7)": fixed(of(lambda v: v // 7 * 7, "n")),
    "range(x, 2.5)": fixed(of(lambda v: math.floor(v / 2.5) * 2.5, "x")),
    "range(t, 1 day)": local("t", day),
    "range(t,1w)": local("t", lambda v: day(v) - timedelta(v.weekday())),
    "range(t, 1 month)": local("t", month),
    "range(d, 1 quarter)": local("d", lambda v: month(v).replace(month=(v.month - 1) // 3 * 3 + 1)),
    "range(t, 1 year)": local("t", lambda v: month(v).replace(month=1)),
}  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("key", KEYS)
def test_every_key_with_some_summaries(key: str, zone: str):
    names = list(SUMMARIES)[:: 1 if zone == "UTC" else 5]
    groups = grouped(KEYS[key](ZONES[zone]))
    found = ask(group_by=key, select=", ".join(names), limit=2000, timezone=zone)
    assert alike(
        [{name: row[name] for name in names} for row in found.rows],
        [{name: SUMMARIES[name](rows) for name in names} for rows in groups.values()],
    )
    assert found.total_count == len(groups)
    if "range" not in key.lower():
        assert [row[key] for row in found.rows] == list(groups)


LABELS: list[tuple[str, str, list[str | None]]] = [
    ("range(n, *, 0, 10, *)", "UTC", ["[*, -1]", "[0, 9]", "[10, *]", None]),
    ("range(x, *, -10.5, 10, *)", "UTC", ["[*, -10.5[", "[-10.5, 10.0[", "[10.0, *[", None]),
    ("range(d, *, '2024', *)", "UTC", ["[*, 2024-01-01T00:00:00.000Z[", "[2024-01-01T00:00:00.000Z, *[", None]),
    ("range(t, *, date'2024-03-31', *)", "Europe/Paris", ["[*, 2024-03-31T00:00:00.000+01:00[", "[2024-03-31T00:00:00.000+01:00, *[", None]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "zone", "labels"), LABELS, ids=[key for key, _zone, _labels in LABELS])
def test_ranges_are_named_by_their_bounds(key: str, zone: str, labels: list[str | None]):
    assert [row[key] for row in ask(group_by=key, timezone=zone).rows] == labels


def test_a_day_of_the_change_of_time_is_named_by_its_two_offsets():
    found = ask(group_by="range(t, 1 day) as jour", refine=["t:2024/03/31"], timezone="Europe/Paris").rows
    assert found == [{"jour": "[2024-03-31T00:00:00.000+01:00, 2024-04-01T00:00:00.000+02:00["}]


def test_summaries_of_everything_and_of_nothing():
    names = [name for name in SUMMARIES if name != "sum(n)/count(*)"]
    assert alike(ask(select=", ".join(names)).rows, [{name: SUMMARIES[name](ROWS) for name in names}])
    assert ask(select="count(*), sum(n), median(x), min(d)", where=["false"]).rows == [
        {"count(*)": 0, "sum(n)": None, "median(x)": None, "min(d)": None}
    ]


# Refinements and facets -----------------------------------------------------------------------------------------------


def without(test: Test) -> Test:
    return lambda row: not test(row)


def tagged(*tags: str) -> Test:
    return lambda row: set(tags) <= set(row["tags"] or [])


REFINED: list[tuple[dict[str, Any], Test]] = [
    ({"refine": ["genre:'Sport'"]}, lambda r: r["genre"] == "Sport"),
    ({"refine": ["genre:Sport/Eau"]}, lambda r: r["genre"] == "Sport/Eau"),
    ({"refine": ["genre:Sport", "genre:Culture"]}, lambda r: False),
    ({"refine": ["genre:Sport", "genre:Culture"], "disjunctive": ["genre"]}, lambda r: r["genre"] in ("Sport", "Culture")),
    ({"refine": ['genre:"Sport", n:3']}, lambda r: r["genre"] == "Sport" and r["n"] == 3),
    ({"refine": ["tags:bus", "tags:eau"]}, tagged("bus", "eau")),
    ({"refine": ['tags:"a,b"']}, tagged("a,b")),
    ({"refine": ["tags:a,b"]}, tagged("a,b")),
    ({"refine": ["n:-7"]}, lambda r: r["n"] == -7),
    ({"refine": ["x:2"]}, lambda r: r["x"] == 2),
    ({"refine": ["2024:12"]}, lambda r: r["2024"] == 12),
    ({"refine": ["Prix_é:9.99", "ok:true"]}, lambda r: r["Prix_é"] == 9.99 and r["ok"] is True),
    ({"refine": ["code:01004"]}, lambda r: r["code"] == "01004"),
    ({"refine": ["d:2024/03"]}, lambda r: r["d"] is not None and (r["d"].year, r["d"].month) == (2024, 3)),
    ({"refine": ["d:2024-03-05"]}, lambda r: r["d"] == date(2024, 3, 5)),
    ({"exclude": ["d:2024/03"]}, lambda r: r["d"] is None or (r["d"].year, r["d"].month) != (2024, 3)),
    ({"exclude": ["genre:Sport", "genre:Culture"]}, lambda r: r["genre"] not in ("Sport", "Culture")),
    ({"exclude": ["tags:bus"], "where": ["n>0", "", "m=1"]}, lambda r: not tagged("bus")(r) and (r["n"] or 0) > 0 and r["m"] == 1),
]  # fmt: skip


@pytest.mark.parametrize(("clauses", "test"), REFINED, ids=[str(clauses) for clauses, _test in REFINED])
def test_refinements(clauses: dict[str, Any], test: Test):
    assert [row["id"] for row in ask(select="id", limit=100, **clauses).rows] == [
        row["id"] for row in ROWS if test(row)
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("period", ["2023", "2024/10", "2024/03/31", "2024/10/27", "2023/12/31"])
def test_periods_are_those_of_the_zone(period: str, zone: str):
    said = "%Y/%m/%d"[: 2 + 3 * period.count("/")]
    inside = [row["id"] for row in ROWS if row["t"] and f"{row['t'].astimezone(ZONES[zone]):{said}}" == period]
    outside = [row["id"] for row in ROWS if row["id"] not in inside]
    assert [row["id"] for row in ask(refine=[f"t:{period}"], select="id", limit=100, timezone=zone).rows] == inside
    assert [row["id"] for row in ask(exclude=[f"t:{period}"], select="id", limit=100, timezone=zone).rows] == outside


def tree(values: Sequence[FacetValue]) -> list[tuple[Any, ...]]:
    return [(one.value, one.count, one.state, tree(one.facets)) for one in values]


def counted(path: str, state: str = "displayed", *below: tuple[Any, ...]) -> tuple[Any, ...]:
    rows = [row for row in ROWS if row["genre"] and (row["genre"] + "/").startswith(path + "/")]
    return path, len(rows), state, list(below)


def test_a_hierarchy_opens_where_it_is_refined():
    asked = [FacetRequest("genre", hierarchical=True, sort="alphanum")]
    plain, once, twice = (
        tree(facets(OPERATOR, VENUES, OdsqlRequest(refine=refine), asked)["genre"])
        for refine in ([], ["genre:Sport"], ["genre:Sport/Eau"])
    )
    assert plain == [counted("Culture"), counted("Sport"), counted("Sports")]
    assert once == [counted("Sport", "refined", counted("Sport/Balle"), counted("Sport/Eau"))]
    path, _count, *_rest = counted("Sport")
    water = counted("Sport/Eau", "refined", counted("Sport/Eau/Piscine"))
    assert twice == [(path, water[1], "refined", [water])]


SORTS: dict[str, Callable[[tuple[int, int]], Any]] = {
    "num": lambda one: one[0], "-num": lambda one: -one[0], "-count": lambda one: (-one[1], str(one[0])), "count": lambda one: (one[1], str(one[0])),
}  # fmt: skip


@pytest.mark.parametrize("sort", SORTS)
def test_values_of_a_facet_in_every_order(sort: str):
    counts = [(value, len(rows)) for value, rows in grouped(lambda r: r["n"]).items() if value is not None]
    expected = [(str(value), count) for value, count in sorted(counts, key=SORTS[sort])]
    found = facets(OPERATOR, VENUES, OdsqlRequest(), [FacetRequest("n", sort=sort)])["n"]
    tied = (
        {count for _value, count in expected if [c for _v, c in expected].count(count) > 1}
        if "count" in sort
        else set()
    )
    assert [count for _value, count in expected] == [one.count for one in found]
    assert [one for one in expected if one[1] not in tied] == [
        (one.value, one.count) for one in found if one.count not in tied
    ]
