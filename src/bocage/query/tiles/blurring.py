"""Blurred positions of a version, made once for each side of the squares: the same for all the readers to whom they are blurred so.

Their formula is asked of every row once, and not again by each comparison of each tile. Nothing else is kept with them but the
number of the row; which of the rows exist for a reader is asked for each of them (`existing`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO

import structlog
from django.conf import settings

from bocage.access.restrictions import Restriction
from bocage.access.viewer import OPERATOR
from bocage.query.compile import ROW
from bocage.query.masks import BOUNDS
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import name as quoted
from bocage.query.restricted import RestrictedRelation
from bocage.query.tiles import columns as c
from bocage.query.tiles.packing import BATCH, ROOM, ROWS
from bocage.query.tiles.packs import Pack, Writer, opened
from bocage.query.tiles.projecting import placed
from bocage.query.tiles.pyramid import EDITION
from bocage.store import engine
from bocage.store.layout import side_key
from bocage.store.mapped_copies import MappedCopies

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.query.tiles.pyramid import PlacedRelation

FORMAT = "1"
"""Grows when they are written otherwise."""
_packs = MappedCopies(opened)
log = structlog.get_logger("bocage.query")


def blurred_pack(relation: PlacedRelation, drawn: Field, grid_m: int) -> Pack | None:
    """Positions (`hx`, `hy`, `row`) and no more, made when they are not there. None for a version that is too large for what the
    hot cache may hold, and where there is no room on the disk.

    Raises QueryTooLong, QueryTooLarge, VersionDamaged."""
    if relation.version.size_bytes * ROOM > settings.BOCAGE.hot_cache_mb * 1024 * 1024:
        return None
    column = hashlib.sha256(drawn.name.encode()).hexdigest()[:8]
    key = side_key(relation.version.uid, f"blurred-{relation.grid.identifier}-{grid_m}-{column}")
    said = repr([DatasetRelation(relation.dataset, relation.version).key, drawn.name, drawn.type.value, grid_m])
    stamp = f"{FORMAT} {EDITION} {hashlib.sha256(said.encode()).hexdigest()}"
    try:
        return _packs.get(key, stamp, lambda file: _write(relation, drawn, grid_m, file))
    except OSError as error:
        log.warning("pack.not_kept", version=relation.version.uid, reason=error.strerror)
        return None


def _write(relation: PlacedRelation, drawn: Field, grid_m: int, file: BinaryIO) -> None:
    """Side by side in rows of squares: neighbours are near each other."""
    plain = DatasetRelation(relation.dataset, relation.version)
    seen = RestrictedRelation(plain, Restriction(grid_m=grid_m))
    columns = ", ".join([quoted(ROW), *(quoted(f"_{drawn.name}_{side}") for side in BOUNDS)])
    with engine.session(relation.version, seconds=settings.BOCAGE.export_seconds) as session:
        rows = f"(SELECT {columns} FROM {seen.source(session, OPERATOR)} AS s)"
        located = placed(rows, drawn, relation.grid, flat=True)
        positions = f"{c.HOME_X} AS hx, {c.HOME_Y} AS hy, {quoted(ROW)}::UINTEGER AS row"
        ordered = f"SELECT {positions} FROM ({located}) AS l WHERE {c.KIND} IS NOT NULL ORDER BY hy, hx, row"
        writer = Writer(file)
        writer.section(ROWS, session.arrow(ordered, rows_per_batch=BATCH))
    writer.finish({})
