"""What the head of a file presumes, its rows confirm: a staged file is what a reading of all its rows announces."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
import shapely

from bocage.capture import opening, services
from bocage.capture.errors import NotText, TooManyCells
from bocage.capture.inference.infer import SAMPLE_ROWS
from bocage.capture.positions import search as position_search
from bocage.capture.services import inspect, stage
from bocage.capture.understanding import Corrections

NANTES, AT_SEA, LAMBERT, SWAPPED = "47.21,-1.55", "4.2,-30.5", "6689000,355000", "-1.55,47.21"
HEAD = SAMPLE_ROWS + 100  # rows: all that is presumed is presumed from these
SQUARE = '"POLYGON((-1.6 47.1,-1.5 47.1,-1.5 47.2,-1.6 47.1))"'


class Publication:
    """A file staged and, apart, understood as a whole; `attempts`: how many times it was written."""

    def __init__(self, folder, content, monkeypatch, **corrections):
        file, self.attempts = folder / "file.csv", 0
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        write = services._write

        def counted(*arguments):
            self.attempts += 1
            return write(*arguments)

        monkeypatch.setattr(services, "_write", counted)
        kept = Corrections(**corrections)
        self.understood = inspect(file, filename="file.csv", corrections=kept)
        self.staged = stage(file, filename="file.csv", directory=folder / "staging", corrections=kept)

    @property
    def counts(self):
        return {notice.code: notice.fields.get("count") for notice in self.staged.notices}

    @property
    def points(self):
        name = self.staged.geometry.column
        blobs = pq.read_table(self.staged.path, columns=[name]).column(name).to_pylist()
        return [None if blob is None else shapely.from_wkb(blob) for blob in blobs]


@pytest.fixture(autouse=True)
def sample(monkeypatch):
    """How many rows are looked at for positions: fewer than for good, to keep these files small."""

    def set_sample(rows):
        for module in (opening, position_search):
            monkeypatch.setattr(module, "SAMPLE", rows)

    set_sample(HEAD)
    return set_sample


@pytest.fixture
def publish(tmp_path, monkeypatch):
    def publish(head, *tail, columns="lat,lon", times=HEAD, **corrections):
        rows = [f"{rank},{row}" for rank, row in enumerate([head] * times + list(tail))]
        return Publication(tmp_path, "\n".join([f"id,{columns}", *rows, ""]), monkeypatch, **corrections)

    return publish


def same(publication):
    """Is what was announced what was staged?"""
    staged, understood = publication.staged, publication.understood
    assert staged.fields == understood.fields
    assert staged.notices == understood.notices
    assert (staged.geometry is None) == (understood.geometry is None)
    if staged.geometry:
        assert staged.geometry.types == understood.geometry.types
        assert staged.geometry.original_crs == understood.geometry.crs
    return True


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        ((), {}),
        ((AT_SEA,), {}),
        (("",), {"geometry-empty": 1}),
        (("47.2,", ",-1.5", ","), {"geometry-empty": 3}),
        (("95,-1.5", "47.2,181"), {"geometry-outside-the-world": 2}),
        (("95,-1.5", "", "47.2,"), {"geometry-outside-the-world": 1, "geometry-empty": 2}),
    ],
)
def test_positions_left_empty_far_down_are_counted(publish, tail, told):
    publication = publish(NANTES, *(row or "," for row in tail))
    assert same(publication)
    assert publication.counts == told
    assert publication.attempts == 1
    assert [place for place, point in enumerate(publication.points) if point is None] == [
        HEAD + rank for rank, row in enumerate(tail) if row != AT_SEA
    ]


def test_texts_among_the_numbers_far_down(publish):
    """The columns are then texts: they are read as such, and what cannot be read is shown as it is written."""
    publication = publish(NANTES, "inconnue,-1.50", "47.2,néant", "95,-1.5")
    assert same(publication)
    assert {"geometry-unparsable": 2, "geometry-outside-the-world": 1}.items() <= publication.counts.items()
    [unread] = [notice for notice in publication.staged.notices if notice.code == "geometry-unparsable"]
    assert (unread.fields["columns"], unread.fields["example"]) == ("lat, lon", "inconnue ; -1.50")


@pytest.mark.parametrize(
    ("head", "tail", "swapped"),
    [(SWAPPED, (), True), (SWAPPED, (NANTES,) * (HEAD // 5), False), (NANTES, (SWAPPED,) * (HEAD * 12), True)],
)
def test_the_suspicion_of_a_swap_is_that_of_the_whole_file(publish, head, tail, swapped):
    publication = publish(head, *tail)
    assert same(publication)
    assert ("latlon-swapped" in publication.counts) is swapped


def test_the_system_of_most_rows_wins_over_that_of_the_head(publish, sample):
    sample(50)
    publication = publish(NANTES, *[LAMBERT] * HEAD * 2, times=50)
    assert same(publication)
    assert publication.attempts == 2
    assert publication.staged.geometry.original_crs == "EPSG:2154"
    assert publication.counts == {"crs-inferred": None}


def test_columns_chosen_by_hand_are_in_the_system_that_the_whole_file_fits(publish):
    publication = publish(LAMBERT, "abc,355000", columns="a,b", geometry_columns=("a", "b"))
    assert same(publication)
    assert publication.staged.geometry.original_crs == "EPSG:2154"
    degrees = publish(NANTES, columns="a,b", geometry_columns=("a", "b"))
    assert same(degrees)
    assert (degrees.attempts, degrees.staged.geometry.original_crs) == (1, "OGC:CRS84")


def test_a_column_that_holds_few_positions_after_all_is_none(publish):
    publication = publish(NANTES, *["999,999"] * (HEAD * 2))
    assert same(publication)
    assert publication.staged.geometry is None
    assert [field.name for field in publication.staged.fields] == ["id", "lat", "lon"]


def test_a_column_that_holds_positions_after_all_is_one(publish):
    publication = publish("999,999", *[NANTES] * (HEAD * 2))
    assert same(publication)
    assert (publication.attempts, publication.counts) == (2, {"geometry-outside-the-world": HEAD})


@pytest.mark.parametrize("name", ["geo_point_2d", "position"])
def test_a_text_of_position_is_confirmed_though_it_gives_way(publish, name):
    publication = publish('"47.21, -1.55"', '""', '"nulle part"', '"147.2, -1.5"', columns=name)
    assert same(publication)
    assert publication.attempts == 1
    left_empty = {"geometry-unparsable": 1, "geometry-outside-the-world": 1, "geometry-empty": 1}
    assert left_empty.items() <= publication.counts.items()
    assert [field.name for field in publication.staged.fields] == (
        ["id", "geo_point_2d"] if name == "geo_point_2d" else ["id", "position", "geo_point_2d"]
    )


def test_one_shape_far_down_makes_it_a_column_of_shapes(publish):
    publication = publish('"POINT(-1.55 47.21)"', SQUARE, columns="wkt")
    assert same(publication)
    assert publication.attempts == 2
    assert publication.staged.geometry.types == ("Point", "Polygon")


def test_blank_rows_far_down_are_told(tmp_path, monkeypatch):
    rows = [f"{rank};{rank}.5" for rank in range(HEAD)]
    content = "\n".join(["id;mesure", *rows, ";", "", ";", '7;"8.5"', ""])
    publication = Publication(tmp_path, content, monkeypatch)
    assert same(publication)
    assert (publication.attempts, publication.counts) == (1, {"blank-rows-dropped": 2})
    assert publication.staged.row_count == HEAD + 1


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_cells_of_several_lines_are_no_blank_rows(tmp_path, monkeypatch, end):
    rows = [f'{rank};"deux\nlignes"' for rank in range(HEAD)]
    publication = Publication(tmp_path, "\n".join(["id;texte", *rows]) + end, monkeypatch)
    assert same(publication)
    assert (publication.staged.row_count, publication.counts) == (HEAD, {})


def test_a_fault_far_down_is_named_with_its_line(tmp_path):
    good = b"\n".join([b"id;texte", *(b"%d;x" % rank for rank in range(HEAD))])
    for fault, error in ((b"1;2;3;4", TooManyCells), (b"1;a\x00b", NotText)):
        file = tmp_path / "file.csv"
        file.write_bytes(good + b"\n" + fault + b"\n2;y\n")
        with pytest.raises(error) as caught:
            stage(file, filename="file.csv", directory=tmp_path)
        assert caught.value.fields["line"] == HEAD + 2


def test_rows_that_the_engine_refuses_are_mended(tmp_path, monkeypatch):
    rows = "\n".join(f"{rank};x" for rank in range(HEAD))
    publication = Publication(tmp_path, f"id;texte\n{rows}\n7\n", monkeypatch)
    assert same(publication)
    assert publication.counts == {"short-rows": 1}
    assert publication.staged.row_count == HEAD + 1
