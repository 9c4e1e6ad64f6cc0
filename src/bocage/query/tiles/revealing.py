"""Identifiers and values of a few rows, as a reader from whom something is kept sees them.

What they see as it is kept is read where that of everybody is; what is masked is asked of their FROM item, of these rows alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bocage.catalog.vocabulary import FieldType
from bocage.query.compile import ROW, Compiler, alias
from bocage.query.lookups.lookup import ID
from bocage.query.plan import ROW_ID, Column
from bocage.query.rendering import name as quoted
from bocage.query.sql import column, written
from bocage.query.tiles.packing import ID as IDENTIFIERS
from bocage.query.tiles.packing import VALUE
from bocage.query.tiles.properties import RECORD, value_sql
from bocage.query.tiles.values import fields_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.catalog.fields import Field
    from bocage.query.compile import Source
    from bocage.query.lookups.lookup import Lookup
    from bocage.query.restricted import RestrictedRelation
    from bocage.query.tiles.packs import Section
    from bocage.query.tiles.rings import Ints
    from bocage.store.engine import Session

Values = list[tuple[str, pa.Array]]


class OtherIdentifiers(Exception):
    """Rows that are like others, some of which may be hidden from the reader: they are told apart by numbers that may differ."""


@dataclass(frozen=True)
class Revealing:
    """`places`: the pack of all, for a reader who sees the positions in it; None otherwise. `section`: of those that are drawn,
    whose rows are asked. `fields`: as the reader knows them. `lookup`: where their identifiers are, for a reader who does not see
    these positions."""

    session: Session
    source: Source
    seen: RestrictedRelation
    section: Section
    fields: Sequence[Field]
    places: Section | None
    lookup: Lookup | None = None

    def of(self, ranks: Ints) -> Values:
        """In the order of `ranks`, of rows of the section. Raises OtherIdentifiers, and the errors of `engine.session`."""
        known = self._known(ranks)
        missing = [field for field in self.fields if field.name not in known]
        if missing or RECORD not in known:
            numbers = self.section.rows(ranks, ["row"]).column(0).to_numpy().astype(np.int64)
            if self.lookup is not None:
                known[RECORD] = fields_of(self.lookup.take(numbers, []).column(ID))
            known |= self._asked(numbers, missing, identified=RECORD not in known)
        return [(name, known[name]) for name in (RECORD, *(field.name for field in self.fields))]

    def _known(self, ranks: Ints) -> dict[str, pa.Array]:
        """What the pack of everybody tells."""
        if self.places is None:
            return {}
        names = {field.name: VALUE + field.name for field in self.fields if field.name in self.seen.open_names}
        if self.seen.same_identifiers:
            names[RECORD] = IDENTIFIERS
        found = self.places.rows(ranks, list(names.values()))
        known = dict(zip(names, found.columns, strict=True))
        if RECORD in known and self.seen.limits.keeps_rows and _has_twins(known[RECORD]):
            raise OtherIdentifiers
        return known

    def _asked(self, numbers: Ints, fields: Sequence[Field], *, identified: bool) -> dict[str, pa.Array]:
        if not fields and not identified:
            return {}
        compiler = Compiler(self.source)
        outputs = [column(ROW), *(column(field.name) for field in fields)]
        if identified:
            outputs.append(alias(compiler.value(Column(ROW_ID, FieldType.STRING)), ID))
        rows = written(compiler.select(outputs, None))
        values = [f"{value_sql(field)} AS p{rank}" for rank, field in enumerate(fields)]
        asked = ", ".join([quoted(ROW), *values, *([quoted(ID)] if identified else [])])
        listed = ", ".join(map(str, numbers.tolist()))
        statement = f"SELECT {asked} FROM ({rows}) AS q WHERE {quoted(ROW)} IN ({listed}) ORDER BY {quoted(ROW)}"
        found = pa.Table.from_batches(
            self.session.arrow(statement, compiler.parameters.values, len(numbers) + 1)
        ).combine_chunks()
        order = np.searchsorted(found.column(0).to_numpy(), numbers)
        taken = found.take(pa.array(order)).columns[1:]
        names = [*(field.name for field in fields), *([RECORD] if identified else [])]
        return {name: _one(values) for name, values in zip(names, taken, strict=True)}


def _one(values: pa.ChunkedArray) -> pa.Array:
    found = values.combine_chunks()
    return fields_of(found.chunk(0) if isinstance(found, pa.ChunkedArray) else found)


def _has_twins(identifiers: pa.Array) -> bool:
    """The second of two rows that have the same digest has a number after it, and so on."""
    return bool(pc.any(pc.match_substring(texts_of(identifiers), "-")).as_py())
