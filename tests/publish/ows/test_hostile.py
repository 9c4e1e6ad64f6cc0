"""XML made to hurt, values made to be pasted, numbers made to overflow: an answer of its own, at once, never a fault of ours."""

# ruff: noqa: E501  documents read better whole

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.publish.ows.errors import OwsError
from bocage.publish.ows.xml import read
from tests.publish.ows.conftest import words

BOMB = '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Filter><Literal>&b;</Literal></Filter>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]><GetFeature><Query typeNames="lieux">&x;</Query></GetFeature>'
EQUAL = (
    "<Filter><PropertyIsEqualTo><ValueReference>{}</ValueReference><Literal>{}</Literal></PropertyIsEqualTo></Filter>"
)
HUGE = (
    "<Filter>"
    + "<And>" * 50
    + "<PropertyIsNull><ValueReference>nom</ValueReference></PropertyIsNull>"
    + "</And>" * 50
    + "</Filter>"
)


@pytest.mark.parametrize(
    "content",
    [BOMB, OUTSIDE, "<!DOCTYPE x><Filter/>", "", "\x00", "<a>", "<a></b>", "<a/><b/>", "<a>" * 100 + "</a>" * 100,
     "<a>" + "<b/>" * 30_000 + "</a>", "x" * 2_000_000, '<?xml version="1.0" encoding="zut"?><a/>', "<a xmlns:x='' x:b='1'/>"],
)  # fmt: skip
def test_documents_that_are_refused(wfs, ask, content):
    with pytest.raises(OwsError):
        read(content.encode())
    posted = ask.client.post("/wfs", content, content_type="text/xml")
    assert posted.status_code == 400
    assert b"root:" not in posted.content


@pytest.mark.parametrize(
    "content",
    [HUGE, EQUAL.format("nom", "'); DROP TABLE x; --"), EQUAL.format('nom" OR 1=1 --', "x"), EQUAL.format("pop", "1e999"), EQUAL.format("pop", "nan"),
     EQUAL.format("jour", "9999-99-99"), "<Filter><zut/></Filter>", "<Filter/>", "<Filter><Not/></Filter>", "<Filter><And/></Filter>",
     "<Filter><BBOX><Envelope><lowerCorner>1</lowerCorner><upperCorner>2 3</upperCorner></Envelope></BBOX></Filter>",
     "<Filter><BBOX><Envelope><lowerCorner>1e300 0</lowerCorner><upperCorner>2 3</upperCorner></Envelope></BBOX></Filter>",
     '<Filter><Intersects><ValueReference>contour</ValueReference><Point srsName="zut"><pos>1 2</pos></Point></Intersects></Filter>',
     '<Filter><Intersects><ValueReference>nom</ValueReference><Point><pos>1 2</pos></Point></Intersects></Filter>',
     "<Filter><Intersects><ValueReference>contour</ValueReference><Polygon><exterior><LinearRing><posList>1 2 3</posList></LinearRing></exterior></Polygon></Intersects></Filter>",
     "<Filter><Intersects><ValueReference>contour</ValueReference><MultiSurface><surfaceMember><Point><pos>1 2</pos></Point></surfaceMember></MultiSurface></Intersects></Filter>",
     "<Filter><Intersects><ValueReference>contour</ValueReference><MultiSurface><surfaceMember><Zut/></surfaceMember></MultiSurface></Intersects></Filter>",
     "<Filter><DWithin><ValueReference>contour</ValueReference><Point><pos>1 2</pos></Point><Distance uom='m'>-1</Distance></DWithin></Filter>",
     "<Filter><DWithin><ValueReference>nom</ValueReference><Point><pos>1 2</pos></Point><Distance uom='m'>1</Distance></DWithin></Filter>",
     "<Filter><PropertyIsLike><ValueReference>nom</ValueReference><Literal>" + "*a" * 2000 + "</Literal></PropertyIsLike></Filter>",
     "<Filter><During><ValueReference>maj</ValueReference><TimePeriod><beginPosition>zut</beginPosition></TimePeriod></During></Filter>",
     "<Filter>" + '<ResourceId rid="lieux.a"/>' * 2000 + "</Filter>"],
)  # fmt: skip
def test_filters_are_answered_or_refused(wfs, content):
    response = wfs.raw(request="GetFeature", typeNames="lieux", resultType="hits", filter=content)
    assert response.status_code in (200, 400), response.content[:500]
    if response.status_code == 200:
        assert b'numberMatched="0"' in response.content


def test_texts_are_written_as_xml_can_hold_them(wfs):
    """A literal with marks of XML finds the text that has them, and none is pasted."""
    assert (
        words(
            wfs(request="GetFeature", typeNames="lieux", filter=EQUAL.format("nom", "&lt;a&gt; &amp; b")),
            ".//bocage:code",
        )
        == []
    )


ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
NAMES = st.sampled_from(
    ["service", "version", "request", "typeNames", "layers", "crs", "srs", "bbox", "width", "height", "format", "count", "startIndex", "srsName",
     "sortBy", "propertyName", "filter", "resourceId", "layer", "tilematrix", "tilerow", "tilecol", "tilematrixset", "i", "j", "query_layers", "language"]
)  # fmt: skip
REQUESTS = st.sampled_from(
    [
        "GetFeature",
        "GetMap",
        "GetFeatureInfo",
        "GetTile",
        "GetCapabilities",
        "DescribeFeatureType",
        "GetLegendGraphic",
        "GetPropertyValue",
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["/wfs", "/wms", "/wmts", "/wfs/lieux", "/wms/lieux"]),
    REQUESTS,
    st.dictionaries(NAMES, ANYTHING | st.integers().map(str), max_size=4),
)
def test_no_request_is_a_fault_of_ours(ask, path, request_, given_):
    always = {"request": request_, "typeNames": "lieux", "layers": "lieux", "query_layers": "lieux", "layer": "lieux", "crs": "CRS:84",
              "bbox": "-2,46,0,48", "width": "16", "height": "16", "i": "1", "j": "1", "count": "2", "valueReference": "nom"}  # fmt: skip
    response = ask.raw(path, **(always | given_))
    assert response.status_code in (200, 400, 404), response.content[:500]
