"""Styles read and written, without a server: what other software writes, what is refused, what comes back as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.catalog.styles.drawings import SOURCE
from bocage.catalog.styles.errors import StyleFromElsewhere, StyleNotRead, StyleRefused, StyleTooLarge
from bocage.catalog.styles.maplibre import layers_of
from bocage.catalog.styles.maplibre_reading import read_maplibre, texts_of
from bocage.catalog.styles.sld_reading import read_sld
from bocage.catalog.styles.sld_writing import sld_of
from bocage.catalog.styles.symbols import (
    Between,
    Compare,
    Fill,
    Group,
    Label,
    Line,
    Mark,
    Missing,
    Not,
    Rule,
    Stroke,
    Surface,
    named_by,
)
from bocage.catalog.styles.usual import usual_rules
from bocage.catalog.vocabulary import FieldType as T
from tests.publish.styles.documents import GEOSERVER, QGIS, layer, one_rule

TYPES = {"kind": T.STRING, "n": T.INTEGER, "ouvert": T.BOOLEAN}
PLAIN = "<PolygonSymbolizer><Fill/></PolygonSymbolizer>"


def test_what_geoserver_writes():
    reading = read_sld(GEOSERVER.encode())
    old, others = reading.rules
    assert (old.title, old.farthest, old.nearest) == ("Chênes anciens", 100_000, None)
    assert old.condition == Group("all", (Compare("=", "kind", "chêne"), Compare(">", "n", "500")))
    assert old.symbols == (Mark("square", 10, Fill("#ff0000", 0.5), Stroke("#000000", 2)),)
    assert others.condition == Not(Group("any", (old.condition,)))
    assert others.symbols[1] == Label("kind", 11, "#333333", "")
    assert named_by(reading.rules) == {"kind", "n"}


def test_what_qgis_writes():
    (rule,) = read_sld(QGIS.encode()).rules
    assert rule.title == "Zone inondable"
    assert rule.condition == Group("any", (Between("n", "1", "5"), Not(Missing("kind"))))
    assert rule.symbols == (Surface(Fill("#a6cee3"), Stroke("#232323", 1, 1, (4, 2))),)


def test_values_are_compared_in_the_type_of_their_field():
    rule = Rule("", (Surface(Fill("#112233")),), Group("any", (
        Compare("=", "n", "5"), Compare("=", "kind", "5"), Compare("=", "ouvert", "true"), Compare("<", "n", "many"),
    )))  # fmt: skip
    grouped, drawn = layers_of([rule], TYPES, SOURCE, "arbres")
    assert grouped["id"] == "groups-area"  # surfaces that stand for several: of no class
    parts = drawn["filter"][2][1:]
    assert parts[:3] == [["==", ["get", "n"], 5.0], ["==", ["get", "kind"], "5"], ["==", ["get", "ouvert"], True]]
    assert parts[3][2] == ["<", ["get", "n"], "many"]


def test_what_is_left_out_is_told():
    picture = (
        "<PointSymbolizer><Graphic><Mark><WellKnownName>ttf://x</WellKnownName></Mark></Graphic></PointSymbolizer>"
    )
    assert "ttf://x" in read_sld(one_rule(picture)).ignored
    assert "RasterSymbolizer" in read_sld(one_rule(PLAIN + "<RasterSymbolizer/>")).ignored


ATTACKS = {
    "billion laughs": '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>' + GEOSERVER.partition("?>")[2],
    "a file": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><StyledLayerDescriptor>&b;</StyledLayerDescriptor>',
    "a document type": '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">' + GEOSERVER.partition("?>")[2],
    "deep": "<a>" * 5_000 + "</a>" * 5_000,
    "wide": f"<a>{'<b/>' * 30_000}</a>",
    "not XML": "<StyledLayerDescriptor",
    "empty": "",
    "another root": "<svg/>",
    "nothing": "<StyledLayerDescriptor/>",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_documents_that_are_refused(name):
    with pytest.raises(StyleNotRead):
        read_sld(ATTACKS[name].encode())


@pytest.mark.parametrize("inside", [
    "<PointSymbolizer><Graphic><Size>5</Size></Graphic></PointSymbolizer>",
    '<PolygonSymbolizer><Fill><CssParameter name="fill">red;</CssParameter></Fill></PolygonSymbolizer>',
    '<PolygonSymbolizer><Fill><CssParameter name="fill-opacity">nan</CssParameter></Fill></PolygonSymbolizer>',
    '<LineSymbolizer><Stroke><CssParameter name="stroke-width">-1</CssParameter></Stroke></LineSymbolizer>',
    f"<ogc:Filter><ogc:PropertyIsLike/></ogc:Filter>{PLAIN}",
    f"<ogc:Filter><ogc:BBOX/></ogc:Filter>{PLAIN}",
    f"<ogc:Filter><ogc:And/></ogc:Filter>{PLAIN}",
    f"<ogc:Filter/>{PLAIN}",
    f"<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>a</ogc:PropertyName><ogc:Function/></ogc:PropertyIsEqualTo></ogc:Filter>{PLAIN}",
    f"<MinScaleDenominator>inf</MinScaleDenominator>{PLAIN}",
    "",
])  # fmt: skip
def test_rules_that_are_refused(inside):
    """A condition that is not understood must not draw everything."""
    with pytest.raises(StyleNotRead):
        read_sld(one_rule(inside))


def test_pictures_from_elsewhere_are_refused():
    picture = '<ExternalGraphic><OnlineResource xlink:href="https://tracker.example/a.png"/></ExternalGraphic>'
    with pytest.raises(StyleFromElsewhere):
        read_sld(one_rule(f"<PointSymbolizer><Graphic>{picture}</Graphic></PointSymbolizer>"))


letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn", "Zs", "Zl", "Zp"))
names = st.text(letters, min_size=1, max_size=12)
colors = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
shares = st.integers(0, 20).map(lambda one: one / 20)
lengths = st.integers(4, 400).map(lambda one: one / 4)
fills = st.builds(Fill, colors, shares)
strokes = st.builds(Stroke, colors, lengths, shares, st.lists(lengths, max_size=4).map(tuple))
conditions = st.recursive(
    st.builds(Compare, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), names, names)
    | st.builds(Between, names, names, names) | st.builds(Missing, names),
    lambda inner: st.builds(Group, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple))
    | st.builds(Not, inner),
    max_leaves=6,
)  # fmt: skip
symbols = (
    st.builds(Surface, fills, st.none() | strokes) | st.builds(Line, strokes)
    | st.builds(Mark, st.sampled_from(["circle", "square", "star"]), lengths, st.none() | fills, st.none() | strokes)
    | st.builds(Label, names, lengths, colors, colors | st.just(""))
)  # fmt: skip
scales = st.none() | st.integers(1, 10**8).map(float)
rules = st.builds(
    Rule, names, st.lists(symbols, min_size=1, max_size=3).map(tuple), st.none() | conditions, scales, scales
)


@settings(max_examples=60, deadline=None)
@given(st.lists(rules, min_size=1, max_size=4))
def test_what_is_written_is_read_back(written):
    reading = read_sld(sld_of(written, "arbres", "Titre"))
    assert list(reading.rules) == written
    assert not reading.ignored


@settings(max_examples=40, deadline=None)
@given(st.lists(rules, min_size=1, max_size=4))
def test_layers_of_rules_are_layers_that_are_accepted(written):
    drawn = layers_of(written, TYPES, SOURCE, "arbres")
    sent = json.dumps({"version": 8, "layers": drawn})
    try:
        kept = read_maplibre(sent.encode())
    except StyleRefused as error:
        pytest.fail(str(error)) if not isinstance(error, StyleFromElsewhere) else None
        return
    assert [one["id"] for one in kept] == [one["id"] for one in drawn]
    assert named_by(written) <= texts_of(kept)


HOSTILE = {
    "not JSON": b"{",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "another version": json.dumps({"version": 7, "layers": [layer()]}).encode(),
    "without layers": json.dumps({"version": 8}).encode(),
    "no layer": json.dumps({"version": 8, "layers": []}).encode(),
    "infinite": b'{"version": 8, "layers": [{"id": "a", "type": "fill", "paint": {"fill-opacity": Infinity}}]}',
    "overflowing": b'{"version": 8, "layers": [{"id": "a", "type": "fill", "paint": {"fill-opacity": 1e999}}]}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_styles_that_cannot_be_read(name):
    with pytest.raises(StyleRefused):
        read_maplibre(HOSTILE[name])


@pytest.mark.parametrize("changed", [
    {"type": "raster"}, {"type": "background"}, {"type": "custom"}, {"id": ""}, {"id": 3}, {"paint": []}, {"layout": "x"},
    {"minzoom": -1}, {"maxzoom": 99}, {"minzoom": True}, {"filter": "x"}, {"ref": "other"}, {"onAdd": "function"},
])  # fmt: skip
def test_layers_that_are_refused(changed):
    with pytest.raises(StyleNotRead):
        read_maplibre(json.dumps({"version": 8, "layers": [layer(**changed)]}).encode())


@pytest.mark.parametrize("address", [
    "https://elsewhere.example/a.png", "//elsewhere.example/a", "HTTP ://x", "http://x", "data:image/png;base64,AA", "mapbox://sprites",
    "javascript:alert(1)", "url(x)", " //x",
])  # fmt: skip
def test_addresses_are_refused_wherever_they_are(address):
    for one in (layer(paint={"x": address}), layer(filter=["==", ["get", "a"], ["literal", [address]]]),
                layer(layout={address: 1}), layer(metadata={"a": {"b": address}}), layer(id=address)):  # fmt: skip
        if address == "HTTP ://x":
            continue
        with pytest.raises(StyleFromElsewhere):
            read_maplibre(json.dumps({"version": 8, "layers": [one]}).encode())


def test_bounds():
    for layers in (
        [layer(id=str(rank)) for rank in range(101)],
        [layer(paint={"x": ["a"] * 30_000})],
        [layer(paint={"x": "a" * 3_000})],
        [layer(paint={"x": json.loads("[" * 30 + "]" * 30)})],
    ):
        with pytest.raises(StyleTooLarge):
            read_maplibre(json.dumps({"version": 8, "layers": layers}).encode())
    with pytest.raises(StyleNotRead):
        read_maplibre(json.dumps({"version": 8, "layers": [layer(), layer()]}).encode())


def test_sources_are_ours_alone():
    document = {
        "version": 8,
        "sources": {"x": {"type": "vector", "url": "https://elsewhere.example"}},
        "layers": [layer(source="x", **{"source-layer": "y"})],
    }
    assert read_maplibre(json.dumps(document).encode()) == [layer()]


@pytest.mark.parametrize(("kinds", "types"), [
    (["Polygon"], {"fill", "line"}), (["MultiPolygon", "Point"], {"fill", "line", "circle", "symbol"}),
    (["MultiLineString"], {"line"}), ([], {"fill", "line", "circle", "symbol"}),
])  # fmt: skip
def test_the_usual_style_draws_what_is_there(kinds, types):
    assert {one["type"] for one in layers_of(usual_rules(kinds), {}, SOURCE, "x")} == types
