"""Exports on the wire: headers, cache, ranges, faults before and after the first byte."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json

import pytest

from bocage.store.models import Head

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bocage.publish.urls"), pytest.mark.usefixtures("exports_folder")]
EXPORTS = "/api/explore/v2.1/catalog/datasets/lieux/exports"


def body(response) -> bytes:
    content = b"".join(response.streaming_content)
    response.close()
    return content


def test_first_streamed_then_served_from_the_cache(client, dataset, calls, exports_folder):
    first = client.get(f"{EXPORTS}/csv")
    assert first["Content-Disposition"] == 'attachment; filename="lieux.csv"'
    assert first["X-Bocage-Row-Count"] == "3000"
    assert "Content-Length" not in first
    content = body(first)
    second = client.get(f"{EXPORTS}/csv")
    assert body(second) == content
    assert second["Content-Length"] == str(len(content))
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert second["Repr-Digest"] == f"sha-256=:{digest}:"
    assert second["ETag"] == first["ETag"]
    assert calls.engine.opened == calls.engine.closed == 1
    assert len(list(exports_folder.iterdir())) == 1


def test_not_modified(client, dataset, calls):
    etag = client.head(f"{EXPORTS}/json")["ETag"]
    assert client.get(f"{EXPORTS}/json", headers={"if-none-match": etag}).status_code == 304
    assert client.head(f"{EXPORTS}/json?limit=5")["ETag"] != etag
    assert calls.engine.opened == calls.engine.closed


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=5-9999999", 5, None)],
)
def test_ranges(client, dataset, asked, first, last):
    whole = body(client.get(f"{EXPORTS}/jsonl"))
    part = client.get(f"{EXPORTS}/jsonl", headers={"range": asked})
    assert part.status_code == 206
    assert body(part) == whole[first : None if last is None else last + 1]
    assert part["Content-Range"].endswith(f"/{len(whole)}")


def test_a_range_of_a_file_never_made(client, dataset):
    part = client.get(f"{EXPORTS}/csv", headers={"range": "bytes=0-2"})
    assert (part.status_code, body(part)) == (206, b"\xef\xbb\xbf")


def test_if_range_of_another_version_sends_everything(client, dataset):
    body(client.get(f"{EXPORTS}/csv"))
    answer = client.get(f"{EXPORTS}/csv", headers={"range": "bytes=0-2", "if-range": '"other"'})
    assert answer.status_code == 200
    assert len(body(answer)) > 3


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_impossible_range(client, dataset, asked):
    body(client.get(f"{EXPORTS}/csv"))
    answer = client.get(f"{EXPORTS}/csv", headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"].startswith("bytes */")


@pytest.mark.parametrize("asked", ["bytes=1-2,4-5", "lines=1-2", "bytes=9-2", "bytes=-", "bytes=" + "9" * 30 + "-"])
def test_a_range_not_understood_sends_everything(client, dataset, asked):
    answer = client.get(f"{EXPORTS}/csv", headers={"range": asked})
    assert answer.status_code == 200
    body(answer)


def test_a_wrong_query_fails_before_the_first_byte(client, dataset):
    answer = client.get(f"{EXPORTS}/csv", {"where": "BOGUS("})
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "ODSQLSyntaxError"
    assert "Content-Disposition" not in answer
    assert client.get(f"{EXPORTS}/docx").json()["error_code"] == "NotFoundResource"
    assert client.get(f"{EXPORTS}/csv?epsg=999999").json()["error_code"] == "InvalidRESTParameterError"
    assert client.get(f"{EXPORTS}/csv?limit=-2").status_code == 400


def test_a_fault_midway_cuts_the_answer_and_keeps_nothing(client, dataset, calls, exports_folder):
    calls.engine.fails_after = 2
    answer = client.get(f"{EXPORTS}/csv")
    with pytest.raises(RuntimeError):
        b"".join(answer.streaming_content)
    answer.close()
    assert calls.engine.closed == 1
    assert list(exports_folder.iterdir()) == []


def test_rows_missing_at_the_end_are_a_fault(client, dataset, calls, monkeypatch):
    monkeypatch.setattr(calls.engine, "_failing", lambda batches: (batch for batch in list(batches)[:-1]))
    answer = client.get(f"{EXPORTS}/json")
    with pytest.raises(Exception, match=r"2000|1000"):
        b"".join(answer.streaming_content)
    answer.close()


def test_a_client_that_leaves_frees_the_engine(client, dataset, calls, exports_folder):
    answer = client.get(f"{EXPORTS}/csv")
    next(iter(answer.streaming_content))
    answer.close()
    assert calls.engine.closed == 1
    assert list(exports_folder.iterdir()) == []


def test_compressed(client, dataset):
    plain, squeezed = body(client.get(f"{EXPORTS}/csv")), client.get(f"{EXPORTS}/csv?compressed=true")
    assert squeezed["Content-Disposition"] == 'attachment; filename="lieux.csv.gz"'
    assert "Content-Encoding" not in squeezed
    assert gzip.decompress(body(squeezed)) == plain


def test_what_depends_on_the_clock_is_not_kept(client, dataset, calls, exports_folder):
    for _ in range(2):
        answer = client.get(f"{EXPORTS}/csv", {"where": "maj > now(days=-1)"})
        assert "ETag" not in answer
        body(answer)
    assert calls.engine.opened == 2
    assert not exports_folder.exists()


def test_the_version_file_itself_is_the_whole_parquet(client, dataset, calls, tmp_path, monkeypatch):
    (tmp_path / "v.parquet").write_bytes(b"PAR1")
    monkeypatch.setattr("bocage.publish.explore.exports.open_parquet", lambda _viewer, _version: tmp_path / "v.parquet")
    answer = client.get(f"{EXPORTS}/parquet")
    assert body(answer) == b"PAR1"
    assert answer["ETag"] == f'"{"ab" * 32}"'
    assert calls.engine.opened == 0
    assert body(client.get(f"{EXPORTS}/parquet", {"where": "a=1"}))[:4] == b"PAR1"
    assert calls.engine.opened == 1


def test_links_that_older_pages_carry(client, dataset):
    old = client.get(
        f"{EXPORTS}/json?use_labels=true&delimiter=%3B&lang=fr&timezone=Europe%2FBerlin&facet=facet(name=%22nom%22)"
    )
    assert len(json.loads(body(old))) == 3000
    v1 = client.get("/explore/dataset/lieux/download/?format=csv&csv_separator=%2C&use_labels_for_header=True&apikey=")
    assert body(v1).decode().startswith("Nom de l’équipement,Code INSEE,")


def test_formats_offered(client, dataset):
    links = client.get(EXPORTS).json()["links"]
    assert {link["rel"] for link in links} >= {"csv", "json", "jsonl", "geojson", "parquet", "xlsx"}


def test_the_cache_stays_within_its_bound(tmp_path):
    from bocage.publish.files.cache import ExportCache

    cache = ExportCache(tmp_path / "exports", limit=100)
    for key in ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64):
        writer = cache.writer(key)
        writer.write(b"x" * 25)
        writer.commit(1)
    kept = [key for key in "abcde" if cache.find(key * 64)]
    assert len(kept) == 4
    assert "e" in kept
    writer = cache.writer("f" * 64)
    writer.write(b"x" * 26)
    assert writer.commit(1) is None
    assert cache.find("f" * 64) is None


def test_what_is_kept_of_a_version_goes_with_it(client, dataset, calls, exports_folder):
    """And what was still being written when it went, a little later: what was erased from the versions is in no export."""
    from bocage.pipeline import derived

    version = Head.objects.get(dataset=dataset).version
    for _time in range(2):
        body(client.get(f"{EXPORTS}/csv"))
        derived.tidy()
        assert [one.name.partition(".")[0] for one in exports_folder.iterdir()] == [version.uid]
        derived.forget(version.uid)
        assert not list(exports_folder.iterdir())
    body(client.get(f"{EXPORTS}/csv"))
    Head.objects.all().delete()
    version.delete()
    derived.tidy()
    assert not list(exports_folder.iterdir())
