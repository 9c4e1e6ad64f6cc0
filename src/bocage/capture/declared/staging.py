"""A declared file into one Parquet file of the store, in one pass: every value is kept as declared, or the file is refused."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bocage.capture.declared.errors import FieldNameUnusable, ValueNotAsDeclared
from bocage.capture.declared.tables import DeclaredColumn, declared_table
from bocage.capture.digests import digest_beside
from bocage.capture.errors import NoColumn, TooManyColumns
from bocage.capture.inference.column_types import PHYSICAL, VALUE_SHOWN
from bocage.capture.inference.physical_types import MOST_COLUMNS
from bocage.capture.opening import bring
from bocage.capture.positions import geometry
from bocage.capture.positions.crs import CRS84
from bocage.capture.services import (
    DICTIONARY,
    GEOGRAPHIC_DICTIONARY,
    GEOGRAPHIC_ROWS_PER_GROUP,
    ROWS_PER_GROUP,
    WRITING,
)
from bocage.capture.sql import identifier, literal
from bocage.capture.tables.rows_file import refused_shape
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.ids import new_uid
from bocage.store.engine import EngineError, Workshop, workshop
from bocage.store.staged import StagedFile, StagedGeometry

LONGEST_NAME = 120
_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\"`\\\ud800-\udfff]|^[\s_]|\s$")
_MISFIT = "bocage: not as declared"
_MISFITTING = re.compile(_MISFIT + r" (\d{1,5}) (.*)", re.DOTALL)


def declared_fields(declared: Sequence[dict[str, Any]]) -> tuple[Field, ...]:
    """The fields declared in `Corrections`. Raises NoColumn, TooManyColumns, FieldNameUnusable."""
    fields = tuple(Field.from_dict(one) for one in declared)
    if not fields:
        raise NoColumn
    if len(fields) > MOST_COLUMNS:
        raise TooManyColumns(columns=len(fields), limit=MOST_COLUMNS)
    taken: set[str] = set()
    for field in fields:
        if field.name.lower() in taken or not is_usable(field.name):
            raise FieldNameUnusable(field=field.name[:LONGEST_NAME])
        taken.add(field.name.lower())
    return fields


def is_usable(name: str) -> bool:
    """May a field be called so? Any name that a query can quote; a leading underscore belongs to the engine."""
    return 0 < len(name) <= LONGEST_NAME and _UNUSABLE.search(name) is None


def stage_declared(
    file: Path, *, filename: str, directory: Path, corrections: Corrections, digest: Callable[[], str] | None = None
) -> StagedFile:
    """As `services.stage`, for a file whose columns are declared in `corrections`: exactly these fields, in this order, with
    these names and types. Raises NotAsDeclared, and what the format raises."""
    fields = declared_fields(corrections.declared)
    digest = digest or digest_beside(file)
    directory.mkdir(parents=True, exist_ok=True)
    geographic = any(field.type.is_geographic for field in fields)
    with (
        tempfile.TemporaryDirectory(prefix="declared-", dir=directory) as name,
        workshop(Path(name), spatial=geographic) as shop,
    ):
        written = Path(name) / "staged.parquet"
        with declared_table(bring(file, Path(name) / "source"), fields, shop) as table:
            row_count = _write(shop, table.relation, table.columns, written)
        summary = _summary(shop, written, fields)
        path = written.rename(directory / f"{new_uid('staged')}.parquet")
    origin = {"filename": filename, "format": table.format, "sha256": digest(), "size": file.stat().st_size}
    return StagedFile(path, row_count, fields, summary, origin)


def _write(shop: Workshop, relation: str, columns: Sequence[DeclaredColumn], path: Path) -> int:
    """One pass: a value that cannot be kept stops it, and is told."""
    values = ", ".join(f"{_guarded(rank, one)} AS {identifier(one.field.name)}" for rank, one in enumerate(columns))
    geographic = any(one.field.type.is_geographic for one in columns)
    group, words = (GEOGRAPHIC_ROWS_PER_GROUP, GEOGRAPHIC_DICTIONARY) if geographic else (ROWS_PER_GROUP, DICTIONARY)
    try:
        [(row_count,)] = shop.execute(
            f"COPY (SELECT {values} FROM {relation} AS declared) TO {literal(str(path))} "
            f"({WRITING}, ROW_GROUP_SIZE {group}, DICTIONARY_SIZE_LIMIT {words})"
        )
    except EngineError as error:
        raise _explained(error, columns) from None
    return int(row_count)


def _guarded(rank: int, one: DeclaredColumn) -> str:
    stop = f"error({literal(f'{_MISFIT} {rank} ')} || left({one.shown}, {VALUE_SHOWN}))"
    physical = "GEOMETRY" if one.field.type.is_geographic else PHYSICAL[one.field.type]
    value = f"CASE WHEN {one.present} THEN coalesce({one.value}, {stop}) END"
    if one.field.type is FieldType.GEOMETRY:
        value = _whole(value)
    return f"CAST({value} AS {physical})"


def _whole(shape: str) -> str:
    """Two dimensions. An empty shape is none; nor is one that no question can be asked about (an open ring): every filter of the
    map would fail on it. What is left out shows in the comparison with the source."""
    flat = f"ST_Force2D({shape})"
    return (
        f"list_extract(list_transform([{flat}], lambda g: "
        f"CASE WHEN ST_IsEmpty(g) OR (NOT coalesce(TRY(ST_IsValid(g)), false) AND {refused_shape('g')}) THEN NULL ELSE g END), 1)"
    )


def _explained(error: EngineError, columns: Sequence[DeclaredColumn]) -> Exception:
    told = _MISFITTING.search(str(error))
    if told is None or int(told[1]) >= len(columns):
        return error
    field = columns[int(told[1])].field
    return ValueNotAsDeclared(field=field.name, type=str(field.type.label), value=told[2][:VALUE_SHOWN])


def _summary(shop: Workshop, path: Path, fields: Sequence[Field]) -> StagedGeometry | None:
    """Of the main geometry: the first shape, else the first position."""
    for kind in (FieldType.GEOMETRY, FieldType.GEOPOINT):
        for field in fields:
            if field.type is kind:
                return geometry.summarise(shop, path, field.name, GeometryFound("native", (field.name,), CRS84))
    return None
