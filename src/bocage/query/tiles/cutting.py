"""Surfaces that only the engine can cut and round without breaking them: concave where a side goes through them, or thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bocage.query.tiles import columns as c
from bocage.query.tiles.drawing import cut
from bocage.query.tiles.packs import joined
from bocage.query.tiles.picking import rings_of
from bocage.query.tiles.pyramid import tables
from bocage.query.tiles.rings import NOTHING, Ints, Rings
from bocage.store import engine

if TYPE_CHECKING:
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.pyramid import PlacedRelation


def cut_by_engine(relation: PlacedRelation, frame: Frame, table: str, keys: Ints) -> Rings:
    """The open rings, in units of the tile, of the surfaces of these records, owned by their ranks in `keys`. `table`: of
    `pyramid`. Raises the errors of `engine.session`."""
    with engine.session(relation.version) as session:
        key = c.PLACE if table == "rows" else f"{c.COUNT} = 1 AND {c.KEY}"
        listed = ", ".join(map(str, keys.tolist()))
        rows = f"{tables(session, relation)}.{table} WHERE {key} IN ({listed})"
        shapes = f"SELECT {key.rpartition(' ')[2]} AS key, {cut(frame)} AS shape FROM {rows}"
        rings = "list_transform(ST_Dump(shape), lambda p: ST_Polygon2DFromWKB(ST_AsWKB(p.geom)))"
        flat = f"flatten({rings}::STRUCT(x DOUBLE, y DOUBLE)[][][])"
        statement = (
            f"SELECT key, {flat} AS rings FROM ({shapes}) AS s WHERE shape IS NOT NULL AND NOT ST_IsEmpty(shape)"
        )
        found = list(session.arrow(statement))
    if not sum(one.num_rows for one in found):
        return NOTHING
    batch = joined(found)
    rings_found = rings_of(batch.column("rings")).opened()
    order = np.argsort(keys)
    ranks = order[np.searchsorted(keys, batch.column("key").to_numpy(), sorter=order)]
    turned = rings_found.owned(ranks[rings_found.owner])
    return turned.chosen((turned.areas != 0) & (turned.counts > 2))
