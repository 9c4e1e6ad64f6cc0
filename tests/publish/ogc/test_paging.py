"""Pages follow one another whatever their order and their depth: each feature once, as the whole answer gives them."""

from __future__ import annotations

import itertools

import pytest

from tests.query.table import ROWS

ORDERS = ("", "pop", "-pop", "-nom,pop", "jour,-surface", "ouvert,-maj,code", "-code")
FILTERS = ("", "pop > 20", "nom LIKE '%e%' OR ouvert = true", "S_INTERSECTS(contour, BBOX(-2,46,-1,47))", "pop > 1000")


def followed(ask, **given):
    """Identifiers of every page, through the links; how many pages."""
    found, path, pages = [], "collections/lieux/items", 0
    while path:
        page = ask(path, **({} if pages else given))
        pages += 1
        found += [one["id"] for one in page["features"]]
        assert page["numberReturned"] == len(page["features"])
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        path = following[0].removeprefix("http://testserver") if following else ""
    return found, pages


@pytest.mark.parametrize(
    ("order", "condition"), [*list(itertools.product(ORDERS[::2], FILTERS[:3])), ("-pop", FILTERS[3]), ("", FILTERS[4])]
)
def test_every_feature_once(ask, order, condition):
    given = {name: value for name, value in (("sortby", order), ("filter", condition)) if value}
    whole = [one["id"] for one in ask("collections/lieux/items", **given)["features"]]
    found, pages = followed(ask, limit=17, **given)
    assert found == whole
    assert len(set(found)) == len(found)
    assert pages == max(1, -(-len(whole) // 17))


def test_missing_values_are_last_both_ways(ask):
    for order in ("pop", "-pop"):
        values = [one["properties"]["pop"] for one in ask("collections/lieux/items", sortby=order)["features"]]
        known = sorted((row["pop"] for row in ROWS if row["pop"] is not None), reverse=order.startswith("-"))
        assert values == known + [None] * (len(ROWS) - len(known))


def test_offset_and_cursor_agree(ask):
    whole = [one["id"] for one in ask("collections/lieux/items", sortby="nom")["features"]]
    for offset in (0, 1, 40, 79, 80, 10**12):
        page = ask("collections/lieux/items", sortby="nom", offset=offset, limit=5)
        assert [one["id"] for one in page["features"]] == whole[offset : offset + 5]
        assert page["numberMatched"] == len(ROWS)


def test_a_cursor_is_of_the_filter_too(ask):
    """A page begins after a feature, even one that the filter leaves out."""
    first = ask("collections/lieux/items", limit=1)["features"][0]["id"]
    found = ask("collections/lieux/items", cursor=first, filter="pop > 20")["features"]
    assert [one["properties"]["code"] for one in found] == [
        row["code"] for row in ROWS[1:] if row["pop"] is not None and row["pop"] > 20
    ]
