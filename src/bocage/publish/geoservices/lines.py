"""A feature as one text, written by the engine: {"attributes", "geometry"}."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.geoservices.fields import attributes_sql
from bocage.query.rendering import literal, main_geometry
from bocage.query.rendering import name as quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.catalog.fields import Field

SEPARATOR = ",\n"


@dataclass(frozen=True)
class EsriLine:
    """`kind`: of the layer (`layer.GEOMETRIES`); a geometry of another kind is not drawn. `attributes`: names of those asked."""

    kind: str
    attributes: frozenset[str]

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        drawn = main_geometry(columns)
        shown = [one for one in columns if one is not drawn and one.name in self.attributes]
        pieces = [literal(SEPARATOR + '{"attributes":'), attributes_sql(shown)]
        if drawn is not None and self.kind:
            pieces += [literal(',"geometry":'), f"coalesce({_drawn(drawn, self.kind)}, 'null')"]
        return f"concat({', '.join([*pieces, literal('}')])})"


@dataclass(frozen=True)
class NumberLine:
    """The number alone, before a comma."""

    number: str

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        return f"concat(',', {quoted(self.number)}::VARCHAR)"


def _drawn(field: Field, kind: str) -> str:
    column = quoted(field.name)
    if field.type == FieldType.GEOPOINT:
        inside = f"""'"x":' || {column}.lon || ',"y":' || {column}.lat"""
        if kind == "esriGeometryMultipoint":
            inside = f"""'"points":[[' || {column}.lon || ',' || {column}.lat || ']]'"""
        return f"('{{' || {inside} || '}}')"
    # Outer rings turn as a clock once normalised, as clients tell them from holes.
    text = f"json_extract_string(ST_AsGeoJSON(ST_Normalize({column})), '$.coordinates')"
    return f"(CASE ST_GeometryType({column})::VARCHAR {_cases(text, kind)} END)"


def _cases(text: str, kind: str) -> str:
    """One text for each kind of geometry that the layer can draw, `$` being the coordinates."""
    return " ".join(f"WHEN '{name}' THEN {sql.replace('$', text)}" for name, sql in DRAWN[kind].items())


DRAWN = {
    "esriGeometryPoint": {"POINT": """'{"x":' || json_extract($, '/0') || ',"y":' || json_extract($, '/1') || '}'"""},
    "esriGeometryMultipoint": {
        "POINT": """'{"points":[' || $ || ']}'""", "MULTIPOINT": """'{"points":' || $ || '}'""",
    },
    "esriGeometryPolyline": {
        "LINESTRING": """'{"paths":[' || $ || ']}'""", "MULTILINESTRING": """'{"paths":' || $ || '}'""",
    },
    "esriGeometryPolygon": {
        "POLYGON": """'{"rings":' || $ || '}'""",
        # The rings of all the polygons, side by side.
        "MULTIPOLYGON": """'{"rings":' || regexp_replace(replace($, ']]],[[[', ']],[['), '^.(.*).\\z', '\\1') || '}'""",
    },
}  # fmt: skip
