"""What /query answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.publish.files.text import SEPARATOR, text_of
from bocage.publish.geoservices.asked import condition, query_of
from bocage.publish.geoservices.fields import described as field_described
from bocage.publish.geoservices.layer import MOST_RECORDS, envelope
from bocage.publish.geoservices.lines import EsriLine, NumberLine
from bocage.publish.geoservices.statistics import distinct, statistics
from bocage.publish.geoservices.systems import bounds_in, system_of
from bocage.publish.geoservices.systems import described as system_described
from bocage.query.features import FeatureQuery, feature_stream, hits
from bocage.query.plan import Aggregate, Column, Output, Plan, Summary
from bocage.query.rendering import FeatureLine
from bocage.query.reprojection import Reprojection
from bocage.query.services import planned

if TYPE_CHECKING:
    from bocage.publish.geoservices.call import Call
    from bocage.query.coordinates import Crs
    from bocage.query.odsql.scope import Scope
    from bocage.query.rendering import Rendering


def answer(call: Call) -> bytes | dict[str, Any]:
    """Raises EsriError, AccessDenied, and the errors of the language."""
    if call.truth("returnCountOnly"):
        return {"count": hits(call.viewer, call.layer.relation, query_of(call, None))}
    if call.truth("returnIdsOnly"):
        return _numbers(call)
    if call.truth("returnExtentOnly"):
        crs = system_of(call.text("outSR"), "outSR")
        return {"extent": extent(call, crs), "count": hits(call.viewer, call.layer.relation, query_of(call, None))}
    if call.text("outStatistics"):
        return statistics(call)
    if call.truth("returnDistinctValues"):
        return distinct(call)
    return _features(call)


def _numbers(call: Call) -> bytes:
    """Every one, whatever their number: clients ask them first, then features by hundreds."""
    number = call.layer.number
    query = query_of(call, None)
    only = FeatureQuery(
        query.condition,
        query.sort,
        lambda scope: tuple(one for one in scope.fields.values() if one.name == number),
        drawn=False,
    )
    with feature_stream(call.viewer, call.layer.relation, only, NumberLine(number)) as stream:
        text = b"".join(text_of(batch) for batch in stream.batches)
    return b'{"objectIdFieldName":' + json.dumps(number).encode() + b',"objectIds":[' + text[1:] + b"]}"


def _features(call: Call) -> bytes:
    layer, crs = call.layer, system_of(call.text("outSR"), "outSR")
    most = call.number("resultRecordCount", MOST_RECORDS, MOST_RECORDS) or MOST_RECORDS
    plain = call.text("f") == "geojson"
    asked = query_of(call, most + 1)
    rendering: Rendering = FeatureLine(layer.number, SEPARATOR) if plain else EsriLine(layer.kind, _names(call))
    move = Reprojection(crs.code, "drawn") if crs.projected and not plain else None
    with feature_stream(call.viewer, layer.relation, asked, rendering, move) as stream:
        texts = [one for batch in stream.batches for one in batch.column(0).to_pylist()]
        columns = {one.name for one in stream.columns}
    more = len(texts) > most
    features = "".join(texts[:most])[len(SEPARATOR) :]
    if plain:
        told: dict[str, Any] = {"type": "FeatureCollection", "properties": {"exceededTransferLimit": more}}
    else:
        told = _heading(call, crs, columns) | {"exceededTransferLimit": more}
    return json.dumps(told, ensure_ascii=False)[:-1].encode() + b',"features":[' + features.encode() + b"]}"


def _names(call: Call) -> frozenset[str]:
    return frozenset(one.name for one in call.layer.attributes)


def _heading(call: Call, crs: Crs, columns: set[str]) -> dict[str, Any]:
    layer = call.layer
    fields = [field_described(one, layer.number, writable=False) for one in layer.attributes if one.name in columns]
    told: dict[str, Any] = {
        "objectIdFieldName": layer.number,
        "uniqueIdField": {"name": layer.number, "isSystemMaintained": True},
        "globalIdFieldName": "",
        "fields": fields,
    }
    if layer.kind and layer.drawn is not None and layer.drawn.name in columns:
        told |= {"geometryType": layer.kind, "spatialReference": system_described(crs), "hasZ": False, "hasM": False}
    return told


def extent(call: Call, crs: Crs, *, everything: bool = False) -> dict[str, Any] | None:
    """The bounds of what is asked, or of all that the caller sees, in `crs`; None for what is nowhere."""
    drawn = call.layer.drawn
    if drawn is None:
        return None

    def plan(scope: Scope) -> Plan:
        box = Aggregate(Summary.BOX, Column(drawn.name, drawn.type), FieldType.GEOMETRY)
        output = Output(Field("box", FieldType.GEOMETRY), box)
        return Plan((output,), None if everything else condition(call, scope), summarised=True, limit=1)

    rows = planned(call.viewer, call.layer.relation, plan).rows
    box = rows[0]["box"] if rows else None
    if box is None:
        return None
    positions = box["geometry"]["coordinates"][0]
    west, east = (side(one[0] for one in positions) for side in (min, max))
    south, north = (side(one[1] for one in positions) for side in (min, max))
    bounds = bounds_in((west, south, east, north), crs)
    return envelope(bounds, system_described(crs))
