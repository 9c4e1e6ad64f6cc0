"""What filters and orders may name, as JSON Schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType as T
from bocage.publish.ogc.documents import Cell, Page, Table, document
from bocage.publish.ogc.schemas import TYPES
from bocage.publish.records.answers import answered_with
from bocage.publish.records.landing import above
from bocage.query.odsql.clauses import UNSORTABLE
from bocage.query.record_table import FIELDS

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.catalog.fields import Field
    from bocage.publish.records.call import RecordsCall

ROLES = {"id": "id", "geometry": "primary-geometry", "temporal_start": "primary-interval-start",
         "temporal_end": "primary-interval-end"}  # fmt: skip


def queryables(call: RecordsCall) -> HttpResponseBase:
    return _answer(call, FIELDS, _("What filters may name"))


def sortables(call: RecordsCall) -> HttpResponseBase:
    found = [one for one in FIELDS if one.type not in UNSORTABLE and one.name not in ("subject", "anytext")]
    return _answer(call, found, _("What the order may name"))


def schema(call: RecordsCall) -> HttpResponseBase:
    return _answer(call, FIELDS, _("Fields"))


def _answer(call: RecordsCall, fields: Sequence[Field], title: str) -> HttpResponseBase:
    content = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": call.again(f=None),
        "type": "object",
        "title": title,
        "properties": {one.name: _described(one, rank) for rank, one in enumerate(fields, 1)},
        "additionalProperties": False,
    }
    rows = [(Cell(one.name), Cell(_(one.label)), Cell(str(one.type.label))) for one in fields]
    table = Table(title, (_("Name"), _("Label"), _("Type")), rows)
    return answered_with(call, document(call, content, Page(title, trail=above(call), table=table)))


def _described(field: Field, rank: int) -> dict[str, Any]:
    geometry = {"$ref": "https://geojson.org/schema/Polygon.json", "format": "geometry-polygon"}
    told = geometry if field.type == T.GEOMETRY else dict(TYPES[field.type])
    if role := ROLES.get(field.name):
        told["x-ogc-role"] = role
    return told | {"title": _(field.label), "x-ogc-propertySeq": rank}
