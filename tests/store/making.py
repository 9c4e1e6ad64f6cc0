"""Staged files, as capture would hand them over."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.ids import new_uid
from bocage.store.engine import literal, workshop
from bocage.store.staged import StagedFile, StagedGeometry
from bocage.store.workshop import EngineWorkshop

TREES = (
    Field("id", T.STRING, label="Id"),
    Field("n", T.INTEGER, label="Nombre"),
    Field("kind", T.STRING, label="Espèce"),
    Field("planted", T.DATETIME, label="Plantation"),
    Field("geo", T.GEOPOINT, label="Position"),
)

TREES_SQL = """
SELECT 'T' || i AS id, (i * 31) % 1000 AS n, ['chêne', 'hêtre', 'frêne'][1 + i % 3] AS kind,
       TIMESTAMPTZ '2020-01-01 00:00:00Z' + to_seconds(i) AS planted,
       ST_SetCRS(ST_Point(-2 + ((i * 7919) % 1009) / 500.0, 46.5 + ((i * 104729) % 1013) / 500.0), 'OGC:CRS84') AS geo
FROM range({rows}) t(i)
"""


@cache
def bench() -> tuple[EngineWorkshop, Path]:
    """One workshop for the whole run: opening one takes a quarter of a second."""
    folder = Path(tempfile.mkdtemp(prefix="bocage-making-"))
    stack = ExitStack()
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(stack.close)
    return stack.enter_context(workshop(folder)), folder


def staged(directory: Path, sql: str, fields: tuple[Field, ...], **described: object) -> StagedFile:
    """The rows of `sql` as a staged file below `directory`."""
    engine, folder = bench()
    made = folder / f"{new_uid('st')}.parquet"
    engine.execute(f"COPY ({sql}) TO {literal(made)} (FORMAT parquet, COMPRESSION zstd)")
    ((count,),) = engine.execute(f"SELECT count(*) FROM read_parquet({literal(made)})")
    directory.mkdir(parents=True, exist_ok=True)
    return StagedFile(Path(shutil.move(made, directory)), count, fields, **described)


def trees(directory: Path, rows: int = 1000) -> StagedFile:
    geometry = StagedGeometry("geo", ("Point",), (-2.0, 46.5, 0.016, 48.524), "EPSG:2154")
    return staged(directory, TREES_SQL.format(rows=rows), TREES, geometry=geometry)


def table(directory: Path, values: str, **types: T) -> StagedFile:
    """`VALUES` rows under the names and types given: table(d, "('a', 1)", id=T.STRING, n=T.INTEGER)."""
    names = ", ".join(f'"{name}"' for name in types)
    fields = tuple(Field(name, kind, label=name.title()) for name, kind in types.items())
    return staged(directory, f"SELECT * FROM (VALUES {values}) t({names})", fields)
