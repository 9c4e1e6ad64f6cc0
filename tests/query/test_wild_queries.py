"""Requests in the manner of programmes that read such portals, brought to our table: all are answered. And whatever is read can
be printed and read again."""

from __future__ import annotations

from typing import Any

import pytest

from bocage.query.odsql import nodes
from bocage.query.odsql.parse import parse_group_by, parse_order_by, parse_select, parse_where
from bocage.query.odsql.printing import printed
from tests.query import test_corpus, test_corpus_groups, test_corpus_select, test_corpus_where
from tests.query.companies import ROWS, ask

WILD: list[dict[str, Any]] = [
    {
        "where": ["within_distance(position, geom'POINT(-1.55 47.21)', 10000m)"],
        "order_by": "distance(position, geom'POINT(-1.55 47.21)')",
        "limit": 20,
    },
    {
        "where": ["distance(position, geom'POINT(2.35 48.85)', 800m)"],
        "order_by": "distance(position,geom'POINT(2.35 48.85)')Asc",
    },
    {"select": "siret,nom,position,distance(position,geom'POINT(2.35 48.85)') as dist", "where": ["ca is not null"]},
    {"where": ["ca is not null and within_distance(position, geom'POINT(-1.55 47.21)', 30km)"], "order_by": "ca asc"},
    {"where": ["in_bbox(position, 48.84, 2.26, 48.86, 2.37)"], "limit": -1},
    {"where": ["in_bbox(position,47,-2,48,-1)"], "limit": 0, "select": "count(*) as n"},
    {
        "select": "COUNT(*) as count",
        "group_by": "RANGE(creation, 1 month) as creation",
        "order_by": "creation DESC",
        "limit": 6,
    },
    {
        "select": "COUNT(*) as value",
        "where": ["nom is not null"],
        "group_by": "nom as name",
        "order_by": "value DESC",
        "limit": 20,
    },
    {"select": "count(*) AS total, commune", "group_by": "commune", "limit": 20},
    {"select": "count(*), nom", "where": ['commune="44109" and zone is not null'], "group_by": "nom"},
    {"select": "count(*)", "group_by": "commune", "refine": ["maj:2024", 'chemin:"Culture"'], "limit": 100},
    {
        "select": "avg(ca) as temp",
        "where": ["maj>=now(days=-7000)"],
        "group_by": "range(maj, 12 hour) as time",
        "limit": 900,
        "timezone": "UTC",
    },
    {
        "select": "avg(ca) as temp",
        "where": ["maj>=now(days=-7000)"],
        "group_by": "range(maj,2days) as time",
        "limit": 900,
    },
    {"select": "date_format(maj, 'YYYY-MM-dd') as jour, count(*) as nb", "group_by": "jour", "order_by": "jour"},
    {"select": "count(*) as nb", "group_by": "date_format(maj, 'YYYY-ww')"},
    {"select": "sum(effectif)/1000 as km", "where": ["effectif < 1000"]},
    {"select": "siret, count(*) as nb", "group_by": "siret", "order_by": "nb desc", "limit": 10},
    {"group_by": "year(creation) as y"},
    {"group_by": "commune", "order_by": "commune ASC", "limit": 50, "offset": 0, "refine": ['nom:"ETANG SUD"']},
    {"group_by": "commune, actif, year", "refine": ['commune:"44109"', "actif:true", 'maj:"2024/10"'], "limit": 1000},
    {
        "select": "count(*) as n, geo_cluster(position,24)",
        "group_by": "siret,nom,commune,geo_cluster(position,24)",
        "limit": 1000,
    },
    {"where": ["maj >= now()"], "select": "siret,count(*) as nb", "group_by": "siret,geo_cluster(position,24)"},
    {"where": ["maj IN [date'2024-01-01 00:00'..date'2024-01-02 00:00'[AND commune = '44109'"]},
    {"where": ["maj >= '2024-01-01T00:00:00' AND maj < '2024-02-01T00:00:00'"], "order_by": "-maj"},
    {"where": ["creation >= date'2024-01-01'", 'nom like "boulangerie"'], "select": "*", "limit": 5},
    {"where": ['year(creation)>=2021 and commune="44109" and nom in ("ETANG SUD","café du port")']},
    {"where": ["year(creation)=2024 and effectif>=-37 and effectif<100"]},
    {"where": ["minute(maj) = 0 and month(maj) = 3"], "order_by": "maj", "select": "siret,maj"},
    {"where": ['commune LIKE "44*" OR commune LIKE "2A*"']},
    {"where": ['nom like "%Étang%"']},
    {"where": ['NOT nom in ("ETANG SUD")']},
    {"where": ['search("etang") or search("book of secret")'], "limit": 50},
    {"where": ['search(siret,"2144") and search(nom,"cafe")'], "limit": 8},
    {"where": ['suggest(nom, "bou")'], "select": "nom", "limit": 10},
    {"where": ["startswith(commune,'44') AND actif=true"]},
    {"where": ['naf in ("62.01Z")'], "limit": 100, "order_by": "nom asc"},
    {"where": ['siret="' + ROWS[5]["siret"] + '"'], "limit": 1},
    {"where": ["effectif=12"], "limit": 1},
    {"where": ['commune="75056"'], "limit": 10},
    {"select": "siret AS school_id,nom AS name,commune AS lau", "limit": -1},
    {"select": "nom,`Été à Noël`", "where": ['`Été à Noël`="oui"']},
    {
        "select": "sum(ca) as total, avg(ca) as moyenne, max(ca) as haut",
        "group_by": "commune,actif",
        "order_by": "total desc",
    },
    {
        "select": "count(*) as nb_asso",
        "where": ['commune="44109"'],
        "group_by": "nom",
        "order_by": "-nb_asso",
        "offset": 0,
    },
    {"select": "max(maj) as derniere, min(maj) as premiere", "limit": 1},
    {"select": "max(maj)", "limit": 0},
    {"refine": ["maj:2024-03-31"], "timezone": "Europe/Paris"},
    {"refine": ['maj:"2024-03"', 'nom:"ETANG SUD"'], "exclude": ["commune:00000"]},
    {"refine": ["creation:2023/07/14"]},
    {"refine": ["chemin:Culture/Musée"], "exclude": ['chemin:"Culture/Musée/Art"']},
    {"where": ['"etang"', "actif:true"], "order_by": "nom"},
    {"where": ["polygon(position,geom'POLYGON((-2 47,-1 47,-1 48,-2 48,-2 47))')"]},
    {"where": ['intersects(zone, geom\'{"type":"Polygon","coordinates":[[[-2,47],[-1,47],[-1,48],[-2,47]]]}\')']},
    {"where": ["effectif > 10 AND (commune = '44109' OR commune = '75056') AND NOT actif"]},
    {"where": ["ca>=0.0 and ca<=1.5e3"], "order_by": "ca desc, effectif", "limit": 100},
    {"where": ["maj>now(days=-1)"]},
    {"where": ["creation < now(years=-4, month=1, day=1)"], "select": "siret, creation"},
    {"where": ["date_format(creation,'dd/MM/yyyy')='14/07/2023'"]},
    {"select": "include(c*), exclude(chemin)", "limit": 2},
    {"select": "nom, length(nom) as longueur, lower(nom) as bas", "order_by": "longueur desc", "limit": 5},
    {"select": "count(distinct commune) as communes, count(distinct ifnull(nom, '?')) as noms"},
    {"order_by": "random(42)", "limit": 3},
    {
        "select": "count(*) as c",
        "group_by": "range(effectif, *, 10, 50, *) as tranche",
        "order_by": "c desc",
        "where": ["effectif > -1000"],
    },
    {
        "select": "year(creation) as annee, month(creation) as mois, count(*) as n",
        "group_by": "annee, mois",
        "order_by": "annee, mois",
    },
]


@pytest.mark.parametrize("clauses", WILD, ids=[" ".join(map(str, one.values()))[:80] for one in WILD])
def test_it_is_answered(clauses):
    page = ask(**clauses)
    assert page.total_count >= 0
    names = [column.name for column in page.columns]
    assert all(list(row) == names for row in page.rows)


SOUGHT = [*test_corpus.WHERE, *test_corpus_where.ALL, *test_corpus_where.DATES]
CLAUSES: list[tuple[str, str]] = [
    *[("where", where) for where, _ in SOUGHT],
    *[("where", where) for one in WILD for where in one.get("where", ())],
    *[
        ("select", select)
        for select, *_ in [*test_corpus.SELECT, *test_corpus_select.VALUES, *test_corpus_select.SUMMARIES]
    ],
    *[("group_by", group) for group, *_ in [*test_corpus.GROUPS, *test_corpus_groups.GROUPS]],
    *[("order_by", order) for order, *_ in [*test_corpus.ORDERS, *test_corpus_groups.ORDERS]],
    *[(name, one[name]) for one in WILD for name in ("select", "group_by", "order_by") if name in one],
]
PARSERS = {"select": parse_select, "where": parse_where, "group_by": parse_group_by, "order_by": parse_order_by}


def test_every_query_of_the_corpus_reads_back_once_printed():
    assert len({text for _, text in CLAUSES}) > 450
    for clause, text in CLAUSES:
        read: nodes.Node = PARSERS[clause](text)  # type: ignore[operator]
        assert PARSERS[clause](printed(read)) == read, text  # type: ignore[operator]
