"""Row groups put together are the rows they were, in one file that every reader opens; what is not ours is refused."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bocage.kernel.ids import new_uid
from bocage.store.engine import literal
from bocage.store.row_groups import NotJoinable, Piece, join, metadata_of, rows_of_groups
from bocage.store.thrift import NotThrift, decoded, encoded
from tests.store.making import bench

ROWS = """SELECT i AS id, ['chêne', 'hêtre'][1 + i % 2] AS kind, i % 7 AS few, [i, NULL] AS many,
    CASE WHEN i % 3 = 0 THEN NULL ELSE ST_SetCRS(ST_Point(i / 100, 45), 'OGC:CRS84') END AS geo FROM range({start}, {end}) t(i)"""


@pytest.fixture(scope="module")
def engine():
    return bench()[0]


@pytest.fixture
def target():
    """Where the engine may read."""
    return bench()[1] / f"{new_uid('joined')}.parquet"


@pytest.fixture(scope="module")
def file(engine):
    """Makes a file of rows `start` to `end`, 2,048 by group, with bloom filters on the columns of few values."""
    folder = bench()[1] / new_uid("groups")
    folder.mkdir()

    def make(start, end, sql=ROWS):
        path = folder / f"{start}-{end}-{len(sql)}.parquet"
        if not path.exists():
            engine.execute(
                f"COPY ({sql.format(start=start, end=end)}) TO {literal(str(path))} "
                "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)"
            )
        return path

    return make


def read(engine, *paths):
    files = ", ".join(literal(str(path)) for path in paths)
    return engine.execute(f"SELECT * REPLACE (ST_AsText(geo) AS geo) FROM read_parquet([{files}])")


def test_groups_of_several_files_are_one_table(engine, file, target):
    one, other = file(0, 9_000), file(20_000, 25_000)
    assert rows_of_groups(one) == [2048, 2048, 2048, 2048, 808]
    pieces = [Piece(one, range(2)), Piece(other, range(1, 3)), Piece(one, range(3, 5))]
    assert join(target, pieces, metadata=metadata_of(one)) == 2048 * 2 + 2048 + 904 + 2048 + 808
    wanted = read(engine, one, other)
    assert read(engine, target) == wanted[:4096] + wanted[9000 + 2048 :] + wanted[2048 * 3 : 9000]
    assert pq.read_table(target)["id"].to_pylist() == [row[0] for row in read(engine, target)]
    assert metadata_of(target) == metadata_of(one)
    pq.ParquetFile(target).metadata.row_group(3).column(1)  # statistics can be read


def test_filters_by_values_find_what_was_moved(engine, file, target):
    """Statistics and bloom filters went along with their groups."""
    one, other = file(0, 9_000), file(20_000, 25_000)
    join(target, [Piece(other, range(3)), Piece(one, range(1, 5))], metadata={})
    for condition in ("few = 3", "kind = 'hêtre' AND few = 0", "id BETWEEN 8000 AND 21000", "few = 99"):
        found, wanted = (
            engine.execute(
                f"SELECT count(*) FROM read_parquet({literal(str(path))}) WHERE {condition} AND id >= {least}"
            )
            for path, least in ((target, 2048), (one, 2048))
        )
        [(beside,)] = engine.execute(f"SELECT count(*) FROM read_parquet({literal(str(other))}) WHERE {condition}")
        assert found[0][0] == wanted[0][0] + beside, condition
    told = pq.ParquetFile(target).metadata
    assert told.num_rows == sum(rows_of_groups(target))


def test_nothing_that_is_left_out_stays_in_the_file(file, target):
    secret = (
        "SELECT i AS id, CASE WHEN i < 2048 THEN 'secret de ' || i ELSE 'x' END AS kind FROM range({start}, {end}) t(i)"
    )
    source = file(0, 4_096, secret)
    join(target, [Piece(source, range(1, 2))], metadata={})
    assert target.stat().st_size < source.stat().st_size * 0.6
    assert b"secret" not in target.read_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1" * 8, b"x" * 99 + b"\xff\xff\xff\x7fPAR1", b"PAR1\0\1\0\0\0PAR1"]
)
def test_what_is_no_file_of_ours_is_refused(content, tmp_path):
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(content)
    with pytest.raises(NotJoinable):
        join(tmp_path / "joined.parquet", [Piece(broken, range(1))], metadata={})


def test_columns_that_differ_are_refused(engine, file, tmp_path):
    one, other = file(0, 9_000), file(0, 2_000, "SELECT i::INTEGER AS id, 'a' AS kind FROM range({start}, {end}) t(i)")
    with pytest.raises(NotJoinable):
        join(tmp_path / "joined.parquet", [Piece(one, range(1)), Piece(other, range(1))], metadata={})


def test_a_file_of_another_writer_is_whole_or_refused(tmp_path):
    foreign = tmp_path / "foreign.parquet"
    pq.write_table(pa.table({"a": list(range(100))}), foreign, row_group_size=10, write_page_index=True)
    with pytest.raises(NotJoinable):
        join(tmp_path / "joined.parquet", [Piece(foreign, range(3))], metadata={})


@pytest.mark.parametrize(
    "data", [b"\x15", b"\x19\xff\xff\xff\xff\x0f", b"\x1c" * 99, b"\x1b\0\0", b"\x15\2\0\0", b"\x18\x7f"]
)
def test_hostile_structures_are_refused(data):
    with pytest.raises(NotThrift):
        decoded(data)


def test_structures_are_written_back_to_the_byte():
    told = bytes.fromhex("15021c15120011" + "00")
    assert encoded(decoded(told)) == told
