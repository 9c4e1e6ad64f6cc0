"""Which representation is wanted: the parameter `f`, else the Accept header, else JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.publish.ogc.errors import InvalidParameterValue, OgcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest


@dataclass(frozen=True)
class Format:
    """`name`: of the parameter f. `accepted`: other media types by which clients ask for it."""

    name: str
    media_type: str
    title: str
    accepted: tuple[str, ...] = ()


JSON = Format("json", "application/json", "JSON")
HTML = Format("html", "text/html", "HTML", ("application/xhtml+xml",))
SCHEMA = Format("json", "application/schema+json", "JSON Schema", ("application/json",))
OPENAPI = Format("json", "application/vnd.oai.openapi+json;version=3.0", "OpenAPI 3.0", ("application/json",))
GEOJSON = Format("json", "application/geo+json", "GeoJSON", ("application/json", "application/vnd.geo+json"))
JSONFG = Format("jsonfg", "application/vnd.ogc.fg+json", "JSON-FG", ("application/fg+json",))
CSV = Format("csv", "text/csv", "CSV")
FLATGEOBUF = Format("fgb", "application/vnd.flatgeobuf", "FlatGeobuf", ("application/flatgeobuf",))
PARQUET = Format("parquet", "application/vnd.apache.parquet", "GeoParquet", ("application/parquet",))

DOCUMENTS = (JSON, HTML)
SCHEMAS = (SCHEMA, HTML)
ITEM = (GEOJSON, JSONFG, HTML)
ITEMS = (*ITEM, CSV, FLATGEOBUF, PARQUET)
MOST_PREFERENCES = 50


def wanted(request: HttpRequest, given: str, offered: Sequence[Format]) -> Format:
    """Raises OgcError: 400 for a name that is not offered, 406 when nothing that is offered is accepted."""
    if given:
        found = next((one for one in offered if given in (one.name, one.media_type)), None)
        if found is None:
            raise InvalidParameterValue(
                "f", given, _("one of %(names)s") % {"names": ", ".join(one.name for one in offered)}
            )
        return found
    for preferred in _preferences(request.headers.get("Accept", "")):
        for one in offered:
            if _fits(preferred, one):
                return one
    if request.headers.get("Accept", "").strip():
        raise OgcError(406, "NotAcceptable", _("None of the media types accepted is offered here."))
    return offered[0]


def _preferences(header: str) -> list[str]:
    """Media types without parameters, the best first."""
    ranked = []
    for rank, part in enumerate(header.split(",")[:MOST_PREFERENCES]):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            quality = 0.0
        if name and quality > 0:
            ranked.append((-quality, rank, name))
    return [name for _quality, _rank, name in sorted(ranked)]


def _fits(preferred: str, offered: Format) -> bool:
    names = (offered.media_type.partition(";")[0], *offered.accepted)
    if preferred == "*/*":
        return True
    if preferred.endswith("/*"):
        return any(one.startswith(preferred[:-1]) for one in names)
    return preferred in names
