"""A version in one file: archives of tiles, and features with their index."""

from __future__ import annotations

import gzip
import math

import pyogrio
import pytest
from pmtiles.reader import MemorySource, Reader, all_tiles

from bocage.access.models import DataRule
from bocage.access.viewer import OPERATOR
from bocage.publish.tiles import archive, building
from bocage.publish.tiles.archiving import Archives
from bocage.store.models import Head, Version
from bocage.store.services import publish_version
from tests.publish.tiles.conftest import TREES, read_tile
from tests.store.making import trees

ARCHIVE, FEATURES = "/tiles/arbres.pmtiles", "/tiles/arbres.fgb"


@pytest.fixture(scope="module", autouse=True)
def _shallow():
    """The three hundred trees fill a thousand tiles at the last zooms: seven zooms tell as much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "DEEPEST", 7)
        yield


@pytest.fixture
def made(ask):
    """The archive of the trees, made by a worker as soon as somebody asks for it."""
    answer = ask.raw(ARCHIVE)
    if answer.status_code == 503:
        assert work() == 1
        answer = ask.raw(ARCHIVE)
    assert answer.status_code == 200, answer.content[:300]
    return answer


def work(*, interrupted=lambda: False):
    """What a worker with nothing else to do would make; how many times it did something."""
    count = 0
    while Archives().make_next(interrupted):
        count += 1
    return count


def test_the_archive_holds_the_tiles_that_the_door_gives(ask, made):
    assert made["Content-Type"] == "application/vnd.pmtiles"
    source = MemorySource(made.content)
    reader = Reader(source)
    header, metadata = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"], header["clustered"]) == (0, 7, True)
    assert (header["min_lon_e7"], header["max_lat_e7"]) == (-20_000_000, 485_240_000)
    assert (metadata["name"], metadata["vector_layers"][0]["id"]) == ("Arbres", "arbres")
    found = dict(all_tiles(source))
    for (zoom, column, row), content in found.items():
        if zoom in (0, 7):
            assert gzip.decompress(content) == ask.raw(f"/tiles/arbres/{zoom}/{column}/{row}.mvt").content
    for zoom in range(8):
        near = [content for (z, _x, _y), content in found.items() if z == zoom]
        assert sum(int(one.get("_count", 1)) for tile in near for one in read_tile(tile)) >= TREES


def test_only_quarters_that_hold_something_are_looked_at():
    asked = []

    def read(address):
        asked.append(address)
        zoom, column, row = address
        return b"tile" if (column, row) == ((1 << zoom) - 1, 0) else b""

    found = [address for address, _content in archive.walked(read)]
    assert found == [(zoom, (1 << zoom) - 1, 0) for zoom in range(8)]
    assert len(asked) == 1 + 7 * 4


def test_an_archive_ends_before_its_tiles_are_too_many(monkeypatch):
    monkeypatch.setattr(archive, "MOST_TILES", 100)
    found = [address for address, _content in archive.walked(lambda _address: b"tile")]
    assert {zoom for zoom, _column, _row in found} == {0, 1, 2, 3}


def test_an_archive_ends_before_it_is_too_large(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 2_000)
    found = [address for address, _content in archive.walked(lambda _address: b"x" * 100)]
    assert {zoom for zoom, _column, _row in found} == {0, 1}  # the next zoom would make two thousand more


def test_it_is_read_by_parts_and_made_once(ask, made):
    whole = made
    assert work() == 0
    head = ask.raw(ARCHIVE, "head")
    assert (head["Content-Length"], head["Accept-Ranges"]) == (str(len(whole.content)), "bytes")
    part = ask.raw(ARCHIVE, headers={"Range": "bytes=0-126"})
    assert (part.status_code, part.content) == (206, whole.content[:127])
    assert part["Content-Range"] == f"bytes 0-126/{len(whole.content)}"
    last = ask.raw(ARCHIVE, headers={"Range": "bytes=-5"})
    assert last.content == whole.content[-5:]
    kept = ask.raw(ARCHIVE, headers={"Range": "bytes=0-9", "If-Range": whole["ETag"]})
    assert kept.status_code == 206
    assert ask.raw(ARCHIVE, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200
    several = ask.raw(ARCHIVE, headers={"Range": "bytes=0-1,4-5"})
    assert (several.status_code, several.content) == (200, whole.content)
    beyond = ask.raw(ARCHIVE, headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole.content)}")
    assert ask.raw(ARCHIVE, headers={"If-None-Match": whole["ETag"]}).status_code == 304


def test_the_same_bytes_in_every_language(ask, made):
    french, english = (ask.raw(ARCHIVE, lang=one) for one in ("fr", "en"))
    assert (french["ETag"], french.content) == (english["ETag"], english.content)


def test_addresses_of_versions_may_be_kept(ask, made):
    for path in (ARCHIVE, FEATURES):
        assert ask.raw(path)["Cache-Control"] == "public, max-age=60, must-revalidate"
        numbered = path.replace("arbres.", "arbres/1.")
        response = ask.raw(numbered)
        assert response["Cache-Control"] == "public, max-age=86400, immutable"
        assert response["ETag"] == ask.raw(path)["ETag"]


def test_a_former_version_is_for_those_who_publish(ask, arbres, tmp_path, member):
    former = ask.raw(FEATURES)
    publish_version(viewer=OPERATOR, dataset=arbres, staged=trees(tmp_path, 10))
    assert Head.objects.get(dataset=arbres).version.number == 2
    assert ask.raw(FEATURES)["ETag"] != former["ETag"]
    assert ask.raw("/tiles/arbres/1.fgb").status_code == 404
    member.memberships.update(role="contributor")
    ask.client.force_login(member)
    response = ask.raw("/tiles/arbres/1.fgb")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert response.content == former.content
    assert Version.objects.filter(dataset=arbres).count() == 2


def test_features_have_their_index_and_no_row_that_is_nowhere(ask, tmp_path):
    place = tmp_path / "lieux.fgb"
    place.write_bytes(ask.raw("/tiles/lieux.fgb").content)
    meta, _fids, shapes, _values = pyogrio.raw.read(place)
    drawn = ask("/ogc/collections/lieux/items", filter="contour IS NOT NULL", resultType="hits")["numberMatched"]
    assert (len(shapes), meta["crs"]) == (drawn, "EPSG:4326")
    assert pyogrio.read_info(place)["capabilities"]["fast_spatial_filter"]


def test_who_sees_a_part_has_no_archive_and_the_features_that_they_see(ask, made, ruled, tmp_path):
    for path in (ARCHIVE, "/tiles/arbres/1.pmtiles"):
        response = ask.raw(path)
        assert response.status_code == 403
        assert b"pmtiles" not in response.content
    response = ask.raw(FEATURES, headers={"Range": "bytes=0-999999999"})
    assert (response.status_code, response["Cache-Control"]) == (206, "no-cache")
    place = tmp_path / "arbres.fgb"
    place.write_bytes(response.content)
    meta, _fids, _shapes, values = pyogrio.raw.read(place)
    assert "n" not in meta["fields"]
    assert set(values[list(meta["fields"]).index("kind")]) == {"chêne"}


def test_what_was_made_for_others_is_not_given(ask, made, arbres):
    before = {path: ask.raw(path)["ETag"] for path in (ARCHIVE, FEATURES)}
    DataRule.objects.create(dataset=arbres.uid, audience="everyone", reason="RGPD", grid_m=50_000)
    refused = ask.raw(ARCHIVE, headers={"If-None-Match": before[ARCHIVE], "Range": "bytes=0-9"})
    assert refused.status_code == 403
    blurred = ask.raw(FEATURES, headers={"If-None-Match": before[FEATURES]})
    assert (blurred.status_code, blurred["ETag"] == before[FEATURES]) == (200, False)


def test_one_at_a_time(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    with building._alone("ve_one") as folder, building._alone("ve_one") as other:
        assert folder is not None
        assert other is None


def test_positions_of_the_archive_are_those_of_the_rows(made):
    reader = Reader(MemorySource(made.content))
    header = reader.header()
    assert math.isclose(header["center_lon_e7"] / 1e7, -0.992, abs_tol=1e-3)
