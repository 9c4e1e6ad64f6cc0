"""The words of CSW: namespaces, schemas of records, and the queryables of Dublin Core and of the ISO profile as fields of ours."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bocage.publish.iso.parts import GMD
from bocage.publish.ows.errors import OwsError

VERSION = "2.0.2"
CSW = "http://www.opengis.net/cat/csw/2.0.2"
OWS = "http://www.opengis.net/ows"
OGC = "http://www.opengis.net/ogc"
APISO = "http://www.opengis.net/cat/csw/apiso/1.0"
NAMESPACES = {
    "csw": CSW,
    "ows": OWS,
    "ogc": OGC,
    "gml": "http://www.opengis.net/gml",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
SCHEMA = f"{CSW} http://schemas.opengis.net/csw/2.0.2/CSW-discovery.xsd"
XML_SCHEMA = "http://www.w3.org/XML/Schema"
SCHEMAS = (CSW, GMD)
"""Of records: Dublin Core, ISO 19139."""
TYPES = {"csw:Record": CSW, "gmd:MD_Metadata": GMD}
FORMATS = ("application/xml", "text/xml")
SETS = ("brief", "summary", "full")
MOST_RECORDS, DEFAULT_RECORDS = 500, 10

QUERYABLES = {
    "dc:identifier": "id", "apiso:Identifier": "id", "dc:title": "title", "apiso:Title": "title",
    "apiso:AlternateTitle": "identifier", "apiso:ResourceIdentifier": "identifier", "dct:abstract": "description",
    "dc:description": "description", "apiso:Abstract": "description", "dc:subject": "keywords", "apiso:Subject": "keywords",
    "dc:type": "type", "apiso:Type": "type", "dc:creator": "publisher", "dc:publisher": "publisher",
    "dc:contributor": "publisher", "apiso:OrganisationName": "publisher", "dc:rights": "license", "dc:language": "language",
    "apiso:ResourceLanguage": "language", "apiso:Language": "language", "dct:modified": "updated", "dc:date": "updated",
    "apiso:Modified": "updated", "apiso:RevisionDate": "updated", "dct:created": "created", "apiso:PublicationDate": "created",
    "apiso:CreationDate": "created", "apiso:TempExtent_begin": "temporal_start", "apiso:TempExtent_end": "temporal_end",
    "ows:BoundingBox": "geometry", "apiso:BoundingBox": "geometry", "dct:spatial": "geometry", "dc:coverage": "geometry",
    "csw:AnyText": "anytext", "apiso:AnyText": "anytext",
}  # fmt: skip
_FIELDS = {name.partition(":")[2].lower(): field for name, field in QUERYABLES.items()}
AS_TEXT = {"keywords": "subject", "themes": "subject"}
"""Lists of texts, where a text is looked into."""


def field_of(name: str, locator: str = "constraint") -> str:
    """Our field, by the last step of a name, whatever its prefix and case: clients write `apiso:Title`, `dc:title`, `Title`.

    Raises OwsError."""
    found = _FIELDS.get(name.strip().rpartition("/")[2].rpartition(":")[2].lower())
    if found is None:
        sentence = _("“%(name)s” is not a queryable; these are: %(known)s.")
        told = sentence % {"name": name.strip()[:100], "known": ", ".join(QUERYABLES)}
        raise OwsError("InvalidParameterValue", told, locator=locator)
    return found
