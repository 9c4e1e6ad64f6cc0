"""DescribeFeatureType: the fields of a dataset as an XML schema, which desktop clients read before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.ows.xml import declared, document, element
from bocage.publish.wfs.names import NAMESPACE, PREFIX, in_sequence, local_name, property_name
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.catalog.fields import Field
    from bocage.publish.ogc.call import Subject
    from bocage.publish.ows.xml import Element

NAMESPACES = {"xsd": "http://www.w3.org/2001/XMLSchema", "gml": "http://www.opengis.net/gml/3.2", PREFIX: NAMESPACE}
GML_SCHEMA = "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
TYPES = {
    FieldType.INTEGER: "xsd:long", FieldType.NUMBER: "xsd:double", FieldType.BOOLEAN: "xsd:boolean",
    FieldType.DATE: "xsd:date", FieldType.DATETIME: "xsd:dateTime",
}  # fmt: skip
GEOMETRIES = {
    "Point": "gml:PointPropertyType", "LineString": "gml:CurvePropertyType", "Polygon": "gml:SurfacePropertyType",
    "MultiPoint": "gml:MultiPointPropertyType", "MultiLineString": "gml:MultiCurvePropertyType",
    "MultiPolygon": "gml:MultiSurfacePropertyType",
}  # fmt: skip


def describe(subjects: list[Subject]) -> HttpResponse:
    parts = [element("xsd:import", namespace=NAMESPACES["gml"], schemaLocation=GML_SCHEMA)]
    for subject in subjects:
        parts += _feature_type(subject)
    root = element("xsd:schema", *parts, targetNamespace=NAMESPACE, elementFormDefault="qualified", version="1.0")
    return document(declared(root, NAMESPACES), "application/gml+xml; version=3.2")


def _feature_type(subject: Subject) -> list[Element]:
    local = local_name(subject.name)
    drawn = main_geometry(list(subject.fields))
    sequence = element(
        "xsd:sequence", *(_property(one, subject, drawn=one is drawn) for one in in_sequence(subject.fields))
    )
    extension = element("xsd:extension", sequence, base="gml:AbstractFeatureType")
    content = element("xsd:complexType", element("xsd:complexContent", extension), name=f"{local}Type")
    feature = element("xsd:element", name=local, type=f"{PREFIX}:{local}Type", substitutionGroup="gml:AbstractFeature")
    return [content, feature]


def _property(field: Field, subject: Subject, *, drawn: bool) -> Element:
    many = {"maxOccurs": "unbounded"} if field.type == FieldType.ARRAY else {"maxOccurs": "1"}
    told = [one for one in (field.label, field.description) if one and one != field.name]
    notes = element("xsd:annotation", element("xsd:documentation", " — ".join(told))) if told else None
    return element(
        "xsd:element",
        notes,
        name=property_name(field.name),
        type=_type(field, subject, drawn=drawn),
        minOccurs="0",
        **many,
    )


def _type(field: Field, subject: Subject, *, drawn: bool) -> str:
    if not field.type.is_geographic:
        return TYPES.get(field.type, "xsd:string")
    if field.type == FieldType.GEOPOINT:
        return GEOMETRIES["Point"]
    kinds = subject.seen.geometry_types if drawn else []
    return GEOMETRIES.get(kinds[0], "gml:GeometryPropertyType") if len(kinds) == 1 else "gml:GeometryPropertyType"
