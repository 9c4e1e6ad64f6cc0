"""GetFeatureInfo: the features around a pixel, with the fields that the reader sees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bocage.publish.files.text import SEPARATOR, text_of
from bocage.publish.ogc.documents import shown
from bocage.publish.ows.errors import OwsError, invalid
from bocage.publish.wms.asked import condition_asked, is_older, layers_asked, map_asked
from bocage.query import features as queries
from bocage.query.cql2 import nodes
from bocage.query.cql2.conditions import condition as read_condition
from bocage.query.cql2.reading import Reading
from bocage.query.features import FeatureQuery
from bocage.query.plan import ROW_ID, all_of
from bocage.query.rendering import FeatureLine, main_geometry
from bocage.query.reprojection import Reprojection

if TYPE_CHECKING:
    from bocage.publish.ogc.call import Subject
    from bocage.publish.ows.call import Call
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate
    from bocage.query.windows import Window

HTML, TEXT, JSON = "text/html", "text/plain", "application/json"
FORMATS = (HTML, JSON, "application/geo+json", TEXT)
MOST_FEATURES = 50
NEAR = 5
"""Pixels around the one that is asked: a dot is as wide."""


def get_feature_info(call: Call) -> HttpResponse:
    form = call.get("info_format", HTML).lower().partition(";")[0].strip()
    if form not in FORMATS:
        raise invalid("info_format", form, _("one of %(names)s") % {"names": ", ".join(FORMATS)}, code="InvalidFormat")
    asked = map_asked(call)
    wanted = layers_asked(call, "query_layers")
    drawn = {one.name for one in asked.layers}
    if any(one.name not in drawn for one in wanted):
        raise invalid("query_layers", call.get("query_layers"), _("they are among the layers"), code="LayerNotDefined")
    box = _around(call, asked.window)
    left, found = _count(call), []
    for layer in wanted:
        features = _features(call, layer, asked.window, box, left) if left else []
        left -= len(features)
        found.append((layer, features))
    response = _written(call, form, found)
    names = [one.name for one in wanted]
    response["Cache-Control"] = "no-cache" if call.open_data(*names) else "private, no-store"
    return response


def _count(call: Call) -> int:
    text = call.get("feature_count", "1")
    if not text.isascii() or not text.isdigit() or int(text[:9]) < 1:
        raise invalid("feature_count", text, _("a whole number is expected"))
    return min(int(text[:9]), MOST_FEATURES)


def _around(call: Call, window: Window) -> nodes.Box:
    """The square around the pixel, in the system of the map."""
    names = ("x", "y") if is_older(call) else ("i", "j")
    texts = [call.get(new, call.get(old)) or call.need(name) for new, old, name in zip("ij", "xy", names, strict=True)]
    if any(not one.isascii() or not one.isdigit() for one in texts):
        raise OwsError("InvalidPoint", _("a whole number is expected"), locator=names[0])
    i, j = (int(one[:9]) for one in texts)
    if i >= window.width or j >= window.height:
        raise OwsError("InvalidPoint", _("This pixel is outside of the map."), locator=names[0])
    wide, high = window.pixel
    x, y = window.west + (i + 0.5) * wide, window.north - (j + 0.5) * high
    return nodes.Box((x - NEAR * wide, y - NEAR * high, x + NEAR * wide, y + NEAR * high))


def _features(call: Call, layer: Subject, window: Window, box: nodes.Box, limit: int) -> list[dict[str, Any]]:
    drawn = main_geometry(list(layer.fields))
    if drawn is None:
        return []
    more = condition_asked(call)

    def condition(scope: Scope) -> Predicate | None:
        node = nodes.Operation("s_intersects", (nodes.Property(drawn.name), box))
        here, asked = read_condition(node, Reading(scope.in_clause("bbox"), window.crs)), more(scope)
        return all_of([here] if asked is None else [here, asked])

    query = FeatureQuery(condition=condition, limit=limit)
    moved = Reprojection(window.crs.code, "drawn") if window.crs.projected else None
    with queries.features(call.viewer, layer.relation, query, FeatureLine(ROW_ID, SEPARATOR), moved) as page:
        texts = b"".join(text_of(batch) for batch in page.batches)
    found: list[dict[str, Any]] = json.loads(b"[" + texts[len(SEPARATOR) :] + b"]")
    return found


def _written(call: Call, form: str, found: list[tuple[Subject, list[dict[str, Any]]]]) -> HttpResponse:
    if form == HTML:
        return render(call.request, "publish/wms/information.html", {"layers": [_table(*one) for one in found]})
    if form == TEXT:
        return HttpResponse("\n".join(_lines(*one) for one in found), content_type=f"{TEXT}; charset=utf-8")
    features = [one | {"id": f"{layer.name}.{one['id']}"} for layer, several in found for one in several]
    content = {"type": "FeatureCollection", "features": features, "numberReturned": len(features)}
    return HttpResponse(json.dumps(content, ensure_ascii=False), content_type=form)


def _table(layer: Subject, features: list[dict[str, Any]]) -> dict[str, Any]:
    """Titles of the layer and of its fields, then the values of each feature, as texts: the template escapes them."""
    labels = {field.name: field.label or field.name for field in layer.fields}
    rows = [[(labels.get(name, name), shown(value)) for name, value in one["properties"].items()] for one in features]
    return {"title": layer.seen.title, "features": rows}


def _lines(layer: Subject, features: list[dict[str, Any]]) -> str:
    told = _table(layer, features)
    blocks = ["\n".join(f"{label} = {' '.join(value.split())}" for label, value in one) for one in told["features"]]
    return "\n\n".join([told["title"], *(blocks or [_("Nothing is here.")])]) + "\n"
