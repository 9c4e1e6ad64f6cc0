"""Archives: the table inside, whatever its dress; and everything hostile refused before it hurts."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile

import pytest
from django.conf import settings

from bocage.capture.archives import containers
from bocage.capture.archives.containers import unpack
from bocage.capture.formats.kml import Kml
from bocage.capture.formats.shapefile import Shapefile
from bocage.capture.positions.errors import (
    ArchiveTooLarge,
    CompressionNotSupported,
    DamagedArchive,
    EncryptedArchive,
    IncompleteShapefile,
    LayerAbsent,
    NothingInArchive,
    UnsafeArchive,
)
from bocage.capture.understanding import Corrections
from tests.capture.geo import samples


@pytest.fixture
def archive(tmp_path):
    """Make a ZIP from names and contents, in order."""

    def make(members, name="a.zip", compression=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", compression) as file:
            for member, content in members.items():
                file.writestr(member, content)
        return path

    return make


def opened(path, tmp_path, layer=""):
    return unpack(path, filename=path.name, directory=tmp_path / "out", corrections=Corrections(layer=layer))


def test_a_file_that_is_no_archive_is_left_where_it_is(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    assert opened(path, tmp_path).path == path
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "name", ["csv-detective/file.csv.gz", "hydra/20190618-annuaire-diagnostiqueurs_compressed.csv.gz"]
)
def test_gzip(shared_data, tmp_path, name):
    file = shared_data / "messy" / name
    unpacked = opened(file, tmp_path)
    assert unpacked.path.read_bytes() == gzip.decompress(file.read_bytes())
    assert unpacked.filename == file.name[:-3]


@pytest.mark.parametrize("name", ["csv-detective/file.xlsx", "csv-detective/file.xls", "csv-detective/file.ods",
                                  "frictionless/table.ods", "hydra/catalog.xlsx", "hydra/catalog.xls"])  # fmt: skip
def test_workbooks_are_not_archives(shared_data, tmp_path, name):
    file = shared_data / "messy" / name
    assert opened(file, tmp_path).path == file


def test_every_gtfs_lists_its_tables_and_opens_on_the_stops(shared_data, tmp_path):
    for file in [*(shared_data / "gtfs").glob("*.zip"), *(shared_data / "gtfs" / "cases").glob("*.zip")]:
        with zipfile.ZipFile(file) as zipped:
            tables = [name for name in zipped.namelist() if name.endswith(".txt") and not name.startswith("__MACOSX")]
            unpacked = opened(file, tmp_path)
            assert [layer.name for layer in unpacked.layers] == tables
            if "stops.txt" in tables:
                assert unpacked.layer == "stops.txt"
            for name in tables:
                chosen = opened(file, tmp_path, layer=name)
                assert chosen.path.read_bytes() == zipped.read(name)


def test_a_shapefile_keeps_its_parts_whatever_the_folders_and_the_case(shop, tmp_path):
    source = samples.written(tmp_path, "points", 2154, "shp")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        for part in tmp_path.glob("layer.*"):
            zipped.write(part, f"Données/Été/LAYER{part.suffix.upper()}")
        zipped.writestr("__MACOSX/Données/._LAYER.SHP", b"junk")
        zipped.writestr("LISEZMOI.txt", "bonjour")
        zipped.writestr("Données/plan.pdf", b"%PDF")
    unpacked = unpack(tmp_path / "a.zip", filename="a.zip", directory=shop.directory, corrections=Corrections())
    assert unpacked.layers == ()
    assert [notice.fields["members"] for notice in unpacked.notices] == ["LISEZMOI.txt, Données/plan.pdf"]
    reading = Shapefile().read(unpacked.path, shop.engine, Corrections())
    assert reading.geometry.crs == "EPSG:2154"
    assert [row["nom"] for row in shop.rows(reading)] == ["Île d’Yeu", "Œuf", "çà"]
    assert source.exists()


def test_a_shapefile_without_its_index_is_refused(archive, tmp_path):
    with pytest.raises(IncompleteShapefile) as error:
        opened(archive({"a/b.shp": b"", "a/b.prj": b"", "other/b.shx": b"", "b.dbf": b""}), tmp_path)
    assert error.value.fields == {"name": "b", "missing": ".shx, .dbf"}


def test_the_choice_between_members(archive, tmp_path):
    path = archive({"a.csv": "x\n1\n", "sub/b.csv": "x\n" + "2\n" * 50, ".DS_Store": "junk", "README.txt": "hello"})
    unpacked = opened(path, tmp_path)
    assert [layer.name for layer in unpacked.layers] == ["a.csv", "sub/b.csv"]
    assert (unpacked.layer, unpacked.filename) == ("sub/b.csv", "b.csv")
    assert opened(path, tmp_path, layer="a.csv").path.read_text() == "x\n1\n"
    inside = opened(path, tmp_path, layer="a.csv/feuille")
    assert (inside.layer, inside.inner_layer) == ("a.csv", "feuille")
    with pytest.raises(LayerAbsent):
        opened(path, tmp_path, layer="c.csv")


def test_the_only_member_leaves_the_layer_to_the_format(archive, tmp_path):
    unpacked = opened(archive({"a.gpkg": b"x"}), tmp_path, layer="communes")
    assert (unpacked.layers, unpacked.inner_layer) == ((), "communes")


def test_kmz(archive, shop, tmp_path):
    kml = '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>'
    unpacked = opened(archive({"doc.kml": kml, "images/a.png": b"x"}, "a.kmz"), tmp_path)
    reading = shop.read(Kml(), unpacked.path)
    assert [shape.wkt for shape in shop.shapes(reading)] == ["POINT (1 2)"]


def test_names_in_the_old_encoding_of_windows_are_readable(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("XtX.csv", "a\n")
        zipped.writestr("b.csv", "a\n")
    path.write_bytes(path.read_bytes().replace(b"XtX.csv", "été.csv".encode("cp850")))
    assert [layer.name for layer in opened(path, tmp_path).layers] == ["été.csv", "b.csv"]


@pytest.mark.parametrize("member", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "..\\a.csv", "C:\\a.csv"])
def test_paths_that_go_out_are_refused(archive, tmp_path, member):
    with pytest.raises(UnsafeArchive):
        opened(archive({member: "x", "ok.csv": "y"}), tmp_path)


def test_links_are_refused(tmp_path):
    info = zipfile.ZipInfo("a.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr(info, "/etc/passwd")
    with pytest.raises(UnsafeArchive):
        opened(tmp_path / "a.zip", tmp_path)


def test_a_bomb_is_stopped_by_its_ratio(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "RATIO_FROM", 1 << 20)
    path = archive({"a.csv": b"0" * (8 << 20)})
    with pytest.raises(ArchiveTooLarge):
        opened(path, tmp_path)
    assert not list((tmp_path / "out").rglob("table*"))


def test_a_gzip_bomb_is_stopped_too(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "RATIO_FROM", 1 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"0" * (8 << 20)))
    with pytest.raises(ArchiveTooLarge):
        opened(tmp_path / "a.csv.gz", tmp_path)


def test_the_size_counted_is_the_one_written_not_the_one_announced(archive, tmp_path, monkeypatch):
    limited = settings.BOCAGE.model_copy(update={"upload_limit_mb": 1})
    monkeypatch.setattr(settings, "BOCAGE", limited)
    path = archive({"a.csv": bytes(range(256)) * (20 << 12)}, compression=zipfile.ZIP_STORED)
    with pytest.raises(ArchiveTooLarge):
        opened(path, tmp_path)


def test_too_many_members_and_a_huge_directory_are_refused(archive, tmp_path, monkeypatch):
    from bocage.capture.archives import zip_directory

    path = archive({f"{n}.csv": "" for n in range(30)})
    monkeypatch.setattr(zip_directory, "MOST_MEMBERS", 20)
    with pytest.raises(ArchiveTooLarge):
        opened(path, tmp_path)
    monkeypatch.setattr(zip_directory, "LARGEST_DIRECTORY", 100)
    with pytest.raises(ArchiveTooLarge):
        opened(path, tmp_path)


def test_a_password_is_told(archive, tmp_path):
    path = archive({"a.csv": "x" * 100}, compression=zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + at
        struct.pack_into("<H", content, place, struct.unpack_from("<H", content, place)[0] | 1)
    path.write_bytes(content)
    with pytest.raises(EncryptedArchive):
        opened(path, tmp_path)


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_cut_archives(archive, tmp_path, cut):
    for path in (archive({"a.csv": bytes(range(256)) * 100}), tmp_path / "a.csv.gz"):
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(bytes(range(256)) * 100))
        path.write_bytes(path.read_bytes()[: max(4, int(path.stat().st_size * cut))])
        with pytest.raises(DamagedArchive):
            opened(path, tmp_path)


def test_altered_content_is_caught_by_its_checksum(archive, tmp_path):
    path = archive({"a.csv": "x" * 1000}, compression=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"xxxxxxxxxx", b"xxxxyxxxxx", 1))
    with pytest.raises(DamagedArchive):
        opened(path, tmp_path)


def test_nothing_to_read(archive, tmp_path):
    with pytest.raises(NothingInArchive) as error:
        opened(archive({"a.pdf": "x", "b.zip": "y"}), tmp_path)
    assert "a.pdf, b.zip" in str(error.value)
    with pytest.raises(NothingInArchive):
        opened(archive({}), tmp_path)


def test_a_tar_inside_a_gzip_is_refused(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("a.csv"))
    (tmp_path / "a.tar.gz").write_bytes(buffer.getvalue())
    with pytest.raises(CompressionNotSupported):
        opened(tmp_path / "a.tar.gz", tmp_path)
