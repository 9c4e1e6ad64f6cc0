"""A style as a keeper chose it in a form: one colour, a colour for each value, colours or sizes for classes of a number, labels.

Kept as it was chosen, in JSON, so that the form can be opened again; `choosing.rules_of` makes rules of it.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from django.utils.translation import gettext as _

from bocage.catalog.styles.errors import StyleNotRead, StyleTooLarge
from bocage.catalog.styles.palettes import MOST_CLASSES, OTHERS, UNKNOWN
from bocage.catalog.styles.sld_reading import COLOR
from bocage.catalog.styles.usual import ACCENT

Kind = Literal["one", "category", "class", "size"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_CATEGORIES = 24
LONGEST_TEXT = 200
LONGEST_VALUE = 1_000
SMALLEST, LARGEST = 2.0, 60.0
"""Pixels across a mark."""


@dataclass(frozen=True)
class Category:
    value: str
    title: str
    color: str


@dataclass(frozen=True)
class Band:
    """A class of a number: from `low` (None: without bound) up to `high`, which is not in it."""

    low: float | None
    high: float | None
    title: str
    color: str
    size: float = 10.0


@dataclass(frozen=True)
class Rest:
    """What is in no class: its words in the legend, its colour; not drawn when `drawn` is false."""

    title: str
    color: str
    drawn: bool = True


@dataclass(frozen=True)
class Choices:
    """`width`: how much wider or thinner than usual symbols are. `others`: values that have no class of their own; `missing`: no
    value. `label`: the field that is written beside each record, or nothing. `shapes`: marks have forms as well as colours."""

    kind: Kind = "one"
    field: str = ""
    color: str = ACCENT
    width: float = 1.0
    shapes: bool = False
    categories: tuple[Category, ...] = ()
    bands: tuple[Band, ...] = ()
    others: Rest = Rest("", OTHERS)
    missing: Rest = Rest("", UNKNOWN)
    label: str = ""

    def written(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False).encode()

    def named(self) -> frozenset[str]:
        """The fields that it tells something of."""
        return frozenset(one for one in (self.field, self.label) if one)


def read_choices(content: bytes) -> Choices:
    """Raises StyleNotRead, StyleTooLarge."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise StyleNotRead(reason=_("it is not JSON.")) from None
    if not isinstance(said, dict) or said.get("kind") not in KINDS:
        raise StyleNotRead(reason=_("it does not say what the drawing is made by."))
    kind: Kind = said["kind"]
    choices = Choices(
        kind,
        _text(said, "field"),
        _color(said, "color", ACCENT),
        _number(said, "width", 0.25, 4, 1.0),
        said.get("shapes") is True,
        tuple(_category(one) for one in _list(said, "categories", MOST_CATEGORIES)),
        tuple(_band(one) for one in _list(said, "bands", MOST_CLASSES)),
        _rest(said, "others", OTHERS),
        _rest(said, "missing", UNKNOWN),
        _text(said, "label"),
    )
    return _sound(choices)


def _sound(choices: Choices) -> Choices:
    if choices.kind == "one":
        return choices
    if not choices.field:
        raise StyleNotRead(reason=_("it does not say by which field."))
    if not (choices.categories if choices.kind == "category" else choices.bands):
        raise StyleNotRead(reason=_("it has no classes."))
    for before, after in zip(choices.bands, choices.bands[1:], strict=False):
        if before.high is None or before.high != after.low:
            raise StyleNotRead(reason=_("a class begins where the one before ends."))
    for band in choices.bands:
        if band.low is not None and band.high is not None and band.low >= band.high:
            raise StyleNotRead(reason=_("the bounds of classes go up."))
    return choices


def _category(said: dict[str, Any]) -> Category:
    value = _text(said, "value", LONGEST_VALUE)
    return Category(value, _text(said, "title") or value[:LONGEST_TEXT], _color(said, "color", OTHERS))


def _band(said: dict[str, Any]) -> Band:
    low, high = (None if said.get(one) is None else _number(said, one, -1e300, 1e300, 0) for one in ("low", "high"))
    return Band(
        low, high, _text(said, "title"), _color(said, "color", ACCENT), _number(said, "size", SMALLEST, LARGEST, 10)
    )


def _rest(said: dict[str, Any], name: str, color: str) -> Rest:
    one = said.get(name) or {}
    if not isinstance(one, dict):
        raise StyleNotRead(reason=_("a class is an object."))
    return Rest(_text(one, "title"), _color(one, "color", color), one.get("drawn", True) is True)


def _list(said: dict[str, Any], name: str, most: int) -> list[dict[str, Any]]:
    found = said.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise StyleNotRead(reason=_("classes are a list."))
    if len(found) > most:
        raise StyleTooLarge(found=len(found), most=most)
    return found


def _text(said: dict[str, Any], name: str, longest: int = LONGEST_TEXT) -> str:
    found = said.get(name) or ""
    if not isinstance(found, str) or len(found) > longest or "\0" in found:
        raise StyleNotRead(reason=_("“%(name)s” is a short text.") % {"name": name})
    return found


def _color(said: dict[str, Any], name: str, default: str) -> str:
    found = said.get(name) or default
    if not isinstance(found, str) or not COLOR.fullmatch(found):
        raise StyleNotRead(reason=_("“%(text)s” is not a colour such as #1f6b4a.") % {"text": str(found)[:50]})
    return found.lower()


def _number(said: dict[str, Any], name: str, least: float, most: float, default: float) -> float:
    found = said.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise StyleNotRead(reason=_("“%(name)s” is a number.") % {"name": name})
    try:
        number = float(found)
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and least <= number <= most):
        raise StyleNotRead(reason=_("“%(name)s” is a number.") % {"name": name})
    return number
