"""Fields as JSON Schema: all of them, those that filters may name, those that decide an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType as T
from bocage.publish.ogc.documents import Cell, Page, Table, above, document
from bocage.publish.ogc.validators import told_key
from bocage.publish.validators import validated
from bocage.query.odsql.clauses import UNSORTABLE
from bocage.query.plan import ROW_ID
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http.response import HttpResponseBase

    from bocage.catalog.fields import Field
    from bocage.publish.ogc.call import Call

TYPES: dict[T, dict[str, Any]] = {
    T.STRING: {"type": "string"},
    T.INTEGER: {"type": "integer"},
    T.NUMBER: {"type": "number"},
    T.BOOLEAN: {"type": "boolean"},
    T.DATE: {"type": "string", "format": "date"},
    T.DATETIME: {"type": "string", "format": "date-time"},
    T.ARRAY: {"type": "array", "items": {"type": "string"}},
    T.OBJECT: {"type": "object"},
}
GEOJSON = "https://geojson.org/schema/"


def moment_of(fields: Sequence[Field]) -> Field | None:
    """The field that `datetime` looks at: the one that the keepers called the time of the series, else the first instant,
    else the first day."""
    dated = [one for one in fields if one.type in (T.DATETIME, T.DATE)]
    return min(dated, key=lambda one: (not one.annotations.timeserie_precision, one.type != T.DATETIME), default=None)


def schema(call: Call) -> HttpResponseBase:
    return _answer(call, call.subject.fields, _("Fields"), identified=True)


def queryables(call: Call) -> HttpResponseBase:
    return _answer(call, call.subject.fields, _("What filters may name"))


def sortables(call: Call) -> HttpResponseBase:
    return _answer(
        call, [one for one in call.subject.fields if one.type not in UNSORTABLE], _("What the order may name")
    )


def _answer(call: Call, fields: Sequence[Field], title: str, *, identified: bool = False) -> HttpResponseBase:
    content = described(call, fields, identified=identified)
    rows = [(Cell(one.name), Cell(one.label), Cell(str(one.type.label)), Cell(one.description)) for one in fields]
    page = Page(
        f"{title} · {call.seen.title}",
        trail=above(
            call,
            (_("Collections"), call.address("collections", f="html")),
            (call.seen.title, call.address("collections", call.collection, f="html")),
        ),
        table=Table(title, (_("Name"), _("Label"), _("Type"), _("Description")), rows),
    )
    return validated(call, told_key(call), lambda: document(call, content, page), open_data=call.open_data)


def described(call: Call, fields: Sequence[Field], *, identified: bool) -> dict[str, Any]:
    drawn, moment = main_geometry(list(fields)), moment_of(fields)
    properties: dict[str, Any] = {}
    if identified:
        properties[ROW_ID] = {"type": "string", "title": _("Identifier"), "x-ogc-role": "id", "readOnly": True}
    for rank, field in enumerate(fields, 1):
        told = _geometry(call, field is drawn) if field.type.is_geographic else dict(TYPES[field.type])
        if field.label:
            told["title"] = field.label
        if field.description:
            told["description"] = field.description
        if field is moment:
            told["x-ogc-role"] = "primary-instant"
        properties[field.name] = told | {"x-ogc-propertySeq": rank}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": call.again(f=None),
        "type": "object",
        "title": call.seen.title,
        "properties": properties,
        "additionalProperties": False,
    }


def _geometry(call: Call, drawn: bool) -> dict[str, Any]:
    """By its format, of the standard, and by the schema of its GeoJSON, of drafts that clients still follow."""
    kinds = {kind.removeprefix("Multi") for kind in call.seen.geometry_types} if drawn else {"Point"}
    several = drawn and any(kind.startswith("Multi") for kind in call.seen.geometry_types)
    kind = f"{'Multi' * several}{kinds.pop()}" if len(kinds) == 1 else "Geometry"
    told = {"$ref": f"{GEOJSON}{kind}.json", "format": f"geometry-{'any' if kind == 'Geometry' else kind.lower()}"}
    return told | ({"x-ogc-role": "primary-geometry"} if drawn else {})
