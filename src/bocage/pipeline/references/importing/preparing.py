"""From a file of a source to one Parquet file: read, narrowed to an area, in the order of its keys. All of it in the engine.

The order makes the same data the same file, whatever the order in which the source wrote it this time: nothing new, no version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.capture.positions.errors import GeometryColumnUnknown
from bocage.capture.services import stage
from bocage.capture.understanding import Corrections, FieldCorrection
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.ids import new_uid
from bocage.pipeline.references.importing import openstreetmap
from bocage.pipeline.references.importing.area import Area, condition, lay_out_boundary, sirens_in
from bocage.pipeline.references.importing.errors import BoundariesMissing, NothingInside, NotThatSource
from bocage.pipeline.references.importing.files import layers_in
from bocage.pipeline.references.importing.openstreetmap import OSM
from bocage.pipeline.references.territory import known_communes
from bocage.store.engine import EngineError, literal, quoted, workshop

if TYPE_CHECKING:
    from bocage.pipeline.references.importing.sources import Source, SourceLayer
    from bocage.store.engine import Workshop
    from bocage.store.staged import StagedFile

GROUP = 10_000
SHAPE, POINT = "geo_shape", "geo_point_2d"


@dataclass(frozen=True)
class Prepared:
    """`key`, `label`, `siren`: the columns that the file has, "" for none; `unique`: whether the key tells rows apart."""

    layer: SourceLayer
    path: Path
    rows: int
    key: str
    label: str
    siren: str
    shape: str
    unique: bool
    columns: tuple[str, ...]


def prepare(
    source: Source,
    layer: SourceLayer,
    file: Path,
    filename: str,
    area: Area,
    directory: Path,
    communes: Prepared | None,
) -> Prepared:
    """`file`: as `openable` gives it. `communes`: those of the same file, for a layer that knows no code of communes.

    Raises NotThatSource, NothingInside, BoundariesMissing, DamagedExtract, and what capture raises."""
    if source is OSM:
        return _from_extract(layer, file, filename, area, directory)
    try:
        staged = stage(file, filename=filename, directory=directory, corrections=_reading(layer, file))
    except GeometryColumnUnknown as error:
        raise NotThatSource(file=filename, source=source.label, **error.fields) from None
    names = tuple(one.name for one in staged.fields)
    key = _column(layer.key, names)
    if not key:
        columns = ", ".join(names[:20])
        raise NotThatSource(file=filename, source=source.label, column=layer.key[0], columns=columns)
    where = _inside(layer, names, key, area, communes)
    readable = [staged.path, *([communes.path] if communes else [])]
    rows = f"SELECT * FROM read_parquet({literal(str(staged.path))}) WHERE {where}"
    try:
        return _written(layer, rows, _described(staged), directory, readable, filename, area)
    finally:
        staged.path.unlink(missing_ok=True)


def _reading(layer: SourceLayer, file: Path) -> Corrections:
    held = layers_in(file)
    inside = next((held[name] for name in layer.names if name in held), "")
    fields = {name: FieldCorrection(type=FieldType.STRING.value) for name in layer.texts}
    return replace(layer.reading, layer=inside, fields=fields)


def _described(staged: StagedFile) -> tuple[str, ...]:
    """The columns to keep: the point inside a shape is made again from the shape."""
    names = [one.name for one in staged.fields]
    return tuple(name for name in names if not (name == POINT and SHAPE in names))


def _inside(layer: SourceLayer, names: Sequence[str], key: str, area: Area, communes: Prepared | None) -> str:
    if not area:
        return "true"
    if layer.through:
        through = _column(layer.through, communes.columns) if communes else ""
        if communes is None or not through:
            raise BoundariesMissing(area=str(area))
        held = f"SELECT unnest({sirens_in(through)}) FROM read_parquet({literal(str(communes.path))})"
        return f"{quoted(key)} IN ({held})"
    commune = _column(layer.commune, names)
    return condition(area, commune, _column(layer.siren, names)) if commune else "false"


def _written(
    layer: SourceLayer,
    rows: str,
    columns: tuple[str, ...],
    directory: Path,
    readable: Sequence[Path],
    filename: str,
    area: Area,
) -> Prepared:
    """The rows sorted by their key, then by all that they hold."""
    key = _column(layer.key, columns)
    path = directory / f"{new_uid('prepared')}.parquet"
    with workshop(directory / new_uid("bench"), readable=[directory, *readable], spatial=False) as shop:
        count, unique = _copy(shop, rows, columns, key, path)
    if not count:
        path.unlink(missing_ok=True)
        raise NothingInside(file=filename, area=str(area) or "–")
    label, siren, shape = (_column(one, columns) for one in (layer.label, layer.siren, (SHAPE,)))
    return Prepared(layer, path, count, key, label, siren, shape, unique, columns)


def _copy(shop: Workshop, rows: str, columns: Sequence[str], key: str, path: Path) -> tuple[int, bool]:
    """Rows written, and whether their key tells them apart."""
    kept = ", ".join(quoted(name) for name in columns)
    plain = [name for name in columns if name not in (SHAPE, POINT, key)]
    order = ", ".join(quoted(name) for name in (key, *plain))
    shop.execute(
        f"COPY (SELECT {kept} FROM ({rows}) AS read ORDER BY {order}) TO {literal(str(path))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP})"
    )
    [(count, keys)] = shop.execute(
        f"SELECT count(*), count(DISTINCT {quoted(key)}) FROM read_parquet({literal(str(path))})"
    )
    return int(count), count == keys


def _from_extract(layer: SourceLayer, file: Path, filename: str, area: Area, directory: Path) -> Prepared:
    known = known_communes() if area else None
    if area and known is None:
        raise BoundariesMissing(area=str(area))
    path = directory / f"{new_uid('prepared')}.parquet"
    readable = [directory, file, *([known.path] if known else [])]
    with workshop(directory / new_uid("bench"), readable=readable) as shop:
        openstreetmap.open_extract(shop, file)
        box = lay_out_boundary(shop, area, known) if known else None
        try:
            columns, rows = _drawn(shop, layer, box)
            count, unique = _copy(shop, rows, columns, layer.key[0], path)
        except EngineError as error:
            raise openstreetmap.damaged(file, error) from None
    if not count:
        path.unlink(missing_ok=True)
        raise NothingInside(file=filename, area=str(area) or "–")
    label, shape = _column(layer.label, columns), _column((SHAPE, POINT), columns)
    return Prepared(layer, path, count, layer.key[0], label, "", shape, unique, columns)


def _drawn(
    shop: Workshop, layer: SourceLayer, box: tuple[float, float, float, float] | None
) -> tuple[tuple[str, ...], str]:
    """Columns and SELECT of a layer of an extract, of what meets the boundary laid out when there is a box."""
    shop.execute(f"CREATE OR REPLACE TABLE drawn AS {openstreetmap.select(shop, layer.name, box)}")
    columns = tuple(str(row[0]) for row in shop.execute("DESCRIBE drawn"))
    if box is None:
        return columns, "SELECT * FROM drawn"
    shape = quoted(_column((SHAPE, POINT), columns))
    met = f"SELECT osm_id FROM drawn JOIN boundary ON ST_Intersects(drawn.{shape}, boundary.shape)"
    return columns, f"SELECT * FROM drawn WHERE osm_id IN ({met})"


def _column(candidates: Sequence[str], names: Sequence[str]) -> str:
    """The first candidate that the file has, "" for none."""
    return next((one for one in candidates if one in names), "")
