"""A table that is already a relation of a workshop (texts mapped to a schema and typed by it), staged as a file would be: its
geometry is found as in any table, columns that nobody typed are typed as those of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bocage.capture.archives.containers import Unpacked
from bocage.capture.opening import Source, understand
from bocage.capture.positions import geometry
from bocage.capture.reading import FORMATS, Column, Reading
from bocage.capture.services import GEOGRAPHIC_ROWS_PER_GROUP, ROWS_PER_GROUP
from bocage.capture.sql import literal
from bocage.capture.understanding import Corrections
from bocage.catalog.fields import Field
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop
from bocage.store.staged import Notice, StagedFile


@dataclass(frozen=True)
class Relation:
    """`sql`: a SELECT in the order in which rows are kept. `columns`: see `reading.Column`; a `type` is that of the SQL."""

    sql: str
    columns: tuple[Column, ...]
    format: str = ""


class _Given(Source):
    """A source that was read already."""

    def __init__(self, relation: Relation, place: Path) -> None:
        name = relation.format if relation.format in FORMATS else next(iter(FORMATS))
        super().__init__(Unpacked(place, place.name), FORMATS.get(name), Corrections())
        self._given = Reading(relation.format, relation.sql, relation.columns)

    @property
    def is_presumed(self) -> bool:
        return False

    def read(self, workshop: Workshop, *, presume: bool) -> Reading:
        return self._given


def stage_relation(
    relation: Relation,
    *,
    workshop: Workshop,
    directory: Path,
    describe: Callable[[Field], Field] = lambda field: field,
    provenance: Mapping[str, Any] | None = None,
    notices: Sequence[Notice] = (),
) -> StagedFile:
    """Write the relation into one Parquet file below `directory`, which the workshop may write.

    `describe` completes the description of each field. Raises NoColumn, and what geometry raises."""
    path = directory / f"{new_uid('staged')}.parquet"
    opened = understand(_Given(relation, path), workshop=workshop, corrections=Corrections())
    rows_per_group = GEOGRAPHIC_ROWS_PER_GROUP if opened.geometry else ROWS_PER_GROUP
    [(row_count,)] = workshop.execute(
        f"COPY ({opened.select()}) TO {literal(str(path))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows_per_group})"
    )
    found = opened.geometry
    summary = geometry.summarise(workshop, path, opened.geometry_fields[0], found) if found else None
    fields = tuple(map(describe, opened.fields))
    return StagedFile(path, int(row_count), fields, summary, dict(provenance or {}), (*notices, *opened.notices))
