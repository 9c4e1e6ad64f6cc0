"""WFS 2.0.0: what it answers is what the OGC API answers about the same rows."""

# ruff: noqa: E501  documents read better whole

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
import shapely

from tests.publish.ows.conftest import NS, found, words
from tests.query.table import ROWS

FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
BOX = shapely.box(-2.0, 46.0, -1.0, 47.0)
BOXED = [row["code"] for row in ROWS if row["contour"] is not None and row["contour"].intersects(BOX)]


def codes(root) -> list[str]:
    return words(root, "wfs:member/bocage:lieux/bocage:code")


def filtered(wfs, inside: str, **given) -> list[str]:
    return codes(
        wfs(request="GetFeature", typeNames="bocage:lieux", filter=f"<fes:Filter {FES}>{inside}</fes:Filter>", **given)
    )


def test_capabilities_list_what_a_stranger_reads(wfs):
    root = wfs(request="GetCapabilities", acceptVersions="2.0.0")
    names = words(root, "wfs:FeatureTypeList/wfs:FeatureType/wfs:Name")
    assert "bocage:lieux" in names
    assert "bocage:agents" not in names
    constraints = {
        one.get("name"): one.findtext("ows:DefaultValue", None, NS)
        for one in found(root, "ows:OperationsMetadata/ows:Constraint")
    }
    assert (constraints["ImplementsResultPaging"], constraints["ImplementsTransactionalWFS"]) == ("TRUE", "FALSE")


def test_every_row_with_its_types(wfs):
    root = wfs(request="GetFeature", typeNames="bocage:lieux")
    assert (root.get("numberMatched"), root.get("numberReturned")) == (str(len(ROWS)), str(len(ROWS)))
    for member, row in zip(found(root, "wfs:member/bocage:lieux"), ROWS, strict=True):
        text = {one.tag.rpartition("}")[2]: one.text for one in member if not len(one)}
        assert (text["code"], text.get("nom"), text.get("ouvert")) == (
            row["code"],
            row["nom"],
            None if row["ouvert"] is None else str(row["ouvert"]).lower(),
        )
        assert text.get("pop") == (None if row["pop"] is None else str(row["pop"]))
        assert text.get("jour") == (None if row["jour"] is None else row["jour"].isoformat())
        assert [one.text for one in member.findall("bocage:tags", NS)] == (row["tags"] or [])
        drawn = member.findtext("bocage:contour/gml:Polygon/gml:exterior/gml:LinearRing/gml:posList", None, NS)
        assert (drawn is None) == (row["contour"] is None)
        if drawn:
            numbers = [float(one) for one in drawn.split()]
            ring = shapely.Polygon(list(zip(numbers[1::2], numbers[::2], strict=True)))  # latitude first
            assert ring.equals_exact(row["contour"], 1e-9) or ring.normalize().equals_exact(
                row["contour"].normalize(), 1e-9
            )


def test_identifiers_of_geometries_are_unique(wfs):
    root = wfs(request="GetFeature", typeNames="countries")
    identifiers = [value for one in root.iter() for name, value in one.attrib.items() if name.endswith("}id")]
    assert len(identifiers) == len(set(identifiers)) > 177
    assert root.findall(".//gml:MultiSurface/gml:surfaceMember/gml:Polygon", NS)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("<fes:PropertyIsEqualTo><fes:ValueReference>bocage:nom</fes:ValueReference><fes:Literal>Nantes</fes:Literal></fes:PropertyIsEqualTo>", "nom = 'Nantes'"),
        ('<fes:PropertyIsEqualTo matchCase="false"><fes:ValueReference>nom</fes:ValueReference><fes:Literal>NANTES</fes:Literal></fes:PropertyIsEqualTo>', "CASEI(nom) = CASEI('nantes')"),
        ("<fes:PropertyIsNotEqualTo><fes:ValueReference>nom</fes:ValueReference><fes:Literal>Nantes</fes:Literal></fes:PropertyIsNotEqualTo>", "nom <> 'Nantes'"),
        ("<fes:PropertyIsGreaterThanOrEqualTo><fes:ValueReference>pop</fes:ValueReference><fes:Literal>20</fes:Literal></fes:PropertyIsGreaterThanOrEqualTo>", "pop >= 20"),
        ("<fes:PropertyIsLessThan><fes:Literal>20</fes:Literal><fes:ValueReference>pop</fes:ValueReference></fes:PropertyIsLessThan>", "20 < pop"),
        ("<fes:PropertyIsLessThan><fes:ValueReference>surface</fes:ValueReference><fes:Literal>2.25</fes:Literal></fes:PropertyIsLessThan>", "surface < 2.25"),
        ("<fes:PropertyIsEqualTo><fes:ValueReference>ouvert</fes:ValueReference><fes:Literal>true</fes:Literal></fes:PropertyIsEqualTo>", "ouvert = TRUE"),
        ('<fes:PropertyIsLike wildCard="*" singleChar="." escapeChar="!"><fes:ValueReference>nom</fes:ValueReference><fes:Literal>*an.e*</fes:Literal></fes:PropertyIsLike>', "nom LIKE '%an_e%'"),
        ('<fes:PropertyIsLike wildCard="%" singleChar="_" escapeChar="!" matchCase="false"><fes:ValueReference>nom</fes:ValueReference><fes:Literal>NAN%</fes:Literal></fes:PropertyIsLike>', "CASEI(nom) LIKE CASEI('nan%')"),
        ("<fes:PropertyIsNull><fes:ValueReference>pop</fes:ValueReference></fes:PropertyIsNull>", "pop IS NULL"),
        ("<fes:Not><fes:PropertyIsNull><fes:ValueReference>pop</fes:ValueReference></fes:PropertyIsNull></fes:Not>", "pop IS NOT NULL"),
        ("<fes:PropertyIsBetween><fes:ValueReference>pop</fes:ValueReference><fes:LowerBoundary><fes:Literal>10</fes:Literal></fes:LowerBoundary><fes:UpperBoundary><fes:Literal>30</fes:Literal></fes:UpperBoundary></fes:PropertyIsBetween>", "pop BETWEEN 10 AND 30"),
        ("<fes:And><fes:PropertyIsGreaterThan><fes:ValueReference>pop</fes:ValueReference><fes:Literal>10</fes:Literal></fes:PropertyIsGreaterThan><fes:Or><fes:PropertyIsEqualTo><fes:ValueReference>nom</fes:ValueReference><fes:Literal>Nantes</fes:Literal></fes:PropertyIsEqualTo><fes:PropertyIsEqualTo><fes:ValueReference>nom</fes:ValueReference><fes:Literal>Orvault</fes:Literal></fes:PropertyIsEqualTo></fes:Or></fes:And>", "pop > 10 AND (nom = 'Nantes' OR nom = 'Orvault')"),
        ("<fes:PropertyIsEqualTo><fes:ValueReference>jour</fes:ValueReference><fes:Literal>2024-06-10</fes:Literal></fes:PropertyIsEqualTo>", "jour = DATE('2024-06-10')"),
        ("<fes:After><fes:ValueReference>maj</fes:ValueReference><gml:TimeInstant><gml:timePosition>2024-01-02T00:00:00Z</gml:timePosition></gml:TimeInstant></fes:After>", "T_AFTER(maj, TIMESTAMP('2024-01-02T00:00:00Z'))"),
        ("<fes:During><fes:ValueReference>maj</fes:ValueReference><gml:TimePeriod><gml:beginPosition>2024-01-01T00:00:00Z</gml:beginPosition><gml:endPosition>2024-01-03T00:00:00Z</gml:endPosition></gml:TimePeriod></fes:During>", "T_AFTER(maj, TIMESTAMP('2024-01-01T00:00:00Z')) AND T_BEFORE(maj, TIMESTAMP('2024-01-03T00:00:00Z'))"),
        ('<fes:BBOX><fes:ValueReference>contour</fes:ValueReference><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>46 -2</gml:lowerCorner><gml:upperCorner>47 -1</gml:upperCorner></gml:Envelope></fes:BBOX>', "S_INTERSECTS(contour, BBOX(-2,46,-1,47))"),
        ('<fes:BBOX><gml:Envelope srsName="EPSG:4326"><gml:lowerCorner>-2 46</gml:lowerCorner><gml:upperCorner>-1 47</gml:upperCorner></gml:Envelope></fes:BBOX>', "S_INTERSECTS(contour, BBOX(-2,46,-1,47))"),
        ('<fes:Within><fes:ValueReference>centre</fes:ValueReference><gml:Polygon srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:exterior><gml:LinearRing><gml:posList>-2 46 -1 46 -1 47.5 -2 46</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></fes:Within>', "S_WITHIN(centre, POLYGON((-2 46,-1 46,-1 47.5,-2 46)))"),
        ('<fes:Disjoint><fes:ValueReference>contour</fes:ValueReference><gml:LineString srsName="urn:ogc:def:crs:EPSG::4326"><gml:posList>46 -2 48 0</gml:posList></gml:LineString></fes:Disjoint>', "S_DISJOINT(contour, LINESTRING(-2 46, 0 48))"),
    ],
)  # fmt: skip
def test_filters_say_what_those_of_cql2_say(wfs, ask, written, same):
    expected = [
        one["properties"]["code"] for one in ask("collections/lieux/items", filter=same, limit=1000)["features"]
    ]
    assert 0 < len(expected) < len(ROWS)
    assert filtered(wfs, written) == expected


def test_distances_are_in_metres(wfs):
    row = next(row for row in ROWS if row["centre"] is not None)
    point = f'<gml:Point srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>{row["centre"][0]} {row["centre"][1]}</gml:pos></gml:Point>'
    near = f'<fes:DWithin><fes:ValueReference>centre</fes:ValueReference>{point}<fes:Distance uom="m">10</fes:Distance></fes:DWithin>'
    beyond = near.replace("DWithin", "Beyond")
    assert filtered(wfs, near) == [row["code"]]
    placed = [one["code"] for one in ROWS if one["centre"] is not None]
    assert filtered(wfs, beyond) == [one for one in placed if one != row["code"]]


@pytest.mark.parametrize(
    "box",
    [
        "46,-2,47,-1",
        "-2,46,-1,47,urn:ogc:def:crs:OGC:1.3:CRS84",
        "46,-2,47,-1,urn:ogc:def:crs:EPSG::4326",
        "-2,46,-1,47,EPSG:4326",
    ],
)
def test_axes_are_those_of_the_name_of_the_system(wfs, box):
    assert codes(wfs(request="GetFeature", typeNames="lieux", bbox=box)) == BOXED


def test_coordinates_follow_srsname(wfs, ask):
    placed = next(row for row in ROWS if row["contour"] is not None)
    expected = ask(
        "collections/lieux/items", filter=f"code = '{placed['code']}'", crs="http://www.opengis.net/def/crs/EPSG/0/2154"
    )
    ring = expected["features"][0]["geometry"]["coordinates"][0]
    equal = f"<fes:Filter {FES}><fes:PropertyIsEqualTo><fes:ValueReference>code</fes:ValueReference><fes:Literal>{placed['code']}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>"
    for name in ("urn:ogc:def:crs:EPSG::2154", "EPSG:2154", "http://www.opengis.net/gml/srs/epsg.xml#2154"):
        root = wfs(request="GetFeature", typeNames="lieux", srsName=name, filter=equal)
        text = root.findtext(".//bocage:contour//gml:posList", None, NS)
        assert [float(one) for one in text.split()] == pytest.approx([number for xy in ring for number in xy], abs=1e-6)
    longitude_first = wfs(request="GetFeature", typeNames="lieux", srsName="EPSG:4326", filter=equal).findtext(
        ".//bocage:contour//gml:posList", None, NS
    )
    assert float(longitude_first.split()[0]) < 0


def test_pages_follow_one_another(wfs):
    seen, start = [], 0
    while True:
        root = wfs(request="GetFeature", typeNames="lieux", count=30, startIndex=start, sortBy="pop DESC,code ASC")
        seen += codes(root)
        if not root.get("next"):
            break
        assert f"startindex={start + 30}" in root.get("next")
        start += 30
    ordered = sorted(ROWS, key=lambda row: (row["pop"] is None, -(row["pop"] or 0), row["code"]))
    assert seen == [row["code"] for row in ordered]


def test_hits_only(wfs):
    root = wfs(request="GetFeature", typeNames="lieux", resultType="hits", bbox="46,-2,47,-1")
    assert (root.get("numberMatched"), root.get("numberReturned"), len(root)) == (str(len(BOXED)), "0", 0)


def test_properties_are_chosen(wfs):
    root = wfs(request="GetFeature", typeNames="lieux", propertyName="bocage:code,pop", count=5)
    names = {one.tag.rpartition("}")[2] for member in found(root, "wfs:member/bocage:lieux") for one in member}
    assert names == {"code", "pop"}


def test_other_representations(wfs, ask):
    rows = json.loads(
        wfs.raw(request="GetFeature", typeNames="lieux", outputFormat="application/json", count=4, startIndex=2).content
    )
    assert rows["features"] == ask("collections/lieux/items", limit=4, offset=2)["features"]
    lines = wfs.raw(request="GetFeature", typeNames="lieux", outputFormat="csv").content.decode().splitlines()
    assert len(lines) == len(ROWS) + 1
    assert wfs.raw(request="GetFeature", typeNames="lieux", outputFormat="SHAPE-ZIP", count=3).content[:2] == b"PK"


def test_features_by_identifier(wfs):
    first = found(wfs(request="GetFeature", typeNames="lieux", count=1), "wfs:member/bocage:lieux")[0]
    identifier = first.get(f"{{{NS['gml']}}}id")
    by_id = wfs(request="GetFeature", storedQuery_id="urn:ogc:def:query:OGC-WFS::GetFeatureById", id=identifier)
    assert (by_id.tag, by_id.get(f"{{{NS['gml']}}}id")) == (first.tag, identifier)
    assert codes(wfs(request="GetFeature", resourceId=identifier)) == [ROWS[0]["code"]]
    assert filtered(wfs, f'<fes:ResourceId rid="{identifier}"/><fes:ResourceId rid="lieux.zut"/>') == [ROWS[0]["code"]]
    wfs(404, request="GetFeature", storedQuery_id="urn:ogc:def:query:OGC-WFS::GetFeatureById", id="lieux.zut")


def test_values_of_a_property(wfs):
    root = wfs(request="GetPropertyValue", typeNames="lieux", valueReference="bocage:nom")
    assert words(root, "wfs:member/bocage:nom") == [row["nom"] for row in ROWS if row["nom"] is not None]
    assert len(found(root, "wfs:member")) == sum(row["nom"] is not None for row in ROWS)


def test_the_schema_lists_the_fields_that_features_have(wfs):
    root = wfs(request="DescribeFeatureType", typeNames="bocage:lieux")
    kinds = {one.get("name"): one.get("type") for one in root.findall(".//xsd:sequence/xsd:element", NS)}
    assert (kinds["pop"], kinds["surface"], kinds["maj"], kinds["centre"]) == (
        "xsd:long",
        "xsd:double",
        "xsd:dateTime",
        "gml:PointPropertyType",
    )
    names = {
        one.tag.rpartition("}")[2]
        for member in found(wfs(request="GetFeature", typeNames="lieux"), "wfs:member/bocage:lieux")
        for one in member
    }
    assert names <= set(kinds)


def test_requests_are_posted_too(wfs, ask):
    body = f"""<?xml version="1.0"?><wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" {FES} service="WFS" version="2.0.0" count="9">
      <wfs:Query typeNames="bocage:lieux"><wfs:PropertyName>code</wfs:PropertyName><fes:Filter><fes:PropertyIsGreaterThan>
      <fes:ValueReference>pop</fes:ValueReference><fes:Literal>20</fes:Literal></fes:PropertyIsGreaterThan></fes:Filter>
      <fes:SortBy><fes:SortProperty><fes:ValueReference>pop</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy>
      </wfs:Query></wfs:GetFeature>"""
    response = ask.client.post("/wfs", body, content_type="application/xml")
    root = ET.fromstring(response.content if not response.streaming else b"".join(response.streaming_content))
    expected = ask("collections/lieux/items", filter="pop > 20", sortby="-pop", limit=9)
    assert codes(root) == [one["properties"]["code"] for one in expected["features"]]
    assert root.get("numberMatched") == str(expected["numberMatched"])
    assert root.get("next") is None  # an address could not say what was posted
    assert "ETag" not in response


def test_an_address_of_one_dataset(wfs):
    root = wfs(path="/wfs/lieux", request="GetCapabilities")
    assert words(root, "wfs:FeatureTypeList/wfs:FeatureType/wfs:Name") == ["bocage:lieux"]
    assert len(codes(wfs(path="/wfs/lieux", request="GetFeature"))) == len(ROWS)
    wfs(404, path="/wfs/lieux", request="GetFeature", typeNames="countries")
    assert len(words(wfs(path="/wfs/organizations/metropole", request="GetCapabilities"), ".//wfs:Name")) == 4


@pytest.mark.parametrize(
    ("given", "code"),
    [({"request": "Transaction"}, "OperationNotSupported"), ({"request": "GetFeature"}, "MissingParameterValue"), ({}, "MissingParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "version": "1.1.0"}, "InvalidParameterValue"),
     ({"request": "GetCapabilities", "acceptVersions": "1.0.0"}, "VersionNegotiationFailed"),
     ({"request": "GetFeature", "typeNames": "lieux,countries"}, "OptionNotSupported"),
     ({"request": "GetFeature", "typeNames": "lieux", "srsName": "EPSG:1"}, "InvalidParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "bbox": "1,2,3"}, "InvalidParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "bbox": "nan,2,3,4"}, "InvalidParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "count": "-1"}, "InvalidParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "outputFormat": "zut"}, "InvalidParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "sortBy": "zut"}, "InvalidParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "filter": "<zut/>"}, "InvalidParameterValue"),
     ({"request": "GetFeature", "typeNames": "lieux", "filter": "<"}, "OperationParsingFailed")],
)  # fmt: skip
def test_faults_are_reports(wfs, given, code):
    wfs.always = {"service": "WFS"}
    root = wfs(400, **given)
    assert root.tag == f"{{{NS['ows']}}}ExceptionReport"
    assert root.find("ows:Exception", NS).get("exceptionCode") == code
