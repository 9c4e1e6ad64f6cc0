"""DescribeRecord and GetDomain: what records are made of, and which values there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.catalog.vocabulary import FieldType
from bocage.publish.csw.names import (
    FORMATS,
    NAMESPACES,
    QUERYABLES,
    SCHEMA,
    SCHEMAS,
    SETS,
    TYPES,
    XML_SCHEMA,
    field_of,
)
from bocage.publish.ows.errors import OwsError, invalid
from bocage.publish.ows.xml import declared, document, element, texts
from bocage.query.record_table import FIELDS
from bocage.query.records import values_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.ows.posted import Posted
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.call import RecordsCall

DOCUMENTS = {
    "csw:Record": "http://schemas.opengis.net/csw/2.0.2/record.xsd",
    "gmd:MD_Metadata": "http://schemas.opengis.net/iso/19139/20070417/gmd/gmd.xsd",
}
DOMAINS: dict[str, tuple[str, ...]] = {
    "GetRecords.outputSchema": SCHEMAS, "GetRecordById.outputSchema": SCHEMAS, "GetRecords.outputFormat": FORMATS,
    "GetRecordById.outputFormat": FORMATS, "DescribeRecord.outputFormat": FORMATS, "GetRecords.typeNames": tuple(TYPES),
    "DescribeRecord.typeName": tuple(TYPES), "GetRecords.resultType": ("hits", "results", "validate"),
    "GetRecords.ElementSetName": SETS, "GetRecordById.ElementSetName": SETS,
    "GetRecords.CONSTRAINTLANGUAGE": ("CQL_TEXT", "FILTER"), "DescribeRecord.schemaLanguage": (XML_SCHEMA,),
}  # fmt: skip


def describe_record(_call: RecordsCall, sent: Posted) -> HttpResponse:
    """The schemas of the standard, by their addresses: ours are no others."""
    names = [one.strip() for one in sent.given.get("typename", "").split(",") if one.strip()]
    wanted = [
        name for name in TYPES if not names or name.partition(":")[2] in {one.rpartition(":")[2] for one in names}
    ]
    if names and not wanted:
        raise invalid("typeName", names[0], ", ".join(TYPES))
    language = sent.given.get("schemalanguage", XML_SCHEMA)
    if language not in (XML_SCHEMA, "XMLSCHEMA"):
        raise invalid("schemaLanguage", language, XML_SCHEMA)
    root = element("csw:DescribeRecordResponse", *(_component(one) for one in wanted), xsi__schemaLocation=SCHEMA)
    return document(declared(root, NAMESPACES))


def _component(name: str) -> Element:
    schema = element("xs:schema", element("xs:include", schemaLocation=DOCUMENTS[name]), targetNamespace=TYPES[name])
    return element(
        "csw:SchemaComponent",
        declared(schema, {"xs": XML_SCHEMA}),
        schemaLanguage=XML_SCHEMA,
        targetNamespace=TYPES[name],
    )


def get_domain(call: RecordsCall, sent: Posted) -> HttpResponse:
    parameters = [one.strip() for one in sent.given.get("parametername", "").split(",") if one.strip()]
    properties = [one.strip() for one in sent.given.get("propertyname", "").split(",") if one.strip()]
    if not parameters and not properties:
        told = _("The parameter “%(name)s” is missing.") % {"name": "parameterName"}
        raise OwsError("MissingParameterValue", told, locator="parameterName")
    found = [_values("csw:ParameterName", one, DOMAINS.get(one, ())) for one in parameters[:20]]
    found += [_values("csw:PropertyName", one, _properties(call, one)) for one in properties[:20]]
    root = element("csw:GetDomainResponse", *found, xsi__schemaLocation=SCHEMA)
    return document(declared(root, NAMESPACES))


def _properties(call: RecordsCall, name: str) -> list[str]:
    """The values of the records that the caller may know of."""
    wanted = field_of(name, "propertyName")
    field = next(one for one in FIELDS if one.name == wanted)
    if field.type not in (FieldType.STRING, FieldType.ARRAY) or field.name == "anytext":
        raise invalid("propertyName", name, ", ".join(QUERYABLES))
    return values_of(call.viewer, call.selection, field)


def _values(tag: str, name: str, values: tuple[str, ...] | list[str]) -> Element:
    listed = element("csw:ListOfValues", *texts("csw:Value", values)) if values else None
    return element("csw:DomainValues", element(tag, name), listed, type="csw:Record")
