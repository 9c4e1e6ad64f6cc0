"""A MapLibre style that somebody sends: bounded, drawn from this dataset alone, without an address of anywhere."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from django.utils.translation import gettext as _

from bocage.catalog.styles.errors import StyleFromElsewhere, StyleNotRead, StyleTooLarge
from bocage.catalog.styles.maplibre import Layer

VERSION = 8
TYPES = frozenset({"fill", "line", "circle", "symbol", "heatmap", "fill-extrusion"})
KEYS = frozenset(
    {"id", "type", "minzoom", "maxzoom", "filter", "layout", "paint", "metadata", "source", "source-layer"}
)
MOST_LAYERS = 100
MOST_VALUES = 20_000
DEEPEST = 20
LONGEST = 2_000
ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*:\s*//|^\s*//|^\s*(?:data|mapbox|javascript|blob|file):|url\s*\(", re.IGNORECASE
)


def read_maplibre(content: bytes) -> list[Layer]:
    """The layers, without the sources: ours take their place. Raises StyleNotRead, StyleTooLarge, StyleFromElsewhere."""
    try:
        document = json.loads(content, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise StyleNotRead(reason=_("it is not JSON.")) from None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise StyleNotRead(reason=_("it is not a style of version 8."))
    layers = document.get("layers")
    if not isinstance(layers, list) or not layers:
        raise StyleNotRead(reason=_("it has no layers."))
    if len(layers) > MOST_LAYERS:
        raise StyleTooLarge(found=len(layers), most=MOST_LAYERS)
    _look(layers)
    found = [_layer(one) for one in layers]
    if len({one["id"] for one in found}) != len(found):
        raise StyleNotRead(reason=_("two layers have the same identifier."))
    return found


def _refused(_constant: str) -> Any:
    raise ValueError


def _layer(one: Any) -> Layer:
    if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not one["id"]:
        raise StyleNotRead(reason=_("a layer has no identifier."))
    if one.get("type") not in TYPES:
        told = {"name": one["id"][:50], "types": ", ".join(sorted(TYPES))}
        raise StyleNotRead(reason=_("the type of the layer “%(name)s” is not one of %(types)s.") % told)
    unknown = sorted(set(one) - KEYS)
    if unknown:
        told = {"name": one["id"][:50], "key": unknown[0][:50]}
        raise StyleNotRead(reason=_("the layer “%(name)s” has “%(key)s”, which is not known here.") % told)
    for name in ("layout", "paint"):
        if not isinstance(one.get(name, {}), dict):
            raise StyleNotRead(reason=_("“layout” and “paint” are objects."))
    for name in ("minzoom", "maxzoom"):
        zoom = one.get(name, 0)
        if isinstance(zoom, bool) or not isinstance(zoom, int | float) or not 0 <= zoom <= 24:
            raise StyleNotRead(reason=_("a zoom is a number from 0 to 24."))
    if not isinstance(one.get("filter", []), list | bool):
        raise StyleNotRead(reason=_("a filter is a list."))
    return {name: value for name, value in one.items() if name not in ("source", "source-layer", "metadata")}


def _look(layers: list[Any]) -> None:
    """At every value, without recursion."""
    waiting: list[tuple[Any, int]] = [(layers, 0)]
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if count > MOST_VALUES or depth > DEEPEST:
            raise StyleTooLarge(found=max(count, depth), most=MOST_VALUES if count > MOST_VALUES else DEEPEST)
        match value:
            case dict():
                waiting += [(one, depth + 1) for pair in value.items() for one in pair]
            case list():
                waiting += [(one, depth + 1) for one in value]
            case str():
                _text(value)
            case float() if not math.isfinite(value):
                raise StyleNotRead(reason=_("a number is infinite."))


def _text(value: str) -> None:
    if len(value) > LONGEST:
        raise StyleTooLarge(found=len(value), most=LONGEST)
    if ADDRESS.search(value):
        raise StyleFromElsewhere(address=value[:200])


def texts_of(layers: list[Layer]) -> frozenset[str]:
    """Every text of a style, and what is between braces in each: the names of fields are among them, wherever they are written."""
    found: set[str] = set()
    waiting: list[Any] = list(layers)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [one for pair in value.items() for one in pair]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            found |= {value, *re.findall(r"\{([^{}]*)\}", value)}
    return frozenset(found)
