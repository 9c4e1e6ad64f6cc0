"""What is asked. One function per query: parameters drawn from a seed → the same question in three languages.

`Query.read`: how the answer of any system is turned into comparable values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

CATEGORIES = ("Eau", "Voirie", "Arbre", "Banc", "Borne", "Abri", "Lampe", "Kiosque", "Fontaine")
WORDS = (("rouge", "acier"), ("vert", "granit"), ("bleu", "osier"), ("gris", "nord"), ("jaune", "fonte"))
FACETS = ("code_insee", "commune", "quartier", "categorie", "etat", "operateur", "nombre", "date_maj")
FACET_LIMIT = 20
RECORD = (
    "id", "code_insee", "commune", "quartier", "categorie", "etat", "operateur", "libelle", "date_maj", "montant", "nombre",
    "longitude", "latitude",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """`bocage`: path and query below the dataset; `datasette`: path and query below /bench, or "" when it cannot;
    `sql`: for bare DuckDB on the native table `d1`; `columns`: all that the answer says, compared in order; `peer_columns`:
    those that Datasette can say, when it cannot say all of them."""

    bocage: str
    sql: str
    datasette: str = ""
    columns: tuple[str, ...] = RECORD
    peer_columns: tuple[str, ...] = ()


Answer = list[tuple[str, ...]]


def listed(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Answer:
    """Rows in their order."""
    return [tuple(_plain(row[name]) for name in columns) for row in rows]


def _plain(value: object) -> str:
    """The same text for the same value; sums of doubles agree up to the order of the additions."""
    return f"{value:.9g}" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else str(value)


def counted(answer: list[dict[str, Any]], columns: tuple[str, ...]) -> Answer:
    """Counts of values, however a system says them: (facet, value, count), in the order of facets then of counts. Where a
    facet is cut among values of equal count, which of them are there is nobody's promise: these are left out."""
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in columns}
    for facet, value, count in _counts(answer):
        if facet in found:
            found[facet].append((value, count))
    flat: Answer = []
    for facet, values in found.items():
        least = min((count for _value, count in values), default=0) if len(values) == FACET_LIMIT else 0
        kept = sorted((-count, value) for value, count in values if count > least)
        flat += [(facet, value, str(-count)) for count, value in kept]
    return flat


def _counts(answer: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """Of DuckDB: rows f, v, n. Of Bocage: facets. Of Datasette: one object."""
    if "n" in answer[0]:
        return [(row["f"], str(row["v"]), row["n"]) for row in answer]
    if "facets" in answer[0]:
        return [(facet["name"], one["value"], one["count"]) for facet in answer for one in facet["facets"]]
    results: dict[str, Any] = answer[0]["facet_results"]
    results = results.get("results", results)
    return [(name, str(one["value"]), one["count"]) for name, facet in results.items() for one in facet["results"]]


@dataclass(frozen=True)
class Query:
    name: str
    what: str
    draw: Callable[[Random], Question]
    key: str = "results"
    notes: str = field(default="")
    read: Callable[[list[dict[str, Any]], tuple[str, ...]], Answer] = listed


def explore(path: str, **parameters: str | int) -> str:
    return f"{path}?{urlencode(parameters)}"


def peer_sql(sql: str) -> str:
    """A free query of Datasette, on its own table, as objects."""
    return f".json?_shape=array&sql={quote(sql)}"


def q1(random: Random) -> Question:
    offset = random.randrange(0, 300)
    return Question(
        explore("records", limit=100, offset=offset),
        f"SELECT * FROM d1 LIMIT 100 OFFSET {offset}",
        peer_sql(f"select * from d1 limit 100 offset {offset}"),
    )


def q2(random: Random) -> Question:
    order = random.choice(("montant", "nombre"))
    return Question(
        explore("records", limit=100, offset=9900, order_by=f"{order} desc, id"),
        f"SELECT * FROM d1 ORDER BY {order} DESC, id LIMIT 100 OFFSET 9900",
        peer_sql(f"select * from d1 order by {order} desc, id limit 100 offset 9900"),
    )


def q3(random: Random) -> Question:
    kind, low = random.choice(CATEGORIES), random.randrange(0, 9000)
    where = f"categorie = '{kind}' AND montant >= {low} AND montant < {low + 500}"
    tail = "ORDER BY date_maj DESC, id LIMIT 100"
    return Question(
        explore("records", limit=100, where=where, order_by="date_maj desc, id"),
        f"SELECT * FROM d1 WHERE {where} {tail}",
        peer_sql(f"select * from d1 where {where} {tail}"),
    )


def q4(random: Random) -> Question:
    one, two = random.choice(WORDS)
    return Question(
        explore("records", limit=20, where=f'"{one} {two}"', order_by="id"),
        f"SELECT * FROM d1 WHERE regexp_matches(libelle, '\\b{one}\\b') AND regexp_matches(libelle, '\\b{two}\\b') "
        "ORDER BY id LIMIT 20",
        peer_sql(
            f"select d1.* from d1 join d1_fts on d1.rowid = d1_fts.rowid where d1_fts match '{one} AND {two}' "
            "order by id limit 20"
        ),
    )


def q5(random: Random) -> Question:
    lon, lat = round(random.uniform(-1.8, -1.4), 4), round(random.uniform(47.12, 47.33), 4)
    point = f"geom'POINT({lon} {lat})'"
    distance = f"ST_Distance_Sphere(ST_Point(latitude, longitude), ST_Point({lat}, {lon}))"  # latitude first, it says
    box = f"longitude BETWEEN {lon - 0.012} AND {lon + 0.012} AND latitude BETWEEN {lat - 0.0085} AND {lat + 0.0085}"
    return Question(
        explore("records", limit=100, where=f"within_distance(geo_point_2d, {point}, 800m)", order_by="id"),
        f"SELECT * FROM d1 WHERE {box} AND {distance} <= 800 ORDER BY id LIMIT 100",
    )


def q6(random: Random) -> Question:
    west, south = round(random.uniform(-1.84, -1.4), 4), round(random.uniform(47.1, 47.3), 4)
    east, north = round(west + 0.02, 4), round(south + 0.015, 4)
    where = f"longitude BETWEEN {west} AND {east} AND latitude BETWEEN {south} AND {north}"
    return Question(
        explore("records", limit=100, where=f"in_bbox(geo_point_2d, {south}, {west}, {north}, {east})", order_by="id"),
        f"SELECT * FROM d1 WHERE {where} ORDER BY id LIMIT 100",
        peer_sql(f"select * from d1 where {where} order by id limit 100"),
    )


def q7(random: Random) -> Question:
    measure = random.choice(("montant", "nombre"))
    select = f"count(*) AS n, sum({measure}) AS s, median({measure}) AS m"
    return Question(
        explore("records", limit=100, select=f"commune, {select}", group_by="commune", order_by="commune"),
        f"SELECT commune, {select} FROM d1 GROUP BY commune ORDER BY commune",
        peer_sql(f"select commune, count(*) as n, sum({measure}) as s from d1 group by commune order by commune"),
        ("commune", "n", "s", "m"),
        ("commune", "n", "s"),
    )


def q8(random: Random) -> Question:
    year = random.randrange(2018, 2025)
    return Question(
        explore(
            "records", limit=200, select="categorie, count(*) AS n",
            where=f"date_maj >= date'{year}-01-01' AND date_maj < date'{year + 1}-01-01'",
            group_by="categorie, month(date_maj) AS mois", order_by="categorie, mois",
        ),
        f"SELECT categorie, month(date_maj) AS mois, count(*) AS n FROM d1 WHERE date_maj >= DATE '{year}-01-01' "
        f"AND date_maj < DATE '{year + 1}-01-01' GROUP BY ALL ORDER BY categorie, mois",
        peer_sql(
            "select categorie, cast(strftime('%m', date_maj) as integer) as mois, count(*) as n from d1 "
            f"where date_maj >= '{year}-01-01' and date_maj < '{year + 1}-01-01' group by 1, 2 order by 1, 2"
        ),
        ("categorie", "mois", "n"),
    )  # fmt: skip


def q10(random: Random) -> Question:
    kind = random.choice(CATEGORIES)
    facets = "&".join(f"facet={quote(f'facet(name={name},limit={FACET_LIMIT})')}" for name in FACETS)
    values = {name: f"{name}::VARCHAR" for name in FACETS} | {"date_maj": "strftime(date_maj, '%Y')"}
    counts = " UNION ALL ".join(
        f"(SELECT '{name}' AS f, {value} AS v, count(*) AS n FROM k GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT {FACET_LIMIT})"
        for name, value in values.items()
    )
    peer = "&".join(f"_facet={name}" for name in FACETS)
    return Question(
        f"facets?{facets}&refine={quote(f'categorie:{kind}')}",
        f"WITH k AS (SELECT * FROM d1 WHERE categorie = '{kind}') {counts}",
        f"/d1.json?{peer}&categorie={quote(kind)}&_size=1&_nosuggest=1&_facet_size={FACET_LIMIT}&_shape=objects",
        FACETS,
        tuple(name for name in FACETS if name != "date_maj"),  # it counts days, where the others count years
    )


QUERIES: tuple[Query, ...] = (
    Query("Q1", "first 100 records", q1),
    Query("Q2", "offset 9,900, limit 100, sorted", q2),
    Query("Q3", "equality + range + sort", q3),
    Query("Q4", "full text, two words", q4),
    Query("Q5", "within 800 m", q5),
    Query("Q6", "bounding box, 100 records", q6),
    Query("Q7", "group by commune: count, sum, median", q7, notes="Datasette has no median: count and sum only"),
    Query("Q8", "a year, by category and month", q8),
    Query("Q10", "8 facets in one call, refined", q10, key="facets", read=counted),
)

EXPORTS: tuple[tuple[str, str, str, str], ...] = (
    ("Q11 csv", "exports/csv?limit=-1", "/d1.csv?_stream=1", "(FORMAT csv, HEADER, DELIMITER ';')"),
    ("Q11 jsonl", "exports/jsonl", "", "(FORMAT json)"),
    ("Q11 geojson", "exports/geojson", "", "(FORMAT gdal, DRIVER 'GeoJSON')"),
    ("Q11 parquet", "exports/parquet", "", "(FORMAT parquet)"),
    ("Q12 csv, 10 %", f"exports/csv?where={quote('categorie = ' + chr(39) + 'Eau' + chr(39))}",
     "/d1.csv?_stream=1&categorie=Eau", "(FORMAT csv, HEADER, DELIMITER ';')"),
)  # fmt: skip
"""(name, Bocage, Datasette, options of COPY); every one is read to its last byte."""
