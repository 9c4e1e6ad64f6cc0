"""What a request for a map asks: the layers, the window, the ground."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.errors import DataOnRequest
from bocage.kernel.errors import Gone, NotFound
from bocage.publish.ows.errors import OwsError, invalid
from bocage.publish.ows.styling import rules_in, style_asked
from bocage.publish.ows.systems import CODES, east_first, named
from bocage.query.coordinates import CRS84
from bocage.query.cql2 import nodes
from bocage.query.cql2.making import LARGEST
from bocage.query.cql2.reading import read_filter
from bocage.query.windows import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bocage.catalog.styles.drawings import Drawing
    from bocage.publish.ogc.call import Subject
    from bocage.publish.ows.call import Call
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

NEWEST, OLDEST = "1.3.0", "1.1.1"
MOST_LAYERS = 20
"""Of one image."""
MOST_PIXELS = 4_096
"""Of a side of an image; MaxWidth and MaxHeight of the capabilities."""
MOST_IN_ALL, MOST_PAINTED = 9_000_000, 40_000_000
"""Pixels of an image, which is held in memory twice; the same times its layers and the rules of their styles, each of which is
painted on all of it."""
MOST_RULES = 120
"""Of the styles of all the layers of an image: each is a statement."""
_COLOR = re.compile(r"(?:0x|#)?([0-9A-Fa-f]{6})")


@dataclass(frozen=True)
class MapAsked:
    """`styles`: one for each layer, None for the plain look."""

    layers: tuple[Subject, ...]
    window: Window
    ground: str = ""
    styles: tuple[Drawing | None, ...] = ()


def is_older(call: Call) -> bool:
    """Whoever asks for less than 1.3 is answered in 1.1.1."""
    return call.get("version", call.get("wmtver", NEWEST)).startswith(("1.0", "1.1", "1.2"))


def map_asked(call: Call) -> MapAsked:
    layers, window = layers_asked(call, "layers"), window_asked(call)
    styles = styles_asked(call, layers)
    painted = sum(len(rules_in(one, window)) or 1 if one else 1 for one in styles)
    if painted > MOST_RULES:
        sentence = _("at most %(most)s classes are drawn, of all the layers together") % {"most": MOST_RULES}
        raise invalid("layers", str(painted), sentence)
    if window.width * window.height * max(painted, len(layers)) > MOST_PAINTED:
        sentence = _("at most %(most)s pixels are drawn, of all the layers together") % {"most": MOST_PAINTED}
        raise invalid("layers", str(painted), sentence)
    transparent = call.get("transparent", "false").lower() == "true"
    return MapAsked(layers, window, "" if transparent else _ground(call), styles)


def styles_asked(call: Call, layers: Sequence[Subject]) -> tuple[Drawing | None, ...]:
    """One for each layer; those that are not said are the default ones. Raises OwsError."""
    names = [one.strip() for one in call.get("styles", call.get("style")).split(",")]
    names = names[: len(layers)] + [""] * (len(layers) - len(names))
    return tuple(style_asked(layer, name, "styles") for layer, name in zip(layers, names, strict=True))


def layers_asked(call: Call, parameter: str) -> tuple[Subject, ...]:
    """Raises OwsError, the same for a layer that is hidden as for one that does not exist."""
    names = [one.strip() for one in call.need(parameter).split(",") if one.strip()]
    if not 1 <= len(names) <= MOST_LAYERS:
        raise invalid(
            parameter, str(len(names)), _("at most %(most)s layers are drawn together") % {"most": MOST_LAYERS}
        )
    return tuple(layer_named(call, one, parameter) for one in names)


def layer_named(call: Call, name: str, parameter: str) -> Subject:
    try:
        return call.subject(name)
    except (DataOnRequest, Gone):
        raise
    except NotFound:
        sentence = _("There is no layer “%(name)s”, or you may not see it.") % {"name": name[:100]}
        raise OwsError("LayerNotDefined", sentence, locator=parameter, status=404) from None


def _ground(call: Call) -> str:
    written = call.get("bgcolor", "0xFFFFFF")
    found = _COLOR.fullmatch(written)
    if found is None:
        raise invalid("bgcolor", written, _("a colour like 0xFFFFFF is expected"))
    return f"#{found[1]}"


def window_asked(call: Call) -> Window:
    """In WMS 1.3.0 the axes of the box are those of the register; before, easting or longitude was always first."""
    older = is_older(call)
    parameter = "srs" if older else "crs"
    written = call.get("crs", call.get("srs"))
    if not written:
        call.need(parameter)
    if written.upper() not in ("CRS:84", *CODES):
        raise invalid(
            parameter, written, _("the capabilities list the reference systems"), code="InvalidSRS" if older else "InvalidCRS"
        )  # fmt: skip
    crs = CRS84 if written.upper() == "CRS:84" else named(written, parameter, register=not older)
    width, height = (_side(call, name) for name in ("width", "height"))
    if width * height > MOST_IN_ALL:
        raise invalid("width", str(width), _("at most %(most)s pixels are drawn") % {"most": MOST_IN_ALL})
    window = Window.of(_box(call), crs, width, height)
    if not (window.west < window.east and window.south < window.north):
        raise invalid("bbox", call.get("bbox"), _("the first corner is below and left of the second"))
    return Window(east_first(crs), window.west, window.south, window.east, window.north, width, height)


def _side(call: Call, name: str) -> int:
    text = call.need(name)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_PIXELS:
        raise invalid(name, text, _("a whole number from 1 to %(most)s is expected") % {"most": MOST_PIXELS})
    return int(text)


def _box(call: Call) -> nodes.Box:
    given = call.need("bbox")
    try:
        numbers = tuple(float(one) for one in given.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != 4 or not all(abs(one) <= LARGEST for one in numbers):
        raise invalid("bbox", given, _("four numbers are expected"))
    return nodes.Box(numbers)


def condition_asked(call: Call) -> Callable[[Scope], Predicate | None]:
    """A filter in CQL2, by the name under which map viewers have long sent theirs."""
    text = call.get("cql_filter")
    return lambda scope: read_filter(text, scope) if text else None
