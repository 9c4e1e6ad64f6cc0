"""A working copy made from another is the one that would have been built."""

from __future__ import annotations

import random

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset
from bocage.organizations.services import create_organization
from bocage.store import hot_files, process
from bocage.store.engine import session
from bocage.store.layout import hot_path
from bocage.store.row_changes import MOST_ROWS, RowChanges, derive_working_copy
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.store.making import TREES, TREES_SQL, staged

pytestmark = pytest.mark.django_db

ROWS = 300
PLACES = StagedGeometry("geo", ("Point",), (-2.0, 43.0, 3.0, 48.524))


@pytest.fixture
def publish(data_folder):
    organization = create_organization(slug="metropole", name="Métropole", kind="epci")
    dataset = create_dataset(viewer=OPERATOR, organization=organization, slug="arbres", title="Arbres")

    def made(sql):
        return publish_version(
            viewer=OPERATOR, dataset=dataset, staged=staged(data_folder / "staging", sql, TREES, geometry=PLACES)
        )

    yield made
    process.close()


def changed(changes: RowChanges) -> str:
    """The rows of `TREES_SQL` once this has changed; a shape moves with its row."""
    gone, replaced = ([-1, *places] for places in (changes.gone, changes.replaced))
    trees = TREES_SQL.format(rows=ROWS)
    return f"""SELECT id, CASE WHEN place IN {(*replaced, -1)} THEN n + 1000 ELSE n END AS n, kind, planted,
        CASE WHEN place IN {(*replaced, -1)} AND n % 2 = 0 THEN ST_SetCRS(ST_Point(3, 43), 'OGC:CRS84') ELSE geo END AS geo
        FROM (SELECT *, row_number() OVER () - 1 AS place FROM ({trees})) WHERE place NOT IN {(*gone, -1)}
        UNION ALL SELECT 'N' || i, i, NULL, NULL, NULL FROM range({changes.added}) t(i)"""


def table(version):
    with session(version) as opened:
        name = opened.table(version)
        return opened.execute(f"SELECT * REPLACE (ST_AsText(geo) AS geo) FROM {name} ORDER BY _row")


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_copy_that_would_have_been_built(publish, seed):
    chance = random.Random(seed)
    places = chance.sample(range(ROWS), 30)
    changes = [
        RowChanges(places[:10], places[10:], 5), RowChanges((), places, 0), RowChanges((ROWS - 1, 0), (), 0),
        RowChanges((), (), 3),
    ][seed]  # fmt: skip
    base, version = publish(TREES_SQL.format(rows=ROWS)), publish(changed(changes))
    assert derive_working_copy(version, base, changes)
    derived = table(version)
    process.close()
    assert hot_files.remove(version.uid)
    assert table(version) == derived
    assert len(derived) == version.row_count == ROWS - len(changes.gone) + changes.added


def test_what_does_not_fit_is_left_to_the_first_reader(publish):
    base, version = publish(TREES_SQL.format(rows=ROWS)), publish(changed(RowChanges((3,), (5,), 0)))
    for wrong in (RowChanges((), (5,), 0), RowChanges((3, 4), (5,), 0), RowChanges(range(MOST_ROWS + 1))):
        assert not derive_working_copy(version, base, wrong)
        assert not hot_path(version.uid).exists()
    assert len(table(version)) == ROWS - 1
