"""Shapefile, KML, GPX, and the features of FlatGeobuf: written by GDAL in a workshop of its own, from the batches as they come.

Whole before their first byte: GDAL writes indexes and headers last, and a refusal must be an answer, not half a file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.files.errors import MixedShapes, NoGeometry, TooManyRows
from bocage.publish.files.workbench import rows_file
from bocage.query.rendering import literal, main_geometry, name

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.formats import Options
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream
    from bocage.store.engine import Workshop

PIECE = 256 * 1024
MOST_SHAPEFILE_ROWS = 50_000  # the limit of the portals replaced, kept: the format holds 2 GB
LONGEST_SHAPEFILE_NAME = 10  # of a dBASE column
SHAPE = "bocage:shape"


@dataclass(frozen=True)
class Drawing:
    """What is to be written. `kinds`: among POINT, LINESTRING, POLYGON…; `whole`: there are rows, all have a shape; `several`: some
    are of several parts."""

    source: str
    kinds: tuple[str, ...]
    whole: bool
    several: bool = False


@dataclass(frozen=True)
class Task:
    """A file of so many `rows` to be written: from `drawing.source`, by `engine`, in `folder`."""

    engine: Workshop
    folder: Path
    drawing: Drawing
    rows: int
    shape: Field
    columns: tuple[Field, ...]
    options: Options


@dataclass(frozen=True)
class GdalFile:
    """`driver`: GDAL's name of the format. `zipped`: the parts of a shapefile go in one archive."""

    name: str
    driver: str
    media_type: str
    geographic: bool = True
    reprojects: Part = ""
    zipped: bool = False
    creation: tuple[str, ...] = ()
    longest_name: int = 0
    most_rows: int = 0
    one_kind: bool = False
    crs: str = "EPSG:4326"
    dataset_creation: tuple[str, ...] = ()

    def rendering(self, _options: Options) -> None:
        return None

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        shape = main_geometry(stream.columns)
        if shape is None:
            raise NoGeometry(format=self.driver)
        if self.most_rows and stream.row_count > self.most_rows:
            raise TooManyRows(rows=stream.row_count, limit=self.most_rows, format=self.driver)
        with rows_file(stream) as (engine, folder):
            drawing = _look(engine, folder, shape)
            if self.one_kind and len(drawing.kinds) > 1:
                raise MixedShapes(format=self.driver, kinds=", ".join(drawing.kinds))
            columns = tuple(stream.columns)
            yield from self.written(Task(engine, folder, drawing, stream.row_count, shape, columns, options))

    def written(self, task: Task) -> Iterator[bytes]:
        """The file, once GDAL has made it."""
        stem = task.options.title or "features"
        target = task.folder / f"{stem}.{self.name}"
        self.copy(task, target, layer=self.creation)
        yield from pieces(_zipped(task.folder, stem) if self.zipped else target)

    def copy(self, task: Task, target: Path, *, layer: tuple[str, ...] = (), rows: int = 0) -> None:
        """Have GDAL write the rows, or only so many. `layer`: creation options of the layer."""
        limit = f" LIMIT {rows}" if rows else ""
        select = self.select(task.columns, task.shape, task.options)
        task.engine.execute(
            f"COPY (SELECT {select} FROM {task.drawing.source}{self.where(task.shape)}{limit}) "
            f"TO {literal(str(target))} (FORMAT gdal, DRIVER {literal(self.driver)}, "
            f"SRS {literal(self._system(task.options))}{self._creation(task.drawing, layer)})"
        )

    def _system(self, options: Options) -> str:
        return options.system.code if options.system and self.reprojects else self.crs

    def geometry_type(self, drawing: Drawing) -> str:
        """The type of the layer; "" leaves it open."""
        if drawing.kinds != ("POINT",):
            return ""
        return "MULTIPOINT" if drawing.several else "POINT"

    def where(self, _shape: Field) -> str:
        """Which rows the format can hold: by default all of them, with a shape or without."""
        return ""

    def _creation(self, drawing: Drawing, layer: tuple[str, ...]) -> str:
        """How GDAL is asked for more than its defaults."""
        typed = self.geometry_type(drawing)
        given = (("LAYER_CREATION_OPTIONS", layer), ("DATASET_CREATION_OPTIONS", self.dataset_creation))
        return (f", GEOMETRY_TYPE {literal(typed)}" if typed else "") + "".join(
            f", {name} ({', '.join(literal(one) for one in options)})" for name, options in given if options
        )

    def select(self, columns: Sequence[Field], shape: Field, options: Options) -> str:
        """The columns that GDAL can write: other positions and shapes, lists and objects are texts."""
        titles = dict(zip((column.name for column in columns), options.titles(columns), strict=True))
        kept = [column for column in columns if column is not shape]
        labels = self._labels([titles[column.name] for column in kept])
        cells = [f"{cell(column)} AS {name(label)}" for column, label in zip(kept, labels, strict=True)]
        return ", ".join([*cells, f"ST_GeomFromWKB({name(shape.name)}) AS {name(SHAPE)}"])

    def _labels(self, titles: Sequence[str]) -> list[str]:
        """Names that the format can hold, each once."""
        taken: dict[str, None] = {}
        for title in titles:
            limit = self.longest_name or len(title) or 1
            label, rank = title[:limit], 1
            while label.lower() in taken or not label:
                rank += 1
                label = f"{title[: limit - len(str(rank)) - 1]}_{rank}"
            taken[label.lower()] = None
        found = iter(taken)
        return [_cased(title, next(found)) for title in titles]


def _cased(title: str, lower: str) -> str:
    return title if title.lower() == lower else lower


def cell(column: Field) -> str:
    value = name(column.name)
    if column.type.is_geographic:
        shape = f"ST_GeomFromWKB({value})"
        if column.type == FieldType.GEOPOINT:
            return f"(ST_Y({shape}) || ', ' || ST_X({shape}))"
        return f"ST_AsGeoJSON({shape})::VARCHAR"
    if column.type == FieldType.ARRAY:
        return f"array_to_string({value}, ',')"
    if column.type == FieldType.DATETIME:
        return f"strftime(make_timestamp(epoch_us({value})), '%Y-%m-%dT%H:%M:%SZ')"
    if column.type == FieldType.NUMBER:
        return f"{value}::DOUBLE"
    return value


def _look(engine: Workshop, folder: Path, shape: Field) -> Drawing:
    source = f"read_parquet({literal(str(folder / 'rows.parquet'))})"
    drawn = f"ST_GeomFromWKB({name(shape.name)})"
    facts = f"ST_GeometryType({drawn})::VARCHAR, ST_IsEmpty({drawn}), ST_HasZ({drawn}) OR ST_HasM({drawn})"
    seen = engine.execute(f"SELECT DISTINCT {facts} FROM {source}")
    kinds = {kind for kind, empty, _more in seen if kind and not empty}
    single = {kind.removeprefix("MULTI") for kind in kinds}
    several = "MULTIPOINT" in kinds and single == {"POINT"}
    if several or any(empty or more for _kind, empty, more in seen):
        source = f"(SELECT * REPLACE ({_plain(drawn, several)} AS {name(shape.name)}) FROM {source})"
    whole = bool(seen) and not any(kind is None or empty for kind, empty, _more in seen)
    return Drawing(source, tuple(sorted(single)), whole, several)


def _plain(drawn: str, several: bool) -> str:
    """WKB that GDAL takes in a layer of one type. A shape without a place crashes some of its drivers: it is no shape."""
    flat = f"ST_Force2D({drawn})"
    return f"CASE WHEN NOT ST_IsEmpty({drawn}) THEN ST_AsWKB({f'ST_Multi({flat})' if several else flat}) END"


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _zipped(folder: Path, stem: str) -> Path:
    """The parts in one archive, without a date of theirs: same rows, same bytes."""
    archive = folder / "parts.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        for part in sorted(folder.glob(f"{stem}.*")):
            with package.open(zipfile.ZipInfo(part.name), "w") as member, part.open("rb") as content:
                while piece := content.read(PIECE):
                    member.write(piece)
    return archive


SHAPEFILE = GdalFile(
    "shp", "ESRI Shapefile", "application/zip", zipped=True, creation=("ENCODING=UTF-8", "DBF_DATE_LAST_UPDATE=1980-01-01"),
    longest_name=LONGEST_SHAPEFILE_NAME, most_rows=MOST_SHAPEFILE_ROWS, one_kind=True,
    reprojects="drawn",
)  # fmt: skip
# CRS84 for KML and GPX: under EPSG:4326 GDAL takes their coordinates for latitude, longitude.
KML = GdalFile("kml", "KML", "application/vnd.google-earth.kml+xml", crs="OGC:CRS84")
