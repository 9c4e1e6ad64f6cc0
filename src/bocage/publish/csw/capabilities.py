"""GetCapabilities: what this catalogue answers, in the words of OWS Common 1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from bocage.publish.csw.domains import DOMAINS
from bocage.publish.csw.names import APISO, FORMATS, NAMESPACES, QUERYABLES, SCHEMA, SETS, VERSION, XML_SCHEMA
from bocage.publish.iso.parts import GMD
from bocage.publish.ows.errors import OwsError
from bocage.publish.ows.xml import declared, document, element, texts
from bocage.publish.viewers import PARAMETERS as KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from bocage.publish.ows.posted import Posted
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.call import RecordsCall

SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Filter_Capabilities")
COMPARISONS = ("EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "Like",
               "Between", "NullCheck")  # fmt: skip
SPATIAL = ("BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "Beyond",
           "DWithin")  # fmt: skip
OPERANDS = ("gml:Envelope", "gml:Point", "gml:LineString", "gml:Polygon")


def capabilities(call: RecordsCall, sent: Posted) -> HttpResponse:
    accepted = [one.strip() for one in sent.given.get("acceptversions", "").split(",") if one.strip()]
    if accepted and VERSION not in accepted:
        told = _("Version 2.0.2 is the one that is offered.")
        raise OwsError("VersionNegotiationFailed", told, locator="acceptVersions")
    made = {
        "ServiceIdentification": _identification(call),
        "ServiceProvider": _provider(call),
        "OperationsMetadata": _operations(call),
    }
    sections = {one.strip() for one in sent.given.get("sections", "").split(",") if one.strip()} - {"All"}
    kept = [one for name, one in made.items() if not sections or name in sections]
    root = element("csw:Capabilities", *kept, _filters(), version=VERSION, xsi__schemaLocation=SCHEMA)
    return document(declared(root, NAMESPACES))


def _identification(call: RecordsCall) -> Element:
    return element(
        "ows:ServiceIdentification",
        element("ows:Title", _("Catalogue of %(title)s") % {"title": call.door.title}),
        element(
            "ows:Abstract",
            _("The datasets of this platform as metadata records, for the catalogues of geographic software."),
        ),
        element("ows:Keywords", *texts("ows:Keyword", ("catalogue", "CSW", "ISO 19139", "INSPIRE"))),
        element("ows:ServiceType", "CSW"),
        element("ows:ServiceTypeVersion", VERSION),
        element("ows:Fees", "None"),
        element("ows:AccessConstraints", "None"),
    )


def _provider(call: RecordsCall) -> Element:
    publisher = call.door.publisher
    mail = publisher.email if publisher else ""
    address = element("ows:Address", element("ows:ElectronicMailAddress", mail)) if mail else None
    contact = element("ows:ContactInfo", address) if address is not None else None
    return element(
        "ows:ServiceProvider",
        element("ows:ProviderName", publisher.name if publisher else call.door.title),
        element("ows:ProviderSite", xlink__href=f"{call.own_root}/"),
        element("ows:ServiceContact", contact),
    )


def _operations(call: RecordsCall) -> Element:
    """A key that came in the address is written into those of the operations, to whoever sent it: desktop clients have no other
    way of sending it again."""
    keys = {name: call.given[name] for name in KEYS if call.given.get(name)}
    address = f"{call.own_root}/csw" + (f"?{urlencode(keys)}" if keys else "")
    told = [
        _operation("GetCapabilities", address, {"sections": SECTIONS}),
        _operation("DescribeRecord", address, {"typeName": DOMAINS["DescribeRecord.typeName"], "outputFormat": FORMATS,
                                               "schemaLanguage": (XML_SCHEMA,)}),
        _operation("GetDomain", address, {"ParameterName": tuple(DOMAINS)}),
        _operation("GetRecords", address, {
            "typeNames": DOMAINS["GetRecords.typeNames"], "outputSchema": DOMAINS["GetRecords.outputSchema"],
            "outputFormat": FORMATS, "resultType": DOMAINS["GetRecords.resultType"], "ElementSetName": SETS,
            "CONSTRAINTLANGUAGE": DOMAINS["GetRecords.CONSTRAINTLANGUAGE"],
        }, _queryables()),
        _operation("GetRecordById", address, {
            "outputSchema": DOMAINS["GetRecordById.outputSchema"], "outputFormat": FORMATS, "ElementSetName": SETS,
        }),
    ]  # fmt: skip
    return element(
        "ows:OperationsMetadata",
        *told,
        _domain("ows:Parameter", "service", ("CSW",)),
        _domain("ows:Parameter", "version", (VERSION,)),
        _domain("ows:Constraint", "IsoProfiles", (GMD,)),
        _domain("ows:Constraint", "PostEncoding", ("XML",)),
    )


def _operation(
    name: str, address: str, parameters: dict[str, tuple[str, ...]], constraints: Iterable[Element] = ()
) -> Element:
    ways = (
        element("ows:Get", xlink__href=address),
        element("ows:Post", _domain("ows:Constraint", "PostEncoding", ("XML",)), xlink__href=address),
    )
    return element(
        "ows:Operation",
        element("ows:DCP", element("ows:HTTP", *ways)),
        *(_domain("ows:Parameter", key, values) for key, values in parameters.items()),
        *constraints,
        name=name,
    )


def _queryables() -> list[Element]:
    iso = [one for one in QUERYABLES if one.startswith("apiso:")]
    dublin = [one for one in QUERYABLES if not one.startswith("apiso:")]
    return [
        _domain("ows:Constraint", "SupportedDublinCoreQueryables", dublin),
        declared(_domain("ows:Constraint", "SupportedISOQueryables", iso), {"apiso": APISO}),
    ]


def _domain(tag: str, name: str, values: Iterable[str]) -> Element:
    return element(tag, *texts("ows:Value", values), name=name)


def _filters() -> Element:
    return element(
        "ogc:Filter_Capabilities",
        element(
            "ogc:Spatial_Capabilities",
            element("ogc:GeometryOperands", *texts("ogc:GeometryOperand", OPERANDS)),
            element("ogc:SpatialOperators", *(element("ogc:SpatialOperator", name=one) for one in SPATIAL)),
        ),
        element(
            "ogc:Scalar_Capabilities",
            element("ogc:LogicalOperators"),
            element("ogc:ComparisonOperators", *texts("ogc:ComparisonOperator", COMPARISONS)),
        ),
        element("ogc:Id_Capabilities", element("ogc:EID"), element("ogc:FID")),
    )
