"""What is drawn is what is there: nothing left out, nothing in another place, whatever the order of the axes."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.publish.ows.painting import Style
from bocage.query import drawings
from bocage.query.coordinates import CRS84, Crs
from bocage.query.drawings import drawing
from bocage.query.relation import DatasetRelation
from bocage.query.windows import Window
from bocage.store.selectors import current_version
from tests.publish.ows.conftest import found, words
from tests.query.table import ROWS

HERE = {"layers": "lieux", "styles": "", "format": "image/png", "transparent": "true"}
DRAWN = [row for row in ROWS if row["contour"] is not None]
BOX = (-2.2, 45.9, 0.2, 48.3)


def relation(slug: str) -> DatasetRelation:
    dataset = Dataset.objects.get(slug=slug)
    version = current_version(dataset)
    assert version is not None
    return DatasetRelation(dataset, version)


def pixels(response) -> np.ndarray:
    assert (response.status_code, response["Content-Type"]) == (200, "image/png"), response.content[:500]
    return np.asarray(Image.open(io.BytesIO(response.content)).convert("RGBA"))


def at(image: np.ndarray, lon: float, lat: float, box=BOX) -> np.ndarray:
    height, width = image.shape[:2]
    column = (lon - box[0]) / (box[2] - box[0]) * width
    return image[int((box[3] - lat) / (box[3] - box[1]) * height), int(column)]


def get(wms, **given) -> np.ndarray:
    return pixels(wms.raw(request="GetMap", **(HERE | {"width": 480, "height": 480} | given)))


@pytest.fixture
def whole(wms) -> np.ndarray:
    return get(wms, crs="CRS:84", bbox=",".join(map(str, BOX)))


def test_shapes_are_where_they_are(whole):
    for row in DRAWN:
        middle = row["contour"].centroid
        assert at(whole, middle.x, middle.y)[3] > 40
    union = DRAWN[0]["contour"]
    for row in DRAWN[1:]:
        union = union.union(row["contour"].buffer(0.02))
    xs, ys = np.meshgrid(np.linspace(-2.1, 0.15, 40), np.linspace(46, 48.2, 40))
    empty = [at(whole, x, y)[3] for x, y in zip(xs.flat, ys.flat, strict=True) if not _inside(union, x, y)]
    assert len(empty) > 100
    assert max(empty) == 0


def _inside(shape, x, y) -> bool:
    import shapely

    return bool(shapely.intersects_xy(shape, x, y))


def test_the_order_of_axes_changes_nothing_on_the_image(wms, whole):
    swapped = f"{BOX[1]},{BOX[0]},{BOX[3]},{BOX[2]}"
    assert np.array_equal(get(wms, crs="EPSG:4326", bbox=swapped), whole)
    older = {"version": "1.1.1", "srs": "EPSG:4326", "bbox": ",".join(map(str, BOX))}
    assert np.array_equal(get(wms, **older), whole)


def test_colours_are_those_of_the_house(whole):
    red, green, blue = Style.of("lieux").shade(0)
    strong = whole[whole[..., 3] == 255][:, :3]
    assert len(strong) > 100
    assert np.abs(strong.astype(int) - (red, green, blue)).max() <= 1


def test_images_side_by_side_fit_together(wms):
    """Quarters drawn apart, and the whole."""
    west, south, east, north = BOX
    wide, high = (east - west) / 2, (north - south) / 2
    for layer in ("lieux", "countries"):
        whole = get(wms, layers=layer, crs="CRS:84", bbox=",".join(map(str, BOX))).astype(int)
        for row in (0, 1):
            for column in (0, 1):
                box = (west + column * wide, north - (row + 1) * high, west + (column + 1) * wide, north - row * high)
                part = get(wms, layers=layer, crs="CRS:84", bbox=",".join(map(repr, box)), width=240, height=240)
                same = whole[row * 240 : (row + 1) * 240, column * 240 : (column + 1) * 240]
                assert (np.abs(part.astype(int) - same).max(axis=2) > 60).mean() < 0.002


@pytest.mark.parametrize("crs", ["EPSG:2154", "EPSG:3857", "EPSG:3947"])
def test_other_systems_show_the_same_shapes(wms, ask, crs):
    """Around one shape, by its corners in that system as the OGC API gives them."""
    code = DRAWN[3]["code"]
    there = ask("collections/lieux/items", code=code, crs=f"http://www.opengis.net/def/crs/EPSG/0/{crs[5:]}")
    ring = np.array(there["features"][0]["geometry"]["coordinates"][0])
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    wide, high = east - west, north - south
    box = (west - wide, south - high, east + wide, north + high)
    image = get(
        wms, crs=crs, bbox=",".join(map(repr, map(float, box))), cql_filter=f"code = '{code}'", width=300, height=300
    )
    rows, columns = np.nonzero(image[..., 3])
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == pytest.approx((99.5, 199.5, 99.5, 199.5), abs=2)


def seen(slug: str, window: Window):
    made = drawing(ANONYMOUS, relation(slug), window)
    assert made is not None
    return made


def shapes_of(made) -> int:
    return sum(path.count("M") for path in (*made.areas, *made.lines))


def test_nothing_is_left_out(data, monkeypatch):
    """Shapes that are one too many, or too small, are dots that count them."""
    window = Window(CRS84, *BOX, 400, 400)
    assert (shapes_of(seen("lieux", window)), seen("lieux", window).dots.num_rows) == (len(DRAWN), 0)
    monkeypatch.setattr(drawings, "FEWEST_SHAPES", 7)
    monkeypatch.setattr(drawings, "MOST_SHAPES", 7)
    made = seen("lieux", window)
    assert (shapes_of(made), sum(made.dots.column("count").to_pylist())) == (7, len(DRAWN) - 7)
    far = seen("lieux", Window(CRS84, -180, -90, 180, 90, 200, 100))
    assert (shapes_of(far), sum(far.dots.column("count").to_pylist())) == (0, len(DRAWN))
    assert all(far.dots.column("small").to_pylist())


def test_too_many_positions_are_simplified_and_every_shape_stays(data, monkeypatch):
    window = Window(CRS84, -180, -90, 180, 90, 2000, 1000)
    before = seen("countries", window)
    monkeypatch.setattr(drawings, "MOST_POSITIONS", 900)
    after = seen("countries", window)
    assert sum(map(len, after.areas)) < sum(map(len, before.areas)) / 2
    assert shapes_of(after) >= 170


def test_positions_are_dots_that_count(data):
    near = Window(CRS84, -180, -90, 180, 90, 1800, 900)
    made = seen("places", near)
    assert (made.areas, made.lines) == ((), ())
    total = sum(made.dots.column("count").to_pylist())
    assert total == 243
    small = seen("places", Window(CRS84, -180, -90, 180, 90, 36, 18)).dots
    assert small.num_rows < made.dots.num_rows
    assert sum(small.column("count").to_pylist()) == total


def test_a_shape_larger_than_the_world_of_the_image_is_cut(data):
    """A few metres of a country: numbers that whoever fills paths can hold."""
    made = seen("countries", Window(Crs("EPSG:2154", ""), 652000, 6862000, 652010, 6862010, 256, 256))
    numbers = [
        float(one) for path in made.areas for one in path.replace("M", " ").replace("L", " ").replace("Z", " ").split()
    ]
    assert numbers
    assert max(map(abs, numbers)) < 1e5


@pytest.mark.parametrize("slug", ["lieux", "countries", "rivers", "places"])
@pytest.mark.parametrize(
    "window",
    [Window(CRS84, -1e9, -1e9, 1e9, 1e9, 50, 50), Window(Crs("EPSG:3857", ""), -4e7, -4e7, 4e7, 4e7, 64, 64),
     Window(Crs("EPSG:2154", ""), -1e8, -1e8, 1e8, 1e8, 64, 64), Window(Crs("EPSG:2154", ""), 5e8, 5e8, 6e8, 6e8, 64, 64),
     Window(CRS84, 2, 47, 2 + 1e-12, 47 + 1e-12, 64, 64), Window(Crs("EPSG:3297", ""), 0, 0, 1e6, 1e7, 64, 64)],
)  # fmt: skip
def test_absurd_windows_are_drawn(data, slug, window):
    seen(slug, window)


def test_what_is_under_a_pixel(wms):
    row = DRAWN[5]
    middle = row["contour"].centroid
    i, j = int((middle.x - BOX[0]) / 2.4 * 480), int((BOX[3] - middle.y) / 2.4 * 480)
    asked = HERE | {"request": "GetFeatureInfo", "query_layers": "lieux", "crs": "CRS:84", "bbox": ",".join(map(str, BOX)),
                    "width": 480,
                    "height": 480, "i": i, "j": j, "feature_count": 50}  # fmt: skip
    features = json.loads(wms.raw(**asked, info_format="application/json").content)["features"]
    assert row["code"] in {one["properties"]["code"] for one in features}
    assert row["code"] in wms.raw(**asked, info_format="text/html").content.decode()
    assert row["code"] in wms.raw(**asked, info_format="text/plain").content.decode()
    assert (
        len(json.loads(wms.raw(**(asked | {"feature_count": 1}), info_format="application/json").content)["features"])
        == 1
    )


def test_capabilities_of_both_versions(wms):
    newer = wms(request="GetCapabilities")
    assert newer.get("version") == "1.3.0"
    names = words(newer, "wms:Capability/wms:Layer/wms:Layer/wms:Name")
    assert "lieux" in names
    assert "agents" not in names
    older = wms(request="GetCapabilities", version="1.1.1")
    assert (older.tag, older.get("version")) == ("WMT_MS_Capabilities", "1.1.1")
    assert [one.text for one in older.findall("Capability/Layer/Layer/Name")] == names
    one = wms(path="/wms/lieux", request="GetCapabilities")
    assert words(one, "wms:Capability/wms:Layer/wms:Layer/wms:Name") == ["lieux"]
    legend = pixels(wms.raw(request="GetLegendGraphic", layer="lieux", format="image/png"))
    assert legend.shape[0] == 20
    assert legend[..., 3].any()


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [({"layers": "zut"}, "LayerNotDefined", 404), ({"styles": "zut"}, "StyleNotDefined", 400),
     ({"format": "image/gif"}, "InvalidFormat", 400),
     ({"crs": "EPSG:1"}, "InvalidCRS", 400), ({"crs": ""}, None, 400), ({"width": "0"}, None, 400), ({"width": "99999"}, None, 400),
     ({"width": "4096", "height": "4096"}, None, 400), ({"bbox": "1,2,3"}, None, 400), ({"bbox": "1,1,1,2"}, None, 400),
     ({"bbox": "inf,1,2,3"}, None, 400), ({"bbox": "nan,nan,nan,nan"}, None, 400),
     ({"bgcolor": "red", "transparent": "false"}, None, 400),
     ({"layers": ",".join(["lieux"] * 21)}, None, 400), ({"cql_filter": "zut = 1"}, None, 400),
     ({"request": "zut"}, "OperationNotSupported", 400),
     ({"version": "1.0.0"}, None, 400)],
)  # fmt: skip
def test_faults_are_service_exceptions(wms, given, code, status):
    asked = HERE | {"request": "GetMap", "crs": "CRS:84", "bbox": "-2,46,0,48", "width": "64", "height": "64"} | given
    one = found(wms(status, **asked), "ogc:ServiceException")[0]
    assert one.get("code") == code
    assert one.text


def test_a_ground_is_painted(wms):
    image = get(wms, crs="CRS:84", bbox="100,0,110,10", transparent="false", bgcolor="0x336699")
    assert (image == (0x33, 0x66, 0x99, 255)).all()


def test_known_images_are_not_drawn_again(wms):
    asked = HERE | {"request": "GetMap", "crs": "CRS:84", "bbox": "-2,46,0,48", "width": "64", "height": "64"}
    etag = wms.raw(**asked)["ETag"]
    assert wms.raw(**asked, headers={"If-None-Match": etag}).status_code == 304
    assert wms.raw(**(asked | {"width": "65"}))["ETag"] != etag


def test_tiles_by_parameters_and_by_path(wmts, ask):
    given = {
        "layer": "lieux",
        "style": "default",
        "format": "image/png",
        "tilematrixset": "WebMercatorQuad",
        "tilematrix": 7,
        "tilerow": 44,
        "tilecol": 63,
    }
    image = pixels(wmts.raw(request="GetTile", **given))
    assert image.shape == (256, 256, 4)
    assert image[..., 3].any()
    for name in ("WebMercatorQuad", "PM"):
        assert np.array_equal(pixels(ask.raw(f"/wmts/lieux/default/{name}/7/44/63.png")), image)
    lambert = pixels(ask.raw("/wmts/lieux/default/LAMB93/3/3/2.png"))
    assert lambert[..., 3].any()
    assert not pixels(ask.raw("/wmts/lieux/default/WebMercatorQuad/7/44/3.png")).any()


def test_a_tile_is_the_map_of_its_square(wms, wmts, ask):
    side = 20037508.342789244 * 2 / 128
    west, north = -20037508.342789244 + 63 * side, 20037508.342789244 - 44 * side
    box = ",".join(repr(one) for one in (west, north - side, west + side, north))
    same = get(wms, crs="EPSG:3857", bbox=box, width=256, height=256)
    assert np.array_equal(pixels(ask.raw("/wmts/lieux/default/WebMercatorQuad/7/44/63.png")), same)


@pytest.mark.parametrize(
    "path",
    [
        "WebMercatorQuad/7/128/3",
        "WebMercatorQuad/99/1/1",
        "zut/7/44/63",
        "WebMercatorQuad/7/a/3",
        "WebMercatorQuad/-1/0/0",
    ],
)
def test_tiles_that_are_not(ask, path):
    assert ask.raw(f"/wmts/lieux/default/{path}.png").status_code == 400


def test_capabilities_of_tiles(wmts, ask):
    root = wmts(request="GetCapabilities")
    assert words(root, "wmts:Contents/wmts:TileMatrixSet/{http://www.opengis.net/ows/1.1}Identifier") == [
        "WebMercatorQuad",
        "LAMB93",
    ]
    layers = words(root, "wmts:Contents/wmts:Layer/{http://www.opengis.net/ows/1.1}Identifier")
    assert "lieux" in layers
    assert "agents" not in layers
    rest = ask.raw("/wmts/1.0.0/WMTSCapabilities.xml")
    assert rest.status_code == 200
    assert b"/wmts/lieux/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png" in rest.content


def test_layers_of_large_images_are_few(wms):
    asked = HERE | {"request": "GetMap", "crs": "CRS:84", "bbox": "-2,46,0,48", "width": "3000", "height": "3000"}
    wms(400, **(asked | {"layers": ",".join(["lieux"] * 5)}))
