"""The small pieces of which ISO 19139 is made: each value stands in an element that says its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.publish.ows.xml import element

if TYPE_CHECKING:
    from datetime import date, datetime

    from bocage.publish.ows.xml import Element

NAMESPACES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "gml": "http://www.opengis.net/gml/3.2",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
GMD = NAMESPACES["gmd"]
CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml#"
LANGUAGES = "http://www.loc.gov/standards/iso639-2/"


def text(name: str, value: str) -> Element:
    return element(name, element("gco:CharacterString", value))


def anchor(name: str, value: str, href: str) -> Element:
    """A text that is also the name of a thing elsewhere."""
    return element(name, element("gmx:Anchor", value, xlink__href=href))


def told(name: str, value: str, href: str) -> Element:
    """The one or the other."""
    return anchor(name, value, href) if href else text(name, value)


def code(name: str, kind: str, value: str) -> Element:
    """`kind`: the list of codes, which is also the name of its element."""
    return element(name, element(f"gmd:{kind}", value, codeList=CODES + kind, codeListValue=value))


def language(name: str, value: str) -> Element:
    """`value`: three letters."""
    return element(name, element("gmd:LanguageCode", value, codeList=LANGUAGES, codeListValue=value))


def unknown(name: str) -> Element:
    """What the schema wants and nobody has said."""
    return element(name, gco__nilReason="unknown")


def day(name: str, value: date) -> Element:
    return element(name, element("gco:Date", value.isoformat()))


def instant(name: str, value: datetime) -> Element:
    return element(name, element("gco:DateTime", f"{value:%Y-%m-%dT%H:%M:%S}Z"))


def decimal(name: str, value: float) -> Element:
    return element(name, element("gco:Decimal", format(value, ".9f").rstrip("0").rstrip(".")))


def dated(value: date, kind: str) -> Element:
    """`kind`: creation, publication or revision."""
    return element(
        "gmd:date",
        element("gmd:CI_Date", day("gmd:date", value), code("gmd:dateType", "CI_DateTypeCode", kind)),
    )


def citation(name: str, title: str, value: date, kind: str, href: str = "") -> Element:
    """A document: a thesaurus, a specification."""
    return element(name, element("gmd:CI_Citation", told("gmd:title", title, href), dated(value, kind)))
