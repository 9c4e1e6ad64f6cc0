"""Documents as JSON, or as a simple page with the same content."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bocage.publish.ogc.negotiation import HTML

if TYPE_CHECKING:
    from bocage.publish.ogc.call import Call
    from bocage.publish.ogc.negotiation import Format

Link = dict[str, str]
REL = "http://www.opengis.net/def/rel/ogc/1.0/"


@dataclass(frozen=True)
class Cell:
    text: str
    href: str = ""


@dataclass(frozen=True)
class Table:
    """`rows`: cells in the order of `columns`; an empty text is a missing value."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Page:
    """`trail`: pages above, the nearest last. `facts`: term and value. `links`: text and address."""

    title: str
    lead: str = ""
    trail: Sequence[tuple[str, str]] = ()
    facts: Sequence[tuple[str, Cell]] = ()
    table: Table | None = None
    links: Sequence[tuple[str, str]] = ()
    next: str = ""


def link(rel: str, href: str, kind: str, title: str = "") -> Link:
    return {"rel": rel, "href": href, "type": kind} | ({"title": title} if title else {})


def itself(call: Call, formats: Sequence[Format]) -> list[Link]:
    """This document, in this representation and in the others."""
    return [
        link("self" if one == call.format else "alternate", call.again(f=one.name), one.media_type, one.title)
        for one in formats
    ]


def document(call: Call, content: Mapping[str, Any], page: Page) -> HttpResponse:
    if call.format == HTML:
        return render(
            call.request, "publish/ogc/page.html", {"page": page, "call": call, "as_json": call.again(f="json")}
        )
    body = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)
    return HttpResponse(body, content_type=call.format.media_type)


def above(call: Call, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The trail of a page: this interface, then what is below it."""
    return [(_("OGC API"), call.address()), *steps]


def shown(value: Any) -> str:
    """A value of a feature as text; empty when it is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
