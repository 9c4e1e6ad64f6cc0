"""Small numbers: two worlds where those whom too few are like differ in number and in value. No count, sum or difference tells."""

# ruff: noqa: E501  questions are read better on one line
from __future__ import annotations

import json
from itertools import product

import pytest

from tests.security.hidden.world import World, attempt, v1, v2

pytestmark = pytest.mark.django_db
NEEDED = ("comptes",)
ATTEMPTS = {
    "how many": v2("comptes", limit="0"),
    "every row": v2("comptes", limit="50"),
    "by sector": v2("comptes", select="secteur, count(*) as n", group_by="secteur"),
    "by year": v2("comptes", select="annee, count(*) as n", group_by="annee"),
    "by both": v2("comptes", select="secteur, annee, count(*) as n", group_by="secteur, annee"),
    "sum by sector": v2("comptes", select="secteur, sum(salaire) as s", group_by="secteur"),
    "sum by year": v2("comptes", select="annee, sum(salaire) as s", group_by="annee"),
    "mean by sector": v2("comptes", select="secteur, avg(salaire) as s", group_by="secteur"),
    "sum of everything": v2("comptes", select="sum(salaire) as s, count(*) as n"),
    "everything but the others": v2("comptes", select="sum(salaire) as s, count(*) as n", where="not secteur in ('Eau', 'Voirie')"),
    "all but one sector": v2("comptes", select="sum(salaire) as s, count(*) as n", where="secteur != 'Voirie'"),
    "all but one year": v2("comptes", select="sum(salaire) as s, count(*) as n", where="annee != 2025"),
    "one sector in one year": v2("comptes", select="sum(salaire) as s", where="secteur = 'Eau' and annee = 2024"),
    "all years but of one sector": v2("comptes", select="count(*) as n", where="secteur != 'Eau'"),
    "the lonely sector": v2("comptes", select="sum(salaire) as s, count(*) as n", where="secteur = 'Culture'"),
    "is it there": v2("comptes", where="secteur = 'Culture'", limit="0"),
    "by its word": v2("comptes", where="search('culture')", limit="0"),
    "by a year's step": v2("comptes", select="count(*) as n", group_by="range(annee, 1)"),
    "by the sum": v2("comptes", select="secteur, sum(salaire) as s", group_by="secteur", order_by="s desc", limit="1"),
    "by the hidden name": v2("comptes", select="nom, count(*) as n", group_by="nom"),
    "where the hidden name": v2("comptes", where="nom = 'Maxime'", limit="0"),
    "salaries": v2("comptes", select="salaire", limit="50"),
    "greatest salary": v2("comptes", select="max(salaire) as s"),
    "least salary of a sector": v2("comptes", select="min(salaire) as s", where="annee = 2024"),
    "median salary": v2("comptes", select="secteur, median(salaire) as s", group_by="secteur"),
    "hundredth percentile": v2("comptes", select="percentile(salaire, 100) as s"),
    "number of salaries": v2("comptes", select="count(salaire) as n"),
    "different salaries": v2("comptes", select="count(distinct salaire) as n"),
    "sum of a formula": v2("comptes", select="sum(salaire * salaire) as s"),
    "sum of a division": v2("comptes", select="sum(1 / (salaire - 7654321)) as s"),
    "salary above": v2("comptes", where="salaire > 7000", limit="0"),
    "sum of those above": v2("comptes", select="sum(salaire) as s", where="salaire > 7000"),
    "sorted by salary": v2("comptes", select="secteur", order_by="salaire desc", limit="1"),
    "grouped by salary": v2("comptes", select="count(*) as n", group_by="salaire", order_by="n desc"),
    "grouped by steps of salary": v2("comptes", select="count(*) as n", group_by="range(salaire, 1000)"),
    "refined by salary": v2("comptes", refine="salaire:7654321", limit="0"),
    "refined by the lonely sector": v2("comptes", refine="secteur:Culture", limit="0"),
    "the others excluded": v2("comptes", exclude="secteur:Eau", limit="0", where="secteur != 'Voirie'"),
    "facets": v2("comptes", "/facets"),
    "facet of years": v2("comptes", "/facets", facet="annee"),
    "facet of salaries": v2("comptes", "/facets", facet="salaire"),
    "facet refined": v2("comptes", "/facets", facet="annee", refine="secteur:Eau"),
    "facet, disjunctive": v2("comptes", "/facets", facet='facet(name="secteur", disjunctive=true)', refine="secteur:Eau"),
    "identifiers": v2("comptes", select="_id", limit="50"),
    **{f"exported as {name}": v2("comptes", f"/exports/{name}") for name in ("csv", "json", "jsonl", "parquet", "xlsx")},
    "exported salaries": v2("comptes", "/exports/csv", select="salaire"),
    "first version: search": v1("comptes", "search", rows="50"),
    "first version: facets": v1("comptes", "search", rows="0", facet="secteur"),
    "first version: analysis": v1("comptes", "analyze", x="secteur", **{"y.n.func": "COUNT"}),
    "first version: sum": v1("comptes", "analyze", x="annee", **{"y.n.func": "SUM", "y.n.expr": "salaire"}),
    "first version: greatest": v1("comptes", "analyze", x="annee", **{"y.n.func": "MAX", "y.n.expr": "salaire"}),
    "first version: quantile": v1("comptes", "analyze", x="annee", **{"y.n.func": "QUANTILES", "y.n.expr": "salaire", "y.n.subsets": "100"}),
    "first version: spread": v1("comptes", "analyze", x="annee", **{"y.n.func": "STDDEV", "y.n.expr": "salaire"}),
    "first version: download": v1("comptes", "download", format="csv"),
    "the table": "/explore/dataset/comptes/table/",
    "the page": "/explore/dataset/comptes/",
    "a chart of sums": "/explore/dataset/comptes/chart/?x=secteur&y=salaire&func=sum",
    "description": v2("comptes", ""),
}  # fmt: skip
ALIKE = {"description"}
REFUSED = {"sum of a formula", "sum of a division"}
"""Nothing is computed inside of a sum, for anybody."""


@pytest.mark.parametrize("name", ATTEMPTS)
def test_those_whom_too_few_are_like_do_not_exist(world: World, name: str) -> None:
    attempt(world, ATTEMPTS[name], "stranger", steward=name not in ALIKE | REFUSED)


def test_the_cells_that_are_seen_are_told_rightly(world: World) -> None:
    """Six in one, seven in the other: what is given is the truth, and sums to what is given of all."""
    world.become("a")
    by_sector, everything = (
        json.loads(world.ask("stranger", ATTEMPTS[name])[1])["results"]
        for name in ("sum by sector", "sum of everything")
    )
    assert by_sector == [{"secteur": "Eau", "s": 12015}, {"secteur": "Voirie", "s": 21021}]
    assert everything == [{"s": 33036, "n": 13}]


def test_no_group_of_any_answer_is_smaller_than_the_threshold(world: World) -> None:
    """Nor is what one answer has and another has not: conditions on what is seen keep cells whole."""
    conditions = (
        "",
        "secteur = 'Eau'",
        "annee = 2025",
        "secteur > 'E'",
        "length(secteur) = 3",
        "not annee = 2024",
        "search('voirie')",
    )
    for one, other in product(conditions, conditions):
        where = " and ".join(filter(None, [one, other and f"not ({other})"]))
        body = world.ask("stranger", v2("comptes", where=where, limit="0"))[1]
        assert json.loads(body)["total_count"] not in range(1, 5), where
