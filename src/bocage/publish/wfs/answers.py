"""GetFeature and GetPropertyValue: features as they are read, in the representation that is asked for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from bocage.kernel.clock import now
from bocage.publish.files import FORMATS
from bocage.publish.files.delivery import Export, deliver
from bocage.publish.files.formats import Options
from bocage.publish.files.reference_systems import reference_system
from bocage.publish.files.text import SEPARATOR, text_of
from bocage.publish.ogc.items import Body
from bocage.publish.ows.errors import OwsError, invalid
from bocage.publish.ows.systems import east_first, urn
from bocage.publish.wfs.formats import GML, format_named
from bocage.publish.wfs.gml import FeatureXml, ValueXml
from bocage.publish.wfs.names import NAMESPACES, PREFIX, SCHEMA, field_name, type_name
from bocage.query import features as queries
from bocage.query.cql2.names import named as field_named
from bocage.query.feature_pages import FeaturePage
from bocage.query.plan import ROW_ID, Column
from bocage.query.rendering import FeatureLine
from bocage.query.reprojection import SAME_PLACES, Reprojection
from bocage.query.rights import telling_of

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.catalog.fields import Field
    from bocage.publish.ows.call import Call
    from bocage.publish.wfs.asked import Asked
    from bocage.query.coordinates import Crs
    from bocage.query.odsql.scope import Scope
    from bocage.query.rendering import Rendering

HELD = 2_000
"""Features of an answer that is made before it is sent; larger ones leave as they are read."""
MEMBER, END = "<wfs:member>", "</wfs:member>\n"


def get_feature(call: Call, asked: Asked) -> HttpResponseBase:
    form = format_named(call.get("outputformat"))
    if asked.hits or asked.query.limit == 0:
        return _hits(call, asked)
    if form == "gml":
        rendering = FeatureXml(asked.subject.name, urn(asked.crs), MEMBER, END)
        return _answer(call, asked, rendering, _moved(asked.crs, "all"), _gml)
    if form == "geojson":
        crs = east_first(asked.crs)
        return _answer(call, asked, FeatureLine(ROW_ID, SEPARATOR), _moved(crs, "drawn"), _geojson)
    return _file(call, asked, form)


def get_property_value(call: Call, asked: Asked) -> HttpResponseBase:
    """The values of one property, in the order of the features; those that have none have no member."""
    reference = field_name(call.need("valuereference"))

    def wanted(scope: Scope) -> tuple[Field, ...]:
        found = field_named(reference, scope.in_clause("valuereference"))
        return (scope.fields[found.name],) if isinstance(found, Column) and found.name in scope.fields else ()

    scope = {field.name: field for field in asked.subject.fields}
    if reference != ROW_ID and reference not in scope:
        raise invalid("valueReference", reference, _("DescribeFeatureType lists the properties"))
    drawn = reference in scope and scope[reference].type.is_geographic
    query = dataclasses.replace(
        asked.query, properties=wanted if reference != ROW_ID else lambda _scope: (), drawn=drawn
    )
    rendering = ValueXml(asked.subject.name, urn(asked.crs), reference, MEMBER, END)
    narrowed = dataclasses.replace(asked, query=query)
    return _answer(call, narrowed, rendering, _moved(asked.crs, "all"), _values)


def one_feature(call: Call, asked: Asked) -> HttpResponse:
    """The feature itself, as the stored query of the standard gives it."""
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in NAMESPACES.items())
    rendering = FeatureXml(asked.subject.name, urn(asked.crs), declared=declared)
    with queries.features(
        call.viewer, asked.subject.relation, asked.query, rendering, _moved(asked.crs, "all")
    ) as page:
        text = b"".join(text_of(batch) for batch in page.batches)
    if not text:
        raise OwsError(
            "NotFound", _("There is nothing at this address, or you may not see it."), locator="ID", status=404
        )
    return HttpResponse(b'<?xml version="1.0" encoding="UTF-8"?>\n' + text, content_type=GML)


def _moved(crs: Crs, part: str) -> Reprojection | None:
    same = crs.code in SAME_PLACES and not crs.latitude_first
    return None if same else Reprojection(crs.code, part, crs.latitude_first)  # type: ignore[arg-type]


class _Written:
    """What stands around the features of an answer."""

    def __init__(self, call: Call, asked: Asked, page: FeaturePage) -> None:
        self.call, self.asked, self.page = call, asked, page

    def chain(self) -> str:
        """Addresses of the pages around. What was posted has none."""
        if self.call.request.method == "POST":
            return ""
        start, count = self.asked.query.offset, self.asked.query.limit or 0
        found = ""
        if start + self.page.returned < self.page.matched and self.page.returned:
            found += f" next={quoteattr(self.call.again(startindex=start + self.page.returned, count=count))}"
        if start:
            found += (
                f" previous={quoteattr(self.call.again(startindex=max(0, start - count), count=min(count, start)))}"
            )
        return found

    def opening(self, root: str) -> bytes:
        names = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in NAMESPACES.items())
        asked = f"service=WFS&version=2.0.0&request=DescribeFeatureType&typeNames={type_name(self.asked.subject.name)}"
        described = f"{self.call.address}?{asked}"
        schemas = quoteattr(f"{SCHEMA} {NAMESPACES[PREFIX]} {described}")
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<wfs:{root}{names} xsi:schemaLocation={schemas} '
            f'timeStamp="{now():%Y-%m-%dT%H:%M:%SZ}" numberMatched="{self.page.matched}" '
            f'numberReturned="{self.page.returned}"{self.chain()}>\n'
        ).encode()


Around = Callable[[_Written], tuple[bytes, bytes, int, str]]
"""What comes before and after the features, bytes before the first that are one too many, the media type."""


def _gml(written: _Written) -> tuple[bytes, bytes, int, str]:
    return written.opening("FeatureCollection"), b"</wfs:FeatureCollection>\n", 0, GML


def _values(written: _Written) -> tuple[bytes, bytes, int, str]:
    return written.opening("ValueCollection"), b"</wfs:ValueCollection>\n", 0, GML


def _geojson(written: _Written) -> tuple[bytes, bytes, int, str]:
    """Easting or longitude first; another system than WGS 84 is named as readers before RFC 7946 expect."""
    page, crs = written.page, written.asked.crs
    closing: dict[str, object] = {"numberMatched": page.matched, "numberReturned": page.returned}
    if crs.projected:
        closing["crs"] = {"type": "name", "properties": {"name": urn(crs)}}
    start = written.asked.query.offset
    if start + page.returned < page.matched and page.returned and written.call.request.method != "POST":
        following = written.call.again(startindex=start + page.returned, count=written.asked.query.limit)
        closing["links"] = [{"rel": "next", "type": "application/geo+json", "href": following}]
    end = b"\n]," + json.dumps(closing, ensure_ascii=False)[1:].encode()
    return b'{"type":"FeatureCollection","features":[\n', end, len(SEPARATOR), "application/geo+json"


def _answer(
    call: Call, asked: Asked, rendering: Rendering, moved: Reprojection | None, written: Around
) -> HttpResponseBase:
    """The first features are read before the answer begins, so that every fault of the request is an answer of its own."""
    resources = ExitStack()
    try:
        page = resources.enter_context(
            queries.features(call.viewer, asked.subject.relation, asked.query, rendering, moved)
        )
        opening, closing, skipped, media_type = written(_Written(call, asked, page))
        body = Body(_pieces(page, opening, closing, skipped), resources)
        response: HttpResponseBase = (
            StreamingHttpResponse(body) if page.returned > HELD else HttpResponse(b"".join(body))
        )
    except BaseException:
        resources.close()
        raise
    response["Content-Type"] = media_type
    return response


def _pieces(page: FeaturePage, opening: bytes, closing: bytes, skipped: int) -> Iterator[bytes]:
    """`skipped`: bytes that stand before the first feature in vain."""
    for batch in page.batches:
        if text := text_of(batch):
            yield opening + text[skipped:] if opening else text
            opening = b""
    yield opening + closing


def _hits(call: Call, asked: Asked) -> HttpResponse:
    matched = queries.hits(call.viewer, asked.subject.relation, asked.query)
    page = FeaturePage(matched, 0, (), iter(()))
    response = HttpResponse(_Written(call, asked, page).opening("FeatureCollection") + b"</wfs:FeatureCollection>\n")
    response["Content-Type"] = GML
    return response


def _file(call: Call, asked: Asked, form: str) -> HttpResponseBase:
    """Everything that is asked for, unless `count` says otherwise, through the same exports as the catalogue's."""
    kind, subject = FORMATS.get(form), asked.subject
    bounded = bool(call.get("count") or call.get("maxfeatures"))
    query = dataclasses.replace(asked.query, limit=asked.query.limit if bounded else None)
    projected = asked.crs.projected and bool(kind.reprojects)
    options = Options(
        title=subject.name, delimiter=",", with_bom=False,
        system=reference_system(int(asked.crs.code.rpartition(":")[2])) if projected else None,
    )  # fmt: skip
    move = Reprojection(asked.crs.code, kind.reprojects) if projected else None
    export = Export(
        key=call.data_key(subject.name), format=kind, options=options,
        open_stream=lambda: queries.feature_stream(call.viewer, subject.relation, query, kind.rendering(options), move),
        filename=f"{subject.name}.{'zip' if form == 'shp' else kind.name}", version=subject.relation.version.uid,
        modified_at=subject.dataset.data_updated_at, open_data=call.open_data(subject.name),
        telling=telling_of(call.viewer, subject.relation),
        lasting=call.request.method != "POST",  # a filter that is posted is not among what the key is made of
    )  # fmt: skip
    return deliver(call.request, export)
