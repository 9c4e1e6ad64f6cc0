"""What is sent to break: entities, depth, size, filters made to last, texts that no XML holds."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.publish.records.conftest import HERE
from tests.publish.records.territory import changed
from tests.publish.records.test_csw import OWS, SPACES, compared, filtered, post, query, sent

LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BODIES = {
    "entities": LAUGHS + query("<csw:CqlText>&b;</csw:CqlText>"),
    "file": '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + query("<csw:CqlText>&x;</csw:CqlText>"),
    "address": '<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">' + query(),
    "depth": "<a>" * 5_000 + "</a>" * 5_000,
    "many": f"<csw:GetRecords {SPACES}>" + "<a/>" * 30_000 + "</csw:GetRecords>",
    "large": query(f"<csw:CqlText>{'x' * 1_100_000}</csw:CqlText>"),
    "not closed": query()[:-5],
    "nothing": "",
    "not xml": "request=GetRecords",
    "bytes": "\x00\x01\x02",
    "another standard": '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0"/>',
    "another operation": f"<csw:Transaction {SPACES}/>",
    "harvest": f"<csw:Harvest {SPACES}><csw:Source>http://127.0.0.1:9/</csw:Source></csw:Harvest>",
    "nots": filtered("<ogc:Not>" * 50 + compared("PropertyIsEqualTo", "dc:title", "x") + "</ogc:Not>" * 50),
    "wide": filtered("<ogc:Or>" + compared("PropertyIsEqualTo", "dc:title", "x") * 1_100 + "</ogc:Or>"),
    "cql nots": query(f"<csw:CqlText>{'NOT ' * 500}dc:title = 'x'</csw:CqlText>"),
    "cql quotes": query(f"<csw:CqlText>{chr(39) * 20_001}</csw:CqlText>"),
    "cql boxes": query(f"<csw:CqlText>{'BBOX(a,1,2,3,' * 2_000}</csw:CqlText>"),
    "no property": filtered("<ogc:PropertyIsLike><ogc:Literal>x</ogc:Literal></ogc:PropertyIsLike>"),
    "no literal": filtered("<ogc:PropertyIsLike><ogc:PropertyName>csw:AnyText</ogc:PropertyName></ogc:PropertyIsLike>"),
    "empty filter": filtered(""),
    "unknown property": filtered(compared("PropertyIsEqualTo", "dc:secret", "x")),
    "column": filtered(compared("PropertyIsEqualTo", "visibility", "private")),
    "quoted": filtered(compared("PropertyIsEqualTo", '"; DROP TABLE x; --', "x")),
    "box": filtered("<ogc:BBOX><gml:Envelope><gml:lowerCorner>nan inf</gml:lowerCorner><gml:upperCorner>1e400 x</gml:upperCorner>"
                    "</gml:Envelope></ogc:BBOX>"),
}  # fmt: skip


def refused(response) -> str:
    """The code of the report."""
    assert 400 <= response.status_code < 500, (response.status_code, response.content[:500])
    root = ET.fromstring(response.content)
    assert root.tag == f"{OWS}ExceptionReport"
    assert b"/etc/passwd" not in response.content
    return root[0].get("exceptionCode")


@pytest.mark.parametrize("name", [one for one in BODIES if one != "no literal"])
def test_bodies(client, datasets, name):
    refused(post(client, BODIES[name]))


def test_a_search_without_a_word_finds_everything_or_is_refused(client, datasets):
    assert post(client, BODIES["no literal"]).status_code in (200, 400)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "MissingParameterValue"),
        ({"request": "Drop"}, "OperationNotSupported"),
        ({"request": "GetCapabilities", "service": "WFS"}, "InvalidParameterValue"),
        ({"request": "GetCapabilities", "acceptVersions": "3.0.0"}, "VersionNegotiationFailed"),
        ({"request": "GetRecords"}, "MissingParameterValue"),
        ({"request": "GetRecords", "typeNames": "x:y"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "version": "3.0.0"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "outputSchema": "http://x"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "outputFormat": "application/json"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "elementSetName": "all"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "resultType": "all"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "startPosition": "0"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "startPosition": "9" * 30}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "maxRecords": "-1"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "sortBy": "dc:nothing:A"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "sortBy": "dc:subject:A"}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "constraint": "dc:title ="}, "InvalidParameterValue"),
        ({"request": "GetRecords", "typeNames": "csw:Record", "constraint": "x", "constraintLanguage": "SQL"},
         "InvalidParameterValue"),
        ({"request": "GetRecordById"}, "MissingParameterValue"),
        ({"request": "GetRecordById", "id": ",".join(map(str, range(1_000)))}, "InvalidParameterValue"),
        ({"request": "DescribeRecord", "typeName": "x:y"}, "InvalidParameterValue"),
        ({"request": "GetDomain"}, "MissingParameterValue"),
    ],
)  # fmt: skip
def test_faults_have_their_code(client, datasets, given, code):
    assert refused(sent(client, **given)) == code


def test_methods(client, datasets):
    assert client.put("/csw").status_code == 405
    options = client.options("/csw")
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    assert client.head("/csw", {"request": "GetCapabilities"}).content == b""


def test_what_people_wrote_never_breaks_a_document(client, datasets):
    """Characters that XML cannot hold, and those that mean something in it."""
    wrote = "a\x00b\x0bc\ufffe <gmd:x>&amp; ]]> \"'"
    changed(datasets["arbres"], title=wrote[2:200], description=wrote[2:], keywords=[wrote[2:]])
    for schema in ("http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd"):
        root = ET.fromstring(
            sent(client, request="GetRecordById", id="arbres", outputSchema=schema, elementSetName="full").content
        )
        assert "<gmd:x>&amp; ]]>" in "".join(root.itertext())
    assert client.get(f"{HERE}/items/arbres", {"f": "html"}).status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["q", "ids", "type", "externalIds", "bbox",
                         "datetime", "filter", "sortby", "cursor", "limit", "offset", "title"]),
    value=st.text(max_size=40) | st.sampled_from(["%", "_", "\\", "'", "a,,b", "../..", "-180,-90,180,90", "1e999,0,1,1", "dcat:"]),
    constraint=st.text(max_size=40),
)  # fmt: skip
def test_random_questions_are_answered_or_refused(client, datasets, name, value, constraint):
    assert client.get(f"{HERE}/items", {name: value}).status_code in (200, 400)
    assert sent(client, request="GetRecords", typeNames="csw:Record", constraint=constraint).status_code in (200, 400)
