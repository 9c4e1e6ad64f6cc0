"""A tile, for a viewer: from what was made beforehand when they see everything, from the rows that exist for them otherwise.

A reader from whom something is kept is only given what is computed from the rows and columns that they see, at that moment, for
them: no tile that was made for others, and no generalisation unless no row is hidden from them nor blurred. Of the places made
beforehand, those of the rows that exist for them (`restricting`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.query.compile import ROW, Compiler, alias
from bocage.query.plan import ROW_ID, Column
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import main_geometry
from bocage.query.rendering import name as quoted
from bocage.query.restricted import RestrictedRelation, seen_by
from bocage.query.rights import opened, prepare, scope_for, telling_of
from bocage.query.sql import column, written
from bocage.query.tiles import columns as c
from bocage.query.tiles.cache import tiles
from bocage.query.tiles.composing import composed
from bocage.query.tiles.drawing import Frame
from bocage.query.tiles.encoding import Drawable, encoded
from bocage.query.tiles.generalising import MOST_DRAWN
from bocage.query.tiles.packing import pack_of
from bocage.query.tiles.projecting import degrees_around, placed
from bocage.query.tiles.properties import shown
from bocage.query.tiles.pyramid import EDITION, PlacedRelation, counts_sql, is_flat, placed_relation, rung_for, rung_of
from bocage.query.tiles.requests import Tile
from bocage.query.tiles.restricting import Part

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.query.compile import Source
    from bocage.query.plan import Predicate
    from bocage.query.relation import Relation
    from bocage.query.tiles.requests import TileQuery
    from bocage.store.engine import Session


def tile(viewer: Viewer, relation: Relation, query: TileQuery) -> Tile:
    """Raises AccessDenied, the errors of the language of the condition, TileOutside, and those of `engine.session`."""
    return Asked(viewer, relation, query).tile()


def etag(viewer: Viewer, relation: Relation, query: TileQuery) -> str:
    """Of the tile that would be answered, without making it: for `If-None-Match`. Nothing is read, and nothing is told to the
    journal. The same errors."""
    return Asked(viewer, relation, query).etag


class Asked:
    """A question, with the rights of who asks, for who needs both its validator and its tile. Made, it raises the same errors."""

    def __init__(self, viewer: Viewer, relation: Relation, query: TileQuery) -> None:
        query.grid.require(query.zoom, query.column, query.row)
        self.viewer = viewer
        self.seen = seen_by(viewer, relation)
        self.relation = relation
        scope = scope_for(viewer, self.seen)
        self.condition: Predicate | None = query.condition(scope)
        self.fields = shown(self.seen.fields, query.properties(scope))
        self.drawn = main_geometry(self.seen.fields)
        flat = self.drawn is not None and (self._blurred or is_flat(self.seen, self.drawn))
        self.frame = Frame(query.grid, query.zoom, query.column, query.row, flat)
        self.layer = relation.versions[0].dataset.slug if relation.versions else "rows"

    @property
    def whole(self) -> bool:
        """Whether everything is shown to this reader, so that the tile is the same for all of these."""
        return not isinstance(self.seen, RestrictedRelation)

    @property
    def _blurred(self) -> bool:
        return isinstance(self.seen, RestrictedRelation) and bool(self.seen.limits.grid_m)

    @cached_property
    def etag(self) -> str:
        """Of restrictions, their key: two readers have the same when they see the same."""
        seen = self.seen.rows_key if isinstance(self.seen, RestrictedRelation) else self.seen.key
        frame = self.frame
        said = [
            EDITION, seen, self.seen.identity, self.layer, frame.grid.identifier, frame.zoom, frame.column, frame.row,
            [(field.name, field.type.value) for field in self.fields], self.condition,
        ]  # fmt: skip
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]

    def tile(self) -> Tile:
        known = tiles.find(self.etag) if self.whole else None
        if known is not None:
            telling_of(self.viewer, self.relation).tell()
            return known
        made = Tile(self._content() if self.drawn else b"", self.etag)
        if self.whole:
            tiles.keep(made)
        return made

    def _content(self) -> bytes:
        relation = self.relation
        placed_one = placed_relation(relation, self.frame.grid) if type(relation) is DatasetRelation else None
        if placed_one is not None and self.whole and self.condition is None:
            made = self._from_pack(placed_one)
            if made is not None:
                return made
        if placed_one is not None and isinstance(self.seen, RestrictedRelation):
            made = self._of_part(self.seen, placed_one)
            if made is not None:
                return made
        prepare(self.seen, self.condition, *([] if self.whole and placed_one else [Column(ROW_ID, FieldType.STRING)]))
        with opened(self.viewer, placed_one or relation) as (session, source, telling):
            telling.tell()
            if placed_one is not None and self.whole:
                return encoded(session, self._from_places(session, source, placed_one))
            return encoded(session, self._from_rows(session, source))

    def _from_pack(self, relation: PlacedRelation) -> bytes | None:
        """None where only the engine can make it."""
        pack = pack_of(relation)
        if pack is None:
            return None
        telling_of(self.viewer, self.relation).tell()
        return composed(pack, relation, self.frame, self.layer, self.fields)

    def _of_part(self, seen: RestrictedRelation, relation: PlacedRelation) -> bytes | None:
        """The same, for a reader from whom something is kept."""
        assert self.drawn is not None  # noqa: S101  asked before
        part = Part(self.viewer, self.relation, seen, relation, self.drawn)
        return part.composed(self.frame, self.layer, self.fields, self.condition)

    def _from_places(self, session: Session, source: Source, relation: PlacedRelation) -> Drawable:
        """From the tables made beforehand."""
        places = (c.KIND, c.HOME_X, c.HOME_Y) if self.frame.flat else c.PLACED
        columns = (*places, c.PLACE, c.RECORD)
        names = [*(field.name for field in self.fields), *(one.strip('"') for one in columns)]
        rows, parameters = self._selected(source, names)
        rows = f"(SELECT *, {c.PLACE} AS {c.KEY} FROM {rows} AS q)"
        if self.condition is not None:
            return self._counted(session, rows, parameters)
        place = source.rows.removesuffix(".rows")
        rung = rung_of(session, place, self.frame.zoom)
        made = rung is not None and self.frame.zoom < self.frame.grid.pyramid
        level = f"{place}.level_{self.frame.zoom}" if made else ""
        return Drawable(self.frame, self.layer, rows, parameters, self.fields, level, rung, wide=True)

    def _from_rows(self, session: Session, source: Source) -> Drawable:
        """From the rows as the reader sees them."""
        drawn = self.drawn
        assert drawn is not None  # noqa: S101  asked before
        bounds = [f"_{drawn.name}_{side}" for side in ("xmin", "ymin", "xmax", "ymax")]
        west, south, east, north = degrees_around(session, self.frame.grid, self.frame.around)
        x0, y0, x1, y1 = map(quoted, bounds)
        near = f"{x0} <= {east!r} AND {x1} >= {west!r} AND {y0} <= {north!r} AND {y1} >= {south!r}"
        turned = f"{x0} < -180 OR {x1} >= 180"

        def here(selected: str) -> str:
            near_rows = f"(SELECT *, {quoted(ROW)} AS {c.KEY} FROM {selected} AS q WHERE ({near}) OR {turned})"
            return f"({placed(near_rows, drawn, self.frame.grid, flat=self.frame.flat)})"

        names = [ROW, drawn.name, *bounds]
        bare, _same = self._selected(source, names)
        rows, parameters = self._selected(source, [*names, *(field.name for field in self.fields)], identified=True)
        return self._counted(session, here(rows), parameters, here(bare))

    def _counted(self, session: Session, rows: str, parameters: Sequence[object], bare: str = "") -> Drawable:
        """Of rows that nobody counted before: what is in the tile tells what can be drawn. Of positions, it is enough to know that
        they are too many."""
        counts = counts_sql(self.frame.unit, flat=self.frame.flat)
        most = f" LIMIT {MOST_DRAWN + 1}" if self.frame.flat else ""
        counted = f"SELECT * FROM {bare or rows} AS k WHERE {self.frame.meets}{most}"
        (found,) = session.execute(f"SELECT {counts} FROM ({counted}) AS t", parameters)
        return Drawable(self.frame, self.layer, rows, parameters, self.fields, rung=rung_for(found), bare=bare)

    def _selected(
        self, source: Source, names: Sequence[str], *, identified: bool = False
    ) -> tuple[str, Sequence[object]]:
        """FROM item of the columns of these names, of the rows that fulfil the condition. The geometry goes without the name of
        its reference system, which the functions of tiles do not take."""
        compiler = Compiler(source)
        outputs = [alias(column(one), one) for one in dict.fromkeys(names)]
        if identified:
            outputs.append(alias(compiler.value(Column(ROW_ID, FieldType.STRING)), c.RECORD.strip('"')))
        return f"({written(compiler.select(outputs, self.condition))})", compiler.parameters.values
