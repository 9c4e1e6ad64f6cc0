"""Hidden rows: two worlds where those of others differ in what they hold and in how many they are."""

# ruff: noqa: E501  questions are read better on one line
from __future__ import annotations

import pytest

from bocage.access.models import DataRule
from bocage.catalog.services import touch_catalogue
from bocage.organizations.models import Organization
from tests.security.hidden.world import MINE, THEIRS, World, attempt, v1, v2

pytestmark = pytest.mark.django_db
NEEDED = ("lignes",)
ATTEMPTS = {
    "every row": v2("lignes", limit="50"),
    "how many": v2("lignes", limit="0"),
    "how many of theirs": v2("lignes", where=f"insee = '{THEIRS}'", limit="0"),
    "how many are not mine": v2("lignes", where=f"insee != '{MINE}'", limit="0"),
    "not the rule": v2("lignes", where=f"not insee = '{MINE}'", limit="0"),
    "or always": v2("lignes", where=f"insee = '{THEIRS}' or true", limit="50"),
    "by what the rule looks at": v2("lignes", where="statut = 'secret' and numero < 50", limit="0"),
    "by the length of what it looks at": v2("lignes", where="length(statut) = 6", limit="0"),
    "by what others wrote": v2("lignes", where="objet = 'Prosper'", limit="0"),
    "by the words of others": v2("lignes", where="search('prosper')", limit="0"),
    "by nearly the words of others": v2("lignes", where="search(objet, 'prospere')", limit="0"),
    "by the beginning of their words": v2("lignes", where="suggest('prosp')", limit="0"),
    "by a word in a list": v2("lignes", where="'feu' in tags", limit="0"),
    "by dates of others": v2("lignes", where="maj > date'2026-12-31'", limit="0"),
    "beyond the last of mine": v2("lignes", limit="10", offset="6"),
    "last by number": v2("lignes", order_by="numero desc", limit="1", select="numero"),
    "last by date": v2("lignes", order_by="maj desc", limit="2", select="maj"),
    "greatest number": v2("lignes", select="max(numero), min(numero), count(*)"),
    "sum": v2("lignes", select="sum(numero) as s"),
    "mean": v2("lignes", select="avg(numero) as s"),
    "median": v2("lignes", select="median(numero) as s"),
    "number of places": v2("lignes", select="count(distinct objet) as n"),
    "by place": v2("lignes", select="insee, count(*) as n", group_by="insee"),
    "by object": v2("lignes", select="objet, count(*) as n", group_by="objet"),
    "by word": v2("lignes", select="tags, count(*) as n", group_by="tags"),
    "by status": v2("lignes", select="statut, count(*) as n", group_by="statut"),
    "by year": v2("lignes", select="count(*) as n", group_by="year(maj)"),
    "by steps": v2("lignes", select="count(*) as n", group_by="range(numero, 10)"),
    "how many groups": v2("lignes", select="numero", group_by="numero", limit="0"),
    "facets": v2("lignes", "/facets"),
    "facet of places": v2("lignes", "/facets", facet="insee"),
    "facet of objects": v2("lignes", "/facets", facet="objet"),
    "facet of words": v2("lignes", "/facets", facet="tags"),
    "facet of years": v2("lignes", "/facets", facet="maj"),
    "facet without mine": v2("lignes", "/facets", facet="insee", exclude=f"insee:{MINE}"),
    "facet beside a refusal": v2("lignes", "/facets", facet='facet(name="insee", disjunctive=true)', refine=f"insee:{MINE}"),
    "refined by theirs": v2("lignes", refine=f"insee:{THEIRS}", limit="0"),
    "mine excluded": v2("lignes", exclude=f"insee:{MINE}", limit="0"),
    "identifiers": v2("lignes", select="_id", limit="50"),
    "identifiers, sorted": v2("lignes", select="_id", order_by="_id", limit="50"),
    "number of rows of an export": v2("lignes", "/exports/csv"),
    **{f"exported as {name}": v2("lignes", f"/exports/{name}") for name in ("json", "jsonl", "parquet", "xlsx", "turtle")},
    "part of an export": v2("lignes", "/exports/csv", offset="6"),
    "exported from older times": v2("lignes", "/exports/csv", order_by="maj desc", limit="1"),
    "first version: search": v1("lignes", "search", rows="50"),
    "first version: how many": v1("lignes", "search", rows="0"),
    "first version: words of others": v1("lignes", "search", q="prosper", rows="0"),
    "first version: facets": v1("lignes", "search", rows="0", facet="insee"),
    "first version: theirs": v1("lignes", "search", rows="0", **{"refine.insee": THEIRS}),
    "first version: mine excluded": v1("lignes", "search", rows="0", **{"exclude.insee": MINE}),
    "first version: analysis": v1("lignes", "analyze", x="insee", **{"y.n.func": "COUNT"}),
    "first version: greatest": v1("lignes", "analyze", x="insee", **{"y.n.func": "MAX", "y.n.expr": "numero"}),
    "first version: download": v1("lignes", "download", format="csv"),
    "the page": "/explore/dataset/lignes/",
    "the table": "/explore/dataset/lignes/table/",
    "the table, last by number": "/explore/dataset/lignes/table/?sort=-numero",
    "the table, second page": "/explore/dataset/lignes/table/?page=2",
    "the table, words of others": "/explore/dataset/lignes/table/?q=Prosper",
    "a chart": "/explore/dataset/lignes/chart/?x=objet",
    "the files": "/explore/dataset/lignes/export/",
    "the quality": "/explore/dataset/lignes/quality/",
    "description of the dataset": v2("lignes", ""),
    "first version: description": "/api/datasets/1.0/lignes/",
    "the catalogue": "/explore/",
    "sizes in the catalogue": "/api/explore/v2.1/catalog/datasets?where=dataset_id='lignes'%20and%20records_count%20>%2014&limit=0",
    "sizes, sorted": "/api/explore/v2.1/catalog/exports/json?select=dataset_id,records_count&order_by=records_count",
    "sum of sizes": "/api/explore/v2.1/catalog/exports/json?select=sum(records_count)%20as%20n",
    "home": "/",
    "the organisation": "/organizations/ici/",
    "organisations": "/organizations/",
}  # fmt: skip
ALIKE = {
    "the table, second page", "the catalogue", "sizes in the catalogue", "sizes, sorted", "sum of sizes", "home", "the organisation",
    "organisations", "description of the dataset", "first version: description", "a chart", "the quality",
}  # fmt: skip
"""What one of many cannot tell, or pages that draw, or sums that leave the dataset out for everybody."""


@pytest.mark.parametrize("name", ATTEMPTS)
def test_hidden_rows_do_not_exist(world: World, name: str) -> None:
    """Not even to a stranger, who sees no row at all."""
    attempt(world, ATTEMPTS[name], "member", "stranger", steward=name not in ALIKE)


@pytest.mark.parametrize("name", list(ATTEMPTS)[::8])
def test_nor_through_a_key(world: World, name: str) -> None:
    attempt(world, ATTEMPTS[name], "key of the member", "dataset key of the steward", steward=False)


def test_what_is_seen_is_there(world: World) -> None:
    """Or the attempts above would only show that nothing is."""
    world.become("a")
    status, body, headers = world.ask("member", v2("lignes", "/exports/csv"))
    assert (status, headers["X-Bocage-Row-Count"], body.count(b"Voirie")) == (200, "6", 6)
    assert world.ask("steward", v2("lignes", "/exports/csv"))[2]["X-Bocage-Row-Count"] == "13"
    assert world.ask("stranger", v2("lignes", "/exports/csv"))[2]["X-Bocage-Row-Count"] == "0"


@pytest.mark.parametrize(
    "code",
    ['44001") or ("" = "', '"', "44002\\", '44002", "44001', "{insee}", "') or true or ('", "44002) or true or (true"],
)
@pytest.mark.parametrize("variable", ["insee", "siren", "organization"])
def test_what_an_organisation_is_called_is_never_read_as_a_condition(world: World, code: str, variable: str) -> None:
    """However it was written: a rule compares with the codes of the reader, whatever these hold."""
    column = {"insee": "insee_code", "siren": "siren", "organization": "slug"}[variable]
    Organization.objects.filter(pk=world.organizations["ailleurs"].pk).update(**{column: code})
    DataRule.objects.filter(dataset=world.datasets["lignes"].uid).update(rows=f"insee in ({{{variable}}})")
    touch_catalogue()
    answer = world.ask("member", v2("lignes", select="insee", limit="50"))
    assert answer[0] == 200
    assert THEIRS.encode() not in answer[1]
    assert MINE.encode() not in answer[1]


def test_a_code_that_a_person_has_nowhere_shows_nothing(world: World) -> None:
    Organization.objects.filter(pk=world.organizations["ailleurs"].pk).update(insee_code="")
    assert world.ask("member", v2("lignes", "/exports/csv"))[2]["X-Bocage-Row-Count"] == "0"
    assert world.ask("nobody", v2("lignes", "/exports/csv"))[2]["X-Bocage-Row-Count"] == "0"
