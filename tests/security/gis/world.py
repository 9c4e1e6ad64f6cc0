"""Layers of which something is kept, in two worlds that differ in nothing else (`tests.security.hidden.world`), as maps ask for
them: positions that are blurred, points and surfaces of other communes, cells of too few rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from bocage.access.models import DataRule
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.services import create_dataset, touch_catalogue
from bocage.catalog.vocabulary import FieldType as T
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.security.hidden.world import MINE, THEIRS, WORLDS, World
from tests.security.hidden.world import made as made_before
from tests.store.making import staged

KEPT_POINTS = {"a": (-1.7, 47.10), "b": (-1.2, 47.35)}
"""About where the rows are that are kept."""
TREES = {"code": T.STRING, "espece": T.STRING, "insee": T.STRING, "hauteur": T.INTEGER, "prix": T.INTEGER,
         "plante": T.DATE, "centre": T.GEOPOINT}  # fmt: skip
PLOTS = {"code": T.STRING, "usage": T.STRING, "insee": T.STRING, "surface": T.INTEGER, "contour": T.GEOMETRY}
HOMES = {"quartier": T.STRING, "annee": T.INTEGER, "revenu": T.INTEGER, "nom": T.STRING, "centre": T.GEOPOINT}


def trees(world: str) -> str:
    """Eight of mine, the same but for a price that only their keepers see; those of others are elsewhere, and not as many."""
    first = world == "a"
    east, north = KEPT_POINTS[world]
    price = 7654321 if first else 5432123
    mine = [
        f"('M{rank}', 'chêne', '{MINE}', {rank}::BIGINT, {price}::BIGINT, DATE '2020-01-0{rank + 1}', "
        f"ST_Point({-1.55 + rank / 1000}, {47.21 + rank / 1000}))" for rank in range(8)
    ]  # fmt: skip
    others = [
        f"('{'Z' if first else 'Y'}{rank}', '{'frêne' if first else 'saule'}', '{THEIRS}', {90 + rank}::BIGINT, {price}::BIGINT, "
        f"DATE '20{30 if first else 40}-01-01', ST_Point({east + rank / 100}, {north}))" for rank in range(3 if first else 7)
    ]  # fmt: skip
    return ", ".join([*others[:2], *mine[:3], others[2], *mine[3:], *others[3:]])


def plots(world: str) -> str:
    first = world == "a"
    east, north = KEPT_POINTS[world]

    def square(x: float, y: float, side: float) -> str:
        return f"ST_MakeEnvelope({x}, {y}, {x + side}, {y + side})"

    mine = [
        f"('P{rank}', 'pré', '{MINE}', {rank}::BIGINT, {square(-1.55 + rank / 500, 47.2, 0.001)})" for rank in range(5)
    ]
    # One of theirs lies across one of mine: what is drawn, counted or merged there must not tell of it.
    theirs = [
        f"('{'X' if first else 'W'}{rank}', '{'friche' if first else 'vigne'}', '{THEIRS}', {70 + rank}::BIGINT, "
        f"{square(*place, 0.05 if first else 0.2)})" for rank, place in enumerate([(east, north), (-1.551, 47.199)])
    ]  # fmt: skip
    return ", ".join([theirs[0], *mine, theirs[1]])


def homes(world: str) -> str:
    """Two cells of six; a third of fewer than five, which differs."""
    first = world == "a"
    east, north = KEPT_POINTS[world]
    lines = [f"('Nord', 2025::BIGINT, {1000 + rank}::BIGINT, 'n', ST_Point(-1.55, 47.2{rank}))" for rank in range(6)]
    lines += [f"('Sud', 2025::BIGINT, {2000 + rank}::BIGINT, 's', ST_Point(-1.54, 47.1{rank}))" for rank in range(6)]
    where, earned = ("Est", 7654321) if first else ("Ouest", 5432123)
    few = f"('{where}', 2025::BIGINT, {earned}::BIGINT, 'e', ST_Point({east}, {north}))"
    return ", ".join([*lines, *[few] * (2 if first else 4)])


LAYERS: Mapping[str, tuple[dict[str, T], Callable[[str], str], str, str]] = {
    "arbres": (TREES, trees, "centre", "Point"),
    "parcelles": (PLOTS, plots, "contour", "Polygon"),
    "foyers": (HOMES, homes, "centre", "Point"),
}
"""Columns, rows, the geometry and its kind."""
RULES: Mapping[str, Mapping[str, object]] = {
    "arbres": {"rows": "insee in ({insee})", "columns": {"prix": {"mask": "hide"}}},
    "parcelles": {"rows": "insee in ({insee})"},
    "foyers": {"threshold": 5, "dimensions": ["quartier", "annee"], "measures": ["revenu"]},
}
ALL = ("colonnes", *LAYERS)
"""`colonnes` is that of `hidden`: masks, and positions in squares of five kilometres."""


def made(folder: Path) -> World:
    it = made_before(folder, ("colonnes", "convention"))
    for slug, (columns, values, name, kind) in LAYERS.items():
        dataset = create_dataset(
            viewer=OPERATOR, organization=it.organizations["ici"], slug=slug, title=f"Jeu {slug}", visibility=Visibility.OPEN
        )  # fmt: skip
        fields = tuple(Field(one, of) for one, of in columns.items())
        for world in WORLDS:
            (east, north) = KEPT_POINTS[world]
            bounds = StagedGeometry(name, (kind,), (min(east, -1.6), 47.0, max(east, -1.5), max(north, 47.3)))
            rows = f"SELECT * FROM (VALUES {values(world)}) t({', '.join(columns)})"
            it.versions[slug, world] = publish_version(
                viewer=OPERATOR, dataset=dataset, staged=staged(folder / slug, rows, fields, geometry=bounds)
            )
        dataset.refresh_from_db()
        it.datasets[slug] = dataset
        DataRule.objects.create(dataset=dataset.uid, audience="everyone", reason="RGPD", **RULES[slug])
    touch_catalogue()
    return it


def first(quick: Collection[str], every: Iterable[str]) -> list[Any]:
    """Parameters of a test: those that are not `quick` are for a change of these interfaces (`pytest -m slow`)."""
    return [pytest.param(one, marks=[] if one in quick else [pytest.mark.slow]) for one in every]


def items(slug: str, **given: str) -> str:
    return f"/ogc/collections/{slug}/items?{urlencode(given)}"


def ows(service: str, request: str, **given: str) -> str:
    return f"/{service}?{urlencode({'service': service.upper(), 'request': request} | given)}"


def arcgis(slug: str, **given: str) -> str:
    return f"/arcgis/rest/services/{quote(slug)}/FeatureServer/0/query?{urlencode({'f': 'json'} | given)}"
