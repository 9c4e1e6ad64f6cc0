"""ESRI Shapefile: a .shp with its .shx, .dbf, .prj and .cpg beside it (sent in one ZIP), read by GDAL.

GDAL here converts no encoding: attributes are read byte for byte (as ISO 8859-1) and converted in SQL.
"""

from __future__ import annotations

from pathlib import Path

from bocage.capture.errors import UnknownEncoding
from bocage.capture.geographic.shapefile_parts import LABEL, Parts, read_parts
from bocage.capture.inference.physical_types import typed_columns
from bocage.capture.positions import crs
from bocage.capture.positions.errors import DamagedFile
from bocage.capture.positions.notices import ENCODING_ASSUMED, notice
from bocage.capture.reading import FORMATS, Column, Reading
from bocage.capture.sql import identifier, literal
from bocage.capture.tables.rows_file import check_geometry, codes_among, columns_of, crs_of_type, damaged, write_rows
from bocage.capture.understanding import Corrections, GeometryFound
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import EngineError, Workshop

FEATURE_ID = "OGC_FID"  # made by GDAL, not in the file


class Shapefile:
    name = "shapefile"
    label = LABEL
    extensions: tuple[str, ...] = (".shp",)
    last_resort = False

    def recognises(self, head: bytes, filename: str) -> bool:
        """File code 9994 and version 1000."""
        return head.startswith(b"\x00\x00\x27\x0a") and head[28:32] == b"\xe8\x03\x00\x00"

    def read(self, file: Path, workshop: Workshop, corrections: Corrections) -> Reading:
        """Raises LoneShapefile, IncompleteShapefile, DamagedFile, UnknownEncoding, CrsNotSupported, BadGeometry."""
        workshop.need_spatial()
        try:
            parts = read_parts(file, corrections.encoding)
        except LookupError:
            raise UnknownEncoding(encoding=corrections.encoding) from None
        try:
            return _reading(file, parts, workshop)
        except EngineError as error:
            raise damaged(error, LABEL) from None


def _reading(file: Path, parts: Parts, workshop: Workshop) -> Reading:
    as_read = "UTF-8" if parts.encoding == "utf-8" else "ISO-8859-1"
    source = (
        f"ST_Read({literal(str(file))}, allowed_drivers := ['ESRI Shapefile'], "
        f"open_options := ['ENCODING={as_read}', 'ADJUST_TYPE=YES'])"
    )
    described = [pair for pair in columns_of(workshop, source) if pair[0] != FEATURE_ID]
    shapes = [pair for pair in described if pair[1].startswith("GEOMETRY")]
    texts = [(_decoded(name, parts.encoding), name, kind) for name, kind in described if (name, kind) not in shapes]
    columns = typed_columns([(label, kind) for label, _, kind in texts], infer=frozenset(label for label, *_ in texts))
    decoded = ", ".join(
        [f"{_in_sql(name, kind, parts.encoding)} AS {identifier(label)}" for label, name, kind in texts]
        + [f"CAST({identifier(name)} AS GEOMETRY) AS geometry" for name, _ in shapes[:1]]
    )
    select = ", ".join([*columns.select, *(["geometry"] if shapes else [])])
    relation = write_rows(workshop, f"SELECT {select} FROM (SELECT {decoded} FROM {source})")
    read, shaped = _counts(workshop, relation, bool(shapes))
    if read != parts.rows or shaped != (parts.shapes if shapes else 0):
        raise DamagedFile(format=LABEL, detail=f"{read} / {parts.rows}, {shaped} / {parts.shapes}")
    assumed = () if parts.declared else (notice(ENCODING_ASSUMED, encoding=parts.encoding),)
    return Reading(
        format=Shapefile.name,
        sql=f"SELECT * FROM {relation}",
        columns=_codes_as_text(workshop, relation, columns.columns),
        geometry=GeometryFound("native", ("geometry",), crs=_crs(parts.prj, shapes[0][1])) if shapes else None,
        encoding=parts.encoding,
        notices=(*assumed, *columns.notices, *(check_geometry(workshop, relation) if shapes else ())),
        row_estimate=read,
    )


def _decoded(text: str, encoding: str) -> str:
    """A name read as ISO 8859-1, in the file's own encoding."""
    return text if encoding == "utf-8" else text.encode("latin-1", "replace").decode(encoding, "replace")


def _in_sql(name: str, kind: str, encoding: str) -> str:
    """The same for the values of a column: one character per byte, so a translation table is enough."""
    if kind != "VARCHAR" or encoding in ("utf-8", "iso8859-1"):
        return identifier(name)
    pairs = [(chr(byte), bytes([byte]).decode(encoding, "replace")) for byte in range(0x80, 0x100)]
    differing = [(was, now) for was, now in pairs if was != now and len(now) == 1]
    was, now = ("".join(side) for side in zip(*differing, strict=True))
    return f"translate({identifier(name)}, {literal(was)}, {literal(now)})"


def _counts(workshop: Workshop, relation: str, has_shapes: bool) -> tuple[int, int]:
    shaped = "count(*) FILTER (geometry IS NOT NULL AND NOT ST_IsEmpty(geometry))" if has_shapes else "0"
    [(read, count)] = workshop.execute(f"SELECT count(*), {shaped} FROM {relation}")
    return read, count


def _codes_as_text(workshop: Workshop, relation: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A text column (C) made of digits was declared as text by somebody: it holds codes."""
    codes = codes_among(workshop, relation, [column.name for column in columns if column.type is None])
    return tuple(Column(c.name, c.label, FieldType.STRING) if c.name in codes else c for c in columns)


def _crs(prj: str, sql_type: str) -> str:
    """From the .prj; "" without one. GDAL knows some by their parameters. Raises CrsNotSupported."""
    if not prj.strip():
        return ""
    known = crs_of_type(sql_type) or ""
    return crs.parse(known) if known.upper().startswith(("EPSG:", "OGC:")) else crs.parse(prj)


FORMATS.register(Shapefile.name, Shapefile())
