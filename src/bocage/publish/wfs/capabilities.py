"""GetCapabilities: what this service does, and the feature types that the caller may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.publish.ows import service
from bocage.publish.ows.systems import URNS
from bocage.publish.ows.xml import declared, document, element, texts
from bocage.publish.wfs.asked import MOST_FEATURES
from bocage.publish.wfs.filters import COMPARISONS, SPATIAL, TEMPORAL
from bocage.publish.wfs.formats import LISTED
from bocage.publish.wfs.names import NAMESPACES, SCHEMA, type_name

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.catalog.models import Dataset
    from bocage.publish.ows.call import Call
    from bocage.publish.ows.xml import Element

VERSION = "2.0.0"
CONFORMANCE = {
    "ImplementsBasicWFS": "TRUE", "ImplementsTransactionalWFS": "FALSE", "ImplementsLockingWFS": "FALSE", "KVPEncoding": "TRUE",
    "XMLEncoding": "TRUE", "SOAPEncoding": "FALSE", "ImplementsInheritance": "FALSE", "ImplementsRemoteResolve": "FALSE",
    "ImplementsResultPaging": "TRUE", "ImplementsStandardJoins": "FALSE", "ImplementsSpatialJoins": "FALSE",
    "ImplementsTemporalJoins": "FALSE", "ImplementsFeatureVersioning": "FALSE", "ManageStoredQueries": "FALSE",
    "PagingIsTransactionSafe": "FALSE", "CountDefault": str(MOST_FEATURES), "QueryExpressions": "wfs:Query wfs:StoredQuery",
}  # fmt: skip
FILTER_CONFORMANCE = {
    "ImplementsQuery": "TRUE", "ImplementsAdHocQuery": "TRUE", "ImplementsFunctions": "FALSE", "ImplementsResourceId": "TRUE",
    "ImplementsMinStandardFilter": "TRUE", "ImplementsStandardFilter": "TRUE", "ImplementsMinSpatialFilter": "TRUE",
    "ImplementsSpatialFilter": "TRUE", "ImplementsMinTemporalFilter": "TRUE", "ImplementsTemporalFilter": "TRUE",
    "ImplementsVersionNav": "FALSE", "ImplementsSorting": "TRUE", "ImplementsExtendedOperators": "FALSE",
    "ImplementsMinimumXPath": "TRUE", "ImplementsSchemaElementFunc": "FALSE",
}  # fmt: skip
OPERANDS = ("gml:Envelope", "gml:Point", "gml:MultiPoint", "gml:LineString", "gml:Curve", "gml:MultiCurve", "gml:Polygon",
            "gml:Surface", "gml:MultiSurface", "gml:MultiGeometry")  # fmt: skip


def capabilities(call: Call) -> HttpResponse:
    root = element(
        "wfs:WFS_Capabilities",
        service.identification(call, "WFS", (VERSION,)),
        service.provider(call),
        _operations(call),
        element("wfs:FeatureTypeList", *(_feature_type(one) for one in call.layers)),
        _filters(),
        version=VERSION,
        xsi__schemaLocation=SCHEMA,
    )
    return document(declared(root, NAMESPACES))


def _operations(call: Call) -> Element:
    formats = {"outputFormat": LISTED}
    asked: dict[str, dict[str, tuple[str, ...]]] = {
        "GetCapabilities": {"AcceptVersions": (VERSION,), "AcceptFormats": ("text/xml", "application/xml")},
        "DescribeFeatureType": {"outputFormat": LISTED[:1]},
        "GetFeature": formats | {"resultType": ("results", "hits")},
        "GetPropertyValue": {"outputFormat": LISTED[:1]},
        "ListStoredQueries": {},
        "DescribeStoredQueries": {},
    }
    return element(
        "ows:OperationsMetadata",
        *(service.operation(name, call.operations, ("Get", "Post"), told) for name, told in asked.items()),
        service.domain("ows:Parameter", "version", (VERSION,)),
        *(service.constraint(name, value) for name, value in CONFORMANCE.items()),
    )


def _feature_type(seen: Dataset) -> Element:
    systems = [element("wfs:DefaultCRS", URNS[0]), *texts("wfs:OtherCRS", URNS[1:])]
    return element(
        "wfs:FeatureType",
        element("wfs:Name", type_name(seen.slug)),
        element("wfs:Title", seen.title),
        element("wfs:Abstract", seen.description) if seen.description else None,
        service.keywords(seen),
        *(systems if seen.is_geographic else [element("wfs:NoCRS")]),
        service.bounds(seen) if seen.is_geographic else None,
    )


def _filters() -> Element:
    spatial = (*SPATIAL, "DWithin", "Beyond", "BBOX")
    operators = (*COMPARISONS, "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween")
    return element(
        "fes:Filter_Capabilities",
        element("fes:Conformance", *(_promise(name, value) for name, value in FILTER_CONFORMANCE.items())),
        element("fes:Id_Capabilities", element("fes:ResourceIdentifier", name="fes:ResourceId")),
        element(
            "fes:Scalar_Capabilities",
            element("fes:LogicalOperators"),
            element("fes:ComparisonOperators", *(element("fes:ComparisonOperator", name=one) for one in operators)),
        ),
        element(
            "fes:Spatial_Capabilities",
            element("fes:GeometryOperands", *(element("fes:GeometryOperand", name=one) for one in OPERANDS)),
            element("fes:SpatialOperators", *(element("fes:SpatialOperator", name=one) for one in spatial)),
        ),
        element(
            "fes:Temporal_Capabilities",
            element(
                "fes:TemporalOperands",
                *(element("fes:TemporalOperand", name=f"gml:{one}") for one in ("TimeInstant", "TimePeriod")),
            ),
            element("fes:TemporalOperators", *(element("fes:TemporalOperator", name=one) for one in TEMPORAL)),
        ),
    )


def _promise(name: str, value: str) -> Element:
    return element("fes:Constraint", element("ows:NoValues"), element("ows:DefaultValue", value), name=name)
