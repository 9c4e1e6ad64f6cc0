"""Tables derived from a version: built once per machine, rebuilt when lost, bounded and evicted apart from the rows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.config.environment import ENVIRONMENT
from bocage.store import hot_files, process
from bocage.store.engine import SideFile, session
from bocage.store.errors import QueryTooLong
from bocage.store.integrity import doctor
from bocage.store.layout import hot_directory, hot_path, side_key
from bocage.store.models import Version
from bocage.store.services import publish_version
from bocage.store.session import EngineSession
from bocage.store.statements import StatementRefused
from tests.store import making

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def version(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> Version:
    return publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A file that gets one line for each build, by whatever process."""
    path = tmp_path / "builds.log"
    path.touch()
    return path


def kinds(version: Version, log: Path, edition: str = "1") -> list[Any]:
    """The derived table `kinds`, read through a session of its own."""
    with session(version) as opened:
        return opened.execute(f"SELECT kind, n FROM {kinds_of(opened, version, log, edition)}.kinds ORDER BY kind")


def kinds_of(opened: EngineSession, version: Version, log: Path, edition: str = "1") -> str:
    def build(file: SideFile) -> None:
        with log.open("a") as lines:
            lines.write("built\n")
        aside = file.put_aside("aside", f"SELECT kind FROM {opened.table(version)}")
        kept = file.keep("kinds", f"SELECT kind, count(*) AS n FROM {aside} GROUP BY kind")
        assert file.execute(f"SELECT sum(n) FROM {kept} WHERE kind <> $1", ["rien"]) == [(1000,)]

    return opened.side_tables(version, "kinds", edition, build)


KINDS = [("chêne", 334), ("frêne", 333), ("hêtre", 333)]


def test_built_once_and_kept_in_a_file_of_its_own(version: Version, log: Path) -> None:
    assert [kinds(version, log) for _ in range(3)] == [KINDS] * 3
    process.close()  # the next process finds it
    assert kinds(version, log) == KINDS
    assert log.read_text() == "built\n"
    key = side_key(version.uid, "kinds")
    assert {path.name for path in hot_directory().glob("*.duckdb")} == {f"{version.uid}.duckdb", f"{key}.duckdb"}
    process.close()
    with duckdb.connect(str(hot_path(key)), read_only=True) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall() == [
            ("kinds",),
            ("stamp",),
        ]


def test_processes_and_threads_at_once_build_once(version: Version, log: Path) -> None:
    process.close()
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            try:
                with ThreadPoolExecutor(4) as pool:
                    found = list(pool.map(lambda _: kinds(version, log), range(8)))
                os._exit(0 if found == [KINDS] * 8 else 1)
            finally:
                os._exit(2)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    assert log.read_text() == "built\n"


@pytest.mark.parametrize("harm", ["lost", "garbage", "truncated", "another edition"])
def test_made_again(version: Version, log: Path, harm: str) -> None:
    assert kinds(version, log) == KINDS
    process.close()
    path = hot_path(side_key(version.uid, "kinds"))
    if harm == "lost":
        path.unlink()
    elif harm != "another edition":
        content = path.read_bytes()
        path.write_bytes({"garbage": b"x" * len(content), "truncated": content[:5000]}[harm])
    assert kinds(version, log, "2" if harm == "another edition" else "1") == KINDS
    assert log.read_text() == "built\nbuilt\n"


def test_evicted_apart_from_the_rows_and_never_in_use(version: Version, log: Path, settings: Any) -> None:
    key = side_key(version.uid, "kinds")
    with session(version) as opened:
        place = kinds_of(opened, version, log)
        settings.BOCAGE = ENVIRONMENT.model_copy(update={"hot_cache_mb": 0.1})
        assert hot_files.make_room() == []
        assert opened.execute(f"SELECT count(*) FROM {place}.kinds") == [(3,)]
    os.utime(hot_path(key), (1, 1))
    settings.BOCAGE = ENVIRONMENT.model_copy(
        update={"hot_cache_mb": 1.1 * hot_path(version.uid).stat().st_size / 1024**2}
    )
    assert hot_files.make_room() == [key]
    assert kinds(version, log) == KINDS


def test_what_fails_while_building_leaves_nothing(version: Version, log: Path) -> None:
    def broken(file: SideFile) -> None:
        file.keep("kinds", "SELECT 1 AS n")
        raise ZeroDivisionError

    with session(version) as opened:
        with pytest.raises(ZeroDivisionError):
            opened.side_tables(version, "kinds", "1", broken)
        assert opened.execute(f"SELECT count(*) FROM {opened.table(version)}") == [(1000,)]
    assert not list((hot_directory() / hot_files.BUILDING).iterdir())
    assert kinds(version, log) == KINDS


@pytest.mark.parametrize("select", ["DROP TABLE x", "SELECT 1; SELECT 2", "SELECT * FROM read_text('/etc/passwd')"])
@pytest.mark.parametrize(
    "way", [lambda f, s: f.keep("x", s), lambda f, s: f.put_aside("x", s), lambda f, s: f.execute(s)]
)
def test_only_selects_on_tables_make_them(version: Version, select: str, way: Callable[[SideFile, str], Any]) -> None:
    with session(version) as opened, pytest.raises(StatementRefused):
        opened.side_tables(version, "hostile", "1", lambda file: way(file, select))


def test_only_of_a_version_of_the_session(version: Version, log: Path) -> None:
    with session() as opened, pytest.raises(KeyError):
        kinds_of(opened, version, log)
    assert log.read_text() == ""


def test_the_time_of_building_does_not_count(version: Version, log: Path) -> None:
    with session(version, seconds=0.3) as opened:

        def slow(_file: SideFile) -> None:
            time.sleep(0.5)

        opened.side_tables(version, "slow", "1", slow)
        assert opened.execute("SELECT 1") == [(1,)]
        time.sleep(0.4)
        with pytest.raises(QueryTooLong):
            opened.execute("SELECT 1")


def test_doctor_knows_whose_they_are(version: Version, log: Path) -> None:
    kinds(version, log)
    assert [finding.code for finding in doctor(False)] == []
    hot_path("v_gone.kinds").write_bytes(b"x")
    assert [finding.code for finding in doctor(True)] == ["hot.unknown"]
    assert not hot_path("v_gone.kinds").exists()
    assert hot_path(side_key(version.uid, "kinds")).exists()
