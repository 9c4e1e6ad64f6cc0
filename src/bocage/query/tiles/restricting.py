"""A tile for a reader from whom something is kept, made of a pack: of the rows that exist for them, and of no other.

- The places of rows that are hidden are never counted, drawn, ordered by, nor compared with a limit.
- Blurred positions are those of a pack of their own, in which there are no others.
- Identifiers and values are those that the reader sees (`revealing`).

Where positions are open and no row is hidden, the tile is that of everybody, with the values that the reader sees.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.query.lookups.writing import lookup_of
from bocage.query.plan import ROW_ID, Column
from bocage.query.relation import DatasetRelation
from bocage.query.rights import opened, prepare
from bocage.query.tiles.blurring import blurred_pack
from bocage.query.tiles.composing import chosen, finished
from bocage.query.tiles.crowding import crowd
from bocage.query.tiles.existing import existing
from bocage.query.tiles.packing import ROWS, pack_of
from bocage.query.tiles.picking import TooMany
from bocage.query.tiles.revealing import OtherIdentifiers, Revealing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.query.lookups.lookup import Lookup
    from bocage.query.plan import Predicate
    from bocage.query.relation import Relation
    from bocage.query.restricted import RestrictedRelation
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.packs import Pack
    from bocage.query.tiles.pyramid import PlacedRelation


class Part:
    """What a reader sees of a version, in a grid. `drawn`: the field that their tiles draw."""

    def __init__(
        self, viewer: Viewer, relation: Relation, seen: RestrictedRelation, placed: PlacedRelation, drawn: Field
    ) -> None:
        self.viewer, self.relation, self.seen, self.placed, self.drawn = viewer, relation, seen, placed, drawn

    def composed(self, frame: Frame, layer: str, fields: Sequence[Field], condition: Predicate | None) -> bytes | None:
        """None for what is left to the engine.

        Raises the errors of `engine.session`."""
        pack = self._pack()
        if pack is None:
            return None
        known = self.seen.same_identifiers and (self._is_in_places or self._lookup is not None)
        prepare(self.seen, condition, *([] if known else [Column(ROW_ID, FieldType.STRING)]))
        try:
            return self._made(pack, frame, layer, fields, condition)
        except (TooMany, OtherIdentifiers):
            return None

    @property
    def _is_in_places(self) -> bool:
        """Whether the reader sees the positions that everybody sees."""
        return not self.seen.limits.grid_m and self.placed.drawn == self.drawn

    @cached_property
    def _lookup(self) -> Lookup | None:
        """Where identifiers are, when they are those of everybody, and are not beside the positions that the reader sees."""
        found = (
            lookup_of(self.relation) if isinstance(self.relation, DatasetRelation) and not self._is_in_places else None
        )
        if found is None or not self.seen.same_identifiers or (self.seen.limits.keeps_rows and found.has_twins):
            return None
        return found

    def _pack(self) -> Pack | None:
        if self.seen.limits.grid_m:
            return blurred_pack(self.placed, self.drawn, self.seen.limits.grid_m)
        return pack_of(self.placed) if self._is_in_places else None

    def _made(
        self, pack: Pack, frame: Frame, layer: str, fields: Sequence[Field], condition: Predicate | None
    ) -> bytes | None:
        with opened(self.viewer, self.relation) as (session, source, telling):
            telling.tell()
            section = pack.section(ROWS)
            if section is None:
                return b""
            exists = existing(session, source, self.seen, condition, self.placed.version.row_count)
            if exists is None and self._is_in_places:
                what, level = chosen(pack, frame)
            else:
                what, level = crowd(section, frame, exists), ROWS
            places = section if self._is_in_places else None
            values = Revealing(session, source, self.seen, section, fields, places, self._lookup).of
            return finished(what, level, self.placed, frame, layer, values, textual=bool(fields))
