"""Groups, ranges, clusters and orders over a difficult table: what plain Python computes."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.query.companies import (
    PARIS,
    ROWS,
    Value,
    ask,
    known,
    length_in,
    local,
    metres,
    of,
    pixels,
    token,
    whole,
)


def bins(*bounds: Any) -> Callable[[Any], Any]:
    """The interval [low, high[ of a value, as a text; None bounds are open; False is in none."""

    def found(value: Any) -> Any:
        for low, high in pairwise(bounds):
            if (low is None or value >= low) and (high is None or value < high):
                return low, high
        return False

    return found


def stamp(moment: datetime) -> str:
    text = moment.isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") and moment.tzinfo is UTC else text


def hours(moment: datetime, count: int) -> datetime:
    """Start of the interval of so many hours, counted on the wall."""
    wall = local(moment).replace(tzinfo=UTC)
    return moment - timedelta(seconds=wall.timestamp() % (3600 * count))


def midnight(moment: datetime) -> datetime:
    return local(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def span(start: datetime, end: datetime) -> str:
    return f"[{stamp(start)}, {stamp(end)}["


def day_after(start: datetime) -> datetime:
    return datetime(*(start.date() + timedelta(days=1)).timetuple()[:3], tzinfo=PARIS)


def month_after(start: datetime) -> datetime:
    return datetime(start.year + start.month // 12, start.month % 12 + 1, 1, tzinfo=PARIS)


def by_month(moment: datetime) -> str:
    start = midnight(moment).replace(day=1)
    return span(start, month_after(start))


def by_hours(count: int) -> Callable[[datetime], str]:
    def found(moment: datetime) -> str:
        start = hours(moment, count)
        return span(local(start), local(start + timedelta(hours=count)))

    return found


def fixed(low: Any, high: Any) -> str:
    return f"[{'*' if low is None else low}, {'*' if high is None else high - 1}]"


def shown(name: str, found: Callable[[Any], Any], write: Callable[[Any, Any], str]) -> Value:
    """The label of the interval; rows in none are left out, missing values are a group."""
    return lambda row: None if row[name] is None else (write(*found(row[name])) if found(row[name]) else False)


def half_open(low: Any, high: Any) -> str:
    return f"[{'*' if low is None else float(low)}, {'*' if high is None else float(high)}["


def days(low: Any, high: Any) -> str:
    ends = ["*" if day is None else f"{day}T00:00:00.000Z" for day in (low, high)]
    return f"[{', '.join(ends)}["


GROUPS: list[tuple[str, str, Value]] = [
    ("commune", "commune", lambda r: r["commune"]),
    ("commune as c", "c", lambda r: r["commune"]),
    ("nom", "nom", lambda r: r["nom"]),
    ("effectif", "effectif", lambda r: r["effectif"]),
    ("actif", "actif", lambda r: r["actif"]),
    ("creation", "creation", of("creation", date.isoformat)),
    ("`Été à Noël`", "Été à Noël", lambda r: r["Été à Noël"]),
    ("year(creation) as year", "year", of("creation", lambda v: v.year)),
    ("MONTH(maj)", "MONTH(maj)", of("maj", lambda v: local(v).month)),
    ("day( maj )", "day( maj )", of("maj", lambda v: local(v).day)),
    ("hour(maj)", "hour(maj)", of("maj", lambda v: local(v).hour)),
    ("minute(maj)", "minute(maj)", of("maj", lambda v: local(v).minute)),
    ("second(maj)", "second(maj)", of("maj", lambda v: local(v).second)),
    ("date_format(creation, 'yyyy-MM')", "date_format(creation, 'yyyy-MM')", of("creation", lambda v: f"{v.year}-{v.month:02}")),
    ("date_format(maj, 'EEEE') as jour", "jour", of("maj", lambda v: token("EEEE", local(v), "fr"))),
    ("lower(nom)", "lower(nom)", of("nom", str.lower)),
    ("ifnull(commune, 'aucune') as c", "c", lambda r: r["commune"] or "aucune"),
    ("ifnull(effectif,0)", "ifnull(effectif,0)", lambda r: r["effectif"] or 0),
    ("range(ca, 20)", "range(ca, 20)", of("ca", lambda v: half_open(math.floor(v / 20) * 20.0, math.floor(v / 20) * 20.0 + 20))),
    ("RANGE(effectif,10) as tranche", "tranche", of("effectif", lambda v: f"[{v // 10 * 10}, {v // 10 * 10 + 9}]")),
    ("range(effectif, *, 10, 50, 100, *)", "range(effectif, *, 10, 50, 100, *)", shown("effectif", bins(None, 10, 50, 100, None), fixed)),
    ("range(effectif,-1,1)", "range(effectif,-1,1)", shown("effectif", bins(-1, 1), fixed)),
    ("range(effectif, 20.5, *)", "range(effectif, 20.5, *)", shown("effectif", bins(20.5, None), half_open)),
    ("range(ca, *, 0, 20)", "range(ca, *, 0, 20)", shown("ca", bins(None, 0, 20), half_open)),
    ("range(ca, 0.1, 20.5, 100)", "range(ca, 0.1, 20.5, 100)", shown("ca", bins(0.1, 20.5, 100), half_open)),
    ("range(effectif, 1,2,3)", "range(effectif, 1,2,3)", shown("effectif", bins(1, 2, 3), fixed)),
    ("range(maj, 1 hour)", "range(maj, 1 hour)", of("maj", by_hours(1))),
    ("range(maj, 12h)", "range(maj, 12h)", of("maj", by_hours(12))),
    ("range(maj, 1 day)", "range(maj, 1 day)", of("maj", lambda v: span(midnight(v), day_after(midnight(v))))),
    ("range(maj, 1M)", "range(maj, 1M)", of("maj", by_month)),
    ("range(maj, 1 month) as maj", "maj", of("maj", by_month)),
]  # fmt: skip


@pytest.mark.parametrize(("group_by", "key", "value"), GROUPS, ids=[group for group, _, _ in GROUPS])
def test_groups_in_paris(group_by, key, value):
    page = ask(select="count(*) as n", group_by=group_by, timezone="Europe/Paris", limit=1000)
    expected: dict[Any, int] = {}
    for row in ROWS:
        if (found := value(row)) is not False or key == "actif":
            expected[found] = expected.get(found, 0) + 1
    assert all(list(row) == [key, "n"] for row in page.rows)
    assert {row[key]: row["n"] for row in page.rows} == expected
    assert page.total_count == len(page.rows) == len(expected)
    if None in expected:
        assert page.rows[-1][key] is None


def test_ranges_of_days_between_dates():
    labels = bins(None, date(2020, 11, 13), date(2021, 1, 1))
    page = ask(select="count(*) as n", group_by="range(creation, *, date'2020-11-13', date'2021-01-01') as r")
    found = [value for value in map(labels, known(ROWS, "creation")) if value]
    expected = {days(*value): found.count(value) for value in found} | {None: sum(r["creation"] is None for r in ROWS)}
    assert {row["r"]: row["n"] for row in page.rows} == expected


def test_a_row_of_several_values_is_in_the_group_of_each():
    page = ask(select="naf, count(*) as n", group_by="naf")
    expected: dict[Any, int] = {}
    for row in ROWS:
        for value in row["naf"] or [None]:
            expected[value] = expected.get(value, 0) + 1
    assert {row["naf"]: row["n"] for row in page.rows} == expected
    assert [row["naf"] for row in page.rows] == [*sorted(v for v in expected if v is not None), None]


def test_several_keys_and_pages_of_groups():
    page = ask(select="count(*) as n", group_by="commune, actif", limit=1000)
    pairs = {(row["commune"], row["actif"]): 0 for row in ROWS}
    for row in ROWS:
        pairs[row["commune"], row["actif"]] += 1
    assert {(row["commune"], row["actif"]): row["n"] for row in page.rows} == pairs
    pages = [
        ask(select="count(*) as n", group_by="commune, actif", limit=5, offset=offset) for offset in range(0, 25, 5)
    ]
    assert [row for one in pages for row in one.rows] == page.rows
    assert {one.total_count for one in pages if one.rows} == {len(pairs)}


@pytest.mark.parametrize(
    "call",
    [
        "geo_cluster(position, 8)",
        "GEO_CLUSTER(position,14)",
        "geo_cluster(position, 2, 100)",
        "geo_cluster(position, 24)",
    ],
)
def test_clusters_hold_every_row_and_no_two_are_nearer_than_the_radius(call):
    page = ask(select="count(*) as n", group_by=call, limit=100)
    assert all(list(row) == [call, "n"] for row in page.rows)
    placed = [row for row in page.rows if row[call]]
    assert sum(row["n"] for row in placed) == len(known(ROWS, "position"))
    assert sum(row["n"] for row in page.rows) == len(ROWS)
    numbers = [int(number) for number in call.partition("(")[2].rstrip(")").split(",")[1:]]
    zoom, radius = numbers[0], numbers[1] if len(numbers) > 1 else 40
    centres = [
        pixels((row[call]["cluster_centroid"]["lon"], row[call]["cluster_centroid"]["lat"]), zoom) for row in placed
    ]
    assert all(math.dist(a, b) >= radius * 0.999999 for i, a in enumerate(centres) for b in centres[:i])


def test_places_on_both_sides_of_a_line_of_the_grid_are_one_cluster():
    """-1.5536 and -1.5540 are some 30 m apart, whatever lines the grid draws between them."""
    for zoom in range(14):
        page = ask(
            select="count(*)",
            group_by=f"geo_cluster(position, {zoom})",
            where=["in_bbox(position, 47.2, -1.56, 47.22, -1.55)"],
        )
        assert len(page.rows) == 1


def ordered(value: Value, descending: bool) -> list[str]:
    present = [row for row in ROWS if value(row) is not None]
    present.sort(key=value, reverse=descending)
    if descending:  # equal values keep the order of the file
        present = [row for v in dict.fromkeys(map(value, present)) for row in ROWS if value(row) == v]
    return [row["siret"] for row in [*present, *(row for row in ROWS if value(row) is None)]]


ORDERS: list[tuple[str, Value, bool]] = [
    ("effectif", lambda r: r["effectif"], False),
    ("effectif DESC", lambda r: r["effectif"], True),
    ("-effectif", lambda r: r["effectif"], True),
    ("nom", of("nom", lambda v: v.encode()), False),
    ("nom desc", of("nom", lambda v: v.encode()), True),
    ("lower(nom)", of("nom", lambda v: v.lower().encode()), False),
    ("length(nom) desc", of("nom", len), True),
    ("creation asc", lambda r: r["creation"], False),
    ("maj desc", lambda r: r["maj"], True),
    ("month(creation)", of("creation", lambda v: v.month), False),
    ("date_format(creation, 'MM-dd') desc", of("creation", lambda v: f"{v.month:02}-{v.day:02}"), True),
    ("ifnull(ca, 50)", lambda r: 50 if r["ca"] is None else r["ca"], False),
    ("distance(position, geom'POINT(-1.5536 47.2184)')Asc", lambda r: length_in(r["position"]), False),
    ("distance(position, geom'POINT(2.3522 48.8566)') desc", lambda r: r["position"] and metres(r["position"], (2.3522, 48.8566)), True),
    ("actif", lambda r: r["actif"], False),
    ("`12` desc", of("12", str.encode), True),
    ("double", of("effectif", whole(lambda v: v * 2)), False),
    ("now()", lambda r: 0, False),
]  # fmt: skip


@pytest.mark.parametrize(("order_by", "value", "descending"), ORDERS, ids=[order for order, _, _ in ORDERS])
def test_order_with_nothing_last(order_by, value, descending):
    page = ask(select="siret, effectif * 2 as double", order_by=order_by, limit=100)
    assert [row["siret"] for row in page.rows] == ordered(value, descending)


def test_orders_of_groups():
    counts: dict[Any, int] = {}
    for row in ROWS:
        counts[row["commune"]] = counts.get(row["commune"], 0) + 1
    keys = sorted(counts, key=lambda key: (key is None, key or ""))
    for order_by, expected in (
        ("commune", keys),
        ("commune desc", [*sorted((k for k in keys if k is not None), reverse=True), *[k for k in keys if k is None]]),
        ("count(*) desc", sorted(keys, key=lambda key: -counts[key])),
        ("n desc, commune", sorted(keys, key=lambda key: -counts[key])),
        ("-n", sorted(keys, key=lambda key: -counts[key])),
        ("COUNT(*), commune desc", None),
    ):
        found = [row["commune"] for row in ask(select="count(*) as n", group_by="commune", order_by=order_by).rows]
        assert found == expected if expected is not None else sorted(found, key=str) == sorted(keys, key=str)
    shuffled = [
        [row["commune"] for row in ask(select="count(*)", group_by="commune", order_by=f"random({seed})").rows]
        for seed in (1, 1, 2, 3)
    ]
    assert shuffled[0] == shuffled[1]
    assert len({tuple(one) for one in shuffled}) > 1
