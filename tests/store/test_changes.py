"""What changed between two versions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.store import changes, comparison
from bocage.store.selectors import versions_for
from bocage.store.services import compute_changes, publish_version
from tests.store import making


class Publisher:
    def __init__(self, viewer: Viewer, dataset: Dataset, directory: Path) -> None:
        self.viewer, self.dataset, self.directory = viewer, dataset, directory

    def __call__(self, values: str, **types: T) -> dict[str, Any]:
        staged = making.table(self.directory, values, **types)
        version = publish_version(viewer=self.viewer, dataset=self.dataset, staged=staged)
        found = compute_changes(version).changes
        version.refresh_from_db()
        assert version.changes == found
        return found


def test_the_first_version_adds_everything(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    found = Publisher(contributor, dataset, tmp_path)("('a'), ('b')", id=T.STRING)
    assert (found["previous"], found["added"], found["removed"], found["rows"]) == (None, 2, 0, 2)


def test_by_a_guessed_key(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    publish = Publisher(contributor, dataset, tmp_path)
    publish("('x', 'a', 1), ('x', 'b', 2), ('y', 'c', NULL)", kind=T.STRING, code_arbre=T.STRING, n=T.INTEGER)
    found = publish("('x', 'b', 3), ('y', 'c', NULL), ('z', 'd', 4)", kind=T.STRING, code_arbre=T.STRING, n=T.INTEGER)
    assert found["key"] == ["code_arbre"]
    assert (found["added"], found["removed"], found["changed"], found["rows"]) == (1, 1, 1, 0)


def test_by_the_key_of_the_steward(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    publish = Publisher(contributor, dataset, tmp_path)
    publish("('a', 1, 10), ('a', 2, 20)", street=T.STRING, house=T.INTEGER, people=T.INTEGER)
    dataset.primary_key = ["street", "house"]
    dataset.save()
    found = publish("('a', 1, 11), ('b', 2, 20)", street=T.STRING, house=T.INTEGER, people=T.INTEGER)
    assert found["key"] == ["street", "house"]
    assert (found["added"], found["removed"], found["changed"]) == (1, 1, 1)


def test_a_key_that_repeats_or_lacks_is_no_key(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    publish = Publisher(contributor, dataset, tmp_path)
    publish("('a', 1), ('b', 2)", id=T.STRING, n=T.INTEGER)
    for values in ("('a', 1), ('a', 2)", "('a', 1), (NULL, 2)"):
        found = publish(values, id=T.STRING, n=T.INTEGER)
        assert (found["key"], found["changed"]) == ([], None)
        assert (found["added"], found["removed"]) == (1, 1)


def test_columns(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    publish = Publisher(contributor, dataset, tmp_path)
    publish("('a', 1, 'x')", id=T.STRING, n=T.INTEGER, old=T.STRING)
    found = publish("('a', '1', 'y')", id=T.STRING, n=T.STRING, new=T.STRING)
    assert found["columns"] == {
        "added": ["new"],
        "removed": ["old"],
        "retyped": [{"name": "n", "before": "integer", "after": "string"}],
    }
    assert (found["added"], found["removed"], found["changed"]) == (0, 0, 0)  # the values common to both are the same
    found = publish("(1)", other=T.INTEGER)
    assert (found["added"], found["removed"], found["changed"]) == (1, 1, None)


def test_geometry_counts(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    moved = making.TREES_SQL.format(rows=10).replace("'OGC:CRS84') AS geo", "'OGC:CRS84') AS geo0")
    point = "CASE id WHEN 'T4' THEN ST_SetCRS(ST_Point(1, 2), 'OGC:CRS84') ELSE geo0 END"
    sql = f"SELECT * EXCLUDE geo0, {point} AS geo FROM ({moved})"
    publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
    version = publish_version(viewer=contributor, dataset=dataset, staged=making.staged(tmp_path, sql, making.TREES))
    assert compute_changes(version).changes["changed"] == 1


def test_pages_fill_the_newest_only(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    for rows in range(1, 6):
        publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, rows))
    known = [version.changes is not None for version in versions_for(contributor, dataset)]
    assert known == [True, True, True, False, False]


def test_large_versions_are_only_counted(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(changes, "MOST_ROWS", 5)
    publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 3))
    version = publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
    found = compute_changes(version).changes
    assert (found["rows"], found["added"], found["removed"], found["changed"]) == (7, None, None, None)


ROWS = st.lists(st.tuples(st.sampled_from("abc") | st.none(), st.integers(0, 2) | st.none()), max_size=8)
KEYED = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2) | st.none(), max_size=6)


def _values(rows: Any) -> str:
    cells = [f"({'NULL' if k is None else repr(k)}, {'NULL' if v is None else v})" for k, v in rows]
    return ", ".join(cells) or "('nothing', 0)"


def _file(directory: Path, rows: list[tuple[str | None, int | None]]) -> Path:
    where = "" if rows else " WHERE false"
    sql = f"SELECT k::VARCHAR AS k, v::BIGINT AS v FROM (VALUES {_values(rows)}) t(k, v){where}"
    return making.staged(directory, sql, ()).path


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ROWS, after=ROWS, old=KEYED, new=KEYED)
def test_counts_agree_with_python(
    before: list[Any], after: list[Any], old: dict[str, Any], new: dict[str, Any]
) -> None:
    bench, folder = making.bench()
    files = [_file(folder / "files", rows) for rows in (before, after, list(old.items()), list(new.items()))]
    found = comparison.changes_without_key(bench, *files[:2], ["k", "v"])
    assert found.added == (Counter(after) - Counter(before)).total()
    assert found.removed == (Counter(before) - Counter(after)).total()
    assert comparison.same_rows_in(bench, *files[:2], ["k", "v"]) == (before == after)
    keys = [key for key, _value in before]
    assert comparison.is_key(bench, files[0], ["k"]) == (None not in keys and len(keys) == len(set(keys)))
    by_key = comparison.changes_by_key(bench, *files[2:], ["k"], ["k", "v"])
    assert by_key.added == len(new.keys() - old.keys())
    assert by_key.removed == len(old.keys() - new.keys())
    assert by_key.changed == sum(old[key] != new[key] for key in old.keys() & new.keys())
