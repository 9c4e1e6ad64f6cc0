"""GPX 1.1 (https://www.topografix.com/GPX/1/1/): points are waypoints, lines and outlines of polygons are tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.publish.files.errors import MixedShapes, UnknownColumn
from bocage.publish.files.geographic import SHAPE, Drawing, GdalFile, cell
from bocage.query.rendering import name

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.formats import Options

# Elements of a waypoint: GDAL gives them that meaning, and refuses other contents.
_OF_GPX = frozenset(
    ("name", "desc", "ele", "time", "magvar", "geoidheight", "cmt", "src", "sym", "type", "fix", "sat", "hdop", "vdop",
     "pdop", "ageofdgpsdata", "dgpsid", "number", "lat", "lon", "extensions")
)  # fmt: skip


@dataclass(frozen=True)
class Gpx(GdalFile):
    """`Options.name_field`: shown as the name of each feature; `description_fields`: put together in its description; the
    other fields go in `extensions` unless the client refuses them."""

    name: str = "gpx"
    driver: str = "GPX"
    media_type: str = "application/gpx+xml"
    one_kind: bool = True
    crs: str = "OGC:CRS84"
    dataset_creation: tuple[str, ...] = ("GPX_USE_EXTENSIONS=YES",)

    def select(self, columns: Sequence[Field], shape: Field, options: Options) -> str:
        known = {column.name: column for column in columns if column is not shape}
        described = [one.strip() for one in options.description_fields.split(",") if one.strip()]
        for asked in filter(None, (options.name_field, *described)):
            if asked not in known:
                raise UnknownColumn(field=asked[:100])
        # Capital letters: GDAL makes a field of them, and the element of the standard out of it.
        cells = []
        if options.name_field:
            cells.append(f'({cell(known[options.name_field])})::VARCHAR AS "Name"')
        if described:
            lines = ", ".join(f"({cell(known[one])})::VARCHAR" for one in described)
            cells.append(f'concat_ws(chr(10), {lines}) AS "Desc"')
        if options.use_extension:
            cells += [f"{cell(column)} AS {name(self._extension(column.name))}" for column in known.values()]
        return ", ".join([*cells, f"{_drawn(shape)} AS {name(SHAPE)}"])

    def geometry_type(self, drawing: Drawing) -> str:
        if drawing.several:  # a waypoint is one place
            raise MixedShapes(format=self.driver, kinds="MULTIPOINT")
        return "POINT" if drawing.kinds in (("POINT",), ()) else "MULTILINESTRING"

    def where(self, shape: Field) -> str:
        """There is no place on a track for what has no position."""
        return f" WHERE {name(shape.name)} IS NOT NULL"

    def _extension(self, field_name: str) -> str:
        return f"{field_name}_" if field_name.lower() in _OF_GPX else field_name


def _drawn(shape: Field) -> str:
    """Tracks have no inside: the outline of a polygon is what they can draw."""
    geometry = f"ST_GeomFromWKB({name(shape.name)})"
    return (
        f"CASE ST_Dimension({geometry}) WHEN 2 THEN ST_Multi(ST_Boundary({geometry})) "
        f"WHEN 1 THEN ST_Multi({geometry}) ELSE {geometry} END"
    )
