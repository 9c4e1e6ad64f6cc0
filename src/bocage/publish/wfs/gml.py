"""A feature as GML 3.2.1 (ISO 19136), written by the engine for whole columns at once. No row is looked at by Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.wfs.names import PREFIX, in_sequence, local_name, property_name
from bocage.query.digits import finite
from bocage.query.plan import ROW_ID
from bocage.query.rendering import concatenated, instant, literal, name

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

_UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
"""As `kernel.xml`, in the engine's own patterns: its texts are UTF-8, they hold no half of a pair."""


@dataclass(frozen=True)
class FeatureXml:
    """`before` <bocage:slug gml:id="slug.id"> properties </bocage:slug> `after`. Missing values are left out. `system`: URN of
    the coordinates, whose axes are in its order already. `declared`: attributes of the element, such as its prefixes."""

    slug: str
    system: str
    before: str = ""
    after: str = ""
    declared: str = ""

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        local = local_name(self.slug)
        opening = literal(f'{self.before}<{PREFIX}:{local}{self.declared} gml:id="{local}.')
        fields = in_sequence([column for column in columns if column.name != ROW_ID])
        properties = [property_sql(field, local, self.system, timezone) for field in fields]
        closing = literal(f"</{PREFIX}:{local}>{self.after}")
        return concatenated([opening, name(ROW_ID), "'\">'", *properties, closing])


@dataclass(frozen=True)
class ValueXml:
    """The value of one property, as GetPropertyValue gives it: nothing for a feature that has none."""

    slug: str
    system: str
    field: str
    before: str
    after: str

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        wanted = next(column for column in columns if column.name == self.field)
        if wanted.name == ROW_ID:
            text = concatenated([literal(f"{local_name(self.slug)}."), name(ROW_ID)])
        else:
            text = property_sql(wanted, local_name(self.slug), self.system, timezone)
        member = " || ".join([literal(self.before), f"nullif({text}, '')", literal(self.after)])
        return f"coalesce({member}, '')"


def property_sql(field: Field, local: str, system: str, timezone: str) -> str:
    """SQL of the element of one property; NULL, which `concat` passes over, when the value is missing."""
    tag = f"{PREFIX}:{property_name(field.name)}"
    opening, closing = literal(f"<{tag}>"), literal(f"</{tag}>")
    column = name(field.name)
    if field.type == FieldType.ARRAY:
        each = f"list_transform({column}, lambda x: {opening} || {escaped('x')} || {closing})"
        return f"array_to_string({each}, '')"
    if field.type.is_geographic:
        root = f"{literal(f'{local}.')} || {name(ROW_ID)} || {literal(f'.{property_name(field.name)}')}"
        return f"({opening} || {_geometry(field, root, system)} || {closing})"
    return f"({opening} || {_text(field, column, timezone)} || {closing})"


def _text(field: Field, column: str, timezone: str) -> str:
    match field.type:
        case FieldType.DATETIME:
            return f"replace({instant(column, timezone)}, '+00:00', 'Z')"
        case FieldType.NUMBER:
            return finite(column)
        case FieldType.INTEGER | FieldType.BOOLEAN | FieldType.DATE:
            return f"{column}::VARCHAR"
        case _:
            return escaped(f"{column}::VARCHAR")


def escaped(text: str) -> str:
    """SQL of a text between two tags: what no XML can hold is left out."""
    for mark, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = f"replace({text}, '{mark}', '{written}')"
    return f"regexp_replace({text}, {literal(_UNWRITABLE)}, '', 'g')"


def _geometry(field: Field, root: str, system: str) -> str:
    """`root`: SQL of the identifier of the geometry; its members add their rank to it."""
    column, named = name(field.name), f' srsName="{system}" srsDimension="2">'
    if field.type == FieldType.GEOPOINT:
        position = f"({column}.lon || ' ' || {column}.lat)"
        return concatenated_or_null(
            ["'<gml:Point gml:id=\"'", root, literal(f'"{named}<gml:pos>'), position, "'</gml:pos></gml:Point>'"]
        )
    shape = f"ST_Force2D({column})"
    kinds = {kind: _simple(kind, f"ST_AsText({shape})", root, named) for kind in _SIMPLE}
    many = {kind: _several(kind, shape, root, named) for kind in _MEMBERS}
    cases = " ".join(f"WHEN '{kind}' THEN {text}" for kind, text in (kinds | many).items())
    return f"(CASE WHEN NOT ST_IsEmpty({shape}) THEN CASE ST_GeometryType({shape})::VARCHAR {cases} END END)"


def concatenated_or_null(pieces: Sequence[str]) -> str:
    """NULL when one of them is."""
    return f"({' || '.join(pieces)})"


_SIMPLE = {"POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon"}
_MEMBERS = {
    "MULTIPOINT": ("MultiPoint", "pointMember"),
    "MULTILINESTRING": ("MultiCurve", "curveMember"),
    "MULTIPOLYGON": ("MultiSurface", "surfaceMember"),
    "GEOMETRYCOLLECTION": ("MultiGeometry", "geometryMember"),
}


def _simple(kind: str, wkt: str, root: str, named: str) -> str:
    """From the WKT of the engine, whose marks alone are replaced: `POLYGON ((1 2, 3 4), (5 6, 7 8))`."""
    tag = f"gml:{_SIMPLE[kind]}"
    inside = f"{wkt}[{len(kind) + 3}:-2]"  # between the outer brackets
    if kind == "POLYGON":
        ring = "'<gml:LinearRing><gml:posList>' || replace(r, ', ', ' ') || '</gml:posList></gml:LinearRing>'"
        side = "CASE WHEN i = 1 THEN 'exterior' ELSE 'interior' END"
        made = f"'<gml:' || {side} || '>' || {ring} || '</gml:' || {side} || '>'"
        body = f"array_to_string(list_transform(string_split({inside}[2:-2], '), ('), lambda r, i: {made}), '')"
    elif kind == "LINESTRING":
        body = f"'<gml:posList>' || replace({inside}, ', ', ' ') || '</gml:posList>'"
    else:
        body = f"'<gml:pos>' || {inside} || '</gml:pos>'"
    return concatenated_or_null([f"'<{tag} gml:id=\"'", root, literal(f'"{named}'), body, f"'</{tag}>'"])


def _several(kind: str, shape: str, root: str, named: str) -> str:
    """Members, each simple: the engine gives the parts of parts one by one."""
    tag, member = _MEMBERS[kind]
    one = "x.geom"
    inner = f"{root} || '.' || m"
    cases = " ".join(f"WHEN '{part}' THEN {_simple(part, f'ST_AsText({one})', inner, '>')}" for part in _SIMPLE)
    made = f"'<gml:{member}>' || CASE ST_GeometryType({one})::VARCHAR {cases} END || '</gml:{member}>'"
    members = f"array_to_string(list_transform(ST_Dump({shape}), lambda x, m: {made}), '')"
    return concatenated_or_null([f"'<gml:{tag} gml:id=\"'", root, literal(f'"{named}'), members, f"'</gml:{tag}>'"])
