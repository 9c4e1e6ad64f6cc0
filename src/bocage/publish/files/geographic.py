"""FlatGeobuf, Shapefile, KML, GPX: written by GDAL in a workshop of its own, from the batches as they come.

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
from bocage.publish.files.workbench import ROWS, workbench
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
    """What is to be written. `kinds`: among POINT, LINESTRING, POLYGON…; `whole`: every row has a shape."""

    source: str
    kinds: tuple[str, ...]
    whole: bool


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
        with workbench(stream) as (engine, folder):
            stem = options.title or "features"
            target = folder / f"{stem}.{self.name}"
            drawing = _look(engine, folder, shape)
            if self.one_kind and len(drawing.kinds) > 1:
                raise MixedShapes(format=self.driver, kinds=", ".join(drawing.kinds))
            engine.execute(
                f"COPY (SELECT {self.select(stream.columns, shape, options)} FROM {drawing.source}{self.where(shape)}) "
                f"TO {literal(str(target))} (FORMAT gdal, DRIVER {literal(self.driver)}, SRS {literal(self._system(options))}"
                f"{self._creation(drawing)})"
            )
            with (_zipped(folder, stem) if self.zipped else target).open("rb") as file:
                while piece := file.read(PIECE):
                    yield piece

    def _system(self, options: Options) -> str:
        return options.system.code if options.system and self.reprojects else self.crs

    def geometry_type(self, drawing: Drawing) -> str:
        """The type of the layer; "" leaves it open."""
        return "POINT" if drawing.kinds == ("POINT",) else ""

    def where(self, _shape: Field) -> str:
        """Which rows the format can hold: by default all of them, with a shape or without."""
        return ""

    def layer_options(self, _drawing: Drawing) -> tuple[str, ...]:
        return self.creation

    def _creation(self, drawing: Drawing) -> str:
        """How GDAL is asked for more than its defaults."""
        typed = self.geometry_type(drawing)
        layer, dataset = self.layer_options(drawing), self.dataset_creation
        given = (("LAYER_CREATION_OPTIONS", layer), ("DATASET_CREATION_OPTIONS", dataset))
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
    """A stream is read once: it is kept in a file, to be looked at before it is written."""
    source = f"read_parquet({literal(str(folder / 'rows.parquet'))})"
    engine.execute(f"COPY {ROWS} TO {literal(str(folder / 'rows.parquet'))} (FORMAT parquet)")
    kind = f"replace(ST_GeometryType(ST_GeomFromWKB({name(shape.name)}))::VARCHAR, 'MULTI', '')"
    kinds = [one for (one,) in engine.execute(f"SELECT DISTINCT {kind} FROM {source}")]
    return Drawing(source, tuple(sorted(one for one in kinds if one is not None)), None not in kinds)


def _zipped(folder: Path, stem: str) -> Path:
    """The parts in one archive, without a date of theirs: same rows, same bytes."""
    archive = folder / "parts.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        for part in sorted(folder.glob(f"{stem}.*")):
            with package.open(zipfile.ZipInfo(part.name), "w") as member, part.open("rb") as content:
                while piece := content.read(PIECE):
                    member.write(piece)
    return archive


class FlatGeobuf(GdalFile):
    """Its spatial index has no place for a row without shape."""

    def layer_options(self, drawing: Drawing) -> tuple[str, ...]:
        return () if drawing.whole else ("SPATIAL_INDEX=NO",)


FLATGEOBUF = FlatGeobuf("fgb", "FlatGeobuf", "application/vnd.flatgeobuf", reprojects="drawn")
SHAPEFILE = GdalFile(
    "shp", "ESRI Shapefile", "application/zip", zipped=True, creation=("ENCODING=UTF-8", "DBF_DATE_LAST_UPDATE=1980-01-01"),
    longest_name=LONGEST_SHAPEFILE_NAME, most_rows=MOST_SHAPEFILE_ROWS, one_kind=True,
    reprojects="drawn",
)  # fmt: skip
# CRS84 for KML and GPX: under EPSG:4326 GDAL takes their coordinates for latitude, longitude.
KML = GdalFile("kml", "KML", "application/vnd.google-earth.kml+xml", crs="OGC:CRS84")
