"""CSW 2.0.2: every operation in an address and in XML, judged by the schemas of the standard."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.oracles import Oracle
from tests.publish.records.test_records import ALL

PYCSW = Oracle("pycsw-2.6.2", ("pycsw==2.6.2",))
"""Its wheel holds the schemas of CSW 2.0.2 and of ISO 19139."""
CLIENTS = Path(__file__).parent / "clients"
CSW, OWS = "{http://www.opengis.net/cat/csw/2.0.2}", "{http://www.opengis.net/ows}"
DC, GMD, GCO = (
    "{http://purl.org/dc/elements/1.1/}",
    "{http://www.isotc211.org/2005/gmd}",
    "{http://www.isotc211.org/2005/gco}",
)
ISO = GMD.strip("{}")
SPACES = (
    'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc" '
    'xmlns:gml="http://www.opengis.net/gml" xmlns:ows="http://www.opengis.net/ows" '
    'xmlns:apiso="http://www.opengis.net/cat/csw/apiso/1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dct="http://purl.org/dc/terms/" service="CSW" version="2.0.2"'
)


def sent(client, **given):
    return client.get("/csw", {"service": "CSW", "version": "2.0.2"} | given)


def records(client, **given) -> ET.Element:
    response = sent(client, **{"request": "GetRecords", "typeNames": "csw:Record", "resultType": "hits"} | given)
    assert response.status_code == 200, response.content.decode()[:1500]
    return ET.fromstring(response.content)


def post(client, body: str):
    return client.post("/csw", body.encode(), content_type="application/xml")


def query(constraint: str = "", sort: str = "", elements: str = "full", **attributes: str) -> str:
    told = "".join(
        f' {name}="{value}"' for name, value in ({"resultType": "results", "maxRecords": "50"} | attributes).items()
    )
    wanted = f'<csw:Constraint version="1.1.0">{constraint}</csw:Constraint>' if constraint else ""
    return (
        f'<csw:GetRecords {SPACES}{told}><csw:Query typeNames="csw:Record"><csw:ElementSetName>{elements}</csw:ElementSetName>'
        f"{wanted}{sort}</csw:Query></csw:GetRecords>"
    )


def filtered(condition: str) -> str:
    return query(f"<ogc:Filter>{condition}</ogc:Filter>")


def compared(name: str, field: str, value: str, more: str = "") -> str:
    literal = f"<ogc:Literal>{value}</ogc:Literal>"
    return f"<ogc:{name}{more}><ogc:PropertyName>{field}</ogc:PropertyName>{literal}</ogc:{name}>"


def matched(root: ET.Element) -> int:
    return int(root.find(f"{CSW}SearchResults").get("numberOfRecordsMatched"))


def titles(root: ET.Element) -> list[str]:
    return [one.text for one in root.iter(f"{DC}title")]


def slugs(root: ET.Element, datasets) -> list[str]:
    names = {one.uid: one.slug for one in datasets.values()}
    return [names[one.text] for one in root.iter(f"{DC}identifier")]


LIKE = ' wildCard="*" singleChar="?" escapeChar="\\"'
ENVELOPE = "<gml:Envelope{crs}><gml:lowerCorner>{low}</gml:lowerCorner><gml:upperCorner>{high}</gml:upperCorner></gml:Envelope>"
BOX = f"<ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName>{ENVELOPE}</ogc:BBOX>"
WITHIN = f"<ogc:Within><ogc:PropertyName>apiso:BoundingBox</ogc:PropertyName>{ENVELOPE}</ogc:Within>"
BUDGET, ARBRES = (
    compared("PropertyIsEqualTo", "dc:title", "Budget"),
    compared("PropertyIsEqualTo", "dc:title", "Arbres"),
)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (compared("PropertyIsLike", "csw:AnyText", "*CYCLABLES*", LIKE), ["pistes"]),
        (compared("PropertyIsLike", "csw:AnyText", "voies vertes", LIKE), ["pistes"]),  # MetaSearch sends no mark
        (compared("PropertyIsLike", "csw:AnyText", "ete", LIKE), ["pistes"]),
        (compared("PropertyIsLike", "csw:AnyText", "p?stes*verte", LIKE), ["pistes"]),
        (compared("PropertyIsLike", "csw:AnyText", "100%", LIKE), []),
        (compared("PropertyIsEqualTo", "csw:AnyText", "arbres"), ["arbres"]),
        (compared("PropertyIsLike", "dc:title", "pistes*", LIKE), ["pistes"]),
        (compared("PropertyIsLike", "dc:title", "pistes*", LIKE + ' matchCase="true"'), []),
        (compared("PropertyIsEqualTo", "apiso:Title", "Arbres"), ["arbres"]),
        (compared("PropertyIsEqualTo", "dc:title", "ARBRES", ' matchCase="false"'), ["arbres"]),
        (compared("PropertyIsEqualTo", "dc:subject", "vélo"), ["pistes"]),
        (compared("PropertyIsLike", "dc:subject", "*transport*", LIKE), ["pistes"]),
        (compared("PropertyIsEqualTo", "dc:type", "dataset"), ALL),
        (compared("PropertyIsGreaterThan", "dct:modified", "2020-01-01"), ALL),
        (compared("PropertyIsLessThan", "apiso:TempExtent_begin", "2021-01-01"), ["pistes", "alarmes"]),
        (f"<ogc:Not>{compared('PropertyIsLike', 'dc:title', 'a*', LIKE)}</ogc:Not>", ["pistes", "budget"]),
        (f"<ogc:Or>{BUDGET}{ARBRES}</ogc:Or>", ["arbres", "budget"]),
        ("<ogc:PropertyIsNull><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName></ogc:PropertyIsNull>", ["alarmes", "budget"]),
        (BOX.format(crs=' srsName="urn:ogc:def:crs:EPSG::4326"', low="47 -2", high="48 -1"), ["pistes"]),
        (BOX.format(crs="", low="47 -2", high="48 -1"), ["pistes"]),
        (BOX.format(crs=' srsName="urn:ogc:def:crs:OGC:1.3:CRS84"', low="-2 47", high="-1 48"), ["pistes"]),
        (BOX.format(crs=' srsName="EPSG:4326"', low="-2 47", high="-1 48"), ["pistes"]),
        (WITHIN.format(crs=' srsName="urn:ogc:def:crs:EPSG::4326"', low="40 -10", high="55 10"), ["pistes", "arbres"]),
    ],
)  # fmt: skip
def test_filters(client, datasets, condition, found):
    response = post(client, filtered(condition))
    assert response.status_code == 200, response.content.decode()
    assert slugs(ET.fromstring(response.content), datasets) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("csw:AnyText LIKE '%velo%'", ["pistes"]),
        ("AnyText = 'arbres'", ["arbres"]),
        ("dc:title LIKE 'ARB%' OR dc:title = 'Budget'", ["arbres", "budget"]),
        ("BBOX(ows:BoundingBox, 47, -2, 48, -1)", ["pistes"]),
        ("BBOX(ows:BoundingBox, 47, -2, 48, -1, 'EPSG:4326') AND NOT dc:title = 'x'", ["pistes"]),
        ("INTERSECTS(apiso:BoundingBox, POINT(47.2 -1.5))", ["pistes"]),
        ("dc:title = 'BBOX(x, 1, 2, 3, 4)'", []),
        ("dct:modified > DATE('2020-01-01') AND dc:type = 'dataset'", ALL),
        ("dc:subject IN ('vélo', 'x')", ["pistes"]),
        ("apiso:TempExtent_begin IS NULL", ["budget"]),
    ],
)
def test_cql(client, datasets, text, found):
    root = records(
        client,
        constraint=text,
        constraintLanguage="CQL_TEXT",
        resultType="results",
        maxRecords="50",
        elementSetName="brief",
    )
    assert slugs(root, datasets) == found
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    posted = ET.fromstring(post(client, query(f"<csw:CqlText>{escaped}</csw:CqlText>")).content)
    assert slugs(posted, datasets) == found


def test_a_filter_may_come_in_an_address(client, datasets):
    condition = f"<ogc:Filter {SPACES}>{compared('PropertyIsEqualTo', 'dc:title', 'Arbres')}</ogc:Filter>"
    assert matched(records(client, constraint=condition, constraintLanguage="FILTER")) == 1


def test_order_and_positions(client, datasets):
    root = records(client, resultType="results", sortBy="dc:title:D", maxRecords="2", elementSetName="brief")
    results = root.find(f"{CSW}SearchResults")
    assert slugs(root, datasets) == ["pistes", "budget"]
    told = {
        name: results.get(name)
        for name in ("numberOfRecordsMatched", "numberOfRecordsReturned", "nextRecord", "elementSet")
    }
    assert told == {
        "numberOfRecordsMatched": "4",
        "numberOfRecordsReturned": "2",
        "nextRecord": "3",
        "elementSet": "brief",
    }
    last = records(client, resultType="results", sortBy="dc:title:D", startPosition="3", elementSetName="brief")
    assert slugs(last, datasets) == ["arbres", "alarmes"]
    assert last.find(f"{CSW}SearchResults").get("nextRecord") == "0"
    sort = (
        "<ogc:SortBy><ogc:SortProperty><ogc:PropertyName>apiso:Title</ogc:PropertyName><ogc:SortOrder>ASC</ogc:SortOrder>"
        "</ogc:SortProperty></ogc:SortBy>"
    )
    assert slugs(ET.fromstring(post(client, query(sort=sort)).content), datasets) == [
        "alarmes",
        "arbres",
        "budget",
        "pistes",
    ]
    hits = records(client).find(f"{CSW}SearchResults")
    assert (hits.get("numberOfRecordsReturned"), len(hits)) == ("0", 0)
    beyond = records(client, resultType="results", startPosition="1000").find(f"{CSW}SearchResults")
    assert (beyond.get("numberOfRecordsReturned"), beyond.get("nextRecord")) == ("0", "0")


def test_one_record_by_its_identifiers(client, datasets):
    uid = datasets["pistes"].uid
    for wanted in (uid, "pistes"):
        root = ET.fromstring(sent(client, request="GetRecordById", id=wanted, elementSetName="full").content)
        assert titles(root) == ["Pistes cyclables d’été"]
    two = ET.fromstring(sent(client, request="GetRecordById", id=f"{uid},{datasets['arbres'].uid},rien").content)
    assert len(list(two)) == 2
    iso = ET.fromstring(sent(client, request="GetRecordById", id=uid, outputSchema=ISO).content)
    assert [one.tag for one in iso] == [f"{GMD}MD_Metadata"]
    assert iso[0].find(f"{GMD}fileIdentifier/{GCO}CharacterString").text == uid
    body = f"<csw:GetRecordById {SPACES}><csw:Id>{uid}</csw:Id><csw:ElementSetName>brief</csw:ElementSetName></csw:GetRecordById>"
    assert slugs(ET.fromstring(post(client, body).content), datasets) == ["pistes"]


def test_domains_are_those_of_what_is_known(client, datasets):
    def values(**given):
        root = ET.fromstring(sent(client, request="GetDomain", **given).content)
        return [one.text for one in root.iter(f"{CSW}Value")]

    assert values(propertyName="dc:title") == ["Alarmes", "Arbres", "Budget", "Pistes cyclables d’été"]
    assert "vélo" in values(propertyName="dc:subject")
    assert values(parameterName="GetRecords.resultType") == ["hits", "results", "validate"]
    assert values(parameterName="rien") == []
    assert sent(client, request="GetDomain", propertyName="csw:AnyText").status_code == 400


def test_every_answer_is_valid(client, datasets):
    """By the schemas of the standard: of CSW, of OWS, of Dublin Core, of ISO 19139."""
    everything = {"request": "GetRecords", "typeNames": "csw:Record", "resultType": "results", "maxRecords": "50"}
    answers = {
        "capabilities": sent(client, request="GetCapabilities"),
        "describe": sent(client, request="DescribeRecord"),
        "domain": sent(client, request="GetDomain", propertyName="dc:publisher", parameterName="GetRecords.outputSchema"),
        "hits": sent(client, request="GetRecords", typeNames="gmd:MD_Metadata"),
        "refusal": sent(client, request="GetRecords", typeNames="x"),
        "absent": sent(client, request="GetRecordById", id="rien"),
        **{f"dc {one}": sent(client, elementSetName=one, **everything) for one in ("brief", "summary", "full")},
        **{f"iso {one}": sent(client, elementSetName=one, outputSchema=ISO, **everything) for one in ("brief", "summary", "full")},
        **{f"alone {one}": client.get(f"/explore/dataset/{one}/iso19139.xml") for one in ALL},
    }  # fmt: skip
    assert ET.fromstring(answers["refusal"].content).tag == f"{OWS}ExceptionReport"
    texts = {name: response.content.decode() for name, response in answers.items()}
    judged = json.loads(PYCSW.run(CLIENTS / "validate.py", text=json.dumps(texts)))
    assert judged == {name: [] for name in texts}
