"""What is sent to /items: GeoJSON, JSON-FG, JSON Merge Patch (RFC 7396) → edits.

Read strictly, as pushed records are (`payload`): numbers stay as they were written, what two readers could understand differently
is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import RawPostDataException
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from bocage.pipeline.edits.changes import Drawing
from bocage.pipeline.pushes.payload import LIMIT_BYTES, records_of
from bocage.publish.ogc.errors import InvalidParameterValue, OgcError
from bocage.query.coordinates import CRS84, Crs, crs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

FG = ("application/vnd.ogc.fg+json", "application/fg+json")
WHOLE = ("application/geo+json", "application/json", *FG)
PATCH = ("application/merge-patch+json", *WHOLE)

Document = dict[str, Any]


def document_of(request: HttpRequest, accepted: Sequence[str]) -> Document:
    """The one JSON object that was sent. Raises OgcError, and what `payload.records_of` raises."""
    if not request.content_type:
        raise OgcError(400, "InvalidBody", _("The type of what is sent must be told, in the header Content-Type."))
    if (request.content_type or "").lower() not in accepted:
        raise OgcError(
            415, "UnsupportedMediaType", _("What is sent here is %(types)s.") % {"types": ", ".join(accepted)}
        )
    found = records_of(
        body_of(request, LIMIT_BYTES, _("A document has at most %(most)s MB.") % {"most": LIMIT_BYTES >> 20})
    )
    if len(found) != 1:
        raise OgcError(400, "InvalidBody", _("One JSON object is expected."))
    return found[0]


def body_of(request: HttpRequest, most: int, refusal: str) -> bytes:
    """What was sent, of `most` bytes at most. Raises OgcError; `refusal`: why a longer one is refused."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise OgcError(415, "UnsupportedMediaType", _("Send the document as it is, not compressed."))
    if "Content-Length" not in request.headers:
        raise OgcError(411, "LengthRequired", _("Say how long the document is."))
    length = request.headers["Content-Length"].strip()
    if not (length.isascii() and length.isdigit()) or int(length[:20]) > most:
        raise OgcError(413, "ContentTooLarge", refusal)
    try:
        return request.body
    except (UnreadablePostError, RawPostDataException):
        raise OgcError(400, "InvalidBody", _("The connection was closed before the end.")) from None


def features_of(document: Document) -> list[Document]:
    """A feature, or those of a collection. Raises OgcError."""
    found = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(found, list) or not all(_is_feature(one) for one in found):
        raise OgcError(400, "InvalidBody", _("A GeoJSON feature is expected, or a collection of features."))
    return found


def feature_of(document: Document, identifier: str) -> Document:
    """The feature `identifier`, whole. Raises OgcError."""
    if not _is_feature(document):
        raise OgcError(400, "InvalidBody", _("A GeoJSON feature is expected."))
    require_same(document, identifier)
    return document


def require_same(document: Document, identifier: str) -> None:
    """Raise OgcError when the document says that it is another feature."""
    if document.get("id") not in (None, "", identifier):
        raise OgcError(400, "InvalidBody", _("The feature sent is not that of the address."))


def _is_feature(document: Any) -> bool:
    properties = document.get("properties", {}) if isinstance(document, dict) else None
    return isinstance(document, dict) and document.get("type") == "Feature" and isinstance(properties, dict | None)


def properties_of(document: Document) -> Document:
    """Raises OgcError. A merge patch may not take all of them away at once: it is hardly ever meant."""
    found = document.get("properties", {})
    if found is None and document.get("type") == "Feature":
        return {}
    if not isinstance(found, dict):
        raise OgcError(400, "InvalidBody", _("The properties of a feature are a JSON object."))
    return found


def drawing_of(document: Document, request: HttpRequest, around: Document | None = None) -> Drawing | None:
    """None when nothing is said of where the feature is. `around`: the collection that holds it. Raises OgcError."""
    if document.get("place") is not None:
        return Drawing(document["place"], _place_crs(document, around or {}, request))
    if "geometry" in document:
        fg = "place" in document or (request.content_type or "").lower() in FG
        return Drawing(document["geometry"], CRS84 if fg else content_crs(request))
    return Drawing(None) if "place" in document else None


def content_crs(request: HttpRequest) -> Crs:
    """Of the coordinates sent: the header Content-Crs, longitude and latitude without it. Raises OgcError."""
    given = request.headers.get("Content-Crs", "")
    found = crs_of(given) if given else CRS84
    if found is None:
        raise _not_a_system("Content-Crs", given)
    return found


def _place_crs(document: Document, around: Document, request: HttpRequest) -> Crs:
    """Of a place of JSON-FG: what the document says, else the header."""
    place = document["place"]
    said = next(
        (one["coordRefSys"] for one in (place, document, around) if isinstance(one, dict) and "coordRefSys" in one),
        None,
    )
    if said is None:
        return content_crs(request)
    text = said.get("href", "") if isinstance(said, dict) else said
    found = crs_of(text) if isinstance(text, str) else None
    if found is None:
        raise _not_a_system("coordRefSys", str(text))
    return found


def _not_a_system(name: str, given: str) -> OgcError:
    return InvalidParameterValue(name, given, _("the collection lists its reference systems under “crs”"))
