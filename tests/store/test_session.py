"""Sessions: what they serve, what they refuse, how they stop."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.store import process, residents
from bocage.store.engine import EngineError, StatementRefused, literal, session
from bocage.store.errors import EngineLost, QueryFailed, QueryStopped, QueryTooLarge, QueryTooLong, VersionDamaged
from bocage.store.layout import hot_path, version_path
from bocage.store.models import Version
from bocage.store.services import publish_version
from bocage.store.session import EngineSession
from tests.store import making

ENDLESS = "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3"


@pytest.fixture
def version(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> Version:
    return publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path))


def test_the_native_table_holds_the_fields_their_order_and_their_bounds(version: Version) -> None:
    with session(version) as opened:
        table = opened.table(version)
        columns = [name for name, *_ in opened.execute(f"DESCRIBE SELECT * FROM {table}")]
        assert columns == [
            "id",
            "n",
            "kind",
            "planted",
            "geo",
            "_row",
            "_geo_xmin",
            "_geo_ymin",
            "_geo_xmax",
            "_geo_ymax",
        ]
        assert opened.execute(f"SELECT typeof(geo) FROM {table} LIMIT 1") == [("GEOMETRY('OGC:CRS84')",)]
        first = opened.execute(f"SELECT _row, id FROM {table} ORDER BY _row LIMIT 3")
        assert first == [(0, "T0"), (1, "T1"), (2, "T2")]
        wrong = f"SELECT count(*) FROM {table} WHERE _row::VARCHAR <> id[2:] OR _geo_xmin <> ST_X(geo) OR _geo_ymax <> ST_Y(geo)"
        assert opened.execute(wrong) == [(0,)]


def test_a_frugal_stream_makes_few_rows_ahead_and_frees_no_other_setting(version: Version) -> None:
    asked = "SELECT current_setting('streaming_buffer_size')"
    with session(version) as opened:
        [(usual,)] = opened.execute(asked)
        assert [batch.num_rows for batch in opened.arrow("SELECT 1", frugal=True)] == [1]
        [(frugal,)] = opened.execute(asked)
        assert (usual, frugal) == ("976.5 KiB", "62.5 KiB")
        with pytest.raises(StatementRefused):
            opened.execute("SET streaming_buffer_size = '1GB'")
    with session(version) as another:
        assert another.execute(asked) == [(usual,)]


def test_parameters_streams_and_instants(version: Version) -> None:
    with session(version) as opened:
        table = opened.table(version)
        ((planted,),) = opened.execute(f"SELECT planted FROM {table} WHERE id = ?", ["T61"])
        assert planted.isoformat() == "2020-01-01T00:01:01+00:00"
        batches = list(opened.arrow(f"SELECT id FROM {table} WHERE n >= ? ORDER BY _row", [500], rows_per_batch=100))
        assert {batch.num_rows for batch in batches[:-1]} == {100}
        assert sum(batch.num_rows for batch in batches) == 500


def test_a_session_knows_only_the_versions_it_was_opened_on(version: Version) -> None:
    with session() as opened, pytest.raises(KeyError):
        opened.table(version)


REFUSED = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '/etc/hosts.csv'",
    "SELECT * FROM read_csv('http://127.0.0.1/x.csv')",
    "SELECT * FROM read_duckdb('{hot}')",
    "SELECT * FROM '{hot}'",
    "SELECT * FROM glob('{hot}')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM \"query\" /* a comment */ ('SELECT 1')",
    "SELECT * FROM enable_logging(level = 'info')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM ST_Read('/etc/passwd')",
    "ATTACH '/tmp/elsewhere.duckdb'",
    "ATTACH '{hot}' AS again",
    "COPY (SELECT 1) TO '/tmp/out.csv'",
    "COPY (SELECT 1) TO '{hot}.csv'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '100GB'",
    "PRAGMA database_list",
    " /* x */ PRAGMA version",
    "SHOW TABLES",
    "EXPLAIN SELECT 1",
    "CALL enable_logging(level = 'info')",
    "SELECT getenv('HOME')",
    "CREATE TABLE memory.main.x AS SELECT 1",
    "DROP TABLE {table}",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE {table}",
    "CHECKPOINT",
    "EXPORT DATABASE '/tmp/out'",
    "",
]


def test_everything_but_reading_tables_is_refused(version: Version) -> None:
    with session(version) as opened:
        for sql in REFUSED:
            hostile = sql.format(hot=hot_path(version.uid), table=opened.table(version))
            with pytest.raises((EngineError, StatementRefused)):
                pytest.fail(f"allowed: {hostile} → {opened.execute(hostile)}")
            assert opened.execute(f"SELECT count(*) FROM {opened.table(version)}") == [(1000,)]


def test_the_engine_under_a_session_is_locked_too(version: Version) -> None:
    """The first lock holds without the second one."""
    with session(version):
        for sql in (
            "SELECT * FROM read_text('/etc/passwd')",
            "ATTACH '/tmp/elsewhere.duckdb'",
            "COPY (SELECT 1) TO '/tmp/out.csv'",
            "INSTALL httpfs",
            "SET memory_limit = '100GB'",
            "SET allowed_configs = ['memory_limit']",
            "RESET lock_configuration",
            "SET allowed_directories = ['/']",
            "SET enable_external_access = true",
        ):
            with pytest.raises(EngineError), process.current().connection.cursor() as cursor:
                cursor.execute(sql)


def test_texts_and_comments_may_look_like_functions(version: Version) -> None:
    with session(version) as opened:
        found = opened.execute(
            'SELECT \'read_text(é)\' AS "glob", $$ query( $$ /* glob( */, max("id") FROM (SELECT 1 AS id) -- read_csv('
        )
        assert found == [("read_text(é)", " query( ", 1)]


def test_the_time_limit_stops_a_query(version: Version) -> None:
    began = time.monotonic()
    with session(version, seconds=0.2) as opened, pytest.raises(QueryTooLong) as refused:
        opened.execute(ENDLESS)
    assert time.monotonic() - began < 5
    assert refused.value.fields == {"seconds": 0.2}


def test_the_time_limit_stops_a_stream_between_two_batches(version: Version) -> None:
    with session(version, seconds=0.2) as opened:
        stream = opened.arrow("SELECT range FROM range(100000000)")
        next(stream)
        time.sleep(0.25)
        with pytest.raises(QueryTooLong):
            list(stream)


def test_nothing_runs_after_the_limit(version: Version) -> None:
    with session(version, seconds=0.01) as opened:
        time.sleep(0.02)
        with pytest.raises(QueryTooLong):
            opened.execute("SELECT 1")


@pytest.mark.parametrize("way", ["execute", "arrow"])
def test_interrupt_from_another_thread(version: Version, way: str) -> None:
    with session(version) as opened:
        timer = threading.Timer(0.1, opened.interrupt)
        timer.start()
        with pytest.raises(QueryStopped):
            opened.execute(ENDLESS) if way == "execute" else list(opened.arrow(ENDLESS))
        timer.join()
        with pytest.raises(QueryStopped):
            opened.execute("SELECT 1")
    with session(version) as another:
        assert another.execute("SELECT 1") == [(1,)]


def test_a_stopped_session_does_not_stop_the_others(version: Version) -> None:
    with session(version) as long, session(version, seconds=0.1) as short:
        with pytest.raises(QueryTooLong):
            short.execute(ENDLESS)
        assert long.execute(f"SELECT count(*) FROM {long.table(version)}") == [(1000,)]


def test_too_large_for_memory(version: Version) -> None:
    huge = "SELECT length(string_agg(range::VARCHAR || repeat('x', 100), '')) FROM range(20000000)"
    with session(version) as opened, pytest.raises(QueryTooLarge):
        opened.execute(huge)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 9223372036854775807 + range FROM range(2)",
        "SELECT CAST(CASE WHEN range = 90000 THEN 'a' ELSE '1' END AS INT) FROM range(100000)",
    ],
)
def test_arithmetic_without_a_result_is_the_persons_fault(version: Version, sql: str) -> None:
    with session(version) as opened:
        with pytest.raises(QueryFailed) as refused:
            opened.execute(sql)
        assert "90000" not in str(refused.value)
        with pytest.raises(QueryFailed):
            list(opened.arrow(sql, rows_per_batch=1000))


def test_a_fault_of_ours_is_not_swallowed(version: Version) -> None:
    with session(version) as opened, pytest.raises(EngineError, match="nowhere"):
        opened.execute("SELECT nowhere FROM range(1)")


def test_resident_tables_are_built_once_and_dropped_when_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(residents, "KEPT", 16)
    built = []

    def build(key: str) -> pa.Table:
        built.append(key)
        return pa.table({"x": [1, 2, 3]})

    with session() as opened:
        name = opened.resident("kept", lambda: build("kept"))
        assert opened.execute(f"SELECT sum(x) FROM {name}") == [(6,)]
        for number in range(40):
            with session() as other:
                other.resident(f"k{number}", lambda: build("other"))
        assert opened.execute(f"SELECT sum(x) FROM {name}") == [(6,)]
        with session() as other:
            assert other.resident("kept", lambda: build("kept")) == name
    assert built.count("kept") == 1
    ((tables,),) = (
        process.current()
        .connection.execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = 'memory'")
        .fetchall()
    )
    assert tables <= 17


def test_resident_tables_are_bounded_in_size_too(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"x": list(range(1000))})
    monkeypatch.setattr(residents, "KEPT_BYTES", 3 * table.nbytes)
    built = []

    def ask(key: str) -> None:
        with session() as opened:
            assert opened.execute(
                f"SELECT count(*) FROM {opened.resident(key, lambda: built.append(key) or table)}"
            ) == [(1000,)]

    keys = [f"sized {number}" for number in range(5)]
    for key in [*keys, *reversed(keys)]:
        ask(key)
    assert built == [*keys, keys[1], keys[0]]


def test_a_resident_that_cannot_be_built_is_asked_again() -> None:
    def fails() -> pa.Table:
        raise ZeroDivisionError

    with session() as opened:
        with pytest.raises(ZeroDivisionError):
            opened.resident("key", fails)
        name = opened.resident("key", lambda: pa.table({"x": [1]}))
        assert opened.execute(f"SELECT x FROM {name}") == [(1,)]


def test_streams_in_flat_memory(version: Version) -> None:
    def memory() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024**2

    with session(version) as opened:
        stream = opened.arrow("SELECT md5(range::VARCHAR) a, md5((range + 1)::VARCHAR) b FROM range(3000000)")
        next(stream)
        before, most = memory(), 0
        for batch in stream:
            del batch
            most = max(most, memory())
    assert most - before < 100


def test_a_version_whose_file_is_lost_says_so(version: Version) -> None:
    version_path(version).unlink()
    with pytest.raises(VersionDamaged, match="Arbres"), session(version):
        pass


def test_a_forked_process_has_its_own_engine(version: Version) -> None:
    with session(version) as opened:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with session(version) as mine:
                    code = 0 if mine.execute(f"SELECT count(*) FROM {mine.table(version)}") == [(1000,)] else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert opened.execute(f"SELECT count(*) FROM {opened.table(version)}") == [(1000,)]


def test_an_answer_nobody_reads_ends_quietly_after_the_engine(version: Version) -> None:
    left = session(version)
    opened = left.__enter__()
    opened.resident("trees", lambda: pa.table({"tree": ["oak"]}))
    copy = hot_path(version.uid)
    process.close()
    left.__exit__(None, None, None)
    with session(version) as after:
        assert after.execute(f"SELECT count(*) FROM {after.table(version)}") == [(1000,)]
    with copy.with_suffix(".lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody holds it any more


def test_a_table_without_geometry_and_with_awkward_names(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    staged = making.table(tmp_path, "('a', 1), (NULL, 2)", **{"l’été; DROP": T.STRING, "_row_": T.INTEGER})
    version = publish_version(viewer=contributor, dataset=dataset, staged=staged)
    with session(version) as opened:
        assert opened.execute(f'SELECT "l’été; DROP", _row_, _row FROM {opened.table(version)} ORDER BY _row') == [
            ("a", 1, 0),
            (None, 2, 1),
        ]
    assert literal("l'été") == "'l''été'"


FAULTS = (
    duckdb.InternalException("INTERNAL Error: Attempted to access index 0 within vector of size 0"),
    duckdb.FatalException("FATAL Error: Failed: database has been invalidated because of a previous fatal error."),
)


@pytest.mark.parametrize("fault", FAULTS, ids=["internal", "fatal"])
def test_a_fault_of_the_engine_costs_one_query(
    version: Version, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """DuckDB refuses everything after one: the process would answer nothing until it is started again."""
    lost = process.current()

    def broken(*_statement: object) -> None:
        raise fault

    with session(version) as before:
        table = before.table(version)
        with session(version) as opened, monkeypatch.context() as patched:
            patched.setattr(EngineSession, "_run", broken)
            with pytest.raises(EngineLost):
                opened.execute("SELECT 1")
            with pytest.raises(EngineLost):
                list(opened.arrow("SELECT 1"))
        assert process.current() is not lost
        with session(version) as after:
            assert after.execute(f"SELECT count(*) FROM {after.table(version)}") == [(1000,)]
        with pytest.raises(EngineLost):
            before.execute(f"SELECT count(*) FROM {table}")
    assert process.current() is not lost


def test_a_fault_in_the_middle_of_a_stream_too(version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def read_next_batch(self) -> None:
            raise OSError("INTERNAL Error: Attempted to access index 0 within vector of size 0")

    lost = process.current()
    with session(version) as opened, pytest.raises(EngineLost):
        list(opened._batches(Broken()))  # type: ignore[arg-type]
    assert process.current() is not lost
    with session(version) as opened:
        assert opened.execute("SELECT 1") == [(1,)]
