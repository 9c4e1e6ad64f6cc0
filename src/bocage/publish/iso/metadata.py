"""The whole record (MD_Metadata), and parts of it for catalogues that ask for less."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from bocage.publish.iso import codes
from bocage.publish.iso.contacts import party
from bocage.publish.iso.distribution import distribution, level_of, quality
from bocage.publish.iso.identification import identification
from bocage.publish.iso.parts import GMD, NAMESPACES, anchor, code, instant, language, text
from bocage.publish.ows.xml import declared, element

if TYPE_CHECKING:
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.resource import Resource

SCHEMA_LOCATION = f"{GMD} http://schemas.opengis.net/csw/2.0.2/profiles/apiso/1.0.0/apiso.xsd"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"


def metadata(resource: Resource) -> Element:
    """The record, in the language of the platform, without namespaces: see `standing_alone`."""
    with translation.override(settings.LANGUAGE_CODE):
        return element(
            "gmd:MD_Metadata",
            text("gmd:fileIdentifier", resource.identifier),
            language("gmd:language", codes.LANGUAGES.get(settings.LANGUAGE_CODE[:2], codes.FRENCH)),
            code("gmd:characterSet", "MD_CharacterSetCode", "utf8"),
            code("gmd:hierarchyLevel", "MD_ScopeCode", level_of(resource)),
            text("gmd:hierarchyLevelName", level_of(resource)),
            party("gmd:contact", resource, "pointOfContact"),
            instant("gmd:dateStamp", resource.updated.astimezone(UTC)),
            text("gmd:metadataStandardName", "ISO 19115:2003/19139"),
            text("gmd:metadataStandardVersion", "1.0"),
            text("gmd:dataSetURI", resource.uri),
            _system() if resource.dataset.is_geographic else None,
            identification(resource),
            distribution(resource),
            quality(resource),
        )


def _system() -> Element:
    """In which the data are kept and given, unless another is asked for."""
    identifier = element("gmd:RS_Identifier", anchor("gmd:code", "EPSG:4326", WGS84))
    system = element("gmd:MD_ReferenceSystem", element("gmd:referenceSystemIdentifier", identifier))
    return element("gmd:referenceSystemInfo", system)


def standing_alone(record: Element) -> Element:
    """As a document of its own."""
    record.set("xsi:schemaLocation", SCHEMA_LOCATION)
    return declared(record, NAMESPACES)


_BRIEF = ("gmd:fileIdentifier", "gmd:hierarchyLevel", "gmd:contact", "gmd:dateStamp", "gmd:identificationInfo")
_SUMMARY = (
    *_BRIEF, "gmd:language", "gmd:characterSet", "gmd:hierarchyLevelName", "gmd:metadataStandardName",
    "gmd:metadataStandardVersion", "gmd:referenceSystemInfo", "gmd:distributionInfo", "gmd:dataQualityInfo",
)  # fmt: skip
_BRIEF_IDENTIFICATION = ("gmd:citation", "gmd:abstract", "gmd:language", "gmd:extent", "gmd:pointOfContact")
"""What the schema wants is never left out."""


def reduced(record: Element, elements: str) -> Element:
    """The subsets of the ISO profile of CSW (07-045, table 14): `brief`, `summary` or `full`."""
    if elements == "full":
        return record
    _keep(record, _BRIEF if elements == "brief" else _SUMMARY)
    if elements == "brief":
        for part in record:
            if part.tag == "gmd:identificationInfo":
                _keep(part[0], _BRIEF_IDENTIFICATION)
    return record


def _keep(parent: Element, names: tuple[str, ...]) -> None:
    for child in [child for child in parent if child.tag not in names]:
        parent.remove(child)
