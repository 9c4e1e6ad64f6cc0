"""The working copies: built once, rebuilt when lost or damaged, bounded, never taken from under a reader."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bocage.access.viewer import Viewer
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.config.environment import ENVIRONMENT
from bocage.store import attachments, hot_copies, hot_files, process
from bocage.store.engine import session
from bocage.store.errors import WorkingCopyDamaged
from bocage.store.layout import hot_directory, hot_path, version_path
from bocage.store.models import Version
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.store import making

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file that gets one line for each build, by whatever process."""
    log, real = tmp_path / "builds.log", hot_copies.build

    def build(connection: duckdb.DuckDBPyConnection, version: Version, draft: Path) -> None:
        with log.open("a") as file:
            file.write(f"{version.uid}\n")
        real(connection, version, draft)

    log.touch()
    monkeypatch.setattr(hot_copies, "build", build)
    return log


def publish(viewer: Viewer, dataset: Dataset, folder: Path, rows: int = 1000) -> Version:
    return publish_version(viewer=viewer, dataset=dataset, staged=making.trees(folder, rows))


def count(version: Version) -> int:
    with session(version) as opened:
        ((rows,),) = opened.execute(f"SELECT count(DISTINCT id) FROM {opened.table(version)}")
    return int(rows)


def copies() -> set[str]:
    return {path.stem for path in hot_directory().glob("*.duckdb")}


def with_budget(settings: Any, megabytes: float) -> None:
    settings.BOCAGE = ENVIRONMENT.model_copy(update={"hot_cache_mb": megabytes})


def test_built_once_and_kept(contributor: Viewer, dataset: Dataset, tmp_path: Path, builds: Path) -> None:
    version = publish(contributor, dataset, tmp_path)
    assert [count(version) for _ in range(3)] == [1000] * 3
    process.close()  # the next process finds it
    assert count(version) == 1000
    assert builds.read_text() == f"{version.uid}\n"
    assert not list((hot_directory() / hot_files.BUILDING).iterdir())


def test_rows_are_found_by_their_numbers(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    version = publish(contributor, dataset, tmp_path)
    assert count(version) == 1000
    process.close()
    with duckdb.connect(str(hot_path(version.uid)), read_only=True) as copy:
        assert copy.execute("SELECT index_name, expressions FROM duckdb_indexes()").fetchall() == [("by_row", "[_row]")]


def test_two_processes_at_once_build_once(contributor: Viewer, dataset: Dataset, tmp_path: Path, builds: Path) -> None:
    version = publish(contributor, dataset, tmp_path, 20_000)
    process.close()
    gate_out, gate_in = os.pipe()
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            try:
                os.close(gate_in)
                os.read(gate_out, 1)
                os._exit(0 if count(version) == 20_000 else 1)
            finally:
                os._exit(2)
        children.append(child)
    os.close(gate_in)  # both start
    os.close(gate_out)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    assert builds.read_text() == f"{version.uid}\n"


def test_threads_at_once_build_once(contributor: Viewer, dataset: Dataset, tmp_path: Path, builds: Path) -> None:
    version = publish(contributor, dataset, tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(count, [version] * 16)) == [1000] * 16
    assert builds.read_text() == f"{version.uid}\n"


@pytest.mark.parametrize("kind", ["table", "view"])
def test_a_geometry_without_any_shape_stays_a_geometry(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, settings: Any, kind: str
) -> None:
    """Parquet keeps no trace of the type of such a column."""
    fields = (Field("id", FieldType.STRING), Field("geo", FieldType.GEOPOINT))
    rows = "SELECT i::VARCHAR AS id, NULL::GEOMETRY AS geo FROM range(50000) t(i)"
    staged = making.staged(tmp_path, rows, fields, geometry=StagedGeometry("geo", (), None))
    version = publish_version(viewer=contributor, dataset=dataset, staged=staged)
    if kind == "view":
        with_budget(settings, 0.01)
    with session(version) as opened:
        table = opened.table(version)
        assert opened.execute(f"SELECT count(*), count(ST_X(geo)), count(_geo_xmin) FROM {table}") == [(50000, 0, 0)]
        assert opened.execute(f"SELECT DISTINCT typeof(geo) FROM {table}") == [("GEOMETRY('OGC:CRS84')",)]


@pytest.mark.parametrize("harm", ["lost", "empty", "garbage", "truncated", "other engine"])
def test_made_again(contributor: Viewer, dataset: Dataset, tmp_path: Path, builds: Path, harm: str) -> None:
    version = publish(contributor, dataset, tmp_path)
    assert count(version) == 1000
    process.close()
    path = hot_path(version.uid)
    content = path.read_bytes()
    if harm == "lost":
        path.unlink()
    elif harm == "other engine":
        with duckdb.connect(str(path)) as connection:
            connection.execute("UPDATE stamp SET stamp = 'another release'")
    else:
        path.write_bytes({"empty": b"", "garbage": b"x" * len(content), "truncated": content[:5000]}[harm])
    assert count(version) == 1000
    assert len(builds.read_text().split()) == 2


def test_a_damaged_block_is_told_and_mended(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    version = publish(contributor, dataset, tmp_path, 50_000)
    assert count(version) == 50_000
    process.close()
    path = hot_path(version.uid)
    content = bytearray(path.read_bytes())
    for start in range(3 * 4096 + 100, len(content), 262_144):  # in every block, after the three headers
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(content)
    try:
        count(version)
    except WorkingCopyDamaged:
        pass  # the blocks harmed were read; otherwise the copy could not even be attached, and was made again
    assert count(version) == 50_000


def test_the_least_recently_used_goes_first(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, settings: Any
) -> None:
    first, second, third = (publish(contributor, dataset, tmp_path) for _ in range(3))
    count(first)
    size = hot_path(first.uid).stat().st_size
    with_budget(settings, 2.5 * size / 1024**2)
    count(second)
    for age, version in enumerate((first, second), start=1):  # the clock of files has ticks: two uses may be in one
        os.utime(hot_path(version.uid), (age, age))
    count(first)  # used again: the second is now the oldest
    count(third)
    assert copies() == {first.uid, third.uid}
    assert not hot_path(second.uid).with_suffix(".lock").exists()
    assert count(second) == 1000


def test_one_in_use_is_never_removed(contributor: Viewer, dataset: Dataset, tmp_path: Path, settings: Any) -> None:
    versions = [publish(contributor, dataset, tmp_path) for _ in range(3)]
    with session(versions[0]) as opened:
        with_budget(settings, 1.2 * hot_path(versions[0].uid).stat().st_size / 1024**2)
        for version in versions[1:]:
            assert count(version) == 1000
        assert not hot_files.remove(versions[0].uid)
        assert versions[0].uid in copies()
        assert opened.execute(f"SELECT count(*) FROM {opened.table(versions[0])}") == [(1000,)]
    assert hot_files.remove(versions[0].uid)


def test_a_version_larger_than_the_budget_is_served_from_its_file(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, settings: Any
) -> None:
    version = publish(contributor, dataset, tmp_path, 50_000)
    with_budget(settings, 1.1 * version.size_bytes / 1024**2)  # larger than the file, smaller than the table
    with session(version) as opened:
        table = opened.table(version)
        assert opened.execute(f"SELECT id, _row FROM {table} WHERE _row = 49999") == [("T49999", 49999)]
        box = f"SELECT count(*) FROM {table} WHERE _geo_xmin <> ST_X(geo) OR _geo_ymax <> ST_Y(geo)"
        assert opened.execute(box) == [(0,)]
        assert opened.execute(f"SELECT typeof(geo), typeof(_row) FROM {table} LIMIT 1") == [
            ("GEOMETRY('OGC:CRS84')", "BIGINT")
        ]
    assert hot_path(version.uid).stat().st_size <= max(version.size_bytes, 800_000)


def test_idle_copies_are_let_go(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "IDLE_KEPT", 2)
    versions = [publish(contributor, dataset, tmp_path, 10) for _ in range(4)]
    for version in versions:
        assert count(version) == 10

    def attached() -> set[str]:
        rows = process.current().connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()
        return {name for (name,) in rows if name.startswith("v_")}

    assert attached() == {versions[2].uid, versions[3].uid}
    hot_files.remove(versions[2].uid)  # by another process, say: the room must be given back
    count(versions[3])
    assert attached() == {versions[3].uid}
    assert [count(version) for version in versions] == [10] * 4


def test_readers_while_another_publishes_and_evicts(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, settings: Any
) -> None:
    """Four threads read versions that come and go from the cache; each always sees its own version, whole."""
    versions = {rows: publish(contributor, dataset, tmp_path, rows) for rows in (100, 200, 300, 400)}
    count(versions[100])
    with_budget(settings, 2.5 * hot_path(versions[100].uid).stat().st_size / 1024**2)
    over, wrong, read = threading.Event(), [], [0] * 4

    def reads(thread: int) -> None:
        while not over.is_set():
            for rows, version in list(versions.items()):
                wrong.extend(_misread(version, rows))
                read[thread] += 1

    threads = [threading.Thread(target=reads, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for rows in (500, 600, 700):
        versions |= {rows: publish(contributor, dataset, tmp_path, rows)}
        for version in list(versions.values()):
            hot_files.remove(version.uid)
    while min(read) < 15 and not wrong:
        over.wait(0.01)
    over.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert version_path(versions[700]).is_file()


def _misread(version: Version, rows: int) -> list[object]:
    try:
        found: object = count(version)
    except Exception as error:  # noqa: BLE001  a thread cannot fail a test: it tells
        found = error
    return [] if found == rows else [(rows, found)]


def test_a_builder_killed_half_way_leaves_nothing_in_the_way(
    contributor: Viewer, dataset: Dataset, tmp_path: Path
) -> None:
    version = publish(contributor, dataset, tmp_path)
    leftovers = hot_directory() / hot_files.BUILDING / version.uid
    leftovers.mkdir(parents=True)
    (leftovers / "copy.duckdb").write_bytes(b"half")
    (hot_directory() / f"{version.uid}.lock").touch()
    forgotten = hot_directory() / hot_files.BUILDING / "v_that_nobody_reads_again"
    forgotten.mkdir()
    assert count(version) == 1000
    assert not leftovers.exists()
    assert not forgotten.exists()
