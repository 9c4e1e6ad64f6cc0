"""What the script of a map is told: addresses and words. All of it is data of the page, in one attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.portal.basemap import roads_layer

if TYPE_CHECKING:
    from bocage.portal.map_styles import MapStyle
    from bocage.portal.table_query import TableQuery
    from bocage.portal.views.sections import Subject

PLACE_OF_TILE = "{z}/{x}/{y}"
PROPERTIES = "properties="
"""Tiles of the page carry the values by which they are drawn, and no other: those of a place are asked when it is looked at."""


def map_settings(subject: Subject, query: TableQuery, style: MapStyle) -> dict[str, Any]:
    """Of the map of a dataset that has data."""
    slug = subject.dataset.slug
    return {
        "layer": slug,
        "tiles": tiles_address(subject, query, style),
        "drawing": style.layers,
        "places": reverse("portal:dataset_places", args=[slug]),
        "code": reverse("portal:dataset_map_code", args=[slug]),
        "sheet": reverse("portal:dataset_map_sheet", args=[slug]),
        "filters": style.kept(query.filters).removeprefix("?"),
        "bbox": subject.dataset.bbox,
        "style": settings.BOCAGE.basemap_style_url,
        "communes": reverse("portal:basemap_communes"),
        "roads": roads_layer(),
        "words": words(),
    }


def tiles_address(subject: Subject, query: TableQuery, style: MapStyle) -> str:
    """Template of the addresses of tiles. What nobody filters is the same for all maps of this dataset, here and elsewhere."""
    slug = subject.dataset.slug
    if not query.filters:
        return f"/tiles/{slug}/{PLACE_OF_TILE}.mvt?{PROPERTIES}{quote(','.join(style.fields), safe=',')}"
    return reverse("portal:dataset_map", args=[slug]) + f"tiles/{PLACE_OF_TILE}.mvt{_drawn_by(style, query.filters)}"


def _drawn_by(style: MapStyle, filters: str) -> str:
    return filters if style.usual else f"{filters}&{urlencode({'style': style.chosen.identifier})}"


def words() -> dict[str, str]:
    """What the map says; {n}, {scale}… are filled by the script."""
    return {
        "map": _("Map. Arrows move it, plus and minus change the zoom. The list of places follows it."),
        "loading": _("Loading the map…"),
        "failed": _("The map cannot be drawn by this browser. The list and the table have the same data."),
        "tilesFailed": _("Part of the map could not be read. Move it, or try again in a moment."),
        "listFailed": _("The list could not be read. Move the map, or try again in a moment."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "close": _("Close"),
        "group": _("{n} places here. Zooming in."),
        "several": _("Place {k} of {n} at this point"),
        "previous": _("Previous place"),
        "next": _("Next place"),
        "reading": _("Reading the place…"),
        "placeFailed": _("This place could not be read. Try again in a moment."),
        "attribution": _("Base map"),
        "plain": _("Base map made of the data of this site"),
        "locating": _("Looking for your position…"),
        "located": _("You are here, give or take {n} m."),
        "locateRefused": _(
            "Your browser does not give your position. Allow it in the settings of this site, then try again."
        ),
        "locateFailed": _("Your position was not found. Try again outside, or look for the place by its name."),
        "locateAbsent": _("This browser gives no position, or the site is not reached by https."),
        "measureHelp": _(
            "Click on the map to put points; double-click to end. With the keyboard: arrows move the map, Enter puts a point "
            "in the middle, Backspace takes the last one away, Escape ends."
        ),
        "measured": _("Length: {length}. Area: {area}."),
        "measuredLength": _("Length: {length}."),
        "measureEmpty": _("No point yet."),
        "measureEnded": _("Measuring is over."),
        "metres": _("{n} m"),
        "kilometres": _("{n} km"),
        "squareMetres": _("{n} m²"),
        "hectares": _("{n} ha"),
        "squareKilometres": _("{n} km²"),
        "copied": _("Address copied."),
        "copyFailed": _("The address could not be copied: select it and copy it yourself."),
    }
