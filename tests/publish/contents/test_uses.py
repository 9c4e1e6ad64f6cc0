"""What is counted of the use of datasets: by whom it is told, once and no more, and to whom it is shown."""

from __future__ import annotations

import multiprocessing
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import CountedFile, Dataset, DatasetUse
from bocage.catalog.selectors import catalogue_revision
from bocage.catalog.services import create_dataset, update_metadata
from bocage.catalog.uses import counting, folding
from bocage.catalog.uses.counting import Use, count
from bocage.catalog.uses.folding import fold
from bocage.catalog.uses.selectors import uses_of
from bocage.kernel.tallies import MOST, MOST_PLACES, WIDTH, Tally, tallied
from tests.publish.contents.conftest import CATALOG

TODAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
ONE = f"{CATALOG}/datasets/lieux"
TOLD = {"include_app_metas": "true"}


@pytest.fixture
def counted(lieux, monkeypatch, tmp_path):
    """The dataset, on a given day, before any use."""
    for module in (counting, folding):
        monkeypatch.setattr(module, "folder", lambda: tmp_path / "uses")
    with time_machine.travel(TODAY, tick=False):
        yield lieux


def numbers(dataset: Dataset) -> tuple[int, int]:
    """Calls and downloads waiting in the files."""
    found = dict(pair for path in counting.folder().glob("*") for pair in tallied(path))
    return found.get(dataset.pk * 2, 0), found.get(dataset.pk * 2 + 1, 0)


def tomorrow() -> time_machine.travel:
    return time_machine.travel(TODAY + timedelta(days=1), tick=False)


def consumed(answer):
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


@pytest.mark.parametrize(
    ("ask", "calls", "downloads"),
    [
        (lambda client: client.get(f"{ONE}/records"), 1, 0),
        (lambda client: client.post(f"{ONE}/records", {"limit": 1}), 1, 0),
        (lambda client: client.get(f"{ONE}/facets?facet=nom"), 1, 0),
        (lambda client: client.get(ONE), 1, 0),
        (lambda client: client.get(f"{ONE}/exports/csv"), 1, 1),
        (lambda client: client.get(f"{ONE}/exports/parquet", headers={"range": "bytes=0-9"}), 1, 1),
        (lambda client: client.get(f"{ONE}/exports/parquet", headers={"range": "bytes=10-19"}), 1, 0),
        (lambda client: client.get("/explore/dataset/lieux/download/?format=csv"), 1, 1),
        (lambda client: client.get("/api/records/1.0/search/?dataset=lieux"), 1, 0),
        (lambda client: client.get("/api/records/1.0/download/?dataset=lieux"), 1, 1),
        (lambda client: client.get("/api/datasets/1.0/lieux/"), 1, 0),
        (lambda client: client.head(f"{ONE}/exports/csv"), 0, 0),
        (lambda client: client.options(f"{ONE}/records"), 0, 0),
        (lambda client: client.get(f"{ONE}/records?where=nothing = 1"), 0, 0),
        (lambda client: client.get(f"{ONE}/exports/docx"), 0, 0),
        (lambda client: client.get(f"{CATALOG}/datasets"), 0, 0),
        (lambda client: client.get(f"{ONE}/records", headers={"authorization": "Apikey nobody"}), 0, 0),
    ],
)
def test_what_is_a_use(client, counted, ask, calls, downloads):
    consumed(ask(client))
    assert numbers(counted) == (calls, downloads)


def test_who_has_the_file_already_calls_and_downloads_nothing(client, counted):
    answer = consumed(client.get(f"{ONE}/exports/csv"))
    again = client.get(f"{ONE}/exports/csv", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert numbers(counted) == (2, 1)


def test_what_a_stranger_may_not_read_is_not_counted(client, counted):
    update_metadata(viewer=OPERATOR, dataset=counted, visibility=Visibility.PRIVATE)
    assert client.get(f"{ONE}/records").status_code == 410
    assert numbers(counted) == (0, 0)


def test_counting_asks_nothing_of_the_database(counted):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        count(counted.pk, Use.CALL, Use.DOWNLOAD)
    assert len(asked) == 0
    assert numbers(counted) == (1, 1)


def test_a_full_disk_refuses_nobody(client, counted, monkeypatch):
    monkeypatch.setattr(counting._tally, "add", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    assert client.get(f"{ONE}/records").status_code == 200


def _count_many(folder: Path, times: int) -> None:
    tally = Tally()
    for _ in range(times):
        tally.add(folder / "20260504", (3, 4))


def test_processes_and_threads_lose_none(tmp_path):
    """More than one of each, on the same numbers."""
    processes = [
        multiprocessing.get_context("fork").Process(target=_count_many, args=(tmp_path, 300)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    shared = Tally()
    threads = [
        threading.Thread(target=lambda: [shared.add(tmp_path / "20260504", (3, 4)) for _ in range(300)])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for one in (*threads, *processes):
        one.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert dict(tallied(tmp_path / "20260504")) == {3: 1500, 4: 1500}


def test_numbers_are_bounded(tmp_path):
    path = tmp_path / "20260504"
    tally = Tally()
    tally.add(path, (MOST_PLACES, 5))
    with path.open("r+b") as file:
        file.seek(5 * WIDTH)
        file.write(MOST.to_bytes(WIDTH))
    tally.add(path, (5,))
    assert dict(tallied(path)) == {5: MOST}
    assert path.stat().st_size == 6 * WIDTH


def test_uses_are_told_the_day_after(client, counted):
    consumed(client.get(f"{ONE}/exports/csv"))
    for _ in range(3):
        client.get(f"{ONE}/records")
    assert fold() == 0, "the day is not over"
    before = client.get(ONE, TOLD)
    assert before.json()["metas"]["explore"] == {"download_count": 0, "api_call_count": 0, "popularity_score": 0.0}
    with tomorrow():
        assert fold() == 1
        told = client.get(ONE, TOLD, headers={"If-None-Match": before["ETag"]}).json()["metas"]["explore"]
        assert told == {"download_count": 1, "api_call_count": 5, "popularity_score": 1.5}
        (listed,) = client.get(f"{CATALOG}/datasets", TOLD).json()["results"]
        assert listed["metas"]["explore"] == told
        assert "explore" not in client.get(ONE).json()["metas"]
        asked = {
            "where": "explore.download_count > 0 and explore.api_call_count = 5",
            "select": "explore.popularity_score",
        }
        assert client.get(f"{CATALOG}/datasets", asked).json()["results"] == [{"explore.popularity_score": 1.5}]
        assert list(counting.folder().glob("20260504*")) == []


def test_the_most_used_come_first_and_what_was_used_long_ago_fades(publish, counted):
    other = publish("arbres")
    count(counted.pk, *[Use.DOWNLOAD] * 8)
    with tomorrow():
        fold()
    month_after = TODAY + timedelta(days=31)
    with time_machine.travel(month_after - timedelta(days=1), tick=False):
        count(other.pk, *[Use.DOWNLOAD] * 5)
    with time_machine.travel(month_after, tick=False):
        fold()
        told = uses_of([counted, other])
        assert (told[counted.pk].downloads, told[counted.pk].popularity) == (8, 4.0)
        assert (told[other.pk].downloads, told[other.pk].popularity) == (5, 5.0)
        asked = {"select": "dataset_id", "order_by": "explore.popularity_score desc"}
        page = Client().get(f"{CATALOG}/datasets", asked).json()["results"]
        assert [one["dataset_id"] for one in page] == ["arbres", "lieux"]
        for sort, first in (
            ("popularity", "arbres"),
            ("explore.download_count", "lieux"),
            ("-download_count", "arbres"),
        ):
            found = Client().get("/api/datasets/1.0/search/", {"sort": sort}).json()["datasets"]
            assert found[0]["datasetid"] == first, sort


def test_days_add_up(counted):
    for day in range(3):
        with time_machine.travel(TODAY + timedelta(days=day), tick=False):
            count(counted.pk, Use.CALL, Use.DOWNLOAD)
            fold()
    with time_machine.travel(TODAY + timedelta(days=3), tick=False):
        fold()
    use = DatasetUse.objects.get()
    assert (use.calls, use.downloads, use.since, use.counted_on) == (3, 3, date(2026, 5, 4), date(2026, 5, 6))


@pytest.mark.parametrize("instant", ["before", "after"])
def test_killed_while_adding_up_nothing_is_lost_nor_doubled(counted, monkeypatch, instant):
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    count(counted.pk, Use.CALL)
    with tomorrow():
        with monkeypatch.context() as dying:
            dying.setattr(*((folding, "touch_catalogue") if instant == "before" else (Path, "unlink")), die)
            with pytest.raises(Killed):
                fold()
        assert DatasetUse.objects.count() == (instant == "after")
        fold()
        fold()
    assert DatasetUse.objects.get().calls == 1
    assert list(counting.folder().iterdir()) == []


def test_names_of_files_do_not_stay_for_ever_and_nothing_counted_changes_nothing(counted):
    before = catalogue_revision()
    assert fold() == 0
    assert catalogue_revision() == before
    CountedFile.objects.create(name="20260301.x")
    CountedFile.objects.update(counted_at=TODAY - timedelta(days=31))
    fold()
    assert not CountedFile.objects.exists()


def test_a_dataset_removed_since_is_left_out(counted, organization):
    gone = create_dataset(viewer=OPERATOR, organization=organization, slug="parti", title="Parti")
    count(gone.pk, Use.CALL)
    count(counted.pk, Use.CALL)
    gone.delete()
    with tomorrow():
        fold()
    assert [use.dataset_id for use in DatasetUse.objects.all()] == [counted.pk]


def test_who_may_only_know_of_a_dataset_is_not_told_how_much_it_is_used(client, counted):
    count(counted.pk, Use.CALL, Use.DOWNLOAD)
    update_metadata(viewer=OPERATOR, dataset=counted, visibility=Visibility.REQUEST)
    with tomorrow():
        fold()
    nothing = {"download_count": None, "api_call_count": None, "popularity_score": None}
    assert client.get(ONE, TOLD).json()["metas"]["explore"] == nothing
    assert client.get(f"{CATALOG}/datasets", TOLD).json()["results"][0]["metas"]["explore"] == nothing
    assert client.get(f"{CATALOG}/datasets", {"where": "explore.api_call_count >= 0"}).json()["total_count"] == 0
