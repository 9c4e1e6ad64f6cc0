"""Small writings of the public pages."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bocage.portal.markdown import excerpt, safe_html

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """A description as safe HTML."""
    return safe_html(text)


@register.filter
def grouped(value: Any) -> str:
    """1234567 → 1 234 567, in the habit of the active language."""
    return "" if value is None else str(number_format(value, force_grouping=True))


@register.filter
def file_size(size: int | None) -> str:
    """A size people read: 1,2 Mo."""
    if size is None:
        return ""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < 4:
        amount, unit = amount / 1000, unit + 1
    names = (_("bytes"), _("kB"), _("MB"), _("GB"), _("TB"))
    return f"{number_format(amount, 0 if unit == 0 or amount >= 100 else 1)} {names[unit]}"


@register.filter
def file_kind(filename: str) -> str:
    """`notice.pdf` → PDF; nothing when the name does not say."""
    _stem, dot, suffix = filename.rpartition(".")
    return suffix.upper() if dot and suffix.isalnum() and len(suffix) <= 5 else ""


@register.filter
def plain_excerpt(text: str) -> str:
    """The first words of a description, for the description of the page."""
    return excerpt(text, 160)


@register.filter(name="json")
def as_json(value: Any) -> str:
    """JSON for a data- attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


@register.filter
def plain(value: float) -> str:
    """A number for SVG: a point whatever the language."""
    return f"{value:g}"
