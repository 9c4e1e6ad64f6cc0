"""Questions drawn at random to columns whose masks keep the order: what is below them is another in each world, and in another
order; every answer is the same."""

from __future__ import annotations

from random import Random

import pytest

from bocage.query import services
from tests.security.hidden.world import World, readable, v2

pytestmark = pytest.mark.django_db
NEEDED = ("releves",)
DRAWS = 40
LITERALS = {
    "lieu": ["'Ar'", "'Arbre'", "'Éc'", "'Ar*'", "'z'", "''"],
    "rang": ["-10", "-7", "0", "3", "10", "17"],
    "prix": ["-2.5", "-1", "0", "0.5", "1.25", "2.5"],
    "jour": ["date'1969-12-01'", "date'1969-12-15'", "date'1970-01-01'", "date'2026-02-14'"],
    "vu": ["date'1969-01-01'", "date'1969-06-15'", "date'1970-01-01T00:00:00Z'", "date'2026-05-04T08:00:00Z'"],
    "groupe": ["'A'", "'B'"],
}
FIELDS = tuple(LITERALS)
FACETS = ("lieu", "rang", "jour", "groupe")


def test_the_worlds_are_the_same_to_its_readers_and_not_below(world: World) -> None:
    """Otherwise the questions would prove nothing, or too much."""
    asked = v2("releves", limit="100")
    first, second = world.told(asked, "stranger")["stranger"]
    assert first == second
    first, second = world.told(asked, "steward")["steward"]
    assert first != second


def test_half_of_the_worlds_are_looked_up(world: World, monkeypatch, request) -> None:
    found = []
    look = services.looked_up
    monkeypatch.setattr(services, "looked_up", lambda seen, plan: found.append(look(seen, plan)) or found[-1])
    world.become("a")
    world.ask("stranger", v2("releves", limit="5", order_by="rang desc, jour", where="prix > 0"))
    looked = [one is not None and one.matched is not None for one in found]
    assert looked == [request.node.callspec.params["shared_world"] == "lookups"]


def condition(random: Random, depth: int = 0) -> str:
    if depth < 2 and random.random() < 0.45:
        joined = f" {random.choice(('and', 'or'))} ".join(condition(random, depth + 1) for _side in range(2))
        return f"{random.choice(('', 'not '))}({joined})"
    name = random.choice(FIELDS)
    low, high = (random.choice(LITERALS[name]) for _end in range(2))
    return random.choice(
        [
            f"{name} {random.choice(('=', '!=', '<', '<=', '>', '>='))} {low}",
            f"{name} in ({low}, {high})",
            f"{name} is {random.choice(('', 'not '))}null",
            *(
                [f"{name} in [{low}..{high}]"]
                if name in ("rang", "prix", "jour", "vu")
                else [f"startswith({name}, {low})"]
            ),
            *([f"{name} like {low}"] if name == "lieu" else []),
        ]
    )


def order(random: Random) -> str:
    names = random.sample(FIELDS, random.randrange(1, 4))
    return ", ".join(f"{name} {random.choice(('asc', 'desc'))}" for name in names)


def records(random: Random) -> str:
    given = {"limit": str(random.randrange(1, 70)), "offset": str(random.choice((0, 0, 3, 17)))}
    if random.random() < 0.8:
        given["order_by"] = order(random)
    if random.random() < 0.8:
        given["where"] = condition(random)
    if random.random() < 0.4:
        given["select"] = ", ".join(random.sample(("code", *FIELDS), random.randrange(1, 5)))
    return v2("releves", **given)


def groups(random: Random) -> str:
    name, other = random.sample(FIELDS, 2)
    counted = random.choice(
        ("count(*) as n", f"max({other}) as n" if other in ("rang", "prix") else f"count({other}) as n")
    )
    return v2("releves", group_by=name, select=f"{name}, {counted}", order_by="n desc", where=condition(random))


def facets(random: Random) -> str:
    return v2("releves", "/facets", facet=random.choice(FACETS), where=condition(random))


def export(random: Random) -> str:
    kind = random.choice(("csv", "jsonl", "geojson", "json"))
    return v2("releves", f"/exports/{kind}", order_by=order(random), where=condition(random), limit="30")


def features(random: Random) -> str:
    """Without positions: refused, or the same."""
    return f"/ogc/collections/releves/items?limit={random.randrange(1, 40)}&sortby={random.choice('+-')}{random.choice(FIELDS)}"


QUESTIONS = {one.__name__: one for one in (records, groups, facets, export, features)}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_no_answer_tells_which_world_it_is(world: World, kind: str) -> None:
    random = Random(kind)
    asked = [QUESTIONS[kind](random) for _draw in range(DRAWS * (4 if kind == "records" else 1))]
    answers = {}
    for which in ("a", "b"):
        world.become(which)
        answers[which] = [told(world, address) for address in asked]
    for address, first, second in zip(asked, answers["a"], answers["b"], strict=True):
        assert first == second, address
    assert sum(status == 200 for status, _body in answers["a"]) > len(asked) // 2 or kind == "features"


def told(world: World, address: str) -> tuple[int, str]:
    status, body, _headers = world.ask("stranger", address)
    return status, readable(body)
