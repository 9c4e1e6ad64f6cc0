"""A badge: the schema on the left, the verdict on the right; SVG that needs no font of ours."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bocage.check.report.values import counted, shortened

RIGHT, WRONG, UNSAID = "#1f6b4a", "#a3241c", "#4a5a52"  # each at least 4.5:1 under white
MARGIN, HEIGHT = 8, 22
NARROW, WIDE = frozenset("il.,:;'|!/ jtfrI()-"), frozenset("mwMW@%")


def badge(schema: str, valid: bool | None, problems: int = 0) -> str:
    """`valid` None: nobody knows yet."""
    if valid is None:
        verdict, color = _("not checked"), UNSAID
    elif valid:
        verdict, color = _("valid"), RIGHT
    else:
        verdict = ngettext("%(count)s problem", "%(count)s problems", problems) % {"count": counted(problems)}
        color = WRONG
    return drawn(shortened(schema, 60) or _("schema"), verdict, color)


def drawn(left: str, right: str, color: str) -> str:
    first, second = width(left), width(right)
    whole = f"{left} : {right}"
    text = 'font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#fff" text-anchor="middle"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="{HEIGHT}" role="img" '
        f"aria-label={quoteattr(whole)}><title>{escape(whole)}</title>"
        f'<clipPath id="r"><rect width="{first + second}" height="{HEIGHT}" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{first}" height="{HEIGHT}" fill="#3a4640"/>'
        f'<rect x="{first}" width="{second}" height="{HEIGHT}" fill="{color}"/></g>'
        f'<g {text}><text x="{first / 2:g}" y="15">{escape(left)}</text>'
        f'<text x="{first + second / 2:g}" y="15">{escape(right)}</text></g></svg>\n'
    )


def width(words: str) -> int:
    """Pixels of a text in 11 px Verdana, nearly: browsers have others fonts, hence the margin."""
    return round(sum(4 if c in NARROW else 10 if c in WIDE else 7 for c in words)) + 2 * MARGIN
