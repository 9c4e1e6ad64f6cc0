"""The features of a collection, and one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from bocage.pipeline.edits.policies import policy_of
from bocage.publish.files.text import SEPARATOR, text_of
from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.asked import query_of, system
from bocage.publish.ogc.documents import Cell, Page, Table, above, document, itself, link, shown
from bocage.publish.ogc.files import FILES, file_answer
from bocage.publish.ogc.landing import SPEC
from bocage.publish.ogc.negotiation import HTML, ITEM, ITEMS, JSON, JSONFG
from bocage.publish.ogc.schemas import moment_of
from bocage.publish.ogc.validators import state, told_key
from bocage.publish.validators import validated
from bocage.query import features as queries
from bocage.query.errors import RecordNotFound
from bocage.query.plan import ROW_ID
from bocage.query.rendering import FeatureLine
from bocage.query.reprojection import Reprojection

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call
    from bocage.query.coordinates import Crs
    from bocage.query.feature_pages import FeaturePage
    from bocage.query.features import FeatureQuery

HELD = 2_000
"""Features of an answer that is made before it is sent; larger ones leave as they are read."""


def items(call: Call) -> HttpResponseBase:
    query, crs = query_of(call), system(call, p.CRS)
    if call.format in FILES and p.choice(call.given, p.RESULT_TYPE) == "results":
        return file_answer(call, query, crs)

    def make() -> HttpResponseBase:
        if p.choice(call.given, p.RESULT_TYPE) == "hits":
            response: HttpResponseBase = _hits(call, query)
        elif call.format == HTML:
            response = _page(call, query, crs)
        else:
            response = _collection(call, query, crs)
        response["Content-Crs"] = f"<{crs.uri}>"
        return response

    key = told_key(call) if call.format == HTML else call.data_key()
    return validated(call, key, make, open_data=call.open_data)


def rendering(call: Call, crs: Crs, before: str = SEPARATOR) -> FeatureLine:
    if call.format != JSONFG:
        return FeatureLine(ROW_ID, before)
    moment = moment_of(call.subject.fields)
    return FeatureLine(ROW_ID, before, call.collection, placed=crs.projected or crs.latitude_first,
                       moment=moment.name if moment else "")  # fmt: skip


def moved(crs: Crs) -> Reprojection | None:
    return Reprojection(crs.code, "drawn", crs.latitude_first) if crs.projected or crs.latitude_first else None


def _hits(call: Call, query: FeatureQuery) -> HttpResponse:
    matched = queries.hits(call.viewer, call.relation, query)
    content = {"type": "FeatureCollection", "features": [], "numberMatched": matched, "numberReturned": 0}
    media_type = JSON.media_type if call.format in FILES or call.format == HTML else call.format.media_type
    body = json.dumps(content | {"links": itself(call, ITEMS)}, ensure_ascii=False)
    response = HttpResponse(body, content_type=media_type)
    response["OGC-NumberMatched"] = str(matched)
    return response


def _collection(call: Call, query: FeatureQuery, crs: Crs) -> HttpResponseBase:
    """The first features are read before the answer begins, so that every fault of the request is an answer of its own."""
    resources = ExitStack()
    try:
        page = resources.enter_context(
            queries.features(call.viewer, call.relation, query, rendering(call, crs), moved(crs))
        )
        body = Body(_pieces(call, page, crs), resources)
        response: HttpResponseBase = (
            StreamingHttpResponse(body) if page.returned > HELD else HttpResponse(b"".join(body))
        )
    except BaseException:
        resources.close()
        raise
    response["Content-Type"] = call.format.media_type
    response["OGC-NumberMatched"], response["OGC-NumberReturned"] = str(page.matched), str(page.returned)
    return response


class Body:
    """Pieces of an answer, and what has to be closed when it ends, complete or not."""

    def __init__(self, pieces: Iterator[bytes], resources: ExitStack) -> None:
        self._resources = resources
        self._pieces = pieces
        self._held = [next(pieces)]

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._held.pop() if self._held else next(self._pieces, None)
        if piece is None:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        self._resources.close()


def _pieces(call: Call, page: FeaturePage, crs: Crs) -> Iterator[bytes]:
    """Links come last: by then the answer is known to be whole."""
    opening = b'{"type":"FeatureCollection","features":[\n'
    for batch in page.batches:
        if text := text_of(batch):
            yield opening + text[len(SEPARATOR) :] if opening else text
            opening = b""
    closing: dict[str, Any] = {
        "numberMatched": page.matched,
        "numberReturned": page.returned,
        "links": _links(call, page),
    }
    if call.format == JSONFG:
        closing |= {
            "featureType": call.collection,
            "coordRefSys": crs.uri,
            "conformsTo": [f"{SPEC}json-fg-1/1.0/conf/core"],
        }
    yield opening + b"\n]," + json.dumps(closing, ensure_ascii=False)[1:].encode()


def _links(call: Call, page: FeaturePage) -> list[dict[str, str]]:
    links = itself(call, ITEMS)
    if page.next:
        links.append(link("next", call.again(cursor=page.next, offset=None), call.format.media_type))
    return [*links, link("collection", call.address("collections", call.collection), JSON.media_type)]


def _page(call: Call, query: FeatureQuery, crs: Crs) -> HttpResponse:
    with queries.features(call.viewer, call.relation, query, FeatureLine(ROW_ID, SEPARATOR), moved(crs)) as page:
        texts = b"".join(text_of(batch) for batch in page.batches)
        found = json.loads(b"[" + texts[len(SEPARATOR) :] + b"]")
    fields = [field for field in page.columns if field.name != ROW_ID and not field.type.is_geographic]
    here = ("collections", call.collection)
    rows = [
        [
            Cell(one["id"][:12], call.address(*here, "items", one["id"], f="html")),
            *(Cell(shown(one["properties"].get(field.name))) for field in fields),
        ]
        for one in found
    ]
    title = call.seen.title
    told = Page(
        f"{_('Features of the collection')} · {title}",
        _("%(matched)s features, %(returned)s on this page.") % {"matched": page.matched, "returned": page.returned},
        above(call, (_("Collections"), call.address("collections", f="html")), (title, call.address(*here, f="html"))),
        table=Table(
            _("Features of the collection"), [_("Identifier"), *(field.label or field.name for field in fields)], rows
        ),
        links=[(one.title, call.again(f=one.name, limit=None, cursor=None)) for one in ITEMS if one != HTML],
        next=call.again(cursor=page.next, offset=None) if page.next else "",
    )
    return document(call, {}, told)


def item(call: Call, identifier: str) -> HttpResponseBase:
    crs = system(call, p.CRS)

    def make() -> HttpResponseBase:
        feature = _feature(call, identifier, crs)
        response = document(call, feature, _item_page(call, feature))
        response["Content-Crs"] = f"<{crs.uri}>"
        return response

    return validated(call, _key_of_feature(call, identifier), make, open_data=call.open_data)


def _key_of_feature(call: Call, identifier: str) -> str:
    """Of a layer that people edit, the state of the feature comes first: what they change it from (If-Match)."""
    if policy_of(call.dataset) is None:
        return call.data_key()
    return f"{state(call.viewer, call.relation.version, identifier)}-{call.key('item', call.open_data)[:16]}"


def _feature(call: Call, identifier: str, crs: Crs) -> dict[str, Any]:
    query = queries.only(identifier)
    with queries.features(call.viewer, call.relation, query, rendering(call, crs, ""), moved(crs)) as page:
        text = b"".join(text_of(batch) for batch in page.batches)
    if not text:
        raise RecordNotFound(kind=_("The feature"), name=identifier[:100], record_id=identifier[:100])
    feature: dict[str, Any] = json.loads(text)
    if call.format == JSONFG:
        feature |= {"coordRefSys": crs.uri, "conformsTo": [f"{SPEC}json-fg-1/1.0/conf/core"]}
    collection = link("collection", call.address("collections", call.collection), JSON.media_type)
    return feature | {"links": [*itself(call, ITEM), collection]}


def _item_page(call: Call, feature: dict[str, Any]) -> Page:
    labels = {field.name: field.label or field.name for field in call.subject.fields}
    here = ("collections", call.collection)
    return Page(
        f"{call.seen.title} · {feature['id'][:12]}",
        trail=above(
            call,
            (_("Collections"), call.address("collections", f="html")),
            (call.seen.title, call.address(*here, f="html")),
            (_("Features of the collection"), call.address(*here, "items", f="html")),
        ),
        facts=[(labels.get(name, name), Cell(shown(value))) for name, value in feature["properties"].items()],
        links=[(one.title, call.again(f=one.name)) for one in ITEM if one != HTML],
    )
