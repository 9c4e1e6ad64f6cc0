"""Reference systems, by their well-known numbers; easting or longitude first, always."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.publish.geoservices.errors import Invalid
from bocage.query.coordinates import CRS84, crs_of
from bocage.query.coordinates import STORED as STORED_CODE
from bocage.store import engine

if TYPE_CHECKING:
    from bocage.query.coordinates import Crs

STORED = {"wkid": 4326, "latestWkid": 4326}
Bounds = tuple[float, float, float, float]
SIDE = 20
"""Steps along each side of a box that is moved."""

OLD = {102100: 3857, 102113: 3857, 900913: 3857, 102110: 2154, 102666: 4326}


def system_of(written: Any, parameter: str) -> Crs:
    """From a number or {"wkid"}; longitude and latitude when nothing is written. Raises Invalid."""
    number = _wkid(written, parameter)
    if number in (None, 4326):
        return CRS84
    found = crs_of(f"EPSG:{OLD.get(number, number)}")
    if found is None:
        raise Invalid(parameter, _("this reference system is not offered"))
    return CRS84 if not found.projected else found


def described(crs: Crs) -> dict[str, int]:
    if not crs.projected:
        return STORED
    number = int(crs.code.rpartition(":")[2])
    return {"wkid": 102100 if number == 3857 else number, "latestWkid": number}


def bounds_in(bounds: Bounds, crs: Crs) -> Bounds | None:
    """Bounds in degrees → those of the same box in `crs`, whose sides are followed; None where it is nowhere."""
    if not crs.projected:
        return bounds
    west, south, east, north = bounds
    steps = [rank / SIDE for rank in range(SIDE + 1)]
    places = [(west + (east - west) * s, y) for s in steps for y in (south, north)]
    places += [(x, south + (north - south) * s) for s in steps for x in (west, east)]
    with engine.session() as session:
        ((found,),) = session.execute(
            "SELECT [min(ST_X(p)), min(ST_Y(p)), max(ST_X(p)), max(ST_Y(p))] FROM (SELECT TRY(ST_Transform(ST_Point(x, y), $3, $4, "
            "always_xy := true)) AS p FROM (SELECT unnest($1::DOUBLE[]) AS x, unnest($2::DOUBLE[]) AS y))",
            [[x for x, _y in places], [y for _x, y in places], STORED_CODE, crs.code],
        )
    if any(one is None or not math.isfinite(one) for one in found):
        return None
    return (found[0], found[1], found[2], found[3])


def _wkid(written: Any, parameter: str) -> int | None:
    if isinstance(written, str):
        text = written.strip()
        if not text:
            return None
        try:
            written = json.loads(text)
        except ValueError:
            raise Invalid(parameter, _("a number of reference system is expected")) from None
    if isinstance(written, dict):
        told = written.get("latestWkid") or written.get("wkid")
        if told is None and written:  # described by a text: coordinates taken for degrees would be elsewhere
            raise Invalid(parameter, _("this reference system is not offered"))
        written = told
    if written is None:
        return None
    if isinstance(written, bool) or not str(written).isascii() or not str(written).isdigit() or len(str(written)) > 8:
        raise Invalid(parameter, _("a number of reference system is expected"))
    return int(written)
