"""Reference systems as the older services name them, and the order of their axes, which depends on how they are named."""

from __future__ import annotations

import dataclasses
import re

from django.utils.translation import gettext as _

from bocage.publish.ows.errors import invalid
from bocage.query.coordinates import CRS84, SYSTEMS, WGS84, Crs, crs_of

_LEGACY = re.compile(r"(?:https?://www\.opengis\.net/gml/srs/epsg\.xml#|EPSG:)(?P<code>\d{1,6})", re.IGNORECASE)
"""The writings before URNs: easting or longitude first, whatever the register says (as every server and client took them)."""
URNS = [f"urn:ogc:def:crs:{one.code.replace(':', '::', 1)}" for one in (WGS84, *(s for s in SYSTEMS if s.projected))]
"""What the services of features list; the first is their default."""
CODES = [one.code for one in (*(s for s in SYSTEMS if s.projected), WGS84)]
"""What the services of maps list."""


def named(written: str, parameter: str, *, register: bool = False) -> Crs:
    """By its URN, its address or its code; `register`: a bare code too has the axes of the register (WMS 1.3.0).

    Raises OwsError."""
    text = written.strip()
    legacy = _LEGACY.fullmatch(text)
    found = crs_of(f"EPSG:{legacy['code']}" if legacy else {"CRS:84": CRS84.code}.get(text.upper(), text))
    if found is None:
        raise invalid(
            parameter, written, _("the capabilities list the reference systems"),
            code="InvalidParameterValue" if parameter.lower() == "srsname" else "InvalidCRS",
        )  # fmt: skip
    return east_first(found) if legacy and not register else found


def east_first(crs: Crs) -> Crs:
    return dataclasses.replace(crs, latitude_first=False)


def urn(crs: Crs) -> str:
    return (
        f"urn:ogc:def:crs:{crs.code.replace(':', '::', 1)}"
        if crs.code != CRS84.code
        else "urn:ogc:def:crs:OGC:1.3:CRS84"
    )
