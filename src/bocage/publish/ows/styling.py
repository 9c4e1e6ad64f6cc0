"""The style by which a layer is painted: the one that is asked, else the one that draws the dataset for this reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.styles.services import USUAL
from bocage.publish.ows.errors import invalid
from bocage.publish.ows.painting import Style
from bocage.publish.ows.symbol_painting import paint_symbols, rules_at, scale_of
from bocage.query.drawings import drawings
from bocage.query.plan import all_of
from bocage.query.style_conditions import predicate_of
from bocage.query.styles import DEFAULT, default_style, style_named, styles_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from bocage.access.viewer import Viewer
    from bocage.catalog.styles.drawings import Drawing
    from bocage.catalog.styles.symbols import Rule
    from bocage.publish.ogc.call import Subject
    from bocage.publish.ows.call import Call
    from bocage.publish.ows.painting import Canvas
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate
    from bocage.query.windows import Window

    Asked = Callable[[Scope], Predicate | None]

MOST_RULES = 40
"""Of one layer of an image: each is a statement."""


def style_asked(layer: Subject, name: str, parameter: str) -> Drawing | None:
    """None for the plain look of images, one colour for each layer: it is that of a layer for which nobody wrote a style, and of
    one whose style cannot be drawn here. Raises OwsError, for a style that is hidden as for one that is absent."""
    if name == USUAL:
        return None
    if name in ("", DEFAULT):
        found: Drawing | None = default_style(layer.viewer, layer.relation, layer.seen)
    else:
        found = style_named(layer.viewer, layer.relation, layer.seen, name)
        if found is None:
            fault = {"code": "StyleNotDefined"} if parameter == "styles" else {}
            raise invalid(parameter, name, _("one of %(names)s") % {"names": DEFAULT}, **fault)
    return found if found is not None and found.identifier != USUAL and _is_drawn(found) else None


def _is_drawn(found: Drawing) -> bool:
    rules = found.translation.rules
    return bool(rules) and len(rules) <= MOST_RULES


def offered(call: Call) -> list[Drawing]:
    """Beside the default one, those that images can be drawn by, at the address of one dataset; nothing elsewhere."""
    if not call.dataset:
        return []
    layer = call.subject(call.dataset)
    found = styles_for(layer.viewer, layer.relation, layer.seen)
    return [one for one in found if one.identifier not in (USUAL, DEFAULT) and _is_drawn(one)]


def listed_stamp(call: Call) -> str:
    """Of the styles that the capabilities name."""
    found = [stamp_of(one) for one in offered(call)]
    return call.key("styles", found)[:16] if found else ""


def stamp_of(style: Drawing | None) -> list[str]:
    """Goes into validators: what draws the image."""
    return [style.identifier, str(style.updated_at)] if style else []


def rules_in(style: Drawing, window: Window) -> list[Rule]:
    return rules_at(style.translation.rules, scale_of(window))


def paint_layer(
    canvas: Canvas,
    layer: Subject,
    viewer: Viewer,
    window: Window,
    style: Drawing | None,
    asked: Asked = lambda _scope: None,
) -> None:
    """`asked`: a condition on the rows beside those of the rules."""
    if style is None:
        for one in drawings(viewer, layer.relation, window, [asked]):
            canvas.paint(one, Style.of(layer.name))
        return
    rules = rules_in(style, window)
    found = drawings(viewer, layer.relation, window, [_both(rule, asked) for rule in rules]) if rules else []
    for rule, one in zip(rules, found, strict=False):
        paint_symbols(canvas, one, rule.symbols)


def _both(rule: Rule, asked: Asked) -> Asked:
    def condition(scope: Scope) -> Predicate | None:
        told = [one for one in (asked(scope), predicate_of(rule.condition, scope) if rule.condition else None) if one]
        return all_of(told) if told else None

    return condition
