"""The styles of a collection, one of them, and what is said of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.catalog.styles.drawings import SOURCE, Drawing
from bocage.catalog.styles.legends import legend_of
from bocage.catalog.styles.services import USUAL
from bocage.catalog.styles.sld_writing import sld_of
from bocage.kernel.errors import NotFound
from bocage.kernel.public_address import public_address
from bocage.publish.ogc.documents import Cell, Link, Page, Table, above, document, itself, link
from bocage.publish.ogc.errors import OgcError
from bocage.publish.ogc.negotiation import DOCUMENTS, HTML, JSON
from bocage.publish.ogc.validators import told_key
from bocage.publish.styles.formats import MAPLIBRE, SLD, STYLESHEETS
from bocage.publish.tiles.asked import require_drawn
from bocage.publish.validators import validated
from bocage.query.styles import style_named, styles_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call
    from bocage.publish.ogc.negotiation import Format


def styles(call: Call) -> HttpResponseBase:
    found = drawings(call)
    content = {
        "default": default_of(found),
        "styles": [{"id": one.identifier, "title": one.title, "links": _links(call, one)} for one in found],
        "links": itself(call, DOCUMENTS),
    }
    rows = [(Cell(one.title, _address(call, one, f="html")), Cell(one.identifier)) for one in found]
    page = Page(
        f"{_('Styles')} · {call.seen.title}",
        _("How the collection is drawn on a map. The first one is used where nothing else is asked."),
        _above(call),
        table=Table(_("Styles"), (_("Title"), _("Identifier")), rows),
    )
    return _validated(call, found, lambda: document(call, content, page))


def style(call: Call, style: str) -> HttpResponseBase:
    found = one_of(call, style)
    return _validated(call, [found], lambda: _sheet(call, found))


def metadata(call: Call, style: str) -> HttpResponseBase:
    found = one_of(call, style)
    content = described(call, found)
    facts = [(_("Identifier"), Cell(found.identifier)), (_("Publisher"), Cell(call.seen.organization.name))]
    if found.updated_at:
        facts.append((_("Last change"), Cell(found.updated_at.isoformat(timespec="seconds"))))
    page = Page(found.title, trail=_above(call), facts=facts)
    return _validated(call, [found], lambda: document(call, content, page))


def drawings(call: Call) -> list[Drawing]:
    """Those that the caller may know of. Raises NotFound where there is nothing to draw."""
    require_drawn(call)
    return styles_for(call.viewer, call.relation, call.seen)


def one_of(call: Call, identifier: str) -> Drawing:
    """`default` is always one: that of the keepers, or the usual one. Raises NotFound, for hidden as for absent."""
    require_drawn(call)
    chosen = style_named(call.viewer, call.relation, call.seen, identifier)
    if chosen is None:
        raise NotFound(kind="style", name=identifier[:100])
    return chosen


def default_of(found: Sequence[Drawing]) -> str:
    return next((one.identifier for one in found if one.is_default), USUAL)


def described(call: Call, one: Drawing) -> dict[str, Any]:
    names = sorted(field.name for field in call.subject.fields if field.name in one.words)
    told: dict[str, Any] = {
        "id": one.identifier,
        "title": one.title,
        "scope": "style",
        "pointOfContact": call.seen.organization.name,
        "stylesheets": [
            {"title": form.title, "native": _native(one, form), "link": sheet}
            for form, sheet in zip(offered(one), _links(call, one), strict=False)
        ],
        "layers": [
            {
                "id": call.collection,
                "type": "geometry",
                "attributes": [{"id": name} for name in names],
                "sampleData": link("items", call.address("collections", call.collection, "items"), JSON.media_type),
            }
        ],
        "links": itself(call, DOCUMENTS),
    }
    return told | ({"updated": one.updated_at.isoformat()} if one.updated_at else {})


def offered(one: Drawing) -> tuple[Format, ...]:
    """Layers written by hand may say more than rules can: of some, nothing is left."""
    return STYLESHEETS if one.translation.rules else (MAPLIBRE,)


def maplibre(call: Call, one: Drawing) -> dict[str, Any]:
    """The whole document: its only source is the TileJSON of the collection."""
    types = {field.name: field.type for field in call.subject.fields}
    source = public_address(call.request, f"/tiles/{quote(call.collection, safe='@')}.json")
    return {
        "version": 8,
        "name": f"{call.seen.title} · {one.title}",
        "metadata": {"attribution": call.seen.organization.name},
        "sources": {SOURCE: {"type": "vector", "url": source}},
        "layers": one.layers(types, call.collection),
    }


def _sheet(call: Call, one: Drawing) -> HttpResponse:
    if call.format == HTML:
        return _page(call, one)
    if call.format not in offered(one):
        raise OgcError(406, "NotAcceptable", _("This style was written for MapLibre, and is told in no other format."))
    if call.format == SLD:
        told = one.translation
        left = _("Left out of the style, which was written for MapLibre: %(names)s.") % {
            "names": ", ".join(told.ignored)
        }
        sheet = sld_of(told.rules, call.collection, one.title, left if told.ignored else "")
        return HttpResponse(sheet, content_type=SLD.media_type)
    body = json.dumps(maplibre(call, one), ensure_ascii=False)
    return HttpResponse(body, content_type=MAPLIBRE.media_type)


def _page(call: Call, one: Drawing) -> HttpResponse:
    links = [(form.title, _address(call, one, f=form.name)) for form in offered(one)]
    entries = legend_of(one.translation.rules, call.seen.title)
    rules = Table(_("Legend"), (_("Rule"),), [(Cell(entry.title),) for entry in entries])
    steps = (_("Styles"), call.address("collections", call.collection, "styles", f="html"))
    page = Page(one.title, call.seen.title, _above(call, steps), table=rules if rules.rows else None, links=links)
    return document(call, {}, page)


def _validated(call: Call, found: Sequence[Drawing], make: Any) -> HttpResponseBase:
    """What is told changes with the styles, with what is said of the dataset, and with what the reader sees of it."""
    stamps = [
        (one.identifier, one.title, one.is_default, one.updated_at and one.updated_at.isoformat()) for one in found
    ]
    return validated(call, told_key(call, stamps, call.seen.geometry_types), make, open_data=call.open_data)


def _native(one: Drawing, form: Format) -> bool:
    return form == MAPLIBRE if one.rules is None else form == SLD and one.choices is None and one.identifier != USUAL


def _links(call: Call, one: Drawing) -> list[Link]:
    return [
        *(link("stylesheet", _address(call, one, f=form.name), form.media_type, form.title) for form in offered(one)),
        link("describedby", f"{_address(call, one)}/metadata", JSON.media_type, _("Metadata of the style")),
    ]


def _address(call: Call, one: Drawing, **query: Any) -> str:
    return call.address("collections", call.collection, "styles", one.identifier, **query)


def _above(call: Call, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    return above(
        call,
        (_("Collections"), call.address("collections", f="html")),
        (call.seen.title, call.address("collections", call.collection, f="html")),
        *steps,
    )
