"""Questions made to find out what is kept: by the name of a hidden column, by the values and places of hidden rows, by order,
pages, summaries. A name that is hidden is answered as one that does not exist; a row that is hidden changes no answer."""

from __future__ import annotations

import json
import re

import pytest

from tests.security.gis.test_two_worlds import AROUND, BOX, READERS, STATISTICS, same
from tests.security.gis.world import arcgis, first, items, ows
from tests.security.hidden.world import World, readable

pytestmark = pytest.mark.django_db
FES = (
    '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:{kind}><fes:ValueReference>{name}</fes:ValueReference>'
    "<fes:Literal>{value}</fes:Literal></fes:{kind}></fes:Filter>"
)


QUICK = frozenset(
    {
        "filter height",
        "page",
        "crossing",
        "arcgis one",
        "arcgis groups",
        "few",
        "all",
        "around",
        "filter",
        "tile properties",
        "map",
        "wfs values",
        "arcgis order",
        "arcgis sum",
        "places",
    }
)


def statistic(kind: str, name: str) -> str:
    return json.dumps([{"statisticType": kind, "onStatisticField": name, "outStatisticFieldName": "n"}])


def about(name: str) -> dict[str, str]:
    """Questions about a column of that name, of the trees."""
    return {
        "equal": items("arbres", **{name: "7654321"}),
        "filter": items("arbres", filter=f"{name} > 6000000"),
        "filter is null": items("arbres", filter=f"{name} IS NULL"),
        "json": items("arbres", filter=json.dumps({"op": "<", "args": [{"property": name}, 1]}), **{"filter-lang": "cql2-json"}),
        "sort": items("arbres", sortby=name),
        "properties": items("arbres", properties=name),
        "tile": f"/tiles/arbres/0/0/0.mvt?filter={name}>1",
        "tile properties": f"/tiles/arbres/0/0/0.mvt?properties={name}",
        "tile equal": f"/tiles/arbres/0/0/0.mvt?{name}=1",
        "tilejson": f"/tiles/arbres.json?filter={name}>1",
        "tilejson properties": f"/tiles/arbres.json?properties={name}",
        "map": ows("wms", "GetMap", layers="arbres", styles="", cql_filter=f"{name}>1", **AROUND),
        "wfs": ows("wfs", "GetFeature", version="2.0.0", typenames="arbres",
                   filter=FES.format(kind="PropertyIsGreaterThan", name=name, value="1")),
        "wfs sort": ows("wfs", "GetFeature", version="2.0.0", typenames="arbres", sortby=name),
        "wfs properties": ows("wfs", "GetFeature", version="2.0.0", typenames="arbres", propertyname=name),
        "wfs values": ows("wfs", "GetPropertyValue", version="2.0.0", typenames="arbres", valuereference=name),
        "arcgis": arcgis("arbres", where=f"{name} > 1"),
        "arcgis folded": arcgis("arbres", where=f"UPPER({name}) LIKE 'A%'"),
        "arcgis fields": arcgis("arbres", where="1=1", outFields=name),
        "arcgis order": arcgis("arbres", where="1=1", orderByFields=name),
        "arcgis sum": arcgis("arbres", where="1=1", outStatistics=statistic("max", name)),
        "arcgis groups": arcgis("arbres", where="1=1", outStatistics=STATISTICS, groupByFieldsForStatistics=name),
        "arcgis distinct": arcgis("arbres", where="1=1", outFields=name, returnDistinctValues="true"),
        "page": f"/explore/dataset/arbres/map/?min_{name}=1",
        "places": f"/explore/dataset/arbres/map/places/?bbox={BOX}&min_{name}=1",
        "map tile": f"/explore/dataset/arbres/map/tiles/0/0/0.mvt?f_{name}=1",
    }  # fmt: skip


@pytest.mark.parametrize("door", first(QUICK, about("x")))
def test_a_hidden_column_is_one_that_does_not_exist(world: World, door: str) -> None:
    world.become("a")
    for reader in READERS:
        (status, body, _), (its_status, its_body, _) = (
            world.ask(reader, about(name)[door]) for name in ("prix", "prux")
        )
        assert (status, plain(body)) == (its_status, plain(its_body))


def plain(body: bytes) -> str:
    return re.sub(r"version=\w+|timeStamp=\S+", "", readable(body).replace("prux", "prix"))


VALUES = {
    "filter": items("arbres", filter="espece = 'frêne' OR espece = 'saule'"),
    "filter height": items("arbres", filter="hauteur > 50", resultType="hits"),
    "one": items("arbres", code="Z1"),
    "last first": items("arbres", sortby="-hauteur", limit="3"),
    "page": items("arbres", offset="1", limit="2"),
    "time": items("arbres", datetime="2029-01-01/.."),
    "there": items("arbres", bbox="-1.75,47.05,-1.6,47.15"),
    "near": items("arbres", filter="distance(centre, POINT(-1.7 47.1)) < 5000"),
    "parcels": items("parcelles", filter="S_INTERSECTS(contour, POLYGON((-1.6 47.1,-1.5 47.1,-1.5 47.3,-1.6 47.3,-1.6 47.1)))"),
    "crossing": items("parcelles", filter="S_OVERLAPS(contour, POLYGON((-1.6 47.1,-1.549 47.1,-1.549 47.3,-1.6 47.3,-1.6 47.1)))"),
    "largest": items("parcelles", sortby="-surface", limit="1"),
    "parcels by image": ows("wms", "GetMap", layers="parcelles,arbres", styles=",", cql_filter="code <> 'x'", **AROUND),
    "point in parcel": ows("wms", "GetFeatureInfo", layers="parcelles", query_layers="parcelles", feature_count="9",
                           info_format="text/plain", i="9", j="51", **AROUND),
    "wfs values": ows("wfs", "GetPropertyValue", version="2.0.0", typenames="arbres", valuereference="espece"),
    "wfs sort": ows("wfs", "GetFeature", version="2.0.0", typenames="arbres", sortby="hauteur DESC", count="2"),
    "wfs box": ows("wfs", "GetFeature", version="2.0.0", typenames="parcelles", bbox="47.0,-1.8,47.15,-1.1", resulttype="hits"),
    "arcgis order": arcgis("arbres", where="1=1", orderByFields="hauteur DESC", resultRecordCount="2", outFields="*"),
    "arcgis offset": arcgis("arbres", where="1=1", resultOffset="7", resultRecordCount="2", outFields="*"),
    "arcgis one": arcgis("arbres", objectIds="1,2,3", outFields="*"),
    "arcgis numbers": arcgis("parcelles", where="surface < 71", returnIdsOnly="true"),
    "arcgis max": arcgis("arbres", where="1=1", outStatistics=statistic("max", "hauteur")),
    "arcgis groups": arcgis("arbres", where="1=1", outStatistics=STATISTICS, groupByFieldsForStatistics="espece"),
    "arcgis distinct": arcgis("arbres", where="1=1", outFields="espece,insee", returnDistinctValues="true"),
    "arcgis extent": arcgis("parcelles", where="surface > 1", returnExtentOnly="true"),
    "arcgis few": arcgis("foyers", where="quartier <> 'Nord'", returnCountOnly="true"),
    "arcgis sum of few": arcgis("foyers", where="quartier <> 'Nord'", outStatistics=statistic("sum", "revenu")),
    "few": items("foyers", filter="quartier <> 'Nord'", resultType="hits"),
    "few by group": arcgis("foyers", where="1=1", outStatistics=STATISTICS, groupByFieldsForStatistics="quartier"),
    "places": f"/explore/dataset/parcelles/map/places/?bbox={BOX}",
    "places found": f"/explore/dataset/arbres/map/places/?bbox={BOX}&q=saule",
    "tile": "/explore/dataset/arbres/map/tiles/0/0/0.mvt?q=saule",
    "drawn": "/tiles/parcelles/12/2030/1437.mvt?filter=surface<100",
}  # fmt: skip


@pytest.mark.parametrize("door", first(QUICK, VALUES))
def test_hidden_rows_change_no_answer(world: World, door: str) -> None:
    same(world, VALUES[door])


HERE = "/records/collections/catalogue/items"
CATALOGUE = {
    "all": f"{HERE}?limit=100",
    "there": f"{HERE}?bbox=-1.22,47.34,-1.15,47.4",
    "around": f"{HERE}?bbox=-1.8,47.0,-1.61,47.12",
    "words": f"{HERE}?q=prix",
    "values": f"{HERE}?q=saule",
    "within": f"{HERE}?filter=S_WITHIN(geometry,BBOX(-1.75,46.9,-1.4,47.31))",
    "csw": "/csw?service=CSW&version=2.0.2&request=GetRecords&typenames=csw:Record&resulttype=results&elementsetname=full",
    "iso": "/csw?service=CSW&version=2.0.2&request=GetRecords&typenames=gmd:MD_Metadata&resulttype=results&elementsetname=full"
           "&outputschema=http://www.isotc211.org/2005/gmd",
    "csw there": "/csw?service=CSW&version=2.0.2&request=GetRecords&typenames=csw:Record&resulttype=hits"
                 "&constraintlanguage=CQL_TEXT&constraint=BBOX(ows:BoundingBox,-1.22,47.34,-1.15,47.4)",
    "domain": "/csw?service=CSW&version=2.0.2&request=GetDomain&propertyname=dc:subject",
    "wfs": ows("wfs", "GetCapabilities"), "wms": ows("wms", "GetCapabilities"), "wmts": ows("wmts", "GetCapabilities"),
    "collections": "/ogc/collections", "api": "/ogc/api", "arcgis": "/arcgis/rest/services?f=json",
    "layers": "/arcgis/rest/services/arbres/FeatureServer/layers?f=json",
}  # fmt: skip
UNSAID = frozenset({"there", "around", "within", "words", "values", "domain", "api", "arcgis", "csw there"})
"""Of which the steward is told nothing that differs: bounds of what is kept from somebody are not in the catalogue."""


@pytest.mark.parametrize("door", first(QUICK, CATALOGUE))
def test_the_catalogue_tells_nothing_of_what_is_kept(world: World, door: str) -> None:
    same(world, CATALOGUE[door], steward=door not in UNSAID)
