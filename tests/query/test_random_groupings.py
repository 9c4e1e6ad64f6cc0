"""Random groupings over `venues`: keys, summaries, orders, zones and pages as plain Python reads them."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.query.test_corpus_venues_groups import KEYS, SUMMARIES, ZONES, alike
from tests.query.venues import ROWS, Row, Test, ask

WHERE: list[tuple[str, Test]] = [
    ("true", lambda r: True),
    ("n > 2", lambda r: r["n"] is not None and r["n"] > 2),
    ("ok or m = 1", lambda r: r["ok"] is True or r["m"] == 1),
    ("not genre like 'sport'", lambda r: r["genre"] is None or not r["genre"].startswith(("Sport/", "Sport")) or r["genre"] == "Sports"),
    ("t is not null and x < 0", lambda r: r["t"] is not None and r["x"] is not None and r["x"] < 0),
    ("false", lambda r: False),
]  # fmt: skip
PLAIN = [key for key in KEYS if "range" not in key.lower()]
choices = st.fixed_dictionaries(
    {
        "keys": st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3, unique=True),
        "names": st.lists(st.sampled_from(list(SUMMARIES)), min_size=1, max_size=4, unique=True),
        "where": st.sampled_from(WHERE),
        "zone": st.sampled_from(list(ZONES)),
        "first": st.sampled_from([None, "count(*)", "sum(n)", "avg(x)"]),
        "down": st.lists(st.booleans(), min_size=4, max_size=4),
        "limit": st.integers(0, 30),
        "offset": st.integers(0, 12),
    }
)


def ordered(
    groups: list[tuple[tuple[Any, ...], list[Row]]], asked: dict[str, Any]
) -> list[tuple[tuple[Any, ...], list[Row]]]:
    """By the summary, if one is asked, then by each key; nothing last, whatever the direction."""
    steps: list[tuple[Callable[[Any], Any], bool]] = [
        (lambda group, rank=rank: group[0][rank], asked["down"][rank + 1]) for rank in range(len(asked["keys"]))
    ]
    if asked["first"]:
        steps.insert(0, (lambda group: SUMMARIES[asked["first"]](group[1]), asked["down"][0]))
    for key, down in reversed(steps):
        present = sorted((group for group in groups if key(group) is not None), key=key, reverse=down)
        groups = present + [group for group in groups if key(group) is None]
    return groups


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(choices)
def test_random_groupings(asked: dict[str, Any]):
    where, test = asked["where"]
    values = [KEYS[key](ZONES[asked["zone"]]) for key in asked["keys"]]
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in filter(test, ROWS):
        found.setdefault(tuple(value(row) for value in values), []).append(row)
    directions = [" desc" if down else "" for down in asked["down"]]
    order = [
        *([asked["first"] + directions[0]] if asked["first"] else []),
        *(k + d for k, d in zip(asked["keys"], directions[1:], strict=False)),
    ]
    page = ask(
        select=", ".join(asked["names"]), group_by=", ".join(asked["keys"]), order_by=", ".join(order), where=[where],
        timezone=asked["zone"], limit=asked["limit"], offset=asked["offset"],
    )  # fmt: skip
    expected = ordered(list(found.items()), asked)[asked["offset"] :][: asked["limit"]]
    assert page.total_count == len(found)
    assert alike(
        page.rows,
        [
            dict(zip(asked["keys"], keys, strict=True)) | {name: SUMMARIES[name](rows) for name in asked["names"]}
            for keys, rows in expected
        ],
    )
