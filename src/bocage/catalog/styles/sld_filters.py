"""Filter Encoding 1.0 and 1.1 as conditions of rules: comparisons and logic, between fields and values."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from django.utils.translation import gettext as _

from bocage.catalog.styles.errors import StyleNotRead
from bocage.catalog.styles.sld_writing import COMPARISONS
from bocage.catalog.styles.symbols import Between, Compare, Condition, Group, Missing, Not, Operator
from bocage.catalog.styles.xml_reading import child, children, local, text_in

OPERATORS = {name: operator for operator, name in COMPARISONS.items()}
LONGEST = 1_000
MOST_PARTS = 1_000


def condition_of(element: ET.Element) -> Condition:
    """Of a `Filter`. Raises StyleNotRead for what has no place in a rule: a rule must not draw more than it says."""
    inner = children(element)
    if len(inner) != 1:
        raise StyleNotRead(reason=_("a Filter holds one condition."))
    return _condition(inner[0])


def _condition(element: ET.Element) -> Condition:
    match local(element):
        case "And" | "Or" as name:
            parts = tuple(_condition(one) for one in element)
            if not 0 < len(parts) <= MOST_PARTS:
                raise StyleNotRead(reason=_("“%(name)s” is empty, or too long.") % {"name": name})
            return Group("all" if name == "And" else "any", parts)
        case "Not":
            return Not(condition_of(element))
        case "PropertyIsNull":
            return Missing(_field(element))
        case "PropertyIsBetween":
            low, high = (child(element, name) for name in ("LowerBoundary", "UpperBoundary"))
            return Between(_field(element), text_in(low)[:LONGEST], text_in(high)[:LONGEST])
        case name if name in OPERATORS:
            return _comparison(element, OPERATORS[name])  # type: ignore[arg-type]
        case name:
            raise StyleNotRead(reason=_("“%(name)s” is not a condition that is known here.") % {"name": name[:50]})


def _comparison(element: ET.Element, operator: Operator) -> Compare:
    literal = child(element, "Literal")
    if literal is None or len(children(element)) != 2:
        raise StyleNotRead(reason=_("a comparison is made between a field and a value."))
    return Compare(operator, _field(element), text_in(literal)[:LONGEST])


def _field(element: ET.Element) -> str:
    found = text_in(child(element, "PropertyName"))
    if not found or len(found) > LONGEST:
        raise StyleNotRead(reason=_("a condition names a field."))
    return found
